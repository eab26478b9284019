"""Facts: the indicator, value, comparator, change and period of each number that is one."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.clauses import RUN_KEY, SENTENCE_KEY, with_clauses
from pipelines.transforms.indicators import with_indicators
from pipelines.transforms.mentions import COVERAGE
from pipelines.transforms.wording import Words

PLAIN_YEAR = r"(?:^|[^比较由从与同0-9-])((?:19|20)\d\d)年"
FROM_YEAR = r"((?:19|20)\d\d)年(?:底|末)?的?$"
COMPARED_YEAR = r"(?:比|较|与|以)((?:19|20)\d\d)年"
GROUND_YEAR = r"((?:19|20)\d\d)年(?:的)?基础上"
YEARS_AVERAGED = r"((?:19|20)\d\d)年?(?:-+|至|到)((?:19|20)\d\d)年"
MONTH_DUE = r"((?:19|20)\d\d)年(\d{1,2})月(?:底|末|份)?(?:之?前|以前)?"
LAST_CLAUSE = "([^,;:。]*)$"
# Years in the names of plans, and years since which something is so, date no value.
ASIDES = r"《[^》]*》|(?:19|20)\d\d年(?:有|以来|起|成立|开始|出台|印发|发布|修订|启动|基础上)"
STRIVE = "力争|争取|争创|力求"
LOOKING_BACK = "review"
SAME_PERIOD = "同比|比上年|较上年|比去年|较去年|上年同期"


class Read(NamedTuple):
    """``values``: one row per fact, before indicators and places are resolved.

    The columns of ``mentions``, and: indicator_text, value_type, change, comparator, value, value_high,
    unit, period, reference_period, flags, fact_no (the fact's place on its number), rule_id.
    """

    values: pl.DataFrame


def read_values(
    mentions: pl.DataFrame,
    dim_section: pl.DataFrame,
    dim_document: pl.DataFrame,
    lexicons: Lexicons,
    reference: Reference,
) -> Read:
    """Read the facts on the mentions whose disposition is ``fact``."""
    facts = mentions.filter(pl.col("disposition") == "fact").sort(*SENTENCE_KEY, "start", maintain_order=True)
    words = Words(lexicons)
    known = reference.indicator_aliases["alias"].to_list()
    clauses = with_clauses(facts, words.connector).with_columns(_cell_heads())
    named = with_indicators(clauses, words, known)
    placed = _with_setting(named, dim_section, dim_document)
    read = (
        placed.with_columns(_bounds())
        .with_columns(_change(lexicons), _comparator(lexicons))
        .pipe(_periods)
        .with_columns(_value_type(lexicons))
        .with_columns(_unit(lexicons))
    )
    return Read(
        read.with_columns(
            flags=_flags(),
            fact_no=pl.int_range(pl.len()).over("mention_id"),
            comparator=_final_comparator(),
            rule_id=_rule(),
        )
    )


def _cell_heads() -> list[pl.Expr]:
    """A number in a table stands under its row's label, not under the words of its own cell."""
    cell = pl.col("cell") == "value"
    return [
        pl.when(cell).then("row_label").otherwise("head").alias("head"),
        pl.when(cell).then(pl.lit("")).otherwise("tail").alias("tail"),
        pl.when(cell).then(pl.coalesce("unit", "row_unit")).otherwise("unit").alias("unit"),
    ]


def _with_setting(facts: pl.DataFrame, dim_section: pl.DataFrame, dim_document: pl.DataFrame) -> pl.DataFrame:
    sections = dim_section.select("section_id", "role", section_period="period")
    years = dim_document.select("document_id", "document_type", "period_start", "period_end")
    return facts.join(sections, on="section_id", how="left", maintain_order="left").join(
        years, on="document_id", how="left", maintain_order="left"
    )


def _bounds() -> list[pl.Expr]:
    """``frame``: the words that bind the number, around ⟦⟧; ``run_before``: what leads up to its run.

    Of a run, the bound after its last number holds for all (分别达到90%、80%、60%以上), and so does the
    comparator before its first.
    """
    clause_head = (
        pl.when(pl.col("cell") == "value").then("before").otherwise(pl.col("head").first().over(RUN_KEY))
    )
    bound = pl.coalesce("bound", pl.col("bound").last().over(RUN_KEY))
    return [
        pl.concat_str(clause_head, pl.lit("⟦⟧"), bound.fill_null("")).alias("frame"),
        pl.col("before").first().over(RUN_KEY).alias("run_before"),
    ]


def _change(lexicons: Lexicons) -> pl.Expr:
    """``direction``: increase or decrease, where the verb right before the number says it changes by it."""
    direct = lexicons["changes"].meaning(pl.col("frame"))
    noun_follows = (pl.col("tail") != "") & ~pl.col("unit").is_in(["%", "个百分点"])
    return pl.when(~noun_follows).then(direct).alias("direction")


def _comparator(lexicons: Lexicons) -> pl.Expr:
    return lexicons["comparators"].meaning(pl.col("frame")).alias("bound_by")


def _final_comparator() -> pl.Expr:
    return pl.coalesce(
        "direction",
        pl.when(pl.col("value_high").is_not_null()).then(pl.lit("between")),
        "bound_by",
        pl.lit("eq"),
    )


def _periods(facts: pl.DataFrame) -> pl.DataFrame:
    """``period`` and ``reference_period``, by the year named last before the number, or the section's."""
    clause = pl.col("run_before").str.extract(LAST_CLAUSE)
    before = pl.col("run_before").str.replace_all(ASIDES, "")
    explicit = (
        pl.concat_str(pl.lit(" "), before).str.extract_all(PLAIN_YEAR).list.last().str.extract(PLAIN_YEAR)
    )
    own = before.str.extract(FROM_YEAR)
    paired = _paired_years(before)
    averaged = before.str.extract_groups(YEARS_AVERAGED)
    mean = pl.when(before.str.contains("平均|年均|累计")).then(
        pl.format("{}/{}", averaged.struct[0], averaged.struct[1])
    )
    due = before.str.extract_groups(MONTH_DUE)
    month = pl.format("{}-{}", due.struct[0], due.struct[1].str.zfill(2))
    compared = pl.coalesce(clause.str.extract(COMPARED_YEAR), clause.str.extract(GROUND_YEAR))
    year = pl.coalesce("column_year", own, explicit)
    dated = pl.when(month.is_not_null() & (due.struct[0] == year)).then(month).otherwise(year)
    facts = facts.with_columns(
        explicit_year=year.cast(pl.Int64),
        period=pl.coalesce(paired, mean, dated, "section_period"),
    )
    year_before = (pl.col("period").str.extract(r"^(\d{4})$").cast(pl.Int64) - 1).cast(pl.String)
    same_period = pl.col("frame").str.contains(SAME_PERIOD)
    return facts.with_columns(
        reference_period=pl.when(pl.col("direction").is_not_null()).then(
            pl.coalesce(compared, pl.when(same_period).then(year_before))
        )
    )


def _paired_years(before: pl.Expr) -> pl.Expr:
    """到2022年和2030年分别…: two years and a run of two numbers, each its own year."""
    pair = before.str.extract_groups(r"((?:19|20)\d\d)年?(?:和|、|及|与)((?:19|20)\d\d)年[^。;]*分别[^。;]*$")
    first = pl.when(pl.col("run_position") == 0).then(pair.struct[0]).otherwise(pair.struct[1])
    return pl.when((pl.col("run_length") == 2) & (pl.col("parts_of_subject") == 1)).then(first)


def _value_type(lexicons: Lexicons) -> pl.Expr:
    """Baseline where another value grows out of it or a year is named only to compare with; else by time.

    A year before the plan's first is past, one after the year under review is to come; without a year the
    section decides, and in a plan words like 现有 say how things stand.
    """
    reviewing = pl.col("role") == LOOKING_BACK
    horizon = pl.coalesce(pl.col("section_period").cast(pl.Int64, strict=False), "period_end")
    past = (
        pl.when(reviewing)
        .then(pl.col("explicit_year") <= horizon)
        .otherwise(pl.col("explicit_year") < pl.col("period_start"))
    )
    clause = pl.concat_str(pl.col("run_before").str.extract(LAST_CLAUSE), pl.lit("⟦⟧"))
    cue = lexicons["cues"].meaning(clause)
    compared = pl.col("run_before").str.contains(r"(?:比|较|由|从)(?:(?:19|20)\d\d年)(?:底|末)?的$")
    in_plan_table = (pl.col("cell") == "value") & ~reviewing & past
    baseline = pl.col("grows") | (compared & pl.col("direction").is_null()) | in_plan_table
    return (
        pl.when(baseline.fill_null(value=False))
        .then(pl.lit("baseline"))
        .when(cue == "target")
        .then(pl.lit("target"))
        .when(past.is_not_null())
        .then(pl.when(past).then(pl.lit("actual")).otherwise(pl.lit("target")))
        .when(reviewing | (cue == "actual"))
        .then(pl.lit("actual"))
        .otherwise(pl.lit("target"))
        .alias("value_type")
    )


def _unit(lexicons: Lexicons) -> list[pl.Expr]:
    """The unit, completed: people counted without a measure word, and how often in what time."""
    counts = ~pl.col("indicator_text").str.contains(lexicons["metrics"].pattern())
    people = pl.when(counts).then(lexicons["persons"].meaning(pl.col("indicator_text")))
    span = pl.col("head").str.extract("每([日天周月年]|季度|半年)[^,;:。]*$")
    often = pl.when(pl.col("unit").is_in(["次", "轮", "场", "期"]) & span.is_not_null())
    missing = pl.col("unit").is_null()
    return [
        pl.when(missing)
        .then(people)
        .otherwise(often.then(pl.format("{}/{}", "unit", span)).otherwise("unit"))
        .alias("unit"),
        (missing & people.is_not_null()).alias("unit_inferred"),
    ]


def _flags() -> pl.Expr:
    flags = {
        "coordinated": pl.col("coordinated"),
        "unit_inferred": pl.col("unit_inferred"),
        "implied": pl.col("mention") == COVERAGE,
        "binding": pl.col("row_attribute").str.starts_with("约束"),
        "anticipatory": pl.col("row_attribute").str.starts_with("预期"),
        "table": pl.col("cell") == "value",
        "strive": pl.col("run_before").str.extract(LAST_CLAUSE).str.contains(STRIVE),
    }
    named = [pl.when(condition).then(pl.lit(name)) for name, condition in flags.items()]
    return pl.concat_list(named).list.drop_nulls()


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
