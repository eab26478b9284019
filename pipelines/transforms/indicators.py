"""The indicator of each fact, in the document's own words put together.

From the words before the number (``head``) and after it (``tail``) to one self-contained name per fact:
verbs and comparators stripped (``connectors``, ``leads``), lists taken apart, and what a clause leaves out
borrowed from the fact before it. The vocabulary is the lexicons ``metrics``, ``entities`` and others.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons
from pipelines.transforms.clauses import BREAK, SENTENCE_KEY
from pipelines.transforms.mentions import COVERAGE

RATES = ["%", "‰", "/10万", "/万"]
ITEM = "\x1f"
AND = "以及|[和及与]"
SHARED = "(?:均|各|都|分别|全部)"
LONGEST_TAIL_LIST = 3
SHORT_METRIC = 5
SHORT_NOUN = 2
# 均 says that each has the value; in 人均 and 平均 it is part of the indicator.
EACH = "([^人户次床日年月平])均(达|为|在|不|超|实现|保持|控制|要|应|须|已|有|是|低|高|$)"
PER_HEAD = "(人均|户均|次均)"
PER_POPULATION = "^((?:平均)?每(?:[0-9]*[十百千万])名?(?:常住|户籍)?(?:人口|居民|人|名)?(?:拥有)?)"
SHARE_OF = "^的?比例(?:来|进行|给予|予以)?(补偿|报销|补助|支付|救助)?.*$"


def with_indicators(facts: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add ``indicator_text`` to facts with clauses; one row per fact, lists of subjects taken apart.

    Added too: ``coordinated`` (several facts on one number, or one indicator over several numbers).
    """
    words = _Words(lexicons)
    return (
        facts.with_columns(words.body(), words.tail(), owned=pl.col("tail").str.starts_with("的"))
        .pipe(_carry_verbs)
        .pipe(_earlier_clause, words)
        .pipe(_subjects, words)
        .pipe(_take_apart, words)
        .pipe(_complete_from_before, words)
        .pipe(_inherit)
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
        """``text`` without the words of ``connectors`` at its end and of ``leads`` at its start."""
        text = text.str.replace_all(EACH, "${1}${2}").str.replace(self.end, "")
        text = text.str.replace(f"^(.*){PER_HEAD}$", "${2}${1}").str.replace(self.end, "")
        return text.str.replace(self.start, "").str.strip_chars_start("”’、· ").str.strip_chars_end("“‘、· ")

    def tail(self) -> pl.Expr:
        """The noun after the number; empty where the words there only go on about the one before it."""
        shared = pl.col("tail").str.replace(SHARE_OF, "${1}比例")
        tail = shared.str.replace("^比例$", "").str.strip_chars_start("的”’)/ ")
        listed = tail.str.count_matches("、") >= LONGEST_TAIL_LIST
        first = tail.str.extract("^([^、]*)")
        kept = pl.when(listed).then(first).otherwise(tail)
        unneeded = tail.str.contains(self.generic) & ~shared.str.contains("比例$")
        return pl.when(unneeded).then(pl.lit("")).otherwise(kept).alias("tail")


def _inner(lexicon: Lexicon) -> str:
    """The alternatives of a lexicon without the anchors that each pattern has."""
    return "|".join(rule.pattern.removesuffix("$").removeprefix("^") for rule in lexicon.rules)


def _carry_verbs(facts: pl.DataFrame) -> pl.DataFrame:
    """``1—2个…、3—4个…``: a noun after its number without words before it keeps the verb of the list."""
    in_list = ~pl.col("first") & ~pl.col("in_row") & ~pl.col("gap").str.contains(BREAK)
    follows = in_list & (pl.col("head") == "") & (pl.col("tail") != "")
    verb = pl.when(~follows).then("body").forward_fill().over(SENTENCE_KEY)
    return facts.with_columns(
        body=pl.when(follows).then(verb.fill_null("")).otherwise("body"), carried=follows
    )


def _earlier_clause(facts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """Words that the clause before the number's holds: ``A项目、B项目立项创新高,分别达到162项、70项``.

    They are the subject where the clause itself has none, and come before one of a syllable or two
    (接种36.4万人). A subject that is a metric needs no noun after its number, but one that the number is
    said to be of (总规模达1485人的流调队伍).
    """
    topic = words.bare(pl.col("topic").first().over([*SENTENCE_KEY, "run"]))
    body = pl.col("body")
    short = (body.str.len_chars() <= SHORT_NOUN) & ~body.str.contains(words.entity)
    alone = (pl.col("tail") == "") & (topic != "")
    is_metric = body.str.contains(words.metric)
    owned = is_metric & pl.col("owned") & (body.str.len_chars() <= SHORT_METRIC)
    return facts.with_columns(
        topic=topic,
        body=pl.when(alone & short)
        .then(pl.concat_str(topic, "body"))
        .when(owned)
        .then(pl.concat_str("tail", "body"))
        .otherwise("body"),
        tail=pl.when(is_metric & (owned | ~pl.col("owned"))).then(pl.lit("")).otherwise("tail"),
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
    each = pl.col("head").str.contains("各$")
    of_one = (
        pl.when(each)
        .then(everything)
        .when(shares & (pl.col("tail") == ""))
        .then(lists)
        .otherwise(pl.concat_list(body))
    )
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
    """Give each subject of a list what it shares: the metric of the last, the owner of the first."""
    has_metric = pl.col("subject").str.contains(words.metric)
    metric = pl.when(has_metric).then("subject").backward_fill().over("row")
    # In a list with 分别, as a last resort, the metric word itself with the one sign before it (药占比).
    bare_metric = pl.when(pl.col("run_length") > 1).then(metric.str.extract(f"(.(?:{words.metric_inside}))$"))
    suffix = pl.coalesce(_suffix(metric, pl.col("subject"), words), bare_metric)
    owner = pl.col("first_subject").str.extract(f"^(.*(?:{words.entity}))..")
    prefix = pl.coalesce(pl.col("first_subject").str.extract(PER_POPULATION), owner).fill_null("")
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


def _complete_from_before(facts: pl.DataFrame, words: _Words) -> pl.DataFrame:
    """Borrow from the fact before what a clause leaves out: whose metric it is, or which metric."""
    linked = _with_fact_before(facts)
    subject, before = pl.col("subject"), pl.col("before_text")
    entity = before.str.extract(f"^(.*(?:{words.entity}))")
    owner = pl.when(before.str.contains(words.metric)).then(entity).otherwise(before)
    bare_metric = (
        subject.str.contains(words.metric)
        & (subject.str.len_chars() <= SHORT_METRIC)
        & ~subject.str.contains(words.entity)
    )
    incomplete = (bare_metric | _short_noun(words)) & (pl.col("parts") == 1) & (pl.col("run_length") == 1)
    return linked.with_columns(
        subject=pl.when(subject.str.contains("^占") & before.is_not_null())
        .then(pl.concat_str("before_text", "subject", pl.lit("比例")))
        .when(incomplete & (owner.fill_null("") != ""))
        .then(pl.concat_str(owner, "subject"))
        .otherwise(pl.coalesce(_list_item(), _metric_left_out(words), subject))
    ).drop("before_text")


def _inherit(facts: pl.DataFrame) -> pl.DataFrame:
    """A number without a subject has that of the fact before it; a chain of them, of the last one named."""
    empty = (pl.col("subject") == "") & (pl.col("tail") == "")
    named = pl.when(~empty).then(_joined()).forward_fill().over(SENTENCE_KEY).fill_null("")
    before = pl.col("before_text").fill_null("")
    return (
        _with_fact_before(facts)
        .with_columns(
            subject=pl.when(empty)
            .then(pl.when(before != "").then(before).otherwise(named))
            .otherwise("subject"),
            inherited=empty,
        )
        .drop("before_text")
    )


def _with_fact_before(facts: pl.DataFrame) -> pl.DataFrame:
    """``before_text``: the indicator of the fact before, or for a run the one as far back as it is long."""
    back = pl.when(pl.col("run_length") > 1).then("run_length").otherwise(1)
    source = facts.unique("row", keep="last", maintain_order=True).select(
        *SENTENCE_KEY, source_row=pl.col("row").cast(pl.Int64), before_text=_joined()
    )
    return (
        facts.with_columns(source_row=pl.col("row").cast(pl.Int64) - back)
        .join(source, on=[*SENTENCE_KEY, "source_row"], how="left", maintain_order="left")
        .drop("source_row")
    )


def _short_noun(words: _Words) -> pl.Expr:
    subject = pl.col("subject")
    short = (subject.str.len_chars() <= SHORT_NOUN) & ~subject.str.contains(words.entity)
    return short & (pl.col("tail") == "") & (subject != "")


def _list_item() -> pl.Expr:
    """``省级科技进步特等奖1项、一等奖1项``: an item that ends, or begins, like the one before it."""
    subject, before = pl.col("subject"), pl.col("before_text")
    in_list = pl.col("gap").str.contains("^[、和及与]") & (pl.col("tail") == "") & (pl.col("parts") == 1)
    longer = before.str.len_chars() > subject.str.len_chars()
    same_end = (subject.str.tail(2) == before.str.tail(2)) & (subject.str.len_chars() < SHORT_METRIC)
    by_end = pl.concat_str(
        before.str.head(before.str.len_chars().cast(pl.Int64) - subject.str.len_chars().cast(pl.Int64)),
        subject,
    )
    lead = before.str.splitn(subject.str.head(2), 2)
    same_start = lead.struct.field("field_1").is_not_null() & (subject.str.len_chars() > SHORT_NOUN)
    by_start = pl.concat_str(lead.struct.field("field_0"), subject)
    return pl.when(in_list & longer & same_end).then(by_end).when(in_list & same_start).then(by_start)


def _metric_left_out(words: _Words) -> pl.Expr:
    """``综合医院…占比不低于4%,专科医院不低于2%``: a rate whose metric the words before it name."""
    subject = pl.col("subject")
    rate = pl.col("unit").is_in(RATES) & (pl.col("mention") != COVERAGE)
    lacking = rate & ~subject.str.contains(words.metric) & (pl.col("tail") == "")
    source = pl.when(pl.col("topic").str.contains(words.metric)).then("topic").otherwise("before_text")
    suffix = _suffix(source, subject, words)
    found = lacking & source.str.contains(words.metric) & (suffix.fill_null("") != "")
    return pl.when(found).then(pl.concat_str(subject, suffix))


def _joined() -> pl.Expr:
    """Subject, noun and, for full coverage in words, what is full."""
    covered = pl.when(pl.col("mention") == COVERAGE).then(pl.lit("覆盖率")).otherwise(pl.lit(""))
    return pl.concat_str("subject", "tail", covered)
