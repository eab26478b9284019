"""Measure the speed: ``python -m benchmarks [PART …]``, all parts if none is named.

reading: the transforms beside one pass of a pattern. build: ``hiw build`` from files to the warehouse.
peers: other programs that read numbers. marts: the queries of the marts on ten million values.

The report is written after each part, to ``bench.json`` and ``bench.md``. A part that fails is named in it
and at the end, with status 1; the others are measured all the same, and what it had measured stays.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import building, corpus, peers
from benchmarks.machine import machine
from benchmarks.page import RESULTS, page, publish, targets
from benchmarks.processes import ROOT, run
from pipelines.workers import usual_count

TRIAL = ROOT / ".bench"


Found = dict[str, Any]


class Plan(NamedTuple):
    """``sizes``: documents of each corpus, rising. ``scratch``: a folder for all that is written meanwhile.

    ``rounds`` of the transforms on a corpus of up to :data:`MANY` documents; one on a larger one.
    ``seconds``: how long each peer reads. ``results``: the folder of the report.
    """

    sizes: tuple[int, ...]
    rounds: int
    seconds: float
    scratch: Path
    results: Path

    def corpus(self, documents: int) -> Path:
        """The folder of the corpus of so many documents."""
        return self.scratch / f"corpus_{documents}"


MANY = 2000
_PATH = re.compile(r"(?:/[^/\s:]+)+/")  # no folder of the machine is part of a report


def reading(plan: Plan, found: Found) -> None:
    """The transforms: one thread on up to :data:`MANY` documents, and those of a build on each corpus."""
    alone = max((size for size in plan.sizes if size <= MANY), default=plan.sizes[0])
    found["runs"] = [_read(plan, alone, side_by_side=False)]
    for documents in plan.sizes:
        found["runs"].append(_read(plan, documents, side_by_side=True))


def _read(plan: Plan, documents: int, side_by_side: bool) -> dict[str, Any]:
    threads = usual_count() if side_by_side else 1
    say(f"reading {documents} documents, threads: {threads}")
    rounds = plan.rounds if documents <= MANY else 1
    options = ["--threads", str(threads), "--rounds", str(rounds)]
    command = [sys.executable, "-m", "benchmarks.reading", str(plan.corpus(documents)), *options]
    ran = run(command, {} if side_by_side else {"POLARS_MAX_THREADS": "1"})
    return {"side_by_side": side_by_side, **json.loads(ran.stdout), "peak_mb": ran.peak_mb}


def build(plan: Plan, found: Found) -> None:
    """The whole build: its fixed cost, and each corpus."""
    say("the fixed cost of a build")
    found |= {"fixed": building.fixed(plan.scratch), "sizes": []}
    for documents in plan.sizes:
        say(f"building from {documents} documents")
        sources = plan.corpus(documents)
        megabytes = sum(path.stat().st_size for path in sources.iterdir()) / 1e6
        measured = building.build(sources, plan.scratch)
        found["sizes"].append({"documents": documents, "megabytes": megabytes, **measured})


def others(plan: Plan, found: Found) -> None:
    """The peers."""
    say("the peers")
    found |= peers.measure(plan.corpus(plan.sizes[-1]), plan.seconds)


def marts(plan: Plan, found: Found) -> None:
    """The marts on ten million values; it keeps results of its own beside those of the rest."""
    say("the marts")
    run([sys.executable, "-m", "benchmarks.marts", "--results", plan.results])
    found |= json.loads((plan.results / "marts.json").read_text(encoding="utf-8"))


PARTS: dict[str, Callable[[Plan, Found], None]] = {
    "reading": reading,
    "build": build,
    "peers": others,
    "marts": marts,
}
QUICK = ("reading", "build")


def main() -> None:
    """Measure the parts that are asked for, write the report, print the targets."""
    chosen = options()
    scratch = Path(tempfile.mkdtemp(prefix="bench_", dir=chosen.scratch)).absolute()
    plan = Plan(tuple(sorted(chosen.sizes)), chosen.rounds, chosen.seconds, scratch, chosen.results)
    try:
        report = measure(chosen.parts, plan)
    finally:
        if not chosen.keep:
            shutil.rmtree(scratch, ignore_errors=True)
    if chosen.publish:
        publish()
    print(targets(report))
    sys.exit(f"not measured: {', '.join(report['failed'])}" if report["failed"] else 0)


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line, or ``arguments`` in its place, says."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    about = f"what to measure, of {', '.join(PARTS)}; all if none is named"
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=about)
    parser.add_argument("--quick", action="store_true", help="50 documents: a trial of the benchmark itself")
    parser.add_argument("--sizes", type=int, nargs="+", help="documents of each corpus")
    parser.add_argument("--rounds", type=int, help="rounds of the transforms, of which the median counts")
    parser.add_argument("--seconds", type=float, default=10, help="how long each peer reads")
    parser.add_argument("--results", type=Path, default=TRIAL, help="where the report is written")
    parser.add_argument(
        "--publish", action="store_true", help="write it to benchmarks/results and the README"
    )
    parser.add_argument("--scratch", type=Path, help="where corpora and outputs lie meanwhile")
    parser.add_argument("--keep", action="store_true", help="leave them there")
    chosen = parser.parse_args(arguments)
    chosen.parts = chosen.parts or (QUICK if chosen.quick else tuple(PARTS))
    chosen.sizes = chosen.sizes or ((50,) if chosen.quick else (1000, 2000, 20000))
    chosen.results = RESULTS if chosen.publish else chosen.results.absolute()
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 3)
    return chosen


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(PARTS)}")
    return name


def measure(parts: tuple[str, ...], plan: Plan) -> dict[str, Any]:
    """The report of ``parts``, written to the results after each."""
    report: dict[str, Any] = {"machine": machine(), "corpora": [], "failed": {}}
    for documents in plan.sizes:
        say(f"writing {documents} documents")
        report["corpora"].append(corpus.write(plan.corpus(documents), documents))
    for part in parts:
        begun = time.monotonic()
        report[part] = {}
        try:
            PARTS[part](plan, report[part])
        except Exception as error:  # whatever it is: the other parts are measured all the same
            report["failed"][part] = _PATH.sub("…/", f"{type(error).__name__}: {error}")
            say(f"{part} failed: {report['failed'][part]}")
        report[part] = rounded(report[part])
        say(f"{part} took {time.monotonic() - begun:.0f} s")
        write(report, plan.results)
    return report


def write(report: dict[str, Any], folder: Path) -> None:
    """Write the report as JSON and as a page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(
        json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "bench.md").write_text(page(report), encoding="utf-8")


def rounded(found: Any) -> Any:
    """``found`` with its figures in five digits, more than which is noise."""
    if isinstance(found, dict):
        return {name: rounded(value) for name, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return float(f"{found:.5g}") if isinstance(found, float) else found


def say(what: str) -> None:
    """Tell who waits what is done now."""
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
