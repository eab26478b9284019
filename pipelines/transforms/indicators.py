"""The indicator of each fact, composed of the words around its number.

From the words before the number (``head``) and after it (``tail``) to one self-contained name per fact:
verbs and comparators stripped, lists of subjects taken apart, and what a clause leaves out borrowed from the
fact before it (:mod:`pipelines.transforms.borrowing`).
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.borrowing import complete_from_before, inherit_subjects, recall_full_names
from pipelines.transforms.clauses import BREAK, RUN_KEY, SENTENCE_KEY
from pipelines.transforms.topics import TOPIC_COLUMNS, in_its_work, with_topics
from pipelines.transforms.wording import PER_POPULATION, RATES, STANDARD_FOR, Words, joined, tidy

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
AND_AGAIN = {"\ue006": "及", "\ue007": "和", "\ue008": "与"}
SHARED = "(?:均|各|都|分别|全部)"
POINTS_BACK = "^[,;]?(?:其中)?(?:前者|后者|[前后][两二](?:项|个)|[两二](?:类|项|者)(?:机构)?)"
CONDITION = "[一-鿿]{3}的$"
SHARED_SHARE = "((?:分别|均|各)占[^、]*)$"
SHORT_METRIC = 5
SHORT_NOUN = 2
SHORT_NAME = 8
SHORT_ACT = 4
LONGEST_TOPIC = 12
SHORT_MODIFIER = 3
DUE = "(?:应|实际?)(?:签约|管理|接种|参保|参合|筛查|种)$"


def with_indicators(facts: pl.DataFrame, words: Words, known: list[str]) -> pl.DataFrame:
    """Add ``indicator_text`` to facts with clauses; one row per fact, lists of subjects taken apart.

    ``known`` are names that are complete as they stand. Added too: coordinated (several facts on one
    number, or one indicator over several numbers), inherited (the subject is that of the fact before) and
    parts_of_subject (how many subjects the words before the number name).
    """
    bracketed = words.bare(pl.col("before_bracket"))
    in_bracket = (pl.col("head") == "") & words.is_metric(bracketed)
    head = words.bare(pl.col("head").first().over(RUN_KEY))
    body = pl.when(in_bracket).then(bracketed).otherwise(head)
    owned = pl.col("tail").str.starts_with("的")
    share_of = pl.col("tail").str.contains(STANDARD_FOR) & pl.col("unit").is_in(RATES).fill_null(value=False)
    return (
        facts.with_columns(
            body=body,
            tail=words.noun_after(pl.col("tail")),
            owned=owned,
            share_of=share_of,
            named_in_brackets=in_bracket,
            on_condition=pl.col("topic").first().over(RUN_KEY).str.contains(CONDITION),
            points_back=pl.when(pl.col("head").first().over(RUN_KEY).str.contains(POINTS_BACK))
            .then(2)
            .otherwise(1),
        )
        .pipe(_shared_nouns, words)
        .pipe(_shared_predicates, words)
        .pipe(_carry_verbs)
        .pipe(with_topics, words)
        .pipe(_earlier_clause, words)
        .pipe(_subjects, words)
        .pipe(_take_apart, words)
        .pipe(_with_whom, words)
        .pipe(complete_from_before, words, known)
        .pipe(recall_full_names, words)
        .pipe(inherit_subjects, words)
        .with_columns(indicator_text=tidy(in_its_work(joined(), words)))
        .drop("subjects", "subject", "part", "points_back", *TOPIC_COLUMNS)
    )


def _shared_nouns(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``8个应建未建及33个未达标的卫生站``: what a list says once, after its last number."""
    next_tail = pl.col("tail").shift(-1).over(SENTENCE_KEY)
    goes_on = (~pl.col("gap").str.contains(BREAK) & ~pl.col("first")).shift(-1).over(SENTENCE_KEY)
    noun = next_tail.str.extract(f"(的[^的]*(?:{words.entity}).*)$")
    lacks = (pl.col("tail") != "") & ~pl.col("tail").str.contains(words.entity) & (pl.col("body") == "")
    return facts.with_columns(
        tail=pl.when(lacks & goes_on & noun.is_not_null()).then(pl.col("tail") + noun).otherwise("tail")
    )


