"""Every table of the warehouse, in the order they are loaded: what a row refers to stands before it.

The tables stand in one module a subject: documents, values, reference data, and here the build itself. This
is the one place they are written. ``docs/data_dictionary.md``, the polars and Parquet schemas, the DuckDB
comments and the Dagster metadata are rendered from them by :mod:`warehouse.contract`.
"""

from __future__ import annotations

from warehouse.contract import Column, Table, Type
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import (
    DIM_DOCUMENT,
    DIM_SECTION,
    DOCUMENT_TEXT,
    HEADER_EVIDENCE,
    REJECTED_DOCUMENT,
    REPAIR,
)
from warehouse.mirror_tables import DOCUMENT_SOURCE, DUPLICATE_VALUE
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT, NATIONAL_TARGET
from warehouse.value_tables import (
    BRIDGE_VALUE_RESPONSIBLE_UNIT,
    FACT_INDICATOR_VALUE,
    NUMBER_MENTION,
    REJECTED_VALUE,
)
from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE

TEXT, INTEGER, REAL, BOOLEAN, DATE, TEXT_LIST = Type

QUALITY_RESULT = Table(
    "quality_result",
    "One row per expectation of this build.",
    ("suite", "expectation_id"),
    (
        Column(
            "suite",
            TEXT,
            "Suite of the expectation: a table's rules from the contract and from expectations/suites.",
        ),
        Column("expectation_id", TEXT, "Name of the expectation."),
        Column("table_name", TEXT, "Table it was checked on."),
        Column("column_name", TEXT, "Column it looks at, or one reckoned in the suite's query."),
        Column("expectation_type", TEXT, "Type of expectation, as Great Expectations names it."),
        Column(
            "severity",
            TEXT,
            "hard: failing rows are quarantined; soft: they are counted.",
            allowed=("hard", "soft"),
        ),
        Column("meaning", TEXT, "What must hold, in words."),
        Column("checked_rows", INTEGER, "Rows checked.", "rows"),
        Column("failed_rows", INTEGER, "Rows that did not hold.", "rows"),
        Column(
            "passed", BOOLEAN, "Whether it held: for every row, or for the share of rows its meaning names."
        ),
    ),
)

QUALITY_FAILURE = Table(
    "quality_failure",
    "A sample of the rows that did not hold: the first by key, at most 20 of an expectation. An identifier "
    "may lead nowhere, which some expectations are about; a quarantined value is in rejected_value.",
    ("suite", "expectation_id", "position"),
    (
        *QUALITY_RESULT.columns_of("suite", "expectation_id"),
        Column("position", INTEGER, "Its place in the sample, counted from 1."),
        Column("row_key", TEXT, "Key of the row in its table; of several columns, joined by ' / '."),
        Column("document_id", TEXT, "The document the row comes from.", nullable=True),
        Column("indicator_value_id", TEXT, "The value the row is or speaks of.", nullable=True),
        Column("mention_id", TEXT, "The number the row is or was read from.", nullable=True),
        Column("found", TEXT, "What the row holds, as column = value."),
    ),
)

BUILD_RUN = Table(
    "build_run",
    "One row about the build that made this file. Without a clock: the same input gives the same row.",
    ("build_id",),
    (
        Column(
            "build_id",
            TEXT,
            "Hash of the sources, the corrections, the seeds and the code: equal builds are equal.",
        ),
        Column("code_version", TEXT, "Hash of the code and the seeds."),
        Column("documents_read", INTEGER, "Documents taken in.", "documents"),
        Column("documents_rejected", INTEGER, "Files rejected.", "files"),
        Column("numbers_found", INTEGER, "Numbers accounted for.", "mentions"),
        Column("values_published", INTEGER, "Values in the facts.", "values"),
        Column("values_quarantined", INTEGER, "Values in rejected_value.", "values"),
        Column("checks_failed", INTEGER, "Expectations that did not hold.", "expectations"),
    ),
)

TABLES = (
    DIM_UNIT,
    DIM_INDICATOR,
    DIM_JURISDICTION,
    NATIONAL_TARGET,
    DIM_DOCUMENT,
    DOCUMENT_SOURCE,
    DOCUMENT_TEXT,
    HEADER_EVIDENCE,
    DIM_SECTION,
    NUMBER_MENTION,
    FACT_INDICATOR_VALUE,
    DUPLICATE_VALUE,
    BRIDGE_VALUE_RESPONSIBLE_UNIT,
    REJECTED_DOCUMENT,
    REJECTED_VALUE,
    REPAIR,
    CORRECTION,
    DOCUMENT_VERSION,
    PAST_VALUE,
    QUALITY_RESULT,
    QUALITY_FAILURE,
    BUILD_RUN,
)

# What is read of each document, by itself; the other tables are of the build.
READING = (
    DIM_DOCUMENT,
    DOCUMENT_TEXT,
    HEADER_EVIDENCE,
    DIM_SECTION,
    NUMBER_MENTION,
    FACT_INDICATOR_VALUE,
    BRIDGE_VALUE_RESPONSIBLE_UNIT,
    REPAIR,
)
