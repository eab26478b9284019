"""The file of corrections: what stewards said of single values, loaded, checked and added to.

Its columns are those of the table ``correction`` but what the build reckons, and the day is called ``when``.
``seeds/README.md`` says for people what each holds.
"""

from __future__ import annotations

import codecs
import csv
import fcntl
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipelines.reference import Reference, ReferenceError
from pipelines.reference_checks import Rule, broken, contract_rules, missing_columns, typed
from pipelines.reference_files import LINE, Problem, ReferenceFile, read
from warehouse.contract import Type
from warehouse.correction_tables import ADDED, CORRECTION, FIELDS
from warehouse.value_tables import FACT_INDICATOR_VALUE

RECKONED = ("status", "detail", "corrected_value_id")
FILE = ReferenceFile("corrections.csv", CORRECTION, reckoned=(*RECKONED, "corrected_on"), further=("when",))
LOADED = [c for c in CORRECTION.columns if c.name not in RECKONED]
HEADER = ["when" if c.name == "corrected_on" else c.name for c in LOADED]
PERIOD = "^[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?(?:/[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?)?$"
PERIODS = ("period", "reference_period")
REAL = [name for name in FIELDS if FACT_INDICATOR_VALUE.column(name).type is Type.REAL]
NEEDED = [name for name in FIELDS if not FACT_INDICATOR_VALUE.column(name).nullable]
IDENTITY = ("document_id", "char_start", "char_end", "indicator_text", "value_type", "value")


class CorrectionsError(ReferenceError):
    """The file of corrections does not say what it should; ``lines`` say where and what to do."""

    said_of = "the corrections"


def no_corrections() -> pl.DataFrame:
    """The frame of :func:`load_corrections` without rows."""
    return pl.DataFrame(schema={LINE: pl.Int64(), **{c.name: c.type.polars for c in LOADED}})


def load_corrections(path: Path, reference: Reference) -> pl.DataFrame:
    """The corrections of ``path``, in its order; none if there is no such file.

    The columns of the table ``correction`` but those the build adds, and ``line``. Raises
    :class:`CorrectionsError` with every problem of the file.
    """
    if not path.exists():
        return no_corrections()
    rows, problems = read(path)
    problems = problems or missing_columns(FILE, rows) or find_problems(path.name, rows, reference)
    if problems:
        raise CorrectionsError(problems)
    day = pl.col("when").str.to_date("%Y-%m-%d", strict=False)
    return typed(FILE, rows).with_columns(corrected_on=day).select(no_corrections().columns)


def find_problems(name: str, rows: pl.DataFrame, reference: Reference) -> list[Problem]:
    """Every broken rule of the file ``name``, by line; ``rows`` is its text."""
    rules = [*contract_rules(FILE), *_row_rules(), *_action_rules(), *_cell_rules(reference), *_twice()]
    found = {(p.line, p.column): p for p in reversed(list(broken(name, rows, rules)))}
    return sorted(found.values(), key=lambda p: (p.line or 0, HEADER.index(p.column)))


def _row_rules() -> Iterator[Rule]:
    """What holds of every row."""
    day = pl.col("when").str.to_date("%Y-%m-%d", strict=False)
    real = day.is_not_null() & pl.col("when").str.contains(r"^\d{4}-\d\d-\d\d$")
    yield Rule("when", pl.col("when").is_null(), "is empty; every row needs one")
    yield Rule("when", ~real, "“{cell}” is no date; write it like 2025-06-30")
    start, end = (pl.col(name).cast(pl.Int64, strict=False) for name in ("char_start", "char_end"))
    yield Rule("char_start", start < 0, "{cell} is below 0; offsets are counted from 0")
    yield Rule("char_end", end <= start, "{cell} is not after char_start {char_start}; give the end after it")


def _action_rules() -> Iterator[Rule]:
    """Which cells an action needs, and which it has no use for."""
    needs = {
        "set": ("indicator_value_id", "field"),
        "reject": ("indicator_value_id", "old_value"),
        "add": [name for name in NEEDED if name != "indicator_text"],
    }
    unused = {
        "set": ADDED,
        "reject": ("field", "new_value", *ADDED),
        "add": ("indicator_value_id", "field", "old_value", "new_value"),
    }
    for action in needs:
        here = pl.col("action") == action
        for name in needs[action]:
            yield Rule(name, here & pl.col(name).is_null(), f"is empty; the action {action} needs it")
        for name in unused[action]:
            yield Rule(
                name,
                here & pl.col(name).is_not_null(),
                f"“{{cell}}” is of no use to {action}; empty the cell",
            )


