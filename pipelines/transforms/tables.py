"""Tables in plain text: what each cell is, and the row and column it belongs to.

Two layouts are read. Cells parted by ``|`` or tabs stand in rows as printed; a cell's year is that of its
column's header. One cell a line is a block of short lines with enough numbers among them: a row begins with
a label; the numbers after it belong, in order, to the years of the header, and any further ones are row
numbers. Each cell is a sentence of its own (:mod:`pipelines.transforms.segment`).
"""

from __future__ import annotations

import polars as pl

CELL_COLUMNS = ("cell", "row_label", "row_unit", "row_attribute", "column_year")
CELL_KEY = ["document_id", "line_no", "sentence_no"]
LINE_KEY = ["document_id", "line_no"]
BLOCK = ["document_id", "block"]

# A line is a row when two or more separators part it; a cell takes the separator after it.
ROW = r"[|\t][^|\t]*[|\t]"
CELL = r"[^|\t]*[|\t]|[^|\t]+"

LONGEST_CELL = 40
NUMBERS_NEEDED = 4
GAP_IN_TABLE = 2  # rows of one table have at most one empty line between them
SENTENCE_SIGNS = "[。;!?:|]"
UNIT = (
    "%|‰|岁|周岁|天|张|人|名|位|个|家|所|次|人次"
    "|元|万元|亿元|平方米|/10万|1/10万|/万|/千|吨|万人|张/千人|人/千人"
)
NUMBER = rf"^\s*(?:[≥≤<>]\s*)?\d[\d.,]*\s*(?:{UNIT})?(?:左右|以[上下内])?\s*$"
CHANGE = (
    r"^\s*[^\d]{0,6}(?:\d{4}年)?[^\d]{0,6}(?:降低|下降|提高|增长|增加|减少)"
    r"\s*\d[\d.]*\s*(?:%|‰|个百分点|岁)?(?:以上)?\s*$"
)
YEAR = r"^\s*(?:19|20)\d\d\s*年?(?:目标|实际|基数|现状|规划)?值?\s*$"
ATTRIBUTE = r"^\s*(?:约束|预期)性?(?:指标)?\s*$"
LABEL = "[㐀-鿿].*[㐀-鿿].*[㐀-鿿]"
HEADER = r"^\s*.{0,12}(?:指标|目标|类别|单位|序号|属性|项目|领域)(?:名称|性质|属性|值|表)?\s*$|表\d*$"
LABEL_UNIT = rf"\s*\(\s*(?:单位[:])?({UNIT})?\s*\)?\s*$"


def with_cells(sentences: pl.DataFrame) -> pl.DataFrame:
    """Add the ``CELL_COLUMNS`` to ``sentences`` (CELL_KEY, level, line, sentence); null outside tables.

    cell: label, value, row_number, year, attribute, unit or other. row_label (without its unit), row_unit,
    row_attribute (约束性, 预期性) and column_year are those of a value.
    """
    text = pl.col("sentence").str.strip_chars("| \t\xa0")
    cells = sentences.select(*CELL_KEY, "level", text=text, in_row=pl.col("line").str.contains(ROW))
    cells = cells.with_columns(kind=_kind(pl.col("text")))
    found = pl.concat([_printed_rows(cells.filter("in_row")), _cells_a_line(cells.filter(~pl.col("in_row")))])
    return sentences.join(found, on=CELL_KEY, how="left", maintain_order="left")


def _kind(text: pl.Expr) -> pl.Expr:
    return (
        pl.when(text.str.contains(YEAR))
        .then(pl.lit("year"))
        .when(text.str.contains(f"{NUMBER}|{CHANGE}"))
        .then(pl.lit("number"))
        .when(text.str.contains(ATTRIBUTE))
        .then(pl.lit("attribute"))
        .when(text.str.contains(f"^(?:{UNIT})$"))
        .then(pl.lit("unit"))
        .when(text.str.contains(LABEL) & ~text.str.contains(HEADER))
        .then(pl.lit("label"))
        .otherwise(pl.lit("other"))
    )


