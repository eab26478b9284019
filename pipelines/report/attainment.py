"""Tables that an indicator's and a place's page share: targets with what became of them, and conflicts."""

from __future__ import annotations

from typing import Any

from pipelines.report.labels import RELATIONS, amount, label, level, status, with_qualifier
from pipelines.report.page_rows import Part
from pipelines.report.rows import Column, hidden

# Of the nation's goals the one that compares and is due nearest to the place's own.
_NEAREST_GOAL = """nation AS (
    SELECT indicator_value_id, relation, national_as_written
    FROM target_vs_national
    QUALIFY row_number() OVER (
        PARTITION BY indicator_value_id
        ORDER BY
            relation = 'not_comparable', abs(national_year - year), national_year, national_document,
            national_as_written, relation
    ) = 1
)"""
_ATTAINMENT = f"""
WITH {_NEAREST_GOAL}
SELECT t.*, nation.relation, nation.national_as_written, actual.document_id AS actual_document_id,
    baseline.document_id AS baseline_document_id
FROM target_attainment AS t
LEFT JOIN nation USING (indicator_value_id)
LEFT JOIN fact_indicator_value AS actual ON actual.indicator_value_id = t.latest_actual_value_id
LEFT JOIN fact_indicator_value AS baseline ON baseline.indicator_value_id = t.baseline_value_id
"""
# So many conflicts of an indicator stand in its page: their number grows with the square of what is told.
CONFLICTS_SHOWN = 200
_CONFLICTS = f"""
WITH pair AS (
    SELECT first_value_id, second_value_id, count(*) OVER (PARTITION BY indicator_id) AS total
    FROM conflicts
    QUALIFY row_number() OVER (PARTITION BY indicator_id ORDER BY period, first_value_id, second_value_id)
        <= {CONFLICTS_SHOWN}
)
SELECT
    a.indicator_id, i.name_zh AS indicator_name, a.qualifier, a.jurisdiction_code, a.jurisdiction_name,
    a.period, a.canonical_unit, pair.total,
    a.indicator_value_id AS first_value_id, a.document_id AS first_document_id, a.sentence AS first_sentence,
    a.comparator AS first_comparator, a.canonical_value AS first_value,
    a.canonical_value_high AS first_value_high,
    b.indicator_value_id AS second_value_id, b.document_id AS second_document_id,
    b.sentence AS second_sentence, b.comparator AS second_comparator, b.canonical_value AS second_value,
    b.canonical_value_high AS second_value_high
FROM pair
JOIN fact_indicator_value AS a ON a.indicator_value_id = pair.first_value_id
JOIN fact_indicator_value AS b ON b.indicator_value_id = pair.second_value_id
JOIN dim_indicator AS i ON i.indicator_id = a.indicator_id
"""
# Asked by pages of several kinds, and costly: answered once for all of them.
MADE = {"attainment": _ATTAINMENT, "conflict": _CONFLICTS}
ATTAINMENT = Part(
    "FROM memory.attainment", "indicator_name, jurisdiction_code, qualifier, year, indicator_value_id"
)
CONFLICTS = Part("FROM memory.conflict", "indicator_name, period, first_value_id, second_value_id")

_SHOWN = (
    Column("year", "期限 Due", kind="short"),
    Column(
        "target",
        "目标 Target",
        kind="number",
        href="documents/{document_id}.html#v-{indicator_value_id}",
        sort="value",
    ),
    Column(
        "actual",
        "最近结果 Latest result",
        kind="number",
        href="documents/{actual_document_id}.html#v-{latest_actual_value_id}",
        sort="latest_actual",
    ),
    Column("status_label", "状态 Status", filter=True, tone="tone"),
    Column(
        "baseline",
        "基期 Baseline",
        kind="number",
        href="documents/{baseline_document_id}.html#v-{baseline_value_id}",
        sort="baseline_value",
    ),
    Column("pace", "每年需 Needed a year", kind="number", sort="pace_needed"),
    Column("relation_label", "与国家比 Against the nation", filter=True),
    Column("national_as_written", "国家目标 National goal", kind="quote"),
    *hidden("tone", "value", "latest_actual", "baseline_value", "pace_needed", "document_id"),
    *hidden("indicator_value_id", "actual_document_id", "latest_actual_value_id"),
    *hidden("baseline_document_id", "baseline_value_id"),
)
OF_INDICATOR = (
    Column("place", "地区 Place", href="places/{jurisdiction_code}.html"),
    *_SHOWN,
    *hidden("jurisdiction_code"),
)
OF_PLACE = (
    Column("indicator", "指标 Indicator", href="indicators/{indicator_id}.html"),
    *_SHOWN,
    *hidden("indicator_id", "indicator_name_en"),
)
COMPARED = (
    Column("indicator", "指标 Indicator", href="indicators/{indicator_id}.html"),
    Column("jurisdiction_name", "地区 Place", href="places/{jurisdiction_code}.html"),
    Column("period", "时期 Period", kind="short"),
    Column("first", "一说 One", kind="number", href="documents/{first_document_id}.html#v-{first_value_id}"),
    Column("first_sentence", "原文 Sentence", kind="quote"),
    Column(
        "second",
        "另一说 The other",
        kind="number",
        href="documents/{second_document_id}.html#v-{second_value_id}",
    ),
    Column("second_sentence", "原文 Sentence", kind="quote"),
    *hidden("indicator_id", "jurisdiction_code", "first_document_id", "first_value_id"),
    *hidden("second_document_id", "second_value_id"),
)


def attainment(row: dict[str, Any]) -> dict[str, Any]:
    """A target of a known indicator and place, with its status and how it stands to the nation's."""
    unit = row["indicator_unit"]
    reached = amount(row["latest_actual"], row["latest_actual_comparator"], None, unit)
    return {
        **row,
        "indicator": with_qualifier(row["indicator_name"], row["qualifier"]),
        "place": with_qualifier(row["jurisdiction_name"], row["qualifier"]),
        "target": level(row),
        "actual": _in_year(reached, row["latest_actual_year"]),
        "baseline": _in_year(amount(row["baseline_value"]), row["baseline_year"]),
        "pace": amount(row["pace_needed"] or None),
        "status_label": status(row["status"]),
        "tone": row["status"] or "unknown",
        "relation_label": label(RELATIONS, row["relation"]),
    }


def _in_year(shown: str | None, year: int | None) -> str | None:
    return None if shown is None else f"{shown} ({year})"


def conflict(row: dict[str, Any]) -> dict[str, Any]:
    """A pair of values that should agree and don't."""
    unit = row["canonical_unit"]
    ends = (
        amount(row[f"{which}_value"], row[f"{which}_comparator"], row[f"{which}_value_high"], unit)
        for which in ("first", "second")
    )
    name = with_qualifier(row["indicator_name"], row["qualifier"])
    return {**row, "indicator": name, **dict(zip(("first", "second"), ends, strict=True))}
