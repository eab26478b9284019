"""The views for stewards, responsible units and comparison: hand-made rows in, hand-computed rows out."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests import samples
from tests.samples import frame, value
from warehouse import tables
from warehouse.publish import DATABASE, publish

Rows = list[dict[str, Any]]
View = Callable[..., Rows]
KNOWN = {"indicator_id": "hypertension_management_rate", "jurisdiction_code": "420800"}


@pytest.fixture
def view(tmp_path: Path) -> View:
    """The rows of a view over the sample warehouse with these tables laid over it, by file and offset."""

    def rows(name: str, **frames: pl.DataFrame) -> Rows:
        publish({**samples.warehouse_tables(), **frames}, tmp_path)
        with duckdb.connect(str(tmp_path / DATABASE), read_only=True) as connection:
            return connection.sql(f"FROM {name}").pl().rows(named=True)

    return rows


def fact(name: str, number: float, /, **fields: Any) -> dict[str, Any]:
    """A value of the sample's indicator and place, reached in 2020 as the one number given."""
    base = {"indicator_value_id": name, **KNOWN, "value_type": "actual", "comparator": "eq"}
    return value("70", number, **{**base, **fields})


def conflicts(view: View, *facts: dict[str, Any]) -> Rows:
    return view("conflicts", fact_indicator_value=samples.facts(*facts))


def test_two_values_that_differ_stand_side_by_side_once(view: View) -> None:
    [pair] = conflicts(view, fact("b", 63.0), fact("a", 70.0, qualifier=None), fact("c", 70.0, period="2019"))
    assert (pair["first_value_id"], pair["second_value_id"]) == ("a", "b")
    assert (pair["first_value"], pair["second_value"]) == (70.0, 63.0)
    assert (pair["difference"], pair["relative_difference"]) == (-7.0, -0.1)
    assert pair["indicator_name"] == "高血压患者规范管理率"
    assert pair["first_sentence"] == pair["second_sentence"] == samples.TEXT
    assert pair["first_document_title"] == "2020年全市卫生健康工作要点"


def test_the_difference_of_decimals_is_a_decimal_and_none_of_nothing(view: View) -> None:
    [pair] = conflicts(view, fact("a", 11.7), fact("b", 12.0))
    assert pair["difference"] == 0.3
    [pair] = conflicts(view, fact("a", 0.0), fact("b", 12.0))
    assert (pair["difference"], pair["relative_difference"]) == (12.0, None)


TARGET = {"value_type": "target"}
DECREASE = {"change": "relative", "comparator": "decrease"}


ENDS = {"comparator": "between", "value_high": 5.0, "canonical_value_high": 5.0}
# Pairs of values and the difference between them.
DIFFER = [
    # promised: each number that differs counts, whatever binds it
    ((90.0, {"comparator": "ge", **TARGET}), (95.0, {"comparator": "ge", **TARGET}), 5.0),
    ((90.0, {"comparator": "ge", **TARGET}), (92.3, TARGET), 2.3),
    # reached: a bound that is kept does not
    ((90.0, {"comparator": "ge"}), (88.5, {}), -1.5),
    ((10.0, {}), (8.0, {"comparator": "le"}), -2.0),
    # a change has a direction, and a range two ends
    ((5.0, DECREASE), (5.0, {"change": "relative", "comparator": "increase"}), 10.0),
    ((5.0, DECREASE), (8.0, DECREASE), -3.0),
    ((3.0, ENDS), (3.0, {**ENDS, "value_high": 6.0, "canonical_value_high": 6.0}), 1.0),
    ((3.0, ENDS), (3.0, {}), -2.0),
    # what is compared is the canonical value, within one qualifier
    ((70.0, {}), (0.7, {"canonical_value": 71.0, "unit": "个"}), 1.0),
    ((70.0, {"qualifier": "城市"}), (71.0, {"qualifier": "城市"}), 1.0),
]
# What makes a value none to compare with 90 of the year, or one that agrees with it.
AGREES: list[tuple[float, dict[str, Any]]] = [
    (90.0, {"comparator": "ge"}),
    (85.0, {"comparator": "ge"}),
    (95.0, {"comparator": "lt"}),
    (70.0, TARGET),
    (70.0, {"period": "1990"}),
    (70.0, {"period": None}),
    (70.0, {"qualifier": "城市"}),
    (70.0, DECREASE),
    (70.0, {"jurisdiction_code": None}),
    (70.0, {"indicator_id": None}),
    (70.0, {"canonical_unit": "个"}),
    (70.0, {"canonical_value": None, "canonical_unit": None}),
    (70.0, {"reference_period": "2019"}),
    (1.0, {"canonical_value": 90.0, "unit": "个"}),
]


def in_year(year: int, name: str, number: float, fields: dict[str, Any]) -> dict[str, Any]:
    return fact(f"{name}{year}", number, **{"period": str(year), **fields})


