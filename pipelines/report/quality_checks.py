"""The expectations of a build as the page shows them: what failed, with a sample and how it was before."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.report.quality_trend import Trend
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, payload

CHECKS = """
    SELECT *, 100 * (1 - failed_rows / nullif(checked_rows, 0)) AS pass_rate,
        CASE WHEN NOT passed THEN 'failed' WHEN failed_rows > 0 THEN 'held' ELSE 'passed' END AS state
    FROM quality_result
    ORDER BY passed, severity, failed_rows DESC, suite, expectation_id
"""
# The sentence from 60 characters before the number to 60 after it.
SAMPLES = """
    WITH read AS (
        FROM fact_indicator_value
        UNION ALL BY NAME
        (SELECT * EXCLUDE (failed_rule, detail) FROM rejected_value)
    ),
    placed AS (SELECT *, greatest(char_start - sentence_start, 0) AS before FROM read)
    SELECT
        f.suite, f.expectation_id, f.row_key, f.found,
        d.document_id, coalesce(d.title, d.source_file) AS document,
        coalesce('v-' || v.indicator_value_id, 'm-' || m.mention_id) AS anchor,
        coalesce(v.quote, m.mention) AS quote,
        if(before > 60, '…', '') || substr(sentence, greatest(before - 60, 0) + 1, least(before, 60))
            AS before,
        substr(sentence, before + length(quote) + 1, 60)
            || if(length(sentence) > before + length(quote) + 60, '…', '') AS after
    FROM quality_failure AS f
    LEFT JOIN dim_document AS d USING (document_id)
    LEFT JOIN placed AS v USING (indicator_value_id)
    LEFT JOIN number_mention AS m ON m.mention_id = f.mention_id
    ORDER BY f.suite, f.expectation_id, f.position
"""
STATES = {
    "failed": "✗ 未通过 failed",
    "held": "◐ 在容许之内 within its share",
    "passed": "✓ 通过 passed",
}
SEVERITIES = {"hard": "硬 hard", "soft": "软 soft"}
COLUMNS = (
    Column("state_shown", "结果 Result", filter=True, tone="tone"),
    Column("table_name", "表 Table", filter=True),
    Column("expectation_id", "检查 Expectation"),
    Column("meaning", "含义 Meaning"),
    Column("severity_shown", "级别 Severity", filter=True),
    Column("checked_rows", "检查行数 Checked", kind="number"),
    Column("failed_rows", "未过行数 Failed", kind="number"),
    Column("rate_shown", "通过率 Pass rate", kind="number", sort="pass_rate"),
    Column("tone", hidden=True),
    Column("pass_rate", hidden=True),
)


def checks(warehouse: Warehouse, trend: Trend) -> list[dict[str, Any]]:
    """Every expectation, the failed ones first; each with ``sample`` and, of past builds, ``chart``."""
    samples = defaultdict(list)
    for row in warehouse.rows(SAMPLES):
        samples[row["suite"], row["expectation_id"]].append(row)
    charts = trend.of_expectations()
    return [_check(row, samples, charts) for row in warehouse.rows(CHECKS)]


def _check(row: dict[str, Any], samples: dict[Any, Any], charts: dict[Any, Any]) -> dict[str, Any]:
    name = row["suite"], row["expectation_id"]
    said = {
        "state_shown": STATES[row["state"]],
        "severity_shown": SEVERITIES[row["severity"]],
        "rate_shown": rate(row["pass_rate"]),
        "tone": {"failed": "behind", "held": "on_track", "passed": "met"}[row["state"]],
    }
    return {**row, **said, "sample": samples[name], "chart": charts.get(name)}


def table(checked: list[dict[str, Any]]) -> dict[str, Any]:
    """All expectations as a table of the page."""
    return payload(COLUMNS, checked)


def rate(percent: float | None) -> str:
    """A pass rate to two places, rounded down, so that only what holds throughout is 100 %."""
    return "–" if percent is None else f"{int(round(percent * 100, 6)) / 100:g} %"
