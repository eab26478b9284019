"""Looking at the source folders: what counts as a change, and when a build is called for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import CannotBuild
from pipelines.watch import Look, Memory, look, remember, waits

Change = Callable[[Path], object]


def again(path: Path, text: str) -> None:
    """Other text of the same length, with the time of the last change put back: what a look can't see."""
    before = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in/below").mkdir(parents=True)
    (tmp_path / "in/a.txt").write_text("一", encoding="utf-8")
    (tmp_path / "in/below/b.TXT").write_text("二", encoding="utf-8")
    (tmp_path / "in/notes.md").write_text("x", encoding="utf-8")
    (tmp_path / "corrections.csv").write_text("x", encoding="utf-8")
    return tmp_path


def seen(folder: Path) -> Look:
    return look([folder / "in"], folder / "corrections.csv")


CHANGES: dict[str, Change] = {
    "new": lambda f: (f / "in/below/c.txt").write_text("三", encoding="utf-8"),
    "longer": lambda f: (f / "in/a.txt").write_text("一一", encoding="utf-8"),
    "touched": lambda f: os.utime(f / "in/a.txt", ns=(1, 1)),
    "removed": lambda f: (f / "in/below/b.TXT").unlink(),
    "renamed": lambda f: (f / "in/a.txt").rename(f / "in/z.txt"),
    "link to nowhere": lambda f: (f / "in/l.txt").symlink_to("nowhere"),
    "name that is no UTF-8": lambda f: Path(os.fsdecode(bytes(f) + b"/in/\xff.txt")).touch(),
    "correction": lambda f: (f / "corrections.csv").unlink(),
}
NO_CHANGES: dict[str, Change] = {
    "nothing": lambda _: None,
    "another kind of file": lambda f: (f / "in/notes.md").write_text("longer", encoding="utf-8"),
    "a folder": lambda f: (f / "in/empty.txt").mkdir(),
    "read": lambda f: (f / "in/a.txt").read_bytes(),
    "same size and time": lambda f: again(f / "in/a.txt", "七"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_file_that_is_new_changed_or_gone_is_seen(folder: Path, change: Change) -> None:
    before = seen(folder)
    change(folder)
    assert seen(folder).digest != before.digest


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES.keys())
def test_what_is_no_change_of_a_text_file_is_not(folder: Path, change: Change) -> None:
    before = seen(folder)
    change(folder)
    assert seen(folder).digest == before.digest


def test_the_newest_change_counts_also_where_a_copy_kept_the_old_time(folder: Path) -> None:
    os.utime(folder / "in/a.txt", ns=(1, 1))
    assert seen(folder).newest == max(
        path.stat().st_ctime
        for path in (folder / "in/a.txt", folder / "in/below/b.TXT", folder / "corrections.csv")
    )


def test_a_missing_folder_is_no_empty_one(folder: Path) -> None:
    with pytest.raises(CannotBuild, match="missing"):
        look([folder / "in", folder / "not mounted"], folder / "corrections.csv")


@pytest.mark.parametrize(
    ("memory", "time", "words"),
    [
        (Memory(), 1000, "have changed"),
        (Memory(seen="old"), 1000, "have changed"),
        (Memory(seen="now"), 129, "younger than 30 s"),
        (Memory(seen="now"), 130, None),
        (Memory(seen="now"), 99, None),  # the file is of the future: its time says nothing
        (Memory(seen="now", settled="old"), 130, None),
        (Memory(seen="old", settled="now"), 130, "No file is new"),
    ],
)
def test_a_build_is_called_for_when_the_files_differ_and_rest(
    memory: Memory, time: float, words: str | None
) -> None:
    reason = waits(Look("now", 100), memory, time, settle_seconds=30)
    assert (words is None) == (reason is None)
    assert (words or "") in (reason or "")


def test_the_memory_comes_back_and_one_of_another_kind_is_forgotten() -> None:
    memory = Memory("a", "b", 3)
    assert remember(memory.dumps()) == memory
    assert remember(None) == remember("no json") == remember('{"other": 1}') == remember("[1]") == Memory()
