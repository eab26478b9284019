"""What a clause leaves out because the one before has just said it: the subject, its owner or its metric."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import LINE_KEY, SENTENCE_KEY
from pipelines.transforms.neighbours import NEIGHBOURS, with_neighbours
from pipelines.transforms.quantities import COVERAGE
from pipelines.transforms.shares import share_name
from pipelines.transforms.topics import after_label, led_in
from pipelines.transforms.wording import PER_HEAD, RATES, Words, joined

COUNTED = ["人", "名", "张", "个", "家", "所", "台", "辆"]
LONGEST_BARE_RATE = 10
LONGEST_BARE_METRIC = 4
RATE = "(?:率|比例|比重|占比|水平|限额)$"
SHORT_ITEM = 4
SHORT_NOUN = 2
LONGEST_RECALLED = 6
RECALLED_BY = 3
LONGEST_EVENT = 16
TASK_DONE = r"完成[^,;。]{0,8}(?:任务|计划|目标)[^,;。]*的$"
REALLY = "^(实际?)[一-鿿]{1,4}$"
AFTER_DUE = pl.col("before_text").str.splitn("应", 2).struct.field("field_1")
SATISFACTION = "满意[率度]$"
SCHEME = "(?:标准|经费|资金|水平)$"


def complete_from_before(facts: pl.DataFrame, words: Words, known: list[str]) -> pl.DataFrame:
    """Complete ``subject`` by what was said before: 床位 of 医疗卫生机构, 即办率 of 行政许可事项.

    A name in ``known`` is complete, and so is one that says whose metric it is.
    """
    linked = with_neighbours(facts, words).with_columns(
        earlier_text=pl.when(pl.col("subject").str.contains(words.belonging)).then("line_text").fill_null("")
    )
    choices = [
        share_name(words),
        _event(words),
        pl.when(pl.col("subject").str.contains(words.pace)).then(pl.concat_str("line_text", "subject")),
        _part_per_head(),
        _part_of_total(words),
        _owned(words, known),
        pl.when(_density()).then(pl.concat_str("before_density", "subject")),
        _list_item(words),
        _metric_left_out(words),
        after_label(),
    ]
    return linked.with_columns(subject=pl.coalesce(*choices, "subject")).drop(*NEIGHBOURS, "earlier_text")


def inherit_subjects(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A number without a subject has that of the fact before it; a chain of them, of the last one named."""
    empty = (pl.col("subject") == "") & (pl.col("tail") == "")
    # 人均预期寿命达78.3岁。力争2030年达到79岁: within a line the subject goes over the full stop too.
    named = pl.when(~empty).then(joined()).forward_fill().over(LINE_KEY).fill_null("")
    before = pl.col("before_text").fill_null("")
    taken = pl.when(before != "").then(before).otherwise(named)
    linked = with_neighbours(facts, words)
    return linked.with_columns(subject=pl.when(empty).then(taken).otherwise("subject"), inherited=empty).drop(
        NEIGHBOURS
    )


