"""The tables of reference data: what people edit under ``seeds/reference``, as published."""

from __future__ import annotations

from warehouse.contract import Column, Table, Type

DIM_INDICATOR = Table(
    "dim_indicator",
    "Canonical indicators, from seeds/reference/indicators.csv.",
    ("indicator_id",),
    (
        Column("indicator_id", Type.TEXT, "Stable English identifier."),
        Column("name_zh", Type.TEXT, "Canonical Chinese name."),
        Column("name_en", Type.TEXT, "English name."),
        Column("domain", Type.TEXT, "Domain of health policy, in Chinese."),
        Column("unit", Type.TEXT, "Canonical unit of measure.", references="dim_unit.canonical_unit"),
        Column(
            "direction",
            Type.TEXT,
            "Which way is better.",
            allowed=("higher_is_better", "lower_is_better", "neutral"),
        ),
        Column("valid_min", Type.REAL, "Smallest plausible value.", "see unit", nullable=True),
        Column("valid_max", Type.REAL, "Largest plausible value.", "see unit", nullable=True),
        Column("sdg_code", Type.TEXT, "Sustainable Development Goals indicator.", nullable=True),
        Column("who_gho_code", Type.TEXT, "WHO Global Health Observatory code.", nullable=True),
        Column("notes", Type.TEXT, "Notes on definition.", nullable=True),
    ),
)

DIM_UNIT = Table(
    "dim_unit",
    "Units of measure as written, with their canonical form, from seeds/reference/units.csv.",
    ("surface_unit",),
    (
        Column("surface_unit", Type.TEXT, "The unit as written."),
        Column("canonical_unit", Type.TEXT, "The unit it is one of."),
        Column("dimension", Type.TEXT, "What it measures."),
        Column("factor", Type.REAL, "Multiply a value in the written unit by this to get the canonical one."),
        Column("kind", Type.TEXT, "How it is written: unit, prefix, …"),
        Column("notes", Type.TEXT, "Notes.", nullable=True),
    ),
)

DIM_JURISDICTION = Table(
    "dim_jurisdiction",
    "Places, by GB/T 2260 code, from seeds/reference/jurisdictions.csv.",
    ("jurisdiction_code",),
    (
        Column("jurisdiction_code", Type.TEXT, "GB/T 2260 code; CN for the country."),
        Column("name_zh", Type.TEXT, "Chinese name."),
        Column("level", Type.TEXT, "Administrative level."),
        Column("parent_code", Type.TEXT, "The place it belongs to.", nullable=True),
        Column("status", Type.TEXT, "current, or what became of it."),
        Column("valid_from", Type.TEXT, "First month of validity, where known.", nullable=True),
        Column("valid_to", Type.TEXT, "Last month of validity, where known.", nullable=True),
        Column("source", Type.TEXT, "Where the row comes from."),
    ),
)
