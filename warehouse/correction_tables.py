"""The table of corrections: what stewards said of single values, and what became of each."""

from __future__ import annotations

from dataclasses import replace

from warehouse.contract import Column, Table, Type
from warehouse.document_tables import SOURCE_FILE, SPAN
from warehouse.value_tables import FACT_INDICATOR_VALUE

ACTIONS = ("set", "reject", "add")
STATUSES = ("applied", "stale", "superseded")
# What an addition says of its value beside indicator_text.
ADDED = (
    "value_type",
    "comparator",
    "value",
    "value_high",
    "unit",
    "change",
    "period",
    "reference_period",
    "indicator_id",
    "qualifier",
    "jurisdiction_code",
    "jurisdiction_name",
)
FIELDS = ("indicator_text", *ADDED)


def _of_addition(name: str) -> Column:
    """The column of the facts, null unless the correction adds a value."""
    column = FACT_INDICATOR_VALUE.column(name)
    meaning = f"Of an addition: {column.meaning[0].lower()}{column.meaning[1:]}"
    return replace(column, meaning=meaning, nullable=True, references="")


CORRECTION = Table(
    "correction",
    "What stewards corrected: each row of the file of corrections, and what became of it in this build.",
    ("correction_id",),
    (
        Column("correction_id", Type.TEXT, "Identifier of the correction."),
        Column(
            "action",
            Type.TEXT,
            "set: one field of a value; reject: the value is none; add: a value that was missed.",
            allowed=ACTIONS,
        ),
        Column(
            "status",
            Type.TEXT,
            "applied; stale: not applied, as what was read has changed; superseded: not needed, as the rules "
            "read so themselves.",
            allowed=STATUSES,
        ),
        Column("detail", Type.TEXT, "What was done, or why nothing was, in words."),
        Column(
            "corrected_value_id",
            Type.TEXT,
            "The value that was changed, taken out or added; null if not applied. It is in "
            "fact_indicator_value or, if it breaks a hard rule, in rejected_value.",
            nullable=True,
        ),
        Column(
            "indicator_value_id",
            Type.TEXT,
            "The value meant, by its id at the time of correction; null for an addition.",
            nullable=True,
        ),
        SOURCE_FILE,
        Column("document_id", Type.TEXT, "The document meant; it may be gone."),
        *SPAN,
        Column("quote", Type.TEXT, "What stood there when it was corrected."),
        Column(
            "indicator_text",
            Type.TEXT,
            "The indicator's words as the rules read them at the time; of an addition, its own.",
        ),
        Column("field", Type.TEXT, "The column that is set.", nullable=True, allowed=FIELDS),
        Column(
            "old_value",
            Type.TEXT,
            "What was read there at the time; of a rejected value its number.",
            nullable=True,
        ),
        Column("new_value", Type.TEXT, "What it is set to; null takes it away.", nullable=True),
        *map(_of_addition, ADDED),
        Column("who", Type.TEXT, "Who corrected it."),
        Column("corrected_on", Type.DATE, "The day of the correction."),
        Column("why", Type.TEXT, "Why, in the words of who did."),
    ),
)
