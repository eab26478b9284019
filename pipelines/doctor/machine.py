"""Checks of the machine and of the environment the program runs in."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import zoneinfo
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from pipelines.doctor.finding import Finding, megabytes, ok, problem, some, warning
from pipelines.settings import ROOT, Settings

PACKAGE = "health-indicator-warehouse"
LOCK = ROOT / "requirements.lock"
ZONE = "Asia/Shanghai"  # of the daily schedule
LITTLE_MEMORY = 1e9  # bytes; a build of 2,000 documents takes 0.8e9


def python(_settings: Settings) -> Finding:
    """The interpreter; an older one than 3.11 would not have got so far."""
    return ok(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")


def packages(_settings: Settings) -> Finding:
    """Whether what is needed is installed, and in the locked versions, with which alone it was tested."""
    missing = [wanted.name for wanted in _direct() if _installed(wanted.name) is None]
    if missing:
        return problem(f"not installed: {some(missing)}", "install the locked packages: make")
    if not LOCK.is_file():
        return warning("there is no requirements.lock to compare with", "install from the repository")
    locked = {name: (version, _installed(name)) for name, version in _locked()}
    other = [
        f"{n} {found}, not {version}"
        for n, (version, found) in locked.items()
        if found not in (None, version)
    ]
    if other:
        return warning(f"not as locked: {some(other)}", "install the locked packages: make")
    return ok(f"{len(locked)} packages as in requirements.lock")


def encoding(_settings: Settings) -> Finding:
    """Whether names of files and what is printed may be Chinese."""
    names, printed = sys.getfilesystemencoding(), sys.stdout.encoding
    if names.lower() != "utf-8":
        return problem(f"names of files are taken as {names}", "set LANG=C.UTF-8 or PYTHONUTF8=1")
    if printed.lower() != "utf-8":
        return warning(f"what is printed is {printed}", "set LANG=C.UTF-8 or PYTHONUTF8=1")
    return ok("UTF-8")


def time_zone(_settings: Settings) -> Finding:
    """Whether the zone of the daily schedule is known, which a small container may lack."""
    try:
        zoneinfo.ZoneInfo(ZONE)
    except zoneinfo.ZoneInfoNotFoundError:
        return problem(f"the zone of the schedule, {ZONE}, is unknown", "install the package tzdata")
    return ok(f"{ZONE} is known")


def temporary(_settings: Settings) -> Finding:
    """Whether there is a folder for temporary files."""
    try:
        with tempfile.TemporaryFile():
            return ok(tempfile.gettempdir())
    except OSError as error:
        return problem(f"no temporary file can be made: {error.strerror}", "make room, or set TMPDIR")


def memory(_settings: Settings) -> Finding:
    """Memory that is free now, within the limit of the container if there is one."""
    free = min(_free_memory(), default=None)
    if free is None:
        return ok("not known on this system")
    if free < LITTLE_MEMORY:
        return warning(f"{megabytes(free)} free", f"leave a build {megabytes(LITTLE_MEMORY)}")
    return ok(f"{megabytes(free)} free")


def dagster_home(_settings: Settings) -> Finding:
    """Where Dagster keeps its history; only its daemon and web interface need it."""
    home = os.environ.get("DAGSTER_HOME")
    if not home:
        return ok("DAGSTER_HOME is not set; only Dagster's daemon and web interface need it")
    if not Path(home).is_absolute() or not Path(home).is_dir():
        return problem(f"DAGSTER_HOME={home} is no folder", "make it, and name it by its full path")
    if not os.access(home, os.W_OK | os.X_OK):
        return problem(f"DAGSTER_HOME={home} can't be written to", "give the account that runs it leave to")
    if not Path(home, "dagster.yaml").is_file():
        return warning(f"there is no dagster.yaml in {home}", "copy that of the repository there")
    return ok(home)


def _direct() -> Iterator[Requirement]:
    for line in metadata.requires(PACKAGE) or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield wanted


def _locked() -> Iterator[tuple[str, str]]:
    """Name and version of each package of the lock that is for this system."""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            wanted = Requirement(line.rstrip(" \\"))
            if wanted.marker is None or wanted.marker.evaluate():
                yield wanted.name, next(iter(wanted.specifier)).version


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _free_memory() -> Iterator[int]:
    """Bytes, as far as Linux tells: what is available, and what the control group leaves."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        yield next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
        limit, used = (Path("/sys/fs/cgroup", name) for name in ("memory.max", "memory.current"))
        yield int(limit.read_text(encoding="ascii")) - int(used.read_text(encoding="ascii"))
    except (OSError, ValueError, StopIteration):  # another system, or no limit: "max"
        return
