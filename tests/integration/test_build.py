"""A whole build of the sample documents, queried back, repeated, and stopped at the gate."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.settings import ROOT
from tests.conftest import Hiw
from warehouse.tables import TABLES
from warehouse.views import VIEWS

SAMPLES = ROOT / "seeds/documents"


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Time of the last change and bytes of every file below ``folder``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def parquet(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((output / "parquet").iterdir())}


def table(output: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(output / f"parquet/{name}.parquet")


def test_all_tables_and_views_are_there_and_hold_the_same_rows(warehouse: Path) -> None:
    with duckdb.connect(warehouse / "health_indicators.duckdb", read_only=True) as database:
        for published in TABLES:
            assert database.table(published.name).pl().height == table(warehouse, published.name).height
        for view in VIEWS:
            made = database.table(view.name) if view.stored else database.view(view.name)
            assert made.columns == [column.name for column in view.columns]
        flat = database.execute("SELECT count(*) FROM indicator_values").fetchone()
    assert flat == (table(warehouse, "fact_indicator_value").height,)


def test_the_build_run_counts_what_is_published(warehouse: Path) -> None:
    run = table(warehouse, "build_run").row(0, named=True)
    assert (
        run["documents_read"] == len(list(SAMPLES.glob("*.txt"))) == table(warehouse, "dim_document").height
    )
    assert run["numbers_found"] == table(warehouse, "number_mention").height > 500
    assert run["values_published"] == table(warehouse, "fact_indicator_value").height > 200
    assert run["values_quarantined"] == table(warehouse, "rejected_value").height
    assert run["checks_failed"] == (~table(warehouse, "quality_result")["passed"]).sum()


def test_every_value_stands_in_the_file_it_names(warehouse: Path) -> None:
    texts = {path.name: path.read_bytes().decode("utf-8") for path in SAMPLES.glob("*.txt")}
    for name in ("fact_indicator_value", "number_mention"):
        quote = "quote" if name == "fact_indicator_value" else "mention"
        for row in table(warehouse, name).iter_rows(named=True):
            assert texts[row["source_file"]][row["char_start"] : row["char_end"]] == row[quote]


def test_building_again_changes_no_file(hiw: Hiw, warehouse: Path) -> None:
    before = state(warehouse)
    result = hiw("build", "--sources", SAMPLES, "--output", warehouse)
    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing changed since the last build.\ndocuments  5 read, 0 rejected\n")
    assert state(warehouse) == before


def test_building_again_does_not_load_the_orchestrator(warehouse: Path) -> None:
    code = (
        "import sys; from pipelines.cli import main\n"
        "main(['build', '--sources', sys.argv[1], '--output', sys.argv[2]], standalone_mode=False)\n"
        "print(sorted({'dagster', 'great_expectations'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, SAMPLES, warehouse], check=True, capture_output=True, text=True
    )
    assert shown.stdout.endswith("\n[]\n")


def test_the_same_documents_elsewhere_give_the_same_bytes(hiw: Hiw, warehouse: Path, tmp_path: Path) -> None:
    """No place of a folder, no time of a file and no order of a disk is in the data."""
    copies = tmp_path / "elsewhere"
    copies.mkdir()
    for path in sorted(SAMPLES.iterdir(), reverse=True):
        shutil.copyfile(path, copies / path.name)
        os.utime(copies / path.name, (0, 0))
    assert hiw("build", "--sources", copies, "--output", tmp_path / "out").exit_code == 0
    assert parquet(tmp_path / "out") == parquet(warehouse)


def test_a_new_document_leaves_the_rows_of_the_others_alone(
    hiw: Hiw, warehouse: Path, tmp_path: Path
) -> None:
    folder, output = shutil.copytree(SAMPLES, tmp_path / "in"), tmp_path / "out"
    (folder / "005_more.txt").write_text("到2025年，高血压患者规范管理率达71.5%以上。", encoding="utf-8")
    assert hiw("build", "--sources", folder, "--output", output).exit_code == 0
    for name in ("fact_indicator_value", "number_mention", "dim_section", "dim_document"):
        old, new = table(warehouse, name), table(output, name)
        assert new.filter(pl.col("document_id").is_in(old["document_id"].unique().implode())).equals(old)
        assert new.height > old.height


@pytest.fixture
def implausible(tmp_path: Path) -> Path:
    """A source folder with a document of values that can't be."""
    folder = tmp_path / "implausible"
    folder.mkdir()
    lines = [f"到2025年，高血压患者规范管理率达{percent}%以上。\n" for percent in range(300, 330)]
    (folder / "plan.txt").write_text("".join(lines), encoding="utf-8")
    return folder


def test_too_full_a_quarantine_stops_the_build(
    hiw: Hiw, sources: Path, implausible: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    assert hiw("build", "--sources", sources, "--output", output).exit_code == 0
    before = {path: content for path, content in state(output).items() if ".state" not in path}
    result = hiw("build", "--sources", implausible, "--output", output)
    assert result.exit_code == 3
    assert result.stderr.startswith("hiw: 30 of 30 values (100.0%) are quarantined")
    assert result.stderr.count("\n") == 1
    assert {path: content for path, content in state(output).items() if ".state" not in path} == before
    staged = pl.read_parquet(output / ".state/rejected_value.parquet")
    assert staged["quote"].str.contains("3").all()
