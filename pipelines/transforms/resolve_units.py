"""Units as written to the canonical ones, and values with them."""

from __future__ import annotations

import polars as pl

from pipelines.reference import Reference

# 家, 个, 所, 项: whatever is no person, bed or event may be counted in any of these words.
COUNTERS = ("items", "institutions")
COUNTED = ("count_org", "count_item", "count_place")
NAMES_ITS_BASE = "^每|[人平]均"
SHARE, POINTS = "proportion", "change_in_proportion"


def with_written_units(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add written_unit (canonical), dimension and factor of ``unit``; null if units.csv does not know it."""
    known = reference.units.select(
        unit="surface_unit", written_unit="canonical_unit", dimension="dimension", factor="factor"
    )
    return values.join(known, on="unit", how="left", maintain_order="left")


def fits() -> pl.Expr:
    """Whether a value in written_unit can be one of an indicator in indicator_unit.

    Looks at unit, written_unit, dimension, change, form, indicator_unit and indicator_dimension. What has no
    unit may be of any indicator, and so may a change in per cent.
    """
    points = (pl.col("dimension") == POINTS) & (pl.col("indicator_dimension") == SHARE)
    return (
        pl.col("unit").is_null()
        | (pl.col("change") == "relative").fill_null(value=False)
        | (pl.col("written_unit") == pl.col("indicator_unit"))
        | ((pl.col("dimension") == SHARE) & (pl.col("indicator_dimension") == SHARE))
        | points
        | _counted()
        | (_based() & pl.col("form").str.contains(NAMES_ITS_BASE))
    ).fill_null(value=False)


def _counted() -> pl.Expr:
    return pl.col("written_unit").is_in(COUNTERS) & pl.col("indicator_dimension").is_in(COUNTED)


def _based() -> pl.Expr:
    """每千人口床位数 is in 张, 居民平均就诊 in 次: the base stands in the name."""
    return pl.col("dimension").str.starts_with("count_") & pl.col("indicator_unit").str.contains("per_")


def with_inferred_units(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Give a value without unit that of its indicator; add inferred: whether it was given."""
    surfaces = (
        reference.units.filter((pl.col("kind") == "unit") & (pl.col("factor") == 1))
        .sort(pl.col("surface_unit") == pl.col("canonical_unit"), descending=True, maintain_order=True)
        .unique("canonical_unit", keep="first", maintain_order=True)
        .select(indicator_unit="canonical_unit", surface="surface_unit")
    )
    joined = values.join(surfaces, on="indicator_unit", how="left", maintain_order="left")
    inferred = pl.col("unit").is_null() & pl.col("surface").is_not_null()
    return joined.with_columns(inferred=inferred, unit=pl.coalesce("unit", "surface")).drop("surface")


def with_canonical_values(values: pl.DataFrame) -> pl.DataFrame:
    """Add canonical_value, canonical_value_high and canonical_unit; null where the unit does not convert.

    The factor of the written unit is applied once. A change keeps a unit of its own (%, percentage points).
    """
    own = pl.col("change").is_not_null() & (
        (pl.col("change") == "relative") | (pl.col("dimension") == POINTS)
    )
    same = pl.col("written_unit") == pl.col("indicator_unit")
    unit = (
        pl.when(own)
        .then("written_unit")
        .when(pl.col("inferred") | same | _counted() | _based())
        .then("indicator_unit")
    )
    factor = pl.when(pl.col("inferred")).then(1.0).otherwise("factor")
    known = pl.when(unit.is_not_null())
    return values.with_columns(
        canonical_unit=unit,
        canonical_value=known.then(pl.col("value") * factor),
        canonical_value_high=known.then(pl.col("value_high") * factor),
    )
