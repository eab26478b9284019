"""What a clause leaves out because the one before has just said it: the subject, its owner or its metric."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl

from pipelines.transforms.clauses import LINE_KEY, SENTENCE_KEY
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.neighbours import NEIGHBOURS, with_neighbours, with_text_before
from pipelines.transforms.parts import SHORT_ITEM, part_of_total, part_per_head
from pipelines.transforms.quantities import COVERAGE
from pipelines.transforms.running import last_so_far
from pipelines.transforms.shares import share_name
from pipelines.transforms.topics import after_label, led_in, with_heading_owner, with_owner_said
from pipelines.transforms.wording import RATES, Words, joined

COUNTED = ["人", "名", "张", "个", "家", "所", "台", "辆"]
LONGEST_BARE_RATE = 10
LONGEST_BARE_METRIC = 4
RATE = "(?:率|比例|比重|占比|水平|限额)$"
SHORT_NOUN = 2
LONGEST_RECALLED = 6
RECALLED_BY = 3
LONGEST_EVENT = 16
TASK_DONE = r"完成[^,;。]{0,8}(?:任务|计划|目标)[^,;。]*的$"
REALLY = "^(实际?)[一-鿿]{1,4}$"
SATISFACTION = "满意[率度]$"
SCHEME = "(?:标准|经费|资金|水平)$"


# The rows a rule looks at, and their completed subject, null where it has none; or what gives those (_at,
# completed) from the rows.
Rule = tuple[pl.Expr, pl.Expr | Callable[[pl.DataFrame], pl.DataFrame]]


def complete_from_before(facts: pl.DataFrame, words: Words, known: list[str]) -> pl.DataFrame:
    """Complete ``subject`` by what was said before: 床位 of 医疗卫生机构, 即办率 of 行政许可事项.

    A name in ``known`` is complete, and so is one that says whose metric it is. Of two rules the first
    decides; each looks only at the rows it can be for, since most names need none.
    """
    linked = (
        _with_list_before(with_neighbours(facts, words))
        .with_row_index("_at")
        .pipe(with_distinct, "subject", **_kinds(words, known))
        .pipe(with_distinct, "before_text", after_metric=words.is_metric(pl.col("before_text")))
    )
    rules = (
        share_name(words),
        _event(),
        _pace(),
        part_per_head(words),
        part_of_total(words),
        _led_in(words),
        _owned(words),
        _density(),
        _list_item(words),
        _metric_left_out(words),
        after_label(),
    )
    chosen = ((linked.filter(applies), name) for applies, name in rules)
    found = [_completed(rows, name) for rows, name in chosen if not rows.is_empty()]
    none = pl.DataFrame(schema={"_at": pl.get_index_type(), "completed": pl.String})
    named = pl.concat([none, *found]).drop_nulls().unique("_at", keep="first", maintain_order=True)
    return (
        linked.join(named, on="_at", how="left", maintain_order="left")
        .with_columns(subject=pl.coalesce("completed", "subject"))
        .drop("_at", "completed", "list_before", "after_metric", *NEIGHBOURS, *_kinds(words, known))
    )


def _completed(rows: pl.DataFrame, name: pl.Expr | Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    return name(rows) if callable(name) else rows.select("_at", completed=name)


def _kinds(words: Words, known: list[str]) -> dict[str, pl.Expr]:
    """What kind of name the subject is; most rules ask."""
    subject = pl.col("subject")
    return {
        "is_known": subject.is_in(known),
        "is_metric": words.is_metric(subject),
        "is_rate": subject.str.contains(RATE),
        "is_event": subject.str.contains(words.follow_up) & (subject.str.len_chars() <= LONGEST_EVENT),
        "is_really": subject.str.contains(REALLY),
        "is_pace": subject.str.contains(words.pace),
        "belongs": subject.str.contains(words.belonging),
        "relational": subject.str.contains(words.relational),
    }


def _with_list_before(facts: pl.DataFrame) -> pl.DataFrame:
    """``list_before``: the name of the first thing of the list a fact stands in."""
    named = pl.when(~(_IN_LIST & _ALONE)).then(joined())
    return facts.with_columns(list_before=last_so_far(named, SENTENCE_KEY).fill_null(""))


def inherit_subjects(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A number without a subject has that of the fact before it; a chain of them, of the last one named."""
    empty = (pl.col("subject") == "") & (pl.col("tail") == "")
    # 人均预期寿命达78.3岁。力争2030年达到79岁: within a line the subject goes over the full stop too.
    named = last_so_far(pl.when(~empty).then(joined()), LINE_KEY).fill_null("")
    before = pl.col("before_text").fill_null("")
    taken = pl.when(before != "").then(before).otherwise(named)
    linked = with_text_before(facts, words)
    return linked.with_columns(subject=pl.when(empty).then(taken).otherwise("subject"), inherited=empty).drop(
        "before_text"
    )


