"""The place a document speaks for: named by its issuer, in its title, or most in its body.

A name that several places bear is settled by the place named before it (广州市白云区), else by the places its
body names that one of them lies in; if nothing settles it, the document has the name and no code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import polars as pl

from pipelines.reference import Reference
from pipelines.transforms.gazetteer import candidates, inside, longest_first, settled

MENTIONS_NEEDED = 3
SHORT = 2  # signs: such a name (康县) counts only where no word can go on into it (健康县城)
# 城区, 东区: a common noun is a name in a signature, or after the place it lies in.
COMMON = "^.区$"
START, INSIDE = "|", "‖"  # put where a name may begin: after no word, and after the name of a place
AFTER_NO_WORD, AFTER_A_PLACE = r"(^|[\p{P}\s年])", "([一-鿿][省市盟]|自治[区州])"
# What an authority does for another place: 广东省人民政府关于支持深圳市….
DOES_FOR = "^(.*?)(?:关于|支持|援助|帮扶|转发)"


def document_places(
    labelled: pl.DataFrame, text: pl.DataFrame, years: pl.DataFrame, reference: Reference
) -> pl.DataFrame:
    """The evidence (document_id, field, value, found_by) for jurisdiction_name and jurisdiction_code.

    ``labelled`` is the evidence of issuer and title, ``text`` the clean lines, ``years`` has document_id and
    year.
    """
    names = _names(reference)
    nouns = dict.fromkeys(filter(re.compile(COMMON).match, names), INSIDE)
    headers = [
        _named(labelled.filter(field="issuer"), _edged(names, {}), "named_in_issuer"),
        _named(labelled.filter(field="title"), _edged(names, nouns), "named_in_title"),
    ]
    named = pl.concat(headers).unique("document_id", keep="first", maintain_order=True)
    unplaced = text.join(named, on="document_id", how="anti", maintain_order="left")
    asked = pl.concat([named, _most_named(unplaced, _of_one_place(reference))])
    return _evidence(asked.join(years, on="document_id", how="left"), text, reference)


def _named(labelled: pl.DataFrame, names: list[str], found_by: str) -> pl.DataFrame:
    """The last place named in each value, and the one before it; of two, the one that acts for another."""
    does_for = labelled.select("document_id", text=pl.col("value").str.extract(DOES_FOR))
    texts = pl.concat([does_for, labelled.select("document_id", text="value")])
    found = texts.select("document_id", names=_places_in(pl.col("text"), names))
    first = found.filter(pl.col("names").list.len() > 0).unique(
        "document_id", keep="first", maintain_order=True
    )
    return first.select(
        "document_id",
        jurisdiction_name=pl.col("names").list.last(),
        over_name=pl.col("names").list.get(-2, null_on_oob=True),
        found_by=pl.lit(found_by),
    )


def _places_in(text: pl.Expr, names: list[str]) -> pl.Expr:
    """The names of places in ``text``, in order."""
    begun = text.str.replace_all(AFTER_NO_WORD, f"${{1}}{START}")
    found = begun.str.replace_all(AFTER_A_PLACE, f"${{1}}{INSIDE}").str.extract_many(names, leftmost=True)
    return found.list.eval(pl.element().str.strip_chars_start(START + INSIDE))


def _edged(names: list[str], edges: Mapping[str, str]) -> list[str]:
    """``names``, the short ones only behind the signs of ``edges``, or of both if it has none for them."""
    both = START + INSIDE
    return [edge + n for n in names for edge in (edges.get(n, both) if len(n) <= SHORT else [""])]


@lru_cache(maxsize=2)
def _names(reference: Reference) -> list[str]:
    """Every name of a place, the longer of two that begin alike first."""
    return longest_first(reference.place_names["jurisdiction_name"])


@lru_cache(maxsize=2)
def _of_one_place(reference: Reference) -> list[str]:
    """The names that one place bears today."""
    today = reference.place_names.filter("current").select("jurisdiction_name", year=pl.lit(None, pl.Int64()))
    alone = settled(candidates(today.unique(), reference), "jurisdiction_name").drop_nulls(
        "jurisdiction_code"
    )
    telling = pl.col("jurisdiction_name").str.len_chars() > SHORT
    return longest_first(alone.filter(telling)["jurisdiction_name"])


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
