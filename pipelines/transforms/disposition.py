"""What each number is: a fact, or one of the reasons why a number is none.

The lexicon ``dispositions`` says which numbers are none; of the rest a number with a unit is a fact, and
one without where ``bare_values`` says that the source merely left the unit out.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.transforms.keys import content_id
from pipelines.transforms.spam import with_spam

QUANTITY = "quantity"
TABLE_CELL = "table_cell"
IN_LABEL = "in_row_label"
NO_UNIT = "no_unit"
NO_WORDS = "no_words"
UNREADABLE = "unreadable"
NO_NAME = "no_indicator"
SPAM = "spam"
WORDS = "[㐀-鿿][^㐀-鿿]*[㐀-鿿]"
UNPLACED = "column_unknown"
CELL_RULES = {
    "row_number": "table_row_number",
    "year": "table_year",
    "unit": "table_unit",
    "unplaced": UNPLACED,
}
UNREAD = {
    NO_UNIT: "no unit",
    NO_WORDS: "no words beside it",
    UNPLACED: "a table cell whose column is not known",
    UNREADABLE: "written in a way that could not be read",
    SPAM: "in an advertisement that is no part of the document",
}
CELL_DISPOSITIONS = {
    "table_row_number": "ordinal",
    "table_year": "date",
    "table_unit": "rate_base",
    IN_LABEL: "name",
}


class Disposed(NamedTuple):
    """``mentions``: with mention_id, disposition, detail, disposition_rule. ``number_mention``: the table."""

    mentions: pl.DataFrame
    number_mention: pl.DataFrame


def dispose(mentions: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons) -> Disposed:
    """Give every mention (see :class:`pipelines.transforms.mentions.Mentioned`) its disposition.

    ``text`` is the clean text (see :class:`pipelines.transforms.clean.Cleaned`) they stand in.
    """
    rules = lexicons["dispositions"]
    notes = {rule.rule_id: rule.note for rule in rules.rules}
    ruled = (
        mentions.pipe(with_spam, text, lexicons)
        .pipe(rules.with_rule, "context", "ruled")
        .with_columns(without_unit=pl.when(pl.col("unit").is_null()).then("context"))
    )
    ruled = ruled.pipe(lexicons["bare_values"].with_rule, "without_unit", "bare")
    disposed = ruled.with_columns(disposition_rule=_rule()).drop("ruled", "without_unit", "bare", "spam")
    known = pl.coalesce(
        pl.col("disposition_rule").replace_strict(CELL_DISPOSITIONS, default=None),
        rules.meaning_of(pl.col("disposition_rule")),
    )
    unread = pl.col("disposition_rule").is_in(list(UNREAD))
    fact = pl.when(unread).then(pl.lit("other")).otherwise(pl.lit("fact"))
    disposed = disposed.with_columns(disposition=pl.coalesce(known, fact)).with_columns(
        detail=pl.when(pl.col("disposition") == "other").then(
            pl.col("disposition_rule").replace_strict({**notes, **UNREAD}, default=None)
        )
    )
    keyed = content_id(disposed, "mention_id", "document_id", "char_start", "char_end")
    return Disposed(keyed, number_mention(keyed))


def _rule() -> pl.Expr:
    """The rule that decides: the first of these that has an answer."""
    readable = pl.col("value").is_not_null()
    return pl.coalesce(
        pl.when("spam").then(pl.lit(SPAM)),
        pl.col("cell").replace_strict(CELL_RULES, default=None),
        pl.when(readable & _bare_value()).then(pl.lit(TABLE_CELL)),
        "ruled",
        pl.when(~readable).then(pl.lit(UNREADABLE)),
        pl.when(pl.col("cell") == "label").then(pl.lit(IN_LABEL)),
        pl.when(readable & (pl.col("cell") == "value")).then(pl.lit(TABLE_CELL)),
        pl.when(~_has_words_beside()).then(pl.lit(NO_WORDS)),
        pl.when(readable & pl.col("unit").is_not_null()).then(pl.lit(QUANTITY)),
        pl.when(readable).then("bare"),
        pl.lit(NO_UNIT),
    )


def _bare_value() -> pl.Expr:
    """A cell without words before its number: 1980 under 2020年 is a value, and [30]; not 10万 of 4/10万."""
    bare = ~pl.col("before").str.contains(r"[㐀-鿿]|[//]\s?$") & ~pl.col("after").str.contains("^年")
    return (pl.col("cell") == "value") & bare


def _has_words_beside() -> pl.Expr:
    """Whether the sentence has at least two Chinese signs beside the number and its unit."""
    after = pl.col("after").str.slice(pl.col("unit_length"))
    return pl.concat_str("before", after).str.contains(WORDS)


def number_mention(mentions: pl.DataFrame) -> pl.DataFrame:
    """The table ``number_mention``: every number, as the raw text has it."""
    raw = pl.col("raw_sentence").str.slice(
        pl.col("char_start") - pl.col("raw_sentence_start"), pl.col("char_end") - pl.col("char_start")
    )
    return mentions.with_columns(mention=raw).select(
        "mention_id",
        "document_id",
        "source_file",
        "char_start",
        "char_end",
        "mention",
        "disposition",
        "detail",
        "section_id",
        rule_id="disposition_rule",
    )


def without_name(mentions: pl.DataFrame, nameless: pl.Series) -> pl.DataFrame:
    """``mentions`` in which those of the ids ``nameless`` are no facts: no words say what they measure."""
    found = pl.col("mention_id").is_in(nameless.implode())
    return mentions.with_columns(
        disposition=pl.when(found).then(pl.lit("other")).otherwise("disposition"),
        detail=pl.when(found).then(pl.lit("no indicator is named")).otherwise("detail"),
        disposition_rule=pl.when(found).then(pl.lit(NO_NAME)).otherwise("disposition_rule"),
    )
