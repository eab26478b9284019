"""A tiny warehouse that holds together, made from the contract: one document, three values, one non-fact."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from warehouse import builds, contract, tables
from warehouse.contract import Column, Table, Type
from warehouse.files import DATABASE, PARQUET

TEXT = "2020年,高血压患者规范管理率达70%以上,新增医院1—2个,孕产妇死亡率下降5%。"
_FILLING: dict[Type, Any] = {
    Type.TEXT: "x",
    Type.INTEGER: 1,
    Type.REAL: 1.0,
    Type.BOOLEAN: True,
    Type.DATE: dt.date(2020, 4, 29),
    Type.TEXT_LIST: [],
}


def _filling(column: Column) -> Any:
    if column.nullable:
        return None
    return column.allowed[0] if column.allowed and column.type is Type.TEXT else _FILLING[column.type]


def frame(table: Table, *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of ``table``; what a row leaves out is null or, if it is required, a filling of its type."""
    filled = [{c.name: row.get(c.name, _filling(c)) for c in table.columns} for row in rows]
    return contract.conform(pl.DataFrame(filled, schema=contract.polars_schema(table)), table)


def mention(quote: str, disposition: str = "fact") -> dict[str, Any]:
    """A row of number_mention for the first ``quote`` in :data:`TEXT`."""
    start = TEXT.index(quote)
    return {
        "mention_id": f"m{start}",
        "document_id": "d1",
        "source_file": "a.txt",
        "char_start": start,
        "char_end": start + len(quote),
        "mention": quote,
        "disposition": disposition,
        "section_id": "s1",
    }


def value(quote: str, number: float, /, **fields: Any) -> dict[str, Any]:
    """A row of fact_indicator_value read from the first ``quote`` in :data:`TEXT`; ``fields`` override."""
    read = mention(quote)
    span = {
        name: read[name] for name in ("mention_id", "document_id", "source_file", "char_start", "char_end")
    }
    period = fields.get("period", "2020")
    base = {
        "indicator_value_id": f"v{span['char_start']}",
        "section_id": "s1",
        "indicator_text": "高血压患者规范管理率",
        "comparator": "ge",
        "value": number,
        "unit": "%",
        "canonical_value": number,
        "canonical_unit": "%",
        "period": period,
        "year": period and int(period.split("/")[-1][:4]),
        "quote": quote,
        "sentence": TEXT,
        "sentence_start": 0,
    }
    return {**span, **base, **fields}


def facts(*rows: dict[str, Any]) -> pl.DataFrame:
    """The three values of the sample, or the rows given."""
    sample = (
        value("70", 70, indicator_id="hypertension_management_rate", jurisdiction_code="420800"),
        value(
            "1—2",
            1,
            value_high=2.0,
            comparator="between",
            unit="个",
            indicator_text="新增医院",
            flags=["strive"],
        ),
        value("5", 5, change="relative", comparator="decrease", indicator_text="孕产妇死亡率"),
    )
    return frame(tables.FACT_INDICATOR_VALUE, *(rows or sample))


def warehouse_tables() -> dict[str, pl.DataFrame]:
    """Every table of the contract, with rows in all but the rejected ones, repair and header_evidence."""
    indicator = {
        "indicator_id": "hypertension_management_rate",
        "name_zh": "高血压患者规范管理率",
        "unit": "%",
        "direction": "higher_is_better",
        "valid_min": 0.0,
        "valid_max": 100.0,
    }
    place = {"jurisdiction_code": "420800", "name_zh": "荆门市", "level": "prefecture", "status": "current"}
    document = {
        "document_id": "d1",
        "source_file": "a.txt",
        "char_count": len(TEXT),
        "title": "2020年全市卫生健康工作要点",
        "document_type": "work_priorities",
        "issued_on": dt.date(2020, 4, 29),
        "jurisdiction_code": "420800",
        "period_start": 2020,
        "period_end": 2020,
    }
    section = {"section_id": "s1", "document_id": "d1", "level": 0, "title": ""}
    section |= {"char_start": 0, "char_end": len(TEXT)}
    units = [{"surface_unit": u, "canonical_unit": u, "dimension": "x", "kind": "unit"} for u in ("%", "个")]
    filled = {
        "dim_document": frame(tables.DIM_DOCUMENT, document),
        "document_text": frame(tables.DOCUMENT_TEXT, {"document_id": "d1", "raw_text": TEXT}),
        "dim_section": frame(tables.DIM_SECTION, section),
        "dim_indicator": frame(tables.DIM_INDICATOR, indicator),
        "dim_unit": frame(tables.DIM_UNIT, *units),
        "dim_jurisdiction": frame(tables.DIM_JURISDICTION, place),
        "fact_indicator_value": facts(),
        "number_mention": frame(
            tables.NUMBER_MENTION, mention("2020", "date"), *(mention(q) for q in ("70", "1—2", "5"))
        ),
        "build_run": frame(tables.BUILD_RUN, {"documents_read": 1}),
    }
    return {t.name: filled.get(t.name, contract.empty(t)) for t in tables.TABLES}


def add_build(output: Path, build_id: str, keep: int = 3) -> None:
    """Publish a build that has nothing but its name."""
    with builds.staging(output) as staging:
        builds.prepare(output)
        (staging / "build" / PARQUET).mkdir(parents=True)
        (staging / "build" / DATABASE).write_text(build_id)
        run = pl.DataFrame({"build_id": [build_id]})
        run.write_parquet(staging / "build" / PARQUET / "build_run.parquet")
        builds.add(staging / "build", output, keep)
