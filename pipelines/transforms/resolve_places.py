"""Values to the places they are for."""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference

SHORTEST_NAME = 2  # signs of a place's name


def with_jurisdictions(
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
