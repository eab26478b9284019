"""Builds of a folder in which a document came in several times: counted once, every file and number kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.settings import ROOT
from tests import mirror_cases
from tests.conftest import Hiw

SAMPLE = "000_jingmen_2020_work_priorities.txt"
SAID = ["indicator_text", "value_type", "comparator", "value", "unit", "period", "jurisdiction_code"]
Table = Callable[[str], pl.DataFrame]


def published(output: Path) -> Table:
    return lambda name: pl.read_parquet(output / f"parquet/{name}.parquet")


@pytest.fixture(scope="module")
def folder(hiw: Hiw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sources and output: a sample, the same bytes, and a page of another site with 71 % for 70 %."""
    base = tmp_path_factory.mktemp("twice")
    text = (ROOT / "seeds/documents" / SAMPLE).read_text("utf-8")
    (base / "in").mkdir()
    (base / "in/plan.txt").write_text(text, "utf-8")
    (base / "in/plan again.txt").write_text(text, "utf-8")
    (base / "in/other site.txt").write_bytes(mirror_cases.in_gb18030(text.replace("70%", "71%", 1)))
    result = hiw("build", "--sources", base / "in", "--output", base / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("documents  2 read, 0 rejected\n")
    return base


def test_every_file_is_kept_with_what_it_counts_as(folder: Path) -> None:
    sources = published(folder / "out")("document_source")
    [original, copy] = (
        sources.filter(read_as="original").rows(),
        sources.filter(read_as="near_duplicate").rows(),
    )
    assert [row[0] for row in (*original, *copy)] == ["plan again.txt", "other site.txt"]
    assert sources["counts_as"].unique().to_list() == [original[0][1]]
    assert sources.filter(read_as="same_bytes")["source_file"].to_list() == ["plan.txt"]


def test_each_value_counts_once_and_what_differs_counts_too(folder: Path, warehouse: Path) -> None:
    table = published(folder / "out")
    alone = published(warehouse)("fact_indicator_value").filter(source_file=SAMPLE)
    facts, aside = table("fact_indicator_value"), table("duplicate_value")
    counted = facts.filter(source_file="plan again.txt")
    assert counted.select(SAID).equals(alone.select(SAID))
    changed = facts.filter(source_file="other site.txt").select("indicator_text", "quote", "value")
    assert changed.sort("indicator_text").rows() == [
        ("在管高血压患者规范管理率", "71", 71.0),
        ("糖尿病患者规范管理率", "71", 71.0),
    ]
    assert aside.height == alone.height - 2
    assert aside["counted_value_id"].n_unique() == aside.height


def test_every_number_of_both_is_accounted_for(folder: Path) -> None:
    table = published(folder / "out")
    ids = [
        table(name)["mention_id"] for name in ("fact_indicator_value", "duplicate_value", "rejected_value")
    ]
    mentions = table("number_mention").filter(disposition="fact")
    assert set(mentions["mention_id"]) == set(pl.concat(ids))
    checks = table("quality_result").filter(table_name="number_mention")
    assert checks["passed"].all()


def test_a_value_that_counts_elsewhere_is_corrected_there(hiw: Hiw, folder: Path, tmp_path: Path) -> None:
    value, counted = (
        published(folder / "out")("duplicate_value").select("indicator_value_id", "counted_value_id").row(0)
    )
    options = (
        "--output",
        folder / "out",
        "--corrections",
        tmp_path / "c.csv",
        "--who",
        "王芳",
        "--why",
        "误",
    )
    result = hiw("correct", value, "--set", "value=1", *options)
    assert result.exit_code == 1
    assert f"counts as {counted}; correct that" in result.stderr


def test_a_copy_counts_when_the_original_is_gone(hiw: Hiw, folder: Path) -> None:
    for name in ("plan.txt", "plan again.txt"):
        (folder / "in" / name).unlink()
    assert hiw("build", "--sources", folder / "in", "--output", folder / "out").exit_code == 0
    table = published(folder / "out")
    assert table("document_source")["read_as"].to_list() == ["original"]
    assert table("duplicate_value").is_empty()
    assert table("fact_indicator_value")["source_file"].unique().to_list() == ["other site.txt"]
    assert table("fact_indicator_value").height > 20
