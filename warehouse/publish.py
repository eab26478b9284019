"""Tables to Parquet files and one DuckDB file, which become the published build by one rename.

Everything is built and checked in a staging folder; :mod:`warehouse.builds` then puts it in place. Whoever
stops this at any moment leaves the build before published, or this one, and nothing of both. A reader that
holds the old DuckDB file open keeps reading the old file and blocks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from warehouse import builds, database, datapackage, parquet_files, tables
from warehouse.contract import Table
from warehouse.files import DATABASE as DATABASE  # published from here too
from warehouse.files import KEPT, disk_errors, share, sync_all
from warehouse.files import PARQUET as PARQUET

if TYPE_CHECKING:
    import duckdb


class PublishError(ValueError):
    """The tables can't be published as they are; the message says which and why. Nothing was replaced."""


def publish(frames: Mapping[str, pl.LazyFrame | pl.DataFrame], output: Path, keep: int = KEPT) -> None:
    """Publish every table as ``output/parquet/<table>.parquet`` and all of them in one DuckDB file.

    That file, ``output/health_indicators.duckdb``, has the views too; ``output/parquet/datapackage.json``
    describes the Parquet files. ``frames`` holds each table of :data:`warehouse.tables.TABLES` by name, and
    nothing else. The last ``keep`` builds stay, to be put back.

    Raises :class:`PublishError` if a table is missing, unknown, lacks a column, or breaks its key, NOT NULL
    or allowed values; ``OSError`` if the folder can't be written. In all cases what was published stays.
    """
    _check_names(frames)
    with builds.staging(output) as staging, disk_errors(output):
        builds.prepare(output)
        _write(frames, staging / "build", spill=staging / "spill")
        builds.add(staging / "build", output, keep)


def _write(frames: Mapping[str, pl.LazyFrame | pl.DataFrame], folder: Path, spill: Path) -> None:
    """Write all that is published as ``folder``, for the group to read, and have the disk hold it."""
    parquet = folder / PARQUET
    parquet.mkdir(parents=True)
    spill.mkdir()
    with database.connected(spill) as connection:
        for table in tables.TABLES:
            _write_parquet(frames[table.name].lazy(), table, parquet, connection)
        datapackage.write(parquet, datapackage.parquet(tables.TABLES, parquet))
        try:
            database.build(folder / DATABASE, parquet, connection)
        except database.BrokenContract as error:
            raise PublishError(str(error)) from error
    share(folder)
    sync_all(folder)


def _check_names(frames: Mapping[str, pl.LazyFrame | pl.DataFrame]) -> None:
    expected = {table.name for table in tables.TABLES}
    notes = {"missing": expected - frames.keys(), "not in the contract": frames.keys() - expected}
    if any(notes.values()):
        words = [f"{note}: {', '.join(sorted(names))}" for note, names in notes.items() if names]
        raise PublishError(f"The tables to publish are not those of warehouse/tables.py; {'; '.join(words)}.")


def _write_parquet(
    rows: pl.LazyFrame, table: Table, folder: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    try:
        parquet_files.write(rows, table, folder / f"{table.name}.parquet", connection)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise PublishError(f"Table {table.name} does not fit its contract: {error}") from error
