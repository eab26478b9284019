"""Where the assets read and write: the resource with the folders, and the manager of staged frames."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines import store
from pipelines.engine import Frames
from pipelines.settings import CORRECTIONS, Settings
from warehouse.tables import TABLES


class Workplace(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is for wrapped resources
    """The source folders, the corrections, and the output folder, which is held for the time of a run."""

    sources: list[str]
    output: str
    strict: bool = False
    corrections: str = str(CORRECTIONS)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Workplace"]:
        """Hold the output folder while a run works in it."""
        del context
        with store.locked(Path(self.output)):
            yield self

    def settings(self) -> Settings:
        """The folders as paths."""
        sources = tuple(map(Path, self.sources))
        return Settings(sources, Path(self.output), self.strict, Path(self.corrections))


class StagedFrames(dg.ConfigurableIOManager):
    """Keeps what a stage yields as Parquet below the output folder, for the stages after it."""

    output: str

    def handle_output(self, context: dg.OutputContext, obj: Frames) -> None:
        """Write the frames of one stage and note how many rows each has."""
        store.write_frames(obj, self._folder(context.asset_key))
        rows = {name: frame.height for name, frame in store.frames_by_name(obj).items()}
        context.add_output_metadata(
            {
                "dagster/row_count": next(iter(rows.values())),
                **{f"rows/{name}": n for name, n in rows.items()},
                **_schemas(store.frames_by_name(obj)),
            }
        )

    def load_input(self, context: dg.InputContext) -> Any:
        """Read the frames of an earlier stage back."""
        return store.read_frames(context.dagster_type.typing_type, self._folder(context.asset_key))

    def _folder(self, key: dg.AssetKey) -> Path:
        return Path(self.output, store.STAGING, *key.path)


def _schemas(frames: dict[str, pl.DataFrame]) -> dict[str, dg.TableSchema]:
    """The columns of the frames between the stages; those of tables are shown from the contract."""
    tables = {table.name for table in TABLES}
    shown = {
        f"columns/{name}": dg.TableSchema(
            [dg.TableColumn(column, str(dtype)) for column, dtype in frame.schema.items()]
        )
        for name, frame in frames.items()
        if name not in tables
    }
    if len(shown) == len(frames):
        return {"dagster/column_schema": next(iter(shown.values())), **shown}
    return shown