def recall_full_names(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``建档率、签约率分别提高…``: a bare metric whose full name an earlier fact of the line has."""
    name, bare = pl.col("_name"), pl.col("_bare") & pl.col("cell").is_null()
    short = (name.str.len_chars() <= LONGEST_RECALLED) & ~name.str.contains(words.entity)
    marked = (
        facts.with_columns(_name=joined())
        .pipe(with_distinct, "_name", _end=name.str.tail(RECALLED_BY), _bare=short & words.is_metric(name))
        .with_row_index("_at")
    )
    full = marked.filter(~bare).select("line_id", "_end", "_at", _full="_name")
    found = marked.join_asof(
        full, on="_at", by=["line_id", "_end"], allow_exact_matches=False, check_sortedness=False
    )
    recalled = (bare & pl.col("_full").str.ends_with(name)).fill_null(value=False)
    return found.with_columns(
        subject=pl.when(recalled).then("_full").otherwise("subject"),
        tail=pl.when(recalled).then(pl.lit("")).otherwise("tail"),
    ).drop("_name", "_end", "_bare", "_at", "_full")


def _event() -> Rule:
    """What was found, or is paid, for each of what the fact before counts: 筛查…|检出…, 卫生院|每所补助."""
    subject, before = pl.col("subject"), pl.col("before_text")
    follows = pl.col("is_event")
    # 应管理老年人11.8万人,实际管理8.7万人: both name the same people.
    really = subject.str.extract(REALLY)
    around = before.str.splitn("应", 2).struct
    both = pl.concat_str(around.field("field_0"), really, around.field("field_1"))
    task_done = (subject == "") & pl.col("unit").is_in(RATES) & pl.col("before").str.contains(TASK_DONE)
    applies = ((subject == "") & pl.col("unit").is_in(RATES)) | pl.col("is_really") | follows
    name = (
        pl.when(really.is_not_null() & before.str.contains("应"))
        .then(both)
        .when(follows & ~pl.col("in_brackets"))
        .then(pl.concat_str("before_text", "subject"))
        .when(task_done)
        .then(pl.concat_str("before_text", pl.lit("任务完成率")))
    )
    return applies, name


def _pace() -> Rule:
    """``床位增长6.6%,增速回落1.2个百分点``: the pace of what the line spoke of last."""
    return pl.col("is_pace"), pl.concat_str("line_text", "subject")


def _led_in(words: Words) -> Rule:
    """A short metric after the words that led up to it where it was said before."""
    length = pl.col("subject").str.len_chars()
    metric = pl.col("is_metric") & (length <= LONGEST_BARE_METRIC)
    rate = (pl.col("is_rate") & (length <= LONGEST_BARE_RATE)) | metric
    lone = pl.col("cell").is_null() & (pl.col("parts_of_subject") == 1)
    return lone & rate & ~pl.col("is_known"), partial(led_in, words=words)


def _owned(words: Words) -> Rule:
    """A metric after its owner: the one of the facts before, else one said in the sentence or heading."""
    subject = pl.col("subject")
    names_itself = subject.str.contains(words.entity) & ~subject.str.contains(SATISFACTION)

    def owned(rows: pl.DataFrame) -> pl.DataFrame:
        read = (
            rows.pipe(with_heading_owner, words)
            .pipe(with_owner_said, words)
            .pipe(with_distinct, "topic", project=words.object_of(pl.col("topic")))
        )
        return read.select("_at", completed=pl.concat_str(_owner(words), subject))

    return _ownerless() & ~names_itself, owned


def _owner(words: Words) -> pl.Expr:
    subject, belongs, project = pl.col("subject"), pl.col("belongs"), pl.col("project")
    in_run = (pl.col("run_length") > 1) & ~pl.col("after_metric")
    pair = (in_run & (belongs | pl.col("relational"))) | (pl.col("points_back") > 1)
    at_site = belongs & (pl.col("topic") != "") & project.str.contains(words.at_site)
    return pl.coalesce(
        pl.when(at_site & project.str.len_chars().is_between(4, LONGEST_EVENT)).then(project),
        pl.when(pl.col("heading").str.contains(words.site) & belongs).then("heading_owner"),
        pl.when(pair).then("before_text"),
        words.without_overlap(pl.col("before_owner"), subject),
        "owner_said",
        pl.when(belongs & subject.str.contains(SCHEME)).then("heading_owner"),
        pl.col("heading").str.extract(f"({words.scheme})"),
    )


def _ownerless() -> pl.Expr:
    """A metric, or a noun of a syllable or two, that does not say whose it is; in prose, not in a list."""
    subject = pl.col("subject")
    length = subject.str.len_chars()
    belongs = pl.col("belongs")
    rate = pl.col("relational") & (length <= LONGEST_BARE_RATE)
    metric = pl.col("is_metric") & (length <= LONGEST_BARE_METRIC)
    noun = (length <= SHORT_NOUN) & (pl.col("tail") == "") & ~pl.col("in_brackets")
    names_itself = pl.col("is_known") | (subject == "")
    back = pl.col("points_back") > 1
    listed = ~pl.col("first") & pl.col("gap").str.contains("^[、和及与]") & (pl.col("run_length") == 1)
    in_prose = pl.col("cell").is_null() & (~listed | belongs)
    # 床位 are of 医疗卫生机构, but not of what has a rate.
    counted = ~pl.col("after_metric").fill_null(value=False)
    short = rate | belongs | back | (counted & (metric | (noun & pl.col("before_text").is_not_null())))
    one = pl.col("parts_of_subject") == 1
    return in_prose & (one | pl.col("before_owner").is_null()) & short & ~names_itself


def _density() -> Rule:
    """Parts of a person or bed can only be a density: 每千人口床位7.5张,医师3.6人 are both per thousand."""
    broken = (pl.col("value") != pl.col("value").round()) & pl.col("unit").is_in(COUNTED)
    lacks = ~pl.col("subject").str.contains("每") & (pl.col("subject") != "")
    return broken & lacks, pl.concat_str("before_density", "subject")


_IN_LIST = pl.col("gap").str.contains("^[、和及与]") & (pl.col("tail") == "")
_ALONE = pl.col("parts_of_subject") == 1


def _list_item(words: Words) -> Rule:
    """``省级科技进步特等奖1项、一等奖1项``: an item that ends, or begins, like the first of its list."""
    subject, before = pl.col("subject"), pl.col("list_before")
    length = subject.str.len_chars().cast(pl.Int64)
    longer = before.str.len_chars() > length
    same_end = longer & (subject.str.tail(2) == before.str.tail(2)) & (length <= SHORT_ITEM)
    by_end = pl.concat_str(before.str.head(before.str.len_chars().cast(pl.Int64) - length), subject)
    # 上转患者2317人次、下转1986人次: what comes after the sign both have.
    same_sign = longer & (before.str.slice(length - 1, 1) == subject.str.tail(1)) & (length == SHORT_NOUN)
    lead = before.str.splitn(subject.str.head(2), 2).struct
    same_start = lead.field("field_1").is_not_null() & (length > SHORT_NOUN)
    verb = before.str.extract(f"({words.verb})")
    by_verb = verb.is_not_null() & ~subject.str.contains(words.verb)
    name = (
        pl.when(_other_kind(words))
        .then(_of_other_kind(words))
        .when(same_end)
        .then(by_end)
        .when(same_sign)
        .then(pl.concat_str(subject, before.str.slice(length)))
        .when(same_start)
        .then(pl.concat_str(lead.field("field_0"), subject))
        .when(by_verb)
        .then(pl.concat_str(verb, subject))
    )
    return _IN_LIST & _ALONE & (subject != ""), name


def _other_kind(words: Words) -> pl.Expr:
    """``国家级示范区14个、自治区级37个``: an item that only says of what other kind it is."""
    before, rest = pl.col("list_before"), pl.col("subject").str.replace(f"^{words.kind_before}", "")
    has_kind = pl.col("subject").str.contains(f"^{words.kind_before}")
    return has_kind & before.str.contains(words.kind_before) & ((rest == "") | before.str.ends_with(rest))


def _of_other_kind(words: Words) -> pl.Expr:
    before = pl.col("list_before")
    return pl.concat_str(
        before.str.extract(f"^(.*?){words.kind_before}"),
        pl.col("subject").str.extract(f"^({words.kind_before})"),
        before.str.extract(f"{words.kind_before}(.*)$"),
    )


def _metric_left_out(words: Words) -> Rule:
    """``综合医院…占比不低于4%,专科医院不低于2%``: a rate whose metric the words before it name."""
    subject = pl.col("subject")
    rate = pl.col("unit").is_in([*RATES, "个百分点", "个千分点"]) & (pl.col("mention") != COVERAGE)
    lacking = rate & (subject != "") & ~words.is_metric(subject) & (pl.col("tail") == "")
    sources = [pl.when(words.is_metric(pl.col(name))).then(name) for name in ("topic", "before_text")]
    suffix = words.suffix(pl.coalesce(*sources), subject)
    # 非法行医案件下降5% is a change of the cases, not of the rate before.
    changes = pl.col("head").str.contains("[增降减升]|提高") & pl.col("unit").is_in(RATES)
    by_rate = pl.when(~changes).then(words.rest_for(pl.col("rate_before"), subject))
    name = pl.coalesce(
        pl.when(suffix.fill_null("") != "").then(pl.concat_str(subject, suffix)),
        pl.when(subject.str.contains(f"(?:{words.entity})$")).then(pl.concat_str(subject, by_rate)),
    )
    return lacking, name
