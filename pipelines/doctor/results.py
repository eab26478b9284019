"""Checks of the output folder: what may be done there, and what builds have left."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.commands import CRASH
from pipelines.doctor.finding import Finding, megabytes, ok, problem, some, warning
from pipelines.settings import Settings
from warehouse.files import DATABASE, PARQUET, STATE

if TYPE_CHECKING:
    import duckdb

ROOM = 3  # times what is published: the builds that are kept, and the one being made
LEAST_ROOM = 500e6  # bytes, where nothing is published yet
_ANEW = "hiw build; if that changes nothing, move the published files away first"
_UNFINISHED = (".state/tmp", ".state/publishing", ".state/read/**/.new-*", ".sites/link")
LEAST_FILES = 10_000  # of the site, of the builds kept, and of what is read


def output(settings: Settings) -> Finding:
    """Whether the output folder can be made or written to, and by whom it was made."""
    folder, there = settings.output, _existing(settings.output)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return problem(f"{there} can't be written to", f"make {folder} a folder of the account that runs hiw")
    if there != folder:
        return ok(f"{folder} is not there yet; the first build makes it")
    if there.stat().st_uid != os.geteuid():
        return warning(f"{folder} belongs to another account", "run hiw as the account that builds")
    return ok(f"{folder} can be written to")


def permissions(settings: Settings) -> Finding:
    """Whether what is published is for the group to read and for none but the owner to change."""
    state = settings.output / STATE
    if state.is_dir() and state.stat().st_mode & 0o077:
        return warning(f"others can look into {state}", f"chmod 700 {state}")
    files = [settings.output / DATABASE, *(settings.output / PARQUET).glob("*")]
    modes = {str(path): path.stat().st_mode for path in files if path.exists()}
    if changed := [name for name, mode in modes.items() if mode & 0o022]:
        return problem(f"others can change {some(changed)}", f"chmod -R go-w {settings.output}")
    if hidden := [name for name, mode in modes.items() if not mode & 0o040]:
        return warning(f"the group can't read {some(hidden)}", f"chmod -R g+rX {settings.output}")
    return ok(f"{len(modes)} published files are for the group to read")


def disk(settings: Settings) -> Finding:
    """Whether there is room for another build."""
    there = _existing(settings.output)
    needed = max(ROOM * _size(settings.output), LEAST_ROOM)
    free, stats = shutil.disk_usage(there).free, os.statvfs(there)
    told = f"{megabytes(free)} free where {settings.output} is"
    if free < needed:
        return warning(told, f"make room for {megabytes(needed)}")
    if stats.f_files and stats.f_favail < LEAST_FILES:
        return warning(f"only {stats.f_favail} more files fit where {settings.output} is", "take files away")
    return ok(told)


def lock(settings: Settings) -> Finding:
    """Whether a build is at work, or one was stopped halfway."""
    if (holder := _at_work(settings.output)) is not None:
        return ok(f"a build is running{holder}")
    if left := [path for pattern in _UNFINISHED for path in settings.output.glob(pattern)]:
        names = some([str(path.relative_to(settings.output)) for path in left])
        return warning(f"a build was stopped and has left {names}", "nothing: the next build clears it")
    return ok("no build is running")


def published(settings: Settings) -> Finding:
    """Whether the published file opens, has the tables and views of the contract, and the rows it counted."""
    from pipelines.ask import opened
    from warehouse.tables import TABLES
    from warehouse.views import VIEWS

    if not (settings.output / DATABASE).exists():
        return warning(f"nothing is published in {settings.output}", "hiw build")
    with opened(settings.output) as connection:
        wrong = [
            relation.name
            for relation in (*TABLES, *VIEWS)
            if _columns(connection, relation.name) != [column.name for column in relation.columns]
        ]
        if wrong:
            return problem(f"of another version: {some(wrong)}", "hiw build")
        counted, found = _counts(connection)
    if counted != found:
        return problem(
            f"{found[0]} documents and {found[1]} values, not {counted[0]} and {counted[1]}", _ANEW
        )
    return ok(f"{found[0]} documents, {found[1]} values")


def parquet(settings: Settings) -> Finding:
    """Whether the Parquet files are whole and of the same build as the DuckDB file."""
    import polars as pl

    from pipelines.ask import opened
    from warehouse.datapackage import DESCRIPTOR
    from warehouse.tables import TABLES

    folder = settings.output / PARQUET
    if not folder.exists():
        return warning(f"nothing is published in {settings.output}", "hiw build")
    names = [*(f"{table.name}.parquet" for table in TABLES), DESCRIPTOR]
    if missing := [name for name in names if not (folder / name).is_file()]:
        return problem(f"missing in {folder}: {some(missing)}", _ANEW)
    with opened(settings.output) as connection:
        rows = {t.name: connection.execute(f"SELECT count(*) FROM {t.name}").fetchone() for t in TABLES}
    files = {t.name: pl.scan_parquet(folder / f"{t.name}.parquet") for t in TABLES}
    other = [name for name, file in files.items() if (file.select(pl.len()).collect().item(),) != rows[name]]
    if other:
        return problem(f"not as the DuckDB file has them: {some(other)}", _ANEW)
    return ok(f"{len(files)} files")


def freshness(settings: Settings) -> Finding:
    """Whether what is published is of the sources, corrections, seeds and code as they are now."""
    from pipelines import store
    from pipelines.sources import list_sources

    if not (settings.output / DATABASE).exists():
        return ok("nothing is published")
    now = store.fingerprint(list_sources(settings.sources), settings.corrections).build_id
    if not store.is_published(settings.output, now, settings.site):
        return warning("stale: sources, corrections, seeds or code have changed since", "hiw build")
    return ok("up to date")


def crash(settings: Settings) -> Finding:
    """Whether the program was at fault of late."""
    kept = settings.output / CRASH
    if not kept.is_file():
        return ok("no fault of the program is on record")
    lines = kept.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    when = dt.datetime.fromtimestamp(kept.stat().st_mtime, dt.UTC).isoformat(" ", "minutes")
    return warning(
        f"a fault of the program on {when}: {last[:200]}", f"report it with {kept}, then delete that"
    )


def _existing(folder: Path) -> Path:
    """``folder``, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())


def _size(folder: Path) -> int:
    """Bytes of the published files."""
    files = [folder / DATABASE, *(folder / PARQUET).glob("*")]
    return sum(path.stat().st_size for path in files if path.exists())


def _at_work(output: Path) -> str | None:
    """Who holds the lock of ``output``, empty if that is not known; None if nobody does."""
    state = output / STATE
    if not state.is_dir():
        return None
    descriptor = os.open(state, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(os.fstat(descriptor).st_ino)
    finally:
        os.close(descriptor)
    return None


def _holder(inode: int) -> str:
    """The process that holds the lock on ``inode``, where Linux tells."""
    try:
        held = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    except OSError:
        return ""
    return next((f" (process {words[4]})" for words in held if words[5].endswith(f":{inode}")), "")


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    found = "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
    return [name for (name,) in connection.execute(found, [relation]).fetchall()]


def _counts(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[int, int], tuple[int, int]]:
    """Documents and values as ``build_run`` has counted them, and as they are."""
    counted = "SELECT documents_read, values_published FROM build_run"
    found = "SELECT (SELECT count(*) FROM dim_document), (SELECT count(*) FROM fact_indicator_value)"
    [first], [second] = (connection.execute(query).fetchall() for query in (counted, found))
    return first, second
