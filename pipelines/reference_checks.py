"""What must hold of the reference files: rules over frames that :func:`pipelines.reference_files.read` gives.

What the contract says of a table (columns, types, allowed values, key) is checked of its file; the rules a
table does not know stand below, one a line: the column, when a row breaks it, and what is to be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.reference_files import (
    FILES,
    INDICATORS,
    JURISDICTIONS,
    LINE,
    LIST_SEPARATOR,
    NATIONAL_TARGETS,
    NUMBERS,
    UNITS,
    Problem,
    ReferenceFile,
)
from warehouse.contract import Column, Type

Frames = Mapping[str, pl.DataFrame]
MONTH = r"^[0-9]{4}(?:0[1-9]|1[0-2])$"


@dataclass(frozen=True)
class Rule:
    """``column`` is wrong in the rows where ``broken`` is true.

    ``says`` may name columns of the row in braces; ``{cell}`` is the cell of ``column``.
    """

    column: str
    broken: pl.Expr
    says: str


def missing_columns(file: ReferenceFile, frame: pl.DataFrame) -> list[Problem]:
    """The columns ``file`` must have and ``frame`` has not."""
    names = dict.fromkeys([c.name for c in file.columns()] + list(file.further))
    return [
        Problem(file.name, "is missing; add it", column=name) for name in names if name not in frame.columns
    ]


def typed(file: ReferenceFile, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with its numbers as numbers; null where one cannot be read."""
    return frame.with_columns(
        pl.col(c.name).cast(c.type.polars, strict=False) for c in file.columns() if c.type in NUMBERS
    )


def find_problems(frames: Frames) -> list[Problem]:
    """Every broken rule of the files, by file and line; ``frames`` has each file of ``FILES``, as text."""
    numbers = {file.name: typed(file, frames[file.name]) for file in FILES}
    found = [p for file in FILES for p in broken(file.name, frames[file.name], contract_rules(file))]
    for name, frame, rules in _own_rules(numbers):
        found += broken(name, frame, rules)
    order = [file.name for file in FILES]
    return sorted(found, key=lambda p: (order.index(p.file), p.line or 0, p.column))


def broken(file: str, frame: pl.DataFrame, rules: list[Rule]) -> Iterator[Problem]:
    """A problem for each row of ``frame`` and each of the ``rules`` that it breaks."""
    for rule in rules:
        for row in frame.filter(rule.broken).iter_rows(named=True):
            says = rule.says.format(cell=row[rule.column], **row)
            yield Problem(file, says, row[LINE], rule.column)


def contract_rules(file: ReferenceFile) -> list[Rule]:
    """What the table of ``file`` says of its columns."""
    return [_key(file), *(rule for column in file.columns() for rule in _column_rules(file, column))]


def _column_rules(file: ReferenceFile, column: Column) -> Iterator[Rule]:
    cell, allowed = pl.col(column.name), file.allowed(column)
    yield Rule(column.name, cell != cell.str.strip_chars(), "“{cell}” has blanks around it; take them off")
    if not column.nullable:
        yield Rule(column.name, cell.is_null(), "is empty; every row needs one")
    if allowed:
        yield Rule(column.name, ~cell.is_in(allowed), f"“{{cell}}” is none of {', '.join(allowed)}; take one")
    if column.type is Type.INTEGER:
        whole = cell.str.contains("^-?[0-9]+$")
        yield Rule(column.name, ~whole, "“{cell}” is not a whole number; write digits only")
    if column.type is Type.REAL:
        number = cell.cast(pl.Float64(), strict=False).is_finite().fill_null(value=False)
        yield Rule(column.name, cell.is_not_null() & ~number, "“{cell}” is not a number; write it like 12.5")


def _key(file: ReferenceFile) -> Rule:
    """One row a key; of the places, one that exists today, as a code keeps the rows of its former names."""
    key, names = pl.struct(file.table.key), " and ".join(file.table.key)
    says = f"“{{cell}}” stands on several rows; keep one of each {names}"
    if file is JURISDICTIONS:
        current = pl.col("status") == "current"
        return Rule("jurisdiction_code", current & (current.sum().over(*file.table.key) > 1), says)
    return Rule(file.table.key[0], key.is_duplicated(), says)


