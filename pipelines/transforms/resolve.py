"""Facts in the document's words to canonical indicators, units and places, as far as they are known."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.keys import content_id
from pipelines.transforms.quantities import TIMES
from pipelines.transforms.resolve_indicators import with_indicator_ids
from pipelines.transforms.resolve_places import with_jurisdictions
from pipelines.transforms.resolve_units import with_canonical_values, with_inferred_units, with_written_units

PERCENT = "%"
NEAR = 8  # signs between a value and a repair that may have changed its reading


class Resolved(NamedTuple):
    """``fact_indicator_value`` as the table, before validation."""

    fact_indicator_value: pl.DataFrame


def resolve(
    values: pl.DataFrame,
    repair: pl.DataFrame,
    dim_document: pl.DataFrame,
    lexicons: Lexicons,
    reference: Reference,
) -> Resolved:
    """Resolve ``values`` (see :class:`pipelines.transforms.values.Read`); what is not known stays null.

    A value that stands within a few signs of a ``repair`` is flagged ``damaged``.
    """
    return Resolved(
        values.pipe(with_jurisdictions, dim_document, lexicons, reference)
        .with_columns(change=pl.when(pl.col("direction").is_not_null()).then(kind_of_change()))
        .pipe(with_written_units, reference)
        .pipe(with_indicator_ids, lexicons, reference)
        .pipe(with_inferred_units, reference)
        .pipe(with_canonical_values)
        .with_columns(flags=flagged("unit_inferred", pl.col("inferred")), year=year_of(pl.col("period")))
        .pipe(_damaged, repair)
        .pipe(with_raw_words)
        .pipe(content_id, "indicator_value_id", "document_id", "char_start", "char_end", "fact_no")
    )


def with_raw_words(values: pl.DataFrame) -> pl.DataFrame:
    """Add quote, sentence and sentence_start as the raw text has them; clean_sentence is the clean one."""
    return values.with_columns(
        clean_sentence="sentence",
        quote=_raw("char_start", "char_end"),
        sentence=pl.col("raw_sentence").str.strip_chars(),
        sentence_start=pl.col("raw_sentence_start") + _indent(pl.col("raw_sentence")),
    )


def year_of(period: pl.Expr) -> pl.Expr:
    """The year that ``period`` (2025, 2025-06, 2016/2020) ends in."""
    return period.str.split("/").list.last().str.head(4).cast(pl.Int64)


def _raw(start: str, end: str) -> pl.Expr:
    offset = pl.col(start) - pl.col("raw_sentence_start")
    return pl.col("raw_sentence").str.slice(offset, pl.col(end) - pl.col(start))


def _indent(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().cast(pl.Int64) - text.str.strip_chars_start().str.len_chars().cast(pl.Int64)


def kind_of_change() -> pl.Expr:
    """A change in per cent or times is relative to its base, one in the unit (percentage points) absolute."""
    relative = pl.col("unit").is_in([PERCENT, TIMES])
    return pl.when(relative).then(pl.lit("relative")).otherwise(pl.lit("absolute"))


def flagged(flag: str, condition: pl.Expr | pl.Series) -> pl.Expr:
    """The flags with ``flag`` among them where ``condition`` holds."""
    return (
        pl.when(condition)
        .then(pl.concat_list("flags", pl.lit([flag])))
        .otherwise("flags")
        .list.unique(maintain_order=True)
    )


def _damaged(values: pl.DataFrame, repair: pl.DataFrame) -> pl.DataFrame:
    """Flag the values beside a repair; the values stay in the order they come in."""
    places = repair.select("document_id", "char_start", _repaired="char_end").sort("char_start")
    near = (
        values.select("document_id", "char_start")
        .with_row_index("_row")
        .sort("char_start")
        .join_asof(
            places,
            on="char_start",
            by="document_id",
            strategy="nearest",
            tolerance=NEAR,
            check_sortedness=False,
        )
        .sort("_row")
    )
    return values.with_columns(flags=flagged("damaged", near["_repaired"].is_not_null()))
