"""Lines that sell something: put into a page by whoever broke into its site, no part of the document.

The lexicon ``spam`` has their words, and those of a document that only speaks of such things (打击代孕机构).
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.transforms.distinct import with_distinct

# A short line is spam as a whole; of a page without line ends only the sentence that says it.
LONGEST_SPAM = 300


def with_spam(mentions: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``spam`` to ``mentions``: whether the number is of an advertisement within the clean ``text``."""
    short = text.filter(pl.col("line").str.len_chars() <= LONGEST_SPAM)
    lines = short.join(mentions, on="line_id", how="semi").filter(_sells(pl.col("line"), lexicons))["line_id"]
    in_line = pl.col("line_id").is_in(lines.implode())
    return (
        with_distinct(mentions, "sentence", _sold=_sells(pl.col("sentence"), lexicons))
        .with_columns(spam=in_line | pl.col("_sold"))
        .drop("_sold")
    )


def _sells(words: pl.Expr, lexicons: Lexicons) -> pl.Expr:
    spam = lexicons["spam"]
    return words.str.contains(spam.pattern("spam")) & ~words.str.contains(spam.pattern("not_spam"))
