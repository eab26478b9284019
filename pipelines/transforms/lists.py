"""Lists of subjects taken apart: 高血压、糖尿病患者规范管理率 is two indicators.

A run of numbers takes one each, a single number takes all.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.running import last_so_far, next_from_here
from pipelines.transforms.wording import PER_POPULATION, RATES, Words

AND = "以及|[和及与]"
# Words that hold a sign of AND; it is hidden while a list is taken apart.
AND_IN_WORDS = {
    "及时": "\ue006时",
    "普及": "普\ue006",
    "涉及": "涉\ue006",
    "及以": "\ue006以",
    "总和": "总\ue007",
    "参与": "参\ue008",
}
QUOTED_LIST = "((?:^|“)[^“”、]*)、([^“”]*”)"  # “双随机、一公开”
BRACKETED_LIST = r"(\([^()、]*)、([^()]*\))"  # 乡(镇、街道)
AND_AGAIN = {
    "\ue00b": "、",
    "\ue006": "及",
    "\ue007": "和",
    "\ue008": "与",
}
SHARED = "(?:均|各|都|分别|全部|双双)"
SHARED_SHARE = "((?:分别|均|各)占[^、]*)$"
SHORT_MODIFIER = 3
LIST_COLUMNS = ["body", "head", "tail", "unit", "run_length"]  # what a list of subjects hangs on


def take_apart(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """One row per (fact, subject): the run's k-th number takes the k-th subject, one number takes all.

    ``facts`` has body (the words before its run). Added: subject, part (its place in the list),
    parts_of_subject and coordinated.
    """
    listed = pl.col("body").str.contains(f"、|{AND}") & ~pl.col("share_of")
    placed = facts.with_row_index("_at")
    bodies = placed.select("_at", "run_position", *LIST_COLUMNS, listed=listed)
    alone = bodies.filter(~pl.col("listed")).select(
        "_at",
        subject=pl.col("body").str.replace("(?:分别|均|各)占", "占"),
        part=pl.lit(0, pl.Int64),
        parts_of_subject=pl.lit(1, pl.UInt32),
        coordinated=pl.lit(value=False),
    )
    several = bodies.filter("listed")
    lists = several.select(LIST_COLUMNS).unique().with_row_index("list_id")
    parts = lists.pipe(_subjects, words).pipe(_exploded, words)
    paired = several.join(parts, on=LIST_COLUMNS, nulls_equal=True).filter(
        ~pl.col("parallel") | (pl.col("part") == pl.col("run_position"))
    )
    named = pl.concat([alone, paired.select(alone.columns)]).sort("_at", "part")
    return placed.join(named, on="_at", maintain_order="left_right").drop("_at")


def _subjects(bodies: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``subjects``: the list the body is, if it is one; one item else."""
    body = pl.col("body").str.replace(SHARED_SHARE, "").str.replace_many(AND_IN_WORDS)
    for enclosed in (QUOTED_LIST, BRACKETED_LIST, BRACKETED_LIST):
        body = body.str.replace_all(enclosed, "${1}\ue00b${2}")
    after_metrics = body.str.replace_all(f"({words.metric_inside})(?:{AND})", "${1}、")
    joint = after_metrics.str.replace_all(f"({words.joint})(?:{AND})({words.joint})", "${1}、${2}")
    readings = [body.str.replace_all(AND, "、"), joint, after_metrics]
    everything, joint_list, comma_list = (reading.str.split("、") for reading in readings)
    whole = pl.concat_list(body)
    run = pl.col("run_length")
    fitting = [pl.when(items.list.len() == run).then(items) for items in (everything, joint_list, comma_list)]
    shares = pl.col("unit").is_in(RATES) | pl.col("head").str.contains(f"{SHARED}[^、]*$")
    shares &= ~body.str.contains("占[^占]*[、和及与]")
    lists = pl.when(comma_list.list.len() > 1).then(_and_in_last(comma_list)).otherwise(joint_list)
    of_one = (
        pl.when(pl.col("head").str.contains("各$"))
        .then(everything)
        .when(shares & (pl.col("tail") == ""))
        .then(lists)
        .otherwise(whole)
    )
    return bodies.with_columns(
        subjects=pl.when(run > 1).then(pl.coalesce(*fitting, whole)).otherwise(of_one),
        share=pl.col("body").str.extract(SHARED_SHARE).str.replace("^(?:分别|均|各)", "").fill_null(""),
    )


def _and_in_last(items: pl.Expr) -> pl.Expr:
    """``A、B和C`` is three items: the last separator of a list is an 'and'."""
    last = items.list.last().str.replace(AND, "、").str.split("、")
    return pl.concat_list(items.list.head(items.list.len() - 1), last)


