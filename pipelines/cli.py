"""The command line: ``hiw build`` and ``hiw dictionary`` here, other commands in modules of their own.

Slow imports stand inside the functions that need them, so that ``hiw --help`` answers at once and a build of
unchanged sources never loads the orchestrator.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pipelines.correct_command import correct
from pipelines.export_command import export
from pipelines.report_command import report
from pipelines.settings import CORRECTIONS, CannotBuild, Settings, from_environment
from pipelines.sql_command import sql

if TYPE_CHECKING:
    import polars as pl
    from dagster import EventLogEntry


@click.group()
@click.version_option(package_name="health-indicator-warehouse")
def main() -> None:
    """Chinese health-policy documents in, a warehouse of targets and results out."""


main.add_command(correct)
main.add_command(export)
main.add_command(report)
main.add_command(sql)


@main.command()
@click.option(
    "--sources",
    "folders",
    multiple=True,
    metavar="DIR",
    help="Folder with .txt documents; may be given more than once. [default: $HIW_SOURCES, or the samples]",
)
@click.option(
    "--output",
    metavar="DIR",
    help="Folder for the results. [default: $HIW_OUTPUT, or warehouse/]",
)
@click.option(
    "--corrections",
    metavar="FILE",
    help="What stewards corrected. [default: $HIW_CORRECTIONS, or seeds/corrections.csv]",
)
@click.option("--strict", is_flag=True, help="Publish nothing and exit 1 if any document is rejected.")
def build(folders: tuple[str, ...], output: str | None, corrections: str | None, strict: bool) -> None:
    """Read all documents and publish Parquet files, a DuckDB file and a site to look at them.

    Exit status: 0 when the results are published or up to date, even if single documents were rejected;
    1 when they could not be, in which case the published files are left as they were.
    """
    settings = from_environment()
    try:
        sources = tuple(_path(name, "--sources") for name in folders) or settings.sources
        place = settings.output if output is None else _path(output, "--output")
        file = settings.corrections if corrections is None else _path(corrections, "--corrections")
        settings = Settings(sources, place, strict, file)
        built = _build(replace(settings, output=settings.output.absolute()))
    except Exception as error:
        _fail(error)
    _summarise(settings, built)


@main.command()
def dictionary() -> None:
    """Print the data dictionary: every table, view and column."""
    from warehouse.contract import dictionary_page
    from warehouse.tables import TABLES
    from warehouse.views import VIEWS

    click.echo(dictionary_page(TABLES, VIEWS), nl=False)


def _path(name: str, option: str) -> Path:
    """The path of that name; an empty one, as an unset variable gives, would be the working directory."""
    if not name:
        kind = "file" if option == "--corrections" else "folder"
        raise CannotBuild(f"{option} names no {kind}: it is empty")
    return Path(name)


def _build(settings: Settings) -> bool:
    """Build unless the output is of exactly these sources, seeds and code; whether it was built."""
    from pipelines import sources, store

    files = sources.list_sources(settings.sources)
    if store.is_published(settings.output, store.fingerprint(files, settings.corrections).build_id):
        rejected = store.published_table(settings.output, "rejected_document")
        sources.require_documents(len(files) - rejected.height, rejected, settings.strict)
        return False
    with store.locked(settings.output):
        _run_job(settings)
    return True


def _run_job(settings: Settings) -> None:
    """Run the one Dagster job in this process; raises what a stage raised."""
    import dagster as dg

    from pipelines.definitions import JOB, define

    job = define(settings).resolve_job_def(JOB)
    run_id = str(uuid.uuid4())
    with dg.DagsterInstance.ephemeral() as instance, _progress(len(job.nodes)) as show:
        instance.add_event_listener(run_id, show)
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        try:
            job.execute_in_process(run_config=quiet, instance=instance, run_id=run_id)
        except dg.DagsterExecutionInterruptedError as error:  # how Dagster passes on Ctrl-C
            raise KeyboardInterrupt from error


@contextmanager
def _progress(stages: int) -> Iterator[Callable[[EventLogEntry], None]]:
    """A bar on the terminal that moves with each stage; nothing where there is no terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=stages)

        def show(entry: EventLogEntry) -> None:
            event = entry.dagster_event
            if event is not None and event.is_step_start:
                bar.update(task, description=event.step_key)
            if event is not None and event.is_step_success:
                bar.advance(task)

        yield show


