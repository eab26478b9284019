"""The files under ``seeds/reference``: which table each becomes, and how one is read, line by line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from warehouse.contract import Column, Table, Type
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT, NATIONAL_TARGET

LINE = "line"
LIST_SEPARATOR = "|"
NUMBERS = (Type.REAL, Type.INTEGER)


@dataclass(frozen=True)
class ReferenceFile:
    """A file and the table it becomes.

    ``reckoned`` are the columns of the table that the file does not hold, ``further`` those that only the
    file holds; ``also_allowed`` are values of a column that loading turns into others.
    """

    name: str
    table: Table
    reckoned: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    also_allowed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def columns(self) -> list[Column]:
        """The columns of the table that stand in the file."""
        return [c for c in self.table.columns if c.name not in self.reckoned]

    def allowed(self, column: Column) -> tuple[str, ...]:
        """The closed list of values of ``column`` in the file; empty where any is allowed."""
        return column.allowed + self.also_allowed.get(column.name, ())


UNITS = ReferenceFile("units.csv", DIM_UNIT)
INDICATORS = ReferenceFile(
    "indicators.csv", DIM_INDICATOR, further=("aliases_zh", "aliases_contextual_zh", "context_zh")
)
JURISDICTIONS = ReferenceFile(
    "jurisdictions.csv",
    DIM_JURISDICTION,
    reckoned=("former_names", "aliases"),
    further=("aliases_zh",),
    also_allowed={"status": ("former_name", "other_place")},
)
NATIONAL_TARGETS = ReferenceFile("national_targets.csv", NATIONAL_TARGET, reckoned=("unit",))
FILES = (UNITS, INDICATORS, JURISDICTIONS, NATIONAL_TARGETS)


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file and what to do about it; ``line`` and ``column`` where it is of one."""

    file: str
    says: str
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.says}"


def read(path: Path) -> tuple[pl.DataFrame, list[Problem]]:
    """The cells of ``path`` as text, null where empty, with their ``line``; and what could not be read.

    ``line`` is the line a row ends on. With a problem there are no rows: one misread
    row makes others look wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return pl.DataFrame(), [Problem(path.name, f"cannot be read ({error.strerror}); put it back")]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return pl.DataFrame(), [Problem(path.name, "is not UTF-8; save the file as UTF-8", line)]
    lines, cells, problems = _rows(path.name, text)
    header = cells.pop(0) if cells else []
    problems += _bad_names(path.name, header)
    if problems:
        return pl.DataFrame(), problems
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String()), orient="row")
    cell = pl.col(pl.String)
    return frame.select(
        pl.Series(LINE, lines[1:], pl.Int64()), pl.when(cell.str.strip_chars() != "").then(cell)
    ), []


def _rows(file: str, text: str) -> tuple[list[int], list[list[str]], list[Problem]]:
    """The lines and cells of the rows, the header first, and the problems of those that are misshapen."""
    lines: list[int] = []
    rows: list[list[str]] = []
    problems = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            lines.append(reader.line_num)
            rows.append(cells)
            if says := _misshapen(cells, len(rows[0])):
                problems.append(Problem(file, says, reader.line_num))
    except csv.Error as error:
        problems.append(
            Problem(file, f"is not CSV from here on ({error}); check the quotes", reader.line_num)
        )
    return lines, rows, problems


def _misshapen(cells: list[str], width: int) -> str:
    if not any(cell.strip() for cell in cells):
        return "the row is empty; delete it"
    if len(cells) != width:
        return f"the row has {len(cells)} cells, the header {width}; quote a cell that holds a comma"
    return ""


def _bad_names(file: str, header: list[str]) -> list[Problem]:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    problems = [Problem(file, "stands twice in the header; delete or rename one", 1, name) for name in twice]
    if "" in header:
        problems.append(Problem(file, "a column has no name; name or delete it", 1))
    return problems
