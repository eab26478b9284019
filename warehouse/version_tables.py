"""The tables of revised documents: which text stood at a path when, and what was read of the former ones."""

from __future__ import annotations

from dataclasses import replace

from warehouse.contract import Column, Table, Type
from warehouse.document_tables import SOURCE_FILE, VALIDITY
from warehouse.value_views import INDICATOR_VALUES

DOCUMENT_VERSION = Table(
    "document_version",
    "Each text that a revised source file has had, the current one last. A file never revised has no rows.",
    ("source_file", "version"),
    (
        SOURCE_FILE,
        Column("version", Type.INTEGER, "Place in the order of the file's texts, counted from 1."),
        Column("document_id", Type.TEXT, "The text; of those of one file only the last is in dim_document."),
        *VALIDITY,
    ),
)

_KEY = ("indicator_value_id", "source_file", "version")
# A column of the flat view may have been added since such a value was read, so each may be null.
PAST_VALUE = Table(
    "past_value",
    "Values of superseded texts of revised files, as indicator_values last had them.",
    _KEY,
    (
        *(
            replace(
                column,
                nullable=column.name not in _KEY,
                references="",
                allowed=(),
            )
            for column in INDICATOR_VALUES.columns
        ),
        DOCUMENT_VERSION.column("version"),
        *VALIDITY,
    ),
)
