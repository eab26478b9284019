"""places/<jurisdiction_code>.html: what one place promised and reached, and who answers for it."""

from __future__ import annotations

from typing import Any

from pipelines.report import attainment, values
from pipelines.report.documents_page import COLUMNS as DOCUMENT_COLUMNS
from pipelines.report.documents_page import COVERAGE, covered
from pipelines.report.labels import LEVELS, RESPONSIBILITIES, STATUSES, TYPES, label, level
from pipelines.report.layout import Site, place_page
from pipelines.report.page_rows import Kind, Part, Rows
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, hidden, payload

# A place has a page if it has values or speaks in a document.
_PLACES = """
WITH shown AS (
    SELECT jurisdiction_code FROM fact_indicator_value UNION SELECT jurisdiction_code FROM dim_document
)
SELECT j.*, parent.name_zh AS parent_name, shown_parent.jurisdiction_code IS NOT NULL AS linked
FROM dim_jurisdiction AS j
SEMI JOIN shown ON shown.jurisdiction_code = j.jurisdiction_code
LEFT JOIN dim_jurisdiction AS parent ON parent.jurisdiction_code = j.parent_code
LEFT JOIN shown AS shown_parent ON shown_parent.jurisdiction_code = j.parent_code
"""
_COMMITMENTS = """
SELECT c.*, f.indicator_id, i.name_en
FROM commitments_by_responsible_unit AS c
JOIN fact_indicator_value AS f USING (indicator_value_id)
LEFT JOIN dim_indicator AS i USING (indicator_id)
"""
PAGES = Kind(
    "jurisdiction_code",
    place_page,
    {
        "place": Part(_PLACES),
        "values": Part(values.VALUES, values.ORDER),
        "attainment": attainment.ATTAINMENT,
        "units": Part(_COMMITMENTS, "responsible_unit, indicator_value_id"),
        "documents": COVERAGE,
    },
)
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
    """Write the page of each place that is not as it was."""
    for code, rows in site.changed(warehouse, PAGES):
        site.write(place_page(code), "place.html", **_page(rows))


def _page(rows: dict[str, Rows]) -> dict[str, Any]:
    """What the template shows of a place; targets without a result come last."""
    [place] = rows["place"]
    targets = sorted(
        map(attainment.attainment, rows["attainment"]), key=lambda target: target["tone"] == "no_actual"
    )
    return {
        "place": place,
        "level": label(LEVELS, place["level"]),
        "counts": _counts(targets),
        "attainment": payload(attainment.OF_PLACE, targets),
        "units": payload(_COMMITMENT_COLUMNS, map(_commitment, rows["units"])),
        "documents": payload(DOCUMENT_COLUMNS, map(covered, rows["documents"])),
        "values": values.table(values.OF_PLACE, rows["values"]),
    }


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
