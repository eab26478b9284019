"""Which lines are headings, how deep, and what they say."""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons

DEEPEST = 6
TITLE = r"^\s*([^。;:,]{1,40})"


def with_headings(text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``level`` (1 the outermost, null for no heading) and ``heading`` (its words) to the lines."""
    headings = lexicons["headings"]
    level = headings.meaning_of(pl.col("rule")).cast(pl.Int64)
    heading = pl.when(pl.col("rule").is_not_null()).then("line").str.extract(TITLE).str.strip_chars()
    return headings.with_rule(text, "line", "rule").with_columns(level=level, heading=heading).drop("rule")
