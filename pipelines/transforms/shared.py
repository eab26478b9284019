"""What one number of a run says for all of it: ``6.8个和8.1个百分点`` are both percentage points."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import RUN_KEY
from pipelines.transforms.quantities import DECIMALS, multiplier

CLASSIFIER = "个"
POINTS = ["个百分点", "个千分点"]
ALIKE = 30.0  # 20、3.6万人次 are both in ten thousands, 8000、1.2万人 are not


def with_shared_units(facts: pl.DataFrame) -> pl.DataFrame:
    """Complete ``unit``, ``value`` and ``value_high`` by the last unit and multiplier of the run.

    ``unit_shared``: true where a number lacks the sign that others before the last have beside them.
    """
    last_unit = pl.col("unit").drop_nulls().last().over(RUN_KEY)
    written = pl.col("unit").is_not_null().sum().over(RUN_KEY)
    classifier = (pl.col("unit") == CLASSIFIER) & last_unit.is_in(POINTS)
    lacking = pl.col("unit").is_null()
    return (
        _with_shared_multiplier(facts)
        .with_columns(
            _scaled("value"),
            _scaled("value_high"),
            unit=pl.when(classifier | lacking).then(last_unit).otherwise("unit"),
            unit_shared=lacking & (written > 1),
        )
        .drop("shared_factor")
    )


def _with_shared_multiplier(facts: pl.DataFrame) -> pl.DataFrame:
    """Add ``shared_factor``, that of the run's last number, for those without unit and multiplier.

    A broken number before it (120、3.5和1.2万人次) shows that it holds for all; whole ones have to be about
    as large as the last. Null where it does not hold.
    """
    bare = pl.col("unit").is_null() & pl.col("factor").is_null()
    broken = bare & (pl.col("value") != pl.col("value").round())
    times = pl.col("value") * pl.col("last_factor") / pl.col("last_value")
    alike = (times * ALIKE > 1) & (times < ALIKE)
    return (
        facts.with_columns(factor=multiplier(pl.col("mention")))
        .with_columns(
            last_factor=pl.col("factor").last().over(RUN_KEY),
            last_value=pl.col("value").last().over(RUN_KEY),
            any_broken=broken.any().over(RUN_KEY),
        )
        .with_columns(shared_factor=pl.when(bare & (alike | pl.col("any_broken"))).then("last_factor"))
        .drop("factor", "last_factor", "last_value", "any_broken")
    )


def _scaled(number: str) -> pl.Expr:
    """``number`` times the shared factor; untouched (not rounded) where there is none."""
    scaled = (pl.col(number) * pl.col("shared_factor")).round(DECIMALS)
    return pl.when(pl.col("shared_factor").is_not_null()).then(scaled).otherwise(number).alias(number)
