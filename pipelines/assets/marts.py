"""The marts layer: what holds goes to the warehouse, what does not to the quarantine."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import dagster as dg
import polars as pl

import expectations
from expectations import Validated
from pipelines import engine, history, store
from pipelines.assets import stages
from pipelines.assets.checks import check_results
from pipelines.assets.workplace import Workplace, at_work
from pipelines.engine import STAGES, Frames, Sources
from warehouse.publish import publish
from warehouse.tables import BUILD_RUN, QUALITY_FAILURE, QUALITY_RESULT, TABLES
from warehouse.value_tables import FACT_INDICATOR_VALUE, REJECTED_VALUE

# Built, or found to be up to date, once a day; the hours beyond are for a build that waits or takes long.
_FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=30), warn_window=timedelta(hours=26))
_VALIDATED = [FACT_INDICATOR_VALUE, REJECTED_VALUE, QUALITY_RESULT, QUALITY_FAILURE]
# One check a table; those left out are made by the validation and after it.
_CHECKED = [t.name for t in TABLES if t not in (*_VALIDATED[1:], BUILD_RUN)]
_READING: dict[str, type[Frames]] = {stage.__name__: engine.yields(stage) for stage in STAGES}
_DONE: dict[str, type[Frames]] = {"sources": Sources, **_READING, "validated": Validated}


@dg.asset(
    group_name="marts",
    kinds={"greatexpectations"},
    ins=stages.inputs(_READING),
    dagster_type=stages.dagster_type(Validated),
    metadata=stages.schemas(_VALIDATED),
    code_version=stages.CODE_VERSION,
    check_specs=[
        dg.AssetCheckSpec(name, asset="validated", description=f"What must hold of {name}.")
        for name in _CHECKED
    ],
)
def validated(**reading: Any) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The facts that hold, the quarantined ones with the rule they failed, and the result of every check."""
    tables = engine.tables(_in_order(reading), engine.load_seeds().reference)
    result = expectations.validate(tables)
    return dg.MaterializeResult(value=result, check_results=list(check_results(result, _CHECKED)))


@dg.asset(
    group_name="marts",
    kinds={"duckdb", "parquet"},
    ins=stages.inputs(_DONE),
    metadata=stages.schemas(TABLES),
    freshness_policy=_FRESH,
    code_version=stages.CODE_VERSION,
)
@at_work
def published(workplace: Workplace, **done: Any) -> dg.MaterializeResult[None]:
    """All tables as Parquet and in one DuckDB file, unless too much is in quarantine."""
    _gate(done["validated"], workplace.settings().output)
    tables = engine.tables(_in_order(done), engine.load_seeds().reference)
    tables[BUILD_RUN.name] = engine.build_run(done["sources"].fingerprint, tables)
    _publish(tables, workplace.settings().output)
    rows = {f"rows/{name}": frame.height for name, frame in tables.items()}
    return dg.MaterializeResult(
        metadata={"dagster/row_count": tables[FACT_INDICATOR_VALUE.name].height, **rows}
    )


def _in_order(done: dict[str, Frames]) -> list[Frames]:
    """What the stages yielded, in their order; Dagster hands it over in that of the alphabet."""
    return [done[name] for name in _DONE if name in done]


def _publish(tables: Mapping[str, pl.DataFrame], output: Path) -> None:
    """Publish, and add it to the history; also the build before, if that was stopped too early."""
    notes = history.record(output)
    publish(tables, output)
    for note in [*notes, *history.record(output)]:
        click.echo(f"hiw: {note}", err=True)


def _gate(validated: Validated, output: Path) -> None:
    """Raise ``QuarantineExceeded``, with the place where the quarantined rows of this build can be read."""
    try:
        expectations.gate(validated)
    except expectations.QuarantineExceeded as error:
        staged = output / store.STAGING / "validated"
        raise expectations.QuarantineExceeded(f"{error} (They are in {staged}.)") from error
