"""The whole build, measured from outside: ``hiw build`` on files on disk, to the published warehouse.

``seconds`` and ``cpu_seconds`` end when the warehouse is published; the site, which is written after that, is
timed apart.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from benchmarks.processes import Ran, hiw, run

# The assets of a build in their order, under the names the page has for them.
STEPS = {
    "sources": "listing",
    "documents": "reading",
    "validated": "validating",
    "published": "publishing",
    "report": "site",
}
SITE = "site"
STARTS = 5
TINY = "到2025年，全市孕产妇死亡率控制在15/10万以下，高血压患者规范管理率达70%以上。\n"


def build(sources: Path, scratch: Path) -> dict[str, Any]:
    """Build ``sources`` from nothing, then once more with nothing changed; the output is taken away again."""
    output, log = scratch / "output", scratch / "log.jsonl"
    try:
        ran = hiw("build", "--sources", sources, "--output", output, log=log)
        unchanged = hiw("build", "--sources", sources, "--output", output)
        steps = by_step(ran, log)
        return {
            **steps,
            "seconds": ran.seconds - steps["step_seconds"].get(SITE, 0.0),
            "cpu_seconds": ran.cpu_seconds - steps["step_cpu_seconds"].get(SITE, 0.0),
            "peak_mb": ran.peak_mb,
            "unchanged_seconds": unchanged.seconds,
            "unchanged_cpu_seconds": unchanged.cpu_seconds,
            "values": published(log),
            "database_mb": (output / "health_indicators.duckdb").stat().st_size / 1e6,
        }
    finally:
        shutil.rmtree(output, ignore_errors=True)
        log.unlink(missing_ok=True)


def by_step(ran: Ran, log: Path) -> dict[str, dict[str, float]]:
    """``step_seconds`` by the clock, ``step_cpu_seconds`` and ``step_peak_mb`` (MB) of each step.

    What comes before, between and after them is the step ``starting``.
    """
    seconds: dict[str, float] = {}
    cpu: dict[str, float] = {}
    peak: dict[str, float] = {}
    for record in records(log, "step done"):
        step, taken = STEPS[record["stage"]], float(record["seconds"])
        ended = dt.datetime.fromisoformat(record["time"]).timestamp()
        seconds[step] = taken
        peak[step], cpu[step] = ran.between(ended - taken, ended)
    return {
        "step_seconds": {"starting": ran.seconds - sum(seconds.values()), **seconds},
        "step_cpu_seconds": {"starting": ran.cpu_seconds - sum(cpu.values()), **cpu},
        "step_peak_mb": peak,
    }


def published(log: Path) -> int:
    """How many values a build published, by its log."""
    return sum(int(record["values_published"]) for record in records(log, "published"))


def records(log: Path, event: str) -> list[dict[str, Any]]:
    """The records of ``event`` in a log of JSON lines."""
    lines = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return [record for record in lines if record["event"] == event]


def fixed(scratch: Path) -> dict[str, float]:
    """What a build takes whatever there is to read, in seconds: its start, its imports, a tiny document."""
    sources = scratch / "tiny"
    sources.mkdir()
    (sources / "one.txt").write_text(TINY, encoding="utf-8")
    tiny = build(sources, scratch)
    imports = [sys.executable, "-c", "import pipelines.definitions, great_expectations"]
    return {
        "help_seconds": statistics.median(hiw("--help").seconds for _ in range(STARTS)),
        "import_seconds": run(imports).seconds,
        "tiny_build_seconds": tiny["seconds"],
        "tiny_build_cpu_seconds": tiny["cpu_seconds"],
        "tiny_unchanged_seconds": tiny["unchanged_seconds"],
        "tiny_peak_mb": tiny["peak_mb"],
    }
