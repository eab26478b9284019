"""What the benchmark says of its figures, worked out by hand; and that the README shows the last report."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import building, page, targets
from benchmarks.__main__ import PARTS, Plan, measure, options
from benchmarks.processes import Failed, Look, Ran, hiw, run
from pipelines.definitions import JOB, define
from pipelines.settings import ROOT, Operations, from_environment


def size(documents: int, seconds: float) -> dict[str, Any]:
    return {
        "documents": documents,
        "megabytes": documents / 100,
        "seconds": seconds,
        "cpu_seconds": seconds + 1,
        "peak_mb": 1400.0,
        "unchanged_seconds": 5.0,
        "step_seconds": {"starting": 1.0},
        "step_cpu_seconds": {},
        "step_peak_mb": {},
        "values": 3,
        "database_mb": 1.0,
    }


def read(documents: int, of_pass: float, seconds: float, side_by_side: bool) -> dict[str, Any]:
    taken = {"pass": {"seconds": of_pass}, "transforms": {"seconds": seconds}}
    about = {"documents": documents, "megabytes": documents / 100, "side_by_side": side_by_side, "threads": 2}
    return {**about, **taken, "peak_mb": 200.0}


REPORT: dict[str, Any] = {
    "machine": {"processor": "P", "cores": 2, "memory_gib": 8, "system": "S", "Python": "3", "date": "D"}
    | {"commit": "C"},
    "corpora": [],
    "failed": {"marts": "no disk"},
    "reading": {
        "runs": [read(1000, 0.1, 4.0, False), read(1000, 0.1, 2.0, True), read(10_000, 1.0, 20.0, True)]
    },
    "build": {"fixed": {"tiny_build_cpu_seconds": 3.0}, "sizes": [size(1000, 12.0), size(10_000, 82.0)]},
    "peers": {"slow": {"version": "1", "megabytes": 0.5, "seconds": 5.0, "peak_mb": 100.0}},
}


def test_targets_are_compared_with_what_was_measured() -> None:
    found = {target.name: (target.measured(REPORT), target.met(REPORT)) for target in targets.TARGETS}
    assert found["transforms, share of the pass"] == (1.0 / 20.0, True)
    assert found["whole build, share of the pass"] == (1.0 / 82.0, False)  # less than 0.02
    assert found["exponent of the time of a build"] == (
        pytest.approx(0.8346, abs=1e-4),
        True,
    )  # log10(82 / 12)
    assert found["the same of processor time, fixed cost taken off"] == (
        pytest.approx(0.9031, abs=1e-4),
        True,
    )  # log10(80 / 10)
    assert found["peak memory of a build"] == (1400.0, True)
    assert found["build with nothing changed"] == (5.0, False)
    assert found["start-up: hiw --help"] == (None, None)


def test_the_page_has_each_speed_and_what_was_not_measured() -> None:
    text = page.page(REPORT)
    assert "| one pass of a pattern, polars, one thread | 10,000 | 100 | 1 | 100 | 1 | – |" in text
    assert "| transforms, one thread | 1,000 | 10 | 4 | 2.5 | 0.025 | – |" in text
    assert "| whole build, validated and published | 10,000 | 100 | 82 | 1.22 | 0.0122 | 1,400 |" in text
    assert "| slow 1, one thread | a slice | 0.5 | 5 | 0.1 | 0.001 | 100 |" in text
    assert "## Not measured: marts\n\nno disk\n" in text
    assert "| start-up: hiw --help | – | ≤ 0.5 s |  | not measured |" in text


def test_a_page_needs_no_part_at_all() -> None:
    nothing = {**REPORT, "failed": {"reading": "r", "build": "b"}}
    for part in ("reading", "build", "peers"):
        del nothing[part]
    assert "not measured" in page.page(nothing)


def test_all_is_measured_unless_parts_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert options([]).parts == ("reading", "build", "peers", "marts")
    assert options([]).sizes == (1000, 2000, 20000)
    assert options(["--quick"]).parts == ("reading", "build")
    assert options(["peers", "--sizes", "7"]).parts == ["peers"]
    assert options(["--publish"]).results == page.RESULTS
    with pytest.raises(SystemExit):
        options(["birds"])
    assert "'birds' is none of reading, build, peers, marts" in capsys.readouterr().err


def test_a_part_that_fails_is_named_and_the_others_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Plan, found: dict[str, Any]) -> None:
        found["sizes"] = [size(1000, 12.3456789)]
        raise Failed("/some/where/python ended with 1")

    monkeypatch.setitem(PARTS, "build", fails)
    monkeypatch.setitem(PARTS, "peers", lambda _, found: found.update(REPORT["peers"]))
    report = measure(("build", "peers"), Plan((), 1, 1.0, tmp_path, tmp_path))
    assert report["failed"] == {"build": "Failed: …/python ended with 1"}
    assert report["build"]["sizes"][0]["seconds"] == 12.346
    assert report["peers"] == REPORT["peers"]
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == report


def test_the_steps_of_a_build_are_read_from_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    records = [
        {"time": "2026-01-01T00:00:02.000+00:00", "event": "step done", "stage": "documents", "seconds": 1.5},
        {"time": "2026-01-01T00:00:02.500+00:00", "event": "published", "values_published": 7},
        {"time": "2026-01-01T00:00:04.000+00:00", "event": "step done", "stage": "report", "seconds": 1.0},
    ]
    log.write_text("".join(json.dumps(record) + "\n" for record in records))
    at = 1767225600.0  # 2026-01-01, 00:00 UTC
    seen = [(0.2, 100.0, 0.5), (1, 200.0, 1.0), (1.9, 150.0, 1.5), (3.5, 300.0, 3.0), (3.9, 290.0, 3.25)]
    looks = [Look(at + after, mb, cpu) for after, mb, cpu in seen]
    ran = Ran("", 5.0, 4.0, 300.0, looks)
    assert building.by_step(ran, log) == {
        "step_seconds": {"starting": 2.5, "reading": 1.5, "site": 1.0},
        "step_cpu_seconds": {"starting": 3.25, "reading": 0.5, "site": 0.25},
        "step_peak_mb": {"reading": 200.0, "site": 300.0},
    }
    assert building.published(log) == 7


def test_every_step_of_the_job_has_a_name() -> None:
    job = define(from_environment(), Operations()).resolve_job_def(JOB)
    assert {node.name for node in job.nodes} == set(building.STEPS)


def test_the_memory_of_children_counts() -> None:
    child = "import time; kept = 'x' * 60_000_000; time.sleep(0.5)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    ran = run([sys.executable, "-c", code])
    assert 60 < ran.peak_mb < 150
    assert ran.seconds > 0.5


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(Failed, match=r"ended with 2: .*No such command 'biuld'"):
        hiw("biuld")


def test_the_readme_and_the_page_are_those_of_the_last_report() -> None:
    text = (page.RESULTS / "bench.md").read_text(encoding="utf-8")
    assert text == page.page(json.loads((page.RESULTS / "bench.json").read_text(encoding="utf-8")))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == page.replaced(readme, text)
