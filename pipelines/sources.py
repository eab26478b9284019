"""The text files below the source folders: found in a fixed order, read, or set aside with a reason."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.limits import MAX_BYTES, too_large
from pipelines.settings import CannotBuild

FILES = pl.Schema(
    {"source_file": pl.String(), "content": pl.Binary(), "reason": pl.String(), "detail": pl.String()}
)
LISTING = pl.Schema(
    {
        "source_file": pl.String(),
        "path": pl.Binary(),
        "content_sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "reason": pl.String(),
        "detail": pl.String(),
    }
)
CHANGED = "changed_meanwhile"
MEANWHILE = "it changed while the build ran; the next build reads it"


class NoDocuments(CannotBuild):
    """No text file was found."""


class RejectedDocuments(CannotBuild):
    """No file could be read, or not all and the build is strict. ``rejected`` has the rejected files."""

    def __init__(self, message: str, rejected: pl.DataFrame) -> None:
        super().__init__(message)
        self.rejected = rejected


class SourceFile(NamedTuple):
    """One text file: its path below its source folder, where it is, and what it held when it was found.

    ``path`` is in bytes, as a name need not be text. ``content_sha256`` and ``size_bytes`` (bytes) are null
    for a file that can't be read, of which ``reason`` and ``detail`` say why.
    """

    source_file: str
    path: bytes
    content_sha256: str | None = None
    size_bytes: int | None = None
    reason: str | None = None
    detail: str | None = None


def list_sources(folders: Sequence[Path]) -> list[SourceFile]:
    """Every ``*.txt`` below each folder, folders in the order given, files sorted by path; no bytes are kept.

    Each ``source_file`` is unique: a path that an earlier folder has too gets its folder's name in front.
    A link is read if it stays inside its source folder; links between folders are never followed, since
    what they lead to inside is found anyway. Raises :class:`CannotBuild` for a folder that is missing and
    :class:`NoDocuments` when there is no text file at all.
    """
    found: dict[str, SourceFile] = {}
    for folder in dict.fromkeys(folder.resolve() for folder in map(_existing, folders)):
        for file in sorted(_files(folder), key=lambda file: (file.source_file, file.path)):
            name = file.source_file
            while name in found:
                name = f"{folder.name}/{name}"
            found[name] = file._replace(source_file=name)
    if not found:
        raise NoDocuments(f"no documents found in {', '.join(map(str, folders))}: there is no .txt file")
    return list(found.values())


def listing(files: Iterable[SourceFile]) -> pl.DataFrame:
    """``files`` as a frame: source_file, path, content_sha256, size_bytes, reason, detail."""
    return pl.DataFrame(list(files), schema=LISTING, orient="row")


def contents(listed: pl.DataFrame) -> pl.DataFrame:
    """The bytes of ``listed`` files as the first stage takes them: source_file, content, reason, detail.

    ``source_file`` is the hash of the content here: what is read of a text does not depend on its name. A
    file that is gone or holds something else than when it was listed has the reason ``changed_meanwhile``.
    """
    rows = [_content(path, sha) for path, sha in listed.select("path", "content_sha256").iter_rows()]
    return pl.DataFrame(rows, schema=FILES, orient="row")


def _content(path: bytes, sha: str) -> tuple[str, bytes | None, str | None, str | None]:
    try:
        content = Path(os.fsdecode(path)).read_bytes()
    except OSError as error:
        return sha, None, CHANGED, f"{error.strerror} when it was read; the next build tries again"
    if hashlib.sha256(content).hexdigest() != sha:
        return sha, None, CHANGED, MEANWHILE
    return sha, content, None, None


def require_documents(read: int, rejected: pl.DataFrame, strict: bool = False) -> None:
    """Raise :class:`RejectedDocuments` when none of the files was read, or, if ``strict``, not all were."""
    if read == 0:
        raise RejectedDocuments(f"none of {rejected.height} files could be read", rejected)
    if strict and rejected.height:
        total = read + rejected.height
        raise RejectedDocuments(f"{rejected.height} of {total} files rejected; the build is strict", rejected)


def digest(files: Iterable[SourceFile]) -> str:
    """SHA-256 over what was found: path, and bytes or reason, of every file. The order does not matter."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.source_file):
        total.update(f"{file.source_file}\0{file.content_sha256 or file.reason}\0".encode())
    return total.hexdigest()


def _existing(folder: Path) -> Path:
    if folder.is_dir():
        return folder
    what = "is not a folder" if folder.exists() else "does not exist"
    raise CannotBuild(f"the source folder {folder} {what}")


def _files(folder: Path) -> Iterator[SourceFile]:
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        for name in folders:
            path = Path(parent, name)
            if path.is_symlink() and not path.resolve().is_relative_to(folder):
                yield _outside(path, folder)
        for name in names:
            if name.lower().endswith(".txt"):
                yield _file(Path(parent, name), folder)
    for error in unreadable:
        yield _unreadable(Path(error.filename), folder, error)


def _file(path: Path, folder: Path) -> SourceFile:
    try:
        if not path.resolve(strict=True).is_relative_to(folder):
            return _outside(path, folder)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # opening a named pipe would wait for ever
            return _refused(path, folder, "unreadable", "not a regular file; put the text itself here")
        if found.st_size > MAX_BYTES:
            return _refused(path, folder, "too_large", too_large(found.st_size))
        with path.open("rb") as stream:
            sha = hashlib.file_digest(stream, "sha256").hexdigest()
            return SourceFile(_name(path, folder), os.fsencode(path), sha, stream.tell())
    except (OSError, RuntimeError) as error:  # RuntimeError: Python 3.11 for a link that leads to itself
        return _unreadable(path, folder, error)


def _outside(path: Path, folder: Path) -> SourceFile:
    detail = "a link that leads out of the source folder; copy the text here or name its folder as a source"
    return _refused(path, folder, "link_outside_source", detail)


def _unreadable(path: Path, folder: Path, error: Exception) -> SourceFile:
    cause = error.strerror if isinstance(error, OSError) else "the link leads to itself"
    return _refused(path, folder, "unreadable", f"{cause}; give the build leave to read it or take it away")


def _refused(path: Path, folder: Path, reason: str, detail: str) -> SourceFile:
    return SourceFile(_name(path, folder), os.fsencode(path), reason=reason, detail=detail)


def _name(path: Path, folder: Path) -> str:
    """The path below ``folder``; bytes of a name that are no UTF-8 are written ``\\xNN``."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")
