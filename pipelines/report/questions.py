"""What the pages ask of the published file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.contract import quoted
from warehouse.database import connected

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
_AT_ONCE = 1000
# Several queries are read from side by side, each of which sorts its rows; large files need more.
MEMORY_MB, MEMORY_A_BYTE = 700, 2


@dataclass(frozen=True)
class Warehouse:
    """The published file, open for reading; ``folder`` is where it stands."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    @staticmethod
    @contextmanager
    def open(database: Path, spill: Path, made: Mapping[str, str] | None = None) -> Iterator[Warehouse]:
        """The file ``database``, read-only; raises ``duckdb.Error`` or ``OSError`` if it can't be read.

        ``made``: queries that several pages need, each answered once and then known as ``memory.<name>``.
        ``spill``: the folder for what does not fit into memory; else it would stand beside the file.
        """
        memory = max(MEMORY_MB, MEMORY_A_BYTE * database.stat().st_size // 10**6)
        with connected(spill, memory) as connection:
            connection.execute(f"ATTACH {quoted(str(database))} AS published (READ_ONLY)")
            connection.execute("USE published")
            for name, sql in (made or {}).items():
                connection.execute(f"CREATE TABLE memory.{name} AS {sql}")
            yield Warehouse(connection, database.parent)

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """The rows of a query, each by column name."""
        return list(self.stream(sql, *parameters))

    def stream(self, sql: str, *parameters: Any) -> Iterator[Row]:
        """The same, some at a time; several queries may be read from side by side."""
        cursor = self.connection.cursor().execute("USE published").execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in rows)
