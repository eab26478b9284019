"""Checks of what a build takes: documents, corrections, seeds and suites."""

from __future__ import annotations

from pipelines.doctor.finding import Finding, ok, some, warning
from pipelines.settings import Settings


def sources(settings: Settings) -> Finding:
    """Whether there are documents, and all can be opened. Raises what would stop a build."""
    from pipelines.sources import list_sources

    files = list_sources(settings.sources)
    refused = [f"{file.source_file} ({file.reason})" for file in files if file.reason]
    where = ", ".join(map(str, settings.sources))
    if refused:
        return warning(
            f"{len(refused)} of {len(files)} files in {where} can't be opened: {some(refused)}",
            "give the account that runs hiw leave to read them, or take them away",
        )
    return ok(f"{len(files)} files in {where}")


def corrections(settings: Settings) -> Finding:
    """Whether the corrections can be used. Raises what would stop a build."""
    from pipelines.corrections import load_corrections
    from pipelines.engine import load_seeds

    if not settings.corrections.exists():
        return ok(f"none: {settings.corrections} does not exist")
    rows = load_corrections(settings.corrections, load_seeds().reference).height
    return ok(f"{rows} in {settings.corrections}")


def seeds(_settings: Settings) -> Finding:
    """Whether reference data and vocabulary can be used. Raises what would stop a build."""
    from pipelines.engine import load_seeds

    reference = load_seeds().reference
    return ok(
        f"{reference.indicators.height} indicators, {reference.jurisdictions.height} places, vocabulary"
    )


def suites(_settings: Settings) -> Finding:
    """Whether the rules of the values can be used. Raises what would stop a build."""
    from expectations.rules import SUITES, load_suite

    rules = sum(len(load_suite(path)) for path in sorted(SUITES.glob("*.json")))
    return ok(f"{rules} expectations")
