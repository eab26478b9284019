"""The descriptions beside the Parquet and CSV files hold, as the Frictionless library reads them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from frictionless import Package

from pipelines.settings import ROOT
from tests import samples
from warehouse import datapackage, tables
from warehouse.export import RELATIONS, export
from warehouse.publish import publish


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("published")
    publish(samples.warehouse_tables(), output)
    return output


@pytest.fixture
def exported(published: Path, tmp_path: Path) -> Path:
    export(published, tmp_path / "export")
    return tmp_path / "export"


def description(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / datapackage.DESCRIPTOR).read_text(encoding="utf-8"))
    return read


def errors(folder: Path) -> list[str]:
    report = Package(str(folder / datapackage.DESCRIPTOR)).validate()
    return [error.message for error in [*report.errors, *(e for task in report.tasks for e in task.errors)]]


def parquet_errors(folder: Path) -> list[str]:
    """What Frictionless says of the rows of the Parquet files, handed to it as Python values.

    Its own Parquet reader goes through pandas, which makes arrays of lists and NaN of null integers: it then
    calls both wrong types.
    """
    package = description(folder)
    package["resources"] = [
        {
            "name": resource["name"],
            "data": [resource_columns(resource), *pl.read_parquet(folder / resource["path"]).rows()],
            "schema": resource["schema"],
        }
        for resource in package["resources"]
    ]
    report = Package.from_descriptor(package).validate()
    return [error.message for error in [*report.errors, *(e for task in report.tasks for e in task.errors)]]


def resource_columns(resource: dict[str, Any]) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"]]


def test_the_csv_export_is_valid_with_its_data(exported: Path) -> None:
    assert errors(exported) == []


def test_the_export_of_the_samples_is_valid_with_its_data(warehouse: Path, tmp_path: Path) -> None:
    exported = export(warehouse, tmp_path)
    assert exported.values > 300
    assert errors(tmp_path) == []


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("document_id", "d2", "document_id"),
        ("value_type", "wish", "enum"),
        ("value", "many", "number"),
        ("indicator_value_id", "v6", "primary key"),
    ],
)
def test_a_broken_csv_is_told(exported: Path, column: str, value: str, word: str) -> None:
    path = exported / "fact_indicator_value.csv"
    frame = pl.read_csv(path, infer_schema=False)
    frame.with_columns(pl.lit(value).alias(column)).write_csv(path)
    found = "\n".join(errors(exported))
    assert word in found.lower()
    assert "hash" in found


def test_the_parquet_description_and_rows_are_valid(warehouse: Path) -> None:
    folder = warehouse / "parquet"
    Package.from_descriptor(
        description(folder), basepath=str(folder)
    )  # raises what is not as the format has it
    assert parquet_errors(folder) == []


def test_broken_parquet_rows_are_told(published: Path, tmp_path: Path) -> None:
    for path in (published / "parquet").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    pl.read_parquet(tmp_path / "dim_document.parquet").clear().write_parquet(
        tmp_path / "dim_document.parquet"
    )
    assert any("foreign key" in error.lower() for error in parquet_errors(tmp_path))


def test_sizes_and_hashes_are_those_of_the_parquet_files(published: Path) -> None:
    folder = published / "parquet"
    resources = description(folder)["resources"]
    assert [r["path"] for r in resources] == [f"{table.name}.parquet" for table in tables.TABLES]
    for resource in resources:
        content = (folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), datapackage.checksum(content))


def test_every_column_is_described_once(exported: Path) -> None:
    resources = {r["name"]: r for r in description(exported)["resources"] if "schema" in r}
    assert list(resources) == [relation.name for relation in RELATIONS]
    for relation in RELATIONS:
        fields = resources[relation.name]["schema"]["fields"]
        assert {f["name"]: f["description"] for f in fields} == {
            c.name: c.comment() for c in relation.columns
        }


def test_every_licence_text_is_that_of_a_described_work() -> None:
    works = [licence.work.split()[0] for table in tables.TABLES for licence in table.licences]
    texts = sorted(path.name for path in (ROOT / "seeds/reference/licences").iterdir())
    assert [text for text in texts if not any(text.startswith(work) for work in works)] == []
    assert [work for work in works if not any(text.startswith(work) for text in texts)] == []


def test_equal_tables_are_described_by_equal_bytes_without_a_place(published: Path, tmp_path: Path) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    again = (tmp_path / "parquet" / datapackage.DESCRIPTOR).read_bytes()
    assert (published / "parquet" / datapackage.DESCRIPTOR).read_bytes() == again
    assert str(tmp_path).encode() not in again
