"""Publishing puts whole files in place, or leaves the old ones as they were."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests import samples
from warehouse import builds
from warehouse import publish as publishing
from warehouse.files import STATE
from warehouse.publish import PublishError, publish


def state(output: Path) -> dict[str, str]:
    files = sorted(p for p in output.rglob("*") if p.is_file())
    return {str(p.relative_to(output)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def query(output: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(output / publishing.DATABASE), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_tables_and_views_can_be_queried(tmp_path: Path) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    rows = query(tmp_path, "SELECT quote, indicator_name, flags FROM indicator_values ORDER BY char_start")
    assert rows == [("70", "高血压患者规范管理率", []), ("1—2", None, ["strive"]), ("5", None, [])]
    assert pl.read_parquet(tmp_path / "parquet/number_mention.parquet").height == 4
    assert list((tmp_path / STATE).iterdir()) == []


def test_equal_tables_give_equal_parquet_bytes(tmp_path: Path) -> None:
    tables = samples.warehouse_tables()
    shuffled = {name: frame.reverse() for name, frame in tables.items()}
    publish(tables, tmp_path / "a")
    publish(shuffled, tmp_path / "b")
    assert state(tmp_path / "a" / "parquet") == state(tmp_path / "b" / "parquet")


def test_older_duckdb_can_open_the_file(tmp_path: Path) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    [(tags,)] = query(
        tmp_path, "SELECT tags FROM duckdb_databases() WHERE database_name = 'health_indicators'"
    )
    assert isinstance(tags, dict)
    assert tags["storage_version"].startswith("v1.2.0")


def test_a_missing_and_an_unknown_table_are_named(tmp_path: Path) -> None:
    tables = samples.warehouse_tables()
    tables["surprise"] = tables.pop("repair")
    with pytest.raises(PublishError, match=r"missing: repair; not in the contract: surprise"):
        publish(tables, tmp_path)
    assert state(tmp_path) == {}


BROKEN = {
    "null where one is required": pl.lit(None, dtype=pl.Float64).alias("value"),
    "value that is not allowed": pl.lit("hope").alias("value_type"),
    "key that is not unique": pl.lit("v1").alias("indicator_value_id"),
    "text for a number": pl.lit("many").alias("value"),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_table_leaves_the_published_files_as_they_were(tmp_path: Path, change: pl.Expr) -> None:
    tables = samples.warehouse_tables()
    publish(tables, tmp_path)
    before = state(tmp_path)
    tables["fact_indicator_value"] = tables["fact_indicator_value"].with_columns(change)
    with pytest.raises(PublishError, match="fact_indicator_value"):
        publish(tables, tmp_path)
    assert state(tmp_path) == before


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / STATE / builds.STAGING / "build" / publishing.DATABASE
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a file")
    publish(samples.warehouse_tables(), tmp_path)
    assert query(tmp_path, "SELECT count(*) FROM dim_document") == [(1,)]


@pytest.mark.parametrize("name", [publishing.DATABASE, publishing.PARQUET, "current"])
def test_a_folder_in_the_way_is_named_and_left_alone(tmp_path: Path, name: str) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name / "in the way").mkdir(parents=True)
    before = state(tmp_path)
    with pytest.raises(OSError, match=f"{name} is in the way"):
        publish(samples.warehouse_tables(), tmp_path)
    assert state(tmp_path) == before


def test_the_files_of_an_older_version_are_replaced(tmp_path: Path) -> None:
    """They stood at the top themselves, where links are now."""
    publish(samples.warehouse_tables(), tmp_path / "new")
    old = tmp_path / "old"
    shutil.copytree(tmp_path / "new/parquet", old / "parquet")
    shutil.copyfile(tmp_path / "new" / publishing.DATABASE, old / publishing.DATABASE)
    tables = samples.warehouse_tables()
    tables["fact_indicator_value"] = samples.facts(samples.value("70", 80))
    publish(tables, old)
    assert query(old, "SELECT max(value) FROM fact_indicator_value") == [(80.0,)]
    assert pl.read_parquet(old / "parquet/fact_indicator_value.parquet")["value"].to_list() == [80.0]
    assert sorted(path.name for path in old.iterdir() if path.is_symlink()) == [
        "current",
        publishing.DATABASE,
        publishing.PARQUET,
    ]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_group_reads_what_is_published_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        publish(samples.warehouse_tables(), tmp_path / "out")
    finally:
        os.umask(before)
    modes = {path.relative_to(tmp_path): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes.pop(Path("out", STATE)) == 0o700
    assert {mode for path, mode in modes.items() if (tmp_path / path).is_dir()} == {0o750}
    assert {mode for path, mode in modes.items() if (tmp_path / path).is_file()} == {0o640}
