"""The shell of ``hiw sql``: SQL that ends with ``;``, and a few commands that begin with a dot.

Made of the standard library: ``code`` for the dialogue, ``readline`` for history and the tab key, ``sqlite3``
to tell whether a statement is whole.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import textwrap
from code import InteractiveConsole
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ask import CannotAsk
from pipelines.log import log

if TYPE_CHECKING:
    import duckdb

try:
    import readline
except ImportError:  # where Python comes without it, there is no history and no tab key
    readline = None  # type: ignore[assignment]

BANNER = "The published file, to read only. SQL ends with ;   .help for help, .quit to leave"
HELP = """\
.tables          every table and view, and what a row of it is
.describe NAME   the columns of a table or view: type and meaning
.help            this
.quit            leave, as Ctrl-D does
Anything else is SQL, over as many lines as you like; ; ends it. Ctrl-C drops what was begun.
A table shows the rows that `hiw sql --rows N` was started with, 100 without it.\
"""
_RELATIONS = """
    SELECT name, comment
    FROM (
        SELECT table_name AS name, comment FROM duckdb_tables() WHERE NOT internal
        UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
    )
"""
_HISTORY = 1000  # lines kept


class Shell(InteractiveConsole):
    """A dialogue: ``answer`` runs one text of SQL and prints what it gives."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, answer: Callable[[str], None]) -> None:
        super().__init__()
        self.connection = connection
        self.answer = answer

    def runsource(self, source: str, filename: str = "", symbol: str = "") -> bool:  # noqa: ARG002
        """Answer ``source`` if it is whole; whether more lines are needed."""
        text = source.strip()
        dotted = text.startswith(".")
        if text and not dotted and not sqlite3.complete_statement(text):
            return True
        try:
            if dotted:
                print(*command(self.connection, text), sep="\n")
            else:
                self.answer(text)
        except CannotAsk as error:
            for line in error.lines:
                log.error(line)
        return False

    def raw_input(self, prompt: str = "") -> str:  # noqa: ARG002 - Python's own prompt
        """The next line; the prompt says whether it goes on with the one before."""
        return input("...> " if self.buffer else "hiw> ")

    def run(self) -> None:
        """Talk until ``.quit`` or the end of the input, with the history of earlier times."""
        history = _history()
        if readline:
            readline.set_completer(_Completer(self.connection))
            readline.parse_and_bind("tab: complete")
            with suppress(OSError):
                readline.read_history_file(history)
        try:
            self.interact(banner=BANNER, exitmsg="")
        finally:
            _keep_history(history)


def command(connection: duckdb.DuckDBPyConnection, line: str) -> Iterator[str]:
    """The lines that a command prints; ``.quit`` raises ``SystemExit``, an unknown one :class:`CannotAsk`."""
    word, _, name = line.rstrip("; ").partition(" ")
    if word in (".quit", ".exit"):
        raise SystemExit(0)
    if word == ".tables":
        return _tables(connection)
    if word == ".describe" and name.strip():
        return _describe(connection, name.strip().strip('"'))
    if word == ".help":
        return iter([HELP])
    raise CannotAsk(f"no command {line}; .help lists them")


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    rows = connection.execute(f"{_RELATIONS} ORDER BY name").fetchall()
    width = max((len(name) for name, _ in rows), default=0)
    for name, comment in rows:
        yield _entry(f"{name:<{width}}", comment)


def _describe(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    relation = connection.execute(f"{_RELATIONS} WHERE lower(name) = lower(?)", [name]).fetchone()
    if relation is None:
        raise CannotAsk(f"no table or view {name}; .tables lists them")
    found = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE lower(table_name) = lower(?)"
    rows = connection.execute(f"{found} ORDER BY column_index", [name]).fetchall()
    width = max(len(column) for column, _, _ in rows)
    head = [textwrap.fill(f"{relation[0]}: {relation[1] or ''}", _room()), ""]
    return iter(head + [_entry(f"{column:<{width}}  {kind:<9}", comment) for column, kind, comment in rows])


def _entry(head: str, text: str | None) -> str:
    head += "  "
    wrapped = textwrap.fill(text or "", _room(), initial_indent=head, subsequent_indent=" " * len(head))
    return wrapped.rstrip() or head.rstrip()


def _room() -> int:
    return max(shutil.get_terminal_size((100, 24)).columns, 60)


class _Completer:
    """Names of tables, views, columns and commands that begin as the word at the cursor does."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal")
        names = {name for row in rows.fetchall() for name in row}
        self.names = [".describe", ".help", ".quit", ".tables", *sorted(names)]

    def __call__(self, begun: str, number: int) -> str | None:
        fitting = [name for name in self.names if name.startswith(begun)]
        return fitting[number] if number < len(fitting) else None


def _history() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return Path(state) / "hiw/sql_history"


def _keep_history(path: Path) -> None:
    if not readline:
        return
    readline.set_history_length(_HISTORY)
    with suppress(OSError):  # a home that can't be written to is no reason to fail
        path.parent.mkdir(parents=True, exist_ok=True)
        readline.write_history_file(path)
