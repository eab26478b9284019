"""What a clause leaves out because the one before has just said it: the subject, its owner or its metric."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import SENTENCE_KEY
from pipelines.transforms.mentions import COVERAGE
from pipelines.transforms.wording import PER_HEAD, RATES, Words, joined

LONGEST_BARE_METRIC = 10
SHORT_ITEM = 4
SHORT_NOUN = 2


def complete_from_before(facts: pl.DataFrame, words: Words, known: list[str]) -> pl.DataFrame:
    """Complete ``subject`` by the fact before: 床位 of 医疗卫生机构, 即办率 of 行政许可事项, 占全省 of it.

    A name in ``known`` is complete, and so is one that says whose metric it is.
    """
    linked = _with_fact_before(facts)
    subject, before = pl.col("subject"), pl.col("before_text")
    owner = pl.when(words.is_metric(before)).then(words.owner(before)).otherwise(before).fill_null("")
    ownerless = ~subject.str.contains(words.entity) & ~subject.is_in(known) & (subject != "")
    bare_metric = words.is_metric(subject) & (subject.str.len_chars() <= LONGEST_BARE_METRIC)
    short_noun = (subject.str.len_chars() <= SHORT_NOUN) & (pl.col("tail") == "")
    # 人均340元(政府补助280元,个人缴费60元): the parts of an amount a head are amounts a head.
    per_head = before.str.extract(f"^(.*{PER_HEAD})")
    alone = (pl.col("parts_of_subject") == 1) & (pl.col("run_length") == 1) & (pl.col("cell") != "value")
    incomplete = alone.fill_null(value=True) & ownerless & (bare_metric | short_noun) & (owner != "")
    return linked.with_columns(
        subject=pl.when(subject.str.contains("^占") & before.is_not_null())
        .then(pl.concat_str("before_text", "subject", pl.lit("比例")))
        .when(incomplete)
        .then(pl.concat_str(owner, "subject"))
        .when(pl.col("in_brackets") & per_head.is_not_null() & (subject != ""))
        .then(pl.concat_str(per_head, "subject"))
        .otherwise(pl.coalesce(_list_item(words), _metric_left_out(words), subject))
    ).drop("before_text")


def inherit_subjects(facts: pl.DataFrame) -> pl.DataFrame:
    """A number without a subject has that of the fact before it; a chain of them, of the last one named."""
    empty = (pl.col("subject") == "") & (pl.col("tail") == "")
    named = pl.when(~empty).then(joined()).forward_fill().over(SENTENCE_KEY).fill_null("")
    before = pl.col("before_text").fill_null("")
    taken = pl.when(before != "").then(before).otherwise(named)
    linked = _with_fact_before(facts)
    return linked.with_columns(subject=pl.when(empty).then(taken).otherwise("subject"), inherited=empty).drop(
        "before_text"
    )


def _with_fact_before(facts: pl.DataFrame) -> pl.DataFrame:
    """``before_text``: the indicator of the fact before; of a run, of the one as far back as it is long.

    What stands in brackets only explains, so facts there are skipped.
    """
    text = pl.when(~pl.col("in_brackets")).then(joined())
    one_each = (
        facts.unique("row", keep="last", maintain_order=True)
        .with_columns(named=joined(), before_text=text.forward_fill().shift(1).over(SENTENCE_KEY))
        .select(*SENTENCE_KEY, "row", "named", "before_text")
    )
    as_far_back = facts.select("row", back=pl.col("row") - pl.col("run_length").cast(pl.UInt32)).unique("row")
    in_run = as_far_back.join(
        one_each.select(*SENTENCE_KEY, back="row", far_text="named"), on="back", how="inner"
    ).join(one_each.select(*SENTENCE_KEY, "row"), on=["row", *SENTENCE_KEY], how="inner")
    return (
        facts.join(one_each.select("row", "before_text"), on="row", how="left", maintain_order="left")
        .join(in_run.select("row", "far_text"), on="row", how="left", maintain_order="left")
        .with_columns(before_text=pl.when(pl.col("run_length") > 1).then("far_text").otherwise("before_text"))
        .drop("far_text")
    )


def _list_item(words: Words) -> pl.Expr:
    """``省级科技进步特等奖1项、一等奖1项``: an item that ends, or begins, like the first of its list."""
    in_list = (
        pl.col("gap").str.contains("^[、和及与]") & (pl.col("tail") == "") & (pl.col("parts_of_subject") == 1)
    )
    subject = pl.col("subject")
    before = pl.when(~in_list).then(joined()).forward_fill().over(SENTENCE_KEY).fill_null("")
    length = subject.str.len_chars().cast(pl.Int64)
    longer = before.str.len_chars() > length
    same_end = (subject.str.tail(2) == before.str.tail(2)) & (length <= SHORT_ITEM)
    by_end = pl.concat_str(before.str.head(before.str.len_chars().cast(pl.Int64) - length), subject)
    lead = before.str.splitn(subject.str.head(2), 2).struct
    same_start = lead.field("field_1").is_not_null() & (length > SHORT_NOUN)
    verb = before.str.extract(f"({words.verb})")
    by_verb = verb.is_not_null() & ~subject.str.contains(words.verb)
    return (
        pl.when(in_list & longer & same_end)
        .then(by_end)
        .when(in_list & same_start)
        .then(pl.concat_str(lead.field("field_0"), subject))
        .when(in_list & by_verb & (subject != ""))
        .then(pl.concat_str(verb, subject))
    )


def _metric_left_out(words: Words) -> pl.Expr:
    """``综合医院…占比不低于4%,专科医院不低于2%``: a rate whose metric the words before it name."""
    subject = pl.col("subject")
    rate = pl.col("unit").is_in(RATES) & (pl.col("mention") != COVERAGE)
    lacking = rate & ~words.is_metric(subject) & (pl.col("tail") == "")
    source = pl.when(words.is_metric(pl.col("topic"))).then("topic").otherwise("before_text")
    suffix = words.suffix(source, subject)
    found = lacking & words.is_metric(source) & (suffix.fill_null("") != "")
    return pl.when(found).then(pl.concat_str(subject, suffix))
