"""What the pages ask of the published file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.files import NO_BAR

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Warehouse:
    """The published file, open for reading; ``folder`` is where it stands."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    @staticmethod
    @contextmanager
    def open(database: Path) -> Iterator[Warehouse]:
        """The file ``database``, read-only; raises ``duckdb.Error`` if it can't be read."""
        import duckdb

        with duckdb.connect(str(database), read_only=True) as connection:
            connection.execute(NO_BAR)
            yield Warehouse(connection, database.parent)

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query, each by column name."""
        result = self.connection.execute(sql, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
