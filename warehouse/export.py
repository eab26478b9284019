"""The published warehouse for other tools: CSV of every table and view, SDMX-CSV, and their description.

All is read from the one DuckDB file, so it is of one build, written to a staging folder inside the target,
and put in place by rename, ``datapackage.json`` last. Only files that an export has written are replaced.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.failure import Failure
from warehouse import datapackage, sdmx, sdmx_structure
from warehouse.contract import Table, View
from warehouse.csv_files import write_csv
from warehouse.datapackage import CSV_NAME, DESCRIPTOR, Json
from warehouse.publish import DATABASE
from warehouse.tables import TABLES
from warehouse.views import VIEWS

RELATIONS: tuple[Table | View, ...] = (*TABLES, *VIEWS)
STAGING = ".hiw-export"
OBSERVATIONS = "observations.sdmx.csv"
STRUCTURE = "observations.structure.json"


class ExportError(Failure):
    """The export could not be made; the message says why and what to do. No file was replaced."""


class Exported(NamedTuple):
    """What an export holds: files of tables and views, values, and how many of those are observations."""

    files: int
    values: int
    observations: int


def export(output: Path, target: Path) -> Exported:
    """Export the warehouse published in ``output`` to the folder ``target``, made where it is missing.

    Raises :class:`ExportError` if no warehouse of this version is published there, if ``target`` can't be
    written, or if it holds a file to be replaced that no export has written, or that was changed since.
    """
    frames = read_published(output)
    staging = _staging(target)
    try:
        exported = _write(frames, staging)
        _refuse_foreign(target, staging)
        _put_in_place(target, staging)
    except OSError as error:
        raise ExportError(f"the folder {target} can't be written: {error.strerror}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return exported


def read_published(output: Path) -> dict[str, pl.DataFrame]:
    """Every table and view of the contract by name, tables by key and views by all columns in order.

    Raises :class:`ExportError` if there is no DuckDB file in ``output``, or one of another contract.
    """
    import duckdb  # deferred: slow to import

    if not (output / DATABASE).is_file():
        raise ExportError(f"no warehouse is published in {output}: run `hiw build` first")
    try:
        with duckdb.connect(str(output / DATABASE), read_only=True) as connection:
            return {relation.name: connection.sql(_query(relation)).pl() for relation in RELATIONS}
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        unread = f"{output / DATABASE} can't be read as this version writes it"
        raise ExportError(f"{unread}; `hiw build` makes it anew. ({reason})") from error


def _query(relation: Table | View) -> str:
    columns = ", ".join(f'"{column.name}"' for column in relation.columns)
    order = ", ".join(f'"{name}"' for name in relation.key) if isinstance(relation, Table) else "ALL"
    return f"SELECT {columns} FROM {relation.name} ORDER BY {order}"


def _staging(target: Path) -> Path:
    staging = target / STAGING
    try:
        shutil.rmtree(staging, ignore_errors=True)  # what a killed run left
        staging.mkdir(parents=True)
    except OSError as error:
        raise ExportError(f"the folder {target} can't be written: {error.strerror}") from error
    return staging


def _write(frames: Mapping[str, pl.DataFrame], folder: Path) -> Exported:
    for relation in RELATIONS:
        write_csv(frames[relation.name], folder / f"{relation.name}.csv")
    facts = frames["fact_indicator_value"]
    observations = sdmx.observations(facts)
    observations.write_csv(folder / OBSERVATIONS, line_terminator="\r\n")
    structure = json.dumps(sdmx_structure.structure(observations, frames), ensure_ascii=False, indent=1)
    (folder / STRUCTURE).write_text(structure + "\n", encoding="utf-8")
    resources = [datapackage.relation_resource(relation, folder, datapackage.CSV) for relation in RELATIONS]
    datapackage.write(folder, datapackage.package(CSV_NAME, [*resources, *_sdmx_resources(folder)]))
    return Exported(len(RELATIONS), facts.height, observations.height)


def _sdmx_resources(folder: Path) -> list[Json]:
    data = "Resolved levels as SDMX-CSV 2.0, with the types and codes of observations.structure.json."
    structure = "Dataflow, data structure, concepts and codes of the observations, as SDMX-JSON 2.0."
    return [
        datapackage.file_resource("observations", data, folder / OBSERVATIONS, datapackage.SDMX_CSV),
        datapackage.file_resource("structure", structure, folder / STRUCTURE, datapackage.SDMX_JSON),
    ]


def _refuse_foreign(target: Path, staging: Path) -> None:
    """Raise if a file would be replaced that is neither what an export wrote nor what stands there anew."""
    written = _written_before(target)
    foreign = [
        new.name
        for new in sorted(staging.iterdir())
        if (old := target / new.name).exists() and not _is_ours(old, new, written)
    ]
    if foreign:
        raise ExportError(
            f"{target} holds files that `hiw export` did not write or that were changed since: "
            f"{', '.join(foreign)}. Take them away or export to another folder."
        )


def _is_ours(old: Path, new: Path, written: Mapping[str, str]) -> bool:
    if not old.is_file():
        return False
    if old.name == DESCRIPTOR:
        return bool(written)
    content = old.read_bytes()
    return written.get(old.name) == datapackage.checksum(content) or content == new.read_bytes()


def _written_before(target: Path) -> dict[str, str]:
    """The files of the export in ``target`` with their checksums; empty if it holds none."""
    try:
        description = json.loads((target / DESCRIPTOR).read_text(encoding="utf-8"))
        if description["name"] != CSV_NAME:
            return {}
        return {resource["path"]: resource["hash"] for resource in description["resources"]}
    except (OSError, ValueError, LookupError, TypeError):  # none there, or none of ours
        return {}


def _put_in_place(target: Path, staging: Path) -> None:
    files = sorted(staging.iterdir(), key=lambda path: (path.name == DESCRIPTOR, path.name))
    for file in files:
        file.replace(target / file.name)
