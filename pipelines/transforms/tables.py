"""Tables in plain text: what each cell is, and the row and column it belongs to.

Two layouts are read. Cells parted by ``|`` or tabs stand in rows as printed; a cell's year is that of its
column's header. One cell a line is a block of short lines with enough numbers among them: a row begins with
a label; the numbers after it belong, in order, to the years of the header, and any further ones are row
numbers. Each cell is a sentence of its own (:mod:`pipelines.transforms.segment`).
"""

from __future__ import annotations

import polars as pl

CELL_COLUMNS = ("cell", "row_label", "row_unit", "row_attribute", "column_year", "column_role")
CELL_KEY = ["document_id", "line_no", "sentence_no"]
LINE_KEY = ["document_id", "line_no"]
BLOCK = ["document_id", "block"]

# A line is a row when two or more separators part it; a cell takes the separator after it.
ROW = r"^\s*[^|\t。;]*[|\t][^|\t。;]*[|\t][^。;]*\S[^。;]*$"
CELL = r"[^|\t]*[|\t]|[^|\t]+"

LONGEST_CELL = 40
LONGEST_LABEL = 30
NUMBERS_NEEDED = 4
GAP_IN_TABLE = 2  # rows of one table have at most one empty line between them
SENTENCE_SIGNS = "[。;!?:|]"
CHANGE_VERB = "降低|下降|提高|增长|增加|减少"
YEAR = r"^(?:19|20)\d\d\s*年(?:底|末)?(?:目标|实际|基数|现状|规划|完成)?值?$"
BARE_YEAR = r"^(?:19|20)\d\d(?:目标|实际|基数|现状|规划)?值?$"
ROLE = r"^(?:规划|发展)?(?:目标|基期|基数|基准|现状|现有|实际|完成|规划)(?:值|年|水平)?$"
ATTRIBUTE = r"^(?:约束|预期)性?(?:指标)?$"
LABEL = "[㐀-鿿].*[㐀-鿿].*[㐀-鿿]"
NO_LABEL = r"[,。;]|[达为至到]\s?[0-9]"
NAME_COLUMN = r"^(?:主要|具体|发展)*(?:指标|项目)(?:名称|内容)?$"
HEADER = r"^.{0,12}(?:指标|目标|类别|单位|序号|属性|项目|领域)(?:名称|性质|属性|值|表)?$|表\d*$"
EMPTY = "^[-/]*$|^无$|^…+$"


def with_cells(sentences: pl.DataFrame, units: str) -> pl.DataFrame:
    """Add the ``CELL_COLUMNS`` to ``sentences`` (CELL_KEY, level, line, sentence); null outside tables.

    ``units`` is the pattern of written units. cell: label, value, row_number, unplaced (a number whose column
    is not known), year, role, attribute, unit, empty or other. Of a value: row_label (without its unit),
    row_unit, row_attribute (约束性, 预期性), column_year and column_role (target or base).
    """
    text = pl.col("sentence").str.strip_chars("| \t\xa0")
    cells = sentences.select(*CELL_KEY, "level", text=text, in_row=pl.col("line").str.contains(ROW))
    cells = cells.with_columns(kind=_kind(pl.col("text"), units))
    rows, lines = cells.filter("in_row"), cells.filter(~pl.col("in_row"))
    found = pl.concat([_printed_rows(rows, units), _cells_a_line(lines, units)])
    return sentences.join(found, on=CELL_KEY, how="left", maintain_order="left")


def _kind(text: pl.Expr, units: str) -> pl.Expr:
    number = rf"^[≥≤<>]?\s*-?[0-9][0-9.,]*\s*(?:{units})?(?:左右|以[上下内])?$"
    change = (
        rf"^[^0-9]{{0,6}}(?:[0-9]{{4}}年)?[^0-9]{{0,6}}(?:{CHANGE_VERB})\s*[0-9.]+\s*(?:{units})?(?:以上)?$"
    )
    label = text.str.contains(LABEL) & ~text.str.contains(f"{HEADER}|{NO_LABEL}")
    choices = {
        "year": text.str.contains(YEAR),
        "bare_year": text.str.contains(BARE_YEAR),
        "role": text.str.contains(ROLE),
        "number": text.str.contains(f"{number}|{change}"),
        "empty": text.str.contains(EMPTY),
        "attribute": text.str.contains(ATTRIBUTE),
        "unit": text.str.contains(f"^(?:1/|{units}|[0-9]*[千万]?(?:{units}))+$"),
        "label": label & (text.str.len_chars() <= LONGEST_LABEL),
    }
    return pl.coalesce(
        *(pl.when(found).then(pl.lit(kind)) for kind, found in choices.items()), pl.lit("other")
    )


