"""What the clauses before a number's own are about: whose metric follows, and in what work.

A clause leaves out what its sentence, or the heading above, has just said:
处理信访投诉案件,及时受理率达100%. The words to look for are those of ``topic_words``.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import RUN_KEY, SENTENCE_KEY
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
    lazy = facts.lazy().with_columns(
        _before=pl.col("before").first().over(RUN_KEY),
        _gap=pl.col("gap").first().over(RUN_KEY),
        _begins=pl.col("before").first().over(SENTENCE_KEY),
        _topic=pl.col("topic").first().over(RUN_KEY),
    )
    project = pl.when(pl.col("_gap").str.contains("“", literal=True)).then(pl.col("_gap"))
    named = lazy.with_columns(
        said=pl.col("_before").str.extract(EARLIER).fill_null(""),
        topic=words.bare(pl.col("_topic")),
        project=project.str.extract(f"({words.project})").str.replace_all("[“”]", "").fill_null(""),
        scope=pl.col("_begins").str.extract(words.scope).fill_null(""),
        label=pl.col("_begins").str.extract(LABEL).fill_null(""),
    )
    return named.drop("_before", "_gap", "_begins", "_topic").collect()


def within(words: Words) -> pl.Expr:
    """The whole whose parts the sentence goes through (卫生技术人员中,); null where there is none."""
    return (pl.col("said") + ",").str.extract(words.within)


def heading_owner(words: Words) -> pl.Expr:
    """What the heading above is about, if it is a short noun; else null."""
    about = words.object_of(words.bare(pl.col("heading").str.replace(HEADING_MARK, "")))
    return pl.when(about.str.len_chars().is_between(2, LONGEST_OWNER)).then(about)


def owner_said(words: Words) -> pl.Expr:
    """The object of the nearest clause that ends in an owner, or the subject of one that begins with it."""
    said = pl.col("said")
    ending = said.str.extract(f"(?:^|.*[,;:])([^,;:]*(?:{words.entity}))[^,;:]{{0,6}}(?:[,;:][^,;:]*)?$")
    subject = said.str.extract(f"(?:^|[,;:])([^,;:]{{2,12}}?(?:{words.entity})){words.predicate}")
    owner = pl.coalesce(words.object_of(ending), subject)
    return pl.when(owner.str.len_chars().is_between(1, LONGEST_OWNER)).then(owner)


def led_in(words: Words) -> pl.Expr:
    """``subject`` after the words that lead up to it where it was said before; null where it was not.

    推行家庭医生签约服务,签约率达38%: 家庭医生|签约率. Looked for in the clause right before, in the sentence
    and in the heading, by the first two signs; more must agree where the subject has an owner of its own.
    """
    subject = pl.col("subject")
    long = subject.str.contains(words.entity)
    signs = pl.when(long).then(subject.str.head(2 * SHARED_SIGNS)).otherwise(subject.str.head(SHARED_SIGNS))
    leads = []
    belongs = subject.str.contains(words.belonging)
    earlier = pl.when(belongs).then("line_text").fill_null("")
    for source in (pl.col("topic"), pl.col("said"), pl.col("heading"), earlier):
        parts = source.str.splitn(signs, 2).struct
        clause = parts.field("field_0").str.extract("([^,;:。]*)$")
        lead = words.object_of(words.bare(clause)).str.strip_chars_start("对为“”的")
        says = (lead.str.len_chars() > SHARED_SIGNS) | lead.str.contains(words.entity)
        fits = parts.field("field_1").is_not_null() & says & (lead.str.len_chars() <= LONGEST_LEAD)
        leads.append(pl.when(fits & ~lead.str.contains("[0-9]{2}[^岁0-9-]|[与和及、]$")).then(lead))
    return pl.concat_str(pl.coalesce(*leads), subject)


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
