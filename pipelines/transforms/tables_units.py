"""What the rows and heads of a table say of their values: indicator, unit and multiplier, year and role.

A row that begins with 其中, and those after it that name no metric of their own, are parts of the row above
and take its metric and unit: 总诊疗人次数(万人次), 其中:医院 is 医院诊疗人次数.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.tables_words import TableWords

BLOCK = ["document_id", "block"]
ROW = [*BLOCK, "row"]
YEAR = r"((?:19|20)\d{2})"
BARE = "^[0-9.,]+(?:年|月|日)?$"
CAPTION_NEAR = 5  # lines between the line that gives a table's unit and the table


def described(cells: pl.DataFrame, captions: pl.DataFrame, words: TableWords) -> pl.DataFrame:
    """Add to ``cells`` (block, row, label, written, row_attribute, head) what is said of their values.

    ``captions``: document_id, line_no, caption_unit. Added: row_label, row_unit, row_factor, column_year,
    column_role (target or base), column_lead (the word of change that the header has for its numbers).
    """
    rows = _rows(cells, words).select(*ROW, "row_label", "label_unit")
    cells = cells.join(rows, on=ROW, how="left", maintain_order="left")
    cells = _with_captions(cells, captions)
    return cells.with_columns(_heads(words)).with_columns(_units(words)).with_columns(_names())


def _rows(cells: pl.DataFrame, words: TableWords) -> pl.DataFrame:
    """One row per labelled row of a table: its full name, and the unit in its label or its whole's."""
    child_word = words.words.pattern("child")
    rows = cells.filter(pl.col("label").is_not_null()).unique(ROW, keep="first", maintain_order=True)
    rows = rows.with_columns(
        part=pl.col("label").str.contains(child_word),
        label_unit=words.bracketed_unit(pl.col("label")),
        name=words.without_unit(pl.col("label").str.replace(child_word, "").str.strip_chars()),
    ).with_columns(metric=pl.col("name").str.contains(words.metric))
    own = pl.col("metric") | pl.col("label_unit").is_not_null() | pl.col("written").is_not_null()
    # Every row until the next one with a metric or unit of its own, and after 其中, is a part.
    rows = rows.with_columns(whole=(~pl.col("part") & own).cum_sum().over(BLOCK))
    whole = [*BLOCK, "whole"]
    rows = rows.with_columns(
        follows=(pl.col("part").cum_sum() > 0).over(whole),
        whole_name=pl.col("name").first().over(whole),
        whole_unit=pl.coalesce("label_unit", "written").first().over(whole),
    ).with_columns(child=pl.col("follows") & (pl.col("whole") > 0))
    part_unit = pl.when("child").then(pl.coalesce("label_unit", "written", "whole_unit"))
    return rows.with_columns(
        row_label=pl.when(pl.col("child") & ~pl.col("metric")).then(_part_of(words)).otherwise("name"),
        label_unit=pl.coalesce(part_unit, "label_unit"),
    )


def _part_of(words: TableWords) -> pl.Expr:
    """The name of a part: its owner in the place of the whole's, or before it (城市孕产妇死亡率).

    What both name stays once: 医院床位 of 医疗机构床位数 is 医院床位数.
    """
    name, whole = pl.col("name"), pl.col("whole_name")
    owners = {kind: whole.str.extract(rf"^(.*(?:{kind}))").str.len_chars() for kind in words.entities}
    same_kind = [
        pl.when(name.str.contains(f"(?:{kind})(?:\\([^)]*\\))?$")).then(length)
        for kind, length in owners.items()
    ]
    owner = pl.coalesce(*same_kind, 0)
    tail = whole.str.slice(owner).str.replace(words.words.pattern("grand"), "")
    measure = whole.str.slice(pl.max_horizontal(*owners.values()).fill_null(0))
    noun = measure.str.replace("[数率量额]$", "")
    said = (noun != "") & name.str.ends_with(noun)
    full = pl.when(said).then(name + measure.str.slice(noun.str.len_chars())).otherwise(name + tail)
    return pl.when(whole.str.contains(words.metric)).then(full).otherwise(name)


def _with_captions(cells: pl.DataFrame, captions: pl.DataFrame) -> pl.DataFrame:
    """``caption_unit``: the unit that the last line before a table gives for all of it."""
    tables = cells.group_by(BLOCK, maintain_order=True).agg(pl.col("line_no").min())
    found = tables.sort("line_no").join_asof(
        captions.drop_nulls("caption_unit").sort("line_no"),
        on="line_no",
        by="document_id",
        strategy="backward",
        tolerance=CAPTION_NEAR,
        check_sortedness=False,
    )
    return cells.join(found.drop("line_no"), on=BLOCK, how="left", maintain_order="left")


def _heads(words: TableWords) -> list[pl.Expr]:
    """What the words over a column say: year, role, unit, and that its numbers are changes or rates."""
    head = pl.col("head").str.replace_all(r"\s", "")
    lexicon = words.words
    changes = head.str.contains(lexicon.pattern("change"))
    growth = head.str.contains(lexicon.pattern("growth"))
    share = changes & head.str.contains("[率幅速%]|增长") & ~head.str.contains("增长[值数量]")
    level = ~changes & ~growth
    target = head.str.contains("目标|规划|计划|预期")
    base = head.str.contains("基期|基数|基准|基线|现状|现有|当前|目前|实际|完成|上年")
    rate = words.bracketed_unit(head)
    return [
        pl.when(level).then(head.str.extract(YEAR)).alias("column_year"),
        pl.when(level & target)
        .then(pl.lit("target"))
        .when(level & base)
        .then(pl.lit("base"))
        .alias("column_role"),
        pl.when(changes)
        .then(head.str.replace("增减|增[长加幅速]|升降|变化|±", "增长").str.extract("^(.*增长)"))
        .alias("column_lead"),
        words.of_kind(head).alias("of_kind"),
        pl.when(growth).then(head.str.replace(r"\(.*$", "")).alias("growth"),
        pl.coalesce(rate, pl.when(growth | share).then(pl.lit("%"))).alias("head_unit"),
        (changes & rate.is_null() & ~share).fill_null(value=False).alias("unclear"),
    ]


def _units(words: TableWords) -> list[pl.Expr]:
    named = pl.coalesce(
        pl.when(pl.col("column_lead").is_not_null() | pl.col("growth").is_not_null()).then("head_unit"),
        "label_unit",
        "written",
        "head_unit",
        "caption_unit",
    )
    unit = named.str.replace_all(r"[\s()]|单位:", "")
    return [words.unit_name(unit).alias("row_unit"), words.factor(unit).alias("row_factor")]


def _names() -> list[pl.Expr]:
    """A rate of growth has its own name. No value is a change that may be in per cent or not, nor a number
    for which neither header nor unit say what it is.
    """
    grown = pl.col("row_label") + pl.col("growth")
    of_kind = pl.col("of_kind") + pl.col("row_label")
    bare = pl.col("head").is_null() & pl.col("row_unit").is_null() & pl.col("text").str.contains(BARE)
    doubtful = (pl.col("unclear") | bare) & (pl.col("cell") == "value")
    return [
        pl.coalesce(grown, of_kind, "row_label").alias("row_label"),
        pl.when(doubtful).then(pl.lit("unplaced")).otherwise("cell").alias("cell"),
    ]
