"""The year a value is for or due by, and the year a change is measured from.

Both are read from ``dates``, the words before a number with all its words of time in figures
(:mod:`pipelines.transforms.timewords`); what no words tell is the section's or the document's.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons
from pipelines.transforms.distinct import with_distinct, with_where
from pipelines.transforms.timewords import YEAR

LOOKING_BACK = "review"
UP_TO_CLAUSE = "(?s)^.*[,;:。]"
UP_TO_PART = "(?s)^.*[;。]"
SPAN = rf"{YEAR}(?:-{YEAR})?"
YEAR_ITEM = rf"{YEAR}年?(?:底|末)?(?:和|、|及|与|,)?"
# A year that is not what something is compared with or grows from, with the month it may have.
PLAIN_TIME = rf"(?:^|[^比较由从与同以0-9-])({SPAN})年(?:(\d{{1,2}})月)?"
FROM_YEAR = rf"({YEAR})年(?:底|末|初)?(?:同期)?(?:水平)?(?:的|为|是|\()?$"
COMPARED_SPAN = rf"(?:比|较|与|同|以|由|从)({SPAN})年"
GROUND_VALUE = rf"在{YEAR}年[^,;:。]{{0,40}}基础上"
# 总投资3000万元,2024年10月底前建成投用: the deadline of the thing that the values before it are of.
DUE_BEHIND = (
    rf"^[^;。]{{0,40}},(?:力争|确保|预计|计划|将)?(?:于|在)?({YEAR})年(?:(\d{{1,2}})月)?(?:底|末|份)?(?:之?前)?"
    "(?:全面|正式|全部)?(?:建成|投用|投入使用|完工|竣工|交付)"
)
COMPARED_YEAR = rf"[比较与同以由从]{YEAR}年"
YEARLY = "年均|平均每年|每年平均"
GROUND_YEAR = rf"({YEAR})年(?:底|末)?(?:水平)?(?:的)?基础上"
STOOD_BEFORE = r"(?:上年|去年)(?:末|底|同期)?(?:为|是)?[0-9]"
SINCE_BEGUN = rf"{YEAR}年[^,;。]{{0,24}}以来[^;。]*$"
GROWN_FROM = rf"[由从比较]({YEAR})年"
YEAR_BEHIND = rf"^(?:以[上下内]|左右)?\(({YEAR})年(?:底|末)?\)"
MONTH_PASSED = r"月[^。]*;[^。月]*全年[^。月]*$"
UNITS_OF_LEVELS = ["%", "‰", "/10万", "/万", "个百分点", "个千分点", "岁", "倍", "小时", "分钟", "天", "日"]


def with_years(facts: pl.DataFrame) -> pl.DataFrame:
    """Add said (the time the text names: 2020 or 2016-2020) and explicit_year (its last year, or null).

    ``facts`` has dates, grows and the columns of tables. A starting value (由A到B) has a year only where one
    is named for it. due_month is the month of that time.
    """
    last, behind = pl.col("_last").struct, pl.col("_behind").struct
    own = pl.col("dates").str.extract(FROM_YEAR)
    plain = pl.when(~pl.col("grows")).then(last[0])
    due_month = pl.when(pl.col("_named").is_null()).then(behind[1])
    return (
        facts.pipe(with_distinct, "dates", _last=_last_time(), _own=own, _passed=_month_passed())
        .with_columns(_behind=pl.col("after").str.extract_groups(DUE_BEHIND))
        .with_columns(_named=pl.coalesce("column_year", _year_behind(), "_own", plain))
        .with_columns(said=pl.coalesce("_named", pl.when(~pl.col("grows")).then(behind[0])))
        .with_columns(
            due_month=due_month.when((pl.col("said") == last[0]) & ~pl.col("_passed"))
            .then(last[1])
            .str.zfill(2),
            explicit_year=pl.col("said").str.tail(4).cast(pl.Int64),
        )
        .drop("_last", "_own", "_passed", "_behind", "_named")
    )


def _last_time() -> pl.Expr:
    """The last time that ``dates`` names, its year or years and its month, but for what is grown from."""
    ground = pl.col("dates").str.replace_all(GROUND_YEAR, "").str.replace_all(GROUND_VALUE, "")
    before = pl.concat_str(pl.lit(" "), ground)
    return before.str.extract_all(PLAIN_TIME).list.last().str.extract_groups(PLAIN_TIME)


def _year_behind() -> pl.Expr:
    """The year in brackets behind a number: 提高到72%(2022年)、80%(2030年)."""
    return pl.col("after").str.slice(pl.col("unit_length")).str.extract(YEAR_BEHIND)


def _month_passed() -> pl.Expr:
    """What follows the deadline of another task: 6月底前…;全年…."""
    return pl.col("dates").str.contains(MONTH_PASSED)


def with_periods(facts: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add period and reference_period to facts with years and value_type.

    ``facts`` has dates, run_before (as written), direction, frame, grows, from_to, role, section_period,
    span (of the section), period_start and period_end as well.
    """
    words = lexicons["period_words"]
    month = pl.format("{}-{}", "said", "due_month")
    clause = pl.concat_str(pl.col("dates").str.replace(UP_TO_CLAUSE, ""), pl.lit("⟦"))
    facts = facts.pipe(with_distinct, "dates", clause=clause, **_listed_years()).pipe(
        with_distinct, "clause", **_kinds_of_clause(words)
    )
    period = pl.coalesce(
        _paired_years(),
        _mean_change(),
        _over_several_years(),
        pl.when(pl.col("said").str.len_chars() == 4).then(month),
        pl.col("explicit_year").cast(pl.String),
        _base_year(),
        pl.when(~pl.col("grows") & (pl.col("column_role") != "base").fill_null(value=True)).then(
            "section_period"
        ),
    )
    reference = _reference(words.pattern("same_period"), words.pattern("base")).str.replace("-", "/")
    changes = pl.col("direction").is_not_null()
    return facts.with_columns(period=period).pipe(with_where, changes, reference_period=reference)


