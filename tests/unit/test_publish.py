"""Publishing puts whole files in place, or leaves the old ones as they were."""

import hashlib
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests import samples
from warehouse import publish as publishing
from warehouse.publish import PublishError, publish

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in range(2):
    print(connection.sql("SELECT max(value) FROM fact_indicator_value").fetchall()[0][0], flush=True)
    sys.stdin.readline()
"""

VISITOR = """
import sys, duckdb
for _ in sys.stdin:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        facts = connection.sql("SELECT max(value), count(*) FROM fact_indicator_value")
        print(*facts.fetchall()[0], flush=True)
"""


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
    assert not (tmp_path / ".staging/publish").exists()


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
    left = tmp_path / publishing.STAGING / publishing.DATABASE
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a file")
    publish(samples.warehouse_tables(), tmp_path)
    assert query(tmp_path, "SELECT count(*) FROM dim_document") == [(1,)]


def test_what_stands_in_the_way_of_the_database_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / publishing.DATABASE / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=publishing.DATABASE):
        publish(samples.warehouse_tables(), tmp_path)
    assert not list((tmp_path / "parquet").glob("*.parquet"))


def test_stopped_in_the_middle_of_the_renames_every_file_is_whole(tmp_path: Path) -> None:
    (tmp_path / "parquet/quality_result.parquet/in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="quality_result"):
        publish(samples.warehouse_tables(), tmp_path)
    assert query(tmp_path, "SELECT count(*) FROM dim_document") == [(1,)]
    whole = [path for path in (tmp_path / "parquet").iterdir() if path.is_file()]
    assert sum(pl.read_parquet(path).height for path in whole) > 0
    assert not (tmp_path / "parquet/build_run.parquet").exists()


def reader(output: Path, script: str = READER) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(output / publishing.DATABASE)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_an_open_reader_neither_blocks_nor_breaks(tmp_path: Path) -> None:
    tables = samples.warehouse_tables()
    publish(tables, tmp_path)
    with reader(tmp_path) as old:
        assert old.stdout is not None
        assert old.stdout.readline() == "70.0\n"
        tables["fact_indicator_value"] = samples.facts(samples.value("70", 80))
        publish(tables, tmp_path)
        with reader(tmp_path) as new:
            assert new.communicate("\n\n")[0] == "80.0\n80.0\n"
        assert old.communicate("\n\n")[0] == "70.0\n"
        assert old.returncode == 0


def test_visitors_during_publishing_see_one_build_or_the_other(tmp_path: Path) -> None:
    builds = [samples.warehouse_tables(), samples.warehouse_tables()]
    builds[1]["fact_indicator_value"] = samples.facts(samples.value("70", 80))
    publish(builds[0], tmp_path)
    with reader(tmp_path, VISITOR) as visitor:
        assert visitor.stdin is not None
        assert visitor.stdout is not None
        visitor.stdin.write("\n" * 80)
        visitor.stdin.flush()
        assert visitor.stdout.readline() == "70.0 3\n"
        for build in (builds * 3)[1:]:
            publish(build, tmp_path)
        seen = visitor.communicate("\n")[0].splitlines()
    assert visitor.returncode == 0
    assert len(seen) == 80
    assert set(seen) <= {"70.0 3", "80.0 1"}
    assert seen[-1] == "80.0 1"


def test_what_names_the_build_is_put_in_place_last(tmp_path: Path) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    seal = tmp_path / "parquet/build_run.parquet"
    before = seal.read_bytes()
    (tmp_path / publishing.DATABASE).unlink()
    (tmp_path / publishing.DATABASE / "in the way").mkdir(parents=True)
    newer = samples.warehouse_tables()
    newer["build_run"] = newer["build_run"].with_columns(build_id=pl.lit("newer"))
    with pytest.raises(OSError, match=r"[Dd]irectory"):
        publish(newer, tmp_path)
    assert seal.read_bytes() == before
