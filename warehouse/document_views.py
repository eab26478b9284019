"""Views for the people who keep the warehouse, for those who answer for a value, and for comparison."""

from __future__ import annotations

from warehouse.contract import Column, Type, View
from warehouse.document_tables import DIM_DOCUMENT
from warehouse.mirror_tables import DOCUMENT_SOURCE
from warehouse.value_tables import (
    BRIDGE_VALUE_RESPONSIBLE_UNIT,
    DISPOSITIONS,
    FACT_INDICATOR_VALUE,
    NUMBER_MENTION,
)

TEXT, INTEGER, REAL, BOOLEAN, DATE, TEXT_LIST = Type

INDICATOR_NAME = Column("indicator_name", TEXT, "Canonical Chinese name.")
DOCUMENT_TITLE = Column("document_title", TEXT, "Title of the document.", nullable=True)


def _side(which: str) -> tuple[Column, ...]:
    """The columns of one value of a pair."""
    return (
        Column(
            f"{which}_value_id",
            TEXT,
            f"The {which} value; the first is the one whose identifier sorts first.",
            references="fact_indicator_value.indicator_value_id",
        ),
        Column(
            f"{which}_comparator",
            TEXT,
            "How it binds; a change's direction.",
            allowed=FACT_INDICATOR_VALUE.column("comparator").allowed,
        ),
        Column(f"{which}_value", REAL, "Its canonical value.", "see canonical_unit"),
        Column(f"{which}_value_high", REAL, "The high end, of a range.", "see canonical_unit", nullable=True),
        Column(f"{which}_quote", TEXT, "Its number as in the raw text."),
        Column(f"{which}_sentence", TEXT, "Its sentence as in the raw text."),
        Column(
            f"{which}_document_id", TEXT, "The document it is from.", references="dim_document.document_id"
        ),
        Column(f"{which}_document_title", TEXT, "Title of that document.", nullable=True),
    )


CONFLICTS = View(
    "conflicts",
    "Pairs of values that should agree and don't: of one indicator (and qualifier), place, period, kind of "
    "value, kind of change with its base period, and canonical unit, in the same document or in two. Each "
    "pair stands once. Two targets for one due year are such a pair. A comparator alone makes no pair: at "
    "least 90 beside 90. Of values reached, neither does a bound that the other keeps: over 90 beside 92. "
    "Not compared: values without canonical indicator, place, period or canonical unit, and a year with a "
    "span or month in it.",
    (
        *FACT_INDICATOR_VALUE.columns_of("indicator_id"),
        INDICATOR_NAME,
        *FACT_INDICATOR_VALUE.columns_of(
            "qualifier",
            "jurisdiction_code",
            "jurisdiction_name",
            "period",
            "value_type",
            "change",
            "reference_period",
            "canonical_unit",
        ),
        *_side("first"),
        *_side("second"),
        Column(
            "difference",
            REAL,
            "Second value less the first, a decrease counted as negative; of ranges that begin alike, by "
            "their high ends.",
            "see canonical_unit",
        ),
        Column(
            "relative_difference",
            REAL,
            "The difference by the size of the first value; null where that is 0.",
            "share",
            nullable=True,
        ),
    ),
)

DOCUMENT_COVERAGE = View(
    "document_coverage",
    "One row per document: how much of it was read, and how far. Files that could not be taken in have no "
    "row here; they are in rejected_document.",
    (
        *DIM_DOCUMENT.columns_of(
            "document_id",
            "source_file",
            "title",
            "document_type",
            "jurisdiction_code",
            "jurisdiction_name",
            "period_start",
            "period_end",
            "char_count",
            "topic",
        ),
        Column("numbers", INTEGER, "Numbers found.", "mentions"),
        *(Column(f"numbers_{d}", INTEGER, f"Those with disposition {d}.", "mentions") for d in DISPOSITIONS),
        Column(
            "share_unread",
            REAL,
            "Numbers with disposition other, by all numbers; null where there are none.",
            "share",
            nullable=True,
        ),
        Column("values_published", INTEGER, "Values in the facts.", "values"),
        Column("values_resolved", INTEGER, "Those with a canonical indicator.", "values"),
        Column("share_resolved", REAL, "Those by all values.", "share", nullable=True),
        Column("rate_values", INTEGER, "Values in a unit of proportion: %, ‰, /10万.", "values"),
        Column(
            "share_rates_resolved",
            REAL,
            "Those with a canonical indicator by all in a unit of proportion.",
            "share",
            nullable=True,
        ),
        Column("values_without_period", INTEGER, "Values with no period.", "values"),
        Column("values_without_place", INTEGER, "Values with no jurisdiction_code.", "values"),
        Column("values_without_unit", INTEGER, "Values with no unit, written or inferred.", "values"),
        Column("values_assigned", INTEGER, "Values that a responsible unit answers for.", "values"),
        Column("values_quarantined", INTEGER, "Values in rejected_value.", "values"),
        Column("values_set_aside", INTEGER, "Values in duplicate_value: they count in mirror_of.", "values"),
        Column(
            "mirror_of",
            TEXT,
            "Of a near-duplicate, the document it repeats.",
            nullable=True,
            references="dim_document.document_id",
        ),
        Column("repairs", INTEGER, "Places where lost characters were restored.", "repairs"),
    ),
    stored=("source_file", "document_id"),
)

