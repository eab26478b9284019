"""The builds of an output folder in their order: what each counted, and what became of each expectation.

``<output>/history/builds.parquet`` has a row a build, ``quality.parquet`` a row a build and expectation. Both
are taken from what is published, so a build that was stopped before its row was written gets it with the
next. They are the one thing beside the published files that a build leaves, and never stop one: a file that
can't be read is set aside. The time of a build stands here alone, for it is not in the data.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines import store
from warehouse.contract import polars_schema
from warehouse.files import PARQUET, SHARED_FILE, made, sync
from warehouse.tables import BUILD_RUN, QUALITY_RESULT

HISTORY = "history"
BUILDS, QUALITY = "builds.parquet", "quality.parquet"
KEPT = 1000
_KEY = {"sequence": pl.Int64(), "build_id": pl.String()}
_RESULT = ("suite", "expectation_id", "severity", "checked_rows", "failed_rows", "passed")
_BUILDS = pl.Schema({**_KEY, "finished_at": pl.Datetime("us", "UTC"), **polars_schema(BUILD_RUN)})
_QUALITY = pl.Schema({**_KEY, **{name: polars_schema(QUALITY_RESULT)[name] for name in _RESULT}})
# Polars panics, rather than raises, on some damaged files.
_DAMAGE = (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException)


class History(NamedTuple):
    """``builds``: sequence (counted from 1), finished_at (UTC) and the columns of ``build_run``.

    ``quality``: sequence, build_id and, by suite and expectation, severity and rows checked and failed.
    """

    builds: pl.DataFrame
    quality: pl.DataFrame


class Damaged(ValueError):  # noqa: N818  (it says what has become of a file)
    """A history file that is none; ``path`` is the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The history file {path} is damaged")
        self.path = path


def nothing() -> History:
    """A history without builds."""
    return History(pl.DataFrame(schema=_BUILDS), pl.DataFrame(schema=_QUALITY))


def load(folder: Path) -> History:
    """The history kept in ``folder``; without rows where there is none.

    Raises :class:`Damaged`, and ``OSError`` if a file can't be opened.
    """
    builds = _read(folder / BUILDS, _BUILDS).sort("sequence")
    quality = _read(folder / QUALITY, _QUALITY)
    return History(builds, quality.join(builds, on=list(_KEY), how="semi").sort(*list(_KEY), *_RESULT[:2]))


def record(output: Path) -> list[str]:
    """Add what is published in ``output`` to its history, unless it stands there as the last build.

    The notes that come back are for people: what was set aside, or why nothing could be written. At most
    :data:`KEPT` builds are kept. The quality file is put in place first, so that a build has all its rows
    or, if this is stopped in between, is not yet there.
    """
    folder, notes = output / HISTORY, []
    try:
        notes = _set_damaged_aside(folder)
        if grown := _grown(load(folder), output):
            made(folder)
            _write(grown.quality, folder / QUALITY)
            _write(grown.builds, folder / BUILDS)
    except (OSError, *_DAMAGE) as error:
        notes.append(f"The history in {folder} could not be kept: {' '.join(str(error).split())}")
    return notes


def _grown(history: History, output: Path) -> History | None:
    """The history with what is published; None if nothing is, or it is there already.

    It need not be there as the last one: an earlier build may have been put back.
    """
    seal = output / PARQUET / f"{BUILD_RUN.name}.parquet"
    if not seal.exists():
        return None
    run = store.published_table(output, BUILD_RUN.name)
    if history.builds["build_id"].tail(1).equals(run["build_id"]):
        return None
    finished = dt.datetime.fromtimestamp(int(seal.stat().st_mtime), dt.UTC)
    there = (pl.col("build_id") == run["build_id"][0]) & (pl.col("finished_at") == finished)
    if not history.builds.filter(there).is_empty():
        return None
    sequence = next(iter(history.builds["sequence"].tail(1)), 0) + 1
    key = {"sequence": sequence, "build_id": run["build_id"][0]}
    quality = store.published_table(output, QUALITY_RESULT.name)
    builds = _added(history.builds, run, {**key, "finished_at": finished}, _BUILDS)
    return History(builds, _added(history.quality, quality, key, _QUALITY))


def _added(old: pl.DataFrame, new: pl.DataFrame, key: dict[str, object], schema: pl.Schema) -> pl.DataFrame:
    rows = new.with_columns(pl.lit(value).alias(name) for name, value in key.items())
    grown = pl.concat([old, rows.select(pl.col(n).cast(t) for n, t in schema.items())])
    return grown.filter(pl.col("sequence") > pl.col("sequence").max() - KEPT)


def _set_damaged_aside(folder: Path) -> list[str]:
    """Rename what can't be read, so that it is begun anew; of expectations also what has no builds left."""
    try:
        load(folder)
    except Damaged as error:
        names = (BUILDS, QUALITY) if error.path.name == BUILDS else (QUALITY,)
        aside = [_set_aside(folder / name).name for name in names if (folder / name).exists()]
        note = f"{error}: set aside as {' and '.join(aside)}, and begun anew."
        return [note, *_set_damaged_aside(folder)]
    return []


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


def _read(path: Path, schema: pl.Schema) -> pl.DataFrame:
    """The rows of a history file; a column it has not, since it is of an older contract, is null."""
    if not path.exists():
        return pl.DataFrame(schema=schema)
    content = path.read_bytes()
    try:
        frame = pl.read_parquet(io.BytesIO(content))
        absent = [pl.lit(None).alias(name) for name in schema.keys() - {*_KEY, *frame.columns}]
        return frame.with_columns(absent).select(pl.col(name).cast(kind) for name, kind in schema.items())
    except _DAMAGE as error:
        raise Damaged(path) from error


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Write beside the place, then rename: whoever stops this in between leaves whole files."""
    staged = path.with_suffix(".new")
    frame.write_parquet(staged)
    staged.chmod(SHARED_FILE)
    sync(staged)
    staged.replace(path)
    sync(path.parent)
