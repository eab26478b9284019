"""Rows as printed: the label of each row, and the header over each of its numbers.

A row as wide as its header is read by columns. One that lost cells (a first column merged over several
rows) is moved to the side on which all its numbers stand under headers; where that does not tell, a row with
a number or dash for each header is read in their order, and spaced cells by the place they are printed at.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.tables_headers import (
    BLOCK,
    LINE_KEY,
    heads_by_column,
    heads_in_order,
    tables,
    with_headers,
)

NEAR = 3  # places on the screen between a spaced number and its header
LONGEST_REMARK = 12
SERIAL = r"^\(?[0-9]{1,3}[.、)]?$"
PLACED = ("document_id", "line_no", "sentence_no", "block", "row", "cell", "head", "text")
FOUND = ("label", "written", "row_attribute")


def printed_rows(cells: pl.DataFrame) -> pl.DataFrame:
    """``cells`` (line_no, sentence_no, layout, text, kind, start) as the columns ``PLACED`` and ``FOUND``.

    cell: value, row_number, unplaced, year or the kind; of a value: label, written (the unit in its row),
    row_attribute and head (the words of its column; null where a table has none).
    """
    cells = with_headers(cells).with_columns(row=pl.col("line_no").cast(pl.Int64))
    headers = cells.filter("in_header")
    body = cells.filter(~pl.col("in_header")).join(
        tables(headers), on=BLOCK, how="left", maintain_order="left"
    )
    body = body.pipe(_labels).pipe(_moved, headers).pipe(_ordered, headers)
    body = body.with_columns(_cell(), *_of_row())
    no_words = [pl.lit(None, pl.String()).alias(name) for name in ("head", *FOUND)]
    kept = headers.with_columns(*no_words, cell="kind")
    return pl.concat([part.select(*PLACED, *FOUND) for part in (body, kept)])


def _labels(body: pl.DataFrame) -> pl.DataFrame:
    """``label_no``: the last label before the values of the row; ``is_place``: what holds a value's place."""
    number, is_label = pl.col("sentence_no"), pl.col("kind") == "label"
    place = (pl.col("kind") == "number") | ((pl.col("kind") == "empty") & (pl.col("text") != ""))
    first_value = number.filter(pl.col("is_place") & (number > pl.col("first_label"))).min()
    before = is_label & (number < pl.col("first_value")).fill_null(value=True)
    return (
        body.with_columns(is_place=place, first_label=number.filter(is_label).min().over(LINE_KEY))
        .with_columns(first_value=first_value.over(LINE_KEY))
        .with_columns(label_no=number.filter(before).max().over(LINE_KEY))
        .drop("first_label", "first_value")
    )


def _moved(body: pl.DataFrame, headers: pl.DataFrame) -> pl.DataFrame:
    """``head`` by column, where it is known how far the row's cells moved; ``label_no`` by that of names."""
    missing = pl.col("header_width") - pl.col("width")
    heads = heads_by_column(headers)
    body = body.with_columns(
        missing=missing, left=pl.col("sentence_no"), right=pl.col("sentence_no") + missing
    )
    for side in ("left", "right"):
        named = heads.select(*BLOCK, pl.col("column").alias(side), pl.col("head").alias(f"{side}_head"))
        body = body.join(named, on=[*BLOCK, side], how="left", maintain_order="left")
    body = body.with_columns(left_fits=_fits("left"), right_fits=_fits("right"))
    spaced = pl.col("layout") == "spaces"
    right = (pl.col("missing") > 0) & pl.col("right_fits") & ~pl.col("left_fits")
    left = (pl.col("missing") == 0) | (pl.col("left_fits") & ~pl.col("right_fits"))
    chosen = pl.when(spaced | (pl.col("missing") < 0)).then(None).when(right).then(2).when(left).then(1)
    body = body.with_columns(side=chosen)
    column = pl.when(pl.col("side") == 2).then("right").when(pl.col("side") == 1).then("left")
    is_name = ((column == pl.col("name_column")) & (pl.col("text") != "")).fill_null(value=False)
    by_column = pl.col("name_column").is_not_null() & pl.col("side").is_not_null()
    name = pl.col("sentence_no").filter(is_name).first().over(LINE_KEY)
    return body.with_columns(
        head=pl.when(pl.col("side") == 2).then("right_head").when(pl.col("side") == 1).then("left_head"),
        label_no=pl.when(by_column).then(name).otherwise("label_no"),
    )