def _summarise(settings: Settings, built: bool) -> None:
    """Print what the published results hold; read back from them, so that it is always true of them."""
    from pipelines.store import SITE, published_table
    from warehouse.publish import DATABASE, PARQUET

    output = settings.output
    run = published_table(output, "build_run").row(0, named=True)
    if not built:
        click.echo("Nothing changed since the last build.")
    click.echo(f"documents  {run['documents_read']} read, {run['documents_rejected']} rejected")
    _list_rejected(published_table(output, "rejected_document"))
    _count_copies(published_table(output, "document_source"), published_table(output, "duplicate_value"))
    click.echo(f"numbers    {run['numbers_found']} found")
    click.echo(f"values     {run['values_published']} published, {run['values_quarantined']} quarantined")
    _list_corrections(published_table(output, "correction"), settings.corrections)
    click.echo(f"checks     {run['checks_failed']} failed")
    shown = output.relative_to(Path.cwd()) if output.is_relative_to(Path.cwd()) else output
    click.echo(f"results    {shown / DATABASE} and {shown / PARQUET}/")
    click.echo(f"report     {shown / SITE}/index.html")


def _list_rejected(rejected: pl.DataFrame) -> None:
    for source_file, reason, detail in rejected.iter_rows():
        click.echo(_one_line(f"  {source_file}: {reason}, {detail}"))


def _count_copies(sources: pl.DataFrame, aside: pl.DataFrame) -> None:
    """Print how many files came in twice, if any did, and how many values that concerns."""
    kinds = dict(sources["read_as"].value_counts().iter_rows())
    same, near = kinds.get("same_bytes", 0), kinds.get("near_duplicate", 0)
    if same or near:
        click.echo(f"copies     {same} the same, {near} nearly the same; {aside.height} values count once")


def _list_corrections(correction: pl.DataFrame, file: Path) -> None:
    """Print how many corrections there are, and each that was not applied."""
    if not file.exists() and file != CORRECTIONS:
        click.echo(f"corrections none: {file} does not exist")
    if correction.is_empty():
        return
    counts = dict(correction["status"].value_counts().iter_rows())
    superseded = f", {counts['superseded']} superseded" if "superseded" in counts else ""
    click.echo(f"corrections {counts.get('applied', 0)} applied, {counts.get('stale', 0)} stale{superseded}")
    columns = ("correction_id", "source_file", "status", "detail")
    for row in correction.select(columns).iter_rows():
        if row[2] != "applied":
            click.echo(_one_line("  {} ({}): {}, {}".format(*row)))


def _fail(error: Exception) -> NoReturn:
    """Exit 1 and say why if ``error`` is one a user can act on; anything else is a fault of the program."""
    from pipelines.reference import ReferenceError
    from pipelines.sources import RejectedDocuments

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, _user_errors()):
        cause = cause.__cause__
    if cause is None:
        raise error
    if isinstance(cause, RejectedDocuments):
        _list_rejected(cause.rejected)
    for line in cause.lines if isinstance(cause, ReferenceError) else [str(cause)]:
        click.echo(_one_line(f"hiw: {line}"), err=True)
    raise SystemExit(1)


def _user_errors() -> tuple[type[Exception], ...]:
    from expectations import QuarantineExceeded, SuiteError
    from pipelines.lexicons import LexiconError
    from pipelines.reference import ReferenceError
    from warehouse.publish import PublishError

    seeds = (LexiconError, ReferenceError, SuiteError)
    return (CannotBuild, QuarantineExceeded, PublishError, OSError, *seeds)


def _one_line(text: str) -> str:
    """``text`` without line ends, which a file name may hold."""
    return " ".join(text.splitlines())
