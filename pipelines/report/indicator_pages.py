"""indicators/<indicator_id>.html: how one indicator went, by place, and everything said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipelines.report import values
from pipelines.report.attainment import COMPARED, OF_INDICATOR, attainments, conflicts
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
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, payload

Rows = list[dict[str, Any]]

_INDICATORS = "FROM dim_indicator ORDER BY indicator_id"
_POINTS = "FROM target_trajectory ORDER BY jurisdiction_code, qualifier, year, point"
_GOALS = """
SELECT *, reference_year::VARCHAR AS reference_period, NULL AS value_high
FROM national_target
ORDER BY year, source_document, as_written
"""
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
    """Write a page for each indicator that has values."""
    found = grouped(values.values(warehouse), "indicator_id")
    points, goals = (grouped(warehouse.rows(sql), "indicator_id") for sql in (_POINTS, _GOALS))
    reached = grouped(attainments(warehouse), "indicator_id")
    disputed = grouped(conflicts(warehouse), "indicator_id")
    for indicator in warehouse.rows(_INDICATORS):
        name = indicator["indicator_id"]
        if name not in found:
            continue
        site.write(
            indicator_page(name),
            "indicator.html",
            indicator=indicator,
            unit=label(UNITS, indicator["unit"]),
            direction=label(DIRECTIONS, indicator["direction"]),
            points=_points(points[name]),
            goals=payload(_GOAL_COLUMNS, [_goal(goal) for goal in goals[name]]),
            attainment=payload(OF_INDICATOR, reached[name]),
            values=values.table(values.OF_INDICATOR, found[name]),
            conflicts=payload(COMPARED, disputed[name]),
        )


def grouped(rows: Iterable[dict[str, Any]], name: str) -> dict[Any, Rows]:
    """The rows by what stands in one column; nothing for what stands in none."""
    groups: dict[Any, Rows] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups


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
