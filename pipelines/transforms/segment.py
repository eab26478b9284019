"""Clean text to sections and sentences, and what each section does.

Headings are known by the lexicon ``headings``, what a section does by ``section_roles``: by its own heading
or the nearest above it that says so, or else by the kind of document.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.clean import chunks, cut_where
from pipelines.transforms.headings import DEEPEST
from pipelines.transforms.keys import content_id
from pipelines.transforms.quantities import unit_pattern
from pipelines.transforms.running import count_before, last_so_far, sum_before
from pipelines.transforms.tables import with_cells
from pipelines.transforms.tables_layout import cells_of, with_layout
from pipelines.transforms.timeline import section_lead, with_held_times
from pipelines.transforms.timewords import PLAN_LENGTH, plan_years

SENTENCE_END = r"([。!?]+[”’\"'))》]*)"
CUT = "\x1f"  # clean text has none
# Reading looks at the whole sentence for each of its numbers, so its length must have a bound: what is longer
# is cut at semicolons, then at any separator, and text without one anywhere.
LONGEST_SENTENCE = 1000
PARTS = (r"[^;]*;|[^;]+", r"[^,、\s]*[,、\s]+|[^,、\s]+", chunks(500))
LONGEST_LEAD_IN = 26
ITEM = "[一二三四五六七八九十]是"
LEVELS = range(1, DEEPEST + 1)
LOOKING_BACK = ("bulletin", "review")
BOTH_WAYS = "review_and_plan"
ANNEX = r"^\s*附\s*件"
YEAR_OF_HEADING = r"((?:19|20)[0-9]{2})年"
YEAR_AS_HEADING = r"^\s*((?:19|20)[0-9]{2})\s*$"
YEARS_OF_HEADING = r"((?:19|20)[0-9]{2})年?(?:-+|至|到)((?:19|20)[0-9]{2})年"


class Segmented(NamedTuple):
    """``dim_section`` as the table of that name.

    ``sentences``: document_id, source_file, line_no, line_id, raw_line, line_raw_start, section_id,
    sentence_no, sentence_start (in the clean line), sentence (clean), heading (what the sentence stands
    under: its section's title or the lead-in of its line), and the columns of
    :mod:`pipelines.transforms.tables`; in reading order. Together they hold every sign of the text.
    """

    dim_section: pl.DataFrame
    sentences: pl.DataFrame


def segment(
    text: pl.DataFrame,
    dim_document: pl.DataFrame,
    lexicons: Lexicons,
    reference: Reference,
) -> Segmented:
    """Cut clean ``text`` (see :class:`pipelines.transforms.clean.Cleaned`) into sections and sentences."""
    lines = with_layout(text).with_columns(
        section_no=pl.col("level").is_not_null().cum_sum().over("document_id")
    )
    sections = (
        _sections(lines)
        .pipe(_paths)
        .pipe(_roles, dim_document, lexicons)
        .join(_annex_years(lines), on=["document_id", "section_no"], how="left", maintain_order="left")
        .join(section_lead(lines), on=["document_id", "section_no"], how="left", maintain_order="left")
        .pipe(_spans, lexicons)
        .pipe(_periods)
    )
    sentences = _sentences(lines, sections).pipe(with_held_times)
    sentences = sentences.pipe(with_cells, unit_pattern(reference), lexicons)
    return Segmented(sections, sentences.drop("level", "line", "layout"))


def _sections(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per heading and one (level 0) for what stands before the first, with raw offsets."""
    indent = pl.col("raw_line").str.len_chars() - pl.col("raw_line").str.strip_chars_start().str.len_chars()
    ends = pl.col("raw_start").last() + pl.col("raw_line").last().str.len_chars()
    headings = (
        lines.filter(pl.col("level").is_not_null())
        .select(
            "document_id", "section_no", "level", title="heading", char_start=pl.col("raw_start") + indent
        )
        .with_columns(pl.col("section_no").cast(pl.UInt32))
    )
    roots = lines.group_by("document_id", maintain_order=True).agg(
        section_no=pl.lit(0, pl.UInt32), level=pl.lit(0, pl.Int64), title=pl.lit(""), char_start=pl.lit(0)
    )
    totals = lines.group_by("document_id").agg(total=ends)
    columns = ["document_id", "section_no", "level", "title", "char_start"]
    return (
        pl.concat([roots.select(columns), headings.select(columns)], how="vertical_relaxed")
        .sort("document_id", "section_no")
        .join(totals, on="document_id", maintain_order="left")
        .with_columns(char_end=pl.col("char_start").shift(-1).over("document_id").fill_null(pl.col("total")))
        .with_columns(_key=pl.lit("section"))
        .pipe(content_id, "section_id", "document_id", "_key", "char_start", "level")
    )


def _ancestors(column: str) -> list[pl.Expr]:
    """For each level, ``column`` of the heading of that level a section stands under ('' for none)."""
    return [
        pl.when(pl.col("level") >= level)
        .then(
            pl.when(pl.col("level") <= level)
            .then(pl.when(pl.col("level") == level).then(column).otherwise(pl.lit("")))
            .forward_fill()
            .over("document_id")
        )
        .otherwise(pl.lit(""))
        .fill_null("")
        .alias(f"{column}_{level}")
        for level in LEVELS
    ]


def _paths(sections: pl.DataFrame) -> pl.DataFrame:
    names = [f"title_{level}" for level in LEVELS]
    titles = pl.concat_str(pl.col(names).replace("", None), separator=" / ", ignore_nulls=True)
    return sections.with_columns(_ancestors("title")).with_columns(section_path=titles).drop(names)


def _nearest(column: str) -> pl.Expr:
    """The value of ``column`` at the deepest level that has one."""
    return pl.coalesce(
        *(pl.when(pl.col(f"{column}_{level}") != "").then(f"{column}_{level}") for level in reversed(LEVELS)),
        pl.lit(None, pl.String()),
    )


def _roles(sections: pl.DataFrame, dim_document: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    default = (
        pl.when(pl.col("document_type").is_in(LOOKING_BACK)).then(pl.lit("review")).otherwise(pl.lit("plan"))
    )
    both_ways = pl.col("document_type") == BOTH_WAYS
    before = pl.col("named").forward_fill().over("document_id").fill_null("review")
    # 二、2023年工作 in a review of 2022: a year after the document's is to come, one before it is past.
    year = _year_of_heading().cast(pl.Int64)
    first = pl.when(both_ways).then(pl.col("period_start") + 1).otherwise("period_start")
    by_year = pl.when(year < first).then(pl.lit("review"))
    ahead = (
        pl.when(default == "review").then(year > pl.col("period_end")).otherwise(both_ways & (year >= first))
    )
    named = lexicons["section_roles"].meaning(pl.col("title"))
    own = pl.coalesce(named, by_year, pl.when(ahead).then(pl.lit("plan"))).fill_null("")
    return (
        sections.join(
            dim_document.select("document_id", "document_type", "period_start", "period_end"),
            on="document_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(own=own)
        .with_columns(_ancestors("own"))
        .with_columns(named=_nearest("own"))
        .with_columns(role=pl.coalesce("named", pl.when(both_ways).then(before).otherwise(default)))
        .drop([f"own_{level}" for level in LEVELS])
    )


def _spans(sections: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """``span``: the years a heading names as from and to, or as a five-year plan; null where none does."""
    written = pl.col("title").str.extract_groups(YEARS_OF_HEADING).struct
    plans = [
        pl.when(pl.col("title").str.contains(pattern)).then(pl.lit(f"{first}/{first + PLAN_LENGTH - 1}"))
        for pattern, first in plan_years(lexicons).items()
    ]
    own = pl.coalesce(pl.format("{}/{}", written[0], written[1]), *plans)
    # “十四五”面临的形势 in the plan for these years is how things stand before them.
    ahead = own.str.tail(4).cast(pl.Int64) >= pl.col("period_end")
    beside = (pl.col("role") == "review") & ~_reviews() & ahead.fill_null(value=False)
    return (
        sections.with_columns(own=pl.when(~beside).then(own).fill_null(""))
        .with_columns(_ancestors("own"))
        .with_columns(span=_nearest("own"))
        .drop([f"own_{level}" for level in LEVELS])
    )


def _reviews() -> pl.Expr:
    return pl.col("document_type").is_in([*LOOKING_BACK, BOTH_WAYS])


def _periods(sections: pl.DataFrame) -> pl.DataFrame:
    """The year a section speaks for: its headings', or its document's by what the section does.

    A plan speaks for the last year of its document; a look back for the last, where the document is but a
    review, for the first, where it is a review and a plan, and for the year before, where it plans.
    """
    of_review = (
        pl.when(pl.col("document_type").is_in(LOOKING_BACK))
        .then("period_end")
        .when(pl.col("document_type") == BOTH_WAYS)
        .then("period_start")
        .otherwise(pl.col("period_start") - 1)
    )
    of_document = pl.when(pl.col("role") == "review").then(of_review).otherwise("period_end")
    named = _year_of_heading()
    several = pl.col("period_end") - pl.col("period_start") > 1
    annex = pl.when(several).then("annex_year")
    year = pl.coalesce(pl.col("own").str.extract(r"/(\d{4})$"), named, annex, "lead_year").fill_null("")
    return (
        sections.with_columns(year=year)
        .with_columns(_ancestors("year"))
        .with_columns(period=pl.coalesce(_nearest("year"), of_document.cast(pl.String)))
    )


def _year_of_heading() -> pl.Expr:
    """The year a heading names (二、2023年工作) or is (2024:再啃“硬骨头”)."""
    title = pl.col("title")
    return pl.coalesce(title.str.extract(YEAR_OF_HEADING), title.str.extract(YEAR_AS_HEADING))


def _annex_years(lines: pl.DataFrame) -> pl.DataFrame:
    """``annex_year`` of each section headed 附件 whose title, on the line below, names one year."""
    key = ["document_id", "section_no"]
    titles = (
        lines.filter(pl.col("line").str.contains(r"\S"))
        .group_by(key, maintain_order=True)
        .agg(head=pl.col("line").first(), title=pl.col("line").get(1, null_on_oob=True))
        .filter(pl.col("head").str.contains(ANNEX))
    )
    years = pl.col("title").str.extract_all(YEAR_OF_HEADING)
    one = pl.when(years.list.n_unique() == 1).then(years.list.first().str.head(4))
    return titles.select("document_id", pl.col("section_no").cast(pl.UInt32), annex_year=one)


def _sentences(lines: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    too_long = pl.col("layout").is_null() & (pl.col("sentence").str.len_chars() > LONGEST_SENTENCE)
    parts = pl.coalesce(cells_of(pl.col("line")), _cut_after(SENTENCE_END))
    length = pl.col("sentence").str.len_chars().cast(pl.Int64)
    sentences = (
        lines.filter(pl.col("line").str.contains(r"\S"))
        .with_columns(pl.col("section_no").cast(pl.UInt32))
        .join(
            sections.select("document_id", "section_no", "section_id", "title"),
            on=["document_id", "section_no"],
            maintain_order="left",
        )
        .with_columns(sentence=parts)
        .explode("sentence")
    )
    for separated in PARTS:
        sentences = cut_where(sentences, "sentence", too_long, separated)
    sentences = sentences.with_columns(
        sentence_no=count_before("line_id"), sentence_start=sum_before(length, "line_id")
    ).pipe(_with_lead_in)
    heading = pl.coalesce(last_so_far(pl.col("lead_in"), "line_id"), "title")
    return sentences.with_columns(heading=heading.str.strip_chars("。:; ")).select(
        "document_id",
        "source_file",
        "line_no",
        "line_id",
        "raw_line",
        "section_id",
        "sentence_no",
        "sentence_start",
        "sentence",
        "heading",
        "level",
        "line",
        "layout",
        line_raw_start="raw_start",
    )


def _with_lead_in(sentences: pl.DataFrame) -> pl.DataFrame:
    """Add ``lead_in``: a short sentence without numbers that says what its line goes on about.

    三是做实家庭医生签约。
    """
    lead = pl.col("lead_in")
    closed = lead.str.ends_with("。") | lead.str.ends_with(":")
    short = closed & (lead.str.len_chars() <= LONGEST_LEAD_IN)
    opens = (pl.col("sentence_no") == 0) | lead.str.contains(f"^{ITEM}")
    return (
        sentences.with_columns(lead_in=pl.col("sentence").str.strip_chars())
        .with_columns(lead_in=pl.when(short).then(lead))
        .with_columns(lead_in=pl.when(opens & ~lead.str.contains("[0-9]{2}")).then(lead))
    )


def _cut_after(end: str) -> pl.Expr:
    """The parts of a line, each with the ``end`` after it."""
    return pl.col("line").str.replace_all(end, f"${{1}}{CUT}").str.strip_suffix(CUT).str.split(CUT)
