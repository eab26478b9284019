"""Indicators in the document's words to canonical ones: by name, by a qualified name, or by context.

Names are compared in a normal form: 病人规范化管理服务率 and 患者规范管理率 are one.
A text may be a known name alone or one that known words narrow (二级医院…, 新增…), which are kept as the
qualifier, since values compare only within one. Words that are not known to narrow leave it unresolved:
癌症死亡率 is not a 死亡率 of anything.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons
from pipelines.reference import Reference
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.resolve_units import fits

DROP = "drop"  # meaning of a form that is left out
SHORTEST_NAME = 2  # signs
# Signs: a rate that is narrowed must say enough itself. 死亡率 is of all causes, and other words before it
# make it another indicator, where those before 中医馆 only make it fewer of them.
SHORTEST_QUALIFIED = 4
# Kinds of narrowing words of which a name that has one of its own takes no other: what is of 儿童青少年 is
# not narrowed to 大学生, nor 30岁及以上居民 to those of 18.
EXCLUSIVE = ("level", "institution", "age", "people", "rank")
ASKED = [
    "indicator_text",
    "unit",
    "written_unit",
    "dimension",
    "change",
    "value_type",
    "around",
    "of_one_institution",
]


def with_indicator_ids(values: pl.DataFrame, lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """Add indicator_id, qualifier, resolved_by, indicator_unit, indicator_dimension; null if none is known.

    ``values`` has indicator_text, unit, written_unit, dimension (see :mod:`.resolve_units`), change, and the
    words around a value: before and after in its sentence, lead, heading.
    """
    # What the sentence says beyond the value's clause is of other values.
    around = pl.concat_str("heading", "lead", "before", _clause_on(), separator="\n", ignore_nulls=True)
    one = pl.col("before").str.contains(lexicons["place_words"].pattern("one_institution"))
    asking = values.with_columns(around=around, of_one_institution=one)
    # What a sentence says of one hospital is no value of the place.
    asked = (
        asking.filter(~pl.col("of_one_institution"))
        .select(ASKED)
        .unique(maintain_order=True)
        .with_row_index("asked")
    )
    parts = _parts(asked.select("indicator_text").unique(maintain_order=True), lexicons)
    found = (
        asked.join(parts, on="indicator_text")
        .join(known_names(lexicons, reference), on="form")
        .pipe(_with_captured, lexicons)
        .filter(_applies() & ~_of_another_scope(lexicons), fits())
        .pipe(_best)
    )
    answers = asked.join(found, on="asked", how="left").drop("asked")
    return asking.join(answers, on=ASKED, how="left", nulls_equal=True, maintain_order="left").drop(
        "around", "of_one_institution"
    )


def _clause_on() -> pl.Expr:
    return pl.col("after").str.extract("^([^,;。，；]*)")


@lru_cache(maxsize=2)
def known_names(lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """Every known name once, as ``Reference.indicator_aliases`` with its normal form in place of the alias.

    A form that is a certain name of several indicators is left out.
    """
    form = normal_form(pl.col("alias"), lexicons["indicator_forms"])
    names = reference.indicator_aliases.with_columns(form=form)
    single = names.filter(pl.col("certain")).group_by("form").agg(one=pl.col("indicator_id").n_unique() == 1)
    return (
        names.join(single, on="form", how="left")
        .filter(pl.col("one").fill_null(value=True))
        .sort("certain", descending=True, maintain_order=True)
        .unique(["form", "indicator_id"], keep="first", maintain_order=True)
        .join(_own_scope(lexicons, reference), on="indicator_id", how="left")
        .drop("alias", "one")
    )


def _own_scope(lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """indicator_id and, for each exclusive kind, the narrowing words that the indicator's own name has."""
    name = normal_form(pl.col("name_zh"), lexicons["indicator_forms"])
    return reference.indicators.select("indicator_id", *(_words(name, kind, lexicons) for kind in EXCLUSIVE))


def _words(text: pl.Expr, kind: str, lexicons: Lexicons) -> pl.Expr:
    (pattern,) = (r.pattern for r in lexicons["indicator_qualifiers"].rules if r.rule_id == kind)
    return text.str.extract_all(pattern).alias(f"own_{kind}")


def normal_form(text: pl.Expr, forms: Lexicon) -> pl.Expr:
    """``text`` with every wording of the lexicon replaced by the one that stands for it, in its order."""
    for rule in forms.rules:
        text = text.str.replace_all(rule.pattern, "" if rule.meaning == DROP else rule.meaning)
    return text


