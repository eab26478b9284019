"""Which lines are headings, how deep, and what they say."""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons

DEEPEST = 6
TITLE = r"^\s*([^。;:,]{1,40})"


def with_headings(text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``level`` (1 the outermost, null for no heading) and ``heading`` (its words) to the lines."""
    level = lexicons["headings"].meaning(pl.col("line")).cast(pl.Int64)
    heading = pl.col("line").str.extract(TITLE).str.strip_chars()
    return text.with_columns(level=level).with_columns(
        heading=pl.when(pl.col("level").is_not_null()).then(heading)
    )
