"""The flat view of values, and the same with the values of superseded texts."""

from __future__ import annotations

from dataclasses import replace

from warehouse.contract import Column, Type, View
from warehouse.document_tables import DIM_DOCUMENT, DIM_SECTION, VALIDITY
from warehouse.value_tables import FACT_INDICATOR_VALUE

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

INDICATOR_VALUE_HISTORY = View(
    "indicator_value_history",
    "indicator_values and past_value together, each with the days it holds: as of a day d are those with "
    "coalesce(valid_from <= d, true) and coalesce(valid_to > d, true).",
    (*(replace(column, nullable=True, allowed=()) for column in INDICATOR_VALUES.columns), *VALIDITY),
)
