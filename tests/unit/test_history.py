"""A build leaves one row in the history; what is damaged or in the way never stops a build."""

import datetime as dt
import os
from pathlib import Path

import polars as pl
import pytest

from pipelines import history
from tests import samples
from tests.conftest import Hiw
from warehouse import tables
from warehouse.publish import publish

RESULT = {"suite": "fact_indicator_value", "table_name": "fact_indicator_value", "checked_rows": 3}


def build(output: Path, name: str, failed: int = 0) -> list[str]:
    """Publish a build of that name, whose one expectation failed on so many rows, and record it."""
    frames = samples.warehouse_tables()
    frames["build_run"] = samples.frame(
        tables.BUILD_RUN, {"build_id": name, "checks_failed": int(failed > 0)}
    )
    result = {**RESULT, "failed_rows": failed, "passed": failed == 0}
    frames["quality_result"] = samples.frame(tables.QUALITY_RESULT, result)
    output.mkdir(exist_ok=True)
    publish(frames, output)
    return history.record(output)


def builds(output: Path) -> list[tuple[object, ...]]:
    return history.load(output / "history").builds.select("sequence", "build_id").rows()


def failed(output: Path) -> list[tuple[object, ...]]:
    return history.load(output / "history").quality.select("sequence", "build_id", "failed_rows").rows()


def test_each_build_adds_a_row_and_the_results_of_its_expectations(tmp_path: Path) -> None:
    for name, rows in (("a", 2), ("b", 1), ("a", 2)):
        assert build(tmp_path, name, rows) == []
    assert builds(tmp_path) == [(1, "a"), (2, "b"), (3, "a")]
    assert failed(tmp_path) == [(1, "a", 2), (2, "b", 1), (3, "a", 2)]
    assert history.load(tmp_path / "history").builds["checks_failed"].to_list() == [1, 1, 1]


def test_the_same_build_again_adds_nothing(tmp_path: Path) -> None:
    build(tmp_path, "a")
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "history").iterdir()}
    assert build(tmp_path, "a") == []
    assert {
        p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in (tmp_path / "history").iterdir()
    } == before


def test_the_time_of_a_build_is_when_it_was_published(tmp_path: Path) -> None:
    build(tmp_path, "a")
    for file in (tmp_path / "history").iterdir():
        file.unlink()
    os.utime(tmp_path / "parquet/build_run.parquet", (1_600_000_000, 1_600_000_000))
    history.record(tmp_path)
    [finished] = history.load(tmp_path / "history").builds["finished_at"]
    assert finished == dt.datetime(2020, 9, 13, 12, 26, 40, tzinfo=dt.UTC)


def test_nothing_published_leaves_no_history(tmp_path: Path) -> None:
    assert history.record(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
    assert builds(tmp_path) == []


def test_only_the_last_builds_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", 2)
    for name in "abcd":
        build(tmp_path, name)
    assert builds(tmp_path) == [(3, "c"), (4, "d")]
    assert failed(tmp_path) == [(3, "c", 0), (4, "d", 0)]


def test_stopped_between_the_two_files_a_build_is_recorded_once(tmp_path: Path) -> None:
    build(tmp_path, "a")
    (tmp_path / "history/builds.new").mkdir()  # the first file is put in place, the second can't be
    [note] = build(tmp_path, "b", 1)
    assert note.startswith(f"The history in {tmp_path / 'history'} could not be kept: ")
    assert pl.read_parquet(tmp_path / "history/quality.parquet").height == 2
    assert (builds(tmp_path), failed(tmp_path)) == ([(1, "a")], [(1, "a", 0)])
    (tmp_path / "history/builds.new").rmdir()
    assert history.record(tmp_path) == []
    assert builds(tmp_path) == [(1, "a"), (2, "b")]
    assert failed(tmp_path) == [(1, "a", 0), (2, "b", 1)]


DAMAGE = {"empty": b"", "text": b"not a table", "cut": b"PAR1" + b"\0" * 60, "other": None}


@pytest.mark.parametrize("content", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, content: bytes | None) -> None:
    build(tmp_path, "a")
    damaged = tmp_path / "history/builds.parquet"
    if content is None:
        pl.DataFrame({"build_id": ["a"]}).write_parquet(damaged)
    else:
        damaged.write_bytes(content)
    bytes_before = damaged.read_bytes()
    [note] = build(tmp_path, "b")
    assert note == (
        f"The history file {damaged} is damaged: set aside as builds.damaged-1.parquet and "
        "quality.damaged-1.parquet, and begun anew."
    )
    assert (tmp_path / "history/builds.damaged-1.parquet").read_bytes() == bytes_before
    assert builds(tmp_path) == [(1, "b")]
    assert failed(tmp_path) == [(1, "b", 0)]


def test_damaged_results_leave_the_builds(tmp_path: Path) -> None:
    for name in "ab":
        build(tmp_path, name)
        (tmp_path / "history/quality.parquet").write_bytes(b"half")
    [note] = build(tmp_path, "c")
    assert "quality.parquet is damaged: set aside as quality.damaged-2.parquet, and" in note
    assert builds(tmp_path) == [(1, "a"), (2, "b"), (3, "c")]
    assert failed(tmp_path) == [(3, "c", 0)]


def test_a_history_of_an_older_contract_goes_on(tmp_path: Path) -> None:
    build(tmp_path, "a")
    file = tmp_path / "history/builds.parquet"
    pl.read_parquet(file).drop("checks_failed").with_columns(since_gone=1).write_parquet(file)
    assert build(tmp_path, "b", 1) == []
    rows = history.load(tmp_path / "history").builds.select("sequence", "checks_failed").rows()
    assert rows == [(1, None), (2, 1)]


def test_what_stands_in_the_way_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("a file")
    [note] = build(tmp_path, "a")
    assert note.startswith(f"The history in {tmp_path / 'history'} could not be kept: ")
    assert (tmp_path / "history").read_text() == "a file"


def test_real_builds_are_recorded(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    arguments = ("build", "--sources", sources, "--output", output)
    assert hiw(*arguments).exit_code == 0
    assert hiw(*arguments).stdout.startswith("Nothing changed")
    (output / "history/quality.parquet").write_bytes(b"half")
    (sources / "more.txt").write_text("到2025年，高血压患者规范管理率达71.5%以上。", encoding="utf-8")
    second = hiw(*arguments)
    assert second.exit_code == 0
    assert "quality.parquet is damaged: set aside" in second.stderr
    kept = history.load(output / "history")
    assert kept.builds.select("sequence", "documents_read").rows() == [(1, 1), (2, 2)]
    published = pl.read_parquet(output / "parquet/quality_result.parquet")
    assert kept.quality["sequence"].to_list() == [2] * published.height
    assert kept.quality["build_id"].unique().to_list() == kept.builds["build_id"].to_list()[1:]
    assert not list((output / "history").glob("*.new"))
