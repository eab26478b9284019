"""Where the assets work: the folders, held for the time of a run, and what one asset leaves for the next."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from pipelines import cluster, reading, store
from pipelines.assembly import Assembly, build_run
from pipelines.assets.retry import tried_again
from pipelines.assets.stages import CODE_VERSION
from pipelines.engine import load_seeds
from pipelines.places import Url, place
from pipelines.settings import CORRECTIONS, ENGINES, CannotBuild, Operations, Settings
from pipelines.shared_shelf import SharedShelf
from pipelines.shelf import Shelf
from pipelines.workers import Threads, Workers, usual_count
from warehouse.files import KEPT, STATE
from warehouse.tables import BUILD_RUN, QUALITY_FAILURE, QUALITY_RESULT
from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE


class Workplace(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is for wrapped resources
    """The source folders, the corrections, and the output folder, which is held while steps work in it."""

    sources: list[str]
    output: str
    strict: bool = False
    corrections: str = str(CORRECTIONS)
    keep: int = KEPT
    workers: int = 0
    engine: str = ENGINES[0]
    address: str = Settings.address
    shared: str = ""
    site: bool = True
    retries: int = Operations.retries
    retry_seconds: float = Operations.retry_seconds
    _held: ExitStack = PrivateAttr(default_factory=ExitStack)
    _hands: Workers | None = PrivateAttr(default=None)

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
        return Settings(
            tuple(map(place, self.sources)),
            Path(self.output),
            self.strict,
            Path(self.corrections),
            self.keep,
            self.workers,
            self.engine,
            self.address,
            place(self.shared) if self.shared else None,
            self.site,
        )

    def hands(self) -> Workers:
        """Who reads and checks batches of documents, to the end of the run."""
        if self.engine not in ENGINES:
            raise CannotBuild(f"the engine is {self.engine!r}; it may be {' or '.join(ENGINES)}")
        if self._hands is None and self.engine == "ray":
            self._hands = self._held.enter_context(cluster.connected(self.address))
        return self._hands or Threads(self.workers or usual_count())

    def kept(self, what: str) -> Shelf:
        """The batches of documents that this code has ``read`` or ``checked``."""
        place, code = self.settings().shared, CODE_VERSION[:16]
        if isinstance(place, Url):
            copies = store.kept(Path(self.output), what) / code
            return SharedShelf(copies, Url(f"{place}/{what}/{code}"))
        return Shelf((place or Path(self.output) / STATE).absolute() / what / code)

    def passed(self) -> Shelf:
        """What the assets of a run pass on, a folder an asset."""
        return Shelf(store.kept(Path(self.output), "run"))

    def assembly(self) -> Assembly:
        """The documents of this run put together; raises ``CannotBuild`` if its sources were never listed."""
        if "sources" not in self.passed().batches():
            raise CannotBuild("the sources are not listed yet; materialise the asset sources first")
        names = ("listed", "corrections", DOCUMENT_VERSION.name, PAST_VALUE.name)
        listed, corrections, *carried = (self.passed().scan("sources", n).collect() for n in names)
        read, checked = self.kept("read"), self.kept("checked")
        live = reading.live(read, reading.wanted(listed, corrections))
        past = dict(zip(names[2:], carried, strict=True))
        return Assembly(read, checked, live, listed, corrections, past, load_seeds().reference)

    def tidy(self) -> None:
        """Take away what was kept for older builds: readings by other code, and of texts that are gone."""
        build = self.assembly()
        reading.tidy(build.read, build.checked, build.live)
        build.read.drop_others()
        build.checked.drop_others()

    def tables(self) -> dict[str, pl.LazyFrame]:
        """All tables of this run, by name; each is read when it is collected."""
        build, passed = self.assembly(), self.passed()
        if "validated" not in passed.batches():
            raise CannotBuild("the values are not validated yet; materialise the asset validated first")
        others = {name: frame.lazy() for name, frame in build.build_tables().items()}
        quality = {t.name: passed.scan("validated", t.name) for t in (QUALITY_RESULT, QUALITY_FAILURE)}
        tables = build.document_tables() | others | quality
        run = build_run(passed.scan("sources", "fingerprint").collect(), tables)
        return tables | {BUILD_RUN.name: run.lazy()}


def at_work(step: Callable[[Workplace], Any]) -> Callable[[Workplace], Any]:
    """Have the step of an asset hold the output folder, and be tried again where what it raises may pass."""

    @wraps(step)
    def held(workplace: Workplace) -> Any:
        with workplace.hold():
            return step(workplace)

    @wraps(step)
    def held_while_it_yields(workplace: Workplace) -> Any:
        with workplace.hold():
            yield from step(workplace)

    return held_while_it_yields if isgeneratorfunction(step) else held
