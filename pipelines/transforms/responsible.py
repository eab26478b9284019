"""Facts to the units that answer for them, as their document names them (责任单位).

A list of units is ``(责任单位:A、B)``, ``牵头单位:A;配合单位:B`` or ``(A牵头,B、C配合)``: what marks one
is in the lexicons ``responsible_…``. It answers for what stands before it, back to the list before or to the
heading of its item; right under a heading, for what follows. Lists in the cells of a table are not read.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.transforms.clean import Cleaned, to_raw
from pipelines.transforms.running import sum_before
from pipelines.transforms.segment import Segmented
from warehouse import contract
from warehouse.value_tables import BRIDGE_VALUE_RESPONSIBLE_UNIT, RESPONSIBILITIES

DEEPEST_ITEM = 4  # (1), ① and 一是 are parts of a numbered item
CUT = "\x1f"  # clean text has none
IN_BRACKETS = r"(?:[^()〔〕【】。]|\([^()]*\))*"
NAME = r"(?:[^、,;。:\s()〔〕【】]|\([^()]*\))+"
WORDS = r"[\p{L}\p{N}]"
NAME_LENGTH = (2, 30)  # signs; what is longer is a sentence
LIST_KEY = ["item_id", "body_before"]


class Responsible(NamedTuple):
    """``bridge_value_responsible_unit`` as the table, of all facts, before validation."""

    bridge_value_responsible_unit: pl.DataFrame


def responsible(facts: pl.DataFrame, segments: Segmented, text: Cleaned, lexicons: Lexicons) -> Responsible:
    """The units named for each of ``facts`` (``fact_indicator_value``)."""
    items = _items(segments.dim_section)
    lists = _lists(segments.sentences, items, lexicons).pipe(to_raw, text.pieces, "_start", "_end")
    units = _units(lists, lexicons).pipe(to_raw, text.pieces, "_start", "_end")
    bound = _bound(facts.join(items, on="section_id", maintain_order="left"), lists)
    bridge = bound.join(units, on=LIST_KEY, maintain_order="left_right")
    return Responsible(contract.conform(bridge, BRIDGE_VALUE_RESPONSIBLE_UNIT))


def _items(dim_section: pl.DataFrame) -> pl.DataFrame:
    """Per section_id, ``item_id``: the section of the numbered item it is part of.

    ``opens``: whether its first sentence is the heading of such an item.
    """
    own = pl.when(pl.col("level") <= DEEPEST_ITEM).then("section_id")
    return dim_section.sort("document_id", "char_start", "level").select(
        "section_id",
        item_id=own.forward_fill().over("document_id"),
        opens=pl.col("level").is_between(1, DEEPEST_ITEM),
    )


def _lists(sentences: pl.DataFrame, items: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """One row per list of units, in reading order.

    line_id, line_raw_start; _start, _end (in the clean line), list; item_id; body_before: the parts of text
    in the item before it, by which lists in a row are one; follows_heading: there are none but the heading.
    """
    pattern, text = _list_pattern(lexicons), pl.col("sentence")
    prose = (
        sentences.lazy()  # of its many columns few are needed
        .filter(pl.col("cell").is_null())
        .select("document_id", "section_id", "line_id", "line_raw_start", "sentence", "sentence_start")
        .collect()
        .join(items, on="section_id", maintain_order="left")
    )
    having = prose.filter(text.str.contains(pattern)).select("item_id").unique()
    before, length = _length(pl.col("gap")), _length(pl.col("list"))
    said = pl.col("gap").str.contains(WORDS)
    heading = pl.col("opens") & (pl.col("sentence_id") == pl.col("sentence_id").min().over("section_id"))
    return (
        prose.join(having, on="item_id", how="semi", maintain_order="left")
        .with_row_index("sentence_id")
        .with_columns(
            gap=text.str.split(pattern, literal=False),
            list=pl.concat_list(text.str.extract_all(pattern), pl.lit("")),
        )
        .explode("gap", "list")
        .with_columns(_taken=before + length)
        .with_columns(
            _start=pl.col("sentence_start") + sum_before(pl.col("_taken"), "sentence_id") + before,
            body_before=said.cum_sum().over("item_id"),
            follows_heading=(said & ~heading).cum_sum().over("item_id") == 0,
        )
        .filter(pl.col("list") != "")
        .with_columns(_end=pl.col("_start") + length)
    )


def _list_pattern(lexicons: Lexicons) -> str:
    labels, verbs = lexicons["responsible_labels"].pattern(), lexicons["responsible_verbs"].pattern()
    return (
        rf"[(〔【]\s*(?:{labels}){IN_BRACKETS}[)〕】]"
        rf"|[(〔【]{IN_BRACKETS}(?:{verbs})(?:\s*$|[。;])"
        rf"|(?:^|[\s,;。-])(?:{labels})[^。]*"
    )


def _units(lists: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """One row per unit of lists that are one: responsible_unit, responsibility, position, _start, _end.

    A unit named twice stands where it leads, or else where it stands first.
    """
    role = pl.Enum(RESPONSIBILITIES)
    return (
        _names(_phrases(lists, lexicons), lexicons)
        .filter(_length(pl.col("responsible_unit")).is_between(*NAME_LENGTH))
        .with_columns(position=pl.int_range(1, pl.len() + 1).over(LIST_KEY))
        .sort(*LIST_KEY, pl.col("responsibility").cast(role), "position", maintain_order=True)
        .unique([*LIST_KEY, "responsible_unit"], keep="first", maintain_order=True)
        .sort("line_id", "_start")
    )


def _phrases(lists: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The lists cut into ``phrase``: each the names of one ``responsibility``.

    The verb right after the names says which it is, or else the label before them.
    """
    labels, verbs = lexicons["responsible_labels"], lexicons["responsible_verbs"]
    phrase = pl.col("phrase")
    cut = pl.col("list").str.replace_all(f"({labels.pattern()}|{verbs.pattern()})", f"{CUT}${{1}}{CUT}")
    return (
        lists.with_row_index("list_id")
        .with_columns(phrase=cut.str.split(CUT))
        .explode("phrase")
        .with_columns(
            label=labels.meaning(phrase),
            verb=verbs.meaning(phrase),
            phrase_start=pl.col("_start") + sum_before(_length(phrase), "list_id"),
        )
        .with_columns(
            responsibility=pl.coalesce(
                pl.col("verb").shift(-1).over("list_id"),
                pl.col("label").forward_fill().over("list_id"),
                pl.lit("unstated"),
            )
        )
        .filter(pl.col("label").is_null(), pl.col("verb").is_null(), pl.col("responsibility") != "nobody")
    )


