"""What lies beside the results: the lock, what builds keep for the next ones, the build's fingerprint."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.failure import ExitCode
from pipelines.scratch import temporary_files_in
from pipelines.settings import CORRECTIONS, ROOT, CannotBuild
from pipelines.sources import SourceFile, digest
from warehouse.datapackage import DESCRIPTOR
from warehouse.files import DATABASE, PARQUET, SITE_OF, STATE, state
from warehouse.tables import BUILD_RUN, TABLES

TEMPORARY = "tmp"  # below the state
SITE = "site"
# Everything a result depends on beside the sources, as patterns below the root of the repository.
_CODE = (
    "pipelines/**/*.py",
    "pipelines/report/templates/*.html",
    "pipelines/report/static/*",
    "warehouse/**/*.py",
    "warehouse/**/*.sql",
    "expectations/**/*.py",
    "expectations/**/*.json",
    "expectations/**/*.sql",
    "seeds/lexicons/**/*",
    "seeds/reference/**/*",
    "requirements.lock",
)


class OutputNotWritable(CannotBuild):
    """The output folder can't be made or written to."""


class AnotherBuild(CannotBuild):
    """Another build writes to the same output folder at this moment."""

    exit_code = ExitCode.BUSY


class Fingerprint(NamedTuple):
    """``build_id`` stands for sources, corrections, seeds and code, ``code_version`` for the latter two."""

    build_id: str
    code_version: str


def kept(output: Path, name: str) -> Path:
    """The place of that name in the part of the output folder that is for the builds alone."""
    return output / STATE / name


_held: set[Path] = set()


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the output folder for one build; makes the folder where it is missing.

    Temporary files lie there meanwhile. The lock goes with the process, so a killed build leaves none; who
    holds it may take it again. Raises
    :class:`OutputNotWritable` or :class:`AnotherBuild`.
    """
    if output in _held:
        yield
        return
    descriptor = os.open(_writable(output) / STATE, os.O_RDONLY)
    try:
        _flock(descriptor, output)
        _held.add(output)
        with temporary_files_in(kept(output, TEMPORARY)):
            yield
    finally:
        _held.discard(output)
        os.close(descriptor)


def _flock(descriptor: int, output: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AnotherBuild(f"another build is writing to {output}; wait for it to end") from error


def _writable(output: Path) -> Path:
    try:
        state(output)
    except OSError as error:
        raise OutputNotWritable(f"the output folder {output} is not writable: {error.strerror}") from error
    for folder in (output, output / STATE, output / PARQUET):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise OutputNotWritable(f"the output folder {output} is not writable")
    return output


def code_version() -> str:
    """SHA-256 over the code, the seeds and the locked dependencies, by path and bytes."""
    total = hashlib.sha256()
    for path in sorted({path for pattern in _CODE for path in ROOT.glob(pattern) if path.is_file()}):
        name = path.relative_to(ROOT).as_posix().encode()
        total.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def fingerprint(
    files: Iterable[SourceFile], corrections: Path = CORRECTIONS, version: str | None = None
) -> Fingerprint:
    """The fingerprint of a build of ``files`` and ``corrections`` with the code and seeds of ``version``.

    Without ``version``, those are as they are now.
    """
    version = version or code_version()
    corrected = hashlib.sha256(corrections.read_bytes() if corrections.is_file() else b"").hexdigest()
    return Fingerprint(hashlib.sha256(f"{version}{digest(files)}{corrected}".encode()).hexdigest(), version)


def is_published(output: Path, build_id: str, site: bool = True) -> bool:
    """Whether ``output`` holds all results of exactly this build: with its site, or else without any."""
    published = [output / PARQUET / f"{table.name}.parquet" for table in TABLES]
    published += [output / PARQUET / DESCRIPTOR, output / DATABASE]
    if not all(path.is_file() for path in published) or _site_of(output) != (build_id if site else None):
        return False
    try:
        return published_table(output, BUILD_RUN.name)["build_id"].to_list() == [build_id]
    except pl.exceptions.PolarsError:  # damaged, or of an older contract: build again
        return False


def _site_of(output: Path) -> str | None:
    """The build that the site in ``output`` is of; None without one, or with one that is not whole."""
    of = output / SITE / SITE_OF
    whole = of.is_file() and (output / SITE / "index.html").is_file()
    return of.read_text(encoding="utf-8") if whole else None


def published_table(output: Path, name: str) -> pl.DataFrame:
    """A published table, read back from its Parquet file."""
    return pl.read_parquet(output / PARQUET / f"{name}.parquet")
