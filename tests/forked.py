"""Runs ``hiw`` in forks of one process that has loaded everything, so that a run begins at once.

``python -m tests.forked`` reads a line of JSON for each run, ``{"arguments": […], "file_size": N or null}``,
and writes the id of its process, then how it ended. :class:`Hiws` is the other side.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Ended(NamedTuple):
    """How a run ended: its exit code (negative: the signal), and what it wrote."""

    code: int
    stdout: str
    stderr: str


class Hiws:
    """A process to run ``hiw`` in; what the runs write goes to files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.forked", str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready"

    def __enter__(self) -> "Hiws":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.__exit__(None, None, None)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __call__(
        self, *arguments: object, kill_after: float | None = None, file_size: int | None = None
    ) -> Ended:
        """Run ``hiw``; killed after so many seconds, or not allowed to write larger files than that."""
        run = {"arguments": [str(argument) for argument in arguments], "file_size": file_size}
        self._tell(json.dumps(run))
        process = int(self._line())
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(process, 9)  # the parent waits for "go" before it takes the process away
        self._tell("go")
        code = int(self._line())
        return Ended(code, *((self.folder / name).read_text() for name in ("stdout", "stderr")))


def _run(arguments: list[str], file_size: int | None, folder: Path) -> None:
    from pipelines.cli import main

    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    main(arguments)


def _serve(folder: Path) -> None:
    import great_expectations  # noqa: F401  the slow ones that hiw imports late
    import pyarrow.parquet  # noqa: F401

    import pipelines.definitions  # noqa: F401

    print("ready", flush=True)
    for line in sys.stdin:
        run = json.loads(line)
        if (process := os.fork()) == 0:
            _run(run["arguments"], run["file_size"], folder)
        print(process, flush=True)
        sys.stdin.readline()
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
