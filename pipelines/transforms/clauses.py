"""Around each fact: the words that belong to it, and the facts it stands in a row with.

The text between two numbers is shared out: what follows the first (``tail``: 引进55名|硕士), what leads up
to the second (``head``: 床位达|10万张). Numbers with nothing but separators between them are one run
(90%、80%、60%), and a run that another grows out of (由A发展到B) is linked to it.
"""

from __future__ import annotations

import polars as pl

from pipelines.transforms.distinct import with_distinct
from pipelines.transforms.running import count_before, row_after, row_before

# Running numbers: facts are grouped by them all the time, and by one number that is fast.
LINE_KEY, SENTENCE_KEY, RUN_KEY = "line_id", "sentence_id", "run_id"
BOUND = (
    r"^\s?(?:(?:及其?|或|含|\(含[^()]{0,6}\))?以[上下内]|之[内上下]|左右|上下|之间|余|多|内|\(含[^()]{0,8}\))"
)
SEPARATORS = r"^[、,和及与或;\s”’)]+"
ONLY_SEPARATORS = r"^(?:[、和及与或\s]|以及)+$"
RESPECTIVELY = "分别[^。;]*$"
YEAR_AFTER = r"^\((?:到)?(?:19|20)[0-9]{2}年\)"  # 72%(2022年)、80%(2030年)
AMONG = "^([^,;:。]+)中,?(?:已)?有$"  # 171家门诊中有151家
BREAK = "[,;:。!?]|\\([^()]*$"
CLAUSE = r"((?:[^,;:。!?()]|\((?:[^()]|\([^()]*\))*\))*)$"
NEXT_VALUE = (
    r"^→$|^(?:逐[步年])?(?:发展|提高|提升|增加|上升|下降|降低|增长|减少|扩大|缩短|降|增|升|变)(?:到|至|为|成)了?"
    r"(?:(?:19|20)\d\d年(?:底|末)?的?)?$"
)


def with_clauses(facts: pl.DataFrame, connector: str) -> pl.DataFrame:
    """Add the words and neighbours of each fact; ``facts`` in reading order, with before and after.

    ``connector`` is the pattern of words that lead up to a number (达到, 不低于).

    Added: bound (以上, 左右 … at the unit); head, tail; topic (the clause before the head's, since the
    fact before); sentence_id and run_id (running numbers); run_length, run_position; in_brackets; from_to
    (the run grows out of the run before it); row (running number).
    """
    after_unit = pl.col("after").str.slice(pl.col("unit_length"))
    # 36700多间: the word stands between number and unit; 2万余人 keeps it in the number itself.
    inside = pl.col("after").str.extract(r"^\s?([余多])")
    in_number = pl.col("mention").str.extract("([余多])")
    bounded = facts.with_columns(bound=pl.coalesce(after_unit.str.extract(f"({BOUND})"), inside, in_number))
    bound_length = after_unit.str.extract(f"({BOUND})").str.len_chars().fill_null(0)
    return (
        bounded.with_columns(
            sentence_id=pl.struct("line_id", "sentence_no").rle_id(),
            quantity_end=pl.col("end") + pl.col("unit_length") + bound_length,
        )
        .pipe(_gaps)
        .pipe(_runs)
        .pipe(_heads_and_tails, connector)
        .with_row_index("row")
    )


def _gaps(facts: pl.DataFrame) -> pl.DataFrame:
    """``gap``: the text since the fact before it, or since the sentence begins; ``rest``: up to the next."""
    previous_end = row_before(pl.col("quantity_end"), SENTENCE_KEY)
    next_start = row_after(pl.col("start"), SENTENCE_KEY)
    depth = pl.col("before").str.count_matches("(", literal=True) > pl.col("before").str.count_matches(
        ")", literal=True
    )
    ends = facts.with_columns(first=previous_end.is_null(), last=next_start.is_null(), in_brackets=depth)
    between = (next_start - pl.col("quantity_end")).clip(0)  # a unit may hold the next number: 4/10万
    return ends.with_columns(
        gap=pl.col("sentence")
        .str.slice(previous_end.fill_null(0), (pl.col("start") - previous_end.fill_null(0)).clip(0))
        .str.replace(YEAR_AFTER, ""),
        rest=pl.when("last")
        .then(pl.col("sentence").str.slice(pl.col("quantity_end")))
        .otherwise(pl.col("sentence").str.slice(pl.col("quantity_end"), between))
        .str.replace(YEAR_AFTER, ""),
    )


