"""places/<jurisdiction_code>.html: what one place promised and reached, and who answers for it."""

from __future__ import annotations

from typing import Any

from pipelines.report import attainment, values
from pipelines.report.documents_page import COLUMNS as DOCUMENT_COLUMNS
from pipelines.report.documents_page import coverage
from pipelines.report.indicator_pages import grouped
from pipelines.report.labels import LEVELS, RESPONSIBILITIES, STATUSES, TYPES, label, level
from pipelines.report.layout import Site, place_page
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, hidden, payload

_PLACES = """
SELECT j.*, parent.name_zh AS parent_name
FROM dim_jurisdiction AS j
LEFT JOIN dim_jurisdiction AS parent ON parent.jurisdiction_code = j.parent_code
ORDER BY j.jurisdiction_code
"""
_COMMITMENTS = """
SELECT c.*, f.indicator_id, i.name_en
FROM commitments_by_responsible_unit AS c
JOIN fact_indicator_value AS f USING (indicator_value_id)
LEFT JOIN dim_indicator AS i USING (indicator_id)
ORDER BY c.responsible_unit, c.indicator_value_id
"""
_COMMITMENT_COLUMNS = (
    Column("responsible_unit", "责任单位 Responsible unit", filter=True),
    Column("responsibility", "职责 Role", filter=True),
    Column("indicator", "指标 Indicator", href="indicators/{indicator_id}.html"),
    Column("period", "时期 Period", kind="short"),
    Column("type", "类型 Type"),
    Column("shown", "数值 Value", kind="number", href=values.EVIDENCE, sort="value"),
    Column("sentence", "原文 Sentence", kind="quote"),
    *hidden("indicator_id", "name_en", "value", "document_id", "indicator_value_id"),
)


def write_pages(warehouse: Warehouse, site: Site) -> None:
    """Write a page for each place that has values or speaks in a document."""
    code = "jurisdiction_code"
    found, reached = (
        grouped(rows, code) for rows in (values.values(warehouse), attainment.attainments(warehouse))
    )
    units = grouped(map(_commitment, warehouse.rows(_COMMITMENTS)), code)
    documents = grouped(coverage(warehouse), code)
    for place in warehouse.rows(_PLACES):
        if place[code] not in found and place[code] not in documents:
            continue
        targets = sorted(reached[place[code]], key=lambda target: target["tone"] == "no_actual")
        site.write(
            place_page(place[code]),
            "place.html",
            place=place,
            level=label(LEVELS, place["level"]),
            counts=_counts(targets),
            attainment=payload(attainment.OF_PLACE, targets),
            units=payload(_COMMITMENT_COLUMNS, units[place[code]]),
            documents=payload(DOCUMENT_COLUMNS, documents[place[code]]),
            values=values.table(values.OF_PLACE, found[place[code]]),
            linked=place["parent_code"] in found or place["parent_code"] in documents,
        )


def _counts(targets: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """Code, label and number of targets of each status there is."""
    tones = [target["tone"] for target in targets]
    return [(tone, text, tones.count(tone)) for tone, text in STATUSES.items() if tone in tones]


def _commitment(row: dict[str, Any]) -> dict[str, Any]:
    shown = level({**row, "reference_period": None})
    return {
        **row,
        "shown": shown,
        "type": label(TYPES, row["value_type"]),
        "responsibility": label(RESPONSIBILITIES, row["responsibility"]),
    }
