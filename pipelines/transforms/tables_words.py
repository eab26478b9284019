"""What the cell of a table is by its own words, and what unit and multiplier a text names.

The words of headers and cells are those of the lexicon ``table_words``; a cell is of the first kind in
``KINDS`` that fits it, then a number, a unit or a label.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.quantities import COVERAGE, FACTORS, MULTIPLIER, UNIT_NAMES

# Kinds of cell by the words; in a header also OF_KIND: of what, of whom or where its values are (二级医院).
OF_KIND = "of_kind"
HEADS = ("year", "base", "target", "plain", "growth", "change", OF_KIND)
COLUMNS = ("name", "unit_column", "serial_column", "header")
KINDS = ("attribute", "breakdown", "empty", *HEADS[:1], "bare_year", *HEADS[1:-1], *COLUMNS)
HEADER_WORDS = (*HEADS, *COLUMNS)

LONGEST_CELL = 60
LONGEST_LABEL = 40
LABEL = "[㐀-鿿].*[㐀-鿿]"
NO_LABEL = r"[。;]|[达为至到]\s?[0-9]"
# 床位数 5.6: a label whose number lost the space between their columns.
RUN_TOGETHER = r"[㐀-鿿%‰)]\s+[≥≤<>]?[0-9][0-9.,]*\s?%?$"
FIGURE = r"-?[0-9](?:[0-9.]|,[0-9]{3}| [0-9]{3})*"


class TableWords:
    """The lexicon ``table_words`` and the written ``units`` (a pattern) as patterns of cells."""

    def __init__(self, lexicons: Lexicons, units: str) -> None:
        self.words = lexicons["table_words"]
        self.metric = lexicons["metrics"].pattern()
        self.entities = [lexicons["entities"].pattern(kind) for kind in ("body", "person")]
        scale = MULTIPLIER.removeprefix("[余多]?")
        self.unit = (
            rf"(?:每|1/)?(?:(?:{units})|(?:{scale}|[百千])(?:{units}))(?:/[百千万]?(?:人口?|常住人口))?"
        )
        self.scaled = rf"^({scale}|[百千])((?:{units}).*)$"
        self.exact = rf"^(?:{units})$"
        lead, bound = self.words.pattern("lead"), self.words.pattern("bound")
        end = rf"\s?(?:{scale})?\s?(?:{units})?"
        self.number = (
            rf"^(?:(?:{lead})\s?)*〔?{FIGURE}{end}(?:\s?-{{1,2}}\s?{FIGURE}{end})?〕?{end}(?:{bound})*"
            rf"(?:\((?:{units}|{bound})\))?$|^(?:实现|基本|基本实现)?{COVERAGE}$"
        )

    def with_kind(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Add to ``cells`` (text) the ``kind`` of each and whether it ``may_head`` a column.

        What is too long for a cell is ``other``.
        """
        text = pl.col("text")
        short = pl.when(text.str.len_chars().is_between(1, LONGEST_CELL)).then(text)
        return (
            cells.with_columns(short=short)
            .with_columns(compact=pl.col("short").str.replace_all(r"\s", ""))
            .pipe(with_distinct, "short", "compact", _kind=self._kind(), _head=self._may_head())
            .with_columns(
                kind=pl.col("_kind").fill_null("other"), may_head=pl.col("_head").fill_null(value=False)
            )
            .drop("short", "compact", "_kind", "_head")
        )

    def _kind(self) -> pl.Expr:
        """One of ``KINDS``, number, unit, mixed or label; null for other words."""
        text, compact = pl.col("short"), pl.col("compact")
        choices = {kind: compact.str.contains(self.words.pattern(kind)) for kind in KINDS}
        choices["unit"] = compact.str.contains(rf"^\(?(?:单位:)?{self.unit}\)?$")
        choices["number"] = text.str.contains(self.number)
        choices["mixed"] = text.str.contains(RUN_TOGETHER)
        choices["label"] = (
            text.str.contains(LABEL) & ~text.str.contains(NO_LABEL) & (text.str.len_chars() <= LONGEST_LABEL)
        )
        return pl.coalesce(*(pl.when(fits).then(pl.lit(kind)) for kind, fits in choices.items()))

    def may_be_number(self, text: pl.Expr) -> pl.Expr:
        """Whether a cell is a number, or a year without 年, unless it is of a kind that comes before."""
        bare = text.str.replace_all(r"\s", "").str.contains(self.words.pattern("bare_year"))
        return text.str.contains(self.number) | bare

    def _may_head(self) -> pl.Expr:
        """Whether the text could stand over a column as the kind, people or place of its values."""
        heads = f"{self.words.pattern(OF_KIND)}|{self.words.pattern('whole')}"
        return pl.col("compact").str.contains(heads)

    def of_kind(self, head: pl.Expr) -> pl.Expr:
        """What a head says its values are of: 二级医院, 女性; empty for the whole, null for other heads."""
        named = pl.when(head.str.contains(self.words.pattern(OF_KIND))).then(head)
        whole = pl.when(head.str.contains(self.words.pattern("whole"))).then(pl.lit(""))
        return pl.coalesce(whole, named.str.replace("^([男女])$", "${1}性"))

    def caption_unit(self, text: pl.Expr) -> pl.Expr:
        """The unit that a line before a table gives for the whole of it (单位:万人次)."""
        named = text.str.extract(self.words.pattern("caption").removeprefix("(?:").removesuffix(")"))
        return pl.when(named.str.contains(rf"^{self.unit}$")).then(named)

    def bracketed_unit(self, text: pl.Expr) -> pl.Expr:
        """The unit in the last brackets of ``text``, which may not be closed (死亡率(1/10万)."""
        return text.str.extract(rf"\(\s*(?:单位:)?({self.unit})\s*\)?\s*$")

    def without_unit(self, text: pl.Expr) -> pl.Expr:
        """``text`` without its bracketed unit, number and marks: ``3.床位数(张)`` is 床位数."""
        bare = text.str.replace(rf"\s*\(\s*(?:单位:)?(?:{self.unit})?\s*\)?\s*$", "")
        return bare.str.replace(r"^(?:\(?[0-9]{1,2}(?:[、)]|\.\s?)|[①-⑳])\s*", "").str.replace(
            r"\s*[①-⑳*#]+$", ""
        )

    def unit_name(self, text: pl.Expr) -> pl.Expr:
        """The base unit of a written one: 人次 of 万人次, /10万 of 1/10万, 张 of 张/千人."""
        plain = text.str.replace(r"^1?/", "/").str.replace(r"([^/])/[百千万]?(?:人口|常住人口|人)$", "${1}")
        whole = text.str.contains(self.exact)
        base = pl.when(whole).then(text).otherwise(pl.coalesce(plain.str.extract(self.scaled, 2), plain))
        return base.str.replace("^1/10", "/10").str.replace("^每", "/").replace(UNIT_NAMES)

    def factor(self, text: pl.Expr) -> pl.Expr:
        """The multiplier of a written unit: 1e4 of 万人次, 1 of 张; 1 where none is written."""
        word = pl.when(~text.str.contains(self.exact)).then(text.str.extract(self.scaled, 1))
        return word.replace_strict(FACTORS, default=None, return_dtype=pl.Float64()).fill_null(1.0)
