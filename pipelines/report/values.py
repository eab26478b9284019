"""The table of values, as the overview, the indicator pages and the place pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.report.labels import TYPES, label, level, with_qualifier
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, hidden, payload

VALUES = """
SELECT
    v.indicator_value_id, v.document_id, v.indicator_id, v.indicator_text, f.qualifier, i.name_en, i.domain,
    coalesce(v.indicator_name, v.indicator_text) AS indicator, v.jurisdiction_code, v.jurisdiction_name,
    v.value_type, v.change, v.comparator, v.value, v.value_high, v.unit, v.period, f.year, v.reference_period,
    v.document_title, v.source_file, v.char_start, v.sentence
FROM indicator_values AS v
JOIN fact_indicator_value AS f USING (indicator_value_id)
LEFT JOIN dim_indicator AS i ON i.indicator_id = v.indicator_id
"""
ORDER = "source_file, char_start, indicator_value_id"
EVIDENCE = "documents/{document_id}.html#v-{indicator_value_id}"

_INDICATOR = Column("indicator", "指标 Indicator", href="indicators/{indicator_id}.html")
_COMMON = (
    Column("period", "时期 Period", kind="short", filter=True),
    Column("type", "类型 Type", filter=True),
    Column("shown", "数值 Value", kind="number", href=EVIDENCE, sort="value"),
    Column("document", "文件 Document", href="documents/{document_id}.html"),
    Column("sentence", "原文 Sentence", kind="quote", href=EVIDENCE),
    *hidden("value", "indicator_value_id", "document_id"),
)
# Of all values; the sentences stand in the document's page and are left out for size.
ALL = (
    _INDICATOR,
    Column("jurisdiction_name", "地区 Place", href="places/{jurisdiction_code}.html", filter=True),
    *(column for column in _COMMON if column.name != "sentence"),
    Column("domain", "领域 Domain", filter=True),
    *hidden("indicator_id", "jurisdiction_code", "name_en", "indicator_text"),
)
OF_INDICATOR = (
    Column("jurisdiction_name", "地区 Place", href="places/{jurisdiction_code}.html", filter=True),
    Column("qualifier", "限定 Qualifier", filter=True),
    *_COMMON,
    *hidden("jurisdiction_code", "indicator_text"),
)
OF_PLACE = (_INDICATOR, *_COMMON, *hidden("indicator_id", "name_en", "indicator_text"))


def all_values(warehouse: Warehouse) -> dict[str, Any]:
    """The table of every published value, by file and offset."""
    return table(ALL, warehouse.stream(f"SELECT * EXCLUDE (sentence) FROM ({VALUES}) ORDER BY {ORDER}"))


def table(columns: Iterable[Column], rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The table of these rows of :data:`VALUES`; each can be linked to by its value."""
    return payload(tuple(columns), map(_shown, rows), key="indicator_value_id")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "indicator": with_qualifier(row["indicator"], row["qualifier"]),
        "type": label(TYPES, row["value_type"]),
        "shown": level(row),
        "document": row["document_title"] or row["source_file"],
    }
