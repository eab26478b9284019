"""The indicator of each fact, in the document's own words put together.

From the words before the number (``head``) and after it (``tail``) to one self-contained name per fact:
verbs and comparators stripped (``connectors``, ``leads``), lists taken apart, and what a clause leaves out
borrowed from the fact before it. The vocabulary is the lexicons ``metrics``, ``entities`` and others.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons
from pipelines.transforms.clauses import SENTENCE_KEY

RATES = ["%", "‰", "/10万", "/万"]
ITEM = "\x1f"
AND = "以及|[和及与]"
SHARED = "(?:均|各|都|分别|全部)"
LONGEST_TAIL_LIST = 3
SHORT_METRIC = 5


def with_indicators(facts: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``indicator_text`` to facts with clauses; one row per fact, lists of subjects taken apart.

    Added too: ``coordinated`` (several facts on one number, or one indicator over several numbers).
    """
    words = _Words(lexicons)
    return (
        facts.with_columns(words.body(), words.tail())
        .pipe(_carry_verbs, words)
        .pipe(_subjects, words)
        .pipe(_take_apart, words)
        .pipe(_borrow, words)
        .with_columns(indicator_text=_joined())
        .rename({"parts": "parts_of_subject"})
        .drop("subjects", "subject", "part")
    )


class _Words:
    """The lexicons as the few patterns that the names are made with."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.end = f"(?:{_inner(lexicons['connectors'])})+$"
        self.start = f"^(?:{_inner(lexicons['leads'])})+"
        self.generic = lexicons["generic_tails"].pattern()
        self.metric = lexicons["metrics"].pattern()
        self.metric_inside = _inner(lexicons["metrics"])
        self.entity = lexicons["entities"].pattern()
        self.joint = lexicons["joint_subjects"].pattern()

    def body(self) -> pl.Expr:
        """The head of the run without the verbs and comparators around the noun."""
        head = pl.col("head").first().over([*SENTENCE_KEY, "run"])
        return self.bare(head).alias("body")

    def bare(self, text: pl.Expr) -> pl.Expr:
        return text.str.replace(self.end, "").str.replace(self.start, "").str.strip_chars(' “”‘’"、·')

    def tail(self) -> pl.Expr:
        """The noun after the number; empty where the words there only go on about the one before it."""
        tail = pl.col("tail").str.strip_chars_start("的”’)/ ")
        listed = tail.str.count_matches("、") >= LONGEST_TAIL_LIST
        first = tail.str.extract("^([^、]*)")
        kept = pl.when(listed).then(first).otherwise(tail)
        return pl.when(tail.str.contains(self.generic)).then(pl.lit("")).otherwise(kept).alias("tail")


def _inner(lexicon: Lexicon) -> str:
    """The alternatives of a lexicon without the anchors that each pattern has."""
    return "|".join(rule.pattern.removesuffix("$").removeprefix("^") for rule in lexicon.rules)


def _carry_verbs(facts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """``1—2个…、3—4个…``: a noun after its number without words before it keeps the verb of the list."""
    follows = ~pl.col("first") & (pl.col("head") == "") & (pl.col("tail") != "") & ~pl.col("in_row")
    verb = pl.when(~follows).then("body").forward_fill().over(SENTENCE_KEY)
    return facts.with_columns(
        body=pl.when(follows).then(verb.fill_null("")).otherwise("body"), carried=follows
    )


def _subjects(facts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """``subjects``: the list the body is, if it is one; one item else."""
    body = pl.col("body")
    after_metrics = body.str.replace_all(f"({words.metric_inside})(?:{AND})", "${1}、")
    comma = after_metrics.str.split("、")
    joint = after_metrics.str.replace_all(f"({words.joint})(?:{AND})({words.joint})", "${1}、${2}").str.split(
        "、"
    )
    everything = body.str.replace_all(AND, "、").str.split("、")
    run = pl.col("run_length")
    of_run = (
        pl.when(everything.list.len() == run)
        .then(everything)
        .when(joint.list.len() == run)
        .then(joint)
        .when(comma.list.len() == run)
        .then(comma)
        .otherwise(pl.concat_list(body))
    )
    shares = pl.col("unit").is_in(RATES) | pl.col("head").str.contains(f"{SHARED}[^、]*$")
    lists = pl.when(comma.list.len() > 1).then(_and_in_last(comma)).otherwise(joint)
    of_one = pl.when(shares & (pl.col("tail") == "")).then(lists).otherwise(pl.concat_list(body))
    return facts.with_columns(subjects=pl.when(run > 1).then(of_run).otherwise(of_one))


def _and_in_last(items: pl.Expr) -> pl.Expr:
    """``A、B和C`` is three items: the last separator of a list is an 'and'."""
    last = items.list.last().str.replace(AND, "、").str.split("、")
    return pl.concat_list(items.list.head(items.list.len() - 1), last)


def _take_apart(facts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """One row per (fact, subject): the run's k-th number takes the k-th subject, one number takes all."""
    count = pl.col("subjects").list.len()
    parallel = (pl.col("run_length") > 1) & (count == pl.col("run_length"))
    exploded = (
        facts.with_columns(parts=count, first_subject=pl.col("subjects").list.first())
        .with_columns(part=pl.int_ranges(0, "parts"), subject="subjects")
        .explode("part", "subject")
    )
    named = _complete(exploded, words)
    return named.filter(~parallel | (pl.col("part") == pl.col("run_position"))).with_columns(
        coordinated=(pl.col("parts") > 1)
    )


