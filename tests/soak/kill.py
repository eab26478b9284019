"""Kill ``hiw build`` again and again, and compare what the next build publishes with a clean one.

    python -m tests.soak.kill FOLDER [--kills 100] [--seed 1]

Each round changes the sources, starts ``hiw build`` in a process group of its own, kills the group at a
random moment of the time a build takes, looks at what is published, lets a build complete, and compares it
with one from nothing. It tells a line a round; the first fault ends it, with the folder left as it was found.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.killing import delays, layout, published, version, write_sources

HIW = [sys.executable, "-c", "from pipelines.cli import main; main()", "build"]


def start(sources: Path, output: Path) -> subprocess.Popen[bytes]:
    command = [*HIW, "--sources", str(sources), "--output", str(output)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def complete(sources: Path, output: Path) -> None:
    with start(sources, output) as process:
        assert process.wait() == 0, f"hiw build ended with {process.returncode}"


def kill(sources: Path, output: Path, delay: float) -> bool:
    """Whether the build was killed, or had ended before."""
    with start(sources, output) as process:
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait() < 0


def whole(output: Path, clean: Path, number: int) -> None:
    """Assert that ``output`` has the build of version ``number``, and just what a clean build has."""
    assert version(output) == number
    assert published(output) == published(clean)
    assert layout(output) == layout(clean)


def soak(folder: Path, kills: int, seed: int) -> None:
    sources, output = folder / "in", folder / "out"
    folder.mkdir(parents=True)
    write_sources(sources, 0)
    started = time.monotonic()
    complete(sources, output)
    seconds = time.monotonic() - started
    print(f"a build takes {seconds:.1f} s", flush=True)
    for number, delay in enumerate(delays(kills, seconds, seed), start=1):
        write_sources(sources, number)
        killed = kill(sources, output, delay)
        shown = version(output)
        assert shown in (number - 1, number)
        left = sorted(layout(output))
        complete(sources, output)
        complete(sources, clean := folder / f"clean{number}")
        whole(output, clean, number)
        fate = "killed" if killed else "had ended"
        print(f"{number:4}  {fate} after {delay:5.2f} s  shown: {shown}  left: {' '.join(left)}", flush=True)
        shutil.rmtree(clean)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    soak(options.folder, options.kills, options.seed)
