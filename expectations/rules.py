"""Rules: what must hold of a table, written by hand in ``suites/`` or rendered from the contract.

A suite file is a Great Expectations suite kept as JSON: each expectation has its type and arguments, and in
``meta`` a ``name``, a ``severity`` (hard or soft), the ``meaning`` in words and, if the columns it looks at
do not explain a failure, those that do (``shows``). Beside it, ``<table>.sql`` may give each ``row_number``
of the table further columns, reckoned from this table and others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from pipelines.failure import Failure
from warehouse.contract import Column, Table, Type
from warehouse.value_tables import FACT_INDICATOR_VALUE

SUITES = Path(__file__).parent / "suites"
# Columns that with_lookups adds: per list column, per reference, and one for all required columns.
UNKNOWN, ABSENT, MISSING = "__unknown", "__absent", "missing_columns"
IS_NULL = "expect_column_values_to_be_null"
# Documents are checked in batches, so a rule judges a row by itself; but no two rows may have one key.
UNIQUE = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
BY_ROW = (
    "expect_column_pair_values_a_to_be_greater_than_b",
    "expect_column_pair_values_to_be_equal",
    "expect_column_pair_values_to_be_in_set",
    "expect_column_value_lengths_to_be_between",
    "expect_column_value_lengths_to_equal",
    "expect_column_values_to_be_between",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_be_null",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_match_regex_list",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_not_match_regex",
    "expect_column_values_to_not_match_regex_list",
)
Severity = Literal["hard", "soft"]


class SuiteError(Failure):
    """A suite file can't be used; the message names the file and the expectation."""


@dataclass(frozen=True)
class Rule:
    """One expectation. ``shows`` names the columns whose values explain a failure."""

    name: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    meaning: str
    shows: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns it looks at, those of a pair or list in order."""
        single = [self.kwargs[key] for key in ("column", "column_A", "column_B") if key in self.kwargs]
        return [*single, *self.kwargs.get("column_list", ())]


def plain(column: str) -> str:
    """The name of the column of the table that a looked-up column speaks of."""
    return column.partition("__")[0]


def rules_of(table: Table) -> list[Rule]:
    """All rules of a table: those of the contract, then those of its suite.

    Only a value that refers to nothing is quarantined for that. Raises :class:`SuiteError`.
    """
    file = SUITES / f"{table.name}.json"
    references: Severity = "hard" if table.name == FACT_INDICATOR_VALUE.name else "soft"
    return contract_rules(table, references) + (load_suite(file) if file.exists() else [])


def load_suite(path: Path) -> list[Rule]:
    """The rules of a suite file, in its order.

    Raises :class:`SuiteError` if it is no suite, an expectation lacks its name, severity or meaning, a name
    stands there twice, a hard rule names a share (a row can't be rejected for what others are), or a type of
    expectation looks at more than one row.
    """
    try:
        rules = [_rule(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["expectations"]]
    except (KeyError, TypeError, ValueError) as error:
        raise SuiteError(f"{path.name} is not a suite: {type(error).__name__} {error}") from error
    names = [rule.name for rule in rules]
    for rule in rules:
        if names.count(rule.name) > 1:
            raise SuiteError(f"{path.name}: the name {rule.name} stands there twice")
        if rule.severity not in ("hard", "soft") or (rule.severity == "hard" and "mostly" in rule.kwargs):
            raise SuiteError(f"{path.name}: {rule.name} must be soft, or hard without 'mostly'")
        if rule.type not in (*UNIQUE, *BY_ROW):
            raise SuiteError(
                f"{path.name}: {rule.name} must be of a type that judges single rows, not {rule.type}"
            )
    return rules


def _rule(entry: Mapping[str, Any]) -> Rule:
    meta = entry["meta"]
    words = {key: meta[key] for key in ("name", "severity", "meaning")}
    return Rule(type=entry["type"], kwargs=entry["kwargs"], shows=tuple(meta.get("shows", ())), **words)


def contract_rules(table: Table, references: Severity = "soft") -> list[Rule]:
    """The rules the contract states of ``table``: key, required columns, allowed values, references.

    They look at the columns :func:`with_lookups` adds. ``references`` is how grave a dangling reference is.
    """
    keys = {"column_list": list(table.key)} if len(table.key) > 1 else {"column": table.key[0]}
    unique = (
        "expect_compound_columns_to_be_unique" if len(table.key) > 1 else "expect_column_values_to_be_unique"
    )
    rules = [
        Rule("key_unique", unique, keys, "hard", f"{', '.join(table.key)} identifies one row.", table.key),
        # One rule for all columns: Great Expectations takes its time for every expectation, not every row.
        Rule("required_given", IS_NULL, {"column": MISSING}, "hard", "Every required column is filled."),
    ]
    for column in table.columns:
        rules += [*_allowed(column), *_referenced(column, references)]
    return rules


def _allowed(column: Column) -> list[Rule]:
    if not column.allowed:
        return []
    name, meaning = f"{column.name}_allowed", f"{column.name} is one of: {', '.join(column.allowed)}."
    if column.type is Type.TEXT_LIST:
        looked_at = {"column": column.name + UNKNOWN}
        return [Rule(name, IS_NULL, looked_at, "hard", meaning)]
    values = {"column": column.name, "value_set": list(column.allowed)}
    return [Rule(name, "expect_column_values_to_be_in_set", values, "hard", meaning)]


def _referenced(column: Column, severity: Severity) -> list[Rule]:
    if not column.references:
        return []
    looked_at, meaning = {"column": column.name + ABSENT}, f"{column.name} stands in {column.references}."
    return [Rule(f"{column.name}_refers", IS_NULL, looked_at, severity, meaning)]


def with_lookups(frame: pl.DataFrame, table: Table, frames: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """``frame`` without its lists, and with what the contract's rules look up.

    ``<column>__absent`` is the value that the referenced table of ``frames`` lacks, ``<column>__unknown``
    the items of a list that are not allowed, ``missing_columns`` the required columns that are null; each
    is null where there is none.
    """
    absent = [_absent(c, frames) for c in table.columns if c.references]
    unknown = [_unknown(c) for c in table.columns if c.type is Type.TEXT_LIST]
    as_text = [pl.col(c.name).list.join(", ") for c in table.columns if c.type is Type.TEXT_LIST]
    return frame.lazy().with_columns(_missing(frame, table), *absent, *unknown).with_columns(as_text)


def _missing(frame: pl.DataFrame, table: Table) -> pl.Expr:
    holes = [c.name for c in table.columns if not c.nullable and frame[c.name].null_count()]
    if not holes:
        return pl.lit(None, pl.String).alias(MISSING)
    names = [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in holes]
    found = pl.concat_str(names, separator=", ", ignore_nulls=True)
    return pl.when(found != "").then(found).alias(MISSING)


def _absent(column: Column, frames: Mapping[str, pl.DataFrame]) -> pl.Expr:
    table, name = column.references.split(".")
    present = pl.col(column.name).is_in(frames[table].get_column(name).implode())
    return pl.when(~present).then(pl.col(column.name)).alias(column.name + ABSENT)


def _unknown(column: Column) -> pl.Expr:
    odd = pl.col(column.name).list.set_difference(list(column.allowed)).list.drop_nulls()
    return pl.when(odd.list.len() > 0).then(odd.list.join(", ")).alias(column.name + UNKNOWN)
