"""What a document and its values are known again by, in whatever page, encoding or script they stand.

A document's signature is a MinHash of its sentences: two documents agree in as large a share of it as they
share of their sentences. A page's menus hold no sentence and hardly change it.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import polars as pl

from pipelines.transforms.keys import content_id

PLACES = 128  # numbers in a signature; the share is met within 0.04 as a rule
SENTENCE_ENDS = "[。;!?]"
CUT = "\x1f"
# Menus and tables have no sentences; of what is so long without an end, the lines with a number tell most.
LONGEST = 150
NO_LETTERS = r"[^\p{Han}0-9A-Za-z]+"
# All that says what a value is but its place and period, which a page may have lost.
READ = [
    *("indicator_id", "qualifier", "indicator_text", "value_type", "change", "comparator", "value"),
    *("value_high", "unit", "reference_period"),
]


class Signed(NamedTuple):
    """``signature``: document_id, minhash (:data:`PLACES` numbers); of documents with any words.

    ``reading``: indicator_value_id, document_id, char_start, reading, words, period, place. Two values with
    equal ``reading`` say the same, with equal ``words`` in the same sentence; what stewards made of them is
    not in it.
    """

    signature: pl.DataFrame
    reading: pl.DataFrame


def sign(text: pl.DataFrame, facts: pl.DataFrame) -> Signed:
    """Sign the clean ``text`` of documents and their resolved ``facts``, before any correction.

    They are as in :class:`pipelines.transforms.clean.Cleaned` and :class:`.resolve.Resolved`.
    """
    return Signed(_signature(_sentences(text)), _reading(facts))


def _sentences(text: pl.DataFrame) -> pl.DataFrame:
    """One row a sentence, letters only: document_id, words. Where lines break does not matter."""
    words = pl.col("words")
    cut = (
        text.group_by("document_id", maintain_order=True)
        .agg(words=pl.col("line").str.join("\n"))
        .with_columns(words.str.replace_all(SENTENCE_ENDS, CUT).str.split(CUT))
        .explode("words")
    )
    endless = words.str.len_chars() > LONGEST
    lines = cut.filter(endless).with_columns(words.str.split("\n")).explode("words")
    telling = lines.filter(words.str.contains("[0-9]"))
    return (
        pl.concat([cut.filter(~endless), telling])
        .with_columns(words.str.replace_all(NO_LETTERS, ""))
        .filter(words != "")
    )


def _signature(sentences: pl.DataFrame) -> pl.DataFrame:
    from datasketch import MinHash  # deferred: it loads scipy

    grouped = sentences.group_by("document_id").agg(pl.col("words").cast(pl.Binary)).sort("document_id")
    hashes = MinHash.generator(grouped["words"].to_list(), num_perm=PLACES, hashfunc=crc32)
    numbers = [one.hashvalues for one in hashes]
    return grouped.select("document_id", minhash=pl.Series(numbers, dtype=pl.Array(pl.UInt32, PLACES)))


def _reading(facts: pl.DataFrame) -> pl.DataFrame:
    """The words are without numbers, so that one that differs leaves the others of its sentence alike."""
    words = pl.col("clean_sentence").str.replace_all(r"[^\p{Han}A-Za-z]+", "")
    return (
        facts.pipe(content_id, "reading", *READ)
        .with_columns(words=words)
        .pipe(content_id, "words", "words")
        .select(
            *("indicator_value_id", "document_id", "char_start", "reading", "words", "period"),
            place=pl.coalesce("jurisdiction_code", "jurisdiction_name"),
        )
    )
