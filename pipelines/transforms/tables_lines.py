"""Tables printed one cell a line: blocks of short lines with numbers among them.

A block begins with the words of its header; then each label begins a row, whose numbers belong, in order, to
the heads. Numbers right before labels that count 1, 2, 3 … are row numbers. A row that has not one number or
dash for each head has lost or gained one: nobody knows which.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.quantities import COVERAGE
from pipelines.transforms.tables_rows import FOUND, PLACED
from pipelines.transforms.tables_words import HEADER_WORDS, HEADS, OF_KIND, TableWords

BLOCK = ["document_id", "block"]
ROW = [*BLOCK, "row"]
LONGEST_CELL = 40
LONGEST_HEADING = 20  # 一、健康水平 heads some of the rows
NUMBERS_NEEDED = 4
NUMBERS_UNDER_HEADER = 2
SENTENCE_SIGNS = "[。;!?:|]"
OF_WHICH = "其中:"
CAPTION = r"^表\s?[0-9一二三四五六七八九十]"
# Two signs are as often half of a label broken over two lines.
LABEL = "[㐀-鿿].*[㐀-鿿].*[㐀-鿿]"
COUNTING = "^[0-9]{1,3}$"


def with_numbers(cells: pl.DataFrame, words: TableWords) -> pl.DataFrame:
    """Keep of ``cells`` (text) those of documents with as many numbers on lines of their own as a table has.

    Most documents have none, and what the others' cells are need not be asked there.
    """
    text = pl.col("text")
    short = cells.filter(text.str.len_chars() <= LONGEST_CELL).filter(text.str.contains(f"[0-9]|{COVERAGE}"))
    numbers = short.filter(words.may_be_number(text)).group_by("document_id").len()
    enough = numbers.filter(pl.col("len") >= NUMBERS_UNDER_HEADER)
    return cells.join(enough, on="document_id", how="semi", maintain_order="left")


def cells_a_line(cells: pl.DataFrame) -> pl.DataFrame:
    """Keep of ``cells`` (level, text, kind) the tables: the columns ``PLACED`` and ``FOUND``."""
    text = pl.col("text")
    short = (
        (text.str.len_chars() <= LONGEST_CELL)
        & ~text.str.replace(OF_WHICH, "", literal=True).str.contains(SENTENCE_SIGNS)
        & (pl.col("level").is_null() | (text.str.len_chars() <= LONGEST_HEADING))
    )
    numbers = pl.col("kind").is_in(["number", "bare_year"])
    headed = pl.col("kind").is_in(HEADER_WORDS).any().over(BLOCK)
    enough = pl.when(headed).then(NUMBERS_UNDER_HEADER).otherwise(NUMBERS_NEEDED)
    return (
        cells.filter(text != "")
        .with_columns(short=short)
        .with_columns(block=_begins().cum_sum().over("document_id"))
        .filter(pl.col("short") & (numbers.sum().over(BLOCK) >= enough))
        .with_columns(nth_cell=pl.int_range(pl.len()).over(BLOCK))
        .pipe(_over_columns)
        .pipe(_rows)
        .pipe(_row_numbers)
        .pipe(_placed)
        .select(*PLACED, *FOUND)
    )


def _begins() -> pl.Expr:
    """A block ends where the lines get long, at a caption, and at the names of another table's header."""
    again = (pl.col("kind") == "name") | pl.col("text").str.contains(CAPTION)
    return (pl.col("short") != pl.col("short").shift()).fill_null(value=True) | again


def _over_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """Two or more kinds, people or places right after the words of a header are heads themselves."""
    run = [*BLOCK, "_run"]
    begins = (pl.col("may_head") != pl.col("may_head").shift()).over(BLOCK).fill_null(value=True)
    after_header = pl.col("kind").shift().over(BLOCK).is_in(HEADER_WORDS).fill_null(value=False)
    cells = cells.with_columns(_run=begins.cum_sum().over(BLOCK), _after=after_header)
    heads = pl.col("may_head") & pl.col("_after").first().over(run) & (pl.len().over(run) > 1)
    kind = pl.when(heads).then(pl.lit(OF_KIND)).otherwise("kind")
    return cells.with_columns(kind=kind).drop("_run", "_after")