def _shared_predicates(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``98%的卫生院和83%的卫生室能够提供中医药服务``: what all things of a list do, said after the last."""
    of_list = ((pl.col("first")) | pl.col("gap").str.contains(BREAK)).cum_sum().over("line_id")
    listed = facts.with_columns(
        _list=of_list,
        _predicate=pl.col("tail").str.extract(f"^.{{0,12}}?(?:{words.entity})({words.shared_predicate})"),
    )
    shared = pl.col("_predicate").backward_fill().over("line_id", "_list").fill_null("")
    bare = pl.col("tail").str.contains(f"(?:{words.entity})$") & (pl.col("body") == "")
    return listed.with_columns(tail=pl.when(bare).then(pl.concat_str("tail", shared)).otherwise("tail")).drop(
        "_list", "_predicate"
    )


def _carry_verbs(facts: pl.DataFrame) -> pl.DataFrame:
    """``1—2个…、3—4个…``: a noun after its number without words before it keeps the verb of the list."""
    in_list = ~pl.col("first") & ~pl.col("in_row") & ~pl.col("gap").str.contains(BREAK)
    follows = in_list & (pl.col("head") == "") & (pl.col("tail") != "")
    verb = pl.when(~follows).then("body").forward_fill().over(SENTENCE_KEY)
    return facts.with_columns(body=pl.when(follows).then(verb.fill_null("")).otherwise("body"))


def _earlier_clause(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Words that the clause before the number's holds: ``A项目、B项目立项创新高,分别达到162项、70项``.

    They are the subject where the clause itself has none, and come before one of a syllable or two
    (接种36.4万人). A subject that is a metric needs no noun after its number, but one that the number is
    said to be of (总规模达1485人的流调队伍).
    """
    topic = pl.when(pl.col("project") != "").then("project").otherwise("topic")
    body, tail = pl.col("body"), pl.col("tail")
    unnamed = (body == "") & (tail != "") & (tail.str.len_chars() <= SHORT_NAME)
    # 开展示范单位创建活动,至少有1个示范机构: what the topic has before the word they share.
    shared = pl.when(unnamed).then(pl.col("topic").str.splitn(tail.str.head(2), 2).struct.field("field_1"))
    lead = pl.col("topic").str.splitn(tail.str.head(2), 2).struct.field("field_0")
    short = (body.str.len_chars() <= SHORT_NOUN) & ~body.str.contains(words.entity)
    alone = (pl.col("tail") == "") & (topic != "")
    # 取得高级证书的,奖励1500元: who it is for is part of the name.
    on_condition = alone & pl.col("on_condition") & ~words.is_metric(topic)
    owned = words.is_metric(body) & pl.col("owned") & (body.str.len_chars() <= SHORT_METRIC)
    said = pl.col("share_of") | (words.is_metric(body) & (owned | ~pl.col("owned")))
    return facts.with_columns(
        body=pl.when(alone & short & (body != "") & (topic.str.len_chars() > LONGEST_TOPIC))
        .then(pl.concat_str(words.owner(topic).fill_null(topic), "body"))
        .when(on_condition | (alone & short))
        .then(pl.concat_str(topic, "body"))
        .when("share_of")
        .then(pl.concat_str("tail", pl.lit("占"), "body"))
        .when(owned)
        .then(pl.concat_str("tail", "body"))
        .when(unnamed & (pl.col("project") != ""))
        .then("project")
        .when(shared.is_not_null())
        .then(lead)
        .otherwise("body"),
        tail=pl.when(said).then(pl.lit("")).otherwise("tail"),
    )


def _subjects(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``subjects``: the list the body is, if it is one; one item else."""
    body = pl.col("body").str.replace(SHARED_SHARE, "").str.replace_many(AND_IN_WORDS)
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
        pl.when("share_of")
        .then(whole)
        .when(pl.col("head").str.contains("各$"))
        .then(everything)
        .when(shares & (pl.col("tail") == ""))
        .then(lists)
        .otherwise(whole)
    )
    return facts.with_columns(
        subjects=pl.when(run > 1).then(pl.coalesce(*fitting, whole)).otherwise(of_one),
        share=pl.col("body").str.extract(SHARED_SHARE).str.replace("^(?:分别|均|各)", "").fill_null(""),
    )


def _and_in_last(items: pl.Expr) -> pl.Expr:
    """``A、B和C`` is three items: the last separator of a list is an 'and'."""
    last = items.list.last().str.replace(AND, "、").str.split("、")
    return pl.concat_list(items.list.head(items.list.len() - 1), last)


def _take_apart(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """One row per (fact, subject): the run's k-th number takes the k-th subject, one number takes all."""
    count = pl.col("subjects").list.len()
    exploded = (
        facts.with_columns(parts_of_subject=count, first_subject=pl.col("subjects").list.first())
        .with_columns(part=pl.int_ranges(0, count), subject="subjects")
        .explode("part", "subject")
        .with_columns(pl.col("subject", "first_subject").str.replace_many(AND_AGAIN))
    )
    several = pl.col("parts_of_subject") > 1
    parallel = several & (pl.col("parts_of_subject") == pl.col("run_length"))
    named = exploded.with_columns(
        subject=pl.when(several).then(_completed(words)).otherwise("subject") + pl.col("share")
    ).drop("share")
    return named.filter(~parallel | (pl.col("part") == pl.col("run_position"))).with_columns(
        coordinated=several
    )


def _with_whom(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """What is done to people, with whom it counts: 入院|人次."""
    whom = pl.col("unit").replace_strict({"人次": "人次", "人": "人数"}, default=None)
    short = (pl.col("tail") == "") & (pl.col("subject").str.len_chars() <= SHORT_ACT)
    act = (short & pl.col("subject").str.contains(words.act)) | pl.col("subject").str.contains(DUE)
    return facts.with_columns(
        subject=pl.when(act & whom.is_not_null()).then(pl.col("subject") + whom).otherwise("subject")
    )


def _from_last(words: Words) -> pl.Expr:
    """What the last of a list says from its owner on, where none of them is a metric."""
    last = pl.col("subjects").list.last()
    lacks = ~pl.col("subject").str.contains(words.entity) & (pl.col("subject") != last)
    return pl.when(lacks).then(last.str.extract(f"^.{{1,4}}?((?:{words.entity}).+)$"))


def _completed(words: Words) -> pl.Expr:
    """Give each subject of a list what it shares: the metric of the last, the owner or verb of the first."""
    subject, first = pl.col("subject"), pl.col("first_subject")
    has_metric = words.is_metric(subject)
    metric = pl.when(has_metric).then(subject).backward_fill().over("row")
    # In a list with 分别, as a last resort, what another item lacks, or the metric word alone.
    shared = words.suffix(metric, subject)
    own = pl.when(shared != "").then(shared)
    neighbours = pl.coalesce(own.backward_fill().over("row"), own.forward_fill().over("row"))
    first_sign = pl.when(subject.str.len_chars() == 1).then(metric.str.slice(1))  # 甲、乙类传染病
    by_entity = pl.when(~subject.str.contains(words.entity)).then(
        metric.str.extract(f"^.{{1,4}}?((?:{words.entity}).+)$")
    )
    # 政府、社会、个人卫生支出: words as long as each other before what all share.
    length = subject.str.len_chars()
    short = (length <= SHORT_MODIFIER) & (metric.str.len_chars() > length + 2)
    by_length = pl.when(short & ~subject.str.contains(words.entity)).then(metric.str.slice(length))
    by_entity = pl.coalesce(by_entity, _from_last(words))
    last_resort = pl.when(pl.col("run_length") > 1).then(
        pl.coalesce(by_entity, by_length, neighbours, metric.str.extract(f"((?:{words.metric_inside}))$"))
    )
    suffix = pl.coalesce(own, first_sign, last_resort).fill_null("")
    owner = words.owner(first, then="..")
    # 患者满意度、职工满意度: the second names its own people, and has no owner among them.
    own_people = subject.str.contains(words.person) & owner.str.contains(f"(?:{words.person})$")
    of_metric = pl.when(words.is_metric(first) & ~subject.str.contains(words.joint) & ~own_people)
    # 能够提供中医药服务的卫生站和卫生室占比: both are qualified.
    qualified = first.str.extract("^(.{4,}的)[^的]{2,}$")
    prefix = pl.coalesce(
        first.str.extract(PER_POPULATION),
        pl.when(first.str.contains(f"(?:{words.entity})$") & ~subject.str.contains("的")).then(qualified),
        of_metric.then(owner),
        first.str.extract(f"({words.verb})"),
    ).fill_null("")
    lacks_prefix = (pl.col("part") > 0) & ~subject.str.starts_with(prefix)
    return pl.concat_str(
        pl.when(lacks_prefix).then(prefix).otherwise(pl.lit("")),
        subject,
        pl.when(has_metric).then(pl.lit("")).otherwise(suffix),
    )
