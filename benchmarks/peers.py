"""Other programs that read numbers from Chinese text, in an environment of their own.

Each reads documents of the same corpus, paragraph by paragraph, for some seconds. They do less than the
transforms: none says what a number is of, in which place and year, promised or reached.
"""

from __future__ import annotations

import json
import sys
import venv
from pathlib import Path
from typing import Any

from benchmarks.peer import PEERS
from benchmarks.processes import ROOT, Failed, run

ENVIRONMENT = ROOT / ".bench-peers"
# The last versions there are; Recognizers-Text needs a name that emoji 2 has no more.
PACKAGES = ("chinese2digits==6.0.2", "jionlp==1.5.31", "recognizers-text-suite==1.0.2a2", "emoji<2")


def measure(folder: Path, seconds: float) -> dict[str, Any]:
    """The figures of each peer by name; raises ``Failed`` if they can't be installed.

    A peer that fails has the text ``failed`` in the place of figures.
    """
    python = install()
    return {name: _one(python, name, folder, seconds) for name in PEERS}


def install() -> Path:
    """The Python of the environment, which is made where it is missing."""
    python = ENVIRONMENT / "bin/python"
    ready = ENVIRONMENT / ".ready"
    if not ready.exists() or ready.read_text() != "\n".join(PACKAGES):
        print("installing the peers", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        run([python, "-m", "pip", "install", "--quiet", *PACKAGES])
        ready.write_text("\n".join(PACKAGES))
    return python


def _one(python: Path, name: str, folder: Path, seconds: float) -> dict[str, Any]:
    command: list[str | Path] = [
        python,
        "-W",
        "ignore",
        ROOT / "benchmarks/peer.py",
        name,
        folder,
        str(seconds),
    ]
    try:
        ran = run(command)
    except Failed as error:
        return {"failed": str(error)}
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found | {"peak_mb": ran.peak_mb}
