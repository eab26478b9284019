"""Shares of a whole (占…的15%): the part, the whole and where each is said."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.quantities import COVERAGE
from pipelines.transforms.topics import within
from pipelines.transforms.wording import RATES, Words

SHARE = "(?:比例|比重|份额|占比)$"
OF_WHOLE = "^(.*?)的?占(?:比例?|比重)?([^占]*)$"
BOUND_BEFORE = "^(?:不低于|不少于|不超过|不高于|超过|达到?|约|为)"
DANGLING = "[的,、 ]+$"


def share_name(words: Words) -> tuple[pl.Expr, pl.Expr]:
    """``医院床位(占75.68%)``: the rows that are shares, and part, 占, whole; null where no part is said.

    The part is named before 占, or is the fact before. The whole is named after 占; else it is what the
    sentence speaks of (基层人员中, …), or the total that a part belongs to (其中 …).
    """
    subject, before = pl.col("subject"), pl.col("before_text")
    is_share = pl.col("unit").is_in(RATES) & (pl.col("mention") != COVERAGE) & subject.str.contains(OF_WHOLE)
    groups = subject.str.extract_groups(OF_WHOLE).struct
    part = groups[0].str.replace(DANGLING, "")
    whole = groups[1].str.replace(DANGLING, "").str.replace(BOUND_BEFORE, "")
    before_part = before.str.replace(OF_WHOLE, "${1}").str.replace(DANGLING, "")
    of_body = part.str.contains(f"(?:{words.entity})$") & ~words.is_metric(part)
    suffix = pl.when(words.is_metric(before_part) & of_body).then(words.suffix(before_part, part))
    said_part = pl.when(part == "").then(before_part).otherwise(part + suffix.fill_null(""))
    among = within(words)
    of_structure = among.str.contains(words.structure).fill_null(value=False)
    counted = ~pl.col("total_unit").is_in(RATES) & ~pl.col("total").str.contains("[每比占]")
    parts = pl.col("in_part") | of_structure
    total = pl.when(parts & counted).then("total")
    whole_of_total = pl.when(parts).then(pl.col("total").str.extract("占(.+?)(?:比例|比重)?$"))
    of_kind = pl.when(pl.col("grand_total").str.tail(2) == said_part.str.tail(2)).then("grand_total")
    said = pl.when(whole != "").then(whole)
    said_whole = pl.coalesce(said, pl.when(~of_structure).then(among), total, whole_of_total, of_kind)
    ending = pl.when(said_whole.str.contains(SHARE)).then(pl.lit("")).otherwise(pl.lit("比例"))
    whole_name = pl.concat_str(said_part, pl.lit("占"), said_whole, ending)
    name = pl.coalesce(whole_name, pl.concat_str(said_part, pl.lit("占比")))
    return is_share, pl.when(said_part != "").then(name)
