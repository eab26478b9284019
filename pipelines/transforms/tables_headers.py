"""The headers of printed tables: which rows they are, and what stands over each column.

A header may be split over two rows; what they say of one column is joined.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.tables_layout import GAP_IN_TABLE
from pipelines.transforms.tables_words import COLUMNS, HEADS, OF_KIND

LINE_KEY = ["document_id", "line_no"]
BLOCK = ["document_id", "block"]


def with_headers(cells: pl.DataFrame) -> pl.DataFrame:
    """Add block (one table), width (cells in the row), in_header and headless.

    Rows of header words, and rows right below that add to them, are a header and begin a table. headless: the
    table begins with numbers.
    """
    cells = _blocks(cells)
    rows = _rows(cells)
    found = rows.select(*LINE_KEY, "block", "width", "in_header", "headless")
    return cells.drop("block").join(found, on=LINE_KEY, how="left", maintain_order="left")


def _blocks(cells: pl.DataFrame) -> pl.DataFrame:
    """Number the runs of neighbouring rows of one layout, and settle which bare years are years."""
    far = pl.col("line_no") - pl.col("line_no").shift() > GAP_IN_TABLE
    new = (far | (pl.col("layout") != pl.col("layout").shift())).over("document_id").fill_null(value=False)
    kind = pl.col("kind")
    heading = kind.is_in(COLUMNS).any().over(LINE_KEY)
    filled = kind.is_in(["number", "label"]).any().over(LINE_KEY)
    year = pl.when(heading | ~filled).then(pl.lit("year")).otherwise(pl.lit("number"))
    # 指标|三级医院|二级医院: beside the head of the names, and above numbers, they say what columns are of.
    named = (kind == "name").any().over(LINE_KEY) & ~(kind == "number").any().over(LINE_KEY)
    over_columns = named & pl.col("may_head") & (pl.col("sentence_no") > 0)
    return cells.with_columns(
        block=new.cum_sum().over("document_id"),
        kind=pl.when(kind == "bare_year")
        .then(year)
        .when(over_columns)
        .then(pl.lit(OF_KIND))
        .otherwise("kind"),
    )


def _rows(cells: pl.DataFrame) -> pl.DataFrame:
    """One row per line: its width, and whether it is of a header."""
    kind = pl.col("kind")
    numbers, heads, names = kind == "number", kind.is_in(HEADS), kind.is_in(COLUMNS)
    headed = pl.col("heads") & ~pl.col("numbers") & (pl.col("names") | ~pl.col("labels"))
    adds = ~pl.col("numbers") & ~pl.col("labels")
    return (
        cells.group_by(LINE_KEY, maintain_order=True)
        .agg(
            pl.col("block").first(),
            width=pl.len().cast(pl.Int64),
            numbers=numbers.any(),
            labels=(kind == "label").any(),
            heads=heads.any(),
            names=names.any(),
        )
        .with_columns(headed=headed)
        .with_columns(below=pl.col("headed").shift().over(BLOCK).fill_null(value=False))
        .with_columns(in_header=pl.col("headed") | (pl.col("below") & adds))
        .with_columns(
            above=pl.col("in_header").shift().over(BLOCK).fill_null(value=False),
            first=(pl.col("block") != pl.col("block").shift().over("document_id")).fill_null(value=True),
        )
        .with_columns(block=(pl.col("first") | (pl.col("in_header") & ~pl.col("above"))).cum_sum())
        .with_columns(headless=pl.col("numbers").first().over(BLOCK))
    )


def tables(headers: pl.DataFrame) -> pl.DataFrame:
    """One row per table with a header: header_width, name_column and heads (how many columns have values).

    A header whose lower row has more heads than the widest has no known width.
    """
    rows = headers.group_by(*BLOCK, "line_no", maintain_order=True).agg(
        pl.col("width").first(), heads=pl.col("kind").is_in(HEADS).sum().cast(pl.Int64)
    )
    widest = pl.col("heads").filter(pl.col("width") == pl.col("width").max()).max()
    names = headers.group_by(BLOCK).agg(
        name_column=pl.col("sentence_no").filter(pl.col("kind") == "name").min()
    )
    return (
        rows.group_by(BLOCK, maintain_order=True)
        .agg(pl.col("width").max(), heads=pl.col("heads").max(), widest=widest)
        .select(
            *BLOCK, "heads", header_width=pl.when(pl.col("widest") == pl.col("heads")).then(pl.col("width"))
        )
        .join(names, on=BLOCK, how="left", maintain_order="left")
    )


def heads_by_column(headers: pl.DataFrame) -> pl.DataFrame:
    """BLOCK, column, head: what the widest rows of a header say over each column that has values.

    Null where a word among it is none of a header (男 under 2020年): what the column holds is not known.
    """
    kind = pl.col("kind")
    strange = ~kind.is_in([*HEADS, "empty", "unit"])
    return (
        headers.filter(pl.col("width") == pl.col("width").max().over(BLOCK))
        .group_by(*BLOCK, column="sentence_no", maintain_order=True)
        .agg(has=kind.is_in(HEADS).any(), strange=strange.any(), head=pl.col("text").str.join(""))
        .filter("has")
        .select(*BLOCK, "column", head=pl.when(~pl.col("strange")).then("head"))
    )


def heads_in_order(headers: pl.DataFrame) -> pl.DataFrame:
    """BLOCK, nth (from 1), head and head_start (its place on the screen) of the columns with values.

    They are those of the rows that have the most.
    """
    row = [*BLOCK, "line_no"]
    return (
        headers.filter(pl.col("kind").is_in(HEADS))
        .with_columns(pl.col("sentence_no").rank("ordinal").over(row).cast(pl.Int64).alias("nth"))
        .with_columns(most=pl.col("nth").max().over(row))
        .filter(pl.col("most") == pl.col("most").max().over(BLOCK))
        .group_by(*BLOCK, "nth", maintain_order=True)
        .agg(head=pl.col("text").str.join(""), head_start=pl.col("start").first())
    )