def _listed_years() -> dict[str, pl.Expr]:
    """Several years in a row in ``dates``: where a word says that each has its own value, and where not."""
    dates = pl.col("dates")
    return {
        "said_each": dates.str.extract(rf"((?:{YEAR_ITEM}){{2,}})[^。;]*(?:分别|依次|各)[^。;]*$"),
        "side_by_side": dates.str.extract(rf"((?:{YEAR_ITEM}){{2,}})[^。;]*$"),
    }


def _paired_years() -> pl.Expr:
    """到2022年和2030年分别…: as many years as numbers in the run, each number its own year."""
    # 到2022年和2030年,…增加到3.2名和4.6名: several numbers side by side need no word that says so.
    listed = pl.coalesce("said_each", pl.when(pl.col("run_length") > 1).then("side_by_side"))
    years = listed.str.extract_all(YEAR)
    own = years.list.get(pl.col("run_position"), null_on_oob=True)
    return pl.when((years.list.len() == pl.col("run_length")) & (pl.col("parts_of_subject") == 1)).then(own)


def _mean_change() -> pl.Expr:
    """比2015年增加4387张,年均增长6.23%: the mean over the years from the one compared with."""
    mean = pl.col("yearly") & pl.col("direction").is_not_null()
    part = pl.when(mean).then("dates").str.replace(UP_TO_PART, "")
    since = part.str.extract_all(COMPARED_YEAR).list.last().str.extract(f"({YEAR})")
    until = pl.coalesce(pl.col("explicit_year").cast(pl.String), "section_period")
    return pl.when(mean & (since < until)).then(pl.format("{}/{}", since, until))


def _kinds_of_clause(words: Lexicon) -> dict[str, pl.Expr]:
    """What the words of the number's clause say it is: a mean of years, a level, something done in them."""
    clause, averaged = pl.col("clause"), words.pattern("averaged")
    # 比“十三五”时期增长35%: what is compared with several years is of several years.
    mean = clause.str.contains(f"{averaged}|平均(?:为|达到?|是)?⟦")
    return {
        "yearly": clause.str.contains(YEARLY),
        "of_mean": mean | clause.str.contains(f"[比较]{YEAR}-{YEAR}年"),
        "of_level": clause.str.contains(words.pattern("level")),
        "delivered": clause.str.contains(words.pattern("delivered")),
    }


