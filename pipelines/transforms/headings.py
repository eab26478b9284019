"""Which lines are headings, how deep, and what they say."""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons

DEEPEST = 6
TITLE = r"^\s*([^。;:,]{1,40})"


def with_headings(text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``level`` (1 the outermost, null for no heading) and ``heading`` (its words) to the lines."""
    headings = lexicons["headings"]
    return (
        text.with_columns(heading=headings.matched(pl.col("line")))
        .with_columns(level=headings.meaning(pl.col("heading")).cast(pl.Int64))
        .with_columns(heading=pl.col("heading").str.extract(TITLE).str.strip_chars())
    )
