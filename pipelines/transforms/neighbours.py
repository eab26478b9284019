"""For each fact, what the facts before it in its sentence are about: their names, owners and wholes."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import LINE_KEY, SENTENCE_KEY
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.running import last_before
from pipelines.transforms.wording import PER_POPULATION, Words, joined

SAID_BEFORE = ("before_text", "before_unit", "before_owner", "before_density")
NEIGHBOURS = (*SAID_BEFORE, "total", "total_unit", "grand_total", "rate_before", "line_text", "in_part")
USED = (
    SENTENCE_KEY,
    "row",
    LINE_KEY,
    "mention",
    "unit",
    "before",
    "subject",
    "tail",
    "in_brackets",
    "named_in_brackets",
    "run_length",
    "points_back",
)
# 其中: with a colon opens a list to the end of its sentence, without one a clause up to the next semicolon.
IN_PART = "其中(?::[^。]*|[^:;][^;]*)?$"
# 重点人群应签约: what is done to the owner may follow it.
OF_OWNER = "(?:.{0,2}|应?实?际?已?(?:签约|管理|建档|参保|参合|接种|筛查|登记))$"

_SPOKEN, _MAIN = pl.col("spoken"), ~pl.col("in_part")
LAST_IN_SENTENCE = {
    "before_text": _SPOKEN,
    "before_unit": pl.when(_SPOKEN.is_not_null()).then("unit"),
    "any_owner": pl.col("owner"),
    "named_owner": pl.when("has_noun").then("owner"),
    "main_owner": pl.when(_MAIN).then("owner"),
    "before_density": pl.col("density"),
}
LAST_IN_LINE = {
    "total": pl.when(_MAIN).then("spoken"),
    "total_unit": pl.when(_MAIN & _SPOKEN.is_not_null()).then("unit"),
    "grand_total": pl.col("grand"),
    "rate_before": pl.col("rate"),
    "line_text": _SPOKEN,
}


def with_neighbours(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add the ``NEIGHBOURS`` of each fact; ``facts`` has subject and tail, several rows a fact for a list.

    before_text, before_unit: the indicator and unit of the fact before; of a run, of the one as far back as
    it is long. before_owner: whose metric that is, or the nearest one before it that says so.
    before_density: the population the last density was for. in_part: the fact is of a part (其中 …); total,
    total_unit: what it is a part of, in this sentence or the one before; grand_total, rate_before and
    line_text: the last 总…, the last metric and the last indicator of the line. points_back: how far 前者 or
    两类机构 point. What stands in brackets, or is a share of what was said before, only explains: those facts
    are skipped, and so are the parts of a whole once the sentence has gone on from them.
    """
    each = (
        _each(facts, words)
        .with_columns(in_part=pl.col("before").str.contains(IN_PART))
        .pipe(with_distinct, "spoken", owner=_owner(_SPOKEN, words), **_kinds(words))
        .pipe(with_distinct, "owner", has_noun=pl.col("owner").str.contains(words.entity))
        .with_columns(
            *(last_before(column, SENTENCE_KEY).alias(name) for name, column in LAST_IN_SENTENCE.items()),
            *(last_before(column, LINE_KEY).alias(name) for name, column in LAST_IN_LINE.items()),
        )
    )
    of_part = pl.coalesce("named_owner", "any_owner")
    of_main = pl.coalesce("main_owner", "any_owner")
    each = each.with_columns(before_owner=pl.when("in_part").then(of_part).otherwise(of_main))
    linked = _with_far_text(each).select("row", *NEIGHBOURS)
    return facts.join(linked, on="row", how="left", maintain_order="left")


def with_text_before(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add only ``before_text`` (see :func:`with_neighbours`)."""
    before = last_before(pl.col("spoken"), SENTENCE_KEY)
    linked = _with_far_text(_each(facts, words).with_columns(before_text=before))
    return facts.join(linked.select("row", "before_text"), on="row", how="left", maintain_order="left")


def _each(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """One row a fact: its name so far, and what of it is said in so many words."""
    rows = facts.select(*USED).unique("row", keep="last", maintain_order=True)
    return rows.with_columns(named=joined()).pipe(
        with_distinct, "named", "in_brackets", "named_in_brackets", spoken=_spoken(words)
    )


def _with_far_text(each: pl.DataFrame) -> pl.DataFrame:
    """``before_text`` of a fact in a run, or that points back: that of the fact as far back."""
    back = pl.max_horizontal("run_length", "points_back")
    key = [SENTENCE_KEY, "far_back"]
    far = each.select(SENTENCE_KEY, far_back=pl.col("row").cast(pl.Int64), far_text="named")
    linked = each.with_columns(far_back=pl.col("row").cast(pl.Int64) - back)
    linked = linked.join(far, on=key, how="left", maintain_order="left")
    return linked.with_columns(before_text=pl.when(back > 1).then("far_text").otherwise("before_text"))


def _spoken(words: Words) -> pl.Expr:
    """The name as far as the fact says one of its own; null where it only explains the fact before."""
    explains = pl.col("in_brackets") & ~pl.col("named_in_brackets")
    explains |= pl.col("named").str.contains(f"^占|{words.follow_up}")
    return pl.when(~explains & (pl.col("named") != "")).then("named")


def _kinds(words: Words) -> dict[str, pl.Expr]:
    """What kind of name ``spoken`` is: that of a density (with its population), a grand total, a metric."""
    return {
        "density": _SPOKEN.str.extract(PER_POPULATION),
        "grand": pl.when(_SPOKEN.str.contains("总", literal=True)).then("spoken"),
        "rate": pl.when(words.is_metric(_SPOKEN)).then("spoken"),
    }


def _owner(text: pl.Expr, words: Words) -> pl.Expr:
    """Whose metric ``text`` is; all of it where it counts things, which may have metrics of their own."""
    counted = pl.coalesce(
        text.str.extract(f"^(.*(?:{words.entity})){OF_OWNER}"),
        pl.when(~text.str.contains(words.done)).then(text),
    )
    owner = (
        pl.when(text.str.contains(words.belonging_end))
        .then(text.str.replace(words.belonging_end, ""))
        .when(words.is_metric(text))
        .then(words.owner(text))
        .otherwise(counted)
    )
    return pl.when(owner != "").then(owner)
