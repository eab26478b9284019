"""The names of what is published, who may read it, and the ways to disk that more than one module takes.

Apart from the publishing, so that a reader of the published files need not load it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATABASE = "health_indicators.duckdb"
PARQUET = "parquet"
STATE = ".state"
SITE_OF = "build_id.txt"  # in the site: the build it is of
# Whatever the umask is: who builds writes, the group reads, nobody else. The state is the builder's alone.
SHARED_FILE, SHARED_FOLDER, PRIVATE_FOLDER = 0o640, 0o750, 0o700
KEPT = 3  # builds
FEWEST = 2  # of one, the folder would go while a reader is on the way to it
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


def state(output: Path) -> Path:
    """The private folder in ``output`` for what is being made; made, with ``output``, where it is missing."""
    if not output.is_dir():
        output.mkdir(parents=True)
        output.chmod(SHARED_FOLDER)
    return made(output / STATE, PRIVATE_FOLDER)


def made(folder: Path, mode: int = SHARED_FOLDER) -> Path:
    """``folder``, made where it is missing, with ``mode``."""
    folder.mkdir(exist_ok=True)
    if folder.stat().st_mode & 0o7777 != mode:
        folder.chmod(mode)
    return folder


def share(folder: Path) -> None:
    """Let the group read ``folder`` and all below it, and nobody else."""
    folder.chmod(SHARED_FOLDER)
    for path in folder.rglob("*"):
        path.chmod(SHARED_FOLDER if path.is_dir() else SHARED_FILE)


def sync(path: Path) -> None:
    """Have the disk hold ``path`` (a file's bytes or a folder's names) before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(folder: Path) -> None:
    """Have the disk hold ``folder`` and all below it."""
    for path in (*folder.rglob("*"), folder):
        sync(path)


def remove(path: Path) -> None:
    """Take away the file, link or folder ``path``, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Raise as ``OSError`` of ``folder`` what polars, Arrow and DuckDB say, each in its way, of its disk.

    That it is full, above all: who knows the number can say what to do, or try again.
    """
    try:
        yield
    except Exception as error:
        for number in _DISK:
            if os.strerror(number) in str(error) and getattr(error, "filename", None) is None:
                raise OSError(number, os.strerror(number), str(folder)) from error
        raise
