"""What the header of a document says: title, kind, issuer, number, dates, place and years; and its topic.

The patterns are the lexicons ``header_fields`` and ``document_types``. What is not found stays null: a
wrong place or year would be wrong on every value of the document.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.describe_places import document_places
from pipelines.transforms.document_topic import document_topics
from pipelines.transforms.timewords import PLAN_LENGTH, plan_years

HEAD_LINES = 40
TAIL_LINES = 12
EARLY_MONTHS = 4  # a review dated by then is one of the year before
BRACKETED_YEARS = r"^[((]\s*(?:19|20)\d\d\s*年?(?:-+|至|到)(?:19|20)\d\d\s*年?\s*[))]$"
CHINESE_YEAR = "(二[〇○零O0][一二三四五六七八九〇○零]{2})年"
CHINESE_DIGITS = {digit: str(n) for n, digit in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "O": "0",
}
FROM_TO = r"((?:19|20)\d\d)年?(?:-+|至|到)((?:19|20)\d\d)年"
PLANNED_YEARS = rf"(?:规划|实施|行动|计划)(?:期限|期间|期|时间|年限)?(?:为|是|:)\s*{FROM_TO}"
AIMED_AT = r"(?:^|[,;。:、\s])(?:力争)?到((?:19|20)\d\d)年"
ANNUAL = ("review", "work_priorities", "work_plan", "review_and_plan", "bulletin")
STAGED = ("action_plan", "special_plan", "five_year_plan")
FIELDS = [
    "title",
    "document_type",
    "issuer",
    "document_number",
    "issued_on",
    "published_on",
    "jurisdiction_name",
    "jurisdiction_code",
    "period_start",
    "period_end",
    "topic",
]
YEARS = r"(?:19|20)[0-9]{2}"
DATED_HEADING = "回顾|总结|安排|计划|要点|打算"
SLOGAN = "健康[一-鿿]{2,4}20[0-9]{2}(?:[^年0-9]|$)"
DATE_PARTS_OR_MONTH = r"^(\d{4})\D(\d{1,2})"
DATE_PARTS = r"^(\d{4})\D(\d{1,2})\D(\d{1,2})"


class Described(NamedTuple):
    """``dim_document`` and ``header_evidence``, as the tables of those names."""

    dim_document: pl.DataFrame
    header_evidence: pl.DataFrame


def describe(
    documents: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons, reference: Reference
) -> Described:
    """Describe each document from its clean ``text``; what is not found stays null."""
    labelled = _labelled_fields(text, lexicons)
    types = _types(labelled, text, lexicons)
    found = pl.concat(
        [
            labelled,
            types,
            _periods(labelled, text, lexicons),
            _periods_of_body(text),
            _periods_of_issue(labelled, types),
            _periods_aimed_at(text, types),
        ]
    ).unique(["document_id", "field"], keep="first", maintain_order=True)
    places = document_places(labelled, text, _spoken_in(found), reference)
    evidence = pl.concat([found, places, document_topics(text, lexicons)])
    return Described(_dim_document(documents, text, evidence), evidence)


def _spoken_in(found: pl.DataFrame) -> pl.DataFrame:
    """The year a document was written in, or else the first it speaks for: document_id, year."""
    year = pl.col("value").str.extract(f"({YEARS})").cast(pl.Int64())
    ranks = {"issued_on": 0, "published_on": 1, "period_start": 2}
    return (
        found.filter(pl.col("field").is_in(list(ranks)))
        .select(
            "document_id",
            year=year,
            rank=pl.col("field").replace_strict(ranks),
        )
        .drop_nulls("year")
        .sort("rank")
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", "year")
    )


def _evidence(frame: pl.DataFrame, field: str, value: pl.Expr, found_by: pl.Expr) -> pl.DataFrame:
    return frame.select("document_id", field=pl.lit(field), value=value, found_by=found_by).drop_nulls(
        "value"
    )


def _labelled_fields(text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Fields that a label, a signature or a line of their own gives, in the order of the lexicon."""
    lines = (
        text.with_columns(line=pl.col("line").str.strip_chars())
        .filter(pl.col("line") != "")
        .with_columns(nth=pl.int_range(pl.len()).over("document_id"), of=pl.len().over("document_id"))
        .with_columns(below=pl.col("line").shift(-1).over("document_id"))
        .filter((pl.col("nth") < HEAD_LINES) | (pl.col("nth") >= pl.col("of") - TAIL_LINES))
        .with_columns(line=_with_years_below())
    )
    rules = lexicons["header_fields"].rules
    no_heading = pl.when(pl.col("level").is_null()).then("line")
    found = [
        (no_heading if rule.meaning == "title" else pl.col("line"))
        .str.extract(rule.pattern)
        .alias(rule.rule_id)
        for rule in rules
    ]
    return (
        lines.select("document_id", *found)
        .group_by("document_id", maintain_order=True)
        .agg(pl.all().drop_nulls().first())
        .unpivot(index="document_id", variable_name="found_by")
        .drop_nulls("value")
        .select(
            "document_id",
            "value",
            "found_by",
            field=pl.col("found_by").replace_strict({rule.rule_id: rule.meaning for rule in rules}),
        )
        .select("document_id", "field", "value", "found_by")
        .unique(["document_id", "field"], keep="first", maintain_order=True)
    )


