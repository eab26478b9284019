"""Every table of the warehouse: its columns, types, units, keys, allowed values and meanings.

This is the one place they are written. ``docs/data_dictionary.md``, the polars and Parquet schemas, the
DuckDB comments and the Dagster metadata are rendered from it by :mod:`warehouse.contract`.
"""

from __future__ import annotations

from warehouse.contract import Column, Table, Type
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT

TEXT, INTEGER, REAL, BOOLEAN, DATE, TEXT_LIST = Type

DOCUMENT_TYPES = (
    "work_priorities",
    "five_year_plan",
    "special_plan",
    "review_and_plan",
    "review",
    "work_plan",
    "implementation_plan",
    "action_plan",
    "bulletin",
    "appraisal_scheme",
    "notice",
    "other",
)
SECTION_ROLES = ("review", "plan", "aims", "responsible_units")
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
VALUE_TYPES = ("target", "actual", "baseline")
CHANGES = ("relative", "absolute")
COMPARATORS = ("eq", "ge", "le", "gt", "lt", "approx", "between", "increase", "decrease")
FLAGS = (
    "coordinated",
    "unit_inferred",
    "damaged",
    "implied",
    "binding",
    "anticipatory",
    "strive",
    "table",
)
REJECTION_REASONS = (
    "empty",
    "blank",
    "binary",
    "undecodable",
    "unreadable",
    "duplicate",
    "link_outside_source",
)
LEVELS = ("country", "province", "prefecture", "county")


def _document_id(meaning: str = "The document the row comes from.") -> Column:
    return Column("document_id", TEXT, meaning, references="dim_document.document_id")


_SOURCE_FILE = Column("source_file", TEXT, "Path of the text below its source folder, with forward slashes.")
_SPAN = (
    Column(
        "char_start",
        INTEGER,
        "Offset of the first character in the decoded raw file, counted from 0.",
        "code points",
    ),
    Column("char_end", INTEGER, "Offset after the last character in the decoded raw file.", "code points"),
)

DIM_DOCUMENT = Table(
    "dim_document",
    "One row per document that could be read: what its header says of it.",
    ("document_id",),
    (
        Column("document_id", TEXT, "First 16 hex digits of the SHA-256 of the file's bytes."),
        _SOURCE_FILE,
        Column("content_sha256", TEXT, "SHA-256 of the file's bytes."),
        Column("size_bytes", INTEGER, "Size of the file.", "bytes"),
        Column("encoding", TEXT, "Encoding the text was read in, as Python names it."),
        Column("char_count", INTEGER, "Length of the decoded raw text.", "code points"),
        Column(
            "script",
            TEXT,
            "Script the text is printed in.",
            allowed=("simplified", "traditional", "traditional_with_pinyin"),
        ),
        Column("title", TEXT, "Title of the document, simplified.", nullable=True),
        Column("document_type", TEXT, "Kind of document.", nullable=True, allowed=DOCUMENT_TYPES),
        Column("issuer", TEXT, "Authority that signed it, as signed.", nullable=True),
        Column("document_number", TEXT, "Official number (发文字号), brackets restored.", nullable=True),
        Column("issued_on", DATE, "Date of signature (成文日期).", nullable=True),
        Column("published_on", DATE, "Date of publication; an upload stamp is none.", nullable=True),
        Column(
            "jurisdiction_code",
            TEXT,
            "Place the document speaks for.",
            nullable=True,
            references="dim_jurisdiction.jurisdiction_code",
        ),
        Column("jurisdiction_name", TEXT, "Chinese name of that place.", nullable=True),
        Column("period_start", INTEGER, "First year the document speaks for.", "year", nullable=True),
        Column("period_end", INTEGER, "Last year the document speaks for.", "year", nullable=True),
    ),
)

HEADER_EVIDENCE = Table(
    "header_evidence",
    "How each header field of a document was found: no row, no value.",
    ("document_id", "field"),
    (
        _document_id(),
        Column("field", TEXT, "Column of dim_document."),
        Column("value", TEXT, "The value found, as text."),
        Column("found_by", TEXT, "The way it was found: the label, line or rule that gave it."),
    ),
)

