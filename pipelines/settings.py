"""Where the sources, the seeds and the results are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.failure import Failure
from warehouse.files import FEWEST, KEPT

ROOT = Path(__file__).resolve().parents[1]
CORRECTIONS = ROOT / "seeds/corrections.csv"


class CannotBuild(Failure):
    """A build that could not be done, for a reason the user can act on; the message is for people."""


@dataclass(frozen=True)
class Settings:
    """``sources``: folders with text files. ``output``: the folder of the published results.

    With ``strict`` a single document that cannot be read fails the build. ``corrections``: the file of what
    stewards corrected, which need not exist. ``keep``: how many of the last published builds stay.
    """

    sources: tuple[Path, ...]
    output: Path
    strict: bool = False
    corrections: Path = CORRECTIONS
    keep: int = KEPT


def from_environment() -> Settings:
    """The settings of ``HIW_SOURCES`` (folders joined by ``os.pathsep``), ``HIW_OUTPUT``,
    ``HIW_CORRECTIONS`` and ``HIW_KEEP_BUILDS``.

    What is not set is the sample corpus, the ``warehouse`` folder and the corrections of this repository, and
    three builds. Raises :class:`CannotBuild`.
    """
    folders = [part for part in os.environ.get("HIW_SOURCES", "").split(os.pathsep) if part]
    output = os.environ.get("HIW_OUTPUT") or ROOT / "warehouse"
    sources = tuple(map(Path, folders)) or (ROOT / "seeds/documents",)
    corrections = Path(os.environ.get("HIW_CORRECTIONS") or CORRECTIONS)
    return Settings(sources, Path(output), corrections=corrections, keep=_keep())


def _keep() -> int:
    value = os.environ.get("HIW_KEEP_BUILDS") or str(KEPT)
    if not value.isdecimal() or int(value) < FEWEST:
        raise CannotBuild(f"HIW_KEEP_BUILDS is {value!r}; it must be a whole number from {FEWEST} on")
    return int(value)
