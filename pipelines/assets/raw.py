"""The raw layer: the files as they are, and their text."""

import dagster as dg
import polars as pl

from pipelines import engine, store
from pipelines.assets import stages
from pipelines.assets.workplace import Workplace, at_work
from pipelines.corrections import load_corrections
from pipelines.engine import Sources
from pipelines.sources import files_frame, read_sources, require_documents
from pipelines.transforms.decode import Decoded
from warehouse.document_tables import REJECTED_DOCUMENT

_EVERY_FILE_READ = "every_file_read"


@dg.asset(group_name="raw", kinds={"file"}, code_version=stages.CODE_VERSION)
@at_work
def sources(workplace: Workplace) -> Sources:
    """The bytes of every text file below the source folders, the corrections, the build's fingerprint."""
    settings = workplace.settings()
    files = read_sources(settings.sources)
    fingerprint = store.fingerprint(files, settings.corrections)
    corrections = load_corrections(settings.corrections, engine.load_seeds().reference)
    return Sources(files_frame(files), pl.DataFrame([fingerprint._asdict()]), corrections)


@dg.asset(
    group_name="raw",
    kinds={"polars"},
    dagster_type=stages.dagster_type(Decoded),
    metadata=stages.schemas([REJECTED_DOCUMENT]),
    code_version=stages.CODE_VERSION,
    check_specs=[
        dg.AssetCheckSpec(_EVERY_FILE_READ, asset="raw", description="No file was rejected."),
    ],
)
def raw(workplace: Workplace, sources: Sources) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The text of each source file, its encoding and hash; what cannot be read, with the reason."""
    decoded = engine.raw(sources)
    require_documents(decoded.documents.height, decoded.rejected, workplace.strict)
    check = dg.AssetCheckResult(
        check_name=_EVERY_FILE_READ,
        passed=decoded.rejected.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rejected": dict(decoded.rejected.select("source_file", "reason").iter_rows())},
    )
    return dg.MaterializeResult(value=decoded, check_results=[check])
