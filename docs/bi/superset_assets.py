"""The connection and one dataset a table and view, with their comments, as a folder Superset imports.

``python superset_assets.py health_indicators.duckdb FOLDER`` writes it; ``superset import-directory`` reads
it. What a table means is asked of the DuckDB file, so nothing of the contract is written a second time.
The files are JSON, which is YAML too. The same tables, columns and comments give the same folder.
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import duckdb

CONNECTION = "Health indicators"
SCHEMA = "main"
VERSION = "1.0.0"  # of Superset's import format
# read_only: never waits for a lock nor takes one. The rest keeps a query inside this one file: DuckDB could
# otherwise read any file of the machine from SQL Lab, or fetch extensions.
CONNECT_ARGS = {
    "read_only": True,
    "config": {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "lock_configuration": "true",
    },
}
RELATIONS = """
    SELECT table_name AS name, comment FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
    ORDER BY name
"""
COLUMNS = """
    SELECT column_name, data_type, comment FROM duckdb_columns()
    WHERE table_name = ? AND NOT internal ORDER BY column_index
"""


def render(database: Path, folder: Path) -> None:
    """Write ``folder`` for the DuckDB file ``database``; raises ``duckdb.Error`` if that is none."""
    write(folder / "metadata.yaml", {"version": VERSION})
    write(folder / "databases" / "health_indicators.yaml", connection(database.absolute()))
    with duckdb.connect(str(database), read_only=True) as warehouse:
        for name, comment in warehouse.execute(RELATIONS).fetchall():
            columns = warehouse.execute(COLUMNS, [name]).fetchall()
            write(folder / "datasets" / f"{name}.yaml", dataset(name, comment, columns))


def connection(database: Path) -> dict[str, Any]:
    """The connection to the DuckDB file, with SQL Lab and without any way to write."""
    return {
        "database_name": CONNECTION,
        "sqlalchemy_uri": f"duckdb:///{database}",
        "expose_in_sqllab": True,
        "allow_csv_upload": False,
        "extra": {"engine_params": {"connect_args": CONNECT_ARGS}},
        "uuid": identity(CONNECTION),
        "version": VERSION,
    }


def dataset(name: str, comment: str | None, columns: list[tuple[str, str, str | None]]) -> dict[str, Any]:
    """The dataset of one table or view; ``columns`` are of name, type and comment."""
    return {
        "table_name": name,
        "schema": SCHEMA,
        "description": comment,
        "columns": [column(*described) for described in columns],
        "metrics": [{"metric_name": "count", "expression": "COUNT(*)", "verbose_name": "COUNT(*)"}],
        "uuid": identity(name),
        "database_uuid": identity(CONNECTION),
        "version": VERSION,
    }


def column(name: str, kind: str, comment: str | None) -> dict[str, Any]:
    """One column of a dataset; a date can be the time axis of a chart."""
    described = {"column_name": name, "type": kind, "description": comment, "is_dttm": kind == "DATE"}
    return described | {"groupby": True, "filterable": True}


def identity(name: str) -> str:
    """The same identifier for the same name, so that importing again replaces."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"health-indicator-warehouse/{name}"))


def write(path: Path, content: dict[str, Any]) -> None:
    """``content`` as a file of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    render(Path(sys.argv[1]), Path(sys.argv[2]))