def _rows(cells: pl.DataFrame) -> pl.DataFrame:
    """``row``: 0 for the header, then one more at each label.

    Years without 年 are of the header where they stand among or right after its words.
    """
    kind, nth = pl.col("kind"), pl.col("nth_cell")
    is_bare = kind == "bare_year"
    cells = cells.with_columns(first_number=nth.filter(kind == "number").min().over(BLOCK))
    words = kind.is_in(HEADER_WORDS) & (nth < pl.col("first_number").fill_null(nth.max() + 1))
    cells = cells.with_columns(words_end=nth.filter(words).max().over(BLOCK).fill_null(-1))
    others = (~is_bare & (nth > pl.col("words_end"))).cum_sum().over(BLOCK)
    in_header = (nth <= pl.col("words_end")) | (is_bare & (others == 0))
    cells = cells.with_columns(in_header=in_header)
    starts = (kind == "label") & pl.col("text").str.contains(LABEL) & ~pl.col("in_header")
    year = pl.when("in_header").then(pl.lit("year")).otherwise(pl.lit("number"))
    return cells.with_columns(starts=starts, kind=pl.when(is_bare).then(year).otherwise("kind")).with_columns(
        row=pl.col("starts").cum_sum().over(BLOCK).cast(pl.Int64)
    )


def _places(cells: pl.DataFrame) -> pl.DataFrame:
    """``is_place``: what holds the place of a value, the ``nth`` of ``places`` in its row; ``columns``."""
    kind = pl.col("kind")
    is_place = kind.is_in(["number", "empty"]) & ~pl.col("in_header") & ~pl.col("serial")
    heads = pl.col("text").filter(kind.is_in(HEADS) & pl.col("in_header"))
    return cells.with_columns(
        is_place=is_place, heads=heads.over(BLOCK, mapping_strategy="join")
    ).with_columns(
        nth=is_place.cum_sum().over(ROW).cast(pl.Int64),
        places=is_place.sum().over(ROW).cast(pl.Int64),
        columns=pl.max_horizontal(pl.col("heads").list.len().cast(pl.Int64), 1),
    )


def _row_numbers(cells: pl.DataFrame) -> pl.DataFrame:
    """``serial``: numbers right before labels that count on from 1, and the same number again before them.

    In a numbered table most of them are one too many for the row above: only where that is a heading of
    several rows (健康水平) it has no value.
    """
    cells = _places(cells.with_columns(serial=pl.lit(value=False)))
    text = pl.col("text")
    before_label = pl.col("starts").shift(-1).over(BLOCK).fill_null(value=False)
    counts = (pl.col("kind") == "number") & text.str.contains(COUNTING) & before_label
    cells = cells.with_columns(number=pl.when(counts).then(text.cast(pl.Int64, strict=False)))
    firsts = cells.drop_nulls("number").group_by(*BLOCK, "number").agg(pl.col("nth_cell").min())
    before = firsts.select(*BLOCK, number=pl.col("number") + 1, follows=pl.col("nth_cell"))
    cells = cells.join(before, on=[*BLOCK, "number"], how="left", maintain_order="left")
    steps = (pl.col("number") == 1) | (pl.col("follows") < pl.col("nth_cell"))
    cells = cells.with_columns(steps=steps.fill_null(value=False))
    spare = pl.col("steps") & ((pl.col("places") > pl.col("columns")) | (pl.col("row") == 0))
    of_block = [expr.sum().over(BLOCK) for expr in (pl.col("steps"), spare)]
    counted = (of_block[0] >= 2) & (of_block[1] * 2 >= of_block[0])
    again = text == text.shift(-1).over(BLOCK)
    cells = cells.with_columns(serial=pl.col("steps") & counted, again=again.fill_null(value=False))
    twice = pl.col("again") & pl.col("serial").shift(-1).over(BLOCK).fill_null(value=False)
    too_many = (pl.col("nth") > pl.col("columns")) | (pl.col("row") == 0)
    return cells.with_columns(twice=twice).with_columns(
        serial=pl.col("serial") | (pl.col("twice") & too_many)
    )


def _placed(cells: pl.DataFrame) -> pl.DataFrame:
    """``cell`` and what it belongs to."""
    kind = pl.col("kind")
    cells = _places(cells).with_columns(label=_first("label", ROW)).pipe(_listed_apart)
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
