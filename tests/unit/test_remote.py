"""Documents and batches below a URL, by the rules of a folder. With the store that fsspec has in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fsspec
import polars as pl
import pytest

from pipelines import remote, watch
from pipelines.limits import MAX_BYTES
from pipelines.places import Url, place, places
from pipelines.settings import CannotBuild
from pipelines.shared_shelf import SharedShelf
from pipelines.sources import NoDocuments, SourceFile, contents, digest, list_sources, listing

DOCS = Url("memory://docs")
FRAMES = {"one": pl.DataFrame({"text": ["孕产妇", None]}), "two": pl.DataFrame(schema={"day": pl.Date})}


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    """An empty store."""
    files = fsspec.filesystem("memory")
    yield files
    files.rm("/", recursive=True)


def test_a_place_is_a_folder_or_a_url() -> None:
    assert place("a/b/") == Path("a/b")
    assert place("s3://bucket/docs/") == Url("s3://bucket/docs")
    assert places("/a:s3://bucket/docs:b:") == (Path("/a"), Url("s3://bucket/docs"), Path("b"))
    assert places("") == ()


def test_texts_below_a_url_are_listed_and_read_as_those_in_a_folder(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    """Names with the signs of patterns are names; what is too large is refused without being read."""
    found = {"a.txt": b"1", "x/[2020]*.TXT": b"22", "large.txt": bytes(MAX_BYTES + 1)}
    for name, content in (found | {"n.md": b"3"}).items():
        store.pipe_file(f"/docs/{name}", content)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    there, here = list_sources([DOCS]), list_sources([tmp_path])
    assert [file._replace(path=b"") for file in there] == [file._replace(path=b"") for file in here]
    assert digest(there) == digest(here)
    assert [(file.source_file, file.reason) for file in there] == [
        ("a.txt", None),
        ("large.txt", "too_large"),
        ("x/[2020]*.TXT", None),
    ]
    read = [contents(listing(files).drop_nulls("content_sha256")) for files in (there, here)]
    assert read[0]["content"].to_list() == [b"1", b"22"]
    assert read[0].equals(read[1])


def test_a_text_that_changed_since_it_was_listed_is_not_read(store: fsspec.AbstractFileSystem) -> None:
    for name in ("gone", "other"):
        store.pipe_file(f"/docs/{name}.txt", b"1" + name.encode())
    listed = listing(list_sources([DOCS]))
    store.rm("/docs/gone.txt")
    store.pipe_file("/docs/other.txt", b"2")
    assert contents(listed)["reason"].to_list() == ["changed_meanwhile"] * 2


def test_what_is_not_there_is_named(store: fsspec.AbstractFileSystem) -> None:
    with pytest.raises(CannotBuild, match="the source memory://docs does not exist"):
        list_sources([DOCS])
    store.pipe_file("/docs/a.md", b"1")
    with pytest.raises(NoDocuments, match="no documents found in memory://docs"):
        list_sources([DOCS])
    with pytest.raises(CannotBuild, match="gs://plans: Please install gcsfs"):
        list_sources([Url("gs://plans")])


def test_a_store_that_fails_is_named_and_no_document_is_given_up(
    store: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.pipe_file("/docs/a.txt", b"1")
    listed = listing([SourceFile("a.txt", b"memory://docs/a.txt", "0" * 64, 1)])

    def fails(*_: object) -> bytes:
        raise TimeoutError("no answer\nin time")

    monkeypatch.setattr(type(store), "cat_file", fails)
    with pytest.raises(CannotBuild, match=r"memory://docs/a\.txt can't be reached: no answer in time; see"):
        contents(listed)


def test_the_sensor_sees_what_is_new_changed_or_gone(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    def look() -> watch.Look:
        return watch.look([DOCS], tmp_path / "none.csv")

    store.pipe_file("/docs/a.txt", b"1")
    looks = [look(), look()]
    store.pipe_file("/docs/b.txt", b"1")
    looks.append(look())
    store.pipe_file("/docs/b.txt", b"12")
    looks.append(look())
    store.rm("/docs/a.txt")
    looks.append(look())
    assert looks[0] == looks[1]
    assert len({seen.digest for seen in looks}) == 4
    assert looks[-1].newest > 1_700_000_000


def test_a_batch_is_one_object_and_comes_back_as_it_was(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    """Also to a machine that has no copy, which then has none either unless it scans."""
    shelf, node = (SharedShelf(tmp_path / name, Url("memory://kept/read/code")) for name in "ab")
    assert shelf.batches() == []
    node.put("b", FRAMES)
    assert store.ls("/kept/read/code", detail=False) == ["/kept/read/code/b.zip"]
    assert shelf.batches() == ["b"]
    for name, frame in FRAMES.items():
        assert shelf.scan("b", name).collect().equals(frame)
        assert node.take("b", [name])[name].equals(frame)
    assert shelf.frames("b") == ["one", "two"]
    assert (tmp_path / "a/b").is_dir()
    assert not (tmp_path / "b").exists()
    shelf.drop(["b", "c"])
    assert (shelf.batches(), list((tmp_path / "a").iterdir())) == ([], [])
    with pytest.raises(CannotBuild, match=r"b\.zip was taken away while the build ran"):
        node.take("b", ["one"])


@pytest.mark.usefixtures("store")
def test_copies_of_what_is_gone_and_shelves_of_other_code_are_taken_away(tmp_path: Path) -> None:
    old, new = (SharedShelf(tmp_path / code, Url(f"memory://kept/read/{code}")) for code in ("old", "new"))
    for shelf in (old, new):
        shelf.put("b", FRAMES)
        shelf.fetch("b")
    new.drop_others()
    assert (remote.names(Url("memory://kept/read")), new.batches()) == (["new"], ["b"])
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    remote.remove(["memory://kept/read/new/b.zip"])
    new.sweep()
    assert list((tmp_path / "new").iterdir()) == []
