"""How far each target has come, and the flat lists of targets and actuals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attainment_cases import ATTAINMENT
from tests.target_cases import Case, Row, query, tables_of, target
from warehouse.publish import publish

NOT_MEASURED = [
    target(90, jurisdiction_code=None),
    target(80, period=None),
    target(70, indicator_id=None, indicator_text="新词"),
]
CASES = ATTAINMENT | {"not_measured": Case(NOT_MEASURED, {})}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(tables_of(CASES), folder)
    return folder


@pytest.fixture(scope="module")
def seen(output: Path) -> dict[str, Row]:
    return {row["indicator_value_id"]: row for row in query(output, "FROM target_attainment")}


@pytest.mark.parametrize("name", ATTAINMENT)
def test_attainment(seen: dict[str, Row], name: str) -> None:
    row, expected = seen[f"{name}_0"], ATTAINMENT[name].expected
    assert {key: row[key] for key in expected} == expected


def test_attainment_has_each_target_of_an_indicator_year_and_place_once(seen: dict[str, Row]) -> None:
    assert sorted(seen) == sorted(f"{name}_0" for name in ATTAINMENT)


def test_what_a_row_of_attainment_says_of_its_target(seen: dict[str, Row]) -> None:
    row = seen["higher_behind_0"]
    names = "indicator_name jurisdiction_name jurisdiction_level parent_name document_title baseline_value_id"
    assert [row[name] for name in names.split()] == [
        "指标higher_behind",
        "荆门市",
        "prefecture",
        "湖北省",
        "2020年全市卫生健康工作要点",
        "higher_behind_1",
    ]


def test_the_flat_views_have_every_value_once(output: Path) -> None:
    for view, types in {"targets": ["target"], "actuals": ["actual", "baseline"]}.items():
        found = query(output, f"SELECT indicator_value_id AS id FROM {view}")
        told = [
            f"{name}_{n}"
            for name, case in CASES.items()
            for n, row in enumerate(case.rows)
            if row["value_type"] in types
        ]
        assert sorted(row["id"] for row in found) == sorted(told)


def test_a_target_of_no_known_indicator_has_the_words_of_its_document(output: Path) -> None:
    [row] = query(output, "FROM targets WHERE indicator_id IS NULL")
    assert (row["indicator_name"], row["direction"], row["year"]) == ("新词", None, 2025)
    assert (row["jurisdiction_level"], row["document_type"], row["quote"]) == (
        "prefecture",
        "work_priorities",
        "70",
    )
