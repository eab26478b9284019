"""Builds after builds: what is read again, what leaves, what a revised file leaves behind."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import reading, store
from tests.conftest import Hiw
from warehouse.tables import TABLES
from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE

CARRIED = {DOCUMENT_VERSION.name, PAST_VALUE.name}
TEXT = "某市2025年卫生健康工作要点\n到2025年，全市孕产妇死亡率控制在{}/10万以下，高血压患者管理率达{}%。\n"
Build = Callable[[], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for n in range(4):
        write(made, f"{n}.txt", 10 + n, 70 + n)
    return made


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def build(hiw: Hiw, folder: Path, output: Path) -> Build:
    def built() -> None:
        result = hiw("build", "--sources", folder, "--output", output, "--corrections", folder / "c.csv")
        assert result.exit_code == 0, result.output

    return built


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents each batch that was really read had."""
    sizes: list[int] = []
    through = reading.contents

    def counted(listed: pl.DataFrame) -> pl.DataFrame:
        sizes.append(listed.height)
        return through(listed)

    monkeypatch.setattr(reading, "contents", counted)
    return sizes


def write(folder: Path, name: str, mortality: float, managed: float) -> None:
    (folder / name).write_text(TEXT.format(mortality, managed), encoding="utf-8")


def table(output: Path, name: str) -> pl.DataFrame:
    return store.published_table(output, name)


def same_as_from_nothing(hiw: Hiw, folder: Path, output: Path, tmp_path: Path) -> bool:
    clean = tmp_path / "clean"
    assert (
        hiw("build", "--sources", folder, "--output", clean, "--corrections", folder / "c.csv").exit_code == 0
    )
    names = [t.name for t in TABLES if t.name not in CARRIED]
    return all(
        (output / f"parquet/{n}.parquet").read_bytes() == (clean / f"parquet/{n}.parquet").read_bytes()
        for n in names
    )


def test_only_what_is_new_is_read_and_the_result_is_that_of_a_build_from_nothing(
    hiw: Hiw,
    folder: Path,
    output: Path,
    build: Build,
    read: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "SMALL_BATCHES", 1)  # so that the two of the second build are put together
    build()
    write(folder, "4.txt", 14, 999)  # new, and too much to be true
    build()
    [kept] = (output / ".state/read").iterdir()
    assert len(list(kept.iterdir())) == 1
    write(folder, "5.txt", 15, 75)
    (folder / "0.txt").rename(folder / "zero.txt")
    (folder / "1.txt").unlink()
    (folder / "copy.txt").write_bytes((folder / "2.txt").read_bytes())
    build()
    assert read == [4, 1, 1]
    names = ["2.txt", "3.txt", "4.txt", "5.txt", "zero.txt"]
    assert table(output, "dim_document")["source_file"].sort().to_list() == names
    assert same_as_from_nothing(hiw, folder, output, tmp_path)
    for name in CARRIED:
        assert table(output, name).is_empty()


def test_a_corrected_document_alone_is_read_again(
    hiw: Hiw, folder: Path, output: Path, build: Build, read: list[int], tmp_path: Path
) -> None:
    build()
    value = table(output, "fact_indicator_value").filter(value=12.0).row(0, named=True)
    correction = ("correct", value["indicator_value_id"], "--set", "value=12.5", "--why", "so", "--who", "me")
    assert hiw(*correction, "--output", output, "--corrections", folder / "c.csv").exit_code == 0
    build()
    assert read == [4, 1]
    assert table(output, "fact_indicator_value")["value"].sort().to_list()[:4] == [10.0, 11.0, 12.5, 13.0]
    assert same_as_from_nothing(hiw, folder, output, tmp_path)


def test_a_revised_file_leaves_its_old_values_for_the_days_before(
    folder: Path, output: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, mortality in ((1, 9.0), (2, 8.0)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(day * 86400))
        write(folder, "0.txt", mortality, 70)
        build()
    assert table(output, "document_version")["version"].to_list() == [1, 2]
    with duckdb.connect(output / "health_indicators.duckdb", read_only=True) as database:
        query = """
            SELECT value FROM indicator_value_history WHERE source_file = '0.txt' AND unit = '/10万'
                AND coalesce(valid_from <= ?::DATE, true) AND coalesce(valid_to > ?::DATE, true)"""
        as_of = {d: database.execute(query, [f"1970-01-0{d}"] * 2).fetchall() for d in (1, 2, 3, 9)}
        query = "SELECT value FROM indicator_values WHERE source_file = '0.txt' ORDER BY value"
        current = database.execute(query).fetchall()
    assert as_of == {1: [(9.0,)], 2: [(9.0,)], 3: [(8.0,)], 9: [(8.0,)]}
    assert current == [(8.0,), (70.0,)]


def test_readings_by_other_code_are_not_used(
    folder: Path, output: Path, build: Build, read: list[int]
) -> None:
    build()
    [kept] = (output / ".state/read").iterdir()
    kept.rename(kept.with_name("0" * 16))
    write(folder, "4.txt", 14, 74)
    build()
    assert read == [4, 5]
    assert [path.name for path in (output / ".state/read").iterdir()] == [kept.name]
