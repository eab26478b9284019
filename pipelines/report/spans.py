"""A text cut where spans begin and end, so that each piece lies wholly inside or outside of every span."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Span(NamedTuple, Generic[T]):
    """What stands at the characters ``start`` up to ``end`` (code points); an empty span lies between two."""

    start: int
    end: int
    label: T


class Piece(NamedTuple, Generic[T]):
    """A run of text from ``start`` on, and the spans that cover it, outermost first."""

    start: int
    text: str
    spans: tuple[Span[T], ...]

    def opens(self) -> list[Span[T]]:
        """The spans that begin with this piece."""
        return [span for span in self.spans if span.start == self.start]

    def closes(self) -> list[Span[T]]:
        """The spans that end with this piece."""
        return [span for span in self.spans if span.end == self.start + len(self.text)]


def cut(text: str, spans: Iterable[Span[T]]) -> list[Piece[T]]:
    """The pieces of ``text`` between all borders of ``spans``, in order; their texts joined are ``text``.

    Spans may nest, cross or be equal. An empty span has a piece of its own, without text, before what begins
    at its place. Every span must lie within the text.
    """
    waiting = sorted(spans, key=lambda span: (-span.start, span.end))
    borders = sorted({0, len(text), *(span.start for span in waiting), *(span.end for span in waiting)})
    pieces: list[Piece[T]] = []
    covering: list[Span[T]] = []
    for start, end in pairwise([*borders, len(text)]):
        covering = [span for span in covering if span.end > start]
        points, opening = _opening(waiting, start)
        if points:
            pieces.append(Piece(start, "", (*covering, *points)))
        covering += opening
        if end > start:
            pieces.append(Piece(start, text[start:end], tuple(covering)))
    return pieces


def _opening(waiting: list[Span[T]], start: int) -> tuple[list[Span[T]], list[Span[T]]]:
    """The spans that begin at ``start``, taken off the end of ``waiting``: the empty ones, and the others."""
    points: list[Span[T]] = []
    others: list[Span[T]] = []
    while waiting and waiting[-1].start == start:
        span = waiting.pop()
        (points if span.end == start else others).append(span)
    return points, others