def _over_several_years() -> pl.Expr:
    """A mean over the years named, or a count of what was done in them; no level, no change between them.

    Years that an earlier sentence named hold for what is plainly done or averaged only.
    """
    from_to = pl.col("said").str.contains("-", literal=True)
    span = (
        pl.when(from_to)
        .then("said")
        .otherwise(pl.when(pl.col("explicit_year").is_null() & (pl.col("role") == LOOKING_BACK)).then("span"))
    )
    counted = ~pl.col("unit").fill_null("").is_in(UNITS_OF_LEVELS) & ~pl.col("of_level")
    done = pl.col("delivered") & counted
    here = pl.col("run_before").str.contains(
        "^\\s*其中|五年|三年|(?-u:\\b)[35]年|时期|期间|以来|[0-9](?:年?-+|年?至|年?到)[0-9]{4}年"
    )
    # 自2019年启动试点以来,共设置病区4个: not in the years of the section.
    since = pl.col("run_before").str.contains(SINCE_BEGUN)
    moved = pl.col("grows") | pl.col("from_to") | since
    mean = pl.col("of_mean")
    several = from_to & (done | (counted & here) | mean)
    return pl.when(~moved & (several | (mean & counted))).then(span.str.replace("-", "/"))


def _base_year() -> pl.Expr:
    """The year before the years spoken of, for how things stood at their start and no words say when.

    Of a value that another grows out of: the year an earlier clause compares with; else the year before the
    years named, or before the plan's first. A work plan for one year leaves it open.
    """
    named = pl.when("grows").then("dates").str.extract_all(GROWN_FROM).list.last().str.extract(GROWN_FROM)
    spoken = pl.coalesce(
        pl.col("dates").str.extract_all(PLAIN_TIME).list.last().str.extract(rf"({YEAR})-{YEAR}年"),
        pl.when(pl.col("role") == LOOKING_BACK).then(pl.col("span").str.head(4)),
    )
    of_plan = pl.when(_planning()).then(pl.col("period_start"))
    before = (pl.coalesce(spoken.cast(pl.Int64), of_plan) - 1).cast(pl.String)
    is_now = (pl.col("value_type") == "actual") & _planning()
    return pl.when("grows").then(pl.coalesce(named, before)).when(is_now).then(before)


def _planning() -> pl.Expr:
    """Within a plan for several years, not in its look back."""
    several = (pl.col("period_end") - pl.col("period_start") > 1).fill_null(value=False)
    return several & (pl.col("role") != LOOKING_BACK) & (pl.col("document_type") != "review_and_plan")


def _reference(same_period: str, base: str) -> pl.Expr:
    """The time a change is measured from: said in its clause, or else the last one said before it."""
    dates = pl.col("dates")
    clause, part = dates.str.replace(UP_TO_CLAUSE, ""), dates.str.replace(UP_TO_PART, "")
    of_base = dates.str.extract_all(base).list.last().str.extract(f"({YEAR})")
    before = (pl.col("period").str.extract(r"^(\d{4})(?:-\d\d)?$").cast(pl.Int64) - 1).cast(pl.String)
    raw_part = pl.concat_str(pl.col("run_before").str.replace(UP_TO_PART, ""), pl.col("frame"))
    stood = raw_part.str.contains(STOOD_BEFORE)
    last_compared = part.str.extract_all(COMPARED_SPAN).list.last().str.extract(COMPARED_SPAN)
    return pl.coalesce(
        pl.when(pl.col("frame").str.contains(same_period)).then(before),
        clause.str.extract(GROUND_YEAR),
        clause.str.extract(COMPARED_SPAN),
        dates.str.extract(rf"{GROUND_YEAR}[^;。]*$"),
        of_base,
        pl.when(raw_part.str.contains(same_period)).then(before),
        last_compared,
        pl.when(stood).then(before),
    )
