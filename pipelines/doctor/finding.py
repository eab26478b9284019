"""What a check of ``hiw doctor`` found."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["ok", "warning", "problem"]


class Finding(NamedTuple):
    """``level``: a ``problem`` stops builds or readers, a ``warning`` may. ``said``: what is so, in a line.

    ``todo``: what to do about it, empty if nothing is.
    """

    level: Level
    said: str
    todo: str = ""


def ok(said: str) -> Finding:
    """All is well."""
    return Finding("ok", said)


def warning(said: str, todo: str) -> Finding:
    """A build may go wrong."""
    return Finding("warning", said, todo)


def problem(said: str, todo: str) -> Finding:
    """Builds or readers fail."""
    return Finding("problem", said, todo)


def megabytes(size: float) -> str:
    """``size`` in bytes, for people."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def some(names: list[str], most: int = 3) -> str:
    """The first of ``names``, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