def _names(phrases: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """One row per name: ``responsible_unit``, and ``_start`` and ``_end`` in the clean line."""
    words = lexicons["responsible_names"]
    before, after = words.pattern("strip_start"), words.pattern("strip_end")
    name, gap, unit = pl.col("name"), pl.col("gap"), pl.col("responsible_unit")
    phrase = pl.col("phrase")
    return (
        phrases.with_row_index("phrase_id")
        .with_columns(name=phrase.str.extract_all(NAME), gap=phrase.str.split(NAME, literal=False))
        .with_columns(gap=pl.col("gap").list.head(pl.col("name").list.len()))
        .explode("name", "gap")
        .filter(name.is_not_null())
        .with_columns(_taken=_length(gap) + _length(name))
        .with_columns(
            _start=pl.col("phrase_start") + sum_before(pl.col("_taken"), "phrase_id") + _length(gap)
        )
        .with_columns(
            responsible_unit=name.str.extract(f"^(?:{before})?(.*?)(?:{after})?$"),
            _start=pl.col("_start") + _length(name.str.extract(f"^({before})").fill_null("")),
        )
        .with_columns(_end=pl.col("_start") + _length(unit))
        .drop("char_start", "char_end")
    )


def _length(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().cast(pl.Int64)


def _bound(facts: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """indicator_value_id and :data:`LIST_KEY` of the lists that answer for it.

    That is the next list after the fact in its item or, failing one, the one right under its heading.
    """
    places = lists.sort("char_start").select("item_id", "body_before", "follows_heading", "char_start")
    placed = facts.sort("char_start").select("indicator_value_id", "item_id", "char_start")
    after = placed.join_asof(
        places.drop("follows_heading"),
        on="char_start",
        by="item_id",
        strategy="forward",
        check_sortedness=False,
    )
    heading = places.filter("follows_heading").unique("item_id", keep="first", maintain_order=True)
    under = after.join(
        heading.select("item_id", under="body_before"), on="item_id", how="left", maintain_order="left"
    )
    answering = under.with_columns(body_before=pl.coalesce("body_before", "under"))
    return answering.filter(pl.col("body_before").is_not_null()).drop("char_start", "under")
