"""Every published view: its columns and their meanings; the query is ``warehouse/marts/<name>.sql``.

They stand in the order they are made: a view may read the ones before it.
"""

from __future__ import annotations

from warehouse.contract import Column, Type, View
from warehouse.document_tables import DIM_DOCUMENT, DIM_SECTION
from warehouse.document_views import (
    COMMITMENTS_BY_RESPONSIBLE_UNIT,
    CONFLICTS,
    DOCUMENT_COVERAGE,
    MIRROR_DIFFERENCES,
    UNRESOLVED_INDICATORS,
    UNRESOLVED_JURISDICTIONS,
)
from warehouse.gho_view import GHO_INDICATOR_VALUES
from warehouse.target_views import TARGET_VIEWS
from warehouse.value_tables import FACT_INDICATOR_VALUE, NUMBER_MENTION

INDICATOR_VALUES = View(
    "indicator_values",
    "Values with their document, section and indicator in one wide row each.",
    (
        *FACT_INDICATOR_VALUE.columns_of(
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
        *FACT_INDICATOR_VALUE.columns_of(
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
        *DIM_SECTION.columns_of("section_path"),
        Column("document_title", Type.TEXT, "Title of the document.", nullable=True),
        *DIM_DOCUMENT.columns_of("document_type", "issuer"),
        *FACT_INDICATOR_VALUE.columns_of("rule_id"),
        Column("also_in", Type.TEXT_LIST, "Other files that say it too, where it does not count again."),
    ),
)

MENTION_DISPOSITIONS = View(
    "mention_dispositions",
    "How many numbers of each document are facts, and why the others are not.",
    (
        *NUMBER_MENTION.columns_of("document_id", "source_file", "disposition", "detail"),
        Column("mentions", Type.INTEGER, "Numbers.", "mentions"),
    ),
)

VIEWS = (
    INDICATOR_VALUES,
    MENTION_DISPOSITIONS,
    *TARGET_VIEWS,
    CONFLICTS,
    DOCUMENT_COVERAGE,
    MIRROR_DIFFERENCES,
    COMMITMENTS_BY_RESPONSIBLE_UNIT,
    GHO_INDICATOR_VALUES,
    UNRESOLVED_INDICATORS,
    UNRESOLVED_JURISDICTIONS,
)
