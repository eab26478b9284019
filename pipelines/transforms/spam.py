"""Lines that sell something: put into a page by whoever broke into its site, no part of the document.

The lexicon ``spam`` has their words, and those of a document that only speaks of such things (打击代孕机构).
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons

# A short line is spam as a whole; of a page without line ends only the sentence that says it.
LONGEST_SPAM = 300


def with_spam(mentions: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``spam`` to ``mentions``: whether the number is of an advertisement within the clean ``text``."""
    short = text.filter(pl.col("line").str.len_chars() <= LONGEST_SPAM)
    lines = _selling(short.join(mentions, on="line_id", how="semi"), "line", lexicons)["line_id"]
    sentences = _selling(mentions.select("sentence").unique(), "sentence", lexicons)["sentence"]
    in_line = pl.col("line_id").is_in(lines.implode())
    return mentions.with_columns(spam=in_line | pl.col("sentence").is_in(sentences.implode()))


def _selling(rows: pl.DataFrame, column: str, lexicons: Lexicons) -> pl.DataFrame:
    """The ``rows`` whose words sell something."""
    spam, words = lexicons["spam"], pl.col(column).str
    sold = rows.filter(words.contains(spam.pattern("spam")))  # as a rule none
    return sold.filter(~words.contains(spam.pattern("not_spam")))