def _runs(facts: pl.DataFrame) -> pl.DataFrame:
    from_to = ~pl.col("first") & pl.col("gap").str.contains(NEXT_VALUE)
    listed = (pl.col("gap") == ",") & pl.col("before").str.contains(RESPECTIVELY)
    in_row = ~pl.col("first") & (pl.col("gap").str.contains(ONLY_SEPARATORS) | listed)
    return (
        facts.with_columns(from_to=from_to, in_row=in_row)
        .with_columns((~pl.col("in_row")).cum_sum().alias(RUN_KEY))
        .with_columns(
            run_length=pl.len().over(RUN_KEY).cast(pl.Int64),
            run_position=count_before(RUN_KEY),
            from_to=pl.col("from_to").first().over(RUN_KEY),
            grows=row_after(pl.col("from_to"), SENTENCE_KEY).fill_null(value=False),
        )
        .with_columns(grows=pl.col("grows").last().over(RUN_KEY))
    )


def _heads_and_tails(facts: pl.DataFrame, connector: str) -> pl.DataFrame:
    """Share out the gaps.

    Without a clause break, what follows the last separator leads to the next fact, and so does a gap that
    has neither but ends in a connector: its separator was lost.
    """
    before, after = _in_gap(connector), _in_rest(connector)
    around = facts.pipe(with_distinct, "gap", **before).pipe(with_distinct, "rest", **after)
    head = (
        pl.when(pl.col("first") | pl.col("gap_breaks"))
        .then("led")
        .when(pl.col("gap_separates") | pl.col("from_to") | pl.col("gap_leads_on"))
        .then("continued")
        .otherwise("last_part")
    )
    tail = (
        pl.when(pl.col("among").is_not_null())
        .then("among")
        .when(pl.col("rest_separates") | pl.col("grows") | (pl.col("rest_leads_on") & ~pl.col("last")))
        .then(pl.lit(""))
        .when(pl.col("last") | pl.col("rest_breaks"))
        .then("to_break")
        .otherwise("to_separator")
    )
    shared = around.with_columns(head=head, tail=tail.str.strip_chars_end("、和及与 "))
    return shared.drop((before.keys() - {"topic", "before_bracket"}) | after.keys())


def _in_gap(connector: str) -> dict[str, pl.Expr]:
    """What the ``gap`` before a fact may give: its head, whole or in part, and the words before that."""
    gap = pl.col("gap")
    return {
        "gap_breaks": gap.str.contains(BREAK),
        "gap_separates": gap.str.contains(SEPARATORS),
        "gap_leads_on": _leads_on(gap, connector),
        "led": gap.str.extract(CLAUSE),
        "continued": gap.str.replace(SEPARATORS, ""),
        "last_part": gap.str.extract("(?:[、和及与]|以及)([^、和及与]*)$").fill_null(""),
        "topic": gap.str.extract(f"([^,;:。!?]*)[,;:]{CLAUSE}").fill_null(""),
        # 过早死亡率比2017年(19.24%)下降10.5%: the words before the bracket name what stands in it.
        "before_bracket": gap.str.extract("^(.*)\\($").str.extract(CLAUSE).fill_null(""),
    }


def _in_rest(connector: str) -> dict[str, pl.Expr]:
    """What the ``rest`` after a fact may give: its tail, up to a break or to a separator."""
    rest = pl.col("rest")
    return {
        "rest_breaks": rest.str.contains(BREAK),
        "rest_separates": rest.str.contains(SEPARATORS),
        "rest_leads_on": _leads_on(rest, connector),
        "among": rest.str.extract(AMONG),
        "to_break": rest.str.extract(r"^((?:[^,;:。!?()]|\([^()]*\))*)"),
        "to_separator": rest.str.extract("^(.*?)(?:[、和及与]|以及)[^、和及与]*$").fill_null(rest),
    }


def _leads_on(text: pl.Expr, connector: str) -> pl.Expr:
    return text.str.contains(connector) & ~text.str.contains(f"[、和及与]|{BREAK}")