def test_what_is_a_conflict(view: View) -> None:
    first = [in_year(2000 + n, "a", *pair[0]) for n, pair in enumerate(DIFFER)]
    second = [in_year(2000 + n, "b", *pair[1]) for n, pair in enumerate(DIFFER)]
    found = {int(pair["period"]) - 2000: pair["difference"] for pair in conflicts(view, *first, *second)}
    assert found == {n: difference for n, (_, _, difference) in enumerate(DIFFER)}


def test_what_is_none(view: View) -> None:
    first = [in_year(2000 + n, "a", 90.0, {}) for n in range(len(AGREES))]
    second = [in_year(2000 + n, "b", *other) for n, other in enumerate(AGREES)]
    assert [AGREES[int(pair["period"]) - 2000] for pair in conflicts(view, *first, *second)] == []


def test_changes_from_two_bases_are_not_compared(view: View) -> None:
    first = fact("a", 5.0, reference_period="2015", **DECREASE)
    assert conflicts(view, first, fact("b", 6.0, reference_period="2019", **DECREASE)) == []


def documents(*others: dict[str, Any]) -> pl.DataFrame:
    sample = samples.warehouse_tables()["dim_document"]
    return pl.concat([sample, frame(tables.DIM_DOCUMENT, *others)]) if others else sample


EMPTY = {"document_id": "d2", "source_file": "b.txt", "title": "通知", "jurisdiction_name": "周溪镇"}


def test_coverage_counts_numbers_and_values_by_document(view: View) -> None:
    facts = [
        fact("a", 70.0),
        fact("b", 15.0, indicator_id=None, unit="%"),
        fact("c", 3.0, indicator_id=None, unit="个", period=None, jurisdiction_code=None),
        fact("d", 3.0, indicator_id=None, unit=None),
    ]
    kinds = ("fact", "fact", "date", "other", "name")
    mentions = [{**samples.mention("70", kind), "mention_id": f"m{n}"} for n, kind in enumerate(kinds)]
    units = [
        {"surface_unit": u, "canonical_unit": u, "dimension": d}
        for u, d in (("%", "proportion"), ("个", "x"))
    ]
    read, empty = view(
        "document_coverage ORDER BY document_id",
        dim_document=documents(EMPTY),
        dim_unit=frame(tables.DIM_UNIT, *units),
        fact_indicator_value=samples.facts(*({**row, "mention_id": "m0"} for row in facts)),
        number_mention=frame(tables.NUMBER_MENTION, *mentions),
        bridge_value_responsible_unit=assigned(("a", "甲局", "lead"), ("a", "乙局", "support")),
        rejected_value=frame(tables.REJECTED_VALUE, {**fact("e", 170.0), "mention_id": "m1"}),
        repair=frame(tables.REPAIR, {"repair_id": "r1", "document_id": "d1"}),
    )
    counted = {name: count for name, count in read.items() if name.startswith("numbers_") and count}
    assert counted == {"numbers_fact": 2, "numbers_date": 1, "numbers_other": 1, "numbers_name": 1}
    assert (read["numbers"], read["share_unread"], read["char_count"]) == (5, 0.2, len(samples.TEXT))
    assert (read["values_published"], read["values_resolved"], read["share_resolved"]) == (4, 1, 0.25)
    assert (read["rate_values"], read["share_rates_resolved"]) == (2, 0.5)
    lacking = ("values_without_period", "values_without_place", "values_without_unit")
    assert [read[name] for name in lacking] == [1, 1, 1]
    assert (read["values_assigned"], read["values_quarantined"], read["repairs"]) == (1, 1, 1)
    assert {empty[name] for name in empty if name.startswith(("numbers", "values", "rate", "repairs"))} == {0}
    assert {empty[name] for name in empty if name.startswith("share")} == {None}


