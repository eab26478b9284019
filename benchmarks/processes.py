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
_PAGE, _TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


class Failed(Exception):  # noqa: N818  # named for what happened
    """A process ended with another status than 0; the message has the last lines it wrote."""


class Look(NamedTuple):
    """A look at a process and its descendants: when (seconds since 1970), their resident memory (MB of 10⁶
    bytes; pages that two of them share count twice), the seconds of processors they have used."""

    at: float
    mb: float
    cpu_seconds: float


class Ran(NamedTuple):
    """What a process did.

    ``seconds`` by the clock and ``cpu_seconds`` of all its threads and children. ``peak_mb``: the most memory
    of all looks, or the most that the process itself ever had if that is more; 0 where there is no ``/proc``.
    """

    stdout: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    looks: list[Look]

    def between(self, begun: float, ended: float) -> tuple[float, float]:
        """The most memory seen between two times (MB), and the seconds of processors used; 0 if unseen."""
        seen = [look for look in self.looks if begun <= look.at <= ended]
        return (max(look.mb for look in seen), seen[-1].cpu_seconds - seen[0].cpu_seconds) if seen else (0, 0)


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
        usage, peak, looks = _watched(process)
        seconds = time.perf_counter() - begun
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            last = (out.read() + errors.read()).strip().splitlines()[-5:]
            raise Failed(f"{Path(command[0]).name} ended with {process.returncode}: {' / '.join(last)}")
        return Ran(out.read(), seconds, usage.ru_utime + usage.ru_stime, peak, looks)


def hiw(*arguments: str | Path, log: Path | None = None) -> Ran:
    """Run ``hiw`` of this repository, as :func:`run` does; its log goes to the file ``log``."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
    return run(command, {"HIW_LOG_FILE": str(log)} if log else None)


def _watched(process: subprocess.Popen[bytes]) -> tuple[struct_rusage, float, list[Look]]:
    """Wait for ``process``; gives what it used, the most memory in MB, and all looks at it."""
    looks: list[Look] = []
    most = [0.0]  # not ru_maxrss of the system: that begins with what this process had when it forked
    over = threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            looks.append(Look(time.time(), *_tree(process.pid)))
            most.append(_most_mb(process.pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        over.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage, max(most + [look.mb for look in looks]), looks


def _most_mb(process: int) -> float:
    """The most resident memory ``process`` has had, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kilobytes[0]) * 1024 / 1e6 if kilobytes else 0.0


def _tree(process: int) -> tuple[float, float]:
    """Resident memory (MB) and seconds of processors of ``process`` and its descendants; 0 if not told."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        children = [
            int(child)
            for task in Path(f"/proc/{process}/task").glob("*/children")
            for child in task.read_text().split()
        ]
    except OSError:  # it has just ended, or this is no Linux
        return 0.0, 0.0
    below = [_tree(child) for child in children]
    used, pages = sum(map(int, fields[11:15])), int(fields[21])  # own time, that of ended children; rss
    return (
        pages * _PAGE / 1e6 + sum(mb for mb, _ in below),
        used / _TICKS + sum(cpu for _, cpu in below),
    )
