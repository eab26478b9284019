"""What is marked in the text of a document, and the text as HTML with these marks.

A number and all values read from it are one mark. Where marks cross (a repair that ends within a number) the
smallest pieces carry the marks of all; the first piece of a mark has its anchors.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from pipelines.report.questions import Row
from pipelines.report.spans import Piece, Span, cut


class Mark(NamedTuple):
    """``what`` (number, repair, sentence or section) and which: its ``position`` among the page's readings.

    ``anchors`` are its ids in the page, ``kinds`` those of the legend, ``after`` what a repair reads.
    """

    what: str
    position: int
    anchors: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Marked:
    """A text as HTML (``source``) and the readings its marks point to, by position.

    ``values`` have :data:`COLUMNS`; ``numbers`` are start, end, positions of their values, disposition,
    detail and rule; ``sentences`` start and end; ``repairs`` start, end, before, after, reason and rule.
    ``counts`` has a number for each kind of the legend.
    """

    source: Markup
    values: list[list[Any]]
    numbers: list[list[Any]]
    sentences: list[tuple[int, int]]
    repairs: list[list[Any]]
    counts: Counter[str]


@dataclass
class _Number:
    mentions: list[Row]
    values: list[int]


def marked(
    text: str,
    mentions: Sequence[Row],
    values: Sequence[Row],
    repairs: Sequence[Row],
    sections: Sequence[Row],
) -> Marked:
    """``text`` with its numbers, values, repairs and sections marked; all offsets are code points in it."""
    numbers = _numbers(mentions, values)
    sentences = {span: index for index, span in enumerate(sorted({_sentence(row) for row in values}))}
    spans = [
        *(Span(*span, Mark("sentence", index)) for span, index in sentences.items()),
        *_section_spans(sections),
        *_repair_spans(repairs),
        *_number_spans(numbers, values),
    ]
    kinds = Counter(kind(row) for row in values)
    kinds["nonfact"] = sum(not number.values for number in numbers.values())
    kinds["repair"] = len(repairs)
    places = {row["section_id"]: index for index, row in enumerate(sections)}
    return Marked(
        Markup("".join([_element(piece) for piece in cut(text, spans)])),
        [_reading(row, sentences, places) for row in values],
        [_number_row(span, number) for span, number in numbers.items()],
        list(sentences),
        [[row[name] for name in _REPAIR] for row in repairs],
        kinds,
    )


_REPAIR = ("char_start", "char_end", "before", "after", "reason", "rule_id")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_AS_THEY_ARE = (
    "indicator_value_id",
    "indicator_id",
    "qualifier",
    "indicator_text",
    "resolved_by",
    "value_type",
    "change",
    "comparator",
    "unit",
    "canonical_unit",
    "period",
    "reference_period",
    "jurisdiction_code",
    "jurisdiction_name",
    "flags",
    "quote",
    "rule_id",
    "failed_rule",
    "detail",
    "counted_in",
    "units",
)
_FIGURES = ("value", "value_high", "canonical_value", "canonical_value_high")
COLUMNS = (*_AS_THEY_ARE, *_FIGURES, "sentence", "section")


def kind(value: Row) -> str:
    """The kind of a value in the legend: its type, or that it is in quarantine or counts elsewhere."""
    if value["failed_rule"]:
        return "quarantined"
    return "repeated" if value["counted_in"] else str(value["value_type"])


def _numbers(mentions: Sequence[Row], values: Sequence[Row]) -> dict[tuple[int, int], _Number]:
    """Mentions and values by their span, in the order of the text."""
    spans = {_span(row) for row in (*mentions, *values)}
    numbers = {span: _Number([], []) for span in sorted(spans)}
    for row in mentions:
        numbers[_span(row)].mentions.append(row)
    for index, row in enumerate(values):
        numbers[_span(row)].values.append(index)
    return numbers


def _span(row: Row) -> tuple[int, int]:
    return row["char_start"], row["char_end"]


def _sentence(row: Row) -> tuple[int, int]:
    return row["sentence_start"], row["sentence_end"]


def _number_spans(numbers: dict[tuple[int, int], _Number], values: Sequence[Row]) -> list[Span[Mark]]:
    spans = []
    for index, (span, number) in enumerate(numbers.items()):
        read = [values[position] for position in number.values]
        anchors = [f"v-{row['indicator_value_id']}" for row in read]
        anchors += [f"m-{row['mention_id']}" for row in number.mentions]
        kinds = tuple(dict.fromkeys(kind(row) for row in read)) or ("nonfact",)
        spans.append(Span(*span, Mark("number", index, tuple(anchors), kinds)))
    return spans


def _repair_spans(repairs: Sequence[Row]) -> list[Span[Mark]]:
    return [
        Span(*_span(row), Mark("repair", index, (f"r-{row['repair_id']}",), ("repair",), row["after"]))
        for index, row in enumerate(repairs)
    ]


def _section_spans(sections: Sequence[Row]) -> list[Span[Mark]]:
    """A section is but an anchor where it begins."""
    return [
        Span(row["char_start"], row["char_start"], Mark("section", index, (f"s-{row['section_id']}",)))
        for index, row in enumerate(sections)
    ]


def _element(piece: Piece[Mark]) -> str:
    """A piece of the text as HTML: marked as a number, as what else it is, or plain."""
    text = _written(piece.text)
    if not piece.spans:
        return text
    marks = [span.label for span in piece.spans]
    first, *others = [anchor for span in piece.opens() for anchor in span.label.anchors] or [""]
    numbers = _positions(marks, "number")
    attributes = {
        "id": first,
        "class": " ".join(dict.fromkeys([kind for mark in marks for kind in mark.kinds])),
        "data-n": numbers,
        "data-r": _positions(marks, "repair"),
        "data-s": _positions(marks, "sentence"),
        "data-after": escape("".join([span.label.after for span in piece.closes()])),
    }
    # Of these only what a repair reads is text; the rest are keys, kinds and numbers.
    written = "".join([f' {name}="{value}"' for name, value in attributes.items() if value])
    anchors = "".join([f'<a id="{anchor}"></a>' for anchor in others])
    tag = "mark" if numbers else "span"
    return f"<{tag}{written}>{anchors}{text}</{tag}>"


def _positions(marks: list[Mark], what: str) -> str:
    return " ".join([str(mark.position) for mark in marks if mark.what == what])


def _written(text: str) -> str:
    r"""``text`` as HTML that reads back as the same characters, its lines broken where it breaks them.

    A browser takes a plain \r for \n and \r\n for one sign, which moves every offset after it; it breaks no
    line at an escaped \r, and drops NUL, for which ␀ stands.
    """
    escaped = str(escape(text.replace("\0", "␀")))
    return _LONE_RETURN.sub("\r<br>", escaped).replace("\r", "&#13;") if "\r" in escaped else escaped


def _reading(value: Row, sentences: dict[tuple[int, int], int], places: dict[str, int]) -> list[Any]:
    """The row of a value for the page, as :data:`COLUMNS` names it."""
    figures = [_plain(value[name]) for name in _FIGURES]
    where = [sentences[_sentence(value)], places.get(value["section_id"])]
    return [*(value[name] for name in _AS_THEY_ARE), *figures, *where]


def _number_row(span: tuple[int, int], number: _Number) -> list[Any]:
    mention = number.mentions[0] if number.mentions else {}
    return [*span, number.values, *(mention.get(name) for name in ("disposition", "detail", "rule_id"))]


def _plain(field: Any) -> Any:
    """A number as JSON writes it: a whole one without point, and in words what is none."""
    if not isinstance(field, float):
        return field
    if not math.isfinite(field):
        return str(field)
    return int(field) if field.is_integer() and abs(field) < 2**53 else field
