"""Values with fields set by hand: what hangs on those is resolved again, what was set stays.

A new indicator_text may be of another indicator, a new unit make another canonical value. ``fixed`` names
the fields of a value that were set and so are not looked for.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.resolve import flagged, kind_of_change, year_of
from pipelines.transforms.resolve_indicators import with_indicator_ids
from pipelines.transforms.resolve_units import with_canonical_values, with_inferred_units, with_written_units

INFERRED = "unit_inferred"
DIRECTIONS = ["increase", "decrease"]
RESOLVED = [
    *("written_unit", "dimension", "factor", "inferred"),
    *("indicator_id", "qualifier", "resolved_by", "indicator_unit", "indicator_dimension"),
    *("canonical_value", "canonical_value_high", "canonical_unit"),
]


def settle(values: pl.DataFrame, lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """``values`` with all that is resolved resolved again, but for the fields in ``fixed``.

    ``values`` are facts as :func:`pipelines.transforms.resolve.resolve` gives them, and have ``fixed``.
    """
    said = {"said_indicator": "indicator_id", "said_qualifier": "qualifier", "raw_words": "sentence"}
    return (
        values.with_columns(**said, sentence="clean_sentence", change=_change())
        .with_columns(*_without_guess())
        .drop(RESOLVED, strict=False)
        .pipe(with_written_units, reference)
        .pipe(with_indicator_ids, lexicons, reference)
        .pipe(_with_indicators_said, reference)
        .pipe(with_inferred_units, reference)
        .with_columns(
            unit=pl.when(~(_fixed("unit") & pl.col("inferred"))).then("unit"),
            inferred=pl.col("inferred") & ~_fixed("unit"),
        )
        .pipe(with_canonical_values)
        .pipe(_with_places_said, reference)
        .with_columns(
            flags=flagged(INFERRED, pl.col("inferred")), year=year_of(pl.col("period")), sentence="raw_words"
        )
        .drop(*said)
    )


def _fixed(field: str) -> pl.Expr:
    return pl.col("fixed").list.contains(field)


def _change() -> pl.Expr:
    """A value is a change if its comparator says so; of what kind, if that is not set, says the unit."""
    asked = _fixed("unit") | _fixed("comparator") | pl.col("change").is_null()
    kind = pl.when(asked).then(kind_of_change()).otherwise("change")
    changes = pl.when(pl.col("comparator").is_in(DIRECTIONS)).then(kind)
    return pl.when(_fixed("change")).then("change").otherwise(changes)


def _without_guess() -> list[pl.Expr]:
    """Take away a unit that was inferred, and that flag, also where a unit is set."""
    guessed = pl.col("inferred") & ~_fixed("unit")
    others = pl.col("flags").list.filter(pl.element() != INFERRED)
    return [
        pl.when(~guessed).then("unit").alias("unit"),
        pl.when(pl.col("inferred") | _fixed("unit")).then(others).otherwise("flags").alias("flags"),
    ]


def _with_indicators_said(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Put an indicator that was set in place of the one found; if it is the same, its qualifier stays."""
    fixed, said = _fixed("indicator_id"), pl.col("said_indicator")
    other = fixed & said.ne_missing(pl.col("indicator_id"))
    found = pl.when(~other).then("qualifier")
    of_indicators = reference.indicator_aliases.select(
        "indicator_id", "indicator_unit", "indicator_dimension"
    ).unique("indicator_id", keep="first", maintain_order=True)
    return (
        values.with_columns(
            indicator_id=pl.when(fixed).then(said).otherwise("indicator_id"),
            qualifier=pl.when(_fixed("qualifier")).then("said_qualifier").otherwise(found),
            resolved_by=pl.when(~fixed)
            .then("resolved_by")
            .when(said.is_not_null())
            .then(pl.lit("correction")),
        )
        .drop("indicator_unit", "indicator_dimension")
        .join(of_indicators, on="indicator_id", how="left", maintain_order="left")
    )


def _with_places_said(values: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Complete a place of which the code or the name was set; a name several places bear gives no code."""
    named = reference.jurisdictions.select("jurisdiction_code", _name="name_zh")
    coded = reference.current_jurisdictions.select(jurisdiction_name="name_zh", _code="jurisdiction_code")
    single = coded.filter(~pl.col("jurisdiction_name").is_duplicated())
    by_code, by_name = _fixed("jurisdiction_code"), _fixed("jurisdiction_name")
    return (
        values.join(named, on="jurisdiction_code", how="left", maintain_order="left")
        .join(single, on="jurisdiction_name", how="left", maintain_order="left")
        .with_columns(
            jurisdiction_name=pl.when(by_code & ~by_name).then("_name").otherwise("jurisdiction_name"),
            jurisdiction_code=pl.when(by_name & ~by_code).then("_code").otherwise("jurisdiction_code"),
        )
        .drop("_name", "_code")
    )
