"""Words of time in figures: 去年底 to 2022年底, “十三五”末 to 2020年, 五年来 to 2016-2020年.

The words that name years relative to a document or a plan are turned into the years they mean, so that the
reading of periods (:mod:`pipelines.transforms.periods`) meets but one way of writing them. The vocabulary is
that of the lexicons ``five_year_plans`` and ``period_words``.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.transforms.distinct import with_changed

PLAN_LENGTH = 5
YEAR = r"(?:19|20)\d\d"
RANGE = rf"({YEAR})年?(?:-+|—+|至|到)({YEAR})年"
# 到年底, 6月底前: the year is that of the section. A sign of the private use area marks where it goes.
THIS, LAST, UNKNOWN = "\ue010", "\ue011", "\ue012"
YEAR_END = "(^|[^0-9今去上前半每周全当本一二两三四五六七八九十几多近])年([底末内])"
BARE_MONTH = r"(^|[^年0-9.、-])(\d{1,2}月(?:\d{1,2}日|[底末份中上下]旬?)?(?:之?前|以前|底|末))"
AT_THE_END = "期?末(?:年)?"
AT_THE_START = "期?初(?:年)?"
DURING = "(?:规划)?(?:期间|时期|以来|期内|这五年|五年(?:间|来)?|年均)"
# 与2020年达到2人的目标: the year of the aim, not one to compare with.
AIMED_YEAR = rf"[与比较]({YEAR}年[^,;。0-9]{{0,6}})$"
# 三年计划投入3亿元。其中,…: what a total for several years is made of.
TOTAL_OF_YEARS = "^[三五]年"
# 去年建成…, not 由去年的 or 去年为, which name what the year under review is compared with.
LAST_YEAR_ITSELF = "((?:^|[,;。:、])\\s*)去年([^的为是同底末0-9])"
# 2018年,…由上年的…: the year before the one the sentence begins with.
SPOKEN_OF = rf"^\s*(?:截至)?({YEAR})年(?:度|底|末)?,"
QUOTES = "[“”\"‘’']?"
DATES = pl.col("dates")

Change = tuple[pl.Expr, pl.Expr]  # the rows whose ``dates`` change, and what they become


def plan_years(lexicons: Lexicons) -> dict[str, int]:
    """The pattern of each five-year plan's name and the first of its years."""
    return {rule.pattern: int(rule.meaning) for rule in lexicons["five_year_plans"].rules}


def with_dates(facts: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``dates`` to facts with run_before, held, lead, role, section_period, period_start, period_end and
    quoted_aim.

    dates: what leads up to the fact's run, its words of time in figures and years that date no value left
    out, after what earlier sentences said of the time (held, lead).
    """
    # In a list of tasks each has its own time, and what says none is due by the end.
    of_one_time = pl.col("role").is_in(["aims", "review"])
    lead = pl.when(of_one_time | pl.col("lead").str.ends_with(":")).then("lead")
    total = pl.col("held").str.contains(TOTAL_OF_YEARS)
    held = pl.coalesce(pl.when(of_one_time | total).then("held"), lead).fill_null("")
    year = pl.col("section_period").str.extract(r"^(\d{4})").cast(pl.Int64)
    # In a document of several years nobody knows which year is 今年.
    annual = (pl.col("period_end") - pl.col("period_start") <= 1).fill_null(value=False)
    anchor = pl.when(annual).then(year)
    spoken = pl.coalesce(pl.col("run_before").str.extract(SPOKEN_OF).cast(pl.Int64), anchor)
    said = facts.select(
        *("role", "period_start", "period_end", "quoted_aim"),
        said=pl.concat_str(held, "run_before"),
        year=year,
        anchor=anchor,
        last_year=spoken - 1,
    )
    plans = [_plan(pattern, first) for pattern, first in plan_years(lexicons).items()]
    distinct = said.unique().with_columns(dates="said").with_row_index("at")
    for where, dates in (*_set_straight(lexicons), *plans, *_relative(lexicons)):
        distinct = with_changed(distinct, where, "at", dates=dates)
    read = said.join(distinct, on=said.columns, how="left", nulls_equal=True, maintain_order="left")
    return facts.with_columns(read["dates"])


def _set_straight(lexicons: Lexicons) -> list[Change]:
    """No asides, and no years since which something is so; an aim's year as one."""
    words = lexicons["period_words"]
    return [
        _replaced(words.pattern("aside"), ""),
        _started(words.pattern("starting")),
        (pl.col("quoted_aim"), DATES.str.replace(AIMED_YEAR, "到${1}")),
    ]


def _relative(lexicons: Lexicons) -> list[Change]:
    """Years for the words that name them by the year spoken of (今年, 去年底, 三年来)."""
    words, year = lexicons["period_words"], pl.col("year")
    spans = []
    for length in (3, 5):
        span = pl.format("{}-{}年", year - length + 1, year)
        marked = _replaced(f"({words.pattern(f'span_{length}')})", f"{THIS}${{1}}")
        spans += [marked, _filled(THIS, span)]
    last_year_itself = DATES.str.replace_all(LAST_YEAR_ITSELF, f"${{1}}{THIS}${{2}}")
    return [
        *spans,
        (_spoken_after(year), last_year_itself),
        _replaced("同比", f"比{LAST}"),
        _replaced(words.pattern("last_year"), LAST),
        _replaced(words.pattern("this_year"), THIS),
        _replaced(YEAR_END, f"${{1}}{THIS}${{2}}"),
        _replaced(BARE_MONTH, f"${{1}}{THIS}${{2}}"),
        _filled(THIS, pl.format("{}年", "anchor")),
        _filled(LAST, pl.format("{}年", "last_year")),
        _replaced(RANGE, "${1}-${2}年"),
    ]


def _spoken_after(year: pl.Expr) -> pl.Expr:
    """A look back in a document of the year after: its 去年 is the year looked back on."""
    return ((pl.col("role") == "review") & (pl.col("period_end") == year + 1)).fill_null(value=False)


def _replaced(pattern: str, words: str) -> Change:
    return DATES.str.contains(pattern), DATES.str.replace_all(pattern, words)


def _started(starting: str) -> Change:
    """Without the year since which something is so: 2016年起. In a plan it begins to be so in that year."""
    since = DATES.str.extract(rf"({YEAR})年(?:\d{{1,2}}月)?起").cast(pl.Int64)
    past = (pl.col("role") == "review") | (since < pl.col("period_start"))
    return past & DATES.str.contains(starting), DATES.str.replace_all(starting, "")


def _plan(pattern: str, first: int) -> Change:
    """The plan's name as its years where it means a time; it goes where it is part of a name."""
    last = first + PLAN_LENGTH - 1
    name = f"{QUOTES}(?:{pattern}){QUOTES}"
    in_years = (
        DATES.str.replace_all(f"{name}(?:规划)?{AT_THE_END}", f"{last}年末")
        .str.replace_all(f"{name}(?:规划)?{AT_THE_START}", f"{first}年初")
        .str.replace_all(f"{name}({DURING})", f"{first}-{last}年${{1}}")
        .str.replace_all(name, "")
    )
    return DATES.str.contains(pattern), in_years


def _filled(mark: str, words: pl.Expr) -> Change:
    """``words`` (another for each row) in place of ``mark``; UNKNOWN where they are null."""
    filled = DATES.str.split(mark).list.join(words.fill_null(UNKNOWN))
    return DATES.str.contains(mark, literal=True), filled
