"""Parts of a total (总费用…,其中三级医院…) named without its metric or noun.

Each rule gives the rows it looks at, and their completed subject, null where it has none.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.wording import PER_HEAD, Words

MONEY_NOUN = "((?:投资|资金|投入|经费|费用|支出|收入))$"
SHORT_ITEM = 4


def part_per_head(words: Words) -> tuple[pl.Expr, pl.Expr]:
    """``人均340元(政府补助280元,个人缴费60元)``: the parts of an amount a head are amounts a head."""
    whole = pl.when("in_part").then("total").otherwise("before_text")
    per_head = whole.str.extract(f"^(.*{PER_HEAD})")
    part = (pl.col("in_brackets") | pl.col("in_part")) & (pl.col("unit") == "元") & (pl.col("subject") != "")
    part &= ~pl.col("subject").str.contains(f"(?:{words.classes[1]})$")
    return part, pl.concat_str(per_head, "subject")


def part_of_total(words: Words) -> tuple[pl.Expr, pl.Expr]:
    """``…人均费用9872元,其中三级医院11640元``: a part named without the metric or noun of its total."""
    subject = pl.col("subject")
    total = pl.when("in_brackets").then("before_text").otherwise("total")
    unit = pl.when("in_brackets").then("before_unit").otherwise("total_unit")
    named = (subject != "") & (pl.col("tail") == "")
    of_total = named & (pl.col("in_part") | pl.col("in_brackets")) & unit.eq_missing(pl.col("unit"))
    body = words.classes[1]
    is_body = subject.str.contains(f"(?:{body})$")
    rest = words.rest_for(total, subject)
    # 新建老年医学科6个,其中县级公立医院4个: where the things of the total are, not their kind.
    made = total.str.contains(words.verb) & ~total.str.contains(body) & is_body
    name = (
        pl.when(total.str.ends_with(subject))
        .then(total)
        .when(is_body & words.is_metric(total) & total.str.contains(body))
        .then(pl.concat_str(subject, rest))
        .when(total.str.contains(words.money) & (pl.col("unit") == "元"))
        .then(_part_of_amount(total, words))
        .when(words.is_metric(subject))
        .then(None)
        .when(words.is_metric(total))
        .then(pl.concat_str(subject, rest))
        .when(subject.str.contains(words.degree) & total.str.contains(words.verb))
        .then(pl.concat_str(total.str.extract(f"({words.verb})"), subject))
        .when(_ends_alike(total, 3) & ~is_body)
        .then(_with_end(total, 3))
        .when(_ends_alike(total, 2) & ~is_body)
        .then(_with_end(total, 2))
        .when(
            _lacks_noun(words) & (pl.col("head").str.ends_with("的") | total.str.contains(words.dealt_with))
        )
        .then(pl.concat_str(total, subject))
        .when(made | subject.str.contains(words.kind))
        .then(pl.concat_str(subject, total))
        .when(is_body & total.str.contains(body) & ~total.str.contains(f"(?:{body})$"))
        .then(pl.concat_str(subject, rest))  # of 机构床位 the part 医院 is 医院床位
    )
    return of_total, name


def _part_of_amount(total: pl.Expr, words: Words) -> pl.Expr:
    """``防治经费8.7亿元,其中市县财政3.6亿元``: what the amount is for, the part, and what it is called."""
    called = pl.when(~pl.col("subject").str.contains(words.money)).then(total.str.extract(MONEY_NOUN))
    return pl.concat_str(total.str.replace(words.money, ""), "subject", called.fill_null(""))


def _lacks_noun(words: Words) -> pl.Expr:
    short = pl.col("subject").str.len_chars() <= SHORT_ITEM
    return (short & ~pl.col("subject").str.contains(words.entity)) | pl.col("head").str.ends_with("的")


def _ends_alike(total: pl.Expr, signs: int) -> pl.Expr:
    """设立监测点36个,其中固定监测点8个: the part ends as its total does."""
    longer = total.str.len_chars() > signs + 2
    return longer & (total.str.tail(signs) == pl.col("subject").str.tail(signs))


def _with_end(total: pl.Expr, signs: int) -> pl.Expr:
    return pl.concat_str(total.str.head(total.str.len_chars().cast(pl.Int64) - signs), "subject")
