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
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import Commands, causes
from pipelines.correct_command import correct
from pipelines.doctor.command import doctor
from pipelines.export_command import export
from pipelines.log import log, printable
from pipelines.options import (
    address_option,
    corrections_option,
    engine_option,
    output_option,
    shared_option,
    site_option,
    sources_option,
)
from pipelines.report_command import report
from pipelines.rollback_command import rollback
from pipelines.settings import CORRECTIONS, Operations, Settings, from_environment
from pipelines.sql_command import sql

if TYPE_CHECKING:
    import polars as pl
    from dagster import EventLogEntry


_ROLLED_BACK = """\
The build of these sources was rolled back, and an earlier one is published. Change the sources, or publish it
all the same with hiw build --again."""


@click.group(cls=Commands)
@click.version_option(package_name="health-indicator-warehouse")
def main() -> None:
    """Chinese health-policy documents in, a warehouse of targets and results out."""


for command in (correct, doctor, export, report, rollback, sql):
    main.add_command(command)


@main.command()
@sources_option
@output_option
@corrections_option
@click.option("--strict", is_flag=True, help="Publish nothing and exit 1 if any document is rejected.")
@click.option("--again", is_flag=True, help="Publish the build even if it was rolled back.")
@engine_option
@address_option
@shared_option
@site_option
def build(strict: bool, again: bool, output: Path, **given: Any) -> None:
    """Read all documents and publish Parquet files, a DuckDB file and a site to look at them.

    Exit status 0 says that the results are published or up to date, even if single documents were rejected;
    after any other the published files are as they were.
    """
    usual = from_environment()
    settings = replace(usual, output=output.absolute(), strict=strict or usual.strict, **given)
    with _rejected_named():
        note = _build(settings, again)
    _summarise(settings, note)


@main.command()
def dictionary() -> None:
    """Print the data dictionary: every table, view and column."""
    from warehouse.contract import dictionary_page
    from warehouse.tables import TABLES
    from warehouse.views import VIEWS

    click.echo(dictionary_page(TABLES, VIEWS), nl=False)


def _build(settings: Settings, again: bool) -> str:
    """Build, unless the output is of exactly these sources, seeds and code, or that build was rolled back.

    Gives the reason why nothing was built. ``again``: a build that was rolled back is built all the same.
    """
    from pipelines import sources, store
    from warehouse import builds

    files = sources.list_sources(settings.sources)
    build_id = store.fingerprint(files, settings.corrections).build_id
    if store.is_published(settings.output, build_id, settings.site):
        rejected = store.published_table(settings.output, "rejected_document")
        sources.require_documents(len(files) - rejected.height, rejected, settings.strict)
        return "Nothing changed since the last build."
    if builds.is_withdrawn(settings.output, build_id) and not again:
        return _ROLLED_BACK
    with store.locked(settings.output):
        _run_job(settings)
    return ""


def _run_job(settings: Settings) -> None:
    """Run the one Dagster job in this process; raises what a stage raised."""
    import dagster as dg

    from pipelines.definitions import JOB, define

    once = Operations(retries=0)  # whoever waits for it is told what is wrong, and may try again
    job = define(settings, once).resolve_job_def(JOB)
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
    hidden = not console.is_terminal or log.shows("info")  # whose lines would be mixed with it
    with Progress(console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=stages)

        def show(entry: EventLogEntry) -> None:
            event = entry.dagster_event
            if event is not None and event.is_step_start:
                bar.update(task, description=event.step_key)
            if event is not None and event.is_step_success:
                bar.advance(task)
                seconds = event.step_success_data.duration_ms / 1000
                log.info("step done", stage=event.step_key, seconds=round(seconds, 3))

        yield show


def _summarise(settings: Settings, note: str) -> None:
    """Print what the published results hold; read back from them, so that it is always true of them."""
    from pipelines.store import SITE, published_table
    from warehouse.publish import DATABASE, PARQUET

    output = settings.output
    run = published_table(output, "build_run").row(0, named=True)
    log.info("up to date" if note else "published", **run)
    if note:
        click.echo(note)
    click.echo(f"documents  {run['documents_read']} read, {run['documents_rejected']} rejected")
    _list_rejected(published_table(output, "rejected_document"))
    _list_off_topic(published_table(output, "dim_document"))
    _count_copies(published_table(output, "document_source"), published_table(output, "duplicate_value"))
    click.echo(f"numbers    {run['numbers_found']} found")
    click.echo(f"values     {run['values_published']} published, {run['values_quarantined']} quarantined")
    _list_corrections(published_table(output, "correction"), settings.corrections)
    click.echo(f"checks     {run['checks_failed']} failed")
    shown = output.relative_to(Path.cwd()) if output.is_relative_to(Path.cwd()) else output
    click.echo(f"results    {shown / DATABASE} and {shown / PARQUET}/")
    if settings.site:
        click.echo(f"report     {shown / SITE}/index.html")


@contextmanager
def _rejected_named() -> Iterator[None]:
    """Name the rejected files where they stop the build, as the summary does where they don't."""
    from pipelines.sources import RejectedDocuments

    try:
        yield
    except Exception as error:
        for cause in causes(error):
            if isinstance(cause, RejectedDocuments):
                _list_rejected(cause.rejected)
        raise


def _list_rejected(rejected: pl.DataFrame) -> None:
    for source_file, reason, detail in rejected.iter_rows():
        click.echo(printable(f"  {source_file}: {reason}, {detail}"))


def _list_off_topic(documents: pl.DataFrame) -> None:
    for name in documents.filter(topic="off_topic")["source_file"].sort():
        click.echo(printable(f"  {name}: off_topic, its values are quarantined; take it away, or leave it"))


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
            click.echo(printable("  {} ({}): {}, {}".format(*row)))
