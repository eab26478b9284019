"""The time that earlier sentences name and a sentence goes on with: 到2025年,…。每千人口…达到….

A year at the head of a sentence holds for those that follow it in the paragraph until another is named, and
for the items of a list when the paragraph that leads up to them names but one.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.distinct import with_first
from pipelines.transforms.running import last_before, last_so_far, row_before
from pipelines.transforms.timewords import YEAR

PLAN = '[“"]?十[一二三四五六]五[”"]?'
TIME = rf"(?:{YEAR}年?(?:-+|至|到){YEAR}年(?:期间)?|{YEAR}年(?:底|末)?|{PLAN}(?:期间|时期|末|以来)|[去上]年)"
DATED = f"{YEAR}年|{PLAN}|[去上]年"  # wherever TIME is
HEAD_TIME = rf"(?:力争|预计|确保)?(?:到|至|截至|截止到?)?{TIME}"
# What goes on with 前 is the deadline of one task, with a month the date of an event.
AT_HEAD = rf"(?:^|[;。])\s*{HEAD_TIME}[^底末前之以月有起度\d年]"
ITEM = r"^\s*(?:[-—–*●○◆◇■□·•▪※]+)"
TOTAL = r"^\s*(?:今后|未来)?([三五]年(?:计划|预计|拟|累计|总计|共计?))"
OF_WHICH = r"^\s*其中"
LEADING_UP = r"[::]\s*$"


def with_held_times(sentences: pl.DataFrame) -> pl.DataFrame:
    """Add ``held`` and ``lead`` to sentences (line_id, section_id, sentence, line, layout).

    held: the words of time that an earlier sentence of the paragraph begins with (到2025年,). lead: those of
    the paragraph before a list, for its items, in the end a colon where it leads up to them in so many signs.
    """
    line, sentence, item = pl.col("line"), pl.col("sentence"), pl.col("_item")
    dated = pl.when(pl.col("layout").is_null() & sentence.str.contains(DATED)).then("sentence")
    lead = pl.when(~item).then(pl.col("_line_lead").fill_null(""))
    of_which = row_before(pl.col("_total"), "line_id") + "。"
    return (
        sentences.pipe(with_first, "line_id", _item=line.str.contains(ITEM))
        .pipe(_with_line_leads)
        .with_columns(_head=dated.str.extract_all(AT_HEAD).list.last(), _total=sentence.str.extract(TOTAL))
        .with_columns(_held=_said(pl.col("_head"), "。"))
        .with_columns(
            held=pl.coalesce(
                pl.when(sentence.str.contains(OF_WHICH)).then(of_which),
                last_before(pl.col("_held"), "line_id"),
            ),
            lead=pl.when(item).then(last_so_far(lead, "section_id")),
        )
        .drop("_item", "_line_lead", "_head", "_total", "_held")
    )


def _with_line_leads(sentences: pl.DataFrame) -> pl.DataFrame:
    """Add ``_line_lead`` in sections with an item; in the others nobody asks for it."""
    colon = pl.when(pl.col("line").str.contains(LEADING_UP)).then(pl.lit(":")).otherwise(pl.lit("。"))
    lines = sentences.filter(pl.col("_item").any().over("section_id")).unique("line_id", keep="first")
    leads = lines.select("line_id", _line_lead=line_lead("line", colon))
    return sentences.join(leads, on="line_id", how="left", maintain_order="left")


def _said(head: pl.Expr, end: pl.Expr | str) -> pl.Expr:
    """The words of time of ``head``, closed like a clause; empty for years from and to, which end with it."""
    time = head.str.extract(f"({HEAD_TIME})")
    ended = pl.concat_str(time, end if isinstance(end, pl.Expr) else pl.lit(end))
    return pl.when(time.str.contains(f"{YEAR}.*{YEAR}")).then(pl.lit("")).otherwise(ended)


def line_lead(column: str, end: pl.Expr | str = "。") -> pl.Expr:
    """The time that a whole line leads up to a list with, if it names but one."""
    dated = pl.when(pl.col(column).str.contains(DATED)).then(column)  # most lines name no year
    heads = dated.str.extract_all(AT_HEAD.replace("[;。]", "[;。!?]"))
    alone = heads.list.eval(pl.element().str.extract(f"({TIME})")).list.n_unique() == 1
    return pl.when(alone).then(_said(heads.list.last(), end))


def section_lead(lines: pl.DataFrame) -> pl.DataFrame:
    """``lead_year`` of each section (document_id, section_no) whose last line leads up to those below it."""
    last = (
        lines.filter(pl.col("line").str.contains(r"\S"))
        .group_by("document_id", "section_no", maintain_order=True)
        .agg(pl.col("line").last())
    )
    year = line_lead("line").str.extract(rf"({YEAR})年")
    return last.filter(pl.col("line").str.contains(LEADING_UP)).select(
        "document_id", pl.col("section_no").cast(pl.UInt32), lead_year=year
    )
