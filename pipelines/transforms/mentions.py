"""Every number in the text: where it stands, what it says, its unit, multiplier and range.

polars has no expression for the spans of all matches. The gaps between them and the matches themselves are
lists of text whose lengths add up to the spans, which stays in polars and is fast.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.reference import Reference
from pipelines.transforms.clean import to_raw

GAP = "\x1f"

YEAR = "(?:19|20)[0-9]{2}"
# An ASCII word boundary: no token ends inside a run of digits (a digit and a Chinese sign have one between).
END = r"(?-u:\b)"
NUMBER = rf"[0-9]{{1,3}}(?:[, ][0-9]{{3}})+(?:\.[0-9]+)?{END}|[0-9]+(?:\.[0-9]+)?"
MULTIPLIER = "[余多]?(?:万亿|百万|千万|万|亿)"
HAN_NUMBER = "[零〇一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?"
COVERAGE = "全覆盖"
SHARED_UNIT = "%|‰|元|岁|周岁|个|张|人|名|家|项|所"
TOKENS = (
    rf"{YEAR}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?:\s+[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?)?{END}",
    rf"{YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}{END}|{YEAR}年[0-9]{{1,2}}月",  # 2020年4月29
    rf"{YEAR}年?(?:-{{1,2}}|至|到){YEAR}{END}",  # 2021-2025
    rf"[0-9]{{3,4}}-[0-9]{{7,8}}{END}|[0-9]{{6,}}[/-][0-9][0-9/-]*",  # telephone and index numbers
    r"[0-9]+(?:\+[0-9]+)+(?:\+[A-Z])?|[0-9]+\+[A-Z]",  # 1+3+11+N
    rf"(?:百|千|万|十万|百万|10万)分之(?:{NUMBER}|{HAN_NUMBER})",  # 百分之九十
    rf"(?:{NUMBER})(?:{MULTIPLIER})?(?:{SHARED_UNIT})?\s?-{{1,2}}\s?(?:{NUMBER})(?:{MULTIPLIER})?",  # 1-2
    rf"(?:{NUMBER})%?[至到](?:{NUMBER})(?:{MULTIPLIER})?",  # 1至2
    rf"(?:{NUMBER})(?:{MULTIPLIER})?",
    "[一二三四五六七八九]成",
    COVERAGE,
)
TOKEN = "|".join(TOKENS)
CONTEXT = 40
DECIMALS = 2  # of a multiplied value: 41676.8亿 is 4167680000000, not …0.0005

_FACTORS = {"万亿": 1e12, "百万": 1e6, "千万": 1e7, "万": 1e4, "亿": 1e8, "": 1.0}
_DIGITS = "零一二三四五六七八九"
_TENS = ["", "十", *(f"{digit}十" for digit in _DIGITS[2:])]
HAN_NUMBERS = {
    f"{tens}{digit or ''}": 10.0 * n + d
    for n, tens in enumerate(_TENS)
    for d, digit in enumerate(["", *_DIGITS[1:]])
}
HAN_NUMBERS = {**HAN_NUMBERS, "百": 100.0, "一百": 100.0, "零": 0.0}


class Mentioned(NamedTuple):
    """``mentions``: one row per number, in reading order.

    The columns of ``sentences``, and: char_start, char_end (raw offsets); start, end (in the clean
    sentence); mention (clean); before, after (the clean sentence up to and from there); context (the last
    and next signs around ``⟦mention⟧``); value, value_high (after the multiplier; null if unreadable);
    unit (simplified, null if none is written); unit_length (signs after the mention that belong to it).
    """

    mentions: pl.DataFrame


def find_mentions(sentences: pl.DataFrame, pieces: pl.DataFrame, reference: Reference) -> Mentioned:
    """Find every number of ``sentences`` (see :class:`pipelines.transforms.segment.Segmented`)."""
    spans = _spans(sentences.filter(pl.col("sentence").str.contains(TOKEN)))
    around = spans.with_columns(
        before=pl.col("sentence").str.slice(0, pl.col("start")),
        after=pl.col("sentence").str.slice(pl.col("end")),
    ).with_columns(context=_context())
    # 100%全覆盖 is one fact, on the number.
    around = around.filter((pl.col("mention") != COVERAGE) | ~pl.col("before").str.contains(r"\d%?\s?$"))
    read = around.with_columns(_values()).pipe(_units, reference)
    line_offset = pl.col("sentence_start")
    in_line = read.with_columns(_start=line_offset + pl.col("start"), _end=line_offset + pl.col("end"))
    return Mentioned(to_raw(in_line, pieces, "_start", "_end").drop("_start", "_end"))


def _spans(sentences: pl.DataFrame) -> pl.DataFrame:
    """One row per token with its span; what a token ends in after its last sign of number is cut off."""
    lengths = pl.element().str.len_chars().cast(pl.Int64).cum_sum()
    gaps = pl.col("sentence").str.replace_all(TOKEN, GAP).str.split(GAP)
    return (
        sentences.with_columns(mention=pl.col("sentence").str.extract_all(TOKEN), gap=gaps)
        .with_columns(
            gap_ends=pl.col("gap").list.eval(lengths), token_ends=pl.col("mention").list.eval(lengths)
        )
        .with_columns(gap_ends=pl.col("gap_ends").list.head(pl.col("mention").list.len()))
        .drop("gap")
        .explode("mention", "gap_ends", "token_ends")
        .with_columns(
            start=pl.col("gap_ends") + pl.col("token_ends") - pl.col("mention").str.len_chars(),
            mention=pl.col("mention").str.strip_chars_end("年月"),
        )
        .with_columns(end=pl.col("start") + pl.col("mention").str.len_chars())
        .drop("gap_ends", "token_ends")
    )


def _context() -> pl.Expr:
    return pl.concat_str(
        pl.col("before").str.tail(CONTEXT),
        pl.lit("⟦"),
        "mention",
        pl.lit("⟧"),
        pl.col("after").str.head(CONTEXT),
    )


def _values() -> list[pl.Expr]:
    """``value`` and ``value_high``: the numbers written in the mention, times its multiplier."""
    numbers = pl.col("mention").str.extract_all(NUMBER)
    fraction = pl.col("mention").str.contains("分之")
    low = pl.when(fraction).then(numbers.list.last()).otherwise(numbers.list.first())
    high = pl.when(~fraction).then(numbers.list.get(1, null_on_oob=True))
    factor = pl.col("mention").str.extract(f"({MULTIPLIER})$").str.strip_chars_start("余多").fill_null("")
    scale = factor.replace_strict(_FACTORS, default=1.0, return_dtype=pl.Float64())
    tenths = pl.col("mention").str.extract("^(.)成$")
    han = pl.coalesce(pl.col("mention").str.extract("分之(.*)$"), tenths).replace_strict(
        HAN_NUMBERS, default=None, return_dtype=pl.Float64()
    )
    spelled = pl.when(tenths.is_not_null()).then(han * 10).otherwise(han)
    whole = pl.when(pl.col("mention") == COVERAGE).then(100.0)
    return [
        pl.coalesce(_scaled(low, scale), spelled, whole).alias("value"),
        _scaled(high, scale).alias("value_high"),
    ]


def _scaled(text: pl.Expr, scale: pl.Expr) -> pl.Expr:
    number = _float(text)
    return pl.when(scale == 1).then(number).otherwise((number * scale).round(DECIMALS))


def _float(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[, ]", "").cast(pl.Float64, strict=False)


# Surfaces that begin with a multiplier, swallow the noun they count, or only rank.
NOT_UNITS = (
    "^(?:[余多万亿::比第]|百万|千万|千人|千元|个[国村社托]|支队|张床|对夫|岁以|位\\(|名\\(|分\\()"
    "|^(?:镇|村|社区|县|区|市|席|团队|站点|托位|学位|级|度|期|点|回)$"
)
SPELLED_UNITS = {"百分之": "%", "千分之": "‰", "万分之": "/万", "十万分之": "/10万", "10万分之": "/10万"}
UNIT_NAMES = {
    "/十万": "/10万",
    "百分点": "个百分点",
    "个百分": "个百分点",
    "/10 万": "/10万",
    "人/次": "人次",
}


def _units(mentions: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """``unit`` as written after the number (or as its spelling implies), and how many signs it takes."""
    pattern = rf"^(\s?[余多几]?\s?({_unit_pattern(reference)}))"
    # Of "30%-40" the unit stands once on the first number too.
    spelled = pl.col("mention").str.extract("^(.*分之)").replace_strict(SPELLED_UNITS, default=None)
    implied = pl.when(pl.col("mention").str.contains(f"成$|^{COVERAGE}$")).then(pl.lit("%"))
    written = pl.col("after").str.extract(pattern, 2).replace(UNIT_NAMES)
    length = pl.col("after").str.extract(pattern, 1).str.len_chars().fill_null(0)
    return mentions.with_columns(
        unit=pl.coalesce(spelled, implied, written),
        unit_length=pl.when(spelled.is_null() & implied.is_null()).then(length).otherwise(0).cast(pl.Int64),
    )


def _unit_pattern(reference: Reference) -> str:
    """The written units, longest first; not those that only rank or that a multiplier begins."""
    units = reference.units.filter(
        (pl.col("kind") == "unit")
        & ~pl.col("dimension").is_in(["ordinal", "ratio"])
        & ~pl.col("surface_unit").str.contains(NOT_UNITS)
    )["surface_unit"]
    ordered = units.to_frame().sort(pl.col("surface_unit").str.len_chars(), descending=True).to_series()
    return "|".join(ordered.str.escape_regex())
