"""The place a document speaks for: named by its issuer, in its title, or most in its body.

A name that several places bear is settled by the place named before it (广州市白云区), else by the places its
body names that one of them lies in; if nothing settles it, the document has the name and no code.
"""

from __future__ import annotations

import polars as pl

from pipelines.reference import Reference
from pipelines.transforms.gazetteer import candidates, inside, settled

MENTIONS_NEEDED = 3
# 城区, 东区: a common noun tells something in a signature only.
COMMON = "^.[区]$|^[东西南北]郊区$"
ASKED = ("document_id", "jurisdiction_name", "over_name", "found_by", "year")


def document_places(
    labelled: pl.DataFrame, text: pl.DataFrame, years: pl.DataFrame, reference: Reference
) -> pl.DataFrame:
    """The evidence (document_id, field, value, found_by) for jurisdiction_name and jurisdiction_code.

    ``labelled`` is the evidence of issuer and title, ``text`` the clean lines, ``years`` has document_id and
    year.
    """
    every = reference.place_names["jurisdiction_name"].unique().sort()
    telling = every.filter(~every.str.contains(COMMON)).to_list()
    headers = [
        _named(labelled.filter(field=field), names, f"named_in_{field}")
        for field, names in (("issuer", every.to_list()), ("title", telling))
    ]
    named = pl.concat(headers).unique("document_id", keep="first", maintain_order=True)
    unplaced = text.join(named, on="document_id", how="anti", maintain_order="left")
    asked = pl.concat([named, _most_named(unplaced, _of_one_place(reference, telling))])
    return _evidence(asked.join(years, on="document_id", how="left"), text, reference)


def _named(labelled: pl.DataFrame, names: list[str], found_by: str) -> pl.DataFrame:
    """The last place named in each value, and the one named before it."""
    found = labelled.select("document_id", names=pl.col("value").str.extract_many(names, leftmost=True))
    return found.select(
        "document_id",
        jurisdiction_name=pl.col("names").list.last(),
        over_name=pl.col("names").list.get(-2, null_on_oob=True),
        found_by=pl.lit(found_by),
    ).drop_nulls("jurisdiction_name")


def _of_one_place(reference: Reference, names: list[str]) -> list[str]:
    """Those of ``names`` that one place bears today."""
    today = reference.place_names.filter("current").select("jurisdiction_name", year=pl.lit(None, pl.Int64()))
    alone = settled(candidates(today.unique(), reference), "jurisdiction_name").drop_nulls(
        "jurisdiction_code"
    )
    return alone.filter(pl.col("jurisdiction_name").is_in(names))["jurisdiction_name"].sort().to_list()


def _most_named(text: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The place that the body names far more often than any other."""
    counts = (
        _mentions(text, names)
        .sort("document_id", "len", "name", descending=[False, True, False])
        .with_columns(second=pl.col("len").shift(-1).over("document_id").fill_null(0))
        .unique("document_id", keep="first", maintain_order=True)
    )
    clear = (pl.col("len") >= MENTIONS_NEEDED) & (pl.col("len") >= 2 * pl.col("second"))
    return counts.filter(clear).select(
        "document_id",
        jurisdiction_name="name",
        over_name=pl.lit(None, pl.String()),
        found_by=pl.lit("most_named_in_body"),
    )


def _mentions(text: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """How often each document names each of ``names``: document_id, name, len."""
    found = text.select("document_id", name=pl.col("line").str.extract_many(names, leftmost=True))
    return found.explode("name").drop_nulls().group_by("document_id", "name").len()


def _evidence(asked: pl.DataFrame, text: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    possible = candidates(asked, reference).pipe(_inside_the_one_before, reference)
    undecided = possible.filter(pl.len().over("document_id") > 1)
    around = _inside_the_most_named(undecided, text, reference)
    codes = settled(pl.concat([possible.filter(pl.len().over("document_id") == 1), around]), "document_id")
    found = asked.join(codes, on="document_id", how="left", maintain_order="left")
    fields = ("jurisdiction_name", "jurisdiction_code")
    rows = [found.select("document_id", field=pl.lit(f), value=f, found_by="found_by") for f in fields]
    return pl.concat(rows).drop_nulls("value")


def _inside_the_one_before(possible: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Only those that lie in the place named before, if any does."""
    over = (
        possible.select(jurisdiction_name="over_name", year="year").drop_nulls("jurisdiction_name").unique()
    )
    codes = settled(candidates(over, reference), "jurisdiction_name", "year").rename(
        {"jurisdiction_name": "over_name", "jurisdiction_code": "over_code"}
    )
    joined = possible.join(
        codes, on=["over_name", "year"], how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(within=inside("jurisdiction_code", "over_code").fill_null(value=False))
    return joined.filter(pl.col("within") | ~pl.col("within").any().over("document_id")).drop(
        "over_code", "within"
    )


def _inside_the_most_named(possible: pl.DataFrame, text: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Only those in the prefecture or province that the body names most; none if it names none."""
    if possible.is_empty():
        return possible
    above = [pl.col("jurisdiction_code").str.head(digits).str.pad_end(6, "0") for digits in (2, 4)]
    wholes = reference.current_jurisdictions.select(whole="jurisdiction_code", name="name_zh")
    parents = possible.with_columns(whole=pl.concat_list(above)).explode("whole").join(wholes, on="whole")
    named = _mentions(
        text.join(possible, on="document_id", how="semi"), parents["name"].unique().sort().to_list()
    )
    keys = list(possible.columns)
    scored = parents.join(named, on=["document_id", "name"]).group_by(keys).agg(pl.col("len").sum())
    return scored.filter(pl.col("len") == pl.col("len").max().over("document_id")).select(keys)
