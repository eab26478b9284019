"""What a clause leaves out because the one before has just said it: the subject, its owner or its metric."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import LINE_KEY, SENTENCE_KEY
from pipelines.transforms.quantities import COVERAGE
from pipelines.transforms.wording import PER_HEAD, PER_POPULATION, RATES, Words, joined

COUNTED = ["人", "名", "张", "个", "家", "所", "台", "辆"]
LONGEST_BARE_RATE = 10
LONGEST_BARE_METRIC = 4
RATE = "(?:率|比例|比重|占比|水平|限额)$"
SHARE = "(?:比例|比重|份额)$"
SHORT_ITEM = 4
SHORT_NOUN = 2
BORROWED = ["before_text", "before_owner", "before_density"]


def complete_from_before(facts: pl.DataFrame, words: Words, known: list[str]) -> pl.DataFrame:
    """Complete ``subject`` by the fact before: 床位 of 医疗卫生机构, 即办率 of 行政许可事项, 占全省 of it.

    A name in ``known`` is complete, and so is one that says whose metric it is.
    """
    linked = _with_fact_before(facts, words)
    subject, before = pl.col("subject"), pl.col("before_text")
    said = pl.when(pl.col("owner_said") != "").then("owner_said")
    owner = pl.coalesce("before_owner", said)
    # 人均340元(政府补助280元,个人缴费60元): the parts of an amount a head are amounts a head.
    per_head = before.str.extract(f"^(.*{PER_HEAD})")
    share = pl.when(subject.str.contains(SHARE)).then(pl.lit("")).otherwise(pl.lit("比例"))
    completed = linked.with_columns(
        subject=pl.when(subject.str.contains("^占") & before.is_not_null())
        .then(pl.concat_str(before, subject, share))
        .when(_ownerless(words, known) & owner.is_not_null())
        .then(pl.concat_str(owner, subject))
        .when(pl.col("in_brackets") & per_head.is_not_null() & (subject != ""))
        .then(pl.concat_str(per_head, subject))
        .when(_density() & pl.col("before_density").is_not_null())
        .then(pl.concat_str("before_density", subject))
        .otherwise(pl.coalesce(_list_item(words), _metric_left_out(words), subject))
    )
    return completed.drop(BORROWED)


def _density() -> pl.Expr:
    """Parts of a person or bed can only be a density: 每千人口床位7.5张,医师3.6人 are both per thousand."""
    broken = (pl.col("value") != pl.col("value").round()) & pl.col("unit").is_in(COUNTED)
    return broken & ~pl.col("subject").str.contains("每") & (pl.col("subject") != "")


def _ownerless(words: Words, known: list[str]) -> pl.Expr:
    """A metric, or a noun of a syllable or two, that does not say whose it is; in prose, not in a list."""
    subject = pl.col("subject")
    length = subject.str.len_chars()
    rate = subject.str.contains(RATE) & (length <= LONGEST_BARE_RATE)
    metric = words.is_metric(subject) & (length <= LONGEST_BARE_METRIC)
    noun = (length <= SHORT_NOUN) & (pl.col("tail") == "")
    names_itself = subject.str.contains(words.entity) | subject.is_in(known) | (subject == "")
    # 免费婚检1926对,婚检率82%: it repeats what the fact before counts, which has no owner either.
    repeats = pl.col("before_text").str.contains(subject.str.head(2), literal=True) & ~pl.col(
        "before_text"
    ).str.contains(words.entity)
    repeats = repeats.fill_null(value=False)
    one = (pl.col("parts_of_subject") == 1) & (pl.col("run_length") == 1)
    listed = ~pl.col("first") & pl.col("gap").str.contains("^[、和及与]")
    in_prose = pl.col("cell").is_null() & ~listed
    counted = ~words.is_metric(pl.col("before_text"))  # 床位 are of 医疗卫生机构, but not of what has a rate
    short = rate | (counted & (metric | noun)).fill_null(value=False)
    return in_prose & (one | pl.col("before_owner").is_null()) & short & ~names_itself & ~repeats


def inherit_subjects(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A number without a subject has that of the fact before it; a chain of them, of the last one named."""
    empty = (pl.col("subject") == "") & (pl.col("tail") == "")
    # 人均预期寿命达78.3岁。力争2030年达到79岁: within a line the subject goes over the full stop too.
    named = pl.when(~empty).then(joined()).forward_fill().over(LINE_KEY).fill_null("")
    before = pl.col("before_text").fill_null("")
    taken = pl.when(before != "").then(before).otherwise(named)
    linked = _with_fact_before(facts, words)
    return linked.with_columns(subject=pl.when(empty).then(taken).otherwise("subject"), inherited=empty).drop(
        "before_text"
    )


def _with_fact_before(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``before_text``: the indicator of the fact before; of a run, of the one as far back as it is long.

    ``before_owner``: whose metric that is, or the nearest one before it that says so; ``before_density``: the
    population the last density was for. What stands in
    brackets, or is a share of what was said before, only explains, so facts there are skipped.
    """
    explains = pl.col("in_brackets") | pl.col("named").str.contains("^占")
    spoken = pl.when(~explains).then("named")
    one_each = (
        facts.unique("row", keep="last", maintain_order=True)
        .with_columns(named=joined())
        .with_columns(
            before_text=spoken.forward_fill().shift(1).over(SENTENCE_KEY),
            before_owner=_owner(spoken, words).forward_fill().shift(1).over(SENTENCE_KEY),
            before_density=spoken.str.extract(PER_POPULATION).forward_fill().shift(1).over(SENTENCE_KEY),
            far_back=pl.col("row").cast(pl.Int64) - pl.col("run_length"),
        )
        .select(*SENTENCE_KEY, "row", "named", *BORROWED, "far_back")
    )
    far = one_each.select(*SENTENCE_KEY, far_back=pl.col("row").cast(pl.Int64), far_text="named")
    linked = one_each.join(far, on=[*SENTENCE_KEY, "far_back"], how="left", maintain_order="left")
    return (
        facts.join(
            linked.select("row", *BORROWED, "far_text"),
            on="row",
            how="left",
            maintain_order="left",
        )
        .with_columns(before_text=pl.when(pl.col("run_length") > 1).then("far_text").otherwise("before_text"))
        .drop("far_text")
    )


def _owner(text: pl.Expr, words: Words) -> pl.Expr:
    """Whose metric ``text`` is; all of it where it counts things, which may have metrics of their own."""
    counted = pl.coalesce(text.str.extract(f"^(.*(?:{words.entity})).{{0,2}}$"), text)
    owner = pl.when(words.is_metric(text)).then(words.owner(text)).otherwise(counted)
    return pl.when(owner != "").then(owner)


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
    lacking = rate & (subject != "") & ~words.is_metric(subject) & (pl.col("tail") == "")
    source = pl.when(words.is_metric(pl.col("topic"))).then("topic").otherwise("before_text")
    suffix = words.suffix(source, subject)
    found = lacking & words.is_metric(source) & (suffix.fill_null("") != "")
    return pl.when(found).then(pl.concat_str(subject, suffix))