def _fits(side: str) -> pl.Expr:
    """Whether each number after the label stands under a head and no word does, with the row on ``side``."""
    under, after = pl.col(f"{side}_head").is_not_null(), pl.col("sentence_no") > pl.col("label_no")
    blank = pl.col("kind") == "empty"
    name = (pl.col(side) == pl.col("name_column")) & (pl.col("sentence_no") != pl.col("label_no"))
    agrees = pl.when(pl.col("kind") == "number").then(under).otherwise(blank | ~under)
    return ((agrees | ~after) & ~name.fill_null(value=False)).fill_null(value=False).all().over(LINE_KEY)


def _ordered(body: pl.DataFrame, headers: pl.DataFrame) -> pl.DataFrame:
    """``head`` of rows that did not fit by column: by order, if none is missing, else by place."""
    after = pl.col("is_place") & (pl.col("sentence_no") > pl.col("label_no"))
    blank = ((pl.col("text") == "") & (pl.col("sentence_no") > pl.col("label_no"))).any().over(LINE_KEY)
    body = body.with_columns(
        nth=pl.when(after).then(after.cum_sum().over(LINE_KEY).cast(pl.Int64)),
        places=after.sum().over(LINE_KEY),
        blank=blank,
    )
    heads = heads_in_order(headers)
    in_order = heads.select(*BLOCK, "nth", nth_head="head")
    body = body.join(in_order, on=[*BLOCK, "nth"], how="left", maintain_order="left")
    body = body.join(_nearest(body, heads), on=[*LINE_KEY, "sentence_no"], how="left", maintain_order="left")
    whole = (pl.col("places") == pl.col("heads")) & ~pl.col("blank")
    spaced = pl.col("layout") == "spaces"
    by_order = pl.when(whole).then("nth_head").when(spaced).then("near_head")
    return body.with_columns(head=pl.when(pl.col("side").is_null()).then(by_order).otherwise("head"))


def _nearest(body: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    """``near_head`` of spaced numbers: the only head that begins within a few places of them."""
    spaced = body.filter((pl.col("layout") == "spaces") & (pl.col("kind") == "number"))
    pairs = spaced.select(*BLOCK, "line_no", "sentence_no", "start").join(heads, on=BLOCK)
    near = pairs.filter((pl.col("start") - pl.col("head_start")).abs() <= NEAR)
    return (
        near.group_by(*LINE_KEY, "sentence_no")
        .agg(near_head=pl.col("head").first(), several=pl.len() > 1)
        .filter(~pl.col("several"))
        .drop("several")
    )


def _of_row() -> list[pl.Expr]:
    """``label`` (with the people of whom its row speaks before it: 男性), ``written``, ``row_attribute``."""
    label = pl.col("text").filter(pl.col("sentence_no") == pl.col("label_no")).first().over(LINE_KEY)
    after = pl.col("sentence_no") > pl.col("label_no")
    people = pl.col("text").filter((pl.col("kind") == "breakdown") & after).first().over(LINE_KEY)
    people = people.str.replace("^([男女])$", "${1}性").fill_null("")
    return [
        pl.concat_str(people, label).alias("label"),
        pl.col("text").filter(pl.col("kind") == "unit").first().over(LINE_KEY).alias("written"),
        pl.col("text").filter(pl.col("kind") == "attribute").first().over(LINE_KEY).alias("row_attribute"),
    ]


def _cell() -> pl.Expr:
    """Without a header, the only number of a row is its value, unless the table begins with other words.

    What else a column of values holds (男75/女80), and a remark, is no prose to be read by itself.
    """
    is_number = pl.col("kind") == "number"
    after = (pl.col("sentence_no") > pl.col("label_no")).fill_null(value=False)
    counts = pl.col("text").str.contains(SERIAL)
    numbered = (pl.col("sentence_no") < pl.col("label_no")).fill_null(value=False) & counts
    lone = (is_number & after).sum().over(LINE_KEY) == 1
    no_header = pl.col("heads").is_null() & pl.col("headless")
    short = pl.col("text").str.len_chars() <= LONGEST_REMARK
    unread = (pl.col("kind") == "other") & pl.col("head").is_not_null() & short
    remark = (pl.col("kind") == "label") & after
    return (
        pl.when((pl.col("kind") == "mixed") | unread | remark)
        .then(pl.lit("unplaced"))
        .when(~is_number)
        .then("kind")
        .when(numbered)
        .then(pl.lit("row_number"))
        .when(after & (pl.col("head").is_not_null() | (lone & no_header)))
        .then(pl.lit("value"))
        .otherwise(pl.lit("unplaced"))
        .alias("cell")
    )
