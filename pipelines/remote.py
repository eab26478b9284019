"""Files below a URL, by fsspec: listed, read many at a time, written and taken away.

What S3 has shows whole or not at all, so a file is written by one request. fsspec and the libraries of a
store are imported late: who has folders only needs neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.places import Url
from pipelines.settings import CannotBuild

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

AT_A_TIME = 16  # requests for files
MISSING = (FileNotFoundError, PermissionError)
# What stores call the time of the last change, in ``Info``.
_CHANGED = ("LastModified", "last_modified", "updated", "mtime", "created")
Info = Mapping[str, Any]


@contextmanager
def reached(url: str) -> Iterator[tuple[AbstractFileSystem, str]]:
    """The file system of ``url`` and the path of ``url`` in it.

    What fails within is raised as :class:`CannotBuild` that names ``url``, but for :data:`MISSING`.
    """
    try:
        from fsspec.core import url_to_fs

        files, root = url_to_fs(url)
        files.invalidate_cache()  # it would go on to show a folder as it was
        yield files, root
    except (CannotBuild, *MISSING):
        raise
    except ImportError as error:
        told = "for S3, pip install 'health-indicator-warehouse[cluster]'"
        raise CannotBuild(f"{url}: {error}; {told}") from error
    except Exception as error:  # each store has errors of its own
        told = " ".join(str(error).split()) or type(error).__name__
        raise CannotBuild(
            f"{url} can't be reached: {told}; see its credentials and AWS_ENDPOINT_URL"
        ) from error


def texts(url: Url) -> list[tuple[str, Url, Info]]:
    """Every ``*.txt`` below ``url``: its name there, its own URL, what the store says of it; in any order.

    Raises :class:`CannotBuild` if the store can't be reached or ``url`` not be listed.
    """
    try:
        with reached(url) as (files, root):
            if not files.exists(root):
                raise FileNotFoundError
            found = files.find(root, detail=True).items()
            return [
                (path.removeprefix(root).lstrip("/"), Url(files.unstrip_protocol(path)), info)
                for path, info in found
                if path.lower().endswith(".txt")
            ]
    except FileNotFoundError as error:
        raise CannotBuild(f"the source {url} does not exist") from error
    except PermissionError as error:
        raise CannotBuild(f"the source {url} may not be listed: {error}") from error


def changed(info: Info) -> float:
    """When the file was last changed, in seconds since 1970; 0 if its store does not say."""
    time = next((info[name] for name in _CHANGED if info.get(name) is not None), 0.0)
    return float(time.timestamp() if hasattr(time, "timestamp") else time)


def read(urls: Sequence[str]) -> dict[str, bytes | OSError]:
    """The bytes of each of ``urls``, all of one store, or the error if it is one of :data:`MISSING`."""
    if not urls:
        return {}
    with reached(urls[0]) as (files, _), ThreadPoolExecutor(AT_A_TIME) as pool:
        # Not by cat(), which would take signs such as [ and * in a name for a pattern.
        return dict(zip(urls, pool.map(partial(_read, files), urls), strict=True))


def _read(files: AbstractFileSystem, url: str) -> bytes | OSError:
    try:
        content: bytes = files.cat_file(url)
    except MISSING as error:
        return error
    return content


def names(url: Url) -> list[str]:
    """What stands directly below ``url``, which need not exist."""
    try:
        with reached(url) as (files, root):
            return [path.rstrip("/").rsplit("/", 1)[-1] for path in files.ls(root, detail=False)]
    except FileNotFoundError:
        return []


def write(url: str, content: bytes) -> None:
    """Have ``content`` at ``url``, whole or not at all."""
    with reached(url) as (files, path):
        files.pipe_file(path, content)


def remove(urls: Iterable[str]) -> None:
    """Take away what is at or below each of ``urls``, if it is there."""
    for url in urls:
        with reached(url) as (files, path):
            if files.exists(path):
                files.rm(path, recursive=True)
