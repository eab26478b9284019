"""Names of places to their codes: by the year, the place they lie in, and the places named around them.

191 names are borne by several places that exist today (白云区 is in 广州市 and in 贵阳市), more if those of
the past are counted. A name that is not settled has no code: a wrong place is worse than none.
"""

from __future__ import annotations

import polars as pl

from pipelines.reference import Reference

LONG_AGO = 20  # years after which a name that ended is no longer the one that is meant
ZEROS = "(?:00)+$"  # what a code of a higher level ends in


def candidates(asked: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """``asked`` with a row for every place that bore its jurisdiction_name in its year: jurisdiction_code.

    If no place is known to have borne the name then, those that exist today count, else all.
    """
    year = pl.col("year")
    then = (
        (pl.col("first_year") <= year).fill_null(value=True)
        & (pl.col("last_year") >= year).fill_null(value=True)
        & (pl.col("last_year").is_not_null() | pl.col("current"))
    )
    rank = pl.when(then & year.is_not_null()).then(0).when(pl.col("current")).then(1).otherwise(2)
    found = asked.join(reference.place_names, on="jurisdiction_name").with_columns(rank=rank)
    forgotten = ~then & ~pl.col("current") & (pl.col("last_year") < year - LONG_AGO)
    found = found.filter(~forgotten.fill_null(value=False))
    best = pl.col("rank") == pl.col("rank").min().over(asked.columns)
    return found.filter(best).pipe(_topmost, asked.columns).select(*asked.columns, "jurisdiction_code")


def longest_first(names: pl.Series) -> list[str]:
    """``names`` in the order in which a search takes the longer of two that begin alike (梅县区, 梅县)."""
    name = pl.col("name")
    unique = names.unique().to_frame("name").sort(name.str.len_chars(), name, descending=[True, False])
    return unique.to_series().to_list()


def _topmost(found: pl.DataFrame, asked: list[str]) -> pl.DataFrame:
    """Of 北京市 the province and not what lies in it under the same name."""
    top = pl.col("jurisdiction_code").filter(pl.col("level") == "province").first().over(asked)
    below = inside("jurisdiction_code", "top").fill_null(value=False)
    topmost = found.with_columns(top=top).filter(~below)
    return topmost.unique([*asked, "jurisdiction_code"], maintain_order=True)


def year_of_writing() -> pl.Expr:
    """The year whose places a document of ``dim_document`` names."""
    issued, published = pl.col("issued_on").dt.year(), pl.col("published_on").dt.year()
    return pl.coalesce(issued.cast(pl.Int64()), published.cast(pl.Int64()), "period_start")


def inside(code: str, whole: str) -> pl.Expr:
    """Whether the place of column ``code`` lies in that of column ``whole`` and is another."""
    return pl.col(code).str.starts_with(pl.col(whole).str.replace(ZEROS, "")) & (
        pl.col(code) != pl.col(whole)
    )


def settled(found: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """One row of each of ``keys`` with its jurisdiction_code, null where several are left."""
    code = pl.col("jurisdiction_code")
    return found.group_by(keys, maintain_order=True).agg(
        jurisdiction_code=pl.when(code.n_unique() == 1).then(code.first())
    )
