"""Tables printed one cell a line: blocks of short lines with numbers among them.

A block begins with the words of its header; then each label begins a row, whose numbers belong, in order, to
the heads. Numbers right before labels that count 1, 2, 3 … are row numbers. A row that has not one number or
dash for each head has lost or gained one: nobody knows which.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.tables_rows import FOUND, PLACED
from pipelines.transforms.tables_words import HEADER_WORDS, HEADS

BLOCK = ["document_id", "block"]
ROW = [*BLOCK, "row"]
LONGEST_CELL = 40
NUMBERS_NEEDED = 4
NUMBERS_UNDER_HEADS = 2
SENTENCE_SIGNS = "[。;!?:|]"
OF_WHICH = "其中:"
CAPTION = r"^表\s?[0-9一二三四五六七八九十]"
# Two signs are as often half of a label broken over two lines.
LABEL = "[㐀-鿿].*[㐀-鿿].*[㐀-鿿]"
COUNTING = "^[0-9]{1,3}$"
MOSTLY = 0.75  # of the numbers before labels that count on


def cells_a_line(cells: pl.DataFrame) -> pl.DataFrame:
    """Keep of ``cells`` (level, text, kind) the tables: the columns ``PLACED`` and ``FOUND``."""
    text = pl.col("text")
    short = (
        (text.str.len_chars() <= LONGEST_CELL)
        & ~text.str.replace(OF_WHICH, "", literal=True).str.contains(SENTENCE_SIGNS)
        & pl.col("level").is_null()
    )
    numbers, heads = pl.col("kind") == "number", pl.col("kind").is_in(HEADS)
    enough = pl.when(heads.any().over(BLOCK)).then(NUMBERS_UNDER_HEADS).otherwise(NUMBERS_NEEDED)
    return (
        cells.filter(text != "")
        .with_columns(short=short)
        .with_columns(block=_begins().cum_sum().over("document_id"))
        .filter(pl.col("short") & (numbers.sum().over(BLOCK) >= enough))
        .with_columns(nth_cell=pl.int_range(pl.len()).over(BLOCK))
        .pipe(_rows)
        .pipe(_row_numbers)
        .pipe(_placed)
        .select(*PLACED, *FOUND)
    )


def _begins() -> pl.Expr:
    """A block ends where the lines get long, at a caption, and at the names of another table's header."""
    again = (pl.col("kind") == "name") | pl.col("text").str.contains(CAPTION)
    return (pl.col("short") != pl.col("short").shift()).fill_null(value=True) | again


def _rows(cells: pl.DataFrame) -> pl.DataFrame:
    """``row``: 0 for the header, then one more at each label."""
    kind, nth = pl.col("kind"), pl.col("nth_cell")
    first_number = nth.filter(kind == "number").min().over(BLOCK)
    words = kind.is_in(HEADER_WORDS) | (kind == "bare_year")
    cells = cells.with_columns(first_number=first_number)
    cells = cells.with_columns(
        header_end=nth.filter(words & (nth < pl.col("first_number"))).max().over(BLOCK).fill_null(-1)
    )
    in_header = nth <= pl.col("header_end")
    starts = (kind == "label") & pl.col("text").str.contains(LABEL) & ~in_header
    year = pl.when(in_header).then(pl.lit("year")).otherwise(pl.lit("number"))
    return cells.with_columns(
        in_header=in_header,
        starts=starts,
        row=starts.cum_sum().over(BLOCK).cast(pl.Int64),
        kind=pl.when(kind == "bare_year").then(year).otherwise("kind"),
    )


def _row_numbers(cells: pl.DataFrame) -> pl.DataFrame:
    """``serial``: numbers that count on, each right before a label or the same number again."""
    text = pl.col("text")
    before_label = pl.col("starts").shift(-1).over(BLOCK).fill_null(value=False)
    counts = (pl.col("kind") == "number") & text.str.contains(COUNTING) & before_label
    number = pl.when(counts).then(text.cast(pl.Int64, strict=False))
    cells = cells.with_columns(counts=counts, number=number)
    before = pl.col("number").forward_fill().shift().over(BLOCK).fill_null(0)
    cells = cells.with_columns(steps=counts & (pl.col("number") == before + 1))
    steps, all_counts = pl.col("steps").sum().over(BLOCK), pl.col("counts").sum().over(BLOCK)
    counted = (steps >= 2) & (steps >= MOSTLY * all_counts)
    cells = cells.with_columns(last_of_row=pl.col("counts") & pl.col("steps") & counted)
    twice = (text == text.shift(-1)) & pl.col("last_of_row").shift(-1).fill_null(value=False)
    return cells.with_columns(serial=pl.col("last_of_row") | twice.over(BLOCK).fill_null(value=False))


def _placed(cells: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("kind")
    is_number = (kind == "number") & ~pl.col("serial")
    is_place = (is_number | (kind == "empty")) & ~pl.col("in_header")
    heads = pl.col("text").filter(kind.is_in(HEADS) & pl.col("in_header"))
    cells = cells.with_columns(
        is_number=is_number, is_place=is_place, heads=heads.over(BLOCK, mapping_strategy="join")
    )
    cells = cells.with_columns(
        nth=is_place.cum_sum().over(ROW).cast(pl.Int64),
        places=is_place.sum().over(ROW).cast(pl.Int64),
        columns=pl.max_horizontal(pl.col("heads").list.len().cast(pl.Int64), 1),
        label=_first("label", ROW),
    ).pipe(_listed_apart)
    whole = (pl.col("row") > 0) & (pl.col("places") == pl.col("columns"))
    return cells.with_columns(
        written=_first("unit", ROW),
        row_attribute=_first("attribute", ROW),
        head=pl.col("heads").list.get(pl.col("nth") - 1, null_on_oob=True),
        cell=pl.when("serial")
        .then(pl.lit("row_number"))
        .when(kind == "mixed")
        .then(pl.lit("unplaced"))
        .when(kind != "number")
        .then("kind")
        .when(whole)
        .then(pl.lit("value"))
        .otherwise(pl.lit("unplaced")),
    )


def _first(kind: str, group: list[str]) -> pl.Expr:
    return pl.col("text").filter(pl.col("kind") == kind).first().over(group)


def _listed_apart(cells: pl.DataFrame) -> pl.DataFrame:
    """All labels, then all values: the k-th value is that of the k-th label, if there are as many of them.

    With more than one column nobody knows whether the values go by rows or by columns.
    """
    labels = pl.col("text").filter("starts").over(BLOCK, mapping_strategy="join")
    earlier = (pl.col("is_place") & (pl.col("row") < pl.col("rows"))).any().over(BLOCK)
    cells = cells.with_columns(labels=labels, rows=pl.col("row").max().over(BLOCK))
    cells = cells.with_columns(earlier=earlier)
    as_many = (pl.col("rows") > 1) & (pl.col("places") == pl.col("rows"))
    apart = pl.col("is_place") & as_many & (pl.col("columns") == 1) & ~pl.col("earlier")
    cells = cells.with_columns(apart=apart)
    return cells.with_columns(
        label=pl.when("apart")
        .then(pl.col("labels").list.get(pl.col("nth") - 1, null_on_oob=True))
        .otherwise("label"),
        row=pl.when("apart").then("nth").otherwise("row"),
        places=pl.when("apart").then(1).otherwise("places"),
        nth=pl.when("apart").then(1).otherwise("nth"),
    )
