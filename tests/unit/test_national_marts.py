"""Places' targets beside the nation's, and the points of a line chart, on cases reckoned by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.target_cases import (
    LATER,
    LOWER,
    NEUTRAL,
    Case,
    Row,
    actual,
    baseline,
    between,
    change,
    query,
    tables_of,
    target,
)
from warehouse.publish import publish


def national(value: float | None, comparator: str | None = "ge", year: int = 2025, **fields: Any) -> Row:
    return {"value": value, "comparator": comparator, "year": year, "source_document": "《规划》"} | fields


def compared(row: Row, plan: Row, relation: str, difference: float | None, **fields: Any) -> Case:
    return Case(
        [row], {"relation": relation, "difference": difference, "reason": None}, national=[plan], **fields
    )


def apart(row: Row, plan: Row, reason: str, **fields: Any) -> Case:
    expected = {"relation": "not_comparable", "difference": None, "reason": reason}
    return Case([row], expected, national=[plan], **fields)


FALL = national(10, "decrease", change="relative", reference_year=2015)
NATIONAL = {
    "n_stricter": compared(target(95, comparator="ge"), national(90), "stricter", 5),
    "n_looser": compared(target(85), national(90), "looser", -5),
    "n_lower_stricter": compared(target(4), national(5, "le"), "stricter", -1, direction=LOWER),
    "n_lower_looser": compared(target(6, comparator="le"), national(5, "eq"), "looser", 1, direction=LOWER),
    "n_equal": compared(target(90), national(90), "equal", 0),
    "n_more_than": compared(target(90, comparator="gt"), national(90), "stricter", 0),
    "n_less_than": compared(target(5, comparator="le"), national(5, "lt"), "looser", 0, direction=LOWER),
    "n_about": compared(target(90, comparator="approx"), national(90), "looser", 0),
    "n_neutral_bounds": compared(target(95, comparator="ge"), national(90), "stricter", 5, direction=NEUTRAL),
    "n_larger_fall": compared(
        change(12, "relative", "decrease", "2015"), FALL, "stricter", -2, direction=LOWER
    ),
    "n_points": compared(
        change(3, "absolute", "increase", "2020", canonical_unit="pp"),
        national(5, "increase", change="absolute", reference_year=2020, unit="pp"),
        "looser",
        -2,
    ),
    "n_range_of_change": apart(
        change(9, "relative", "decrease", "2015", value_high=12.0), FALL, "range", direction=LOWER
    ),
    "n_qualified": apart(target(90, qualifier="新增"), national(90), "qualified"),
    "n_no_number": apart(target(90), national(None, None), "no national number on record"),
    "n_no_year": apart(target(90, period=None), national(90), "no year"),
    "n_other_year": apart(target(90), national(90, year=2030), "other year"),
    "n_several_years": apart(target(90, period="2021/2025"), national(90), "several years"),
    "n_level_change": apart(target(90), FALL, "a level against a change"),
    "n_change_level": apart(change(9, "relative", "increase"), national(90), "a change against a level"),
    "n_change_change": apart(change(9, "absolute", "decrease"), FALL, "another kind of change"),
    "n_base_year": apart(
        change(9, "relative", "decrease"), FALL, "another base year, or an unknown one", direction=LOWER
    ),
    "n_unit": apart(
        target(9, canonical_value=None, canonical_unit=None), national(9), "another unit, or an unknown one"
    ),
    "n_range": apart(between(80, 90.0), national(90), "range"),
    "n_neutral": apart(target(95), national(90), "neutral indicator", direction=NEUTRAL),
    "n_opposite": apart(
        target(95, comparator="le"), national(90), "a bound from above against one from below"
    ),
}

TRAJECTORY = {
    "line": Case(
        [
            target(90),
            target(81, "2023"),
            target(80, "2023", **LATER),
            target(96, "2027", comparator="ge"),
            target(98, "2030", comparator="between", value_high=99.0),
            baseline(60, "2020"),
            actual(66, "2021", comparator="approx"),
            actual(68, "2021", comparator="ge", **LATER),
            actual(70, "2023"),
            actual(72, "2023", comparator="approx", **LATER),
            actual(75, "2024", comparator="ge"),
            actual(65, "2020/2022"),
            actual(33, "2019", canonical_unit="个"),
            actual(5, "2025", change="absolute", comparator="increase"),
            actual(9, "2023", qualifier="新增"),
            actual(71, "2022", jurisdiction_code=None),
        ],
        {},
        national=[
            national(85),
            national(95, year=2030),
            national(99, source_document="《甲》", verification="unverified"),
            national(84, source_document="《乙》"),
        ],
    ),
    "narrow": Case([target(9, qualifier="新增")], {}, national=[national(85)]),
}
CASES = NATIONAL | TRAJECTORY


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(tables_of(CASES), folder)
    return folder


@pytest.fixture(scope="module")
def seen(output: Path) -> dict[str, Row]:
    return {row["indicator_value_id"]: row for row in query(output, "FROM target_vs_national")}


@pytest.mark.parametrize("name", NATIONAL)
def test_against_the_national_target(seen: dict[str, Row], name: str) -> None:
    row, expected = seen[f"{name}_0"], NATIONAL[name].expected
    assert {key: row[key] for key in expected} == expected


def test_every_target_meets_every_national_target_of_its_indicator(output: Path) -> None:
    rows = query(output, "SELECT year, national_year FROM target_vs_national WHERE indicator_id = 'line'")
    assert len(rows) == 5 * 4


def test_trajectory(output: Path) -> None:
    sql = """SELECT point, year, comparator, value, change_per_year, document_title[:4], indicator_value_id
        FROM target_trajectory WHERE indicator_id = 'line' AND qualifier IS NULL ORDER BY point, year"""
    assert [tuple(row.values()) for row in query(output, sql)] == [
        ("actual", 2021, "approx", 66, None, "2020", "line_6"),
        ("actual", 2023, "eq", 70, 2, "2020", "line_8"),
        ("actual", 2024, "ge", 75, None, "2020", "line_10"),
        ("baseline", 2020, "eq", 60, None, "2020", "line_5"),
        ("national_target", 2025, "ge", 85, None, "《规划》", None),
        ("national_target", 2030, "ge", 95, 2, "《规划》", None),
        ("target", 2023, "eq", 80, None, "后来的文", "line_2"),
        ("target", 2025, "eq", 90, 5, "2020", "line_0"),
        ("target", 2027, "ge", 96, 3, "2020", "line_3"),
        ("target", 2030, "between", 98, None, "2020", "line_4"),
    ]


def test_a_qualified_series_has_no_national_line(output: Path) -> None:
    sql = "SELECT indicator_id, point, value FROM target_trajectory WHERE "
    assert query(output, sql + "indicator_id = 'line' AND qualifier = '新增'") == [
        {"indicator_id": "line", "point": "actual", "value": 9}
    ]
    assert query(output, sql + "indicator_id = 'narrow'") == [
        {"indicator_id": "narrow", "point": "target", "value": 9}
    ]