def _parts(texts: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Each way to see a text as words that may narrow (left) and a name (form); with what narrows it.

    The name stands at the end, as in Chinese the words that narrow stand before what they narrow.
    """
    qualifiers = lexicons["indicator_qualifiers"]
    idle = f"^(?:{qualifiers.pattern('idle')})+|(?:{qualifiers.pattern('idle')})+$"
    split = (
        texts.pipe(_wholes, lexicons)
        .with_columns(at=pl.int_ranges(0, pl.col("whole").str.len_chars().cast(pl.Int64) - SHORTEST_NAME + 1))
        .explode("at")
        .drop_nulls("at")
        .select(
            "indicator_text",
            form=pl.col("whole").str.slice(pl.col("at")),
            left=pl.col("whole").str.head(pl.col("at")),
        )
    )
    known = pl.col("left").str.contains(f"^(?:{qualifiers.pattern()})*$")
    lefts = split.select("left").unique().filter(known)
    narrowing = lefts.with_columns(qualifier=pl.col("left").str.replace_all(idle, ""))
    return split.join(narrowing, on="left").drop("left")


def _wholes(texts: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The normal form of each text, and that without what is only said after a name (建设, 总数)."""
    form = normal_form(pl.col("indicator_text"), lexicons["indicator_forms"])
    bare = pl.col("whole").str.replace(f"(?:{lexicons['indicator_qualifiers'].pattern('tail')})+$", "")
    both = pl.concat_list("whole", bare)
    return (
        texts.with_columns(whole=form).with_columns(whole=both).explode("whole").unique(maintain_order=True)
    )


def _with_captured(found: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Add captured: what the group of a context's pattern, if it has one, matches in the words around.

    More than one (a sentence on 职工医保 and 居民医保) is null: the words do not say which. A captured word
    narrows a name that nothing else does.
    """
    grouped, words = pl.col("context").str.starts_with("("), pl.col("words")
    asked = pl.when(grouped).then("around")
    alone, captured = pl.col("qualifier") == "", pl.col("captured")
    return (
        found.with_columns(words=asked.str.extract_all(pl.col("context")).list.unique())
        .with_columns(one_word=pl.when(words.list.len() == 1).then(words.list.first()))
        .pipe(
            with_distinct, "one_word", captured=normal_form(pl.col("one_word"), lexicons["indicator_forms"])
        )
        .with_columns(
            in_context=_in_context() & (~grouped.fill_null(value=False) | captured.is_not_null()),
            narrowed_by_context=grouped & pl.col("qualifier").str.contains(pl.col("context"), strict=False),
            alone=alone,
            qualifier=pl.when(alone).then(captured.fill_null("")).otherwise("qualifier"),
        )
        .drop("words", "one_word", "captured")
    )


def _in_context() -> pl.Expr:
    """Whether the words around match; without a pattern, whether the number is one that is.

    A name like 护理院 in a plan is not the number there is, but one that the plan will bring.
    """
    standing = pl.col("value_type") != "target"
    around = pl.col("around").str.contains(pl.col("context"), strict=False)
    return pl.when(pl.col("context").is_null()).then(standing).otherwise(around)


def _applies() -> pl.Expr:
    """Whether the name holds here: alone, narrowed if certain and telling, or in its context."""
    counted = pl.col("indicator_dimension").str.starts_with("count_")
    telling = counted | (pl.col("form").str.len_chars() >= SHORTEST_QUALIFIED)
    certain = pl.col("certain") & (pl.col("alone") | telling)
    in_context = (pl.col("alone") & pl.col("in_context")) | pl.col("narrowed_by_context").fill_null(
        value=False
    )
    return certain | (~pl.col("certain") & in_context)


def _of_another_scope(lexicons: Lexicons) -> pl.Expr:
    """Whether the words that narrow are of a kind the indicator's own name has, but not among its own."""
    clashes = []
    for kind in EXCLUSIVE:
        own, said = pl.col(f"own_{kind}"), _words(pl.col("qualifier"), kind, lexicons)
        clashes.append((own.list.len() > 0) & (said.list.set_difference(own).list.len() > 0))
    return pl.any_horizontal(clashes)


def _best(found: pl.DataFrame) -> pl.DataFrame:
    """Of the names that apply the longest; of equal ones that of the context; none if they are of several."""
    length, placed = pl.col("form").str.len_chars(), pl.col("context").is_not_null()
    return (
        found.filter(length == length.max().over("asked"))
        .filter(placed == placed.any().over("asked"))
        .filter(pl.col("indicator_id").n_unique().over("asked") == 1)
        .unique("asked", keep="first", maintain_order=True)
        .select(
            "asked",
            "indicator_id",
            "indicator_unit",
            "indicator_dimension",
            qualifier=pl.when(pl.col("qualifier") != "").then("qualifier"),
            resolved_by=pl.when(~pl.col("certain"))
            .then(pl.lit("context"))
            .when(pl.col("qualifier") != "")
            .then(pl.lit("qualified_name"))
            .otherwise(pl.lit("name")),
        )
    )
