"""Which lines are rows of a printed table, and how they part into cells.

Cells are parted by bars, by tabs or by two spaces and more. Bars and tabs make a row where there are two;
one bar or tab among neighbours that have one too; spaces only among neighbours that read like rows: a label,
then a number on its own.
"""

from __future__ import annotations

import polars as pl

GAP_IN_TABLE = 2  # rows of one table have at most one empty line between them
ROWS_NEEDED = 2

_PART = {"bars": r"\|", "tabs": r"\t", "spaces": r"\S\s{2,}\S"}
CELL = {"bars": r"[^|]*\||[^|]+", "tabs": r"[^\t]*\t|[^\t]+", "spaces": r"\s*\S+(?:\s\S+)*\s*"}
FRAMED = r"^\s*\|.*\|\s*$"
SENTENCE_SIGNS = "[。;!?]"
# 其中:医院 and 单位:张 are cells; 发布机构:某局    文号:… is the head of a page.
FIELD = "[:]"
FIELD_IN_TABLE = "(?:其中|单位):"
CAPTION = r"^\s*表\s?[0-9一二三四五六七八九十]"
ROW_OF_VALUES = (
    r"[㐀-鿿%‰)][^|\t]*?(?:\s*[|\t]\s*|\s{2,})(?:[^|\t]*?(?:\s*[|\t]\s*|\s{2,}))*"
    r"[≥≤<>约-]?\s?[0-9][0-9.,]*[^\s0-9|]{0,6}(?:\s{2,}|\s*[|\t]|\s*$)"
)


def with_layout(lines: pl.DataFrame) -> pl.DataFrame:
    """Add ``layout`` (bars, tabs, spaces; null for what is no row) to ``lines`` (line_no, line, level)."""
    line = pl.col("line").str.strip_chars()
    block = ["document_id", "_block"]
    choices = [pl.when(line.str.contains(part)).then(pl.lit(name)) for name, part in _PART.items()]
    prose = line.str.contains(SENTENCE_SIGNS) & ~line.str.contains(FRAMED)
    candidates = (
        lines.filter(~prose)
        .with_columns(_layout=pl.coalesce(*choices))
        .filter(pl.col("_layout").is_not_null())
        .filter(~_no_spaced_row(line))
        .with_columns(_parts=pl.col("line").str.count_matches(r"[|\t]"))
        .with_columns(_new=_begins_block())
        .with_columns(_block=pl.col("_new").cum_sum().over("document_id"))
        .with_columns(
            _rows=line.str.contains(ROW_OF_VALUES).sum().over(block),
            _even=(pl.col("_parts").n_unique().over(block) == 1) & (pl.len().over(block) > ROWS_NEEDED),
        )
    )
    parted = (pl.col("_parts") >= 2) & line.str.contains(r"[|\t].*[|\t]\s*\S|^\|")
    even = pl.col("_even") & (pl.col("_parts") > 0)
    rows = candidates.filter(parted | even | (pl.col("_rows") >= ROWS_NEEDED))
    found = rows.select("document_id", "line_no", layout="_layout")
    return lines.join(found, on=["document_id", "line_no"], how="left", maintain_order="left")


def _no_spaced_row(line: pl.Expr) -> pl.Expr:
    """Spaces also part the fields of a page's head, the words of a heading or of a caption."""
    field = line.str.replace_all(FIELD_IN_TABLE, "").str.contains(FIELD)
    heading = pl.col("level").is_not_null() | line.str.contains(CAPTION)
    return (pl.col("_layout") == "spaces") & (field | heading)


def _begins_block() -> pl.Expr:
    far = pl.col("line_no") - pl.col("line_no").shift() > GAP_IN_TABLE
    other = pl.col("_layout") != pl.col("_layout").shift()
    return (far | other).over("document_id").fill_null(value=True)


def cells_of(line: pl.Expr) -> pl.Expr:
    """The cells of a row of any ``layout``, each with the separator after it; null for what is no row."""
    parts = [
        pl.when(pl.col("layout") == name).then(line.str.extract_all(cell)) for name, cell in CELL.items()
    ]
    return pl.coalesce(*parts)


def display_column(raw_line: pl.Expr) -> pl.Expr:
    """Where a cell's text begins on a fixed-width screen, on which a Chinese sign takes two places."""
    indent = pl.col("sentence").str.len_chars() - pl.col("sentence").str.strip_chars_start().str.len_chars()
    before = raw_line.str.slice(0, pl.col("sentence_start") + indent.cast(pl.Int64))
    return (before.str.len_chars() + before.str.count_matches(r"[^\x00-\x7f]")).cast(pl.Int64)
