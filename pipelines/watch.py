"""What the source folders look like from outside, and whether that calls for a build.

Nothing is read: path, size and time of the last change of each text file are enough, and 20,000 files take a
fraction of a second. A change that leaves all three as they were escapes it; the daily build reads the bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pipelines import remote
from pipelines.places import Place, Url
from pipelines.settings import CannotBuild


class Look(NamedTuple):
    """``digest``: of path, size and time of all files. ``newest``: the last change, in seconds since 1970."""

    digest: str
    newest: float


class Memory(NamedTuple):
    """What is kept from look to look.

    ``seen``: the digest of the last look. ``settled``: the one that a build was last started for or that was
    found to be built. ``started``: how many builds were started.
    """

    seen: str = ""
    settled: str = ""
    started: int = 0

    def dumps(self) -> str:
        """As the text that :func:`remember` reads."""
        return json.dumps(self._asdict())


def remember(text: str | None) -> Memory:
    """The memory kept as ``text``; an empty one for none, or for one of another version."""
    try:
        return Memory(**json.loads(text or "{}"))
    except (TypeError, ValueError):
        return Memory()


def look(folders: Sequence[Place], corrections: Path) -> Look:
    """Look at all text files below ``folders`` and at the file ``corrections``.

    Raises :class:`CannotBuild` for a folder that is missing: it may come back, and an empty warehouse is no
    answer to a disk that was not mounted.
    """
    total, newest = hashlib.sha256(), 0.0
    for url in (folder for folder in folders if isinstance(folder, Url)):
        for name, _, info in sorted(remote.texts(url), key=itemgetter(0)):
            newest = max(newest, remote.changed(info))
            total.update(f"{url}/{name} {info['size']} {remote.changed(info)}\0".encode())
    for path in sorted([corrections, *_texts(folder for folder in folders if isinstance(folder, Path))]):
        total.update(os.fsencode(path) + b"\0")
        try:
            status = path.stat()
        except OSError as error:  # gone meanwhile, or a link to nowhere
            total.update(b"error %d\0" % (error.errno or 0))
            continue
        newest = max(newest, status.st_mtime, status.st_ctime)  # a copy may bring an old mtime along
        total.update(b"%d %d\0" % (status.st_size, status.st_mtime_ns))
    return Look(total.hexdigest(), newest)


def waits(now: Look, memory: Memory, time: float, settle_seconds: float) -> str | None:
    """Why no build is called for at ``time`` (seconds since 1970); None if one is."""
    if now.digest == memory.settled:
        return "No file is new, changed or gone."
    if now.digest != memory.seen:
        return "Files have changed since the last look; waiting until they no longer do."
    if 0 <= time - now.newest < settle_seconds:  # a time in the future says nothing
        return f"A file is younger than {settle_seconds:g} s; waiting until all is written."
    return None


def _texts(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise CannotBuild(f"the source folder {folder} is missing; make it or name another as a source")
        for parent, _, names in os.walk(folder.resolve()):
            yield from (Path(parent, name) for name in names if name.lower().endswith(".txt"))
