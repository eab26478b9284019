"""The marts layer: what holds goes to the warehouse, what does not to the quarantine."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import dagster as dg
import polars as pl

import expectations
from pipelines import checking, history, store
from pipelines.assets import stages
from pipelines.assets.checks import check_results
from pipelines.assets.workplace import Workplace, at_work
from pipelines.engine import STAGES
from pipelines.log import log
from warehouse.mirror_tables import DUPLICATE_VALUE
from warehouse.publish import publish
from warehouse.tables import BUILD_RUN, QUALITY_FAILURE, QUALITY_RESULT, TABLES
from warehouse.value_tables import FACT_INDICATOR_VALUE, REJECTED_VALUE

# Built, or found to be up to date, once a day; the hours beyond are for a build that waits or takes long.
_FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=30), warn_window=timedelta(hours=26))
_VALIDATED = [FACT_INDICATOR_VALUE, REJECTED_VALUE, QUALITY_RESULT, QUALITY_FAILURE]
# One check a table; those left out are made by the validation and after it.
_CHECKED = [t.name for t in TABLES if t not in (*_VALIDATED[1:], DUPLICATE_VALUE, BUILD_RUN)]


@dg.asset(
    group_name="marts",
    kinds={"greatexpectations"},
    deps=[stage.__name__ for stage in STAGES],
    metadata=stages.schemas(_VALIDATED),
    code_version=stages.CODE_VERSION,
    check_specs=[
        dg.AssetCheckSpec(name, asset="validated", description=f"What must hold of {name}.")
        for name in _CHECKED
    ],
)
@at_work
def validated(workplace: Workplace) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The facts that hold, the quarantined ones with the rule they failed, and the result of every check."""
    build, checked = workplace.assembly(), workplace.kept("checked")
    checked.sweep()
    batches = list(checking.check_new(build.read, checked, build.batches(), workplace.hands()))
    log.info("batches checked", stage="validated", batches=len(batches))
    quality = build.quality()
    workplace.passed().put("validated", quality)
    results = check_results(quality[QUALITY_RESULT.name], quality[QUALITY_FAILURE.name], _CHECKED)
    return dg.MaterializeResult(check_results=list(results))


@dg.asset(
    group_name="marts",
    kinds={"duckdb", "parquet"},
    deps=["validated"],
    metadata=stages.schemas(TABLES),
    freshness_policy=_FRESH,
    code_version=stages.CODE_VERSION,
)
@at_work
def published(workplace: Workplace) -> dg.MaterializeResult[None]:
    """All tables as Parquet and in one DuckDB file, unless too much is in quarantine."""
    settings = workplace.settings()
    output = settings.output
    tables = workplace.tables()
    _gate(tables, output)
    notes = history.record(output)  # also of the build before, if that was stopped too early
    publish(tables, output, settings.keep)
    for note in [*notes, *history.record(output)]:
        log.warning(note, stage="published")
    workplace.tidy()
    run = store.published_table(output, BUILD_RUN.name).row(0, named=True)
    return dg.MaterializeResult(metadata={"dagster/row_count": run["values_published"], **run})


def _gate(tables: Mapping[str, pl.LazyFrame], output: Path) -> None:
    """Raise ``QuarantineExceeded``, with the place where the quarantined rows of this build can be read."""
    rejected = tables[REJECTED_VALUE.name]
    rules = rejected.select("failed_rule").collect().to_series()
    held = tables[FACT_INDICATOR_VALUE.name].select(pl.len()).collect().item()
    try:
        expectations.gate(held + rules.len(), rules, tables[QUALITY_RESULT.name].collect())
    except expectations.QuarantineExceeded as error:
        place = store.kept(output, f"{REJECTED_VALUE.name}.parquet")
        rejected.collect().write_parquet(place)
        raise expectations.QuarantineExceeded(f"{error} (They are in {place}.)") from error
