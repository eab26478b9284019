"""What a build takes over from the one before it: the versions of revised files and their values."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import polars as pl

from pipelines import store
from pipelines.transforms.versions import past_values, versions
from warehouse.contract import Table, empty, polars_schema
from warehouse.document_tables import DIM_DOCUMENT
from warehouse.files import DATABASE
from warehouse.value_views import INDICATOR_VALUES
from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE


def today() -> dt.date:
    """The day of this build (UTC); ``SOURCE_DATE_EPOCH`` (seconds since 1970) sets it, as elsewhere."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)
    return now.date()


def carried(output: Path, listed: pl.DataFrame, day: dt.date) -> dict[str, pl.DataFrame]:
    """The tables ``document_version`` and ``past_value`` of a build of the files ``listed`` on ``day``.

    Of a build before whose tables can't be read, nothing is taken over.
    """
    new = listed.select("source_file", document_id=pl.col("content_sha256").str.head(16)).unique(
        "source_file", keep="first"
    )
    known = versions(
        _published(output, DOCUMENT_VERSION),
        _published(output, DIM_DOCUMENT).select("source_file", "document_id"),
        new,
        day,
    )
    ended = known.drop_nulls("valid_to")["document_id"].unique().to_list()
    values = past_values(_published(output, PAST_VALUE), _values(output, ended), known)
    return {DOCUMENT_VERSION.name: known, PAST_VALUE.name: values}


def _published(output: Path, table: Table) -> pl.DataFrame:
    """A table as published before; columns it had not then are null."""
    try:
        frame = store.published_table(output, table.name)
    except (OSError, pl.exceptions.PolarsError):
        return empty(table)
    absent = [pl.lit(None).alias(name) for name in table.names() if name not in frame.columns]
    return frame.with_columns(absent).select(pl.col(n).cast(t) for n, t in polars_schema(table).items())


def _values(output: Path, documents: list[str]) -> pl.DataFrame:
    """The rows of ``indicator_values`` of these documents, as published before."""
    import duckdb

    query = f"FROM {INDICATOR_VALUES.name} WHERE document_id IN (SELECT unnest(?))"
    try:
        with duckdb.connect(output / DATABASE, read_only=True) as database:
            frame: pl.DataFrame = database.sql(query, params=[documents]).pl()
    except duckdb.Error:
        return empty(PAST_VALUE).select(column.name for column in INDICATOR_VALUES.columns)
    return frame
