"""The published builds of an output folder: which one is shown, which are kept, and how one is put in place.

::

    <output>/builds/000007/{health_indicators.duckdb,parquet/}   a build; nothing in it changes any more
    <output>/builds/withdrawn                                    ids of the builds rolled back, one a line
    <output>/current -> builds/000007                            replaced by one rename
    <output>/health_indicators.duckdb -> current/health_indicators.duckdb
    <output>/parquet -> current/parquet

All that is published changes with the one rename of ``current``, so the DuckDB file and the Parquet files are
always of one build. A build's folder stands some time after it was replaced, so that a reader who has just
looked up where ``current`` leads still finds it there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from warehouse.files import DATABASE, KEPT, PARQUET, PRIVATE_FOLDER, SHARED_FILE, made, remove, state, sync

BUILDS, CURRENT, WITHDRAWN = "builds", "current", "withdrawn"
STAGING = "publishing"  # below the state


class RollbackError(ValueError):
    """The build asked for can't be put back; the message says why. Nothing was changed."""


class Build(NamedTuple):
    """A whole build in its folder; ``number`` counts the builds of an output folder from 1."""

    number: int
    folder: Path

    @property
    def name(self) -> str:
        """The number as the folder has it."""
        return self.folder.name

    @property
    def published_at(self) -> dt.datetime:
        """When its files were made, UTC."""
        return dt.datetime.fromtimestamp((self.folder / DATABASE).stat().st_mtime, dt.UTC)

    @property
    def run(self) -> dict[str, Any]:
        """The row of its ``build_run``; empty where that can't be read."""
        import polars as pl  # deferred, both: slow to import

        from warehouse.tables import BUILD_RUN

        file = self.folder / PARQUET / f"{BUILD_RUN.name}.parquet"
        try:
            return pl.read_parquet(file).row(0, named=True)
        except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return {}

    @property
    def build_id(self) -> str:
        """What stands for all it was made of; empty where that can't be read."""
        return str(self.run.get("build_id", ""))


def kept(output: Path) -> list[Build]:
    """The builds of ``output`` that can be put back or are published, the oldest first."""
    folders = (path for path in (output / BUILDS).glob("[0-9]*") if path.name.isdecimal() and path.is_dir())
    return sorted(Build(int(path.name), path) for path in folders)


def current(output: Path) -> Build | None:
    """The build that is published in ``output``; None if there is none."""
    link = output / CURRENT
    shown = link.readlink().name if link.is_symlink() else None
    return next((build for build in kept(output) if build.name == shown), None)


def withdrawn(output: Path) -> set[str]:
    """The ids of the builds that were rolled back: they are published again only if somebody says so."""
    file = output / BUILDS / WITHDRAWN
    return set(file.read_text(encoding="utf-8", errors="replace").split()) if file.exists() else set()


def is_withdrawn(output: Path, build_id: str) -> bool:
    """Whether the build was rolled back, and another one is published in its place."""
    return build_id in withdrawn(output) and current(output) is not None


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """An empty folder on the disk of ``output``, for what is then put in place by rename; goes at the end."""
    remove(state(output) / STAGING)  # what a killed run left
    try:
        yield _staging(output)
    finally:
        remove(state(output) / STAGING)


def prepare(output: Path) -> None:
    """Make the folders, and take away builds that a killed run made but did not publish.

    Raises ``FileExistsError`` if a folder that is none of ours stands where a link has to be.
    """
    for name in (CURRENT, DATABASE, PARQUET):
        if (path := output / name).is_dir() and not path.is_symlink() and not _is_older_layout(path):
            raise FileExistsError(f"{path} is in the way of what is published; move it elsewhere")
    remove(output / ".staging")  # of versions without a state folder
    made(output / BUILDS)
    ids, shown = withdrawn(output), current(output)
    for build in kept(output):
        if (shown is None or build > shown) and build.build_id not in ids:
            _discard(build.folder, output)