def _exploded(lists: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A row for each of the ``subjects`` of a list, completed: the LIST_COLUMNS, part, subject and how many.

    ``parallel``: there are as many as numbers in the run, each for its own.
    """
    count, several = pl.col("subjects").list.len(), pl.col("parts_of_subject") > 1
    return (
        lists.with_columns(parts_of_subject=count, first_subject=pl.col("subjects").list.first())
        .with_columns(part=pl.int_ranges(0, count), subject="subjects")
        .explode("part", "subject")
        .with_columns(pl.col("subject", "first_subject").str.replace_many(AND_AGAIN))
        .with_columns(is_metric=words.is_metric(pl.col("subject")))
        .pipe(with_distinct, "first_subject", owner=words.owner(pl.col("first_subject"), then=".."))
        .with_columns(prefix=_prefix(words))
        .pipe(_with_suffix, words)
        .with_columns(subject=pl.when(several).then(_completed()).otherwise("subject") + pl.col("share"))
        .select(
            *LIST_COLUMNS,
            *("part", "subject", "parts_of_subject"),
            coordinated=several,
            parallel=several & (pl.col("parts_of_subject") == pl.col("run_length")),
        )
    )


def _completed() -> pl.Expr:
    """Give each subject of a list what it shares: the metric of the last, the owner or verb of the first."""
    subject, prefix = pl.col("subject"), pl.col("prefix")
    lacks_prefix = (pl.col("part") > 0) & ~subject.str.starts_with(prefix)
    return pl.concat_str(
        pl.when(lacks_prefix).then(prefix).otherwise(pl.lit("")),
        subject,
        pl.when("is_metric").then(pl.lit("")).otherwise("suffix"),
    )


def _prefix(words: Words) -> pl.Expr:
    """What the first of a list says for all: its population, owner, qualification or verb."""
    subject, first, owner = pl.col("subject"), pl.col("first_subject"), pl.col("owner")
    # 患者满意度、职工满意度: the second names its own people, and has no owner among them.
    own_people = subject.str.contains(words.person) & owner.str.contains(f"(?:{words.person})$")
    of_metric = pl.when(words.is_metric(first) & ~subject.str.contains(words.joint) & ~own_people)
    # 能够提供中医药服务的卫生站和卫生室占比: both are qualified.
    qualified = first.str.extract("^(.{4,}的)[^的]{2,}$")
    both_nouns = first.str.contains(f"(?:{words.entity})$") & ~subject.str.contains("的")
    return pl.coalesce(
        first.str.extract(PER_POPULATION),
        pl.when(both_nouns).then(qualified),
        of_metric.then(owner),
        first.str.extract(f"({words.verb})"),
    ).fill_null("")


def _with_suffix(parts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add ``suffix``: what a subject without a metric shares with the one that has it.

    In a list with 分别, as a last resort, what another item lacks, or the metric word alone.
    """
    subject, metric, own = pl.col("subject"), pl.col("metric"), pl.col("own")
    named = next_from_here(pl.when("is_metric").then(subject), "list_id")
    # Where each has its own number, or a share of one whole, the last says what all share.
    parallel = (pl.col("run_length") > 1) | (pl.col("share") != "")
    neighbours = pl.coalesce(next_from_here(own, "list_id"), last_so_far(own, "list_id"))
    first_sign = pl.when(subject.str.len_chars() == 1).then(metric.str.slice(1))  # 甲、乙类传染病
    word = metric.str.extract(f"((?:{words.metric_inside}))$")
    in_run = pl.when(pl.col("run_length") > 1)
    last_resort = in_run.then(pl.coalesce(_from_owner(metric, words), neighbours, word))
    return (
        parts.with_columns(metric=pl.coalesce(named, pl.when(parallel).then(pl.col("subjects").list.last())))
        .with_columns(own=words.suffix(metric, subject))
        .with_columns(own=pl.when(own != "").then(own))
        .with_columns(suffix=pl.coalesce(own, first_sign, last_resort, _as_long(metric)).fill_null(""))
    )


def _from_owner(metric: pl.Expr, words: Words) -> pl.Expr:
    """For a subject without an owner, what ``metric``, or else the last of the list, says from its owner on.

    政府、社会、个人卫生支出: without owners, what stands behind words as long as each other.
    """
    subject, last = pl.col("subject"), pl.col("subjects").list.last()
    lacks = pl.when(~subject.str.contains(words.entity))
    on = f"^.{{1,4}}?((?:{words.entity}).+)$"
    of_last = pl.when(subject != last).then(last.str.extract(on))
    return lacks.then(pl.coalesce(metric.str.extract(on), of_last, _as_long(metric)))


def _as_long(metric: pl.Expr) -> pl.Expr:
    """What ``metric`` says after as many signs as a short subject has: 门诊、住院|次均费用."""
    length = pl.col("subject").str.len_chars()
    alike = (length <= SHORT_MODIFIER) & (metric.str.len_chars() > length + 2)
    return pl.when(alike).then(metric.str.slice(length))
