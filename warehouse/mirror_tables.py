"""The tables of what came in twice: every file with the document it counts as, and the values set aside."""

from __future__ import annotations

from warehouse.contract import Column, Table, Type
from warehouse.document_tables import SOURCE_FILE, document_id_column
from warehouse.value_tables import VALUE_COLUMNS

READ_AS = ("original", "same_bytes", "near_duplicate")

DOCUMENT_SOURCE = Table(
    "document_source",
    "Every file that was read, with the document it is and the one whose values count for it.",
    ("source_file",),
    (
        SOURCE_FILE,
        document_id_column("The document that the bytes of this file are."),
        Column(
            "read_as",
            Type.TEXT,
            "original: its values count; same_bytes: another file holds the very same; near_duplicate: "
            "another document says nearly the same of the same place and years.",
            allowed=READ_AS,
        ),
        Column(
            "counts_as",
            Type.TEXT,
            "The document whose values count: its own or, of a near-duplicate, that which it repeats.",
            references="dim_document.document_id",
        ),
        Column(
            "likeness",
            Type.REAL,
            "Of a near-duplicate: sentences the two documents share by all that either has, as estimated.",
            "share",
            nullable=True,
        ),
    ),
)

DUPLICATE_VALUE = Table(
    "duplicate_value",
    "Values of near-duplicates that the document they repeat has too: kept here, so that each counts once.",
    ("indicator_value_id",),
    (
        *VALUE_COLUMNS,
        Column(
            "counted_value_id",
            Type.TEXT,
            "The same value where it counts; null where a steward's correction rejects it.",
            nullable=True,
            references="fact_indicator_value.indicator_value_id",
        ),
    ),
)
