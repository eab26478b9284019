"""The scoreboard: for each indicator and place the target, the latest result and the nation's goal.

Of several targets of one series (indicator, qualifier, place) the one due last is shown; of those due in one
year, one whose status is known, then the smaller identifier.
"""

from __future__ import annotations

from typing import Any

from pipelines.report.labels import DIRECTIONS, RELATIONS, STATUSES, UNITS, amount, label, place_names
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, hidden, payload

_SERIES = """
WITH last_due AS (
    FROM memory.attainment
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id, qualifier, jurisdiction_code
        ORDER BY year DESC, status IS NULL, target_value IS NULL, indicator_value_id
    ) = 1
)
SELECT t.*, coalesce(t.status, 'unknown') AS tone, i.domain
FROM last_due AS t
JOIN dim_indicator AS i USING (indicator_id)
ORDER BY t.indicator_id, t.jurisdiction_code, t.qualifier
"""
# The trajectory has the nation's goal beside every place; it is the same each time.
_NATION = """
SELECT DISTINCT indicator_id, year, comparator, value, value_high
FROM target_trajectory
WHERE point = 'national_target'
ORDER BY ALL
"""
_CELLS = (
    *(Column(name) for name in ("indicator_id", "indicator", "name_en", "domain", "unit", "direction")),
    Column("place", href="places/{jurisdiction_code}.html"),
    Column("target", href="documents/{document_id}.html#v-{indicator_value_id}"),
    Column("actual", href="documents/{actual_document_id}.html#v-{latest_actual_value_id}"),
    Column("baseline", href="documents/{baseline_document_id}.html#v-{baseline_value_id}"),
    *(Column(name) for name in ("qualifier", "tone", "status", "relation", "relation_label", "year")),
    *(Column(name) for name in ("target_value", "target_value_high", "latest_actual", "baseline_value")),
    *(Column(name) for name in ("latest_actual_year", "baseline_year")),
    *hidden("indicator_value_id", "document_id", "latest_actual_value_id", "actual_document_id"),
    *hidden("baseline_value_id", "baseline_document_id", "jurisdiction_code"),
)


def scoreboard(warehouse: Warehouse) -> dict[str, Any]:
    """``cells``: one per series; ``nation``: by indicator, the country's goals; ``statuses``: the labels."""
    nation: dict[str, list[dict[str, Any]]] = {}
    for row in warehouse.rows(_NATION):
        shown = amount(row["value"], row["comparator"], row["value_high"])
        goal = {"year": row["year"], "value": row["value"], "shown": shown}
        nation.setdefault(row["indicator_id"], []).append(goal)
    series = warehouse.rows(_SERIES)
    names = place_names(series)
    cells = payload(_CELLS, [_cell(row, names[row["jurisdiction_code"]]) for row in series])
    return {"cells": cells, "nation": nation, "statuses": STATUSES}


def _cell(row: dict[str, Any], place: str) -> dict[str, Any]:
    return {
        **row,
        "indicator": row["indicator_name"],
        "name_en": row["indicator_name_en"],
        "place": place,
        "unit": label(UNITS, row["indicator_unit"]),
        "direction": label(DIRECTIONS, row["direction"]),
        "target": _target(row),
        "actual": amount(row["latest_actual"], row["latest_actual_comparator"]),
        "baseline": amount(row["baseline_value"]),
        "status": STATUSES[row["tone"]],
        "relation_label": label(RELATIONS, row["relation"]),
    }


def _target(row: dict[str, Any]) -> str | None:
    """The level to be reached in the indicator's unit; a change, or what does not convert, as written."""
    if row["change"] or row["target_value"] is None:
        return amount(row["value"], row["comparator"], row["value_high"], row["unit"])
    return amount(row["target_value"], row["comparator"], row["target_value_high"])