def _printed_rows(cells: pl.DataFrame, units: str) -> pl.DataFrame:
    """Rows as printed: a number belongs to its row's label and to the header of its column.

    The label is the cell under 指标, or else the last label before the number. A year without 年 is one
    only in a row that has neither labels nor numbers.
    """
    new_block = (pl.col("line_no") - pl.col("line_no").shift() > GAP_IN_TABLE).over("document_id")
    filled = pl.col("kind").is_in(["number", "label"]).any().over(LINE_KEY)
    cells = cells.with_columns(
        block=new_block.fill_null(value=False).cum_sum().over("document_id"),
        kind=pl.when(pl.col("kind") != "bare_year")
        .then("kind")
        .when(filled)
        .then(pl.lit("number"))
        .otherwise(pl.lit("year")),
    )
    is_number = pl.col("kind") == "number"
    head = pl.when(pl.col("kind").is_in(["year", "role"])).then("text")
    names = pl.col("sentence_no").filter(pl.col("text").str.contains(NAME_COLUMN)).first().over(BLOCK)
    name = pl.col("text").filter(pl.col("sentence_no") == pl.col("name_column")).first().over(LINE_KEY)
    last_label = pl.when(pl.col("kind") == "label").then("text").forward_fill().over(LINE_KEY)
    under_name = pl.when(pl.col("sentence_no") > pl.col("name_column")).then(name)
    label = pl.when(pl.col("name_column").is_null()).then(last_label).otherwise(under_name)
    lone = (is_number & pl.col("label").is_not_null()).sum().over(LINE_KEY) == 1
    placed = pl.col("head").is_not_null() | (lone & pl.col("head").is_null().all().over(BLOCK))
    return (
        cells.with_columns(name_column=names)
        .with_columns(head=head.forward_fill().over([*BLOCK, "sentence_no"]), label=label)
        .with_columns(
            cell=pl.when(~is_number)
            .then("kind")
            .when(pl.col("label").fill_null("") == "")
            .then(pl.lit("row_number"))
            .when(placed)
            .then(pl.lit("value"))
            .otherwise(pl.lit("unplaced")),
            written=_first("unit", LINE_KEY),
            row_attribute=_first("attribute", LINE_KEY),
        )
        .pipe(_finished, units)
    )


def _first(kind: str, group: list[str]) -> pl.Expr:
    return pl.col("text").filter(pl.col("kind") == kind).first().over(group)


def _finished(cells: pl.DataFrame, units: str) -> pl.DataFrame:
    """Label, unit, year and role from the cells found (label, written, head): the ``CELL_COLUMNS``."""
    label_unit = rf"\s*\(\s*(?:单位[:])?(1?/?(?:{units}))?\s*\)?\s*$"
    in_label = pl.col("label").str.extract(label_unit)
    return cells.select(
        *CELL_KEY,
        "cell",
        row_label=pl.col("label").str.replace(label_unit, ""),
        row_unit=pl.coalesce(in_label, "written").str.replace("^1/", "/"),
        row_attribute="row_attribute",
        column_year=pl.col("head").str.extract(r"(\d{4})"),
        column_role=pl.when(pl.col("head").str.contains("目标|规划"))
        .then(pl.lit("target"))
        .when(pl.col("head").str.contains("基期|基数|基准|现状|现有|实际|完成"))
        .then(pl.lit("base")),
    )


def _cells_a_line(cells: pl.DataFrame, units: str) -> pl.DataFrame:
    """Keep the blocks of consecutive short lines with enough numbers to be a table, and read their rows."""
    text = pl.col("text")
    short = (
        (text.str.len_chars() <= LONGEST_CELL)
        & ~text.str.contains(SENTENCE_SIGNS)
        & pl.col("level").is_null()
    )
    numbers = (pl.col("kind") == "number").sum().over(BLOCK)
    return (
        cells.filter(text != "")
        .with_columns(short=short)
        .with_columns(block=(pl.col("short") != pl.col("short").shift()).cum_sum().over("document_id"))
        .filter(pl.col("short") & (numbers >= NUMBERS_NEEDED))
        .pipe(_rows_by_label)
        .pipe(_finished, units)
    )


def _rows_by_label(cells: pl.DataFrame) -> pl.DataFrame:
    """Number the rows of each block by their labels, and tell values from row numbers by their place.

    With several columns, a row with fewer numbers than the others has lost one: nobody knows which.
    """
    row = [*BLOCK, "row"]
    in_header = pl.col("row") == 0
    cells = cells.with_columns(row=(pl.col("kind") == "label").cum_sum().over(BLOCK)).with_columns(
        kind=pl.when(pl.col("kind") != "bare_year")
        .then("kind")
        .when(in_header)
        .then(pl.lit("year"))
        .otherwise(pl.lit("number"))
    )
    is_number = pl.col("kind") == "number"
    is_place = is_number | (pl.col("kind") == "empty")
    heads = pl.col("text").filter(pl.col("kind").is_in(["year", "role"]) & in_header)
    numbered = cells.with_columns(
        nth=is_place.cum_sum().over(row).cast(pl.Int64),
        places=is_place.sum().over(row),
        heads=heads.over(BLOCK, mapping_strategy="join"),
        last_row=pl.col("row") == pl.col("row").max().over(BLOCK),
    ).with_columns(columns=pl.max_horizontal(pl.col("heads").list.len(), 1))
    usual = pl.col("places").filter(pl.col("row") > 0).mode(maintain_order=True).max().over(BLOCK)
    whole = (
        (pl.col("columns") == 1)
        | (pl.col("places") >= usual)
        | (pl.col("last_row") & (pl.col("places") >= pl.col("columns")))
    )
    in_column = (pl.col("row") > 0) & (pl.col("nth") <= pl.col("columns"))
    counting = pl.col("text").str.contains("^[0-9]{1,3}$")
    return numbered.with_columns(
        label=_first("label", row),
        written=_first("unit", row),
        row_attribute=_first("attribute", row),
        head=pl.col("heads").list.get(pl.col("nth") - 1, null_on_oob=True),
        cell=pl.when(~is_number)
        .then("kind")
        .when(in_column & whole)
        .then(pl.lit("value"))
        .when(counting & ~in_column)
        .then(pl.lit("row_number"))
        .otherwise(pl.lit("unplaced")),
    )
