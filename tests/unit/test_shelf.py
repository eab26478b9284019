"""Batches on disk: whole or not there."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.settings import CannotBuild
from pipelines.shelf import Shelf
from tests.steps import killed

FRAMES = {
    "one": pl.DataFrame({"text": ["孕产妇", None], "flags": [["table"], []]}),
    "two": pl.DataFrame(schema={"day": pl.Date, "share": pl.Float64}),
}


def test_frames_come_back_as_they_were(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    assert shelf.batches() == []
    shelf.put("b", FRAMES)
    assert shelf.batches() == ["b"]
    for name, frame in FRAMES.items():
        back = shelf.scan("b", name).collect()
        assert back.equals(frame)
        assert back.schema == frame.schema


def test_a_batch_another_machine_kept_for_itself_is_missed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("b", FRAMES)
    shelf.fetch("b")
    assert shelf.take("b", ["one"])["one"].equals(FRAMES["one"])
    with pytest.raises(CannotBuild, match="/c was kept by another machine and is not here; name what all"):
        shelf.fetch("c")


def test_a_batch_put_again_has_nothing_of_the_one_before(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("b", FRAMES)
    shelf.put("b", {"three": FRAMES["one"]})
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["three.parquet"]


def test_what_a_killed_build_left_is_no_batch_and_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".new-b").mkdir()
    shelf = Shelf(tmp_path)
    assert shelf.batches() == []
    shelf.sweep()
    assert list(tmp_path.iterdir()) == []


def test_dropped_batches_are_gone_and_missing_ones_no_trouble(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("b", FRAMES)
    shelf.drop(["b", "c"])
    assert shelf.batches() == []


def test_a_batch_that_is_taken_away_is_never_there_by_half(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1]})
    Shelf(tmp_path / "base").put("batch", {"one": frame, "two": frame})
    shelves = [Shelf(folder) for folder in killed("drop", tmp_path / "base")]
    assert {tuple(shelf.batches()) for shelf in shelves} == {("batch",), ()}
    for shelf in shelves:
        assert shelf.batches() == [] or shelf.frames("batch") == ["one", "two"]
        shelf.sweep()
        assert {path.name for path in shelf.folder.iterdir()} <= {"batch"}
