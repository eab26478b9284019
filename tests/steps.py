"""Kills a change to a folder before each step it takes on disk, each time in a copy of the folder.

``python -m tests.steps WHAT FOLDER`` leaves the copies beside it, as ``WHAT1``, ``WHAT2`` and so on; the last
one is of the change that came to its end.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.settings import ROOT
from pipelines.shelf import Shelf
from tests.samples import add_build
from warehouse import builds

STEPS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "os.chmod"}
CHANGES: dict[str, Callable[[Path], object]] = {
    "add": lambda folder: add_build(folder, "d"),
    "put_back": builds.put_back,
    "drop": lambda folder: Shelf(folder).drop(["batch"]),
}


def killed(what: str, folder: Path) -> list[Path]:
    """The copies of ``folder`` in which a change was killed, and the one in which it was not."""
    subprocess.run([sys.executable, "-m", "tests.steps", what, folder], check=True, cwd=ROOT)
    return sorted(folder.parent.glob(f"{what}[0-9]*"))


def _kill_before(step: int) -> None:
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal step
        if event in STEPS or (event == "open" and arguments[1] not in (None, "r", "rb")):
            step -= 1
            if step == 0:
                os.kill(os.getpid(), 9)

    sys.addaudithook(hook)


def _killed_at(step: int, what: str, base: Path) -> bool:
    folder = shutil.copytree(base, base.with_name(f"{what}{step}"), symlinks=True)
    if (child := os.fork()) == 0:
        _kill_before(step)
        CHANGES[what](folder)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -9)
    return ended < 0


if __name__ == "__main__":
    step = 1
    while _killed_at(step, sys.argv[1], Path(sys.argv[2])):
        step += 1
