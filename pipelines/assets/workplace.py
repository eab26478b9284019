"""Where the assets read and write: the resource with the folders, and the manager of staged frames."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from pipelines import store
from pipelines.assets.retry import tried_again
from pipelines.engine import Frames
from pipelines.settings import CORRECTIONS, Operations, Settings
from warehouse.tables import TABLES


class Workplace(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is for wrapped resources
    """The source folders, the corrections, and the output folder, which is held while steps work in it."""

    sources: list[str]
    output: str
    strict: bool = False
    corrections: str = str(CORRECTIONS)
    retries: int = Operations.retries
    retry_seconds: float = Operations.retry_seconds
    _held: ExitStack = PrivateAttr(default_factory=ExitStack)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Workplace"]:
        """Let go of the output folder when the run (or the step, if it has a process of its own) is over."""
        del context
        with self._held:
            yield self

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the output folder to the end of the run; what fails in here and may pass is tried again."""
        with tried_again(self.retries, self.retry_seconds):
            self._held.enter_context(store.locked(Path(self.output)))
            yield

    def settings(self) -> Settings:
        """The folders as paths."""
        sources = tuple(map(Path, self.sources))
        return Settings(sources, Path(self.output), self.strict, Path(self.corrections))


def at_work(step: Callable[..., Any]) -> Callable[..., Any]:
    """Have the step of an asset hold the output folder, and be tried again where what it raises may pass."""

    @wraps(step)
    def held(workplace: Workplace, **inputs: Any) -> Any:
        with workplace.hold():
            return step(workplace, **inputs)

    @wraps(step)
    def held_while_it_yields(workplace: Workplace, **inputs: Any) -> Any:
        with workplace.hold():
            yield from step(workplace, **inputs)

    return held_while_it_yields if isgeneratorfunction(step) else held


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
