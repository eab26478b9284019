"""The command ``hiw sql``: a query on the published file, or a shell for many."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.ask import CannotAsk, Result, gives_rows, opened, results, told
from pipelines.options import output_option
from pipelines.tabular import TEXT_FORMATS, NotForParquet, table, write_parquet
from warehouse.builds import BUILDS

if TYPE_CHECKING:
    import duckdb

_SUFFIXES = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".md": "markdown"}
_FORMATS = ("table", "csv", "json", "parquet", "markdown")


@dataclass(frozen=True)
class Form:
    """How a result is given: ``name`` of the format, the file ``out`` if not the screen, rows of a table."""

    name: str
    out: Path | None
    rows: int


@click.command()
@click.argument("query", required=False)
@click.option(
    "--file",
    "script",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the query from a file.",
)
@output_option
@click.option(
    "--format",
    "name",
    type=click.Choice(_FORMATS),
    help="[default: by the ending of --out, else table]",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the result to this file; parquet needs one.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Rows of a table at most, 0 for all; the other formats always have all.",
)
def sql(
    query: str | None, script: Path | None, output: Path, name: str | None, out: Path | None, rows: int
) -> None:
    """Run QUERY on the published file, which it can only read.

    Without QUERY and --file the query is read from standard input; in a terminal a shell opens. A query that
    begins with a dot is a command of the shell: hiw sql '.describe indicator_values'.

    No file but the published one can be read or written by SQL. To join your own, use DuckDB itself and
    ATTACH 'warehouse/health_indicators.duckdb' AS hiw (READ_ONLY).
    """
    form = Form(name or _SUFFIXES.get(out.suffix if out else "", "table"), out, rows)
    text = _query(query, script)
    _check(form, output, text)
    with opened(output) as connection, told():
        if text is None:
            _talk(connection, form)
        else:
            _answer(connection, text, form)


def _query(query: str | None, script: Path | None) -> str | None:
    """The text of the query, wherever it is; None if a person sits at the other end."""
    if query is not None and script is not None:
        raise click.UsageError("give either QUERY or --file, not both")
    if query is None and script is None and sys.stdin.isatty():
        return None
    try:
        if query is None:
            query = script.read_text(encoding="utf-8-sig") if script else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotAsk(f"the query can't be read as UTF-8 text: {error}") from error
    if not query.strip():
        raise CannotAsk("the query is empty")
    return query


def _check(form: Form, folder: Path, text: str | None) -> None:
    if form.name == "parquet" and form.out is None:
        raise click.UsageError("--format parquet needs --out FILE")
    if form.out is None:
        return
    if text is None:
        raise click.UsageError("--out needs a query")
    target = form.out.resolve()
    if target.is_relative_to((folder / BUILDS).resolve()):
        raise click.UsageError(f"--out {form.out} is one of the published files")


def _talk(connection: duckdb.DuckDBPyConnection, form: Form) -> None:
    from pipelines.sql_shell import Shell

    def answer(text: str) -> None:
        with told():
            _answer(connection, text, form)

    Shell(connection, answer).run()


def _answer(connection: duckdb.DuckDBPyConnection, text: str, form: Form) -> None:
    """Run ``text`` and print or write what it gives."""
    from pipelines.sql_shell import command

    if text.lstrip().startswith("."):
        print(*command(connection, text.strip()), sep="\n")
        return
    statements = connection.extract_statements(text)
    one = form.out is not None or form.name not in ("table", "markdown")
    if one and sum(map(gives_rows, statements)) != 1:
        raise CannotAsk(f"{form.name} holds the result of one query: give one that has a result")
    for result in results(connection, statements):
        _give(result, form)


def _give(result: Result, form: Form) -> None:
    try:
        if form.out is None:
            sys.stdout.writelines(f"{line}\n" for line in _lines(result, form))
        else:
            _write(result, form, form.out)
    except BrokenPipeError:
        raise
    except (OSError, NotForParquet) as error:
        raise CannotAsk(f"{form.out or 'the result'} can't be written: {error}") from error


def _write(result: Result, form: Form, out: Path) -> None:
    """Write ``out`` beside its place first, so that a query that fails leaves what was there."""
    part = out.with_name(f".{out.name}.part")
    try:
        if form.name == "parquet":
            write_parquet(result, part)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                file.writelines(f"{line}\n" for line in _lines(result, form))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _lines(result: Result, form: Form) -> Iterator[str]:
    if form.name != "table":
        return TEXT_FORMATS[form.name](result)
    on_screen = form.out is None and sys.stdout.isatty()
    return table(result, form.rows, shutil.get_terminal_size().columns if on_screen else None)
