"""What the clauses before a number's own are about: whose metric follows, and in what work.

A clause leaves out what its sentence has just said (处理各类信访投诉案件,做到及时受理率达100%). The words to look for
are those of ``topic_words``; a place to look is a clause that holds no number of its own, since those that do
give their owner themselves (:mod:`pipelines.transforms.borrowing`).
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import RUN_KEY, SENTENCE_KEY
from pipelines.transforms.wording import Words

TOPIC_COLUMNS = ("topic", "project", "scope", "owner_said")
EARLIER = "^(.*)[,;:]"
LONGEST_OWNER = 16
LONGEST_IN_SCOPE = 9


def with_topics(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add the ``TOPIC_COLUMNS`` to facts with clauses; empty where there is nothing of the kind.

    topic: the clause right before, without connectors and leads. project: what a clause since the fact before
    names in quotes (“农村一元钱看病”项目). scope: the work in which all of the sentence happened (在疫情防控工作中).
    owner_said: the noun an earlier clause of the sentence ends in, or is about, that can have a metric.
    """
    said = pl.col("before").first().over(RUN_KEY).str.extract(EARLIER).fill_null("")
    gap = pl.col("gap").first().over(RUN_KEY)
    project = gap.str.extract_groups(words.project).struct
    scope = pl.col("before").first().over(SENTENCE_KEY).str.extract(words.scope)
    return facts.with_columns(
        topic=words.bare(pl.col("topic").first().over(RUN_KEY)),
        project=pl.concat_str(project[0], project[1]).fill_null(""),
        scope=scope.fill_null(""),
        owner_said=_owner_said(said, words),
    )


def _owner_said(said: pl.Expr, words: Words) -> pl.Expr:
    """The object of the nearest clause that ends in an owner; else the subject of one that begins with it."""
    ending = said.str.extract(f"(?:^|.*[,;:])([^,;:]*(?:{words.entity}))(?:[,;:][^,;:]*)?$")
    without_verb = ending.str.replace(f"^.*{words.action}", "")
    subject = said.str.extract(f"(?:^|[,;:])([^,;:]{{2,12}}?(?:{words.entity})){words.predicate}")
    owner = pl.coalesce(without_verb, subject)
    return pl.when(owner.str.len_chars() <= LONGEST_OWNER).then(owner).fill_null("")


def in_its_work(name: pl.Expr) -> pl.Expr:
    """A short ``name`` after the undertaking or the work it was counted in: …工作中|成立临时党委."""
    work = pl.when(pl.col("project") != "").then("project").otherwise("scope")
    short = (name.str.len_chars() <= LONGEST_IN_SCOPE) & (name != "") & (pl.col("cell").is_null())
    said = name.str.contains(work.str.head(4), literal=True)
    return pl.when(short & (work != "") & ~said).then(pl.concat_str(work, name)).otherwise(name)