def recall_full_names(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``建档率、签约率分别提高…``: a bare metric whose full name an earlier fact of the line has."""
    name = joined()
    short = (name.str.len_chars() <= LONGEST_RECALLED) & ~name.str.contains(words.entity)
    bare = short & words.is_metric(name) & pl.col("cell").is_null()
    marked = facts.with_columns(_name=name, _end=name.str.tail(RECALLED_BY)).with_row_index("_at")
    full = marked.filter(~bare).select("line_id", "_end", "_at", _full="_name")
    found = marked.join_asof(
        full, on="_at", by=["line_id", "_end"], allow_exact_matches=False, check_sortedness=False
    )
    recalled = bare & pl.col("_full").is_not_null()
    return found.with_columns(
        subject=pl.when(recalled).then("_full").otherwise("subject"),
        tail=pl.when(recalled).then(pl.lit("")).otherwise("tail"),
    ).drop("_name", "_end", "_at", "_full")


def _event(words: Words) -> pl.Expr:
    """What was found, or is paid, for each of what the fact before counts: 筛查…|检出…, 卫生院|每所补助."""
    subject = pl.col("subject")
    follows = subject.str.contains(words.follow_up) & (subject.str.len_chars() <= LONGEST_EVENT)
    # 应管理老年人11.8万人,实际管理8.7万人: both name the same people.
    really = subject.str.extract(REALLY)
    due = pl.col("before_text").str.contains("应")
    task_done = (subject == "") & pl.col("unit").is_in(RATES) & pl.col("before").str.contains(TASK_DONE)
    return (
        pl.when(really.is_not_null() & due)
        .then(pl.col("before_text").str.splitn("应", 2).struct.field("field_0") + really + AFTER_DUE)
        .when(follows & ~pl.col("in_brackets"))
        .then(pl.concat_str("before_text", "subject"))
        .when(task_done)
        .then(pl.concat_str("before_text", pl.lit("任务完成率")))
    )


def _part_of_total(words: Words) -> pl.Expr:
    """``…人均费用9872元,其中三级医院11640元``: a part named without the metric or noun of its total."""
    subject, total = pl.col("subject"), pl.col("total")
    named = (subject != "") & (pl.col("tail") == "")
    of_total = named & pl.col("in_part") & pl.col("total_unit").eq_missing(pl.col("unit"))
    amount = total.str.contains(words.money) & (pl.col("unit") == "元")
    lacks_metric = ~words.is_metric(subject)
    # 新建老年医学科6个,其中县级公立医院4个: where the things of the total are, not their kind.
    where = ~total.str.contains(words.classes[1]) & subject.str.contains(f"(?:{words.classes[1]})$")
    lacks_noun = ~subject.str.contains(words.entity) & (subject.str.len_chars() <= SHORT_ITEM)
    made = total.str.contains(words.verb) & where
    return (
        pl.when(of_total & total.str.ends_with(subject))
        .then(total)
        .when(of_total & amount)
        .then(pl.concat_str(total.str.replace(words.money, ""), subject))
        .when(of_total & words.is_metric(total) & lacks_metric)
        .then(pl.concat_str(subject, words.rest_for(total, subject)))
        .when(of_total & lacks_metric & total.str.contains(words.dealt_with) & lacks_noun)
        .then(pl.concat_str(total, subject))
        .when(of_total & lacks_metric & (made | subject.str.contains(words.kind)))
        .then(pl.concat_str(subject, total))
    )


def _owned(words: Words, known: list[str]) -> pl.Expr:
    """A metric after its owner: the one of the facts before, else one said in the sentence or heading."""
    subject = pl.col("subject")
    scheme = subject.str.contains(words.belonging) & subject.str.contains(SCHEME)
    heading = pl.when(pl.col("heading_owner") != "").then("heading_owner")
    belongs = subject.str.contains(words.belonging)
    in_run = (pl.col("run_length") > 1) & ~words.is_metric(pl.col("before_text"))
    pair = (in_run & (belongs | subject.str.contains(words.relational))) | (pl.col("points_back") > 1)
    in_pair = pl.when(pair).then("before_text")
    project = pl.when(belongs & (pl.col("topic") != "")).then(words.object_of(pl.col("topic")))
    owner = pl.coalesce(
        pl.when(project.str.len_chars().is_between(4, LONGEST_EVENT)).then(project),
        pl.when(pl.col("site") & belongs).then(heading),
        in_pair,
        words.without_overlap(pl.col("before_owner"), subject),
        pl.when(pl.col("owner_said") != "").then("owner_said"),
        pl.when(scheme).then(heading),
        pl.col("heading").str.extract(f"({words.scheme})"),
    )
    names_itself = subject.str.contains(words.entity) & ~subject.str.contains(SATISFACTION)
    metric = words.is_metric(subject) & (subject.str.len_chars() <= LONGEST_BARE_METRIC)
    rate = (subject.str.contains(RATE) & (subject.str.len_chars() <= LONGEST_BARE_RATE)) | metric
    rate &= ~subject.is_in(known)
    lone = (pl.col("cell").is_null()) & (pl.col("parts_of_subject") == 1)
    return pl.coalesce(
        pl.when(lone & rate).then(led_in(words)),
        pl.when(_ownerless(words, known) & ~names_itself).then(pl.concat_str(owner, subject)),
    )


def _ownerless(words: Words, known: list[str]) -> pl.Expr:
    """A metric, or a noun of a syllable or two, that does not say whose it is; in prose, not in a list."""
    subject = pl.col("subject")
    length = subject.str.len_chars()
    rate = subject.str.contains(words.relational) & (length <= LONGEST_BARE_RATE)
    metric = words.is_metric(subject) & (length <= LONGEST_BARE_METRIC)
    noun = (length <= SHORT_NOUN) & (pl.col("tail") == "") & ~pl.col("in_brackets")
    names_itself = subject.is_in(known) | (subject == "")
    belongs = subject.str.contains(words.belonging)
    back = pl.col("points_back") > 1
    listed = ~pl.col("first") & pl.col("gap").str.contains("^[、和及与]")
    in_prose = pl.col("cell").is_null() & (~listed | belongs)
    # 床位 are of 医疗卫生机构, but not of what has a rate.
    counted = ~words.is_metric(pl.col("before_text")).fill_null(value=False)
    short = rate | belongs | back | (counted & (metric | (noun & pl.col("before_text").is_not_null())))
    one = pl.col("parts_of_subject") == 1
    return in_prose & (one | pl.col("before_owner").is_null()) & short & ~names_itself


def _part_per_head() -> pl.Expr:
    """``人均340元(政府补助280元,个人缴费60元)``: the parts of an amount a head are amounts a head."""
    whole = pl.when("in_part").then("total").otherwise("before_text")
    per_head = whole.str.extract(f"^(.*{PER_HEAD})")
    part = (pl.col("in_brackets") | pl.col("in_part")) & (pl.col("unit") == "元") & (pl.col("subject") != "")
    return pl.when(part).then(pl.concat_str(per_head, "subject"))


def _density() -> pl.Expr:
    """Parts of a person or bed can only be a density: 每千人口床位7.5张,医师3.6人 are both per thousand."""
    broken = (pl.col("value") != pl.col("value").round()) & pl.col("unit").is_in(COUNTED)
    return broken & ~pl.col("subject").str.contains("每") & (pl.col("subject") != "")


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
    # 上转患者2317人次、下转1986人次: what comes after the sign both have.
    same_sign = (before.str.slice(length - 1, 1) == subject.str.tail(1)) & (length == SHORT_NOUN)
    same_start = lead.field("field_1").is_not_null() & (length > SHORT_NOUN)
    verb = before.str.extract(f"({words.verb})")
    by_verb = verb.is_not_null() & ~subject.str.contains(words.verb)
    kind = subject.str.extract(f"^({words.kind_before})")
    rest = subject.str.replace(f"^{words.kind_before}", "")
    other_kind = in_list & kind.is_not_null() & before.str.contains(words.kind_before)
    other_kind &= (rest == "") | before.str.ends_with(rest)
    return (
        pl.when(other_kind)
        .then(
            before.str.extract(f"^(.*?){words.kind_before}")
            + kind
            + before.str.extract(f"{words.kind_before}(.*)$")
        )
        .when(in_list & longer & same_end)
        .then(by_end)
        .when(in_list & longer & same_sign)
        .then(pl.concat_str(subject, before.str.slice(length)))
        .when(in_list & same_start)
        .then(pl.concat_str(lead.field("field_0"), subject))
        .when(in_list & by_verb & (subject != ""))
        .then(pl.concat_str(verb, subject))
    )


def _metric_left_out(words: Words) -> pl.Expr:
    """``综合医院…占比不低于4%,专科医院不低于2%``: a rate whose metric the words before it name."""
    subject = pl.col("subject")
    rate = pl.col("unit").is_in([*RATES, "个百分点", "个千分点"]) & (pl.col("mention") != COVERAGE)
    lacking = rate & (subject != "") & ~words.is_metric(subject) & (pl.col("tail") == "")
    sources = [pl.when(words.is_metric(pl.col(name))).then(name) for name in ("topic", "before_text")]
    source = pl.coalesce(*sources)
    suffix = words.suffix(source, subject)
    by_rate = words.rest_for(pl.col("rate_before"), subject)
    named = pl.coalesce(
        pl.when(suffix.fill_null("") != "").then(pl.concat_str(subject, suffix)),
        pl.when(subject.str.contains(f"(?:{words.entity})$")).then(pl.concat_str(subject, by_rate)),
    )
    return pl.when(lacking).then(named)