def _cell_rules(reference: Reference) -> Iterator[Rule]:
    """What a value may be: in the columns of an addition, and where ``new_value`` or ``old_value`` is one."""
    is_set, field, new = pl.col("action") == "set", pl.col("field"), pl.col("new_value")
    yield Rule("new_value", is_set & field.is_in(NEEDED) & new.is_null(), "is empty; {field} needs a value")
    yield Rule(
        "new_value",
        is_set & new.eq_missing(pl.col("old_value")),
        "is what it was; nothing would be corrected",
    )
    for name in FIELDS:
        for wrong, says in _wrong(name, reference):
            yield Rule("new_value", is_set & (field == name) & wrong(new), says)
            yield Rule(name, (pl.col("action") == "add") & wrong(pl.col(name)), says)
    number = (is_set & field.is_in(REAL)) | (pl.col("action") == "reject")
    says = "“{cell}” is not a number; write what was read"
    yield Rule("old_value", number & _no_number(pl.col("old_value")), says)
    one_end = (pl.col("comparator") == "between") != pl.col("value_high").is_not_null()
    says = "a range has two ends: give value_high with the comparator between, and only there"
    yield Rule("value_high", (pl.col("action") == "add") & one_end, says)


def _wrong(name: str, reference: Reference) -> Iterator[tuple[Callable[[pl.Expr], pl.Expr], str]]:
    """When a cell is no value of the field ``name``, and what is to be done."""
    column = FACT_INDICATOR_VALUE.column(name)
    if name in REAL:
        yield _no_number, "“{cell}” is not a number; write it like 12.5"
    if column.allowed:
        says = f"“{{cell}}” is none of {', '.join(column.allowed)}; take one"
        yield (lambda cell: ~cell.is_in(column.allowed)), says
    if name in PERIODS:
        says = "“{cell}” is no period; write it like 2025, 2025-06 or 2021/2025"
        yield (lambda cell: ~cell.str.contains(PERIOD)), says
    for field, ids in (
        ("indicator_id", reference.indicators),
        ("jurisdiction_code", reference.jurisdictions),
    ):
        if name == field:
            known = ids[field].implode()
            yield (lambda cell: ~cell.is_in(known)), f"“{{cell}}” is no {field} of seeds/reference; take one"  # noqa: B023


def _no_number(cell: pl.Expr) -> pl.Expr:
    number = cell.cast(pl.Float64(), strict=False).is_finite().fill_null(value=False)
    return cell.is_not_null() & ~number


def _twice() -> Iterator[Rule]:
    """What no two rows may say."""
    action, value = pl.col("action"), pl.col("indicator_value_id")
    same_field = pl.struct("action", value, "field").is_duplicated()
    says = "another row sets {field} of the same value; keep one of them"
    yield Rule("field", (action == "set") & same_field, says)
    alone = pl.len().over(value) == 1
    rejected = (action == "reject").any().over(value)
    says = "other rows correct a value that is rejected; keep the rejection or the others"
    yield Rule("action", (action != "add") & rejected & ~alone, says)
    says = "another row adds the same value; keep one of them"
    yield Rule("action", (action == "add") & pl.struct(IDENTITY).is_duplicated(), says)


def append_corrections(
    path: Path, rows: Sequence[Mapping[str, str]], reference: Reference, dry_run: bool = False
) -> None:
    """Add ``rows`` to ``path``, which is made where it is missing; what stands in it stays as it is.

    The file with the rows is checked first and then put in place by rename. Raises :class:`CorrectionsError`
    with every problem it would have, and ``OSError`` if it can't be written; then nothing is changed, and so
    it is with ``dry_run``.
    """
    path = path.resolve()
    with _held(path.parent), tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as beside:
        load_corrections(path, reference)
        new = Path(beside, path.name)
        old = path.read_bytes() if path.exists() else b""
        mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
        new.write_bytes(mark + _with_rows(old.decode("utf-8-sig"), rows).encode())
        load_corrections(new, reference)
        if not dry_run:
            if path.exists():
                shutil.copymode(path, new)
            new.replace(path)


def _with_rows(text: str, rows: Sequence[Mapping[str, str]]) -> str:
    """``text``, a file of corrections or nothing, with ``rows`` at its end, in its order of columns."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    header = next(csv.reader(io.StringIO(text, newline="")), HEADER)
    lines = [] if text else [_csv_line(header)]
    lines += [_csv_line([row.get(name, "") for name in header]) for row in rows]
    between = line_end if text and not text.endswith(("\n", "\r")) else ""
    return text + between + "".join(line + line_end for line in lines)


def _csv_line(cells: Sequence[str]) -> str:
    """One row of CSV; a cell that holds a line end of any kind is quoted."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n")


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let one at a time add to the files of ``folder``; another waits."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
