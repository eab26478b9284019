"""Validate the tables of a build: quarantine values that break a hard rule, and stop if they are too many."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from expectations import failures
from expectations.checks import ROW, Outcome, check
from expectations.rules import SUITES, Rule, SuiteError, contract_rules, load_suite, plain, with_lookups
from warehouse import contract
from warehouse.contract import Table
from warehouse.tables import QUALITY_FAILURE, QUALITY_RESULT, TABLES
from warehouse.value_tables import FACT_INDICATOR_VALUE, REJECTED_VALUE

LIMITS = Path(__file__).parent / "limits.json"
FACTS = FACT_INDICATOR_VALUE.name


class Validated(NamedTuple):
    """Tables: the facts that passed, those that did not, the result of each expectation and its failures."""

    fact_indicator_value: pl.DataFrame
    rejected_value: pl.DataFrame
    quality_result: pl.DataFrame
    quality_failure: pl.DataFrame


class QuarantineExceeded(RuntimeError):  # noqa: N818  (it is a limit that is exceeded, not a slip)
    """The build is not fit to publish: the message says in one line what is wrong and where to look."""


class Checked(NamedTuple):
    """A table, the rows its rules looked at, and what became of each rule."""

    table: Table
    rows: pl.DataFrame
    outcomes: list[Outcome]


def validate(frames: Mapping[str, pl.DataFrame]) -> Validated:
    """Check every table given and move the facts that break a hard rule to ``rejected_value``.

    ``frames`` holds tables of the contract by name: ``fact_indicator_value``, every table it or another
    refers to, and any others that are to be checked. Soft failures are only counted and sampled.

    Raises ``ValueError`` for a missing table, a polars error for one that lacks a column or has a wrong type,
    and :class:`expectations.rules.SuiteError` for a suite that can't be used.
    """
    numbered = {
        t.name: contract.conform(frames[t.name], t).with_row_index(ROW) for t in TABLES if t.name in frames
    }
    _check_names(frames, numbered)
    checked = [_check_table(table, numbered) for table in TABLES if table.name in numbered]
    facts = numbered[FACTS]
    reasons = next(_reasons(c) for c in checked if c.table.name == FACTS)
    return Validated(
        contract.conform(facts.filter(~pl.col(ROW).is_in(reasons[ROW].implode())), FACT_INDICATOR_VALUE),
        contract.conform(facts.join(reasons, on=ROW), REJECTED_VALUE),
        _quality_result(checked),
        contract.conform(pl.concat(failures.sample(*c) for c in checked), QUALITY_FAILURE),
    )


def gate(validated: Validated, max_share: float | None = None) -> None:
    """Stop a build whose quarantine is too full, or that breaks a hard rule no quarantine can mend.

    ``max_share`` is the largest share of all values read (0 to 1) that may be quarantined; without it the one
    of ``limits.json`` holds. Fewer rows than that file's ``min_quarantined_rows`` never stop a build: of a
    handful of values a few odd ones are a large share.

    Raises :class:`QuarantineExceeded`.
    """
    limits = json.loads(LIMITS.read_text(encoding="utf-8"))
    allowed = limits["max_quarantined_share"] if max_share is None else max_share
    rejected = validated.rejected_value.height
    total = rejected + validated.fact_indicator_value.height
    if rejected >= limits["min_quarantined_rows"] and rejected > allowed * total:
        rules = (
            validated.rejected_value["failed_rule"]
            .value_counts()
            .sort("count", "failed_rule", descending=[True, False])
        )
        raise QuarantineExceeded(
            f"{rejected} of {total} values ({rejected / total:.1%}) are quarantined, more than the "
            f"{allowed:.1%} allowed; most often for {rules['failed_rule'][0]}. See rejected_value."
        )
    for row in _beyond_mending(validated.quality_result).iter_rows(named=True):
        raise QuarantineExceeded(
            f"Table {row['table_name']} breaks a hard rule in {row['failed_rows']} rows: {row['meaning']}"
        )


def _beyond_mending(quality_result: pl.DataFrame) -> pl.DataFrame:
    """Broken hard rules of other tables, and a key of the facts that is not unique."""
    mended = (pl.col("table_name") == FACTS) & (pl.col("expectation_id") != "key_unique")
    return quality_result.filter((pl.col("severity") == "hard") & ~pl.col("passed") & ~mended)


def _check_names(frames: Mapping[str, pl.DataFrame], numbered: Mapping[str, pl.DataFrame]) -> None:
    if unknown := sorted(frames.keys() - numbered.keys()):
        raise ValueError(f"Not tables of the contract: {', '.join(unknown)}")
    referred = {
        c.references.split(".")[0] for t in TABLES if t.name in frames for c in t.columns if c.references
    }
    if missing := sorted({FACTS, *referred} - frames.keys()):
        raise ValueError(f"To validate, these tables are needed too: {', '.join(missing)}")


def _check_table(table: Table, frames: Mapping[str, pl.DataFrame]) -> Checked:
    rows, rules = to_check(table, frames)
    return Checked(table, rows, check(rows, rules, table.name))


def to_check(table: Table, frames: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, list[Rule]]:
    """The rows the rules of ``table`` look at, and the rules.

    ``frames`` holds the table and those it or its suite refer to, numbered in the column ``row_number``.
    """
    rules = contract_rules(table, references="hard" if table.name == FACTS else "soft")
    rows = with_lookups(frames[table.name], table, frames)
    file = SUITES / f"{table.name}.json"
    if file.exists():
        rules += load_suite(file)
        rows = _rows_of_suite(file.with_suffix(".sql"), {**frames, table.name: rows})
    return rows, rules


def _rows_of_suite(query: Path, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    import duckdb

    with duckdb.connect() as connection:
        for name, frame in frames.items():
            connection.register(name, frame)
        try:
            rows: pl.DataFrame = connection.sql(query.read_text(encoding="utf-8")).pl()
        except duckdb.Error as error:
            raise SuiteError(f"{query.name} can't be run: {error}") from error
    return rows.drop(pl.selectors.by_dtype(pl.List(pl.String))).sort(ROW)


def _reasons(checked: Checked) -> pl.DataFrame:
    """One row per row that failed: its number, the first hard rule it failed, and what was found."""
    broken = [outcome for outcome in checked.outcomes if outcome.rule.severity == "hard" and outcome.failed]
    schema = {ROW: pl.UInt32, "failed_rule": pl.String, "detail": pl.String}
    found = [pl.DataFrame(schema=schema), *(_explained(outcome, checked.rows) for outcome in broken)]
    return pl.concat(found).unique(ROW, keep="first", maintain_order=True)


def _explained(outcome: Outcome, rows: pl.DataFrame) -> pl.DataFrame:
    rule = outcome.rule
    failed = rows.filter(pl.col(ROW).is_in(outcome.failed_rows))
    detail = pl.format("{} Found: {}.", pl.lit(rule.meaning), failures.found(rule))
    return failed.select(
        pl.col(ROW).cast(pl.UInt32), pl.lit(rule.name).alias("failed_rule"), detail.alias("detail")
    )


def _quality_result(checked: list[Checked]) -> pl.DataFrame:
    rows = [_quality_row(c.table, outcome) for c in checked for outcome in c.outcomes]
    return contract.conform(pl.DataFrame(rows, schema=contract.polars_schema(QUALITY_RESULT)), QUALITY_RESULT)


def _quality_row(table: Table, outcome: Outcome) -> dict[str, object]:
    rule = outcome.rule
    return {
        "suite": table.name,
        "expectation_id": rule.name,
        "table_name": table.name,
        "column_name": ", ".join(map(plain, rule.columns)),
        "expectation_type": rule.type,
        "severity": rule.severity,
        "meaning": rule.meaning,
        "checked_rows": outcome.checked,
        "failed_rows": outcome.failed,
        "passed": outcome.held,
    }
