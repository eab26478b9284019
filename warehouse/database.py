"""The DuckDB file of a build: the tables, loaded from their Parquet files, the views, and all their comments."""

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
# What DuckDB sorts and joins in; more goes to disk. Each thread needs its part of it.
MEMORY, THREADS = "400MB", 4


class BrokenContract(ValueError):  # noqa: N818  (it says what is broken)
    """A table breaks its key, a reference, NOT NULL or its allowed values; the message says which."""


@contextmanager
def connected(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database in memory; what does not fit there goes to the folder ``spill``."""
    import duckdb

    with duckdb.connect() as connection:
        settings = [
            NO_BAR,
            f"SET temp_directory = {contract.quoted(str(spill))}",  # else it would be the working directory
            f"SET memory_limit = '{MEMORY}'",
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
    connection.execute("BEGIN")  # at once: each commit is a sync
    for table in tables.TABLES:
        _execute_all(connection, contract.comment_sql(table))
    for view in VIEWS:
        _execute_all(connection, contract.comment_sql(view, _make(connection, view)))
    connection.execute("COMMIT")
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


def _make(connection: duckdb.DuckDBPyConnection, view: View) -> str:
    """Make the view, or the table that holds its rows; gives which of the two it is."""
    query = (MARTS / f"{view.name}.sql").read_text(encoding="utf-8")
    if not view.stored or (view.pairs and _outnumber_values(connection, query)):
        connection.execute(f"CREATE VIEW {view.name} AS {query}")
        return "VIEW"
    connection.execute(f"CREATE TABLE {view.name} AS FROM ({query}) ORDER BY {', '.join(view.stored)}")
    return "TABLE"


def _outnumber_values(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether the query has more rows than there are values; no more of them are reckoned than that takes."""
    [(values,)] = connection.execute(f"SELECT count(*) FROM {FACT_INDICATOR_VALUE.name}").fetchall()
    some = f"SELECT count(*) FROM (SELECT 1 FROM ({query}) LIMIT {values + 1})"
    [(rows,)] = connection.execute(some).fetchall()
    return bool(rows > values)


def _execute_all(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)
