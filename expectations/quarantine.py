"""Validate the tables of a build: quarantine values that break a hard rule, and stop if they are too many."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from expectations import failures, tally
from expectations.checks import ROW, Outcome, check
from expectations.failures import EVIDENCE
from expectations.rows import queries, rows_of
from expectations.rules import rules_of
from pipelines.failure import ExitCode, Failure
from warehouse import contract
from warehouse.contract import Table
from warehouse.tables import QUALITY_FAILURE, TABLES
from warehouse.value_tables import FACT_INDICATOR_VALUE, REJECTED_VALUE

LIMITS = Path(__file__).parent / "limits.json"
FACTS = FACT_INDICATOR_VALUE.name
_NO_REASONS = pl.DataFrame(schema={ROW: pl.UInt32, "failed_rule": pl.String, "detail": pl.String})


class Validated(NamedTuple):
    """Tables: the facts that passed, those that did not, the result of each expectation and its failures."""

    fact_indicator_value: pl.DataFrame
    rejected_value: pl.DataFrame
    quality_result: pl.DataFrame
    quality_failure: pl.DataFrame


class Examined(NamedTuple):
    """What :func:`examine` finds: the rejected facts, and what can be added up over documents.

    ``counts``: see :data:`expectations.tally.COUNTS`. ``failures``: the columns of ``quality_failure``, with
    at most :data:`expectations.failures.SAMPLE` rows an expectation and document.
    """

    rejected_value: pl.DataFrame
    counts: pl.DataFrame
    failures: pl.DataFrame


class QuarantineExceeded(Failure):
    """The build is not fit to publish: the message says in one line what is wrong and where to look."""

    exit_code = ExitCode.QUARANTINED


class Checked(NamedTuple):
    """A table, the rows its rules looked at, and what became of each rule."""

    table: Table
    rows: pl.DataFrame
    outcomes: list[Outcome]


def validate(frames: Mapping[str, pl.DataFrame]) -> Validated:
    """Check every table given, all at once; see :func:`examine`."""
    rejected, counts, failing = examine(frames, frames)
    facts = held(frames[FACTS].lazy(), rejected.lazy()).collect()
    quality = tally.quality_result(counts.lazy(), frames)
    return Validated(
        contract.conform(facts, FACT_INDICATOR_VALUE), rejected, quality, failures.first(failing.lazy())
    )


def held(rows: pl.LazyFrame, rejected: pl.LazyFrame) -> pl.LazyFrame:
    """Those ``rows`` (facts, or what is said of them) that are of no ``rejected`` value."""
    return rows.join(rejected, on="indicator_value_id", how="anti", nulls_equal=True)


def examine(frames: Mapping[str, pl.DataFrame], checked: Collection[str]) -> Examined:
    """Check the tables named in ``checked``; facts that break a hard rule are rejected, with the first one.

    ``frames`` holds tables of the contract by name: those to be checked and every table they refer to. Soft
    failures are only counted and sampled.

    Raises ``ValueError`` for a missing table, a polars error for one that lacks a column or has a wrong type,
    and :class:`expectations.rules.SuiteError` for a suite that can't be used.
    """
    numbered = {
        t.name: contract.conform(frames[t.name], t).with_row_index(ROW) for t in TABLES if t.name in frames
    }
    _check_names(frames, numbered, checked)
    found = list(_check_tables(numbered, checked))
    facts = numbered.get(FACTS, contract.empty(FACT_INDICATOR_VALUE).with_row_index(ROW))
    reasons = pl.concat([_NO_REASONS, *(_reasons(c) for c in found if c.table.name == FACTS)])
    return Examined(
        contract.conform(facts.join(reasons, on=ROW), REJECTED_VALUE),
        tally.counts((c.table, c.rows, c.outcomes) for c in found),
        pl.concat([contract.empty(QUALITY_FAILURE), *(failures.sample(c.table, c.outcomes) for c in found)]),
    )


def gate(
    read: int, failed_rules: pl.Series, quality_result: pl.DataFrame, max_share: float | None = None
) -> None:
    """Stop a build whose quarantine is too full, or that breaks a hard rule no quarantine can mend.

    ``read`` is the number of values read, ``failed_rules`` the rule each quarantined one of them failed.
    ``max_share`` is the largest share of all values read (0 to 1) that may be quarantined; without it the one
    of ``limits.json`` holds. Fewer rows than that file's ``min_quarantined_rows`` never stop a build: of a
    handful of values a few odd ones are a large share. Its ``not_counted`` rules say nothing of the reading.

    Raises :class:`QuarantineExceeded`.
    """
    limits = json.loads(LIMITS.read_text(encoding="utf-8"))
    allowed = limits["max_quarantined_share"] if max_share is None else max_share
    counted = failed_rules.filter(~failed_rules.is_in(limits["not_counted"]))
    rejected = counted.len()
    read -= failed_rules.len() - rejected
    if rejected >= limits["min_quarantined_rows"] and rejected > allowed * read:
        commonest = str(counted.mode().sort().first())
        raise QuarantineExceeded(
            f"{rejected} of {read} values ({rejected / read:.1%}) are quarantined, more than the "
            f"{allowed:.1%} allowed; most often for {commonest}. See rejected_value."
        )
    for row in _beyond_mending(quality_result).iter_rows(named=True):
        raise QuarantineExceeded(
            f"Table {row['table_name']} breaks a hard rule in {row['failed_rows']} rows: {row['meaning']}"
        )


def _beyond_mending(quality_result: pl.DataFrame) -> pl.DataFrame:
    """Broken hard rules of other tables, and a key of the facts that is not unique."""
    mended = (pl.col("table_name") == FACTS) & (pl.col("expectation_id") != "key_unique")
    return quality_result.filter((pl.col("severity") == "hard") & ~pl.col("passed") & ~mended)


def _check_names(
    frames: Mapping[str, pl.DataFrame], numbered: Mapping[str, pl.DataFrame], checked: Collection[str]
) -> None:
    if unknown := sorted({*frames, *checked} - numbered.keys()):
        raise ValueError(f"Not tables of the contract, or not given: {', '.join(unknown)}")
    referred = {
        c.references.split(".")[0] for t in TABLES if t.name in checked for c in t.columns if c.references
    }
    if missing := sorted(referred - frames.keys()):
        raise ValueError(f"To validate, these tables are needed too: {', '.join(missing)}")


def _check_tables(frames: Mapping[str, pl.DataFrame], checked: Collection[str]) -> Iterator[Checked]:
    with queries(frames) as connection:
        for table in TABLES:
            if table.name in checked:
                rules = rules_of(table)
                rows = rows_of(table, rules, frames, connection)
                yield Checked(table, rows, check(rows, rules, table.name, {*table.key, *EVIDENCE}))


def _reasons(checked: Checked) -> pl.DataFrame:
    """One row per row that failed: its number, the first hard rule it failed, and what was found."""
    broken = [_explained(outcome) for outcome in checked.outcomes if outcome.rule.severity == "hard"]
    return pl.concat([_NO_REASONS, *broken]).unique(ROW, keep="first", maintain_order=True)


def _explained(outcome: Outcome) -> pl.DataFrame:
    rule = outcome.rule
    detail = pl.format("{} Found: {}.", pl.lit(rule.meaning), failures.found(rule))
    return outcome.failed.select(
        pl.col(ROW).cast(pl.UInt32), pl.lit(rule.name).alias("failed_rule"), detail.alias("detail")
    )
