"""Where things are, and how builds are started, by environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.failure import Failure
from pipelines.places import Place, place, places
from warehouse.files import FEWEST, KEPT

ROOT = Path(__file__).resolve().parents[1]
CORRECTIONS = ROOT / "seeds/corrections.csv"
ENGINES = ("local", "ray")
EXECUTORS = ("in_process", "multiprocess")


class CannotBuild(Failure):
    """A build that could not be done, for a reason the user can act on; the message is for people."""


@dataclass(frozen=True)
class Settings:
    """``sources``: folders with text files. ``output``: the folder of the published results.

    With ``strict`` a single document that cannot be read fails the build. ``corrections``: the file of what
    stewards corrected, which need not exist. ``keep``: how many of the last published builds stay.
    ``workers``: how many batches of documents are read at a time; 0 leaves it to the machine.
    ``engine``: one of :data:`ENGINES`, who reads and checks; for Ray, ``address`` is that of the cluster.
    ``shared``: where what is read and checked is kept; in the output folder if None. ``site``: whether a site
    is written; of many thousand documents it takes longer than all the rest.
    """

    sources: tuple[Place, ...]
    output: Path
    strict: bool = False
    corrections: Path = CORRECTIONS
    keep: int = KEPT
    workers: int = 0
    engine: str = ENGINES[0]
    address: str = "auto"
    shared: Place | None = None
    site: bool = True


@dataclass(frozen=True)
class Operations:
    """How Dagster starts and runs builds; ``hiw build`` needs none of it.

    ``schedule``: the daily build, in five fields of cron, Asia/Shanghai. ``look_seconds``: how often the
    source folders are looked at. ``settle_seconds``: how long no file may have changed before a build starts.
    ``executor``: one of :data:`EXECUTORS`. A step that fails for what may pass is tried again ``retries``
    times, first after ``retry_seconds``, then after about twice as long each time: for half an hour in all.
    """

    schedule: str = "0 5 * * *"
    look_seconds: int = 30
    settle_seconds: int = 30
    executor: str = EXECUTORS[0]
    retries: int = 5
    retry_seconds: float = 30.0


def from_environment() -> Settings:
    """The settings of ``HIW_SOURCES`` (joined by ``os.pathsep``), ``HIW_OUTPUT``, ``HIW_STRICT``,
    ``HIW_CORRECTIONS``, ``HIW_KEEP_BUILDS``, ``HIW_WORKERS``, ``HIW_ENGINE``, ``HIW_RAY_ADDRESS``,
    ``HIW_SHARED`` and ``HIW_SITE``.

    What is not set is the sample corpus, the ``warehouse`` folder and the corrections of this repository, and
    three builds. Raises :class:`CannotBuild` for a value that is none.
    """
    output = os.environ.get("HIW_OUTPUT") or ROOT / "warehouse"
    sources = places(os.environ.get("HIW_SOURCES", "")) or (ROOT / "seeds/documents",)
    corrections = Path(os.environ.get("HIW_CORRECTIONS") or CORRECTIONS)
    strict = _one_of("HIW_STRICT", ("0", "1")) == "1"
    keep, workers = _whole("HIW_KEEP_BUILDS", KEPT, FEWEST), _whole("HIW_WORKERS", 0, 0)
    engine, address = _one_of("HIW_ENGINE", ENGINES), os.environ.get("HIW_RAY_ADDRESS") or Settings.address
    shared = place(os.environ["HIW_SHARED"]) if os.environ.get("HIW_SHARED") else None
    site = _one_of("HIW_SITE", ("1", "0")) == "1"
    return Settings(sources, Path(output), strict, corrections, keep, workers, engine, address, shared, site)


def _whole(variable: str, usual: int, least: int) -> int:
    value = os.environ.get(variable) or str(usual)
    if not (value.isascii() and value.isdigit() and int(value) >= least):
        raise CannotBuild(f"{variable} is {value!r}; it must be a whole number from {least} on")
    return int(value)


def operations() -> Operations:
    """How Dagster starts builds, by ``HIW_SCHEDULE``, ``HIW_LOOK_SECONDS``, ``HIW_SETTLE_SECONDS`` and
    ``HIW_EXECUTOR``.

    Raises :class:`CannotBuild` for a value that is none.
    """
    usual = Operations()
    return Operations(
        os.environ.get("HIW_SCHEDULE") or usual.schedule,
        _seconds("HIW_LOOK_SECONDS", usual.look_seconds),
        _seconds("HIW_SETTLE_SECONDS", usual.settle_seconds),
        _one_of("HIW_EXECUTOR", EXECUTORS),
    )


def _one_of(variable: str, allowed: tuple[str, ...]) -> str:
    """The value of ``variable``; the first of ``allowed`` where it is not set."""
    value = os.environ.get(variable) or allowed[0]
    if value not in allowed:
        raise CannotBuild(f"{variable} is {value!r}; it may be {' or '.join(allowed)}")
    return value


def _seconds(variable: str, usual: int) -> int:
    value = os.environ.get(variable) or str(usual)
    if not (value.isascii() and value.isdigit()):
        raise CannotBuild(f"{variable} is {value!r}; it is a number of seconds, such as {usual}")
    return int(value)
