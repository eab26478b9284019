"""The raw layer: which files there are."""

import dagster as dg
import polars as pl

from pipelines import engine, past, store
from pipelines.assets import stages
from pipelines.assets.workplace import Workplace, at_work
from pipelines.corrections import load_corrections
from pipelines.sources import list_sources, listing


@dg.asset(group_name="raw", kinds={"file"}, code_version=stages.CODE_VERSION)
@at_work
def sources(workplace: Workplace) -> dg.MaterializeResult[None]:
    """Every text file below the source folders with its hash, the corrections, the build's fingerprint."""
    settings = workplace.settings()
    files = list_sources(settings.sources)
    fingerprint = store.fingerprint(files, settings.corrections, stages.CODE_VERSION)
    listed = listing(files)
    frames = {
        "listed": listed,
        "corrections": load_corrections(settings.corrections, engine.load_seeds().reference),
        "fingerprint": pl.DataFrame([fingerprint._asdict()]),
        **past.carried(settings.output, listed, past.today()),
    }
    workplace.passed().put("sources", frames)
    return dg.MaterializeResult(metadata={"dagster/row_count": len(files)})