def _own_rules(frames: Frames) -> Iterator[tuple[str, pl.DataFrame, list[Rule]]]:
    """Frames to look at, each with the file it is of and its rules."""
    units, indicators = frames[UNITS.name], frames[INDICATORS.name]
    yield UNITS.name, units, UNIT_RULES
    yield INDICATORS.name, indicators, _indicator_rules(units)
    yield INDICATORS.name, _names(indicators, "indicator_id"), [*NAME_RULES, *INDICATOR_NAME_RULES]
    yield JURISDICTIONS.name, frames[JURISDICTIONS.name], PLACE_RULES
    yield JURISDICTIONS.name, _names(frames[JURISDICTIONS.name], "jurisdiction_code"), NAME_RULES
    yield NATIONAL_TARGETS.name, frames[NATIONAL_TARGETS.name], _target_rules(indicators)


def _names(frame: pl.DataFrame, identity: str) -> pl.DataFrame:
    """One row per certain name: line, identity, aliases_zh (the name itself), and ids, all that bear it."""
    names = pl.concat_list("name_zh", pl.col("aliases_zh").fill_null("").str.split(LIST_SEPARATOR))
    ids = pl.col(identity).unique().sort().str.join(", ").over("aliases_zh")
    bearers = pl.col(identity).n_unique().over("aliases_zh")
    return (
        frame.select(LINE, identity, aliases_zh=names)
        .explode("aliases_zh")
        .filter(pl.col("aliases_zh") != "")
        .with_columns(ids=ids, bearers=bearers)
    )


UNIT_RULES = [
    Rule("factor", pl.col("factor") <= 0, "{cell} is not above 0; a value is multiplied by it"),
    Rule(
        "canonical_unit",
        (pl.col("kind") != "multiplier") & ~(pl.col("factor") == 1).any().over("canonical_unit"),
        "no row of “{cell}” has factor 1; add the unit as it is written by itself",
    ),
]

NAME_RULES = [
    Rule(
        "aliases_zh",
        ~pl.struct(LINE, "aliases_zh").is_first_distinct(),
        "“{cell}” stands twice among name_zh and aliases_zh; keep one",
    ),
]

INDICATOR_NAME_RULES = [
    Rule("aliases_zh", pl.col("bearers") > 1, "“{cell}” is the name of several ({ids}); keep it on one"),
]

PLACE_RULES = [
    Rule("name_zh", pl.col("name_zh").str.len_chars() < 2, "“{cell}” is no name of a place; correct it"),
    Rule(
        "parent_code",
        ~pl.col("parent_code").is_in(pl.col("jurisdiction_code").implode()),
        "{cell} is no jurisdiction_code of this file; correct it or add that place",
    ),
    Rule(
        "parent_code",
        pl.col("parent_code").is_null() & (pl.col("level") != "country"),
        "is empty; every place but the country lies in another",
    ),
    Rule(
        "status",
        (pl.col("status") == "former_name")
        & ~(pl.col("status") == "current").any().over("jurisdiction_code"),
        "{jurisdiction_code} has no current row that {name_zh} could be a former name of; write retired",
    ),
    *(
        Rule(month, ~pl.col(month).str.contains(MONTH), "“{cell}” is no month; write it like 201012")
        for month in ("valid_from", "valid_to")
    ),
    Rule("valid_to", pl.col("valid_from") > pl.col("valid_to"), "{cell} is before valid_from; swap the two"),
]


def _indicator_rules(units: pl.DataFrame) -> list[Rule]:
    known = units["canonical_unit"].implode()
    return [
        Rule(
            "unit",
            ~pl.col("unit").is_in(known),
            "“{cell}” is no canonical_unit of units.csv; take one of those or add a row there",
        ),
        Rule(
            "valid_min",
            pl.col("valid_min") > pl.col("valid_max"),
            "{cell} is above valid_max {valid_max}; swap the two",
        ),
    ]


def _target_rules(indicators: pl.DataFrame) -> list[Rule]:
    value, comparator, change = pl.col("value"), pl.col("comparator"), pl.col("change")
    return [
        Rule(
            "indicator_id",
            ~pl.col("indicator_id").is_in(indicators["indicator_id"].implode()),
            "“{cell}” is no indicator_id of indicators.csv; correct it or add the indicator",
        ),
        Rule(
            "comparator",
            value.is_not_null() & comparator.is_null(),
            "is empty beside a value; say how the value binds",
        ),
        Rule(
            "change",
            comparator.is_in(["increase", "decrease"]) & change.is_null(),
            "is empty beside {comparator}; write relative or absolute",
        ),
        Rule(
            "checked_against",
            pl.col("checked_against").is_null() & (pl.col("verification") != "unverified"),
            "is empty though verification is {verification}; name the page",
        ),
    ]
