"""The resolved levels as SDMX-CSV 2.0: one row per observation, for statistical offices' tools.

An observation is a value with indicator, place, time and canonical value known; changes (a growth of 5 %)
are none, since they are not levels. A document may give one indicator several values for one time, so the
document and a count within it are dimensions: a key has one value, and no value is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

AGENCY = "HIW"
DATAFLOW = f"{AGENCY}:INDICATOR_VALUES(1.0.0)"
WHOLE = "_T"  # SDMX's code for the total: nothing narrows the indicator
SPAN = r"^(\d{4})/(\d{4})$"
TIME = r"^\d{4}(-\d{2})?$"


@dataclass(frozen=True)
class Component:
    """A column of the data: its meaning, SDMX data type, and codelist if it has a closed list of codes."""

    id: str
    meaning: str
    type: str = "String"
    codelist: str = ""
    optional: bool = False


DIMENSIONS = (
    Component("REF_AREA", "Place the value is for", codelist="CL_AREA"),
    Component("INDICATOR", "Canonical indicator", codelist="CL_INDICATOR"),
    Component("QUALIFIER", "Words that narrow the indicator, _T for none"),
    Component("VALUE_TYPE", "To be reached, reached, or a starting point", codelist="CL_VALUE_TYPE"),
    Component("UNIT_MEASURE", "Canonical unit"),
    Component("SOURCE", "Document the value is from, as dim_document.document_id"),
    Component("OCCURRENCE", "Count of the values of this key in the document, from 1 on", "Integer"),
    Component("TIME_PERIOD", "Year, month, or span as start and length", "ObservationalTimePeriod"),
)
MEASURE = Component("OBS_VALUE", "The value in the canonical unit; the low end of a range", "Double")
ATTRIBUTES = (
    Component("COMPARATOR", "How the value binds", codelist="CL_COMPARATOR"),
    Component("UPPER_VALUE", "High end of a range", "Double", optional=True),
    Component("OBS_STATUS", "Whether the value stands in undamaged text", codelist="CL_OBS_STATUS"),
    Component("VALUE_ID", "The row in fact_indicator_value, with sentence and place in the text"),
)
COMPONENTS = (*DIMENSIONS, MEASURE, *ATTRIBUTES)


def observations(facts: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``facts`` (fact_indicator_value) that are observations, with the columns of SDMX-CSV."""
    ids = [component.id for component in COMPONENTS]
    required = [component.id for component in COMPONENTS if not component.optional]
    key = [component.id for component in DIMENSIONS if component.id != "OCCURRENCE"]
    return (
        facts.filter(pl.col("change").is_null())
        .sort("char_start", "indicator_value_id")
        .select(**_columns(), OCCURRENCE=pl.lit(1))
        .drop_nulls(required)
        .with_columns(OCCURRENCE=pl.col("OCCURRENCE").cum_sum().over(key))
        .select(
            pl.lit("dataflow").alias("STRUCTURE"),
            pl.lit(DATAFLOW).alias("STRUCTURE_ID"),
            pl.lit("I").alias("ACTION"),
            *ids,
        )
        .sort(component.id for component in DIMENSIONS)
    )


def _columns() -> dict[str, pl.Expr]:
    """Each component but OCCURRENCE from the columns of fact_indicator_value."""
    damaged = pl.col("flags").list.contains("damaged")
    return {
        "REF_AREA": pl.col("jurisdiction_code"),
        "INDICATOR": pl.col("indicator_id"),
        "QUALIFIER": pl.col("qualifier").fill_null(WHOLE),
        "VALUE_TYPE": pl.col("value_type"),
        "UNIT_MEASURE": pl.col("canonical_unit"),
        "SOURCE": pl.col("document_id"),
        "TIME_PERIOD": _time_period(pl.col("period")),
        "OBS_VALUE": pl.col("canonical_value"),
        "COMPARATOR": pl.col("comparator"),
        "UPPER_VALUE": pl.col("canonical_value_high"),
        "OBS_STATUS": pl.when(damaged).then(pl.lit("U")).otherwise(pl.lit("A")),
        "VALUE_ID": pl.col("indicator_value_id"),
    }


def _time_period(period: pl.Expr) -> pl.Expr:
    """A year or month as it is; a span of years (2016/2020) as SDMX has it, by start and length."""
    first, last = (period.str.extract(SPAN, group).cast(pl.Int64) for group in (1, 2))
    span = pl.format("{}-01-01/P{}Y", first, last - first + 1)
    return pl.when(period.str.contains(TIME)).then(period).otherwise(span)
