"""Facts: the indicator, value, comparator, change and period of each number that is one."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.clauses import RUN_KEY, with_clauses
from pipelines.transforms.disposition import number_mention, without_name
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.indicators import with_indicators
from pipelines.transforms.periods import LOOKING_BACK, with_periods, with_years
from pipelines.transforms.places import with_one_place, with_places
from pipelines.transforms.quantities import COVERAGE, DECIMALS
from pipelines.transforms.running import count_before
from pipelines.transforms.shared import with_shared_units
from pipelines.transforms.timewords import with_dates
from pipelines.transforms.wording import Words

READING_ORDER = ("document_id", "line_no", "sentence_no", "start")
COMPARED_WITH = (
    r"(?:比|较|由|从)(?:(?:19|20)\d\d年|上年|去年)(?:底|末|同期)?的$"
    r"|(?:上年|去年)(?:末|底|同期)?[为是]$|\((?:上年|去年)(?:末|底|同期)?$"
    r"|[比较](?:19|20)\d\d年(?:底|末)?(?:水平)?\($"
)
# 不低于29%(2017年为11.62%): where it started, said beside what it shall be.
SAID_ASIDE = r"\((?:19|20)\d\d年(?:底|末)?(?:为|是)?$"
GROUND = "^的?(?:水平)?的?基础上"
SAID_NOW = "((?:(?:截至)?目前,|现阶段,)?[^,;:。]*)$"
QUOTED_AIM = "^(?:以[上下内]|之内)?的?(?:规划|预期|预定|年度|工作|发展)*(?:目标|任务|要求)"
STRIVE = "力争|争取|争创|力求"


class Read(NamedTuple):
    """``values``: one row per fact, before indicators and places are resolved.

    ``number_mention``: the table, in which numbers whose indicator no words name are no longer facts.
    The columns of ``values`` are those of ``mentions``, and: indicator_text, value_type, direction (of a
    change), comparator, value, value_high, unit, period, reference_period, place_name, place_code (of the
    place the sentence names), flags, fact_no (the fact's place on its number), rule_id.
    """

    values: pl.DataFrame
    number_mention: pl.DataFrame


def read_values(
    mentions: pl.DataFrame,
    dim_section: pl.DataFrame,
    dim_document: pl.DataFrame,
    lexicons: Lexicons,
    reference: Reference,
) -> Read:
    """Read the facts on the mentions whose disposition is ``fact``."""
    facts = mentions.filter(pl.col("disposition") == "fact").sort(*READING_ORDER, maintain_order=True)
    words = Words(lexicons)
    known = reference.indicator_aliases.filter("certain")["alias"].to_list()
    clauses = with_clauses(facts, words.connector).with_columns(_cell_heads())
    placed = with_places(clauses, dim_document, lexicons, reference)
    named = with_indicators(placed, words, known).pipe(with_one_place)
    nameless = named.filter(pl.col("indicator_text") == "")["mention_id"]
    set_in = _with_setting(named.filter(pl.col("indicator_text") != ""), dim_section, dim_document)
    read = (
        set_in.with_columns(_bounds())
        .pipe(with_distinct, "frame", **_said_in_frame(lexicons))
        .with_columns(_change(), _comparator(lexicons))
        .pipe(_turned)
        .pipe(with_dates, lexicons)
        .pipe(with_years)
        .pipe(with_distinct, "run_before", said_now=pl.col("run_before").str.extract(SAID_NOW))
        .pipe(with_distinct, "said_now", cue=_cue(lexicons))
        .with_columns(past=_past())
        .with_columns(_value_type())
        .pipe(with_shared_units)
        .pipe(with_periods, lexicons)
        .pipe(with_distinct, "indicator_text", implied_unit=_implied_unit(lexicons))
        .with_columns(_unit())
    )
    values = _with_flags(read).with_columns(
        fact_no=count_before("mention_id"),
        comparator=_final_comparator(),
        rule_id=_rule(),
    )
    return Read(values, number_mention(without_name(mentions, nameless)))


def _cell_heads() -> list[pl.Expr]:
    """A number in a table stands under its row's label, not under the words of its own cell."""
    cell = pl.col("cell") == "value"
    multiplied = cell & pl.col("unit").is_null() & (pl.col("row_factor") != 1)
    return [
        pl.when(cell).then("row_label").otherwise("head").alias("head"),
        pl.when(cell).then(pl.lit("")).otherwise("tail").alias("tail"),
        pl.when(cell).then(pl.coalesce("unit", "row_unit")).otherwise("unit").alias("unit"),
        *(
            pl.when(multiplied)
            .then((pl.col(end) * pl.col("row_factor")).round(DECIMALS))
            .otherwise(end)
            .alias(end)
            for end in ("value", "value_high")
        ),
    ]


def _with_setting(facts: pl.DataFrame, dim_section: pl.DataFrame, dim_document: pl.DataFrame) -> pl.DataFrame:
    sections = dim_section.select("section_id", "role", "span", section_period="period")
    years = dim_document.select(
        "document_id",
        "document_type",
        "period_start",
        "period_end",
        issue_year=pl.col("issued_on").dt.year().cast(pl.Int64),
    )
    return facts.join(sections, on="section_id", how="left", maintain_order="left").join(
        years, on="document_id", how="left", maintain_order="left"
    )


def _bounds() -> list[pl.Expr]:
    """``frame``: the words that bind the number, around ⟦⟧; ``run_before``: what leads up to its run;
    ``quoted_aim``: what follows calls it an aim.

    Of a run, the bound after its last number holds for all (分别达到90%、80%、60%以上), and so does the
    comparator before its first.
    """
    in_cell = pl.concat_str(pl.col("column_lead").fill_null(""), "before")
    clause_head = (
        pl.when(pl.col("cell") == "value").then(in_cell).otherwise(pl.col("head").first().over(RUN_KEY))
    )
    bound = pl.coalesce("bound", pl.col("bound").last().over(RUN_KEY))
    return [
        pl.concat_str(clause_head.str.replace(r"(?:-|负)\s?$", ""), pl.lit("⟦⟧"), bound.fill_null("")).alias(
            "frame"
        ),
        pl.col("before").first().over(RUN_KEY).alias("run_before"),
        pl.col("after").str.slice(pl.col("unit_length")).str.contains(QUOTED_AIM).alias("quoted_aim"),
    ]


def _said_in_frame(lexicons: Lexicons) -> dict[str, pl.Expr]:
    frame = pl.col("frame")
    return {
        "changed": lexicons["changes"].meaning(frame),
        "compared": lexicons["comparators"].meaning(frame),
    }


def _change() -> pl.Expr:
    """``direction``: increase or decrease, where the verb right before the number says it changes by it."""
    noun_follows = (pl.col("tail") != "") & ~pl.col("unit").is_in(["%", "个百分点"])
    return pl.when(~noun_follows).then("changed").alias("direction")


def _turned(facts: pl.DataFrame) -> pl.DataFrame:
    """增长-5.2% is a fall by 5.2: a change is positive, its direction says which way."""
    negative = pl.col("direction").is_not_null() & (pl.col("value") < 0)
    other = pl.col("direction").replace({"increase": "decrease", "decrease": "increase"})
    return facts.with_columns(
        direction=pl.when(negative).then(other).otherwise("direction"),
        value=pl.when(negative).then(-pl.col("value")).otherwise("value"),
    )


def _comparator(lexicons: Lexicons) -> pl.Expr:
    """``bound_by``: the comparator beside the number, or one that holds for all things of its list."""
    of_all = pl.concat_str("before", pl.lit("⟦⟧"))
    return pl.coalesce("compared", lexicons["list_comparators"].meaning(of_all)).alias("bound_by")


def _final_comparator() -> pl.Expr:
    return pl.coalesce(
        "direction",
        pl.when(pl.col("value_high").is_not_null()).then(pl.lit("between")),
        "bound_by",
        pl.lit("eq"),
    )


def _cue(lexicons: Lexicons) -> pl.Expr:
    """What words like 现有 in the clause say of how things stand."""
    return lexicons["cues"].meaning(pl.concat_str("said_now", pl.lit("⟦⟧")))


def _horizon() -> pl.Expr:
    """The last year that the section or the document speaks for."""
    return pl.coalesce(pl.col("section_period").cast(pl.Int64, strict=False), "period_end")


def _past() -> pl.Expr:
    """Whether the year named is past for who writes: for a look back, or before a plan's first."""
    # A plan issued late speaks of its first years as past.
    issued = pl.when(pl.col("issue_year").is_not_null()).then(pl.min_horizontal("issue_year", "period_end"))
    begun = pl.when(pl.col("document_type") == "review_and_plan").then("period_end").otherwise("period_start")
    first = pl.max_horizontal(begun, issued)
    return (
        pl.when(pl.col("role") == LOOKING_BACK)
        .then(pl.col("explicit_year") <= _horizon())
        .otherwise(pl.col("explicit_year") < pl.when(pl.col("period_start").is_not_null()).then(first))
    )


def _value_type() -> pl.Expr:
    """Baseline where another value grows out of it or a year is named only to compare with; else by time.

    A year before the plan's first, or before the plan was issued, is past; one after the year under review is
    to come; without a year the section decides, and in a plan words like 现有 say how things stand.
    """
    reviewing, past = pl.col("role") == LOOKING_BACK, pl.col("past")
    cue = pl.when("quoted_aim").then(pl.lit("target")).otherwise("cue")
    compared = pl.col("run_before").str.contains(COMPARED_WITH)
    in_plan_table = (pl.col("cell") == "value") & ~reviewing & past
    base = (pl.col("column_role") == "base") & ~reviewing
    compared = compared | (cue == "baseline").fill_null(value=False) | _aside_or_ground()
    baseline = base | pl.col("grows") | (compared & pl.col("direction").is_null()) | in_plan_table
    return (
        pl.when(baseline.fill_null(value=False))
        .then(pl.lit("baseline"))
        .when((cue == "target") | (pl.col("column_role") == "target"))
        .then(pl.lit("target"))
        .when(past.is_not_null())
        .then(pl.when(past).then(pl.lit("actual")).otherwise(pl.lit("target")))
        .when(reviewing | (cue == "actual"))
        .then(pl.lit("actual"))
        .otherwise(pl.lit("target"))
        .alias("value_type")
    )


def _aside_or_ground() -> pl.Expr:
    """A past value in brackets beside the one that counts, or the ground that another is raised from."""
    other = pl.col("past") & (pl.col("explicit_year") != _horizon())
    aside = pl.col("run_before").str.contains(SAID_ASIDE) & other
    ground = pl.col("after").str.slice(pl.col("unit_length")).str.contains(GROUND)
    return aside.fill_null(value=False) | ground.fill_null(value=False)


def _implied_unit(lexicons: Lexicons) -> pl.Expr:
    """The unit that the name implies: its own, or that of people without a measure word."""
    name = pl.col("indicator_text")
    people = pl.when(~name.str.contains(lexicons["metrics"].pattern())).then(
        lexicons["persons"].meaning(name)
    )
    return pl.coalesce(lexicons["units_in_names"].meaning(name), people)


def _unit() -> list[pl.Expr]:
    """The unit, completed: that of the name, how often in what time."""
    implied = pl.col("implied_unit")
    span = pl.col("head").str.extract("每([日天周月年]|季度|半年)[^,;:。]*$")
    often = pl.when(pl.col("unit").is_in(["次", "轮", "场", "期"]) & span.is_not_null())
    missing = pl.col("unit").is_null()
    return [
        pl.when(missing)
        .then(implied)
        .otherwise(often.then(pl.format("{}/{}", "unit", span)).otherwise("unit"))
        .alias("unit"),
        (pl.col("unit_shared") | (missing & implied.is_not_null())).alias("unit_inferred"),
    ]


def _with_flags(facts: pl.DataFrame) -> pl.DataFrame:
    flags = {
        "coordinated": pl.col("coordinated"),
        "unit_inferred": pl.col("unit_inferred"),
        "implied": pl.col("mention") == COVERAGE,
        "binding": pl.col("row_attribute").str.starts_with("约束"),
        "anticipatory": pl.col("row_attribute").str.starts_with("预期"),
        "table": pl.col("cell") == "value",
        "strive": pl.col("run_before").str.contains(f"(?:{STRIVE})[^,;:。]*$"),
    }
    asked = facts.with_columns(condition.alias(f"is_{name}") for name, condition in flags.items())
    named = [pl.when(f"is_{name}").then(pl.lit(name)) for name in flags]
    return with_distinct(
        asked, *(f"is_{name}" for name in flags), flags=pl.concat_list(named).list.drop_nulls()
    )


def _rule() -> pl.Expr:
    """Which construct gave the value: the name a reader of the report meets."""
    return (
        pl.when(pl.col("mention") == COVERAGE)
        .then(pl.lit("full_coverage"))
        .when(pl.col("cell") == "value")
        .then(pl.lit("table_cell"))
        .when("grows")
        .then(pl.lit("from_value"))
        .when("from_to")
        .then(pl.lit("to_value"))
        .when(pl.col("run_length") > 1)
        .then(pl.lit("parallel_list"))
        .when(pl.col("direction").is_not_null())
        .then(pl.lit("change"))
        .when(pl.col("parts_of_subject") > 1)
        .then(pl.lit("joint_subject"))
        .when("inherited")
        .then(pl.lit("subject_carried"))
        .when(pl.col("tail") != "")
        .then(pl.lit("noun_after"))
        .otherwise(pl.lit("noun_before"))
    )
