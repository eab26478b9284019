"""Every published view: its columns and their meanings; the query is ``warehouse/marts/<name>.sql``."""

from __future__ import annotations

from warehouse.contract import Column, Table, Type, View
from warehouse.document_tables import DIM_DOCUMENT, DIM_SECTION
from warehouse.value_tables import FACT_INDICATOR_VALUE, NUMBER_MENTION


def _from(table: Table, *names: str) -> tuple[Column, ...]:
    return tuple(table.column(name) for name in names)


INDICATOR_VALUES = View(
    "indicator_values",
    "Values with their document, section and indicator in one wide row each.",
    (
        *_from(
            FACT_INDICATOR_VALUE,
            "indicator_value_id",
            "document_id",
            "source_file",
            "char_start",
            "char_end",
            "indicator_id",
        ),
        Column(
            "indicator_name",
            Type.TEXT,
            "Canonical Chinese name, where the indicator is known.",
            nullable=True,
        ),
        *_from(
            FACT_INDICATOR_VALUE,
            "indicator_text",
            "value_type",
            "change",
            "comparator",
            "value",
            "value_high",
            "unit",
            "period",
            "reference_period",
            "jurisdiction_code",
            "jurisdiction_name",
            "flags",
            "quote",
            "sentence",
        ),
        *_from(DIM_SECTION, "section_path"),
        Column("document_title", Type.TEXT, "Title of the document.", nullable=True),
        *_from(DIM_DOCUMENT, "document_type", "issuer"),
        *_from(FACT_INDICATOR_VALUE, "rule_id"),
    ),
)

MENTION_DISPOSITIONS = View(
    "mention_dispositions",
    "How many numbers of each document are facts, and why the others are not.",
    (
        *_from(NUMBER_MENTION, "document_id", "source_file", "disposition", "detail"),
        Column("mentions", Type.INTEGER, "Numbers.", "mentions"),
    ),
)

VIEWS = (INDICATOR_VALUES, MENTION_DISPOSITIONS)
