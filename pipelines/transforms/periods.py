"""The year a value is for or due by, and the year a change is measured from."""

from __future__ import annotations

import polars as pl

LOOKING_BACK = "review"
LAST_CLAUSE = "([^,;:。]*)$"
YEAR = r"(?:19|20)\d\d"
YEAR_ITEM = rf"{YEAR}年?(?:底|末)?(?:和|、|及|与|,)?"
PLAIN_YEAR = r"(?:^|[^比较由从与同0-9-])((?:19|20)\d\d)年"
FROM_YEAR = r"((?:19|20)\d\d)年(?:底|末)?的?$"
FROM_LAST_YEAR = "[由从比较](?:上年|去年)(?:同期)?的?$"
COMPARED_YEAR = r"(?:比|较|与|以)((?:19|20)\d\d)年"
GROUND_YEAR = r"((?:19|20)\d\d)年(?:的)?基础上"
YEARS_AVERAGED = r"((?:19|20)\d\d)年?(?:-+|至|到)((?:19|20)\d\d)年"
MONTH_DUE = r"((?:19|20)\d\d)年(\d{1,2})月(?:底|末|份)?(?:之?前|以前)?"
# Years in the names of plans, and years since which something is so, date no value.
ASIDES = r"《[^》]*》|(?:19|20)\d\d年(?:有|以来|起|成立|开始|出台|印发|发布|修订|启动|基础上)"
SAME_PERIOD = "同比|比上年|较上年|比去年|较去年|上年同期"


def with_periods(facts: pl.DataFrame) -> pl.DataFrame:
    """Add period, reference_period and explicit_year (null where the section's year stands in).

    ``facts`` has run_before (what leads up to the fact's run), direction, frame, grows, role, section_period
    and the columns of tables. A starting value (由A到B) has a year only where one is named for it.
    """
    clause = pl.col("run_before").str.extract(LAST_CLAUSE)
    before = pl.col("run_before").str.replace_all(ASIDES, "")
    explicit = (
        pl.concat_str(pl.lit(" "), before).str.extract_all(PLAIN_YEAR).list.last().str.extract(PLAIN_YEAR)
    )
    own = before.str.extract(FROM_YEAR)
    paired = _paired_years(before)
    averaged = before.str.extract_groups(YEARS_AVERAGED)
    mean = pl.when(before.str.contains("平均|年均|累计")).then(
        pl.format("{}/{}", averaged.struct[0], averaged.struct[1])
    )
    due = before.str.extract_groups(MONTH_DUE)
    month = pl.format("{}-{}", due.struct[0], due.struct[1].str.zfill(2))
    compared = pl.coalesce(clause.str.extract(COMPARED_YEAR), clause.str.extract(GROUND_YEAR))
    year = pl.coalesce("column_year", own, pl.when(~pl.col("grows")).then(explicit))
    dated = pl.when(month.is_not_null() & (due.struct[0] == year)).then(month).otherwise(year)
    # The years of a plan are those of its targets; what it starts from has another, which it may not name.
    starting = pl.col("grows") | (pl.col("column_role") == "base").fill_null(value=False)
    last_year = pl.when(pl.col("run_before").str.contains(FROM_LAST_YEAR)).then(
        _year_before("section_period")
    )
    of_section = pl.when(~starting).then("section_period")
    facts = facts.with_columns(
        explicit_year=year.cast(pl.Int64),
        period=pl.coalesce(paired, mean, dated, last_year, of_section),
    )
    same_period = pl.col("frame").str.contains(SAME_PERIOD)
    return facts.with_columns(
        reference_period=pl.when(pl.col("direction").is_not_null()).then(
            pl.coalesce(compared, pl.when(same_period).then(_year_before("period")))
        )
    )


def _paired_years(before: pl.Expr) -> pl.Expr:
    """到2022年和2030年分别…: as many years as numbers in the run, each number its own year."""
    listed = before.str.extract(rf"((?:{YEAR_ITEM}){{2,}})[^。;]*分别[^。;]*$")
    years = listed.str.extract_all(YEAR)
    own = years.list.get(pl.col("run_position"), null_on_oob=True)
    return pl.when((years.list.len() == pl.col("run_length")) & (pl.col("parts_of_subject") == 1)).then(own)


def _year_before(column: str) -> pl.Expr:
    year = pl.col(column).str.extract(r"^(\d{4})$").cast(pl.Int64)
    return (year - 1).cast(pl.String)