MIRROR_DIFFERENCES = View(
    "mirror_differences",
    "Where a document and its near-duplicate differ: values that only one of the two has. They all count.",
    (
        Column("document_id", TEXT, "The original.", references="dim_document.document_id"),
        Column("mirror_document_id", TEXT, "The near-duplicate.", references="dim_document.document_id"),
        *DOCUMENT_SOURCE.columns_of("likeness"),
        Column("stands_in", TEXT, "Which of the two has the value.", allowed=("original", "near_duplicate")),
        *FACT_INDICATOR_VALUE.columns_of(
            "indicator_value_id",
            "source_file",
            "char_start",
            "indicator_text",
            "value_type",
            "change",
            "comparator",
            "value",
            "value_high",
            "unit",
            "period",
            "jurisdiction_name",
            "quote",
            "sentence",
        ),
    ),
)

COMMITMENTS_BY_RESPONSIBLE_UNIT = View(
    "commitments_by_responsible_unit",
    "What each unit answers for: one row per responsible unit and value, of whatever value_type.",
    (
        *BRIDGE_VALUE_RESPONSIBLE_UNIT.columns_of("responsible_unit", "responsibility"),
        Column("indicator", TEXT, "Canonical Chinese name or, where it is not known, the document's words."),
        *FACT_INDICATOR_VALUE.columns_of(
            "value_type",
            "change",
            "comparator",
            "value",
            "value_high",
            "unit",
            "period",
            "year",
            "jurisdiction_code",
            "jurisdiction_name",
            "indicator_value_id",
            "document_id",
        ),
        DOCUMENT_TITLE,
        *FACT_INDICATOR_VALUE.columns_of("sentence"),
    ),
    stored=("responsible_unit", "indicator", "indicator_value_id"),
)

UNRESOLVED_INDICATORS = View(
    "unresolved_indicators",
    "For the steward of seeds/reference/indicators.csv: what the documents call the indicators that are not "
    "known, the most frequent first.",
    (
        *FACT_INDICATOR_VALUE.columns_of("indicator_text", "unit"),
        Column("values_found", INTEGER, "Values of that name and unit.", "values"),
        Column("documents", INTEGER, "Documents they are in.", "documents"),
        Column("places", INTEGER, "Places they are for, as far as known.", "places"),
        Column(
            "example_value_id",
            TEXT,
            "The first of them, by file and offset.",
            references="fact_indicator_value.indicator_value_id",
        ),
        Column("example_document_id", TEXT, "Its document.", references="dim_document.document_id"),
        Column("example_sentence", TEXT, "Its sentence as in the raw text."),
    ),
    stored=("values_found DESC", "documents DESC", "indicator_text", "unit"),
)

UNRESOLVED_JURISDICTIONS = View(
    "unresolved_jurisdictions",
    "For the steward of seeds/reference/jurisdictions.csv: places named without a code found for them, the "
    "most frequent first. A row without a name counts what names no place at all.",
    (
        Column("jurisdiction_name", TEXT, "The place as named.", nullable=True),
        Column("documents", INTEGER, "Documents that speak for it.", "documents"),
        Column("values_found", INTEGER, "Values that are for it.", "values"),
        Column(
            "example_document_id",
            TEXT,
            "The first document that speaks for it or has a value for it, by file.",
            references="dim_document.document_id",
        ),
        NUMBER_MENTION.column("source_file"),
        Column(
            "example_sentence",
            TEXT,
            "The first sentence with such a value.",
            nullable=True,
        ),
    ),
    stored=("values_found + documents DESC", "jurisdiction_name"),
)
