"""The results of the validation as Dagster shows them: a check a table, with what failed and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import dagster as dg
import polars as pl

SHOWN = 5
_FAILED = {
    "expectation": "string",
    "meaning": "string",
    "severity": "string",
    "checked_rows": "int",
    "failed_rows": "int",
    "passed": "bool",
}
_ROWS = {"expectation": "string", "row_key": "string", "document_id": "string", "found": "string"}


def check_results(
    quality_result: pl.DataFrame, quality_failure: pl.DataFrame, tables: Iterable[str]
) -> Iterator[dg.AssetCheckResult]:
    """One result for each of ``tables``. Failing rows are quarantined or counted, so none stops anything.

    The metadata of a failed one lists the expectations with failing rows and, of each, the first rows.
    """
    for name in tables:
        results = quality_result.filter(suite=name).rename({"expectation_id": "expectation"})
        with_failures = results.filter(pl.col("failed_rows") > 0).sort("passed", "severity", "expectation")
        yield dg.AssetCheckResult(
            check_name=name,
            passed=bool(results["passed"].all()),
            severity=dg.AssetCheckSeverity.WARN,
            description=_description(results),
            metadata={
                "expectations": results.height,
                "failed": _table(with_failures, _FAILED),
                "failing_rows": _table(_first_rows(quality_failure, name), _ROWS),
            },
        )


def _description(results: pl.DataFrame) -> str:
    failed = results.filter(~pl.col("passed"))
    said = [
        f"{meaning} ({rows} rows failed)" for meaning, rows in failed["meaning", "failed_rows"].iter_rows()
    ]
    return "\n".join(said) or f"All {results.height} expectations hold."


def _first_rows(failures: pl.DataFrame, table: str) -> pl.DataFrame:
    chosen = (pl.col("suite") == table) & (pl.col("position") <= SHOWN)
    return failures.filter(chosen).rename({"expectation_id": "expectation"})


def _table(frame: pl.DataFrame, columns: dict[str, str]) -> dg.TableMetadataValue:
    rows = frame.select(
        pl.col(name).fill_null("") if kind == "string" else name for name, kind in columns.items()
    )
    schema = dg.TableSchema([dg.TableColumn(name, kind) for name, kind in columns.items()])
    return dg.MetadataValue.table([dg.TableRecord(row) for row in rows.to_dicts()], schema)
