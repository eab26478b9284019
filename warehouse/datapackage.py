"""A folder of data files described for other programs: ``datapackage.json``, rendered from the contract.

The format is Data Package 2.0 (datapackage.org), with one resource a file and, for a table or view, its
columns, keys and references. The description holds no clock and no place: equal files, equal bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.contract import Column, Table, Type, View

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "health-indicator-warehouse"
CSV_NAME = f"{NAME}-csv"
LIST_SEPARATOR = "|"
_TYPES = {
    Type.TEXT: "string",
    Type.INTEGER: "integer",
    Type.REAL: "number",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.TEXT_LIST: "list",
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A file format: its name (and ending), media type, and what it makes a resource and a list say."""

    name: str
    mediatype: str
    resource: Json = field(default_factory=dict)
    lists: Json = field(default_factory=dict)


PARQUET = Form("parquet", "application/vnd.apache.parquet")
CSV = Form("csv", "text/csv", {"encoding": "utf-8"}, {"delimiter": LIST_SEPARATOR})
SDMX_CSV = Form("sdmx-csv", "application/vnd.sdmx.data+csv; version=2.0.0")
SDMX_JSON = Form("sdmx-json", "application/vnd.sdmx.structure+json; version=2.0.0")


def parquet(tables: Iterable[Table], folder: Path) -> Json:
    """The description of the Parquet files of ``tables`` in ``folder``; each must be there."""
    return package(NAME, [relation_resource(table, folder, PARQUET) for table in tables])


def package(name: str, resources: list[Json]) -> Json:
    """The description of a folder that holds these resources."""
    return {
        "$schema": PROFILE,
        "name": name,
        "title": "Health Indicator Warehouse",
        "description": "Indicator values read from Chinese health-policy documents: what was promised, what "
        "was reached, and where it is written.",
        "resources": resources,
    }


def relation_resource(relation: Table | View, folder: Path, form: Form) -> Json:
    """The resource of a table's or view's file in ``folder``, with the schema of its columns."""
    path = folder / f"{relation.name}.{form.name}"
    licences = relation.licences if isinstance(relation, Table) else ()
    licensed = [{"name": licence.name, "title": f"{licence.name}: {licence.work}"} for licence in licences]
    return {
        **file_resource(relation.name, relation.meaning, path, form),
        "type": "table",
        **({"licenses": licensed} if licensed else {}),
        "schema": schema(relation, form),
    }


def file_resource(name: str, description: str, path: Path, form: Form) -> Json:
    """The resource of any file, which must be there: what it is, its format, size in bytes and SHA-256."""
    content = path.read_bytes()
    return {
        "name": name,
        "path": path.name,
        "description": description,
        "format": form.name,
        "mediatype": form.mediatype,
        **form.resource,
        "bytes": len(content),
        "hash": checksum(content),
    }


def checksum(content: bytes) -> str:
    """SHA-256 of ``content``, in the way a Data Package writes a hash."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def write(folder: Path, description: Json) -> Path:
    """Write ``folder/datapackage.json``; gives its path."""
    path = folder / DESCRIPTOR
    path.write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def schema(relation: Table | View, form: Form) -> Json:
    """The columns of a table or view with type, meaning and constraints, its key and what it refers to."""
    described: Json = {"fields": [_field(column, form) for column in relation.columns]}
    if isinstance(relation, Table):
        described["primaryKey"] = list(relation.key)
    if keys := [_foreign_key(c, relation) for c in relation.columns if c.references]:
        described["foreignKeys"] = keys
    return described


def _field(column: Column, form: Form) -> Json:
    described: Json = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.comment(),
    }
    if column.type is Type.TEXT_LIST:
        described |= form.lists
    if column.type is Type.TEXT and not column.nullable:
        described["missingValues"] = []  # an empty cell of a required text is the empty text
    if constraints := _constraints(column):
        described["constraints"] = constraints
    return described


def _constraints(column: Column) -> Json:
    constraints: Json = {}
    if not column.nullable and column.type is not Type.TEXT_LIST:  # the empty list is an empty cell
        constraints["required"] = True
    if column.allowed and column.type is Type.TEXT:
        constraints["enum"] = list(column.allowed)
    return constraints


def _foreign_key(column: Column, relation: Table | View) -> Json:
    table, referenced = column.references.split(".")
    resource = {} if table == relation.name else {"resource": table}  # to itself, as the format has it
    return {"fields": [column.name], "reference": {**resource, "fields": [referenced]}}
