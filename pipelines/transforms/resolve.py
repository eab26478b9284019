"""Facts in the document's words to canonical indicators, units and places, as far as they are known."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.keys import content_id
from pipelines.transforms.quantities import TIMES

PERCENT = "%"
SHORTEST_NAME = 2  # signs of a place's name
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
        values.pipe(_places, dim_document, lexicons, reference)
        .pipe(_indicators, reference)
        .pipe(_units, reference)
        .pipe(_damaged, repair)
        .with_columns(change=_change())
        .pipe(_canonical, reference)
        .with_columns(
            qualifier=pl.lit(None, pl.String),
            resolved_by=pl.when(pl.col("indicator_id").is_not_null()).then(pl.lit("name")),
            year=pl.col("period").str.split("/").list.last().str.head(4).cast(pl.Int64),
            quote=_raw("char_start", "char_end"),
            sentence=pl.col("raw_sentence").str.strip_chars(),
            sentence_start=pl.col("raw_sentence_start") + _indent(pl.col("raw_sentence")),
        )
        .pipe(content_id, "indicator_value_id", "document_id", "char_start", "char_end", "fact_no")
    )


def _raw(start: str, end: str) -> pl.Expr:
    offset = pl.col(start) - pl.col("raw_sentence_start")
    return pl.col("raw_sentence").str.slice(offset, pl.col(end) - pl.col(start))


def _indent(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().cast(pl.Int64) - text.str.strip_chars_start().str.len_chars().cast(pl.Int64)


def _change() -> pl.Expr:
    """A change in per cent or times is relative to its base, one in the unit (percentage points) absolute."""
    kind = (
        pl.when(pl.col("unit").is_in([PERCENT, TIMES])).then(pl.lit("relative")).otherwise(pl.lit("absolute"))
    )
    return pl.when(pl.col("direction").is_not_null()).then(kind)


def _indicators(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """``indicator_id`` where the document's words are a name or alias of exactly one indicator."""
    named = reference.indicator_aliases.filter(pl.col("alias").is_unique())
    key = pl.col("indicator_text").str.replace("平均$", "")
    return values.with_columns(alias=key).join(
        named.select("alias", "indicator_id", canonical_unit="unit"),
        on="alias",
        how="left",
        maintain_order="left",
    )


def _units(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """A unit the source leaves out, where the indicator has but one; flagged ``unit_inferred``."""
    surfaces = (
        reference.units.filter((pl.col("kind") == "unit") & (pl.col("factor") == 1))
        .sort(pl.col("surface_unit") == pl.col("canonical_unit"), descending=True, maintain_order=True)
        .unique("canonical_unit", keep="first", maintain_order=True)
        .select("canonical_unit", surface="surface_unit")
    )
    joined = values.join(surfaces, on="canonical_unit", how="left", maintain_order="left")
    inferred = pl.col("unit").is_null() & pl.col("surface").is_not_null()
    return joined.with_columns(
        unit=pl.coalesce("unit", "surface"),
        flags=_flagged("unit_inferred", inferred),
    )


def _canonical(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """The value in its indicator's unit, where the written unit is known and converts to it."""
    written = reference.units.select(unit="surface_unit", written_unit="canonical_unit", factor="factor")
    joined = values.join(written, on="unit", how="left", maintain_order="left")
    converts = pl.col("written_unit") == pl.col("canonical_unit")
    known = pl.when(pl.col("change").is_not_null() | converts)
    return joined.with_columns(
        canonical_value=known.then(pl.col("value") * pl.col("factor")),
        canonical_value_high=known.then(pl.col("value_high") * pl.col("factor")),
        canonical_unit=known.then("written_unit"),
    )


def _flagged(flag: str, condition: pl.Expr) -> pl.Expr:
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
        values.with_row_index("_row")
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
    return near.with_columns(flags=_flagged("damaged", pl.col("_repaired").is_not_null())).drop(
        "_row", "_repaired"
    )


def _places(
    values: pl.DataFrame, dim_document: pl.DataFrame, lexicons: Lexicons, reference: Reference
) -> pl.DataFrame:
    """The place the sentence names, or one below the document's that the indicator's words begin with.

    Else the document's own. A name is taken off the indicator, unless an institution of the place follows.
    """
    below = reference.current_jurisdictions.select(
        _code="jurisdiction_code", _name="name_zh", jurisdiction_code="parent_code"
    ).unique(["_name", "jurisdiction_code"], keep="none")
    names = reference.current_jurisdictions["name_zh"].unique().sort()
    text = pl.col("indicator_text")
    # Few texts begin as any name does, so that few are searched for all of them.
    heads = names.str.head(SHORTEST_NAME).unique().implode()
    likely = pl.when(text.str.head(SHORTEST_NAME).is_in(heads)).then(text)
    own = dim_document.select("document_id", "jurisdiction_code", "jurisdiction_name")
    begins = likely.str.extract_many(names.to_list(), leftmost=True).list.first()
    rest = pl.col("indicator_text").str.slice(pl.col("_name").str.len_chars())
    institution = rest.str.contains(lexicons["place_words"].pattern("institution"))
    # 天河、白云区2个区: a number of places is not the value of the last of them.
    counting = pl.col("after").str.contains("^个?[市县区镇乡]")
    placed = (
        values.join(own, on="document_id", how="left", maintain_order="left")
        .with_columns(_name=begins)
        .with_columns(_name=pl.when(text.str.starts_with(pl.col("_name"))).then("_name"))
        .with_columns(_name=pl.when(~institution & ~counting & (rest != "")).then("_name"))
        .with_columns(_own=pl.col("_name") == pl.col("jurisdiction_name"))
        .join(below, on=["_name", "jurisdiction_code"], how="left", maintain_order="left")
    )
    said = pl.col("place_name").is_not_null()
    inside = ~said & pl.col("_code").is_not_null()
    of_text = inside | pl.col("_own").fill_null(value=False)
    return placed.with_columns(
        jurisdiction_code=pl.when(said)
        .then("place_code")
        .otherwise(pl.coalesce("_code", "jurisdiction_code")),
        jurisdiction_name=pl.when(said)
        .then("place_name")
        .when(inside)
        .then("_name")
        .otherwise("jurisdiction_name"),
        indicator_text=pl.when(of_text).then(rest).otherwise("indicator_text"),
    ).drop("_code", "_name", "_own")
