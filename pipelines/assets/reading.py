"""The reading, from bytes to values: each stage an asset, all run together on one batch after the other."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines import engine, reading
from pipelines.assets import stages
from pipelines.assets.workplace import Workplace, at_work
from pipelines.engine import STAGES, Stage
from pipelines.log import log
from pipelines.sources import require_documents
from warehouse.tables import TABLES

LAYERS = {
    "raw": "raw",
    **dict.fromkeys(("text", "headers", "segments"), "text"),
    **dict.fromkeys(
        ("mentions", "dispositions", "values", "resolved", "corrected", "responsibilities", "signatures"),
        "values",
    ),
}
_EVERY_FILE_READ = "every_file_read"


def _spec(stage: Stage) -> dg.AssetSpec:
    tables = [table for table in TABLES if table.name in stages.fields(engine.yields(stage))]
    return dg.AssetSpec(
        stage.__name__,
        description=stage.__doc__,
        deps=list(engine.needs(stage)),
        group_name=LAYERS[stage.__name__],
        metadata=stages.schemas(tables),
        kinds={"polars"},
        code_version=stages.CODE_VERSION,
    )


@dg.multi_asset(
    specs=[_spec(stage) for stage in STAGES],
    check_specs=[dg.AssetCheckSpec(_EVERY_FILE_READ, asset="raw", description="No file was rejected.")],
)
@at_work
def documents(workplace: Workplace) -> Iterator[Any]:
    """Read the documents that are new or changed; of the others, what was read before stands."""
    passed, kept = workplace.passed(), workplace.kept("read")
    listed, corrections = (passed.scan("sources", name).collect() for name in ("listed", "corrections"))
    kept.sweep()
    wanted = reading.wanted(listed, corrections)
    batches = list(reading.read_new(kept, wanted, corrections, workplace.hands()))
    log.info("documents read", stage="raw", batches=len(batches), documents=sum(b.documents for b in batches))
    assembly = workplace.assembly()
    rejected, read = assembly.rejected(), assembly.documents().height
    for document, reason, detail in rejected.select("source_file", "reason", "detail").iter_rows():
        log.info("document rejected", document=document, stage="raw", reason=reason, detail=detail)
    require_documents(read, rejected, workplace.strict)
    for stage in STAGES:
        yield dg.MaterializeResult(asset_key=stage.__name__, metadata={"documents": read})
    yield dg.AssetCheckResult(
        asset_key="raw",
        check_name=_EVERY_FILE_READ,
        passed=rejected.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rejected": dict(rejected.select("source_file", "reason").iter_rows())},
    )
