"""The published file opened for questions only, and SQL run on it.

Reading only is not left to manners. DuckDB opens the file read-only, and with its access to any other file
shut off and that setting locked, so that no query can overwrite the published files by ``COPY … TO``, read
what else lies on the disk, or fetch an extension. Temporary tables, macros and variables live in memory and
go with the connection. Who wants to join own files attaches the published file to a DuckDB of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.failure import Failure
from warehouse.files import DATABASE

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

T = TypeVar("T")

_SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "temp_directory": "",  # else a large query would write beside the published file
}
_LOCK = """
    SET enable_progress_bar = false;  -- it would be mixed into the result
    SET lock_configuration = true;
"""
_NUMBERS = {
    *("tinyint", "smallint", "integer", "bigint", "hugeint", "float", "double", "decimal"),
    *("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"),
}
_HINT = "`hiw sql` reads the published file and no other; --out FILE keeps a result."


class CannotAsk(Failure):
    """A question that could not be answered, for a reason the user can act on."""


@dataclass
class Result:
    """What a statement that gives rows gives. It is run when its columns or rows are asked for."""

    connection: duckdb.DuckDBPyConnection
    statement: duckdb.Statement

    @cached_property
    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return _stoppable(self.connection, partial(self.connection.execute, self.statement))

    @property
    def columns(self) -> list[str]:
        """The names of the columns as the query has them; two may be alike."""
        return [column[0] for column in self._cursor.description or ()]

    @property
    def unique_columns(self) -> list[str]:
        """The names of the columns, no two alike."""
        return unique(self.columns)

    @property
    def numeric(self) -> list[bool]:
        """For each column whether it holds numbers."""
        return [column[1].id in _NUMBERS for column in self._cursor.description or ()]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, fetched as they are asked for; once only."""
        fetch = partial(self._cursor.fetchmany, 1000)
        return chain.from_iterable(iter(lambda: _stoppable(self.connection, fetch), []))

    def arrow(self) -> pa.Table:
        """All of it at once, as an Arrow table whose columns have unique names."""
        arrow: pa.Table = _stoppable(self.connection, self._arrow)
        return arrow.rename_columns(unique(arrow.column_names))

    def _arrow(self) -> Any:
        return self.connection.sql(self.statement).to_arrow_table()


def unique(names: Iterable[str]) -> list[str]:
    """``names``, a repeated one followed by _1, _2 and so on, as DuckDB has it in a table made of a query."""
    given: list[str] = []
    for name in names:
        numbered = chain([name], map("{}_{}".format, repeat(name), range(1, len(given) + 2)))
        given.append(next(candidate for candidate in numbered if candidate not in given))
    return given


def _stoppable(connection: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Do ``work`` in a thread of its own, for Ctrl-C to get through: DuckDB itself often overlooks it."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            while not future.done():
                connection.interrupt()
                wait([future], timeout=0.1)
            raise


@contextmanager
def opened(output: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published file in the folder ``output``; raises :class:`CannotAsk`."""
    import duckdb

    path = output / DATABASE
    if not path.is_file():
        raise CannotAsk(f"no warehouse in {output}; run `hiw build` or name its folder with --output")
    with told():
        connection = duckdb.connect(str(path), read_only=True, config=_SEALED)
    with connection:
        connection.execute(_LOCK)
        yield connection


def results(connection: duckdb.DuckDBPyConnection, statements: list[duckdb.Statement]) -> Iterator[Result]:
    """Run the statements in turn; those that give rows are run by who fetches their result.

    Raises ``duckdb.Error``, as fetching does; :func:`told` makes it fit for people.
    """
    for statement in statements:
        if gives_rows(statement):
            yield Result(connection, statement)
        else:
            _stoppable(connection, partial(connection.execute, statement))
            _stoppable(connection, connection.complete)


def gives_rows(statement: duckdb.Statement) -> bool:
    """Whether a statement has a result to show: a query does, ``CREATE TEMP TABLE`` or ``SET`` does not."""
    import duckdb

    several = statement.type == duckdb.StatementType.MULTI  # PIVOT, which DuckDB takes apart
    return several or list(statement.expected_result_type) == [duckdb.ExpectedResultType.QUERY_RESULT]


@contextmanager
def told() -> Iterator[None]:
    """Raise what DuckDB says as :class:`CannotAsk`."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        hint = f"\n{_HINT}" if isinstance(error, duckdb.PermissionException) else ""
        raise CannotAsk(*filter(None, f"{error}{hint}".splitlines())) from error
