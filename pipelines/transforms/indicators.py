"""The indicator of each fact, composed of the words around its number.

From the words before the number (``head``) and after it (``tail``) to one self-contained name per fact:
verbs and comparators stripped, lists of subjects taken apart, and what a clause leaves out borrowed from the
fact before it (:mod:`pipelines.transforms.borrowing`).
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.borrowing import complete_from_before, inherit_subjects, recall_full_names
from pipelines.transforms.clauses import BREAK, RUN_KEY, SENTENCE_KEY
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.lists import take_apart
from pipelines.transforms.running import last_so_far, next_from_here, row_after
from pipelines.transforms.topics import TOPIC_COLUMNS, WORK_COLUMNS, in_its_work, with_topics
from pipelines.transforms.wording import RATES, STANDARD_FOR, Words, joined, tidy

POINTS_BACK = (
    "^[,;]?(?:其中)?(?:(?:前|后|上述|以上)([两二三四五])?(?:者|项|个)|([两二])(?:类|项|者)(?:机构|指标)?)"
)
SPELLED = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
CONDITION = "[一-鿿]{3}的$"
SHORT_METRIC = 5
SHORT_NOUN = 2
SHORT_NAME = 8
SHORT_ACT = 4
LONGEST_TOPIC = 12
CLAUSE_COLUMNS = ("body", "tail", "topic", "project", "owned", "share_of", "on_condition", "run_length")
DUE = "(?:应|实际?)(?:签约|管理|接种|参保|参合|筛查|种)$"


def with_indicators(facts: pl.DataFrame, words: Words, known: list[str]) -> pl.DataFrame:
    """Add ``indicator_text`` to facts with clauses; one row per fact, lists of subjects taken apart.

    ``known`` are names that are complete as they stand. Added too: coordinated (several facts on one
    number, or one indicator over several numbers), inherited (the subject is that of the fact before) and
    parts_of_subject (how many subjects the words before the number name).
    """
    return (
        facts.with_columns(first_head=pl.col("head").first().over(RUN_KEY))
        .pipe(_bared, words)
        .pipe(_shared_nouns, words)
        .pipe(_shared_predicates, words)
        .pipe(_carry_verbs)
        .pipe(with_topics, words)
        .pipe(_earlier_clause, words)
        .pipe(take_apart, words)
        .pipe(_with_whom, words)
        .pipe(complete_from_before, words, known)
        .pipe(recall_full_names, words)
        .pipe(inherit_subjects, words)
        .with_columns(name=joined())
        .pipe(with_distinct, *WORK_COLUMNS, indicator_text=tidy(in_its_work(words)))
        .drop("name", "subject", "part", "points_back", *TOPIC_COLUMNS)
    )


def _bared(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``body``, the words before the fact's run, and ``tail``, the noun after it, without what leads to them.

    ``first_head`` is the head of the run; what it, and the other columns added, say is worked out here.
    """
    tail, topic = pl.col("tail"), pl.col("topic").first().over(RUN_KEY)
    read = (
        facts.pipe(with_distinct, "before_bracket", _bracketed=words.bare(pl.col("before_bracket")))
        .pipe(with_distinct, "first_head", _bare=words.bare(pl.col("first_head")), points_back=_points_back())
        .pipe(with_distinct, "tail", _noun=words.noun_after(tail), _standard=tail.str.contains(STANDARD_FOR))
    )
    in_bracket = (pl.col("head") == "") & words.is_metric(pl.col("_bracketed"))
    return read.with_columns(
        named_in_brackets=in_bracket,
        body=pl.when(in_bracket).then("_bracketed").otherwise("_bare"),
        tail="_noun",
        owned=tail.str.starts_with("的"),
        share_of=pl.col("_standard") & pl.col("unit").is_in(RATES).fill_null(value=False),
        on_condition=topic.str.contains(CONDITION),
    ).drop("first_head", "_bracketed", "_bare", "_noun", "_standard")


def _points_back() -> pl.Expr:
    """How many facts back 前者, 后两项 or 上述三项指标 point; 1 for what points nowhere."""
    head = pl.col("first_head")
    count = pl.coalesce(head.str.extract(POINTS_BACK, 1), head.str.extract(POINTS_BACK, 2))
    spelled = count.replace_strict(SPELLED, default=2, return_dtype=pl.Int32())
    return pl.when(head.str.contains(POINTS_BACK)).then(spelled).otherwise(1)


