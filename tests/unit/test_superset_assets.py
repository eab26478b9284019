"""What Superset is told of the warehouse is what its DuckDB file says; Superset itself is not needed here."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from docs.bi import superset_assets
from tests import samples
from warehouse import publish as publishing
from warehouse.tables import TABLES
from warehouse.views import VIEWS


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample warehouse published."""
    folder = tmp_path_factory.mktemp("published")
    publishing.publish(samples.warehouse_tables(), folder)
    return folder


def render(output: Path, folder: Path) -> dict[str, Any]:
    """The folder of the DuckDB file in ``output``: each file's content by its path."""
    superset_assets.render(output / publishing.DATABASE, folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): json.loads(p.read_text(encoding="utf-8")) for p in files}


def test_each_table_and_view_is_a_dataset_with_its_meanings(output: Path, tmp_path: Path) -> None:
    files = render(output, tmp_path / "assets")
    for relation in (*TABLES, *VIEWS):
        dataset = files.pop(f"datasets/{relation.name}.yaml")
        assert (dataset["table_name"], dataset["description"]) == (relation.name, relation.meaning)
        described = [(c["column_name"], c["type"], c["description"]) for c in dataset["columns"]]
        assert described == [(c.name, c.type.sql, c.comment()) for c in relation.columns]
        assert dataset["database_uuid"] == files["databases/health_indicators.yaml"]["uuid"]
    assert sorted(files) == ["databases/health_indicators.yaml", "metadata.yaml"]


def test_only_dates_are_time_axes(output: Path, tmp_path: Path) -> None:
    files = render(output, tmp_path / "assets")
    columns = files["datasets/dim_document.yaml"]["columns"]
    assert [c["column_name"] for c in columns if c["is_dttm"]] == ["issued_on", "published_on"]


def test_publishing_again_gives_the_same_folder(output: Path, tmp_path: Path) -> None:
    first = render(output, tmp_path / "first")
    publishing.publish(samples.warehouse_tables(), output)
    assert render(output, tmp_path / "second") == first


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE scribble (a INTEGER)",
        "SELECT * FROM read_text('/etc/hostname')",
        "SET enable_external_access = true",
        "SET threads = 1",
    ],
)
def test_the_connection_allows_nothing_but_to_read_the_file(
    output: Path, tmp_path: Path, statement: str
) -> None:
    connection = render(output, tmp_path / "assets")["databases/health_indicators.yaml"]
    path = connection["sqlalchemy_uri"].removeprefix("duckdb:///")
    arguments = connection["extra"]["engine_params"]["connect_args"]
    with duckdb.connect(path, **arguments) as warehouse:
        assert warehouse.sql("SELECT count(*) FROM indicator_values").fetchall() == [(3,)]
        with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
            warehouse.execute(statement)
