"""Cases for the views of targets: what is told of an indicator, published, and what the views say of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tests import samples
from warehouse import tables
from warehouse.publish import DATABASE

Row = dict[str, Any]


def told(value_type: str, number: float, period: str | None, **fields: Any) -> Row:
    place = {"jurisdiction_code": "420800", "jurisdiction_name": "荆门市", "comparator": "eq"}
    high = {"canonical_value_high": fields.get("value_high")}
    return {"value_type": value_type, "number": number, "period": period} | place | high | fields


def target(number: float, period: str | None = "2025", **fields: Any) -> Row:
    return told("target", number, period, **fields)


def actual(number: float, period: str, **fields: Any) -> Row:
    return told("actual", number, period, **fields)


def baseline(number: float, period: str, **fields: Any) -> Row:
    return told("baseline", number, period, **fields)


def change(number: float, kind: str, way: str, since: str | None = None, **fields: Any) -> Row:
    return target(number, **{"change": kind, "comparator": way, "reference_period": since} | fields)


def between(low: float, high: float) -> Row:
    return target(low, value_high=high, comparator="between")


@dataclass
class Case:
    """What is told of one indicator, its first row the target, and what the views shall say of that."""

    rows: list[Row]
    expected: Row
    direction: str = "higher_is_better"
    unit: str = "%"
    national: list[Row] = field(default_factory=list)


LOWER, NEUTRAL = "lower_is_better", "neutral"
LATER = {"document_id": "d2"}


def _facts(cases: Mapping[str, Case]) -> list[Row]:
    rows = []
    for name, case in cases.items():
        for position, row in enumerate(case.rows):
            own = {"indicator_value_id": f"{name}_{position}", "indicator_id": name, "indicator_text": name}
            unit = {
                "unit": case.unit,
                "canonical_unit": "%" if row.get("change") == "relative" else case.unit,
            }
            fields = {key: value for key, value in row.items() if key != "number"}
            rows.append(samples.value("70", row["number"], **own | unit | fields))
    return rows


def tables_of(cases: Mapping[str, Case]) -> dict[str, pl.DataFrame]:
    """Every table of the contract, with an indicator of its own for each case and two documents."""
    frames = samples.warehouse_tables()
    [document] = frames["dim_document"].to_dicts()
    later = document | {"document_id": "d2", "title": "后来的文件", "issued_on": dt.date(2024, 5, 1)}
    province = {"jurisdiction_code": "420000", "name_zh": "湖北省", "level": "province", "status": "current"}
    city = {
        "jurisdiction_code": "420800",
        "name_zh": "荆门市",
        "level": "prefecture",
        "parent_code": "420000",
    }
    indicators = [
        {"indicator_id": name, "name_zh": f"指标{name}", "unit": case.unit, "direction": case.direction}
        for name, case in cases.items()
    ]
    plans = [
        {"indicator_id": name, "unit": case.unit} | plan
        for name, case in cases.items()
        for plan in case.national
    ]
    return frames | {
        "dim_document": samples.frame(tables.DIM_DOCUMENT, document, later),
        "dim_jurisdiction": samples.frame(tables.DIM_JURISDICTION, province, city),
        "dim_indicator": samples.frame(tables.DIM_INDICATOR, *indicators),
        "national_target": samples.frame(tables.NATIONAL_TARGET, *plans),
        "fact_indicator_value": samples.facts(*_facts(cases)),
    }


def query(output: Path, sql: str) -> list[Row]:
    with duckdb.connect(str(output / DATABASE), read_only=True) as connection:
        return connection.sql(sql).pl().to_dicts()
