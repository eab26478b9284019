"""The DuckDB file of a build: tables loaded from their Parquet files, views, and the comments of all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import contract, tables
from warehouse.contract import Table, View
from warehouse.files import NO_BAR
from warehouse.value_tables import FACT_INDICATOR_VALUE
from warehouse.views import VIEWS

if TYPE_CHECKING:
    import duckdb

MARTS = Path(__file__).parent / "marts"
# The oldest file format DuckDB still writes on request: drivers of BI tools lag behind the library.
STORAGE_VERSION = "v1.2.0"
# What DuckDB sorts, loads and checks in; more goes to disk. Each thread needs its part of it.
MEMORY_MB, THREADS = 400, 4
# For each byte of the facts as Parquet, while marts are made: not all groups can go to disk.
MEMORY_A_BYTE = 4


class BrokenContract(ValueError):  # noqa: N818  (it says what is broken)
    """A table breaks its key, a reference, NOT NULL or its allowed values; the message says which."""


@contextmanager
def connected(spill: Path, memory_mb: int = MEMORY_MB) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database in memory; what does not fit there goes to the folder ``spill``."""
    import duckdb

    with duckdb.connect() as connection:
        settings = [
            NO_BAR,
            f"SET temp_directory = {contract.quoted(str(spill))}",  # else it would be the working directory
            f"SET memory_limit = '{memory_mb}MB'",
            f"SET threads = {min(THREADS, os.cpu_count() or 1)}",
        ]
        _execute_all(connection, settings)
        yield connection


def build(path: Path, parquet: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Build the file ``path`` (which must not exist) from the Parquet files in the folder ``parquet``.

    Raises :class:`BrokenContract` if a row breaks a key, a reference, NOT NULL or an allowed value.
    """
    location = contract.quoted(str(path))
    connection.execute(f"ATTACH {location} AS built (STORAGE_VERSION '{STORAGE_VERSION}')")
    connection.execute("USE built")
    for table in tables.TABLES:
        _load(connection, table, parquet / f"{table.name}.parquet")
    for table in tables.TABLES:
        if connection.execute(f"FROM {table.name} LIMIT 1").fetchall():
            _check(connection, table)
    share = _share_of_marts(parquet)
    for view in VIEWS:
        _make(connection, view, share)
    _execute_all(connection, ["BEGIN", *_comments(), "COMMIT"])  # at once: each commit is a sync
    _execute_all(connection, ["CHECKPOINT built", "USE memory", "DETACH built"])


def _load(connection: duckdb.DuckDBPyConnection, table: Table, parquet: Path) -> None:
    import duckdb

    connection.execute(contract.create_table_sql(table))
    try:
        source = contract.quoted(str(parquet))
        connection.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM read_parquet({source})")
    except duckdb.ConstraintException as error:
        raise BrokenContract(f"Table {table.name} breaks its contract: {error}") from error


def _check(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Look once for what an index would have refused."""
    for wrong, query in contract.broken_sql(table, contract.single_keys(tables.TABLES)).items():
        for row in connection.execute(query).fetchall():
            found = ", ".join(map(str, row))
            raise BrokenContract(f"Table {table.name} breaks its contract: {wrong}: {found}.")


def _share_of_marts(parquet: Path) -> int:
    """The memory that marts are made in, in MB: more than usual where there are millions of values."""
    facts = (parquet / f"{FACT_INDICATOR_VALUE.name}.parquet").stat().st_size
    return max(MEMORY_MB, MEMORY_A_BYTE * facts // 10**6)


def _make(connection: duckdb.DuckDBPyConnection, view: View, share: int) -> None:
    """Make the view in a ``share`` (MB) of memory; where that is too little, in all there is."""
    import duckdb

    connection.execute(f"SET memory_limit = '{share}MB'")
    try:
        connection.execute(_create_view_sql(view))
    except duckdb.OutOfMemoryException:
        connection.execute("RESET memory_limit")
        connection.execute(_create_view_sql(view))


def _comments() -> Iterator[str]:
    for relation in (*tables.TABLES, *VIEWS):
        yield from contract.comment_sql(relation)


def _create_view_sql(view: View) -> str:
    query = (MARTS / f"{view.name}.sql").read_text(encoding="utf-8")
    if not view.stored:
        return f"CREATE VIEW {view.name} AS {query}"
    return f"CREATE TABLE {view.name} AS FROM ({query}) ORDER BY {', '.join(view.stored)}"


def _execute_all(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)
