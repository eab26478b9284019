"""What the figures were measured on; no name and no path of the machine is part of it."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("polars", "duckdb", "pyarrow", "dagster", "great-expectations")


def machine() -> dict[str, str | int]:
    """Processor, cores, memory, system, versions, the day (UTC) and the commit, each under its name."""
    return {
        "processor": _after("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": _system(),
        "Python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "commit": _commit(),
    }


def _system() -> str:
    named = _after("/etc/os-release", "PRETTY_NAME").strip('"')
    return f"{named or platform.system()}, kernel {platform.release()}"


def _after(path: str, name: str) -> str:
    """What stands after ``name`` and its sign (: or =) in a file of the system; empty where it does not."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = [line for line in lines if line.startswith(name)]
    return found[0].replace("=", ":", 1).partition(":")[2].strip() if found else ""


def _commit() -> str:
    """The commit, with a + if files have been changed since; empty outside a repository."""
    command = ["git", "describe", "--always", "--abbrev=10", "--dirty=+", "--exclude=*"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip()
