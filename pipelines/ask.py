"""The published file opened for questions only, and SQL run on it.

Reading only is not left to manners. DuckDB opens the file read-only, and with its access to any other file
shut off and that setting locked, so that no query can overwrite the published files by ``COPY … TO``, read
what else lies on the disk, or fetch an extension. Temporary tables, macros and variables live in memory and
go with the connection. Who wants to join own files attaches the published file to a DuckDB of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from pipelines.tabular import Result
from warehouse.files import DATABASE

if TYPE_CHECKING:
    import duckdb

_SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
    "temp_directory": "",  # else a large query would write beside the published file
}
_HINT = "`hiw sql` reads the published file and no other; --out FILE keeps a result."


class CannotAsk(click.ClickException):
    """A question that could not be answered, for a reason the user can act on; exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message as ``hiw`` prints all its errors."""
        click.echo(f"hiw: {self.message}", file=file, err=file is None)


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
        yield connection


def results(connection: duckdb.DuckDBPyConnection, statements: list[duckdb.Statement]) -> Iterator[Result]:
    """Run the statements in turn; those that give rows are run by who fetches their result.

    Raises ``duckdb.Error``, as fetching does; :func:`told` makes it fit for people.
    """
    for statement in statements:
        if gives_rows(statement):
            yield Result(connection, statement)
        else:
            connection.execute(statement)
            connection.complete()


def gives_rows(statement: duckdb.Statement) -> bool:
    """Whether a statement has a result to show: a query does, ``CREATE TEMP TABLE`` or ``SET`` does not."""
    import duckdb

    several = statement.type == duckdb.StatementType.MULTI  # PIVOT, which DuckDB takes apart
    return several or list(statement.expected_result_type) == [duckdb.ExpectedResultType.QUERY_RESULT]


@contextmanager
def told() -> Iterator[None]:
    """Raise what DuckDB says as :class:`CannotAsk`, and its word for Ctrl-C as ``KeyboardInterrupt``."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        hint = f"\n{_HINT}" if isinstance(error, duckdb.PermissionException) else ""
        raise CannotAsk(str(error).strip().replace("\n\n", "\n") + hint) from error
    except RuntimeError as error:
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
