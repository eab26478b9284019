"""The command ``hiw doctor``: whether a build can run and what is published is whole, a line a check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from pipelines.doctor import inputs, machine, results
from pipelines.doctor.finding import Finding, problem
from pipelines.failure import ExitCode, Failure
from pipelines.log import printable
from pipelines.options import corrections_option, output_option, sources_option
from pipelines.settings import Settings

CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    machine.python,
    machine.packages,
    machine.encoding,
    machine.time_zone,
    machine.temporary,
    machine.memory,
    machine.dagster_home,
    inputs.sources,
    inputs.corrections,
    inputs.seeds,
    inputs.suites,
    results.output,
    results.permissions,
    results.disk,
    results.lock,
    results.published,
    results.parquet,
    results.freshness,
    results.crash,
)
_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command()
@sources_option
@output_option
@corrections_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array instead of lines.")
def doctor(sources: tuple[Path, ...], output: Path, corrections: Path, as_json: bool) -> None:
    """Check the machine, what a build takes and what is published, and say what to do.

    It changes nothing and needs no build to have run. Exit status 1 if there is a problem; warnings are none.
    """
    settings = Settings(sources, output.absolute(), corrections=corrections)
    found = []
    for name, finding in _diagnose(settings):
        found.append({"check": name, **finding._asdict()})
        if not as_json:
            _print(name, finding)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if any(each["level"] == "problem" for each in found):
        raise SystemExit(ExitCode.CANNOT)


def _diagnose(settings: Settings) -> Iterator[tuple[str, Finding]]:
    for check in CHECKS:
        try:
            finding = check(settings)
        except Failure as failure:
            finding = problem(
                failure.lines[0], "mend it" if len(failure.lines) == 1 else "mend it; hiw build names more"
            )
        except Exception as error:  # a check that fails is itself a finding
            finding = problem(f"{type(error).__name__}: {error}", "see what it names; else report it")
        yield check.__name__, finding


def _print(name: str, finding: Finding) -> None:
    level = click.style(f"{finding.level:<8}", fg=_COLOURS[finding.level])
    todo = f" → {finding.todo}" if finding.todo else ""
    click.echo(f"{level} {name.replace('_', ' '):<13} {printable(finding.said + todo)}")
