"""Whether a document is about health policy at all, by the words it is made of.

A crawler also brings home recipes, match reports and calls for tenders. The lexicon ``topics`` has the words
of the field and those of other kinds of page. The labelled documents have 59 words of the field and more in a
thousand Chinese signs; pages of other kinds have up to 15, and then more words of their own kind.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons

FIELD, OTHER = "field", "other"
ON_TOPIC, OFF_TOPIC = "health_policy", "off_topic"
FEWEST_WORDS = 10  # of the field, in a thousand Chinese signs
LETTERS_A_SIGN = 5  # more letters for each Chinese sign, and the document is in another language,
A_HANDFUL = 5  # unless that many words of the field stand among them: then the letters are markup
HAN, LETTER = "[㐀-鿿]", r"\p{L}"
NOT_CHINESE, FEW_WORDS, OF_THE_FIELD = "not_chinese", "few_words_of_the_field", "words_of_the_field"


def document_topics(text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The topic of each document of clean ``text`` and why: document_id, field, value, found_by.

    Where words of other kinds are in the majority, ``found_by`` is the rule with the most matches.
    """
    topics = lexicons["topics"]
    counted = _with_signs(_counted(text, topics), text).with_columns(reason=_reason())
    majority = counted.filter(reason=OTHER).select("document_id")
    kinds = _commonest(text.join(majority, on="document_id", how="semi"), topics)
    return counted.join(kinds, on="document_id", how="left", maintain_order="left").select(
        "document_id",
        field=pl.lit("topic"),
        value=pl.when(pl.col("reason") == OF_THE_FIELD).then(pl.lit(ON_TOPIC)).otherwise(pl.lit(OFF_TOPIC)),
        found_by=pl.coalesce("kind", "reason"),
    )


def _counted(text: pl.DataFrame, topics: Lexicon) -> pl.DataFrame:
    """How many words of the field and of others each document has, and how many signs."""
    line = pl.col("line")
    words = {kind: line.str.count_matches(topics.pattern(kind)) for kind in (FIELD, OTHER)}
    return _summed(text.select("document_id", signs=line.str.len_chars(), **words))


def _with_signs(counted: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """Add ``han`` and ``letters``: the signs of each kind, counted where the words do not settle it.

    Where these are many among all signs, they are many among the Chinese ones; that is most documents.
    """
    settled = (pl.col(FIELD) >= A_HANDFUL) & (1000 * pl.col(FIELD) >= FEWEST_WORDS * pl.col("signs"))
    unsettled = text.join(counted.filter(~settled), on="document_id", how="semi")
    kinds = {"han": HAN, "letters": LETTER}
    signs = unsettled.select(
        "document_id", **{k: pl.col("line").str.count_matches(p) for k, p in kinds.items()}
    )
    found = counted.join(_summed(signs), on="document_id", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce(kind, "signs").alias(kind) for kind in kinds)


def _summed(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.group_by("document_id", maintain_order=True).sum()


def _reason() -> pl.Expr:
    return (
        pl.when((pl.col("letters") > LETTERS_A_SIGN * pl.col("han")) & (pl.col(FIELD) < A_HANDFUL))
        .then(pl.lit(NOT_CHINESE))
        .when((pl.col(OTHER) >= pl.col(FIELD)) & (pl.col(OTHER) > 0))
        .then(pl.lit(OTHER))
        .when(1000 * pl.col(FIELD) < FEWEST_WORDS * pl.col("han"))
        .then(pl.lit(FEW_WORDS))
        .otherwise(pl.lit(OF_THE_FIELD))
    )


def _commonest(text: pl.DataFrame, topics: Lexicon) -> pl.DataFrame:
    """The kind of page whose words are most frequent: document_id, kind."""
    kinds = {
        rule.rule_id: pl.col("line").str.count_matches(rule.pattern)
        for rule in topics.rules
        if rule.meaning == OTHER
    }
    return (
        _summed(text.select("document_id", **kinds))
        .unpivot(index="document_id", variable_name="kind")
        .sort("value", descending=True, maintain_order=True)
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", "kind")
    )
