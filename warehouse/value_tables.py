"""The tables of numbers: every one found, the values among them, and who answers for each."""

from __future__ import annotations

from warehouse.contract import Column, Table, Type
from warehouse.document_tables import SOURCE_FILE, SPAN, document_id_column
from warehouse.vocabulary import CHANGES, COMPARATORS

TEXT, INTEGER, REAL, BOOLEAN, DATE, TEXT_LIST = Type

DISPOSITIONS = (
    "fact",
    "date",
    "document_id",
    "ordinal",
    "name",
    "population",
    "reference",
    "rate_base",
    "other",
)
RESPONSIBILITIES = ("lead", "support", "unstated")
RESOLUTIONS = ("name", "qualified_name", "context", "correction")
VALUE_TYPES = ("target", "actual", "baseline")
FLAGS = (
    "coordinated",
    "unit_inferred",
    "damaged",
    "implied",
    "binding",
    "anticipatory",
    "strive",
    "table",
    "corrected",
)

NUMBER_MENTION = Table(
    "number_mention",
    "Every number of every document, with what became of it: a fact, or the reason why not.",
    ("mention_id",),
    (
        Column("mention_id", TEXT, "Hash of document and span."),
        document_id_column(),
        SOURCE_FILE,
        *SPAN,
        Column("mention", TEXT, "The number as written in the raw text."),
        Column("disposition", TEXT, "What the number is.", allowed=DISPOSITIONS),
        Column("detail", TEXT, "A word on why, where the disposition is other.", nullable=True),
        Column("rule_id", TEXT, "The rule that decided."),
        Column("section_id", TEXT, "The section it stands in.", references="dim_section.section_id"),
    ),
    clustered=("document_id", "char_start"),
)

VALUE_COLUMNS = (
    Column("indicator_value_id", TEXT, "Hash of document, span and the fact's place on that span."),
    Column("mention_id", TEXT, "The number it was read from.", references="number_mention.mention_id"),
    document_id_column(),
    SOURCE_FILE,
    *SPAN,
    Column("section_id", TEXT, "The section it stands in.", references="dim_section.section_id"),
    Column(
        "indicator_id",
        TEXT,
        "Canonical indicator, where it is known.",
        nullable=True,
        references="dim_indicator.indicator_id",
    ),
    Column(
        "qualifier",
        TEXT,
        "Words that narrow the canonical indicator (新增, 二级医院): values compare only within one of them.",
        nullable=True,
    ),
    Column("resolved_by", TEXT, "How the indicator was known.", nullable=True, allowed=RESOLUTIONS),
    Column("indicator_text", TEXT, "Indicator in the document's own words, simplified."),
    Column("value_type", TEXT, "To be reached, reached, or a starting point.", allowed=VALUE_TYPES),
    Column(
        "change",
        TEXT,
        "Null for a level; relative (per cent of the base) or absolute (in the unit) for a change.",
        nullable=True,
        allowed=CHANGES,
    ),
    Column("comparator", TEXT, "How the value binds; a change's direction.", allowed=COMPARATORS),
    Column("value", REAL, "The number after its multiplier; the low end of a range.", "see unit"),
    Column("value_high", REAL, "The high end of a range.", "see unit", nullable=True),
    Column("unit", TEXT, "Unit of measure as written, simplified, without multiplier.", nullable=True),
    Column(
        "canonical_value",
        REAL,
        "The value in canonical_unit; of a change in per cent or percentage points, as it is.",
        "see canonical_unit",
        nullable=True,
    ),
    Column(
        "canonical_value_high",
        REAL,
        "The high end of a range in canonical_unit.",
        "see canonical_unit",
        nullable=True,
    ),
    Column(
        "canonical_unit",
        TEXT,
        "The indicator's unit, or of a change its own; null where the unit is not known to convert.",
        nullable=True,
        references="dim_unit.canonical_unit",
    ),
    Column(
        "period",
        TEXT,
        "The year (2025), month (2025-06) or span (2016/2020) that the value belongs to.",
        nullable=True,
    ),
    Column("year", INTEGER, "The year the period ends in.", "year", nullable=True),
    Column("reference_period", TEXT, "Base period of a change.", nullable=True),
    Column(
        "jurisdiction_code",
        TEXT,
        "Place the value is for.",
        nullable=True,
        references="dim_jurisdiction.jurisdiction_code",
    ),
    Column("jurisdiction_name", TEXT, "Chinese name of that place.", nullable=True),
    Column("flags", TEXT_LIST, "What a reader should know of the reading.", allowed=FLAGS),
    Column("quote", TEXT, "The number exactly as it stands in the raw text."),
    Column("sentence", TEXT, "The sentence it stands in, as in the raw text."),
    Column("sentence_start", INTEGER, "Offset of that sentence in the raw text.", "code points"),
    Column("rule_id", TEXT, "The rule that read the value."),
)

FACT_INDICATOR_VALUE = Table(
    "fact_indicator_value",
    "One row per value: an indicator that has, had or shall have it.",
    ("indicator_value_id",),
    VALUE_COLUMNS,
    clustered=("indicator_id", "jurisdiction_code", "year"),
)

REJECTED_VALUE = Table(
    "rejected_value",
    "Values that failed a hard rule: kept here with the rule's name, out of the facts and marts.",
    ("indicator_value_id",),
    (
        *VALUE_COLUMNS,
        Column("failed_rule", TEXT, "Name of the hard rule it failed (the first, if several)."),
        Column("detail", TEXT, "What was found, in words."),
    ),
)

BRIDGE_VALUE_RESPONSIBLE_UNIT = Table(
    "bridge_value_responsible_unit",
    "Who answers for a value: the 责任单位 its document names for it, one row each.",
    ("indicator_value_id", "responsible_unit"),
    (
        Column(
            "indicator_value_id",
            TEXT,
            "The value.",
            references="fact_indicator_value.indicator_value_id",
        ),
        document_id_column("The document that names it."),
        Column("responsible_unit", TEXT, "The unit as named, simplified."),
        Column("position", INTEGER, "Its place in the list, counted from 1."),
        Column("responsibility", TEXT, "Whether it leads or supports.", allowed=RESPONSIBILITIES),
        *SPAN,
    ),
)
