"""What Dagster shows of a check is what the validation found."""

import dagster as dg
import polars as pl

import expectations
from pipelines.assets.checks import SHOWN, check_results
from tests import samples
from tests.samples import value


def test_a_failed_check_names_its_rules_and_rows() -> None:
    rows = [value("70", 70, indicator_value_id=f"v{n}", indicator_text="率" * 81) for n in range(SHOWN + 2)]
    rows.append(value("70", 70, indicator_value_id="odd", flags=["odd"], unit=None))
    validated = expectations.validate(
        {**samples.warehouse_tables(), "fact_indicator_value": samples.facts(*rows)}
    )
    quality = (validated.quality_result, validated.quality_failure)
    facts, sections = check_results(*quality, ["fact_indicator_value", "dim_section"])
    assert (facts.passed, sections.passed) == (False, True)
    assert facts.severity == dg.AssetCheckSeverity.WARN
    assert "between 2 and 80 characters. (7 rows failed)" in (facts.description or "")
    failed = table(facts, "failed").filter(pl.col("expectation").is_in(["flags_allowed", "indicator_short"]))
    assert failed.select("expectation", "severity", "failed_rows", "passed").rows() == [
        ("flags_allowed", "hard", 1, False),
        ("indicator_short", "soft", 7, False),
    ]
    shown = table(facts, "failing_rows")
    assert shown.filter(expectation="indicator_short")["row_key"].to_list() == [f"v{n}" for n in range(SHOWN)]
    assert shown.filter(expectation="flags_allowed")["found"].to_list() == ["flags = odd"]
    assert sections.description == "All 4 expectations hold."
    assert table(sections, "failing_rows").is_empty()


def table(result: dg.AssetCheckResult, name: str) -> pl.DataFrame:
    shown = result.metadata[name]
    assert isinstance(shown, dg.TableMetadataValue)
    return pl.DataFrame([dict(record.data) for record in shown.records])