def _printed_rows(cells: pl.DataFrame) -> pl.DataFrame:
    """Rows as printed: a number belongs to the last label before it and to the year above it."""
    is_label, is_number = pl.col("kind") == "label", pl.col("kind") == "number"
    new_block = (pl.col("line_no") - pl.col("line_no").shift() > GAP_IN_TABLE).over("document_id")
    label = pl.when(is_label).then("text").forward_fill().over(LINE_KEY)
    unit = pl.when(pl.col("kind") == "unit").then("text").first(ignore_nulls=True).over(LINE_KEY)
    attribute = pl.when(pl.col("kind") == "attribute").then("text").first(ignore_nulls=True).over(LINE_KEY)
    year = pl.when(pl.col("kind") == "year").then(pl.col("text").str.extract(r"(\d{4})"))
    return (
        cells.with_columns(block=new_block.fill_null(value=False).cum_sum().over("document_id"), label=label)
        .with_columns(
            cell=pl.when(is_number & pl.col("label").is_not_null())
            .then(pl.lit("value"))
            .when(is_number)
            .then(pl.lit("row_number"))
            .otherwise("kind"),
            column_year=year.forward_fill().over([*BLOCK, "sentence_no"]),
        )
        .with_columns(*_label_and_unit(pl.col("label"), unit), row_attribute=attribute)
        .select(*CELL_KEY, *CELL_COLUMNS)
    )


def _label_and_unit(label: pl.Expr, written: pl.Expr) -> list[pl.Expr]:
    """A label without the unit in its brackets, and that unit or else the one in a cell of its own."""
    in_label = label.str.extract(LABEL_UNIT).str.replace("^1/", "/")
    return [
        label.str.replace(LABEL_UNIT, "").alias("row_label"),
        pl.coalesce(in_label, written.str.replace("^1/", "/")).alias("row_unit"),
    ]


def _cells_a_line(cells: pl.DataFrame) -> pl.DataFrame:
    """Keep the blocks of consecutive short lines with enough numbers to be a table, and read their rows."""
    text = pl.col("text")
    short = (
        (text.str.len_chars() <= LONGEST_CELL)
        & ~text.str.contains(SENTENCE_SIGNS)
        & pl.col("level").is_null()
    )
    numbers = (pl.col("kind") == "number").sum().over(BLOCK)
    return (
        cells.with_columns(short=short)
        .with_columns(block=(pl.col("short") != pl.col("short").shift()).cum_sum().over("document_id"))
        .filter(pl.col("short") & (numbers >= NUMBERS_NEEDED))
        .pipe(_rows_by_label)
    )


def _rows_by_label(cells: pl.DataFrame) -> pl.DataFrame:
    """Number the rows of each block by their labels, and tell values from row numbers by their place."""
    row = [*BLOCK, "row"]
    is_label, is_number = pl.col("kind") == "label", pl.col("kind") == "number"
    header = (pl.col("kind") == "year") & (pl.col("row") == 0)
    years = pl.col("text").filter(header).str.extract(r"(\d{4})").over(BLOCK, mapping_strategy="join")
    numbered = (
        cells.with_columns(row=is_label.cum_sum().over(BLOCK))
        .with_columns(nth=is_number.cum_sum().over(row).cast(pl.Int64), years=years)
        .with_columns(columns=pl.max_horizontal(pl.col("years").list.len(), 1))
    )
    value = is_number & (pl.col("row") > 0) & (pl.col("nth") <= pl.col("columns"))
    label = pl.col("text").filter(is_label).first().over(row)
    written = pl.col("text").filter(pl.col("kind") == "unit").first().over(row)
    return numbered.with_columns(
        *_label_and_unit(label, written),
        cell=pl.when(value)
        .then(pl.lit("value"))
        .when(is_number)
        .then(pl.lit("row_number"))
        .otherwise("kind"),
        row_attribute=pl.col("text").filter(pl.col("kind") == "attribute").first().over(row),
        column_year=pl.when(value).then(pl.col("years").list.get(pl.col("nth") - 1, null_on_oob=True)),
    ).select(*CELL_KEY, *CELL_COLUMNS)
