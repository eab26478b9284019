"""Builds that are killed: sources that change with each, and what must hold of the folder afterwards."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb
import polars as pl

from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE

COUNTS = {
    "documents_read": "dim_document",
    "numbers_found": "number_mention",
    "values_published": "fact_indicator_value",
}
OF_EARLIER_BUILDS = {DOCUMENT_VERSION.name, PAST_VALUE.name}


def write_sources(folder: Path, version: int) -> None:
    """One document that stays and one of ``version`` + 1 lines, each with a year and a value."""
    folder.mkdir(exist_ok=True)
    (folder / "stays.txt").write_text("到2025年，高血压患者规范管理率达70%以上。\n", encoding="utf-8")
    lines = [f"到{2025 + n}年，床位数达{100 + n}张。\n" for n in range(version + 1)]
    (folder / "grows.txt").write_text("".join(lines), encoding="utf-8")


def delays(count: int, seconds: float, seed: int) -> Iterator[float]:
    """``count`` moments spread over ``seconds``, one at random in each part, the parts shuffled."""
    random = Random(seed)
    for part in random.sample(range(count), count):
        yield (part + random.random()) * seconds / count


def version(output: Path) -> int:
    """Which version of the sources is published in ``output``, every file and count being of that one.

    The reader goes the ways readers go: by the names at the top, for DuckDB and for Parquet.
    """
    parquet = {path.stem: pl.read_parquet(path) for path in sorted((output / "parquet").glob("*.parquet"))}
    run = parquet["build_run"].row(0, named=True)
    with duckdb.connect(str(output / "health_indicators.duckdb"), read_only=True) as connection:
        assert connection.table("build_run").pl().row(0, named=True) == run
        for name, frame in parquet.items():
            assert connection.table(name).shape[0] == frame.height, name
        connection.sql("SELECT count(*) FROM indicator_values").fetchall()
    for count, table in COUNTS.items():
        assert run[count] == parquet[table].height
    published = run["values_published"] - 2
    assert (run["documents_read"], run["numbers_found"]) == (2, 2 * (published + 2))
    return int(published)


def published(output: Path) -> dict[str, bytes]:
    """The Parquet files byte by byte, without what tells of earlier builds, and without their description."""
    files = {path.stem: path for path in sorted((output / "parquet").glob("*.parquet"))}
    found = {name: path.read_bytes() for name, path in files.items() if name not in OF_EARLIER_BUILDS}
    checks = pl.read_parquet(files["quality_result"]).filter(~pl.col("suite").is_in(OF_EARLIER_BUILDS))
    return found | {"quality_result": checks.write_csv().encode()}


def layout(output: Path) -> set[str]:
    """What stands in the output folder and in its state, whatever the builds before were called."""
    return {str(path.relative_to(output)) for path in (*output.iterdir(), *(output / ".state").iterdir())}
