"""The observations are SDMX: read by pysdmx with their structure, one value a key, none lost."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import Codelist

from tests import samples
from warehouse import sdmx
from warehouse.export import OBSERVATIONS, STRUCTURE, export
from warehouse.sdmx_structure import COMPARATORS, structure
from warehouse.vocabulary import COMPARATORS as ALL_COMPARATORS

KEY = [component.id for component in sdmx.DIMENSIONS]
KNOWN = {"indicator_id": "hypertension_management_rate", "jurisdiction_code": "420800"}


def level(number: float, /, name: str = "a", **fields: Any) -> dict[str, Any]:
    return samples.value("70", number, **{**KNOWN, "indicator_value_id": name, **fields})


def observed(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return sdmx.observations(samples.facts(*rows)).to_dicts()


@pytest.fixture(scope="module")
def exported(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export(warehouse, folder)
    return folder


def test_a_resolved_level_is_an_observation() -> None:
    [row] = observed(level(70, qualifier="新增"))
    assert row == {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": "HIW:INDICATOR_VALUES(1.0.0)",
        "ACTION": "I",
        "REF_AREA": "420800",
        "INDICATOR": "hypertension_management_rate",
        "QUALIFIER": "新增",
        "VALUE_TYPE": "target",
        "UNIT_MEASURE": "%",
        "SOURCE": "d1",
        "OCCURRENCE": 1,
        "TIME_PERIOD": "2020",
        "OBS_VALUE": 70.0,
        "COMPARATOR": "ge",
        "UPPER_VALUE": None,
        "OBS_STATUS": "A",
        "VALUE_ID": "a",
    }


@pytest.mark.parametrize(
    "missing", ["indicator_id", "jurisdiction_code", "period", "canonical_value", "canonical_unit"]
)
def test_a_value_that_is_not_resolved_is_none(missing: str) -> None:
    assert observed(level(70, **{missing: None})) == []


def test_a_change_is_none() -> None:
    assert observed(level(5, change="relative", comparator="increase")) == []


@pytest.mark.parametrize(
    ("period", "time"), [("2020", "2020"), ("2025-06", "2025-06"), ("2016/2020", "2016-01-01/P5Y")]
)
def test_periods_are_those_of_sdmx(period: str, time: str) -> None:
    assert [row["TIME_PERIOD"] for row in observed(level(70, period=period))] == [time]


def test_ranges_and_damage_are_attributes() -> None:
    [row] = observed(level(1, comparator="between", canonical_value_high=2.0, flags=["damaged"]))
    assert (row["COMPARATOR"], row["UPPER_VALUE"], row["OBS_STATUS"]) == ("between", 2.0, "U")


def test_values_of_one_key_are_counted_in_the_order_of_the_text() -> None:
    rows = observed(level(80, "b", char_start=9), level(70, "c", char_start=2), level(60, "d", period="2025"))
    told = [(row["TIME_PERIOD"], row["OCCURRENCE"], row["OBS_VALUE"]) for row in rows]
    assert sorted(told) == [("2020", 1, 70.0), ("2020", 2, 80.0), ("2025", 1, 60.0)]


def test_a_key_has_one_value_in_the_samples(exported: Path) -> None:
    frame = pl.read_csv(exported / OBSERVATIONS)
    assert frame.height > 100
    assert frame.select(KEY).is_duplicated().sum() == 0
    assert frame.select(KEY).null_count().sum_horizontal().item() == 0


def test_pysdmx_reads_the_observations_with_their_structure(exported: Path, warehouse: Path) -> None:
    [data] = get_datasets(exported / OBSERVATIONS, exported / STRUCTURE)
    read = pl.DataFrame(data.data.to_dict("list"), strict=False)
    components = data.structure.components
    assert [c.id for c in components.dimensions] == KEY
    assert set(read.columns) == {c.id for c in components}
    for component in components:
        if component.local_codes:
            codes = {code.id for code in component.local_codes}
            assert set(read[component.id].to_list()) <= codes, component.id
    facts = pl.read_parquet(warehouse / "parquet/fact_indicator_value.parquet")
    values = dict(facts.select("indicator_value_id", "canonical_value").iter_rows())
    assert {i: float(v) for i, v in read.select("VALUE_ID", "OBS_VALUE").iter_rows()} == {
        i: values[i] for i in read["VALUE_ID"]
    }


def test_the_structure_is_valid_and_names_the_codes(exported: Path) -> None:
    message = read_sdmx(exported / STRUCTURE, validate=True)  # against the schema of the SDMX group
    lists = {s.id: {c.id: c.name for c in s.codes} for s in message.structures if isinstance(s, Codelist)}
    assert lists["CL_AREA"]["420800"] == "荆门市"
    assert lists["CL_INDICATOR"]["adult_smoking_rate"] == "Smoking prevalence, age 15+"
    assert set(lists["CL_VALUE_TYPE"]) == {"target", "actual", "baseline"}


def test_a_structure_of_nothing_is_valid(tmp_path: Path) -> None:
    frames = samples.warehouse_tables()
    nothing = sdmx.observations(frames["fact_indicator_value"].clear())
    path = tmp_path / "structure.json"
    path.write_text(json.dumps(structure(nothing, frames)), encoding="utf-8")
    assert read_sdmx(path, validate=True).structures


def test_every_comparator_of_a_level_has_a_code() -> None:
    assert set(COMPARATORS) == set(ALL_COMPARATORS) - {"increase", "decrease"}