def assigned(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Rows of the bridge: value, unit, responsibility."""
    names = ("indicator_value_id", "responsible_unit", "responsibility")
    said = ({"document_id": "d1", **dict(zip(names, row, strict=True))} for row in rows)
    return frame(tables.BRIDGE_VALUE_RESPONSIBLE_UNIT, *said)


def test_what_each_unit_answers_for(view: View) -> None:
    rows = view(
        "commitments_by_responsible_unit ORDER BY responsible_unit, indicator",
        fact_indicator_value=samples.facts(
            fact("a", 70.0, **TARGET), fact("b", 3.0, indicator_id=None, indicator_text="新增医院", unit="个")
        ),
        bridge_value_responsible_unit=assigned(
            ("a", "乙局", "lead"), ("b", "乙局", "unstated"), ("a", "甲局", "support")
        ),
    )
    names = ("responsible_unit", "responsibility", "indicator", "value_type", "value", "unit", "year")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("乙局", "unstated", "新增医院", "actual", 3.0, "个", 2020),
        ("乙局", "lead", "高血压患者规范管理率", "target", 70.0, "%", 2020),
        ("甲局", "support", "高血压患者规范管理率", "target", 70.0, "%", 2020),
    ]
    assert {row["document_title"] for row in rows} == {"2020年全市卫生健康工作要点"}


def gho(view: View, *facts: dict[str, Any], factor: float | None = 10.0) -> Rows:
    indicator = {**samples.warehouse_tables()["dim_indicator"].row(0, named=True), "who_gho_code": "HWF_0006"}
    places = [
        {"jurisdiction_code": "CN", "name_zh": "中华人民共和国", "level": "country", "status": "current"},
        {"jurisdiction_code": "420000", "name_zh": "湖北省", "level": "province", "parent_code": "CN"},
        {"jurisdiction_code": "420800", "name_zh": "荆门市", "level": "prefecture", "parent_code": "420000"},
    ]
    return view(
        "gho_indicator_values ORDER BY Id",
        dim_indicator=frame(tables.DIM_INDICATOR, {**indicator, "who_gho_factor": factor}),
        dim_jurisdiction=frame(tables.DIM_JURISDICTION, *places),
        fact_indicator_value=samples.facts(*facts),
    )


def test_a_value_reached_in_the_columns_and_unit_of_the_gho(view: View) -> None:
    [row] = gho(view, fact("a", 3.3, comparator="approx"))
    filled = {name: field for name, field in row.items() if field is not None}
    assert filled == {
        "Id": "a",
        "IndicatorCode": "HWF_0006",
        "SpatialDimType": "PREFECTURE",
        "SpatialDim": "420800",
        "ParentLocationCode": "420000",
        "ParentLocation": "湖北省",
        "TimeDimType": "YEAR",
        "TimeDim": 2020,
        "DataSourceDimType": "DATASOURCE",
        "DataSourceDim": "d1",
        "Value": "33.0",
        "NumericValue": 33.0,
        "Comments": f"(approx) {samples.TEXT}",
        "Date": dt.date(2020, 4, 29),
        "TimeDimensionValue": "2020",
        "TimeDimensionBegin": dt.date(2020, 1, 1),
        "TimeDimensionEnd": dt.date(2020, 12, 31),
    }


def test_country_and_province_are_coded_as_the_gho_codes_them(view: View) -> None:
    rows = gho(view, fact("a", 3.3, jurisdiction_code="CN"), fact("b", 3.3, jurisdiction_code="420000"))
    names = ("SpatialDimType", "SpatialDim", "ParentLocationCode", "ParentLocation")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("COUNTRY", "CHN", "WPR", "Western Pacific"),
        ("PROVINCE", "420000", "CHN", "中华人民共和国"),
    ]


NO_ROW: list[dict[str, Any]] = [
    {"value_type": "target"},
    {"value_type": "baseline"},
    {"change": "relative", "comparator": "increase"},
    {"qualifier": "城市"},
    {"comparator": "ge"},
    {"comparator": "between", "value_high": 4.0, "canonical_value_high": 4.0},
    {"period": "2020-06"},
    {"period": "2016/2020"},
    {"period": None},
    {"indicator_id": None},
    {"jurisdiction_code": None},
    {"canonical_value": None, "canonical_unit": None},
    {"canonical_unit": "个"},
]


def test_what_the_gho_has_no_row_for(view: View) -> None:
    rows = gho(view, *(fact(str(n), 3.3, **fields) for n, fields in enumerate(NO_ROW)))
    assert [NO_ROW[int(row["Id"])] for row in rows] == []


def test_a_series_that_measures_something_else_is_left_out(view: View) -> None:
    assert gho(view, fact("a", 3.3), factor=None) == []


def test_unknown_indicators_the_most_frequent_first(view: View) -> None:
    rows = view(
        "unresolved_indicators",
        dim_document=documents(EMPTY),
        fact_indicator_value=samples.facts(
            fact("a", 70.0),
            fact("b", 3.0, indicator_id=None, indicator_text="新增床位", unit="张"),
            fact("c", 4.0, indicator_id=None, indicator_text="新增托位", sentence="后"),
            fact("d", 5.0, indicator_id=None, indicator_text="新增托位", char_start=3, sentence="先"),
            fact(
                "e", 6.0, indicator_id=None, indicator_text="新增托位", document_id="d2", source_file="b.txt"
            )
            | {"jurisdiction_code": None},
        ),
    )
    assert [tuple(row.values()) for row in rows] == [
        ("新增托位", "%", 3, 2, 1, "d", "d1", "先"),
        ("新增床位", "张", 1, 1, 1, "b", "d1", samples.TEXT),
    ]


def test_places_without_a_code_the_most_frequent_first(view: View) -> None:
    rows = view(
        "unresolved_jurisdictions",
        dim_document=documents(EMPTY),
        fact_indicator_value=samples.facts(
            fact("a", 70.0),
            fact("b", 3.0, jurisdiction_code=None, jurisdiction_name="周溪镇", sentence="后"),
            fact("c", 3.0, jurisdiction_code=None, jurisdiction_name="周溪镇", sentence="先", char_start=3),
            fact("d", 3.0, jurisdiction_code=None),
        ),
    )
    assert [tuple(row.values()) for row in rows] == [
        ("周溪镇", 1, 2, "d1", "a.txt", "先"),
        (None, 0, 1, "d1", "a.txt", samples.TEXT),
    ]
