"""What the clauses before a number's own are about: whose metric follows, and in what work.

A clause leaves out what its sentence, or the heading above, has just said:
处理信访投诉案件,及时受理率达100%. The words to look for are those of ``topic_words``.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import RUN_KEY, SENTENCE_KEY
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.wording import Words

TOPIC_COLUMNS = ("topic", "project", "scope", "said", "label")
WORK_COLUMNS = ("name", "project", "scope", "cell")
EARLIER = "^(.*)[,;:]"
HEADING_MARK = "^[一二三四五六七八九十]{1,3}、"
LONGEST_OWNER = 16
LONGEST_LEAD = 26
LONGEST_IN_SCOPE = 9
LONGEST_IN_PROJECT = 6
SHARED_SIGNS = 2
# ——住院医师规范化培训:5年招收7500名
LABEL = r"^\s*(?:[-●·○■◆]+|[(]?[0-9一二三四五六七八九十]{1,2}[)、.])\s*([^,;:。()]{2,20}):"
LONGEST_LABELLED = 6


def with_topics(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add the ``TOPIC_COLUMNS`` to facts with clauses; empty where there is nothing of the kind.

    topic: the clause right before, without connectors and leads. project: what a clause since the fact before
    names in quotes (“农村一元钱看病”项目). scope: the work in which all of the sentence happened
    (在疫情防控工作中). said: the sentence before the clause. label: what an item of a list begins with, up to
    its colon.
    """
    spread = facts.with_columns(
        _before=pl.col("before").first().over(RUN_KEY),
        _gap=pl.col("gap").first().over(RUN_KEY),
        _begins=pl.col("before").first().over(SENTENCE_KEY),
        _topic=pl.col("topic").first().over(RUN_KEY),
    )
    project = pl.when(pl.col("_gap").str.contains("“", literal=True)).then(pl.col("_gap"))
    named = project.str.extract(f"({words.project})").str.replace_all("[“”]", "")
    begins = pl.col("_begins").str
    return (
        spread.drop("topic")
        .pipe(with_distinct, "_before", said=pl.col("_before").str.extract(EARLIER).fill_null(""))
        .pipe(with_distinct, "_topic", topic=words.bare(pl.col("_topic")))
        .pipe(with_distinct, "_gap", project=named.fill_null(""))
        .pipe(
            with_distinct,
            "_begins",
            scope=begins.extract(words.scope).fill_null(""),
            label=begins.extract(LABEL).fill_null(""),
        )
        .drop("_before", "_gap", "_begins", "_topic")
    )


def within(words: Words) -> pl.Expr:
    """The whole whose parts the sentence goes through (卫生技术人员中,); null where there is none."""
    return (pl.col("said") + ",").str.extract(words.within)


def with_heading_owner(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add ``heading_owner``: what the heading above is about, if it is a short noun; else null."""
    heading, about = pl.col("heading"), pl.col("_about")
    short = about.str.len_chars().is_between(2, LONGEST_OWNER)
    return (
        facts.pipe(with_distinct, "heading", _bare=words.bare(heading.str.replace(HEADING_MARK, "")))
        .pipe(with_distinct, "_bare", _about=words.object_of(pl.col("_bare")))
        .with_columns(heading_owner=pl.when(short).then(about))
        .drop("_bare", "_about")
    )


def with_owner_said(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add ``owner_said``, what the sentence before has named as an owner.

    The object of the nearest clause that ends in an owner, or the subject of one that begins with it.
    """
    said, owner = pl.col("said"), pl.col("_owner")
    ending = said.str.extract(f"(?:^|.*[,;:])([^,;:]*(?:{words.entity}))[^,;:]{{0,6}}(?:[,;:][^,;:]*)?$")
    subject = said.str.extract(f"(?:^|[,;:])([^,;:]{{2,12}}?(?:{words.entity})){words.predicate}")
    short = owner.str.len_chars().is_between(1, LONGEST_OWNER)
    return (
        facts.pipe(with_distinct, "said", _ending=ending, _subject=subject)
        .with_columns(_owner=pl.coalesce(words.object_of(pl.col("_ending")), "_subject"))
        .with_columns(owner_said=pl.when(short).then(owner))
        .drop("_ending", "_subject", "_owner")
    )


def led_in(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """``completed``: the subject of row ``_at`` after the words that lead up to it where it was said before.

    推行家庭医生签约服务,签约率达38%: 家庭医生|签约率. Looked for in the clause right before, in the sentence
    and in the heading, by the first two signs; more must agree where the subject has an owner of its own.
    """
    subject, lead = pl.col("subject"), pl.col("lead")
    long = subject.str.contains(words.entity)
    earlier = pl.when("belongs").then("line_text").fill_null("")
    parts = pl.col("source").str.splitn(pl.col("signs"), 2).struct
    says = (lead.str.len_chars() > SHARED_SIGNS) | lead.str.contains(words.entity)
    fits = says & (lead.str.len_chars() <= LONGEST_LEAD) & ~lead.str.contains("[0-9]{2}[^岁0-9-]|[与和及、]$")
    return (
        facts.select(
            *("_at", "subject"),
            signs=pl.when(long)
            .then(subject.str.head(2 * SHARED_SIGNS))
            .otherwise(subject.str.head(SHARED_SIGNS)),
            source=pl.concat_list("topic", "said", "heading", earlier),
        )
        .explode("source")
        .with_columns(clause=parts[0].str.replace("(?s)^.*[,;:。]", ""), again=parts[1])
        .filter(pl.col("again").is_not_null())
        .pipe(with_distinct, "clause", bare=words.bare(pl.col("clause")))
        .pipe(with_distinct, "bare", about=words.object_of(pl.col("bare")))
        .with_columns(lead=pl.col("about").str.strip_chars_start("对为“”的"))
        .filter(fits)
        .unique("_at", keep="first", maintain_order=True)
        .select("_at", completed=pl.concat_str("lead", "subject"))
    )


def in_its_work(words: Words) -> pl.Expr:
    """A short name after the undertaking or the work it was counted in: …工作中|成立临时党委.

    Looks at the ``WORK_COLUMNS``.
    """
    name = pl.col("name")
    work = pl.when(pl.col("project") != "").then("project").otherwise("scope")
    longest = pl.when(pl.col("project") != "").then(LONGEST_IN_PROJECT).otherwise(LONGEST_IN_SCOPE)
    short = (name.str.len_chars() <= longest) & (name != "") & (pl.col("cell").is_null())
    own = words.is_metric(name) & name.str.contains(words.entity)
    said = name.str.contains(work.str.head(4), literal=True)
    return pl.when(short & (work != "") & ~said & ~own).then(pl.concat_str(work, name)).otherwise(name)


def after_label() -> tuple[pl.Expr, pl.Expr]:
    """The rows after the label of an item, and a short name after it: 癌症早诊早治:项目县…."""
    name = pl.concat_str("subject", "tail")
    short = name.str.len_chars().is_between(1, LONGEST_LABELLED)
    said = pl.col("label").str.contains(pl.col("subject"), literal=True)
    return (pl.col("label") != "") & short, pl.when(~said).then(pl.concat_str("label", "subject"))
