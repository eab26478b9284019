"""The result of a query as text (a table, Markdown, CSV, JSON) or as a Parquet file.

Every text form says the same of a value: a double without needless zeros (95, 13.64), a date as 2020-04-29, a
list as JSON. All give the result whole, but for the table, which is for the eye: it has a limit of rows, and
in a terminal it shortens long cells with a visible ….
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size

from pipelines.ask import Result

NULL = "NULL"
_LEAST_WIDTH = 10  # a text column shortened further says nothing: rows are printed as records instead
_BAR = " │ "
_PLAN = ["explain_key", "explain_value"]
# What would move the cursor of a terminal is shown as a sign: ↵ for a line end, ␀ to ␟ for other controls.
_VISIBLE = {
    **{code: 0x2400 + code for code in range(32)},
    ord("\n"): "↵",
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "�"),
}
_MARKDOWN = {**_VISIBLE, ord("\n"): "<br>", **{ord(sign): f"\\{sign}" for sign in "\\|*`<~"}}


class NotForParquet(ValueError):  # noqa: N818 - named for what is so
    """A column of the result is of a type that Parquet has no form for."""


def table(result: Result, limit: int, room: int | None) -> Iterator[str]:
    """The lines of a table with the first ``limit`` rows (0: all) and, below, how many there are.

    Columns line up by the width of their signs on a screen, where a Chinese one takes two places. ``room`` is
    the width there is; without one no cell is shortened. Where even shortened columns don't fit, each row is
    printed as a record of one line a column. A plan, as ``EXPLAIN`` gives it, is printed as it is.
    """
    rows = result.rows()
    if result.columns == _PLAN:
        yield from (line for _, plan in rows for line in plan.splitlines())
        return
    shown = [[_seen(value) for value in row] for row in islice(rows, limit or None)]
    total = len(shown) + sum(1 for _ in rows)
    columns = [_seen(name) for name in result.columns]
    widths = _widths([columns, *shown], result.numeric, room)
    if widths is None:
        yield from _records(columns, shown, room or 0)
    else:
        yield from _grid(columns, shown, widths, result.numeric)
    yield _count(len(shown), total)


def _count(shown: int, total: int) -> str:
    rows = "row" if total == 1 else "rows"
    return f"({total} {rows})" if shown == total else f"… {shown} of {total} {rows} (--rows 0 for all)"


def _widths(lines: list[list[str]], numeric: list[bool], room: int | None) -> list[int] | None:
    """The width of each column, so that a line fits in ``room``; None if none does. Numbers stay whole."""
    natural = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    if room is None:
        return natural
    for cap in range(max(*natural, _LEAST_WIDTH), _LEAST_WIDTH - 1, -1):
        widths = [w if number else min(w, cap) for w, number in zip(natural, numeric, strict=True)]
        if sum(widths) + len(_BAR) * (len(widths) - 1) <= room:
            return widths
    return None


def _grid(columns: list[str], rows: list[list[str]], widths: list[int], numeric: list[bool]) -> Iterator[str]:
    def line(cells: Iterable[str]) -> str:
        return _BAR.join(map(_padded, cells, widths, numeric)).rstrip()

    yield line(columns)
    yield "─┼─".join("─" * width for width in widths)
    yield from map(line, rows)


def _records(columns: list[str], rows: list[list[str]], room: int) -> Iterator[str]:
    head = max(map(cell_len, columns))
    rest = max(room - head - len(_BAR), _LEAST_WIDTH)
    for number, row in enumerate(rows, 1):
        yield f"── row {number} ".ljust(head + 1, "─") + "┬─"
        for name, value in zip(columns, row, strict=True):
            yield f"{_padded(name, head, False)}{_BAR}{_shortened(value, rest)}".rstrip()


def _padded(text: str, width: int, right: bool) -> str:
    short = _shortened(text, width)
    space = " " * (width - cell_len(short))
    return space + short if right else short + space


def _shortened(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _seen(value: object) -> str:
    text = as_text(value)
    return NULL if text is None else text.translate(_VISIBLE)


def markdown(result: Result) -> Iterator[str]:
    """The lines of a Markdown table; signs that Markdown would take for its own are escaped."""

    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cells)} |"

    def cell(value: object) -> str:
        text = as_text(value)
        return NULL if text is None else text.translate(_MARKDOWN)

    yield line(map(cell, result.columns))
    yield line("---:" if number else "---" for number in result.numeric)
    yield from (line(map(cell, row)) for row in result.rows())


def csv(result: Result) -> Iterator[str]:
    """The lines of a CSV file with a header. A null is nothing at all, an empty text is two quotes."""
    for row in chain([result.columns], result.rows()):
        yield ",".join(_csv_cell(as_text(value)) for value in row)


def _csv_cell(text: str | None) -> str:
    if text is None:
        return ""
    if text and not any(sign in text for sign in ',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def as_json(result: Result) -> Iterator[str]:
    """The lines of a JSON array of objects, one row a line."""
    names = result.unique_columns
    comma, end = "[", "[]"
    for row in result.rows():
        yield comma + json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
        comma, end = ",", "]"
    yield end


TEXT_FORMATS: dict[str, Callable[[Result], Iterator[str]]] = {
    "csv": csv,
    "json": as_json,
    "markdown": markdown,
}


def write_parquet(result: Result, path: Path) -> None:
    """Write the result as a Parquet file; raises :class:`NotForParquet`, or ``OSError`` if it can't be."""
    import pyarrow as pa  # deferred: slow to import
    import pyarrow.parquet as pq

    try:
        pq.write_table(result.arrow(), path, compression="zstd")
    except pa.ArrowNotImplementedError as error:
        raise NotForParquet(str(error)) from error


def as_text(value: object) -> str | None:
    """A value as text, null as None: a double in plain figures, a boolean as true, a list as JSON."""
    match value:
        case None | str():
            return value
        case float() if math.isfinite(value):
            return format(Decimal(repr(value)), "f").removesuffix(".0")
        case Decimal():
            return format(value, "f")
        case bytes():
            return value.hex()
        case bool() | list() | tuple() | dict():
            return json.dumps(_plain(value), ensure_ascii=False)
    return str(value)


def _plain(value: Any) -> Any:
    """``value`` as JSON has it: what JSON has no form for, such as a date or an infinite number, is text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return int(value) if value.is_integer() and abs(value) < 2**53 else value
        case Decimal() if value.is_finite():
            return float(value)
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return as_text(value)
