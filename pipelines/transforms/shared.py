"""What one number of a run says for all of it: ``6.8个和8.1个百分点`` are both percentage points."""

from __future__ import annotations

import polars as pl

from pipelines.transforms.clauses import RUN_KEY
from pipelines.transforms.quantities import DECIMALS, multiplier

CLASSIFIER = "个"
POINTS = ["个百分点", "个千分点"]
ALIKE = 30.0  # 12.5和3.6万人次 are both in ten thousands, 8000、1.2万人 are not


def with_shared_units(facts: pl.DataFrame) -> pl.DataFrame:
    """Complete ``unit``, ``value`` and ``value_high`` by the last unit and multiplier of the run.

    ``unit_shared``: true where a number lacks the sign that others before the last have beside them.
    """
    last_unit = pl.col("unit").drop_nulls().last().over(RUN_KEY)
    written = pl.col("unit").is_not_null().sum().over(RUN_KEY)
    classifier = (pl.col("unit") == CLASSIFIER) & last_unit.is_in(POINTS)
    lacking = pl.col("unit").is_null()
    shared = facts.with_columns(own_factor=multiplier(pl.col("mention"))).with_columns(
        last_factor=pl.col("own_factor").last().over(RUN_KEY), last_value=pl.col("value").last().over(RUN_KEY)
    )
    return shared.with_columns(
        unit=pl.when(classifier | lacking).then(last_unit).otherwise("unit"),
        unit_shared=lacking & (written > 1),
        value=_scaled("value"),
        value_high=_scaled("value_high"),
    ).drop("own_factor", "last_factor", "last_value")


def _scaled(number: str) -> pl.Expr:
    """A number without a unit and multiplier of its own has those of the last, if it is about as large."""
    times = pl.col("value") / (pl.col("last_value") / pl.col("last_factor"))
    bare = pl.col("unit").is_null() & pl.col("own_factor").is_null()
    alike = (times * ALIKE > 1) & (times < ALIKE)
    scaled = (pl.col(number) * pl.col("last_factor")).round(DECIMALS)
    return pl.when(bare & alike).then(scaled).otherwise(number).alias(number)
