"""Tables to Parquet files and one DuckDB file, which become the published build by one rename.

Everything is built and checked in a staging folder; :mod:`warehouse.builds` then puts it in place. Whoever
stops this at any moment leaves the build before published, or this one, and nothing of both. A reader that
holds the old DuckDB file open keeps reading the old file and blocks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from warehouse import builds, contract, datapackage, tables
from warehouse.contract import Table, View
from warehouse.files import DATABASE as DATABASE  # published from here too
from warehouse.files import KEPT, disk_errors, share, sync_all
from warehouse.files import PARQUET as PARQUET
from warehouse.views import VIEWS

if TYPE_CHECKING:
    import duckdb

MARTS = Path(__file__).parent / "marts"
# The oldest file format DuckDB still writes on request: drivers of BI tools lag behind the library.
STORAGE_VERSION = "v1.2.0"


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
    for table in tables.TABLES:
        write_parquet(frames[table.name].lazy().collect(), table, parquet)
    datapackage.write(parquet, datapackage.parquet(tables.TABLES, parquet))
    build_database(folder / DATABASE, parquet, spill)
    share(folder)
    sync_all(folder)


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


def build_database(path: Path, parquet: Path, spill: Path) -> None:
    """Build the DuckDB file ``path`` (which must not exist) from the Parquet files in the folder ``parquet``.

    What does not fit into memory goes to the folder ``spill`` meanwhile. Raises :class:`PublishError` if a
    row breaks a key, NOT NULL or an allowed value.
    """
    import duckdb

    location, spilt = contract.quoted(str(path)), contract.quoted(str(spill))
    with duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = {spilt}")  # else it would be the working directory
        connection.execute(f"ATTACH {location} AS built (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE built")
        for table in tables.TABLES:
            _load(connection, table, parquet / f"{table.name}.parquet")
        _execute_all(connection, ["BEGIN", *_descriptions(), "COMMIT"])  # at once: each commit is a sync
        _execute_all(connection, ["CHECKPOINT built", "USE memory", "DETACH built"])


def _load(connection: duckdb.DuckDBPyConnection, table: Table, parquet: Path) -> None:
    import duckdb

    connection.execute(contract.create_table_sql(table, contract.single_keys(tables.TABLES)))
    try:
        source = contract.quoted(str(parquet))
        connection.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM read_parquet({source})")
    except duckdb.ConstraintException as error:
        raise PublishError(f"Table {table.name} breaks its contract: {error}") from error


def _descriptions() -> Iterator[str]:
    """What makes the views, and comments of all tables, views and columns."""
    yield from map(_create_view_sql, VIEWS)
    for relation in (*tables.TABLES, *VIEWS):
        yield from contract.comment_sql(relation)


def _create_view_sql(view: View) -> str:
    return f"CREATE VIEW {view.name} AS {(MARTS / f'{view.name}.sql').read_text(encoding='utf-8')}"


def _execute_all(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)
