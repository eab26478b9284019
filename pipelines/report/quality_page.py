"""quality.html: how good the data of this build are, and where a steward should look first."""

from __future__ import annotations

from typing import Any

from pipelines import history
from pipelines.report import quality_checks
from pipelines.report.layout import Site
from pipelines.report.quality_lists import lists
from pipelines.report.quality_trend import Trend, read_trend
from pipelines.report.questions import Warehouse

DISPOSITIONS = """
    SELECT disposition, sum(mentions)::BIGINT AS numbers, sum(mentions) / sum(sum(mentions)) OVER () AS share
    FROM mention_dispositions GROUP BY disposition ORDER BY numbers DESC, disposition
"""
DISPOSITION_WORDS = {
    "fact": "数值 fact",
    "date": "日期 date",
    "document_id": "文号 document number",
    "ordinal": "序号 ordinal",
    "name": "名称的一部分 part of a name",
    "population": "人群 population",
    "reference": "引用 reference",
    "rate_base": "率的基数 rate base",
    "other": "其他 other",
}
QUARANTINE_BY_RULE = """
    SELECT failed_rule, meaning, count(*) AS numbers
    FROM rejected_value AS r
    LEFT JOIN quality_result AS q ON q.suite = 'fact_indicator_value' AND q.expectation_id = r.failed_rule
    GROUP BY ALL ORDER BY numbers DESC, failed_rule
"""
FRESHNESS_BY_TYPE = """
    WITH dated AS (SELECT *, coalesce(issued_on, published_on) AS day FROM dim_document)
    SELECT replace(coalesce(document_type, 'unknown'), '_', ' ') AS type, count(*) AS documents,
        min(day) AS oldest, max(day) AS newest, count(*) - count(day) AS undated,
        concat_ws('–', min(period_start), nullif(max(period_end), min(period_start))) AS years
    FROM dated GROUP BY ALL ORDER BY newest DESC NULLS LAST, type
"""


def write_pages(warehouse: Warehouse, site: Site) -> None:
    """Write the page."""
    trend = read_trend(warehouse.folder / history.HISTORY)
    checks = quality_checks.checks(warehouse, trend)
    site.write(
        "quality.html",
        "quality.html",
        run=warehouse.rows("FROM build_run")[0],
        checks=checks,
        all_checks=quality_checks.table(checks),
        trend=_trend(trend),
        lists=lists(warehouse),
        dispositions=warehouse.rows(DISPOSITIONS),
        disposition_words=DISPOSITION_WORDS,
        quarantine_by_rule=warehouse.rows(QUARANTINE_BY_RULE),
        freshness_by_type=warehouse.rows(FRESHNESS_BY_TYPE),
    )


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "note": trend.note,
        "builds": trend.builds.height,
        "charts": trend.charts(),
        "table": trend.table(),
        "changes": trend.changes(),
    }
