"""The tables of documents: what was taken in, how it is built, what was rejected or repaired."""

from __future__ import annotations

from warehouse.contract import Column, Table, Type

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
REJECTION_REASONS = (
    "empty",
    "blank",
    "binary",
    "undecodable",
    "unreadable",
    "link_outside_source",
    "changed_meanwhile",
    "too_large",
    "too_many_numbers",
)
TOPICS = ("health_policy", "off_topic")


def document_id_column(meaning: str = "The document the row comes from.") -> Column:
    """The column that names the document a row comes from."""
    return Column("document_id", TEXT, meaning, references="dim_document.document_id")


SOURCE_FILE = Column("source_file", TEXT, "Path of the text below its source folder, with forward slashes.")
SPAN = (
    Column(
        "char_start",
        INTEGER,
        "Offset of the first character in the decoded raw file, counted from 0.",
        "code points",
    ),
    Column("char_end", INTEGER, "Offset after the last character in the decoded raw file.", "code points"),
)

# Days, for the facts hold no time; a text that stood for less than a day is of no day.
VALIDITY = (
    Column(
        "valid_from",
        DATE,
        "Day (UTC) of the first build that found this text there; null if it was the first text known.",
        nullable=True,
    ),
    Column(
        "valid_to",
        DATE,
        "Day (UTC) of the build that found another text there; null if it is the current one.",
        nullable=True,
    ),
)

DIM_DOCUMENT = Table(
    "dim_document",
    "One row per document that could be read: what its header says of it.",
    ("document_id",),
    (
        Column("document_id", TEXT, "First 16 hex digits of the SHA-256 of the file's bytes."),
        SOURCE_FILE,
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
        Column(
            "topic",
            TEXT,
            "Whether it is about health policy, by its words; the values of one that is off_topic are "
            "quarantined.",
            allowed=TOPICS,
        ),
    ),
)

DOCUMENT_TEXT = Table(
    "document_text",
    "The text of each document as decoded, to which all offsets refer.",
    ("document_id",),
    (document_id_column(), Column("raw_text", TEXT, "The whole text, line ends as they were.")),
    long=True,
)

HEADER_EVIDENCE = Table(
    "header_evidence",
    "How each header field of a document was found: no row, no value.",
    ("document_id", "field"),
    (
        document_id_column(),
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
        document_id_column(),
        *SPAN,
        Column("level", INTEGER, "Depth in the heading tree; 0 is the document itself."),
        Column("title", TEXT, "The heading, simplified; empty at level 0."),
        Column("section_path", TEXT, "Headings from the outermost to this one, joined by ' / '."),
        Column("role", TEXT, "What the section does.", allowed=SECTION_ROLES),
        Column("period", TEXT, "Year the section speaks for, where it or its document says.", nullable=True),
    ),
    clustered=("document_id", "char_start"),
)

REJECTED_DOCUMENT = Table(
    "rejected_document",
    "Files that could not be taken in, with the reason.",
    ("source_file", "reason"),
    (
        SOURCE_FILE,
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
        document_id_column(),
        SOURCE_FILE,
        *SPAN,
        Column("before", TEXT, "The raw text."),
        Column("after", TEXT, "The text it was read as."),
        Column("reason", TEXT, "Why this is the one reading."),
        Column("rule_id", TEXT, "The rule that repaired it."),
    ),
)
