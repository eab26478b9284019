"""The rows that rules look at: those of a table, with what the suite's query tells of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from expectations.checks import ROW
from expectations.failures import EVIDENCE
from expectations.rules import SUITES, Rule, SuiteError, with_lookups
from warehouse.contract import Table
from warehouse.files import NO_BAR

if TYPE_CHECKING:
    import duckdb


@contextmanager
def queries(frames: Mapping[str, pl.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Where the queries of suites are run: on ``frames``, tables by name, numbered in ``row_number``."""
    import duckdb  # deferred: no command but the build checks

    with duckdb.connect() as connection:
        connection.execute(NO_BAR)
        for name, frame in frames.items():
            connection.register(name, frame.lazy())  # lazily: of each, only what a query needs is handed over
        yield connection


def rows_of(
    table: Table,
    rules: Sequence[Rule],
    frames: Mapping[str, pl.DataFrame],
    connection: duckdb.DuckDBPyConnection,
) -> pl.DataFrame:
    """The rows of ``table`` in the columns that ``rules``, their samples and the quarantine need.

    ``connection`` is that of :func:`queries` on ``frames``. Raises :class:`SuiteError` for a query that can't
    be run, or that gives a row twice.
    """
    needed = {ROW, *table.key, *EVIDENCE}.union(*(rule.columns for rule in rules), *(r.shows for r in rules))
    looked_up = with_lookups(frames[table.name], table, frames)
    names = [name for name in looked_up.collect_schema() if name in needed]
    rows = looked_up.select(names).collect()
    query = SUITES / f"{table.name}.sql"
    return _with_added(rows, query, needed, connection) if query.exists() else rows


def _with_added(
    rows: pl.DataFrame, query: Path, needed: Set[str], connection: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    import duckdb

    try:
        given = connection.sql(query.read_text(encoding="utf-8"))
        added = given.select(*(name for name in given.columns if name in needed)).pl()
        return rows.join(added, on=ROW, how="left", validate="1:1", maintain_order="left")
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        raise SuiteError(f"{query.name} can't be run: {error}") from error
