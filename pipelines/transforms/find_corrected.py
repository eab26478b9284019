"""The value a correction means, found also after the rules have changed.

A value's id says its span and its place among the values of that span. Both may change with the rules; what
was read there, the indicator's words and the old value, tells it from its neighbours.
"""

from __future__ import annotations

import polars as pl

from warehouse.contract import Type
from warehouse.correction_tables import FIELDS
from warehouse.value_tables import FACT_INDICATOR_VALUE

REAL = [name for name in FIELDS if FACT_INDICATOR_VALUE.column(name).type is Type.REAL]
NUMBER = "value"  # what the old value of a rejection is


def overlapping() -> pl.Expr:
    """Whether the span of a correction and the one beside it, start to end, have a sign in common."""
    return (pl.col("char_start") < pl.col("end")) & (pl.col("start") < pl.col("char_end"))


def asked_field() -> pl.Expr:
    """The field whose old value a correction tells."""
    return pl.col("field").fill_null(NUMBER)


def plain(text: pl.Expr) -> pl.Expr:
    """``text`` in a form to compare: a number is the same as 15 and as 15.0."""
    number = text.cast(pl.Float64(), strict=False).cast(pl.String)
    return pl.when(asked_field().is_in(REAL)).then(number).otherwise(text)


def readings(values: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row per value and field: found (the value's id), asked (the field) and what it reads, ``name``."""
    texts = values.select(pl.col("indicator_value_id"), *(pl.col(field).cast(pl.String) for field in FIELDS))
    return texts.unpivot(FIELDS, index="indicator_value_id", variable_name="asked", value_name=name).rename(
        {"indicator_value_id": "found"}
    )


def find_values(corrections: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Add ``found``, the id of the value a correction sets or rejects, and ``here``, the words read there.

    The value is that of the same words on the same characters; of several the one of the old value, and of
    those the one of the id. A single value whose words have changed is still the one of its id, unless it
    is to be rejected: what was wrong with it may be mended. ``found`` is null where no one value is meant.
    """
    places = facts.select(
        "document_id",
        "mention_id",
        start="char_start",
        end="char_end",
        text="indicator_text",
        found="indicator_value_id",
    )
    near = (
        corrections.with_columns(asked=asked_field())
        .join(places, on="document_id", maintain_order="left")
        .filter(overlapping())
        .join(readings(facts, "now"), on=["found", "asked"], how="left", maintain_order="left")
    )
    best = near.with_columns(likeness=_likeness()).filter(pl.col("likeness") > 0)
    best = best.filter(pl.col("likeness") == pl.col("likeness").max().over("correction_id"))
    one = best.filter(~pl.col("correction_id").is_duplicated()).select("correction_id", "found")
    here = near.group_by("correction_id").agg(
        here=pl.col("text").unique(maintain_order=True).str.join("”, “")
    )
    return corrections.join(one, on="correction_id", how="left", maintain_order="left").join(
        here, on="correction_id", how="left", maintain_order="left"
    )


def _likeness() -> pl.Expr:
    """How much a value is like the one meant; 0 if it can't be it."""
    mine = pl.col("correction_id")
    same_words = pl.col("text") == pl.col("indicator_text")
    same_id = pl.col("found") == pl.col("indicator_value_id")
    same_value = plain(pl.col("now")).eq_missing(plain(pl.col("old_value")))
    alone = (pl.len().over(mine) == 1) | (pl.col("field") == "indicator_text").fill_null(value=False)
    reworded = ~same_words.any().over(mine) & same_id & alone & (pl.col("action") == "set")
    likeness = 1 + 2 * same_value.cast(pl.Int8) + same_id.cast(pl.Int8)
    return pl.when(same_words | reworded).then(likeness).otherwise(0)
