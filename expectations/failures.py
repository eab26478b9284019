"""A sample of the rows that break a rule: which they are, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from expectations.checks import ROW, Outcome
from expectations.rules import Rule, plain
from warehouse import contract
from warehouse.contract import Table
from warehouse.tables import QUALITY_FAILURE

SAMPLE = 20
# The columns by which a row leads to its evidence, in the tables that have them.
_EVIDENCE = ("document_id", "indicator_value_id", "mention_id")


def found(rule: Rule) -> pl.Expr:
    """What a row has in the columns that explain the rule: ``unit = nothing, value = 5.0``."""
    shown = [
        pl.format("{} = {}", pl.lit(plain(name)), pl.col(name).cast(pl.String).fill_null("nothing"))
        for name in rule.shows or rule.columns
    ]
    return pl.concat_str(shown, separator=", ")


def sample(table: Table, rows: pl.DataFrame, outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """The first rows of ``table``, by key, that fail each rule: ``quality_failure``, at most 20 a rule.

    ``rows`` are what the rules looked at, numbered in the column :data:`expectations.checks.ROW` by key.
    """
    samples = [_sample(table, rows, outcome) for outcome in outcomes if outcome.failed_rows]
    return pl.concat([contract.empty(QUALITY_FAILURE), *samples])


def _sample(table: Table, rows: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    first = rows.filter(pl.col(ROW).is_in(outcome.failed_rows[:SAMPLE])).sort(ROW).head(SAMPLE)
    keys = [pl.col(name).cast(pl.String).fill_null("nothing") for name in table.key]
    evidence = [pl.col(n) if n in rows.columns else pl.lit(None).alias(n) for n in _EVIDENCE]
    columns = first.select(
        pl.lit(table.name).alias("suite"),
        pl.lit(outcome.rule.name).alias("expectation_id"),
        pl.int_range(1, pl.len() + 1).alias("position"),
        pl.concat_str(keys, separator=" / ").alias("row_key"),
        *evidence,
        found(outcome.rule).alias("found"),
    )
    return contract.conform(columns, QUALITY_FAILURE)
