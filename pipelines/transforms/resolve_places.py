"""Values to the places they are for."""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.gazetteer import candidates, inside, longest_first, settled, year_of_writing

SHORTEST_NAME = 2  # signs of a place's name
# 天河、白云区2个区: a number of places is not the value of the last of them.
COUNTED = "^个?[市县区镇乡]"


def with_jurisdictions(
    values: pl.DataFrame, dim_document: pl.DataFrame, lexicons: Lexicons, reference: Reference
) -> pl.DataFrame:
    """Add jurisdiction_code and jurisdiction_name; take a place's name off indicator_text.

    The place is the one the sentence names, else the one that the indicator's words begin with, else the
    document's own. A name stays with the words where an institution of the place follows.
    """
    own = dim_document.select(
        "document_id", "jurisdiction_name", own_code="jurisdiction_code", year=year_of_writing()
    )
    text, name = pl.col("indicator_text"), pl.col("_name")
    placed = (
        values.join(own, on="document_id", how="left", maintain_order="left")
        .with_columns(_name=_first_name(reference))
        .with_columns(_rest=text.str.slice(name.str.len_chars()))
        .with_columns(_name=pl.when(_stands_for_itself(lexicons)).then("_name"))
        .pipe(_with_codes, reference)
    )
    said, other = pl.col("place_name").is_not_null(), pl.col("_other").fill_null(value=False)
    of_text = (~said & other) | (name == pl.col("jurisdiction_name")).fill_null(value=False)
    return placed.with_columns(
        jurisdiction_code=pl.when(said).then("place_code").when(other).then("_code").otherwise("own_code"),
        jurisdiction_name=pl.when(said)
        .then("place_name")
        .when(other)
        .then("_name")
        .otherwise("jurisdiction_name"),
        indicator_text=pl.when(of_text).then("_rest").otherwise("indicator_text"),
    ).drop("_code", "_name", "_rest", "_other", "own_code", "year")


def _first_name(reference: Reference) -> pl.Expr:
    """The name of a place that the text begins with."""
    text = pl.col("indicator_text")
    names = longest_first(reference.place_names.filter("current")["jurisdiction_name"])
    # Few texts begin as any name does, so that few are searched for all of them.
    heads = pl.Series(names).str.head(SHORTEST_NAME).unique().implode()
    likely = pl.when(text.str.head(SHORTEST_NAME).is_in(heads)).then(text)
    found = likely.str.extract_many(names, leftmost=True).list.first()
    return pl.when(text.str.starts_with(found)).then(found)


def _stands_for_itself(lexicons: Lexicons) -> pl.Expr:
    institution = pl.col("_rest").str.contains(lexicons["place_words"].pattern("institution"))
    return ~institution & ~pl.col("after").str.contains(COUNTED) & (pl.col("_rest") != "")


def _with_codes(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add ``_other``, whether the name is one of another place than the document's own, and its ``_code``.

    A place below the document's own is meant before any other of its name; the code is null if several are.
    """
    keys = ["own_code", "year", "_name"]
    asked = values.select("own_code", "year", jurisdiction_name="_name").drop_nulls("jurisdiction_name")
    below = inside("jurisdiction_code", "own_code").fill_null(value=False)
    found = (
        candidates(asked.unique(maintain_order=True), reference)
        .rename({"jurisdiction_name": "_name"})
        .filter(below | ~below.any().over(keys))
        .filter((pl.col("jurisdiction_code") != pl.col("own_code")).fill_null(value=True))
    )
    codes = settled(found, *keys).rename({"jurisdiction_code": "_code"}).with_columns(_other=True)
    return values.join(codes, on=keys, how="left", nulls_equal=True, maintain_order="left")
