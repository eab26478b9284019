"""What a number says: its value and sign, the far end of its range, its multiplier and unit of measure."""

from __future__ import annotations

from typing import Literal

import polars as pl

from pipelines.reference import Reference
from pipelines.transforms.distinct import with_distinct

# An ASCII word boundary: no number ends inside a run of digits (a digit and a Chinese sign have one between).
END = r"(?-u:\b)"
GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,2}(?: [0-9]{3})+(?:\.[0-9]+)?"
NUMBER = rf"(?:{GROUPED}){END}|[0-9]+(?:\.[0-9]+)?"
MULTIPLIER = "[余多]?(?:万亿|百万|千万|万|亿)"
TIMES = "倍"
TENTHS_AND = "^([一二三四五六七八九])(?:以[上下内]|左右|[,;。、)]|$)"  # 九成五
HAN_NUMBER = "[零〇一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?"
COVERAGE = "全覆盖"
REACH = 40  # signs behind a number, more than those of any unit
DECIMALS = 2  # of a multiplied value: 41676.8亿 is 4167680000000, not …0.0005

FACTORS = {"万亿": 1e12, "百万": 1e6, "千万": 1e7, "万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2}
# A sign before the first digit: 自然增长率为-0.6‰. Between numbers the same dash is a range.
NEGATIVE = r"[率长为达到至度比)(::]\s?(?:-|负)\s?$"
NEGATIVE_CELL = r"^\s*-\s?$"
# 5千人: a multiplier only before what is counted, else 千 begins a unit (3千克).
SMALL_MULTIPLIER = "^\\s?([千百])[余多]?(?:人|名|个|家|元|张|例|次|份|户|件|场|台|亩)"
# 1 人均预期寿命: the sign after the number begins a word of its own.
WORD_AFTER = (
    "^\\s?(?:人均|人口|人群|人民|家庭|家长|位于|场所|项目(?:[^标]|$)|台账|年级|管理|管控|管辖|门诊|门急诊|门类"
    "|组织|组建|组成|组团|本科|本[级地市县区省院年]|包[括含]|集中|集体|集团|步行|层[次级]|班子|款项|颗粒|袋装|期(?:[工项间末建初内限望]|临床))"
)
BRACKETED_UNIT = r"\(\s?(%|‰|/10万|岁|张|人|个|元)\s?\)\s?[::]?\s?$"
SPELLED_UNITS = {"百分之": "%", "千分之": "‰", "万分之": "/万", "十万分之": "/10万", "10万分之": "/10万"}
UNIT_NAMES = {
    "/十万": "/10万",
    "百分点": "个百分点",
    "个百分": "个百分点",
    "/10 万": "/10万",
    "人/次": "人次",
    "人(次)": "人次",
}
# Surfaces that begin with a multiplier, swallow the noun they count, or only rank.
NOT_UNITS = (
    "^(?:[余多万亿::比第]|百万|千万|千人|千元|个[国村社托]|支队|张床|对夫|岁以|位\\(|名\\(|分\\()"
    "|^(?:镇|村|社区|县|区|市|席|团队|站点|托位|学位|级|度|点|回)$"
)


def _han_numbers() -> dict[str, float]:
    """The Chinese numerals from 零 to 一百九十九, each with its value."""
    digits = ["", *"一二三四五六七八九"]
    below_ten = {digit: float(n) for n, digit in enumerate(digits) if digit}
    tens = {
        f"{lead}十{digit}": 10.0 * max(n, 1) + d
        for n, lead in enumerate(digits)
        for d, digit in enumerate(digits)
    }
    small = {**below_ten, **tens, "零": 0.0, "百": 100.0, "一百": 100.0}
    hundreds = {f"一百零{word}": 100.0 + n for word, n in below_ten.items()}
    return {**small, **hundreds, **{f"一百{word}": 100.0 + n for word, n in tens.items()}}


HAN_NUMBERS = _han_numbers()
_HAN_DIGITS = {digit: str(n) for n, digit in enumerate("零一二三四五六七八九")}


def with_quantities(mentions: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add value, value_high (null if not a range), unit (null if none is written) and unit_length.

    ``mentions`` has mention, before, after (clean) and cell. Values are after the multiplier, and null where
    the mention can't be read as a number; unit_length counts the signs after it that belong to it.
    """
    return (
        mentions.with_columns(behind=pl.col("after").str.head(REACH))
        .pipe(with_distinct, "mention", **_in_mention())
        .pipe(with_distinct, "behind", **_behind(unit_pattern(reference)))
        .with_columns(_ends())
        .with_columns(_units())
        .drop("behind", *_in_mention(), *_behind(""))
    )


def _in_mention() -> dict[str, pl.Expr]:
    """What ``mention`` alone says: both ends, their multipliers, a share in words and the unit it implies."""
    mention = pl.col("mention")
    fraction = mention.str.contains("分之", literal=True)
    numbers = mention.str.extract_all(NUMBER)
    share = mention.str.extract("^(.*分之)").replace_strict(SPELLED_UNITS, default=None)
    whole = pl.when(mention.str.contains(f"成半?$|^{COVERAGE}$")).then(pl.lit("%"))
    return {
        "low": _float(pl.when(fraction).then(numbers.list.last()).otherwise(numbers.list.first())),
        "high": _float(pl.when(~fraction).then(numbers.list.get(1, null_on_oob=True))),
        "last_factor": multiplier(mention).fill_null(1.0),
        "first_factor": pl.when(~fraction).then(
            _factor(mention.str.extract(rf"^(?:{NUMBER})\s?({MULTIPLIER})"))
        ),
        "spelled": _spelled_share(),
        "tenths_low": _tenths("low"),
        "tenths_high": _tenths("high"),
        "own_unit": pl.coalesce(share, whole),
    }


def _behind(pattern: str) -> dict[str, pl.Expr]:
    """What the words right ``behind`` a number say: its unit, of how many signs, and a small multiplier."""
    behind = pl.col("behind")
    written = rf"^(\s?[千百]?[余多几]?\s?({pattern}))"
    small = behind.str.contains(SMALL_MULTIPLIER)
    found = pl.when(small | ~behind.str.contains("^\\s?[千百]")).then(behind.str.extract(written, 2))
    exact = behind.str.extract(rf"^\s?({pattern})")  # 千克, 百元 and the like are units of their own
    return {
        "small": _factor(behind.str.extract(SMALL_MULTIPLIER)).fill_null(1.0),
        "tenths_and": behind.str.extract(TENTHS_AND).replace_strict(HAN_NUMBERS, default=None),
        "written_unit": pl.coalesce(found, exact).replace(UNIT_NAMES),
        "written_length": behind.str.extract(written, 1).str.len_chars().fill_null(0),
        "begins_word": behind.str.contains(WORD_AFTER),
    }


def _ends() -> list[pl.Expr]:
    """``value`` and ``value_high``; each end of a range has its own multiplier or that of the last."""
    low, high, last = (pl.col(name) for name in ("low", "high", "last_factor"))
    shared = pl.when(high.is_null() | (low < high)).then(last).otherwise(1.0)
    minus = pl.col("before").str.contains(NEGATIVE) | (
        pl.col("before").str.contains(NEGATIVE_CELL) & (pl.col("cell") == "value").fill_null(value=False)
    )
    sign = pl.when(minus).then(-1.0).otherwise(1.0)
    small, ones = pl.col("small"), pl.col("tenths_and").fill_null(0.0)
    covered = pl.when(pl.col("mention") == COVERAGE).then(100.0)
    value = sign * _scaled(low, pl.col("first_factor").fill_null(shared) * small)
    return [
        _finite(pl.coalesce(value, "spelled", pl.col("tenths_low") + ones, covered)).alias("value"),
        _finite(pl.coalesce(_scaled(high, last * small), pl.col("tenths_high") + ones)).alias("value_high"),
    ]


def _finite(number: pl.Expr) -> pl.Expr:
    """``number``, or null where the digits are more than a number can hold: then it is not read."""
    return pl.when(number.is_finite()).then(number)


def multiplier(mention: pl.Expr) -> pl.Expr:
    """The factor of the multiplier that ``mention`` ends with; null without one."""
    return _factor(mention.str.extract(f"({MULTIPLIER})$"))


def _factor(word: pl.Expr) -> pl.Expr:
    word = word.str.strip_chars_start("余多")
    return word.replace_strict(FACTORS, default=None, return_dtype=pl.Float64())


def _scaled(number: pl.Expr, scale: pl.Expr) -> pl.Expr:
    return pl.when(scale == 1).then(number).otherwise((number * scale).round(DECIMALS))


def _float(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[, ]", "").cast(pl.Float64, strict=False)


def _spelled_share() -> pl.Expr:
    """The number in 百分之九十五点五; null elsewhere."""
    parts = pl.col("mention").str.extract("分之(.*)$").str.split_exact("点", 1).struct
    whole = parts[0].replace_strict(HAN_NUMBERS, default=None, return_dtype=pl.Float64())
    decimals = pl.concat_str(pl.lit("0."), parts[1].str.replace_many(_HAN_DIGITS)).cast(
        pl.Float64, strict=False
    )
    return whole + decimals.fill_null(0.0)


def _tenths(end: Literal["low", "high"]) -> pl.Expr:
    """One end of 九成, 三成半 or 七八成 in per cent; null elsewhere, and for ``high`` without a range."""
    parts = pl.col("mention").str.extract_groups("^([^成]?)[至到-]?([^成])成(半?)$").struct
    low, high = parts["1"], parts["2"]
    digit = pl.when(low == "").then(high).otherwise(low) if end == "low" else pl.when(low != "").then(high)
    half = pl.when(parts["3"] == "半").then(5.0).otherwise(0.0)
    tens = digit.str.replace("两", "二").replace_strict(HAN_NUMBERS, default=None, return_dtype=pl.Float64())
    return tens * 10 + half


def _units() -> list[pl.Expr]:
    """``unit`` as its spelling implies, as written after the number or in brackets before it."""
    tenths = pl.col("mention").str.ends_with("成") & pl.col("tenths_and").is_not_null()
    own_word = ~pl.col("begins_word") & pl.col("own_unit").is_null()
    return [
        pl.coalesce(
            "own_unit",
            pl.when(~pl.col("begins_word")).then("written_unit"),
            pl.col("before").str.extract(BRACKETED_UNIT),
        ).alias("unit"),
        pl.when(own_word)
        .then("written_length")
        .when(tenths)
        .then(1)
        .otherwise(0)
        .cast(pl.Int64)
        .alias("unit_length"),
    ]


def unit_pattern(reference: Reference) -> str:
    """The written units, longest first; not those that only rank or that a multiplier begins."""
    units = reference.units.filter(
        (pl.col("kind") == "unit")
        & (~pl.col("dimension").is_in(["ordinal", "ratio"]) | (pl.col("surface_unit") == TIMES))
        & ~pl.col("surface_unit").str.contains(NOT_UNITS)
    )["surface_unit"]
    ordered = units.to_frame().sort(pl.col("surface_unit").str.len_chars(), descending=True).to_series()
    return "|".join(ordered.str.escape_regex())
