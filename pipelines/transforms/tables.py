"""Tables in plain text: what each cell is, and the row and column it belongs to.

Cells stand in rows as printed (:mod:`pipelines.transforms.tables_rows`), parted by bars, tabs or spaces, or
one a line (:mod:`pipelines.transforms.tables_lines`). Each cell is a sentence of its own
(:mod:`pipelines.transforms.segment`).
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.transforms.tables_layout import display_column
from pipelines.transforms.tables_lines import cells_a_line, with_numbers
from pipelines.transforms.tables_rows import printed_rows
from pipelines.transforms.tables_units import described
from pipelines.transforms.tables_words import TableWords

CELL_KEY = ["document_id", "line_no", "sentence_no"]
CELL_COLUMNS = {
    "cell": pl.String(),
    "row_label": pl.String(),
    "row_unit": pl.String(),
    "row_factor": pl.Float64(),
    "row_attribute": pl.String(),
    "column_year": pl.String(),
    "column_role": pl.String(),
    "column_lead": pl.String(),
}


def with_cells(sentences: pl.DataFrame, units: str, lexicons: Lexicons) -> pl.DataFrame:
    """Add the ``CELL_COLUMNS`` to ``sentences`` (CELL_KEY, level, layout, sentence); null outside tables.

    ``units`` is the pattern of written units. cell: label, value, row_number, unplaced (a number whose column
    is not known), year, or what else it is. Of a value: row_label (without its unit), row_unit, row_factor
    (the multiplier of that unit), row_attribute (约束性, 预期性), column_year, column_role (target or base)
    and column_lead (the words of change over it, 比上年增长).
    """
    words = TableWords(lexicons, units)
    text = pl.col("sentence").str.strip_chars("| \t\xa0")
    in_row = pl.col("layout").is_not_null()
    rows = sentences.filter(in_row).select(
        *CELL_KEY, "level", "layout", text=text, start=display_column(pl.col("raw_line"))
    )
    lines = sentences.filter(~in_row).select(*CELL_KEY, "level", "layout", text=text)
    captions = sentences.filter(pl.col("sentence").str.contains("单位", literal=True)).select(
        "document_id", "line_no", caption_unit=words.caption_unit(pl.col("sentence"))
    )
    parts = ((printed_rows, rows), (cells_a_line, with_numbers(lines, words)))
    tables = [read(part.pipe(words.with_kind)) for read, part in parts if not part.is_empty()]
    if all(table.is_empty() for table in tables):
        return sentences.with_columns(pl.lit(None, kind).alias(name) for name, kind in CELL_COLUMNS.items())
    found = pl.concat(tables)
    placed = described(found, captions, words).select(*CELL_KEY, *CELL_COLUMNS)
    return sentences.join(placed, on=CELL_KEY, how="left", maintain_order="left")
