"""Builds are numbered, shown by one link, kept, and put back; what was rolled back stays out."""

from pathlib import Path

import polars as pl
import pytest

from tests.samples import add_build
from tests.steps import killed
from warehouse import builds
from warehouse.builds import RollbackError
from warehouse.files import DATABASE, PARQUET, STATE


def published(output: Path) -> str:
    """The build that a reader sees; its files are all of one."""
    [build_id] = pl.read_parquet(output / PARQUET / "build_run.parquet")["build_id"]
    assert (output / DATABASE).read_text() == build_id
    return str(build_id)


def kept(output: Path) -> list[str]:
    return [f"{build.number}{build.build_id}" for build in builds.kept(output)]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder with the builds a, b and c, of which c is published."""
    for build_id in "abc":
        add_build(tmp_path, build_id)
    return tmp_path


def test_the_last_builds_are_kept_and_the_newest_is_shown(output: Path) -> None:
    assert (kept(output), published(output)) == (["1a", "2b", "3c"], "c")
    add_build(output, "d")
    assert (kept(output), published(output)) == (["2b", "3c", "4d"], "d")
    add_build(output, "e", keep=2)
    assert (kept(output), published(output)) == (["4d", "5e"], "e")
    assert list((output / STATE).iterdir()) == []


def test_links_are_relative_so_that_the_folder_can_be_moved(output: Path) -> None:
    moved = output.rename(output.with_name("moved"))
    assert published(moved) == "c"


def test_the_build_before_is_put_back_and_the_later_one_stays_out(output: Path) -> None:
    was, now = builds.put_back(output)
    assert (was.build_id, now.build_id, published(output)) == ("c", "b", "b")
    assert [name for name in "abc" if builds.is_withdrawn(output, name)] == ["c"]
    assert kept(output) == ["1a", "2b", "3c"]  # until the next build it can be had back
    builds.put_back(output)
    assert published(output) == "a"
    with pytest.raises(RollbackError, match=r"no build before 000001 to put back; .* 000001, 000002, 000003"):
        builds.put_back(output)


def test_any_kept_build_is_put_back_by_its_number(output: Path) -> None:
    builds.put_back(output, 1)
    assert published(output) == "a"
    assert builds.withdrawn(output) == {"b", "c"}
    builds.put_back(output, 3)
    assert published(output) == "c"
    assert builds.withdrawn(output) == {"b"}
    for number, message in ((3, "000003 is the published one already"), (7, "there is no build 000007")):
        with pytest.raises(RollbackError, match=message):
            builds.put_back(output, number)


def test_the_build_after_a_rollback_takes_the_place_of_what_was_rolled_back(output: Path) -> None:
    builds.put_back(output)
    add_build(output, "d")
    assert (kept(output), published(output)) == (["1a", "2b", "4d"], "d")
    assert builds.is_withdrawn(output, "c")  # should the sources become again what they were
    assert builds.put_back(output)[1].build_id == "b"


def test_who_says_so_has_it_published_again(output: Path) -> None:
    builds.put_back(output)
    add_build(output, "c")
    assert (kept(output), published(output)) == (["1a", "2b", "4c"], "c")
    assert not builds.is_withdrawn(output, "c")


def test_a_damaged_build_is_not_put_back(output: Path) -> None:
    (output / "builds/000002/parquet/build_run.parquet").write_bytes(b"half")
    with pytest.raises(RollbackError, match="000002 is damaged"):
        builds.put_back(output)
    assert published(output) == "c"


def test_nothing_published_is_nothing_to_put_back(tmp_path: Path) -> None:
    with pytest.raises(RollbackError, match=r"nothing is published in .*; hiw build does that"):
        builds.put_back(tmp_path)


def test_a_build_that_never_came_to_be_published_is_taken_away(output: Path) -> None:
    """A run killed after the build had its number, and before anything showed it."""
    (output / "current").unlink()
    (output / "current").symlink_to("builds/000002")
    add_build(output, "d")
    assert (kept(output), published(output)) == (["1a", "2b", "3d"], "d")


@pytest.mark.parametrize("what", ["add", "put_back"])
def test_killed_before_any_step_on_disk_a_whole_build_is_shown_and_the_next_one_tidies_up(
    output: Path, what: str
) -> None:
    folders = killed(what, output)
    shown = [published(folder) for folder in folders]
    assert set(shown) == ({"c", "d"} if what == "add" else {"c", "b"})
    assert len(folders) > 8
    for folder in folders:
        if what == "put_back":
            builds.put_back(folder)
        add_build(folder, "e")
        assert published(folder) == "e"
        assert len(kept(folder)) <= 3
        assert list((folder / STATE).iterdir()) == []
