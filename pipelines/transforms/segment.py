"""Clean text to sections and sentences, and what each section does.

Headings are known by the lexicon ``headings``, what a section does by ``section_roles``: by its own heading
or the nearest above it that says so, or else by the kind of document.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.clean import to_raw
from pipelines.transforms.headings import DEEPEST, with_headings
from pipelines.transforms.keys import content_id
from pipelines.transforms.quantities import unit_pattern
from pipelines.transforms.tables import with_cells
from pipelines.transforms.tables_layout import cells_of, with_layout

SENTENCE = r"[^。!?]*[。!?]+[”’\"'))》]*|[^。!?]+"
LONGEST_SENTENCE = 1000
LEVELS = range(1, DEEPEST + 1)
LOOKING_BACK = ("bulletin", "review")
BOTH_WAYS = "review_and_plan"
YEAR_OF_HEADING = r"((?:19|20)[0-9]{2})年"


class Segmented(NamedTuple):
    """``dim_section`` as the table of that name.

    ``sentences``: document_id, source_file, line_no, line_raw_start, section_id, sentence_no,
    sentence_start (in the clean line), sentence (clean), raw_sentence and raw_sentence_start (in the raw
    file), and the columns of :mod:`pipelines.transforms.tables`. Together they hold every sign of the text.
    """

    dim_section: pl.DataFrame
    sentences: pl.DataFrame


def segment(
    text: pl.DataFrame,
    pieces: pl.DataFrame,
    dim_document: pl.DataFrame,
    lexicons: Lexicons,
    reference: Reference,
) -> Segmented:
    """Cut clean ``text`` (see :class:`pipelines.transforms.clean.Cleaned`) into sections and sentences."""
    lines = with_layout(with_headings(text, lexicons)).with_columns(
        section_no=pl.col("level").is_not_null().cum_sum().over("document_id")
    )
    sections = _sections(lines).pipe(_paths).pipe(_roles, dim_document, lexicons).pipe(_periods)
    sentences = _sentences(lines, sections).pipe(with_cells, unit_pattern(reference), lexicons)
    sentences = sentences.drop("level", "layout")
    return Segmented(sections, _raw_sentences(sentences, pieces))


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
    titles = pl.concat_list(names).list.eval(pl.element().filter(pl.element() != "")).list.join(" / ")
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
    own = lexicons["section_roles"].meaning(pl.col("title")).fill_null("")
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


def _periods(sections: pl.DataFrame) -> pl.DataFrame:
    """The year a section speaks for: its headings', or its document's by what the section does.

    A plan speaks for the last year of its document; a look back for the first, where the document itself
    reviews, and for the year before, where it plans.
    """
    reviewing = pl.col("document_type").is_in([*LOOKING_BACK, BOTH_WAYS])
    of_review = pl.when(reviewing).then("period_start").otherwise(pl.col("period_start") - 1)
    of_document = pl.when(pl.col("role") == "review").then(of_review).otherwise("period_end")
    year = pl.col("title").str.extract(YEAR_OF_HEADING).fill_null("")
    return (
        sections.with_columns(year=year)
        .with_columns(_ancestors("year"))
        .with_columns(period=pl.coalesce(_nearest("year"), of_document.cast(pl.String)))
    )


def _sentences(lines: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    cells, parts = cells_of(pl.col("line")), _cut(pl.col("line").str.extract_all(SENTENCE))
    length = pl.col("sentence").str.len_chars().cast(pl.Int64)
    of_line = ["document_id", "line_no"]
    return (
        lines.filter(pl.col("line").str.contains(r"\S"))
        .with_columns(pl.col("section_no").cast(pl.UInt32), sentence=pl.coalesce(cells, parts))
        .explode("sentence")
        .with_columns(
            sentence_no=pl.int_range(pl.len()).over(of_line),
            sentence_start=length.cum_sum().over(of_line) - length,
        )
        .join(
            sections.select("document_id", "section_no", "section_id"),
            on=["document_id", "section_no"],
            maintain_order="left",
        )
        .select(
            "document_id",
            "source_file",
            "line_no",
            "raw_line",
            "section_id",
            "sentence_no",
            "sentence_start",
            "sentence",
            "level",
            "layout",
            line_raw_start="raw_start",
        )
    )


def _cut(sentences: pl.Expr) -> pl.Expr:
    """Cut what is too long for a sentence at semicolons, then at any separator.

    Reading looks at the whole sentence for each of its numbers, so its length must have a bound.
    """
    for parts in (r"[^;]*;|[^;]+", r"[^,、\s]*[,、\s]+|[^,、\s]+"):
        long = pl.element().str.len_chars() > LONGEST_SENTENCE
        whole = pl.concat_list(pl.element())
        cut = pl.when(long).then(pl.element().str.extract_all(parts)).otherwise(whole)
        sentences = sentences.list.eval(cut.explode())
    return sentences


def _raw_sentences(sentences: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """Add each sentence as the raw file has it, and where."""
    ends = sentences.with_columns(_end=pl.col("sentence_start") + pl.col("sentence").str.len_chars())
    raw = to_raw(ends, pieces, "sentence_start", "_end")
    text = pl.col("raw_line").str.slice(
        pl.col("char_start") - pl.col("line_raw_start"), pl.col("char_end") - pl.col("char_start")
    )
    return (
        raw.with_columns(raw_sentence=text)
        .rename({"char_start": "raw_sentence_start"})
        .drop("_end", "char_end", "raw_line")
    )
