"""Tables that a page prints as one cell a line: what each cell is, and the row and column it belongs to.

A table is a block of short lines with enough numbers among them. A row begins with a label; the numbers
after it belong, in order, to the years of the header, and any further ones are row numbers.
"""

from __future__ import annotations

import polars as pl

CELL_COLUMNS = ("cell", "row_label", "row_unit", "row_attribute", "column_year")

LONGEST_CELL = 40
NUMBERS_NEEDED = 4
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


def with_cells(lines: pl.DataFrame) -> pl.DataFrame:
    """Add the ``CELL_COLUMNS`` to ``lines`` (document_id, line_no, level, line); null outside tables.

    cell: label, value, row_number, year, attribute, unit or other. row_label (without its unit), row_unit,
    row_attribute (约束性, 预期性) and column_year are those of a value.
    """
    cells = (
        lines.filter(pl.col("line").str.contains(r"\S"))
        .select("document_id", "line_no", "level", text=pl.col("line").str.strip_chars())
        .pipe(_blocks)
        .pipe(_kinds)
        .pipe(_rows)
    )
    return lines.join(
        cells.select("document_id", "line_no", *CELL_COLUMNS),
        on=["document_id", "line_no"],
        how="left",
        maintain_order="left",
    )


def _blocks(cells: pl.DataFrame) -> pl.DataFrame:
    """Keep the blocks of consecutive short lines that hold enough numbers to be a table."""
    text = pl.col("text")
    short = (
        (text.str.len_chars() <= LONGEST_CELL)
        & ~text.str.contains(SENTENCE_SIGNS)
        & pl.col("level").is_null()
    )
    numbers = text.str.contains(NUMBER).sum().over("document_id", "block")
    return (
        cells.with_columns(short=short)
        .with_columns(block=(pl.col("short") != pl.col("short").shift()).cum_sum().over("document_id"))
        .filter(pl.col("short") & (numbers >= NUMBERS_NEEDED))
    )


def _kinds(cells: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("text")
    kind = (
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
    return cells.with_columns(kind=kind)


def _rows(cells: pl.DataFrame) -> pl.DataFrame:
    """Number the rows of each block by their labels, and tell values from row numbers by their place."""
    block, row = ["document_id", "block"], ["document_id", "block", "row"]
    is_label, is_number = pl.col("kind") == "label", pl.col("kind") == "number"
    years = (
        pl.col("text")
        .filter((pl.col("kind") == "year") & (pl.col("row") == 0))
        .over(block, mapping_strategy="join")
        .list.eval(pl.element().str.extract(r"(\d{4})"))
    )
    placed = (
        cells.with_columns(row=is_label.cum_sum().over(block))
        .with_columns(nth=is_number.cum_sum().over(row), years=years)
        .with_columns(columns=pl.max_horizontal(pl.col("years").list.len(), 1))
    )
    value = is_number & (pl.col("row") > 0) & (pl.col("nth") <= pl.col("columns"))
    label = pl.col("text").filter(is_label).first().over(row)
    written = pl.col("text").filter(pl.col("kind") == "unit").first().over(row)
    return placed.with_columns(
        cell=pl.when(value)
        .then(pl.lit("value"))
        .when(is_number)
        .then(pl.lit("row_number"))
        .otherwise("kind"),
    ).with_columns(
        row_label=label.str.replace(LABEL_UNIT, ""),
        row_unit=pl.coalesce(label.str.extract(LABEL_UNIT).str.replace("^1/", "/"), written),
        row_attribute=pl.col("text").filter(pl.col("kind") == "attribute").first().over(row),
        column_year=pl.when(value).then(
            pl.col("years").list.get(pl.col("nth").cast(pl.Int64) - 1, null_on_oob=True)
        ),
    )