def _shared_nouns(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``8个应建未建及33个未达标的卫生站``: what a list says once, after its last number."""
    tail = pl.col("tail")
    goes_on = row_after(~pl.col("gap").str.contains(BREAK) & ~pl.col("first"), SENTENCE_KEY)
    noun = tail.str.extract(f"(的[^的]*(?:{words.entity}).*)$")
    lacks = (tail != "") & ~tail.str.contains(words.entity)
    read = with_distinct(facts, "tail", _noun=noun, _lacks=lacks)
    shared = pl.when(goes_on).then(row_after(pl.col("_noun"), SENTENCE_KEY)).fill_null("")
    lacking = pl.col("_lacks") & (pl.col("body") == "")
    completed = pl.when(lacking).then(tail + shared).otherwise(tail)
    return read.with_columns(tail=completed).drop("_noun", "_lacks")


def _shared_predicates(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``98%的卫生院和83%的卫生室能够提供中医药服务``: what all things of a list do, said after the last."""
    of_list = (pl.col("first") | pl.col("gap").str.contains(BREAK)).cum_sum()
    listed = facts.with_columns(
        _list=of_list,
        _predicate=pl.col("tail").str.extract(f"^.{{0,12}}?(?:{words.entity})({words.shared_predicate})"),
    )
    shared = next_from_here(pl.col("_predicate"), "_list").fill_null("")
    noun = pl.col("tail").str.contains(f"(?:{words.entity})$") & pl.col("_predicate").is_null()
    bare = noun & (pl.col("body") == "")
    return listed.with_columns(tail=pl.when(bare).then(pl.concat_str("tail", shared)).otherwise("tail")).drop(
        "_list", "_predicate"
    )


def _carry_verbs(facts: pl.DataFrame) -> pl.DataFrame:
    """``1—2个…、3—4个…``: a noun after its number without words before it keeps the verb of the list."""
    in_list = ~pl.col("first") & ~pl.col("in_row") & ~pl.col("gap").str.contains(BREAK)
    follows = in_list & (pl.col("head") == "") & (pl.col("tail") != "")
    verb = last_so_far(pl.when(~follows).then("body"), SENTENCE_KEY)
    return facts.with_columns(body=pl.when(follows).then(verb.fill_null("")).otherwise("body"))


def _earlier_clause(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Words that the clause before the number's holds: ``A项目、B项目立项创新高,分别达到162项、70项``.

    A subject that is a metric needs no noun after its number, but one that the number is said to be of
    (总规模达1485人的流调队伍).
    """
    body, tail = pl.col("body"), pl.col("tail")
    unnamed = (body == "") & (tail != "") & (tail.str.len_chars() <= SHORT_NAME)
    # 开展示范单位创建活动,至少有1个示范机构: what the topic has before the word they share.
    around = pl.col("topic").str.splitn(tail.str.head(2), 2).struct
    owned = words.is_metric(body) & pl.col("owned") & (body.str.len_chars() <= SHORT_METRIC)
    said = pl.col("share_of") | (words.is_metric(body) & (owned | ~pl.col("owned")))
    of_tail = (
        pl.when("share_of")
        .then(pl.concat_str("tail", pl.lit("占"), "body"))
        .when(owned)
        .then(pl.concat_str("tail", "body"))
        .when(unnamed & (pl.col("project") != ""))
        .then("project")
        .when(unnamed & around.field("field_1").is_not_null())
        .then(around.field("field_0"))
    )
    completed = pl.coalesce(_after_topic(words), of_tail, "body")
    left = pl.when(said).then(pl.lit("")).otherwise("tail")
    read = with_distinct(facts, *CLAUSE_COLUMNS, _body=completed, _tail=left)
    return read.with_columns(body="_body", tail="_tail").drop("_body", "_tail")


def _after_topic(words: Words) -> pl.Expr:
    """The topic as subject of a clause without one, or before one of a syllable or two (接种36.4万人).

    Null for a subject that stands by itself.
    """
    topic = pl.when(pl.col("project") != "").then("project").otherwise("topic")
    body = pl.col("body")
    short = (body.str.len_chars() <= SHORT_NOUN) & ~body.str.contains(words.entity)
    alone = (pl.col("tail") == "") & (topic != "") & ~topic.str.ends_with("中")
    # 取得高级证书的,奖励1500元: who it is for is part of the name.
    on_condition = alone & pl.col("on_condition") & ~words.is_metric(topic)
    # 扩大艾滋病检测覆盖面,每年检测110万人次: 艾滋病检测, not …覆盖面检测.
    word = topic.str.splitn(body, 2).struct
    repeats = (body.str.len_chars() == SHORT_NOUN) & word.field("field_1").is_not_null()
    # 对精品中医馆、中医阁,分别按30万元、2万元的标准补助: the list stands in the clause before.
    items = topic.str.count_matches("[、和及]") + 1
    listed = (body == "") & (pl.col("run_length") > 1) & (items == pl.col("run_length"))
    return (
        pl.when(listed)
        .then(topic)
        .when(short & alone & repeats)
        .then(pl.concat_str(words.object_of(word.field("field_0")), "body"))
        .when(short & alone & (body != "") & (topic.str.len_chars() > LONGEST_TOPIC))
        .then(pl.concat_str(words.owner(topic).fill_null(topic), "body"))
        .when(on_condition | (alone & short))
        .then(pl.concat_str(topic, "body"))
    )


def _with_whom(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """What is done to people, with whom it counts: 入院|人次."""
    whom = pl.col("unit").replace_strict({"人次": "人次", "人": "人数"}, default=None)
    short = (pl.col("tail") == "") & (pl.col("subject").str.len_chars() <= SHORT_ACT)
    act = (short & pl.col("subject").str.contains(words.act)) | pl.col("subject").str.contains(DUE)
    return facts.with_columns(
        subject=pl.when(act & whom.is_not_null()).then(pl.col("subject") + whom).otherwise("subject")
    )
