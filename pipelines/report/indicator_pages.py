"""indicators/<indicator_id>.html: how one indicator went, by place, and everything said of it."""

from __future__ import annotations

from typing import Any

from pipelines.report import values
from pipelines.report.attainment import ATTAINMENT, COMPARED, CONFLICTS, OF_INDICATOR, attainment, conflict
from pipelines.report.labels import (
    DIRECTIONS,
    TYPES,
    UNITS,
    VERIFICATIONS,
    amount,
    label,
    level,
    place_names,
    with_qualifier,
)
from pipelines.report.layout import Site, evidence_of, indicator_page
from pipelines.report.page_rows import Kind, Part, Rows
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, payload

# An indicator has a page if it has values.
PAGES = Kind(
    "indicator_id",
    indicator_page,
    {
        "indicator": Part("FROM dim_indicator SEMI JOIN fact_indicator_value USING (indicator_id)"),
        "values": Part(values.VALUES, values.ORDER),
        "points": Part("FROM target_trajectory", "jurisdiction_code, qualifier, year, point"),
        "goals": Part(
            "SELECT *, reference_year::VARCHAR AS reference_period, NULL AS value_high FROM national_target",
            "year, source_document, as_written",
        ),
        "attainment": ATTAINMENT,
        "conflicts": CONFLICTS,
    },
)
_GOAL_COLUMNS = (
    Column("year", "年 Year", kind="short"),
    Column("shown", "目标 Goal", kind="number", sort="value"),
    Column("as_written", "原文 As written", kind="quote"),
    Column("source_document", "来源 Source"),
    Column("verification", "核实 Verification"),
    Column("checked_against", "核对依据 Checked against", kind="quote"),
    Column("value", hidden=True),
)


def write_pages(warehouse: Warehouse, site: Site) -> None:
    """Write the page of each indicator that is not as it was."""
    for name, rows in site.changed(warehouse, PAGES):
        site.write(indicator_page(name), "indicator.html", **_page(rows))


def _page(rows: dict[str, Rows]) -> dict[str, Any]:
    """What the template shows of an indicator; of its conflicts the first, and how many there are."""
    [indicator] = rows["indicator"]
    disputed = rows["conflicts"]
    return {
        "indicator": indicator,
        "unit": label(UNITS, indicator["unit"]),
        "direction": label(DIRECTIONS, indicator["direction"]),
        "points": _points(rows["points"]),
        "goals": payload(_GOAL_COLUMNS, map(_goal, rows["goals"])),
        "attainment": payload(OF_INDICATOR, map(attainment, rows["attainment"])),
        "values": values.table(values.OF_INDICATOR, rows["values"]),
        "conflicts": payload(COMPARED, map(conflict, disputed)),
        "conflicts_shown": len(disputed),
        "conflicts_total": disputed[0]["total"] if disputed else 0,
    }


def _points(rows: Rows) -> Rows:
    """The points of the chart; the nation's goals, which the view has beside every place, once."""
    names = place_names(rows)
    points = (_point(row, names[row["jurisdiction_code"]]) for row in rows)
    shown = {tuple(point.values()): point for point in points}
    return list(shown.values())


def _point(row: dict[str, Any], place: str) -> dict[str, Any]:
    national = row["point"] == "national_target"
    found = row["indicator_value_id"]
    return {
        "series": "国家目标 national goal" if national else with_qualifier(place, row["qualifier"]),
        "year": row["year"],
        "value": row["value"],
        "shown": amount(row["value"], row["comparator"], row["value_high"], row["indicator_unit"]),
        "point": "国家目标 national goal" if national else label(TYPES, row["point"]),
        "kind": "nation" if national else "target" if row["point"] == "target" else "result",
        "href": evidence_of(row["document_id"], found) if found else None,
    }


def _goal(row: dict[str, Any]) -> dict[str, Any]:
    shown = None if row["value"] is None else level({**row, "comparator": row["comparator"] or "eq"})
    return {**row, "shown": shown, "verification": label(VERIFICATIONS, row["verification"])}