DIM_SECTION = Table(
    "dim_section",
    "One row per heading of a document, and one (level 0) for what stands before the first.",
    ("section_id",),
    (
        Column("section_id", TEXT, "Hash of the document and the section's offset."),
        _document_id(),
        *_SPAN,
        Column("level", INTEGER, "Depth in the heading tree; 0 is the document itself."),
        Column("title", TEXT, "The heading, simplified; empty at level 0."),
        Column("section_path", TEXT, "Headings from the outermost to this one, joined by ' / '."),
        Column("role", TEXT, "What the section does.", allowed=SECTION_ROLES),
        Column("period", TEXT, "Year the section speaks for, where it or its document says.", nullable=True),
    ),
)

NUMBER_MENTION = Table(
    "number_mention",
    "Every number of every document, with what became of it: a fact, or the reason why not.",
    ("mention_id",),
    (
        Column("mention_id", TEXT, "Hash of document and span."),
        _document_id(),
        _SOURCE_FILE,
        *_SPAN,
        Column("mention", TEXT, "The number as written in the raw text."),
        Column("disposition", TEXT, "What the number is.", allowed=DISPOSITIONS),
        Column("detail", TEXT, "A word on why, where the disposition is other.", nullable=True),
        Column("rule_id", TEXT, "The rule that decided."),
        Column("section_id", TEXT, "The section it stands in.", references="dim_section.section_id"),
    ),
)

_VALUE_COLUMNS = (
    Column("indicator_value_id", TEXT, "Hash of document, span and the fact's place on that span."),
    Column("mention_id", TEXT, "The number it was read from.", references="number_mention.mention_id"),
    _document_id(),
    _SOURCE_FILE,
    *_SPAN,
    Column("section_id", TEXT, "The section it stands in.", references="dim_section.section_id"),
    Column(
        "indicator_id",
        TEXT,
        "Canonical indicator, where it is known.",
        nullable=True,
        references="dim_indicator.indicator_id",
    ),
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
        "period",
        TEXT,
        "The year (2025), month (2025-06) or span (2016/2020) that the value belongs to.",
        nullable=True,
    ),
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
    _VALUE_COLUMNS,
)

REJECTED_VALUE = Table(
    "rejected_value",
    "Values that failed a hard rule: kept here with the rule's name, out of the facts and marts.",
    ("indicator_value_id",),
    (
        *_VALUE_COLUMNS,
        Column("failed_rule", TEXT, "Name of the hard rule it failed (the first, if several)."),
        Column("detail", TEXT, "What was found, in words."),
    ),
)

REJECTED_DOCUMENT = Table(
    "rejected_document",
    "Files that could not be taken in, with the reason.",
    ("source_file", "reason"),
    (
        _SOURCE_FILE,
        Column("reason", TEXT, "Why it was not taken in.", allowed=REJECTION_REASONS),
        Column("detail", TEXT, "What was found and what to do about it."),
    ),
)

REPAIR = Table(
    "repair",
    "Every place where the source had lost characters and the document allowed one reading.",
    ("repair_id",),
    (
        Column("repair_id", TEXT, "Hash of document and span."),
        _document_id(),
        _SOURCE_FILE,
        *_SPAN,
        Column("before", TEXT, "The raw text."),
        Column("after", TEXT, "The text it was read as."),
        Column("reason", TEXT, "Why this is the one reading."),
        Column("rule_id", TEXT, "The rule that repaired it."),
    ),
)

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

BUILD_RUN = Table(
    "build_run",
    "One row about the build that made this file. Without a clock: the same input gives the same row.",
    ("build_id",),
    (
        Column("build_id", TEXT, "Hash of the sources, the seeds and the code: equal builds are equal."),
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
    DIM_DOCUMENT,
    HEADER_EVIDENCE,
    DIM_SECTION,
    DIM_INDICATOR,
    DIM_UNIT,
    DIM_JURISDICTION,
    FACT_INDICATOR_VALUE,
    NUMBER_MENTION,
    REJECTED_DOCUMENT,
    REJECTED_VALUE,
    REPAIR,
    QUALITY_RESULT,
    BUILD_RUN,
)
