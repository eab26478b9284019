"""Every number in the text and where it stands.

Where the matches of a pattern stand is found by summing up their lengths and those of the gaps between:
both are columns that polars makes fast, while a loop over the matches would be slow.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.reference import Reference
from pipelines.transforms.clean import to_raw
from pipelines.transforms.quantities import COVERAGE, END, HAN_NUMBER, MULTIPLIER, NUMBER, with_quantities
from pipelines.transforms.running import sum_before

SHARE_OF_TEN = "[一二两三四五六七八九](?:[至到-]?[二三四五六七八九])?成半?"
YEAR = "(?:19|20)[0-9]{2}"
SHARED_UNIT = "%|‰|元|岁|周岁|个|张|人|名|家|项|所"
LOW_END = rf"(?:{NUMBER})(?:{MULTIPLIER})?(?:{SHARED_UNIT})?(?:\(不?含\))?"
TOKENS = (
    rf"{YEAR}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?:\s+[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?)?{END}",
    rf"{YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}{END}|{YEAR}年[0-9]{{1,2}}月",  # 2020年4月29
    rf"{YEAR}年?(?:-{{1,2}}|至|到){YEAR}{END}",  # 2021-2025
    rf"[0-9]{{3,4}}-[0-9]{{7,8}}{END}|[0-9]{{6,}}[/-][0-9][0-9/-]*",  # telephone and index numbers
    rf"[0-9]{{1,2}}:[0-9]{{2}}-[0-9]{{1,2}}:[0-9]{{2}}{END}",  # 8:30-17:30
    r"[0-9]{3}\*+[0-9]+",  # 138****1234
    r"[0-9]+(?:\+[0-9]+)+(?:\+[A-Z])?|[0-9]+\+[A-Z]",  # 1+3+11+N
    rf"1:[0-9]\.[0-9]+{END}|[0-9]+(?:\.[0-9]+)?\s?∶\s?[0-9]+(?:\.[0-9]+)?{END}",  # 1:1.2, 1∶2
    rf"(?:百|千|万|十万|百万|10万)分之(?:{NUMBER}|{HAN_NUMBER})",  # 百分之九十
    rf"{LOW_END}\s?-{{1,2}}\s?(?:{NUMBER})(?:\s?{MULTIPLIER})?",  # 1-2
    rf"(?:{NUMBER})%?[至到](?:{NUMBER})(?:\s?{MULTIPLIER})?",  # 1至2
    rf"(?:{NUMBER})(?:\s?{MULTIPLIER})?",
    SHARE_OF_TEN,
    COVERAGE,
)
TOKEN = "|".join(TOKENS)
CONTEXT = 40
# 三成 is a share, but 第三成员, 统一成立 and 三成立 hold none.
TENTHS = f"^{SHARE_OF_TEN}$"
CHANGED_BY = "[降减]低?|[降减增]了?|下降|减少|提高|增长"
SHARE_BEFORE = f"(?:^|[,;:。(]|超过?|近|达到?|约|逾|不足|不到|仅|占|有|过|为|[至到]|{CHANGED_BY})$"
NOT_SHARE = "^[立员果功效为分本长型品就都套年交绩像]"
SHARE_AFTER = "^(?:以[上下内]|左右|多|的?[,;。、)]|$)"


class Mentioned(NamedTuple):
    """``mentions``: one row per number, in reading order.

    The columns of ``sentences`` but raw_line, and: raw_sentence, raw_sentence_start (as the raw file has it,
    and where); char_start, char_end (raw offsets); start, end (in the clean sentence); mention (clean);
    before, after (the clean sentence up to and from there); context (the last and next signs around
    ``⟦mention⟧``); value, value_high (after the multiplier; null if unreadable); unit (simplified, null if
    none is written); unit_length (signs after the mention that belong to it).
    """

    mentions: pl.DataFrame


def find_mentions(sentences: pl.DataFrame, pieces: pl.DataFrame, reference: Reference) -> Mentioned:
    """Find every number of ``sentences`` (see :class:`pipelines.transforms.segment.Segmented`)."""
    spans = _spans(_raw_sentences(sentences.filter(pl.col("sentence").str.contains(TOKEN)), pieces))
    around = spans.with_columns(
        before=pl.col("sentence").str.slice(0, pl.col("start")),
        after=pl.col("sentence").str.slice(pl.col("end")),
    ).with_columns(context=_context())
    read = around.filter(_is_number()).pipe(with_quantities, reference)
    line_offset = pl.col("sentence_start")
    in_line = read.with_columns(_start=line_offset + pl.col("start"), _end=line_offset + pl.col("end"))
    return Mentioned(to_raw(in_line, pieces, "_start", "_end").drop("_start", "_end"))


def _raw_sentences(sentences: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """Add each sentence as the raw file has it, and where."""
    end = pl.col("sentence_start") + pl.col("sentence").str.len_chars()
    raw = to_raw(sentences.with_columns(_end=end), pieces, "sentence_start", "_end")
    start = pl.col("char_start") - pl.col("line_raw_start")
    return raw.with_columns(
        raw_sentence=pl.col("raw_line").str.slice(start, pl.col("char_end") - pl.col("char_start")),
        raw_sentence_start="char_start",
    ).drop("_end", "char_start", "char_end", "raw_line")


def _spans(sentences: pl.DataFrame) -> pl.DataFrame:
    """One row per token with its span; what a token ends in after its last sign of number is cut off."""
    text, length = pl.col("sentence"), pl.col("mention").str.len_chars().cast(pl.Int64)
    tokens = sentences.with_row_index("_sentence").with_columns(
        mention=text.str.extract_all(TOKEN), gap=text.str.split(TOKEN, literal=False)
    )
    return (
        tokens.with_columns(gap=pl.col("gap").list.head(pl.col("mention").list.len()))
        .explode("mention", "gap")
        .with_columns(_gap=pl.col("gap").str.len_chars().cast(pl.Int64), _length=length)
        .with_columns(start=sum_before(pl.col("_gap") + pl.col("_length"), "_sentence") + pl.col("_gap"))
        .with_columns(mention=pl.col("mention").str.strip_chars_end("年月"))
        .with_columns(end=pl.col("start") + length)
        .drop("gap", "_gap", "_length", "_sentence")
    )


def _context() -> pl.Expr:
    return pl.concat_str(
        pl.col("before").str.tail(CONTEXT),
        pl.lit("⟦"),
        "mention",
        pl.lit("⟧"),
        pl.col("after").str.head(CONTEXT),
    )


def _is_number() -> pl.Expr:
    """False for words that only look like one; digits always are. 100%全覆盖 is one fact, on the number."""
    mention = pl.col("mention")
    no_digits = pl.when(mention.str.contains(f"{TENTHS}|^{COVERAGE}$"))
    before, after = no_digits.then("before"), no_digits.then("after")
    repeated = (mention == COVERAGE) & before.str.contains(rf"(?:[0-9]%?|百分之{HAN_NUMBER})\s?$")
    share = before.str.contains(SHARE_BEFORE) | after.str.contains(SHARE_AFTER)
    return ~repeated & (~mention.str.contains(TENTHS) | (share & ~after.str.contains(NOT_SHARE)))
