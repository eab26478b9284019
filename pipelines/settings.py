"""Where the sources, the seeds and the results are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.failure import Failure

ROOT = Path(__file__).resolve().parents[1]
CORRECTIONS = ROOT / "seeds/corrections.csv"


class CannotBuild(Failure):
    """A build that could not be done, for a reason the user can act on; the message is for people."""


@dataclass(frozen=True)
class Settings:
    """``sources``: folders with text files. ``output``: the folder of the published results.

    With ``strict`` a single document that cannot be read fails the build. ``corrections``: the file of what
    stewards corrected, which need not exist.
    """

    sources: tuple[Path, ...]
    output: Path
    strict: bool = False
    corrections: Path = CORRECTIONS


def from_environment() -> Settings:
    """The settings of ``HIW_SOURCES`` (folders joined by ``os.pathsep``), ``HIW_OUTPUT`` and
    ``HIW_CORRECTIONS``.

    What is not set is the sample corpus, the ``warehouse`` folder and the corrections of this repository.
    """
    folders = [part for part in os.environ.get("HIW_SOURCES", "").split(os.pathsep) if part]
    output = os.environ.get("HIW_OUTPUT") or ROOT / "warehouse"
    sources = tuple(map(Path, folders)) or (ROOT / "seeds/documents",)
    corrections = Path(os.environ.get("HIW_CORRECTIONS") or CORRECTIONS)
    return Settings(sources, Path(output), corrections=corrections)