def _complete(parts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """Give each subject of a list the words it shares: the metric after the last, the owner before the first."""
    has_metric = pl.col("subject").str.contains(words.metric)
    metric = pl.when(has_metric).then("subject").backward_fill().over("row")
    suffix = _suffix(metric, pl.col("subject"), words)
    prefix = pl.col("first_subject").str.extract(f"^(.*(?:{words.entity}))..").fill_null("")
    needs_prefix = (
        (pl.col("part") > 0) & has_metric.first().over("row") & ~pl.col("subject").str.contains(words.joint)
    )
    listed = pl.col("parts") > 1
    return parts.with_columns(
        subject=pl.when(listed)
        .then(
            pl.concat_str(
                pl.when(needs_prefix & ~pl.col("subject").str.starts_with(prefix))
                .then(prefix)
                .otherwise(pl.lit("")),
                "subject",
                pl.when(has_metric).then(pl.lit("")).otherwise(suffix.fill_null("")),
            )
        )
        .otherwise("subject")
    )


def _suffix(full: pl.Expr, part: pl.Expr, words: _Words) -> pl.Expr:
    """What ``full`` says after the words that answer to ``part``: 三级|医疗机构…比例 for 一级."""
    last_sign = part.str.replace("[^一-鿿0-9A-Za-z]+$", "").str.tail(1)
    split = full.str.splitn(last_sign, 2)
    by_sign = pl.when(last_sign != "").then(split.struct.field("field_1"))
    by_entity = full.str.replace(f"^.{{0,8}}?(?:{words.joint}|{words.entity})", "")
    answered = full.str.contains(f"^.{{0,8}}?(?:{words.joint}|{words.entity})")
    return pl.coalesce(by_sign, pl.when(answered).then(by_entity))


def _borrow(facts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """Fill in what a clause leaves out from the fact before it: the whole subject, its owner or its metric."""
    back = pl.when(pl.col("run_length") > 1).then("run_length").otherwise(1)
    source = facts.unique("row", keep="last", maintain_order=True).select(
        *SENTENCE_KEY, source_row="row", before_text=_joined()
    )
    linked = facts.with_columns(source_row=pl.col("row").cast(pl.Int64) - back).join(
        source.with_columns(pl.col("source_row").cast(pl.Int64)),
        on=[*SENTENCE_KEY, "source_row"],
        how="left",
        maintain_order="left",
    )
    empty = (pl.col("subject") == "") & (pl.col("tail") == "")
    previous = pl.when(empty & pl.col("before_text").is_not_null()).then("before_text")
    # A chain of omissions (由A到B, 比上年增长C) goes back to the last subject that was named.
    named = pl.when(~empty).then(_joined()).forward_fill().over(SENTENCE_KEY)
    share = pl.col("subject").str.contains("^占") & pl.col("before_text").is_not_null()
    owner = pl.col("before_text").str.extract(f"^(.*(?:{words.entity}))..")
    metric_only = (
        pl.col("subject").str.contains(words.metric)
        & (pl.col("subject").str.len_chars() <= SHORT_METRIC)
        & ~pl.col("subject").str.contains(words.entity)
    )
    rate_without_metric = (
        pl.col("unit").is_in(RATES)
        & ~pl.col("subject").str.contains(words.metric)
        & pl.col("before_text").str.contains(words.metric)
        & (pl.col("tail") == "")
    )
    missing_metric = _suffix(pl.col("before_text"), pl.col("subject"), words)
    return linked.with_columns(
        subject=pl.when(empty & (previous.fill_null("") != ""))
        .then(previous)
        .when(empty)
        .then(named.fill_null(""))
        .when(share)
        .then(pl.concat_str("before_text", "subject", pl.lit("比例")))
        .when(metric_only & owner.is_not_null())
        .then(pl.concat_str(owner, "subject"))
        .when(rate_without_metric & missing_metric.is_not_null())
        .then(pl.concat_str("subject", missing_metric))
        .otherwise("subject"),
        inherited=empty,
    ).drop("source_row", "before_text")


def _joined() -> pl.Expr:
    """Subject, noun and, for full coverage in words, what is full."""
    covered = pl.when(pl.col("mention") == "全覆盖").then(pl.lit("覆盖率")).otherwise(pl.lit(""))
    return pl.concat_str("subject", "tail", covered)
