"""What became of each expectation, counted by document, so that the counts of any documents add up.

A build checks its documents in batches and its other tables at once; the results of a batch stay true when
the build after it has other documents beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import polars as pl

from expectations.checks import Outcome
from expectations.rules import Rule, plain, rules_of
from warehouse import contract
from warehouse.contract import Table
from warehouse.tables import QUALITY_RESULT, TABLES

# ``given_rows`` are those of which a rule about a share of the rows takes that share.
COUNTS = pl.Schema(
    {
        "document_id": pl.String(),
        "suite": pl.String(),
        "expectation_id": pl.String(),
        "checked_rows": pl.Int64(),
        "given_rows": pl.Int64(),
        "failed_rows": pl.Int64(),
    }
)
_KEY = ["suite", "expectation_id"]
_DOCUMENT = "document_id"


def counts(checked: Iterable[tuple[Table, pl.DataFrame, list[Outcome]]]) -> pl.DataFrame:
    """A row per document (null for what is of none) and expectation: :data:`COUNTS`.

    ``checked`` has, of each table, the rows its rules looked at and what became of each rule.
    """
    return pl.concat([pl.DataFrame(schema=COUNTS), *(_counted(*one) for one in checked)])


def _counted(table: Table, rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    of = pl.col(_DOCUMENT) if _DOCUMENT in rows.columns else pl.lit(None, pl.String).alias(_DOCUMENT)
    given = {outcome.rule.name: _given(outcome.rule) for outcome in outcomes}
    documents = rows.group_by(of).agg(checked_rows=pl.len(), **given)
    failed = [
        outcome.failed.group_by(of).agg(expectation_id=pl.lit(outcome.rule.name), failed_rows=pl.len())
        for outcome in outcomes
    ]
    return (
        documents.unpivot(
            index=[_DOCUMENT, "checked_rows"], variable_name="expectation_id", value_name="given_rows"
        )
        .join(pl.concat(failed), on=[_DOCUMENT, "expectation_id"], how="left", nulls_equal=True)
        .with_columns(pl.col("failed_rows").fill_null(0), suite=pl.lit(table.name))
        .select(pl.col(name).cast(kind) for name, kind in COUNTS.items())
    )


def _given(rule: Rule) -> pl.Expr:
    """Great Expectations passes over nulls, unless the rule is about them."""
    return pl.len() if rule.type.endswith("_be_null") else pl.col(rule.columns[0]).count()


def quality_result(counts: pl.LazyFrame, checked: Collection[str]) -> pl.DataFrame:
    """The table ``quality_result``: every expectation of the tables ``checked``, with the sums of ``counts``.

    It holds if no row failed, or not more than the share that its rule allows.
    """
    rules = pl.DataFrame(list(_listed(checked)))
    sums = (
        counts.group_by(_KEY)
        .agg(pl.col("checked_rows", "given_rows", "failed_rows").sum())
        .collect(engine="streaming")
    )
    found = rules.join(sums, on=_KEY, how="left").with_columns(
        pl.col("checked_rows", "given_rows", "failed_rows").fill_null(0)
    )
    good = pl.col("given_rows") - pl.col("failed_rows")
    passed = good >= pl.col("mostly") * pl.col("given_rows")
    return contract.conform(found.with_columns(passed=passed), QUALITY_RESULT)


def _listed(checked: Collection[str]) -> Iterator[dict[str, object]]:
    for table in TABLES:
        if table.name in checked:
            for rule in rules_of(table):
                yield {
                    "suite": table.name,
                    "expectation_id": rule.name,
                    "table_name": table.name,
                    "column_name": ", ".join(map(plain, rule.columns)),
                    "expectation_type": rule.type,
                    "severity": rule.severity,
                    "meaning": rule.meaning,
                    "mostly": float(rule.kwargs.get("mostly", 1)),
                }