def add(folder: Path, output: Path, keep: int = KEPT) -> Build:
    """Publish ``folder``, which must be whole and on disk, as the next build of ``output``.

    It stands in the :func:`staging` folder of a prepared ``output``. Of the builds before, the last are kept:
    ``keep`` with this one, and none that was rolled back. A reader needs :data:`warehouse.files.FEWEST`. The
    build no longer counts as rolled back if it was.
    """
    number = max((build.number for build in kept(output)), default=0) + 1
    build = Build(number, output / BUILDS / f"{number:06}")
    folder.rename(build.folder)
    sync(output / BUILDS)
    _withdraw(output, withdrawn(output) - {build.build_id})
    _show(build, output)
    _prune(build, output, keep)
    return build


def put_back(output: Path, number: int | None = None) -> tuple[Build, Build]:
    """Publish a kept build once more: that with ``number``, or the one before what is published now.

    Every build after it counts as rolled back from then on. Gives the build that was published and the one
    that is now; raises :class:`RollbackError`.
    """
    was = current(output)
    if was is None:
        raise RollbackError(f"nothing is published in {output}; hiw build does that")
    build = _chosen(output, was, number)
    if not build.run:
        raise RollbackError(f"build {build.name} is damaged: its build_run can't be read")
    later = {later.build_id for later in kept(output) if later > build}
    with staging(output):
        _withdraw(output, (withdrawn(output) | later) - {build.build_id, ""})
        _show(build, output)
    return was, build


def _chosen(output: Path, was: Build, number: int | None) -> Build:
    if number == was.number:
        raise RollbackError(f"build {was.name} is the published one already")
    ids, others = withdrawn(output), [build for build in kept(output) if build != was]
    if number is None:
        fit = [build for build in others if build < was and build.build_id not in ids]
        missing = f"there is no build before {was.name} to put back"
    else:
        fit = [build for build in others if build.number == number]
        missing = f"there is no build {number:06}"
    if not fit:
        raise RollbackError(f"{missing}; kept in {output} are: {_names(output)}")
    return fit[-1]


def _names(output: Path) -> str:
    return ", ".join(build.name for build in kept(output))


def _staging(output: Path) -> Path:
    return made(state(output) / STAGING, PRIVATE_FOLDER)


def _withdraw(output: Path, ids: set[str]) -> None:
    if ids == withdrawn(output):
        return
    staged, file = _staging(output) / WITHDRAWN, output / BUILDS / WITHDRAWN
    staged.write_text("".join(f"{build_id}\n" for build_id in sorted(ids)), encoding="utf-8")
    staged.chmod(SHARED_FILE)
    sync(staged)
    staged.replace(file)
    sync(file.parent)


def _show(build: Build, output: Path) -> None:
    """Have ``current`` lead to ``build``, and the names at the top to what is in it."""
    _link(output, CURRENT, f"{BUILDS}/{build.name}")
    for name in (DATABASE, PARQUET):
        _link(output, name, f"{CURRENT}/{name}")
    sync(output)


def _link(output: Path, name: str, target: str) -> None:
    link, staged = output / name, _staging(output) / "link"
    if link.is_symlink() and str(link.readlink()) == target:
        return
    staged.symlink_to(target)
    if link.is_dir() and not link.is_symlink():  # an older version's folder of Parquet files
        _discard(link, output)
    staged.replace(link)


def _is_older_layout(folder: Path) -> bool:
    """Whether ``folder`` is what versions without numbered builds had in the place of the link."""
    ours = (path.is_file() and path.suffix in (".parquet", ".json") for path in folder.iterdir())
    return folder.name == PARQUET and all(ours)


def _prune(newest: Build, output: Path, keep: int) -> None:
    ids = withdrawn(output) | {newest.build_id}  # once is enough
    before = [build for build in kept(output) if build != newest]
    good = [build for build in before if build.build_id not in ids]
    for build in before:
        if build not in good[1 - keep :]:
            _discard(build.folder, output)


def _discard(folder: Path, output: Path) -> None:
    """Take ``folder`` away, first by rename: whoever is stopped in between leaves no half of it there."""
    away = _staging(output) / "discarded"
    folder.rename(away)
    remove(away)