def _titles(labelled: pl.DataFrame) -> pl.DataFrame:
    return labelled.filter(field="title").select("document_id", title="value")


def _heading_text(text: pl.DataFrame) -> pl.DataFrame:
    return text.group_by("document_id", maintain_order=True).agg(
        headings=pl.col("heading").filter(pl.col("level") <= 2).str.join(" ")
    )


def _types(labelled: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The kind of document, by its title; by its headings where they hold a review and a plan."""
    types = lexicons["document_types"]
    frame = _heading_text(text).join(_titles(labelled), on="document_id", how="left")
    by_title = types.rule_id(pl.col("title"))
    by_headings = types.rule_id(pl.col("headings"))
    rule = pl.coalesce(by_title, pl.when(by_headings == "review_and_plan").then(by_headings))
    return _evidence(frame, "document_type", types.meaning_of(rule), rule)


def _with_years_below() -> pl.Expr:
    """A title whose years stand in brackets on the line below it, as one line."""
    joined = pl.col("line") + pl.col("below")
    return pl.when(pl.col("below").str.contains(BRACKETED_YEARS)).then(joined).otherwise("line")


def _periods(labelled: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The years a document speaks for: named in its title, or else in headings of reviews and plans."""
    dated = pl.col("heading").filter(pl.col("heading").str.contains(DATED_HEADING)).str.join(" ")
    plans = plan_years(lexicons)
    frame = (
        text.group_by("document_id", maintain_order=True)
        .agg(headings=dated)
        .join(_titles(labelled), on="document_id", how="left")
        .with_columns(in_title=_years(pl.col("title"), plans), in_headings=_years(pl.col("headings"), plans))
        .with_columns(
            years=pl.when(pl.col("in_title").list.len() > 0).then("in_title").otherwise("in_headings"),
            by=pl.when(pl.col("in_title").list.len() > 0)
            .then(pl.lit("years_in_title"))
            .otherwise(pl.lit("years_in_headings")),
        )
    )
    # “健康荆门2030”规划纲要 is due by that year; it does not say from when.
    slogan = pl.col("title").str.contains(SLOGAN) & (pl.col("in_title").list.len() == 1)
    start = pl.when(~slogan.fill_null(value=False)).then(pl.col("years").list.min())
    return _period_evidence(frame, start, pl.col("years").list.max(), pl.col("by"))


def _period_evidence(frame: pl.DataFrame, start: pl.Expr, end: pl.Expr, by: pl.Expr) -> pl.DataFrame:
    return pl.concat(
        [
            _evidence(frame, "period_start", start.cast(pl.String), by),
            _evidence(frame, "period_end", end.cast(pl.String), by),
        ]
    )


def _years(text: pl.Expr, plans: dict[str, int]) -> pl.Expr:
    """The years named in ``text``, five-year plans as their first and last."""
    spelled = text.str.extract_all(CHINESE_YEAR).list.join(" ").str.replace_many(CHINESE_DIGITS)
    written = pl.concat_str(text, spelled, separator=" ", ignore_nulls=True)
    named = written.fill_null("").str.extract_all(YEARS).list.eval(pl.element().cast(pl.Int64))
    spans = [
        pl.when(text.str.contains(pattern))
        .then(pl.lit([first, first + PLAN_LENGTH - 1]))
        .otherwise(pl.lit([], dtype=pl.List(pl.Int64)))
        for pattern, first in plans.items()
    ]
    of_plans = pl.concat_list(spans)
    # “十四五”规划和2035年远景目标纲要 speaks for the five years; the vision is beyond them.
    # The yearly scheme of a plan (“十四五”规划2023年工作方案) speaks for its year.
    within = (named.list.min() >= of_plans.list.min()) & (named.list.max() <= of_plans.list.max())
    planned = (of_plans.list.len() > 0) & ~within.fill_null(value=False)
    return pl.when(planned).then(of_plans).otherwise(named)


def _periods_of_body(text: pl.DataFrame) -> pl.DataFrame:
    """The years that the body says the plan is for: 规划期为2021-2025年."""
    years = pl.col("line").str.extract_groups(PLANNED_YEARS).struct
    frame = text.select("document_id", start=years[0], end=years[1]).drop_nulls()
    frame = frame.unique("document_id", keep="first", maintain_order=True)
    return _period_evidence(frame, pl.col("start"), pl.col("end"), pl.lit("years_in_body"))


def _periods_of_issue(labelled: pl.DataFrame, types: pl.DataFrame) -> pl.DataFrame:
    """The year of a yearly document that names none: that of its date; early in it, a review looks back."""
    kinds = types.select("document_id", kind="value")
    dated = labelled.filter(field="issued_on").join(kinds, on="document_id")
    parts = pl.col("value").str.extract_groups(DATE_PARTS_OR_MONTH).struct
    frame = dated.filter(pl.col("kind").is_in(ANNUAL)).with_columns(
        year=parts[0].cast(pl.Int64), early=parts[1].cast(pl.Int64) <= EARLY_MONTHS
    )
    looks_back = pl.col("kind").is_in(["review", "review_and_plan", "bulletin"])
    # A bulletin is of the year before, whenever it comes out.
    past = (
        pl.when(pl.col("early") | (pl.col("kind") == "bulletin")).then(pl.col("year") - 1).otherwise("year")
    )
    start = pl.when(looks_back).then(past).otherwise("year")
    both_ways = pl.col("kind") == "review_and_plan"
    end = pl.when(both_ways).then(past + 1).when(looks_back).then(past).otherwise("year")
    return _period_evidence(frame, start, end, pl.lit("year_of_issue"))


def _periods_aimed_at(text: pl.DataFrame, types: pl.DataFrame) -> pl.DataFrame:
    """The last year that a staged plan which names no years of its own aims at: 到2030年,…."""
    staged = types.filter(pl.col("value").is_in(STAGED)).select("document_id")
    years = (
        pl.col("line").str.extract_all(AIMED_AT).list.eval(pl.element().str.extract(AIMED_AT).cast(pl.Int64))
    )
    frame = (
        text.join(staged, on="document_id", how="semi", maintain_order="left")
        .group_by("document_id", maintain_order=True)
        .agg(end=years.list.max().max())
        .drop_nulls("end")
    )
    return _evidence(frame, "period_end", pl.col("end").cast(pl.String), pl.lit("last_year_aimed_at"))


def _dim_document(documents: pl.DataFrame, text: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    wide = found.pivot("field", index="document_id", values="value", on_columns=FIELDS)
    return (
        documents.drop("raw_text")
        .join(text.group_by("document_id").agg(pl.first("script")), on="document_id", how="left")
        .join(wide, on="document_id", how="left")
        .with_columns(
            _date("issued_on"), _date("published_on"), pl.col("period_start", "period_end").cast(pl.Int64)
        )
    )


def _date(column: str) -> pl.Expr:
    """Turn the date written in ``column`` into a date; what is no date of the calendar becomes null."""
    parts = pl.col(column).str.extract_groups(DATE_PARTS).struct
    iso = pl.format("{}-{}-{}", parts[0], parts[1].str.zfill(2), parts[2].str.zfill(2))
    return iso.str.to_date("%Y-%m-%d", strict=False).alias(column)
