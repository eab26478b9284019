"""Tables to Parquet files and one DuckDB file, put in place by rename.

Everything is built and checked in a staging folder beside the published files; nothing published is touched
until all of it stands. Each file is put in place by one rename: the DuckDB file first, since it is the one
most likely to be in the way, then the Parquet files and their description, and ``build_run`` last of all.
After a crash between two renames every file is whole, and since ``build_run`` still names the build before,
the next build completes the set.
A reader that holds the old DuckDB file open keeps reading the old file and blocks nobody.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from warehouse import contract, datapackage, tables
from warehouse.contract import Table, View
from warehouse.files import DATABASE as DATABASE  # published from here too
from warehouse.files import PARQUET as PARQUET
from warehouse.views import VIEWS

if TYPE_CHECKING:
    import duckdb

STAGING = Path(".state", "publish")
MARTS = Path(__file__).parent / "marts"
# The oldest file format DuckDB still writes on request: drivers of BI tools lag behind the library.
STORAGE_VERSION = "v1.2.0"


class PublishError(ValueError):
    """The tables can't be published as they are; the message says which and why. Nothing was replaced."""


def publish(frames: Mapping[str, pl.LazyFrame | pl.DataFrame], output: Path) -> None:
    """Publish every table as ``output/parquet/<table>.parquet`` and all of them in one DuckDB file.

    That file, ``output/health_indicators.duckdb``, has the views too; ``output/parquet/datapackage.json``
    describes the Parquet files. ``frames`` holds each table of :data:`warehouse.tables.TABLES` by name, and
    nothing else.

    Raises :class:`PublishError` if a table is missing, unknown, lacks a column, or breaks its key, NOT NULL
    or allowed values; ``OSError`` if the folder can't be written. In all cases the published files stay.
    """
    _check_names(frames)
    staging = output / STAGING
    shutil.rmtree(staging, ignore_errors=True)  # what a killed run left
    (staging / PARQUET).mkdir(parents=True)
    try:
        folder = staging / PARQUET
        parquet = [write_parquet(frames[t.name].lazy().collect(), t, folder) for t in tables.TABLES]
        package = datapackage.write(staging / PARQUET, datapackage.parquet(tables.TABLES, staging / PARQUET))
        build_database(staging / DATABASE, staging / PARQUET)
        seal = staging / PARQUET / f"{tables.BUILD_RUN.name}.parquet"
        files = [path for path in parquet if path != seal]
        _put_in_place([staging / DATABASE, *files, package, seal], staging, output)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _check_names(frames: Mapping[str, pl.LazyFrame | pl.DataFrame]) -> None:
    expected = {table.name for table in tables.TABLES}
    notes = {"missing": expected - frames.keys(), "not in the contract": frames.keys() - expected}
    if any(notes.values()):
        words = [f"{note}: {', '.join(sorted(names))}" for note, names in notes.items() if names]
        raise PublishError(f"The tables to publish are not those of warehouse/tables.py; {'; '.join(words)}.")


def write_parquet(frame: pl.DataFrame, table: Table, folder: Path) -> Path:
    """Write ``frame`` as ``folder/<table>.parquet``, with the contract as metadata; gives its path.

    Equal frames give equal bytes. Raises :class:`PublishError` if the frame does not fit the table.
    """
    import pyarrow.parquet as pq  # deferred: slow to import, needed only where a file is written

    path = folder / f"{table.name}.parquet"
    try:
        arrow = contract.arrow_table(contract.conform(frame, table), table)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise PublishError(f"Table {table.name} does not fit its contract: {error}") from error
    pq.write_table(arrow, path, compression="zstd")
    return path


def build_database(path: Path, parquet: Path) -> None:
    """Build the DuckDB file ``path`` (which must not exist) from the Parquet files in the folder ``parquet``.

    Raises :class:`PublishError` if a row breaks a key, NOT NULL or an allowed value.
    """
    import duckdb

    location, spill = contract.quoted(str(path)), contract.quoted(str(path.parent / "spill"))
    with duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = {spill}")  # else it would be the working directory
        connection.execute(f"ATTACH {location} AS built (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE built")
        for table in tables.TABLES:
            _load(connection, table, parquet / f"{table.name}.parquet")
        for view in VIEWS:
            _execute_all(connection, [_create_view_sql(view), *contract.comment_sql(view)])
        _execute_all(connection, ["CHECKPOINT built", "USE memory", "DETACH built"])


def _load(connection: duckdb.DuckDBPyConnection, table: Table, parquet: Path) -> None:
    import duckdb

    connection.execute(contract.create_table_sql(table, contract.single_keys(tables.TABLES)))
    try:
        source = contract.quoted(str(parquet))
        connection.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM read_parquet({source})")
    except duckdb.ConstraintException as error:
        raise PublishError(f"Table {table.name} breaks its contract: {error}") from error
    _execute_all(connection, contract.comment_sql(table))


def _create_view_sql(view: View) -> str:
    return f"CREATE VIEW {view.name} AS {(MARTS / f'{view.name}.sql').read_text(encoding='utf-8')}"


def _execute_all(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _put_in_place(files: list[Path], staging: Path, output: Path) -> None:
    for file in files:
        sync(file)
    (output / PARQUET).mkdir(exist_ok=True)
    for file in files:
        file.replace(output / file.relative_to(staging))
    sync(output / PARQUET)
    sync(output)


def sync(path: Path) -> None:
    """Have the disk hold ``path`` (a file's bytes or a folder's names) before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
