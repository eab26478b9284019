"""What the header of a document says: title, kind, issuer, number, dates, place and years.

The patterns are the lexicons ``header_fields`` and ``document_types``. What is not found stays null: a
wrong place or year would be wrong on every value of the document.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference

HEAD_LINES = 40
TAIL_LINES = 12
PLACE_MENTIONS_NEEDED = 3
FIRST_PLAN = 2011  # first year of the twelfth five-year plan; each plan has five
COMMON = "^.[区]$|^[东西南北]郊区$"
PLANS = {"十二五": 0, "十三五": 1, "十四五": 2, "十五五": 3, "十六五": 4}
FIELDS = [
    "title",
    "document_type",
    "issuer",
    "document_number",
    "issued_on",
    "published_on",
    "jurisdiction_name",
    "period_start",
    "period_end",
]
YEARS = r"(?:19|20)[0-9]{2}"
DATED_HEADING = "回顾|总结|安排|计划|要点|打算"
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
    found = pl.concat(
        [
            labelled,
            _types(labelled, text, lexicons),
            _periods(labelled, text),
            _places(labelled, text, reference),
        ]
    ).unique(["document_id", "field"], keep="first", maintain_order=True)
    return Described(_dim_document(documents, text, found, reference), found)


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
        .filter((pl.col("nth") < HEAD_LINES) | (pl.col("nth") >= pl.col("of") - TAIL_LINES))
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


def _periods(labelled: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """The years a document speaks for: named in its title, or else in headings of reviews and plans."""
    dated = pl.col("heading").filter(pl.col("heading").str.contains(DATED_HEADING)).str.join(" ")
    frame = (
        text.group_by("document_id", maintain_order=True)
        .agg(headings=dated)
        .join(_titles(labelled), on="document_id", how="left")
        .with_columns(in_title=_years(pl.col("title")), in_headings=_years(pl.col("headings")))
        .with_columns(
            years=pl.when(pl.col("in_title").list.len() > 0).then("in_title").otherwise("in_headings"),
            by=pl.when(pl.col("in_title").list.len() > 0)
            .then(pl.lit("years_in_title"))
            .otherwise(pl.lit("years_in_headings")),
        )
    )
    start, end = pl.col("years").list.min(), pl.col("years").list.max()
    return pl.concat(
        [
            _evidence(frame, "period_start", start.cast(pl.String), pl.col("by")),
            _evidence(frame, "period_end", end.cast(pl.String), pl.col("by")),
        ]
    )


def _years(text: pl.Expr) -> pl.Expr:
    """The years named in ``text``, five-year plans as their first and last."""
    named = text.fill_null("").str.extract_all(YEARS).list.eval(pl.element().cast(pl.Int64))
    plans = [
        pl.when(text.str.contains(plan, literal=True))
        .then(pl.lit([FIRST_PLAN + 5 * nth, FIRST_PLAN + 5 * nth + 4]))
        .otherwise(pl.lit([], dtype=pl.List(pl.Int64)))
        for plan, nth in PLANS.items()
    ]
    of_plans = pl.concat_list(plans)
    # “十四五”规划和2035年远景目标纲要 speaks for the five years; the vision is beyond them.
    return pl.when(of_plans.list.len() > 0).then(of_plans).otherwise(named)


def _places(labelled: pl.DataFrame, text: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """The place: named by the issuer, the title, or far more often than any other in the body."""
    codes = reference.place_codes
    names = codes["jurisdiction_name"].to_list()
    # 城区, 东区, 朝阳区: a common noun, or a name several places share, tells something in a signature only.
    telling = codes.filter(
        pl.col("jurisdiction_code").is_not_null() & ~pl.col("jurisdiction_name").str.contains(COMMON)
    )
    headers = [
        _evidence(
            labelled.filter(field=field),
            "jurisdiction_name",
            pl.col("value").str.extract_many(known, leftmost=True).list.last(),
            pl.lit(f"named_in_{field}"),
        )
        for field, known in (("issuer", names), ("title", telling["jurisdiction_name"].to_list()))
    ]
    named = pl.concat(headers)
    unplaced = text.join(named, on="document_id", how="anti", maintain_order="left")
    return pl.concat([named, _place_of_body(unplaced, telling["jurisdiction_name"].to_list())])


def _place_of_body(text: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    counts = (
        text.select("document_id", name=pl.col("line").str.extract_many(names, leftmost=True))
        .explode("name")
        .drop_nulls()
        .group_by("document_id", "name")
        .len()
        .sort("document_id", "len", "name", descending=[False, True, False])
        .with_columns(second=pl.col("len").shift(-1).over("document_id").fill_null(0))
        .unique("document_id", keep="first", maintain_order=True)
    )
    clear = (pl.col("len") >= PLACE_MENTIONS_NEEDED) & (pl.col("len") >= 2 * pl.col("second"))
    return _evidence(counts.filter(clear), "jurisdiction_name", pl.col("name"), pl.lit("most_named_in_body"))


def _dim_document(
    documents: pl.DataFrame, text: pl.DataFrame, found: pl.DataFrame, reference: Reference
) -> pl.DataFrame:
    wide = found.pivot("field", index="document_id", values="value", on_columns=FIELDS)
    return (
        documents.drop("raw_text")
        .join(text.group_by("document_id").agg(pl.first("script")), on="document_id", how="left")
        .join(wide, on="document_id", how="left")
        .join(reference.place_codes, on="jurisdiction_name", how="left")
        .with_columns(
            _date("issued_on"), _date("published_on"), pl.col("period_start", "period_end").cast(pl.Int64)
        )
    )


def _date(column: str) -> pl.Expr:
    """Turn the date written in ``column`` into a date; what is no date of the calendar becomes null."""
    parts = pl.col(column).str.extract_groups(DATE_PARTS).struct
    iso = pl.format("{}-{}-{}", parts[0], parts[1].str.zfill(2), parts[2].str.zfill(2))
    return iso.str.to_date("%Y-%m-%d", strict=False).alias(column)
