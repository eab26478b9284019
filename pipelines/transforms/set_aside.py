"""Values that stand in a document and in its mirror count once; what only one of them says is left alone."""

from __future__ import annotations

import polars as pl

from warehouse.contract import conform
from warehouse.mirror_tables import DOCUMENT_SOURCE, DUPLICATE_VALUE

SAID = ["document_id", "reading"]


def set_aside(
    facts: pl.DataFrame, reading: pl.DataFrame, mirrors: pl.DataFrame, correction: pl.DataFrame
) -> pl.DataFrame:
    """The table ``duplicate_value``: those ``facts`` of ``mirrors`` that the document they repeat has too.

    A value is the same if it was read from the same words as the same, and period and place are equal or not
    known in the mirror. What was read counts, not what a steward made of it: a value that is corrected or
    rejected is not to come back from the mirror. A value corrected in the mirror stays.

    ``reading`` as in :class:`.signature.Signed`, ``mirrors`` as :func:`.mirrors.find_mirrors` gives them.
    """
    pairs = _pairs(reading, mirrors)
    value = pl.col("counted_value_id")
    published, rejected = facts["indicator_value_id"], _rejected(correction)
    counted = pairs.filter(value.is_in(published.implode()) | value.is_in(rejected.implode())).with_columns(
        pl.when(~value.is_in(rejected.implode())).then(value)
    )
    aside = facts.filter(~pl.col("flags").list.contains("corrected")).join(counted, on="indicator_value_id")
    return conform(aside, DUPLICATE_VALUE)


def _pairs(reading: pl.DataFrame, mirrors: pl.DataFrame) -> pl.DataFrame:
    """Values of mirrors (indicator_value_id), each with the same one of the original (counted_value_id).

    Those of the same sentence first, then what lines that break elsewhere have put into another.
    """
    value = reading.sort("document_id", "char_start", "place", "period", "indicator_value_id")
    repeated = value.join(mirrors, on="document_id", maintain_order="left")
    original = value.rename({"document_id": "mirror_of", "indicator_value_id": "counted_value_id"})
    original = original.join(mirrors, on="mirror_of", maintain_order="left")
    in_sentence = _paired(repeated, original, [*SAID, "words"])
    elsewhere = _paired(
        repeated.join(in_sentence, on="indicator_value_id", how="anti", maintain_order="left"),
        original.join(in_sentence, on=["document_id", "counted_value_id"], how="anti", maintain_order="left"),
        SAID,
    )
    return pl.concat([in_sentence, elsewhere]).drop("document_id")


def _paired(repeated: pl.DataFrame, original: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """What has equal columns ``same``, in the order of the text, one with one: also document_id."""
    nth = pl.int_range(pl.len()).over(same)
    return (
        repeated.with_columns(nth=nth)
        .join(original.with_columns(nth=nth), on=[*same, "nth"])
        .filter(_same_or_unknown("period") & _same_or_unknown("place"))
        .select("document_id", "indicator_value_id", "counted_value_id")
    )


def _same_or_unknown(name: str) -> pl.Expr:
    return pl.col(name).is_null() | (pl.col(name) == pl.col(f"{name}_right")).fill_null(value=False)


def _rejected(correction: pl.DataFrame) -> pl.Series:
    """The values that stewards took out of the facts."""
    return correction.filter(action="reject", status="applied")["corrected_value_id"]


def document_source(files: pl.DataFrame, dim_document: pl.DataFrame, mirrors: pl.DataFrame) -> pl.DataFrame:
    """The table ``document_source`` of all ``files`` read (source_file, document_id)."""
    named = dim_document.select("document_id", named="source_file")
    original = pl.coalesce("mirror_of", "document_id")
    copy, mirror = pl.col("source_file") != pl.col("named"), pl.col("mirror_of").is_not_null()
    read_as = (
        pl.when(copy)
        .then(pl.lit("same_bytes"))
        .when(mirror)
        .then(pl.lit("near_duplicate"))
        .otherwise(pl.lit("original"))
    )
    return (
        files.join(named, on="document_id")
        .join(mirrors, on="document_id", how="left")
        .with_columns(read_as=read_as, counts_as=original)
        .pipe(conform, DOCUMENT_SOURCE)
    )
