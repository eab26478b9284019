"""Processes that are measured from outside: how long, how much work, how much memory at which time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from resource import struct_rusage
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EVERY = 0.05  # seconds between two looks at the memory
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Failed(Exception):  # noqa: N818  # named for what happened
    """A process ended with another status than 0; the message has the last lines it wrote."""


class Ran(NamedTuple):
    """What a process did.

    ``seconds`` by the clock and ``cpu_seconds`` of all its threads and children. ``peak_mb``: the most memory
    (resident set, MB of 10⁶ bytes) the process and its descendants had together when looked at, or the most
    that the process itself ever had if that is more; pages that two of them share count twice. 0 where there
    is no ``/proc``. ``memory``: the time (seconds since 1970) and the memory in MB at each look.
    """

    stdout: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    memory: list[tuple[float, float]]

    def peak_between(self, begun: float, ended: float) -> float:
        """The most memory seen between two times, in MB; 0 if nobody looked."""
        return max((mb for at, mb in self.memory if begun <= at <= ended), default=0.0)


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Ran:
    """Run ``command`` in the repository and wait for it; raises :class:`Failed`.

    ``environment`` is added to that of this process, which the settings of ``hiw`` are first taken from.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HIW_")}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=errors, cwd=ROOT, env={**clean, **(environment or {})}
        )
        usage, peak, memory = _watched(process)
        seconds = time.perf_counter() - begun
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            last = (out.read() + errors.read()).strip().splitlines()[-5:]
            raise Failed(f"{Path(command[0]).name} ended with {process.returncode}: {' / '.join(last)}")
        return Ran(out.read(), seconds, usage.ru_utime + usage.ru_stime, peak, memory)


def hiw(*arguments: str | Path, log: Path | None = None) -> Ran:
    """Run ``hiw`` of this repository, as :func:`run` does; its log goes to the file ``log``."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
    return run(command, {"HIW_LOG_FILE": str(log)} if log else None)


def _watched(process: subprocess.Popen[bytes]) -> tuple[struct_rusage, float, list[tuple[float, float]]]:
    """Wait for ``process``; gives what it used, the most memory in MB, and its memory over time."""
    memory: list[tuple[float, float]] = []
    most = [0.0]  # not ru_maxrss of the system: that begins with what this process had when it forked
    over = threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            memory.append((time.time(), _tree_mb(process.pid)))
            most.append(_most_mb(process.pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        over.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage, max(most + [mb for _, mb in memory]), memory


def _most_mb(process: int) -> float:
    """The most resident memory ``process`` has had, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kilobytes[0]) * 1024 / 1e6 if kilobytes else 0.0


def _tree_mb(process: int) -> float:
    """The resident memory of ``process`` and its descendants in MB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        children = [
            int(child)
            for task in Path(f"/proc/{process}/task").glob("*/children")
            for child in task.read_text().split()
        ]
    except (OSError, IndexError):  # it has just ended, or this is no Linux
        return 0.0
    return pages * _PAGE / 1e6 + sum(map(_tree_mb, children))
