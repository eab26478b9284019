"""The text files below the source folders: found in a fixed order, read, or set aside with a reason."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines import remote
from pipelines.limits import MAX_BYTES, too_large
from pipelines.places import Place, Url
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
AT_ONCE = 64  # objects in memory while their hashes are made
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


def list_sources(folders: Sequence[Place]) -> list[SourceFile]:
    """Every ``*.txt`` below each folder or URL, in the order given, files sorted by path; no bytes are kept.

    Each ``source_file`` is unique: a path that an earlier folder has too gets its folder's name in front.
    A link is read if it stays inside its source folder; links between folders are never followed, since
    what they lead to inside is found anyway. Raises :class:`CannotBuild` for a folder that is missing and
    :class:`NoDocuments` when there is no text file at all.
    """
    found: dict[str, SourceFile] = {}
    for folder in dict.fromkeys(map(_existing, folders)):
        files = _objects(folder) if isinstance(folder, Url) else _files(folder)
        for file in sorted(files, key=lambda file: (file.source_file, file.path)):
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
    paths = [os.fsdecode(path) for path in listed["path"]]
    objects = remote.read([path for path in paths if "://" in path])
    found = (objects[path] if path in objects else _bytes(path) for path in paths)
    rows = [_content(content, sha) for content, sha in zip(found, listed["content_sha256"], strict=True)]
    return pl.DataFrame(rows, schema=FILES, orient="row")


def _bytes(path: str) -> bytes | OSError:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        return error


def _content(content: bytes | OSError, sha: str) -> tuple[str, bytes | None, str | None, str | None]:
    if isinstance(content, OSError):
        cause = content.strerror or type(content).__name__
        return sha, None, CHANGED, f"{cause} when it was read; the next build tries again"
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


def _existing(folder: Place) -> Place:
    if isinstance(folder, Url):
        return folder
    if folder.is_dir():
        return folder.resolve()
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


def _objects(url: Url) -> Iterator[SourceFile]:
    """The texts below ``url``; read some at a time, as their hash is not to be had otherwise."""
    listed = [SourceFile(name, at.encode(), size_bytes=info["size"]) for name, at, info in remote.texts(url)]
    fit = []
    for file in listed:
        if (file.size_bytes or 0) > MAX_BYTES:
            detail = too_large(file.size_bytes or 0)
            yield file._replace(size_bytes=None, reason="too_large", detail=detail)
        else:
            fit.append(file)
    for start in range(0, len(fit), AT_ONCE):
        some = fit[start : start + AT_ONCE]
        found = remote.read([file.path.decode() for file in some])
        yield from (_object(file, found[file.path.decode()]) for file in some)


def _object(file: SourceFile, found: bytes | OSError) -> SourceFile:
    if isinstance(found, OSError):
        detail = f"{type(found).__name__}; give the build leave to read it or take it away"
        return file._replace(size_bytes=None, reason="unreadable", detail=detail)
    return file._replace(content_sha256=hashlib.sha256(found).hexdigest(), size_bytes=len(found))


def _file(path: Path, folder: Path) -> SourceFile:
    try:
        # No folder on the way is a link, as none is followed; to resolve every file would take half the time.
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(folder):
            return _outside(path, folder)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # opening a named pipe would wait for ever
            return _refused(path, folder, "unreadable", "not a regular file; put the text itself here")
        if found.st_size > MAX_BYTES:
            return _refused(path, folder, "too_large", too_large(found.st_size))
        with path.open("rb") as stream:
            content = stream.read(found.st_size + 1)  # if it grows just now, it is found changed later on
        sha = hashlib.sha256(content).hexdigest()
        return SourceFile(_name(path, folder), os.fsencode(path), sha, len(content))
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
