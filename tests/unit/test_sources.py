"""Finding the text files: a fixed order, links kept inside, nothing passed over in silence."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from pipelines.settings import CannotBuild
from pipelines.sources import (
    NoDocuments,
    RejectedDocuments,
    SourceFile,
    contents,
    digest,
    list_sources,
    listing,
    require_documents,
)


def write(path: Path, content: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reasons(folder: Path) -> list[tuple[str, str | None]]:
    return [(file.source_file, file.reason) for file in list_sources([folder])]


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may read and write everything, so give that up for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_text_files_are_found_at_any_depth_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.TXT", "a/notes.md", "卫生/2025.txt", "a.txt/inside.txt"):
        write(tmp_path / name)
    found = [file.source_file for file in list_sources([tmp_path])]
    assert found == ["a.txt/inside.txt", "a/z.TXT", "b.txt", "卫生/2025.txt"]


def test_several_folders_give_distinct_names(tmp_path: Path) -> None:
    write(tmp_path / "one/a.txt", b"1")
    write(tmp_path / "two/a.txt", b"2")
    files = list_sources([tmp_path / "one", tmp_path / "two", tmp_path / "one"])
    assert [(f.source_file, f.content_sha256) for f in files] == [
        ("a.txt", sha(b"1")),
        ("two/a.txt", sha(b"2")),
    ]


def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside/secret.txt")
    source = write(tmp_path / "in/a.txt").parent
    (source / "file.txt").symlink_to(secret)
    (source / "folder").symlink_to(secret.parent)
    (source / "inside.txt").symlink_to("a.txt")
    assert reasons(source) == [
        ("a.txt", None),
        ("file.txt", "link_outside_source"),
        ("folder", "link_outside_source"),
        ("inside.txt", None),
    ]


def test_loops_of_links_end(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "up").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "nowhere.txt").symlink_to("missing")
    assert reasons(tmp_path) == [
        ("a.txt", None),
        ("nowhere.txt", "unreadable"),
        ("self.txt", "unreadable"),
    ]


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(tmp_path) == [("pipe.txt", "unreadable")]


def test_files_and_folders_that_may_not_be_read_are_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write(folder / "closed.txt").chmod(0)
        write(folder / "shut/a.txt").parent.chmod(0)
        with without_privileges():
            found = list_sources([folder])
        (folder / "shut").chmod(0o700)
    assert [(f.source_file, f.reason) for f in found] == [
        ("closed.txt", "unreadable"),
        ("shut", "unreadable"),
    ]
    assert "Permission denied" in f"{found[0].detail}"


def test_the_bytes_are_read_later_under_the_name_of_their_hash(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"1")
    rows = contents(listing(list_sources([tmp_path])))
    assert rows.rows() == [(sha(b"1"), b"1", None, None)]


@pytest.mark.parametrize("meanwhile", ["gone", "grown"])
def test_a_file_that_changed_since_it_was_listed_is_not_read(tmp_path: Path, meanwhile: str) -> None:
    path = write(tmp_path / "a.txt", b"1")
    listed = listing(list_sources([tmp_path]))
    path.unlink() if meanwhile == "gone" else path.write_bytes(b"12")
    [(name, content, reason, detail)] = contents(listed).rows()
    assert (name, content, reason) == (sha(b"1"), None, "changed_meanwhile")
    assert "next build" in detail


def test_a_name_that_is_no_utf_8_is_written_with_escapes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xce\xc0\xc9\xfa.txt")).write_bytes(b"x")
    files = list_sources([tmp_path])
    assert listing(files)["source_file"].to_list() == [r"\xce\xc0\xc9\xfa.txt"]


def test_a_missing_folder_and_an_empty_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(CannotBuild, match="does not exist"):
        list_sources([tmp_path / "missing"])
    with pytest.raises(CannotBuild, match="is not a folder"):
        list_sources([write(tmp_path / "notes.md")])
    with pytest.raises(NoDocuments, match="no documents found in"):
        list_sources([tmp_path])


def test_the_digest_is_of_paths_and_bytes_not_of_order() -> None:
    one, two = SourceFile("a.txt", b"/a", "1"), SourceFile("b.txt", b"/b", "2")
    assert digest([one, two]) == digest([two, one])
    assert digest([one, two]) != digest([one, two._replace(content_sha256="3")])
    assert digest([one, two]) != digest([one, two._replace(source_file="c.txt")])
    assert digest([one]) != digest([one._replace(content_sha256=None, reason="unreadable")])


def test_one_document_is_enough_unless_the_build_is_strict() -> None:
    rejected = pl.DataFrame({"source_file": ["a.txt"]})
    require_documents(1, rejected)
    require_documents(1, rejected.clear(), strict=True)
    with pytest.raises(RejectedDocuments, match="1 of 2 files"):
        require_documents(1, rejected, strict=True)
    with pytest.raises(RejectedDocuments, match="none of 1 files"):
        require_documents(0, rejected)
