"""A sample of the rows that break a rule: which they are, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from expectations.checks import Outcome
from expectations.rules import Rule, plain
from warehouse import contract
from warehouse.contract import Table
from warehouse.tables import QUALITY_FAILURE

SAMPLE = 20
_ORDER = ("row_key", "found")
# The columns by which a row leads to its evidence, in the tables that have them.
EVIDENCE = ("document_id", "indicator_value_id", "mention_id")


def found(rule: Rule) -> pl.Expr:
    """What a row has in the columns that explain the rule: ``unit = nothing, value = 5.0``."""
    shown = [
        pl.format("{} = {}", pl.lit(plain(name)), pl.col(name).cast(pl.String).fill_null("nothing"))
        for name in rule.shows or rule.columns
    ]
    return pl.concat_str(shown, separator=", ")


def sample(table: Table, outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """Rows of ``table`` that fail each rule: ``quality_failure``, at most :data:`SAMPLE` a rule and document.

    Positions are 0: :func:`first` tells them, of all documents.
    """
    samples = [_sample(table, outcome) for outcome in outcomes if not outcome.failed.is_empty()]
    return pl.concat([contract.empty(QUALITY_FAILURE), *samples])


def _sample(table: Table, outcome: Outcome) -> pl.DataFrame:
    keys = [pl.col(name).cast(pl.String).fill_null("nothing") for name in table.key]
    evidence = [pl.col(n) if n in outcome.failed.columns else pl.lit(None).alias(n) for n in EVIDENCE]
    columns = outcome.failed.select(
        pl.lit(table.name).alias("suite"),
        pl.lit(outcome.rule.name).alias("expectation_id"),
        pl.lit(0).alias("position"),
        pl.concat_str(keys, separator=" / ").alias("row_key"),
        *evidence,
        found(outcome.rule).alias("found"),
    )
    shown = columns.sort(*_ORDER).group_by("document_id", maintain_order=True).head(SAMPLE)
    return contract.conform(shown, QUALITY_FAILURE)


def first(samples: pl.LazyFrame) -> pl.DataFrame:
    """``quality_failure``: of the ``samples`` of all documents the first rows by key, numbered from 1."""
    rule = ["suite", "expectation_id"]
    last = samples.group_by(rule).agg(last=pl.col("row_key").bottom_k(SAMPLE).max())
    few = samples.join(last, on=rule).filter(pl.col("row_key") <= pl.col("last"))  # all, where keys are equal
    rows = few.collect(engine="streaming").sort(*rule, *_ORDER).group_by(rule, maintain_order=True)
    position = pl.int_range(1, pl.len() + 1).over(rule)
    return contract.conform(rows.head(SAMPLE).with_columns(position=position), QUALITY_FAILURE)
