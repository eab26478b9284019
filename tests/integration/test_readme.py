"""The README says what is so: its commands, what they print, and the results of its queries."""

import re
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)\n```\n\n(\|.*?\n)\n", README, flags=re.DOTALL)


def cells(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_there_are_three_queries() -> None:
    assert len(QUERIES) == 3


@pytest.mark.parametrize(("query", "printed"), QUERIES)
def test_a_query_gives_the_printed_result(query: str, printed: str, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse / "health_indicators.duckdb"), read_only=True) as connection:
        result = connection.sql(query)
        columns = result.columns
        rows = [["" if value is None else str(value) for value in row] for row in result.fetchall()]
    assert [columns, *rows] == cells(printed)


def test_the_printed_summary_is_that_of_the_samples(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse / "health_indicators.duckdb"), read_only=True) as connection:
        (run,) = connection.sql("SELECT * FROM build_run").fetchall()
        names = [column[0] for column in connection.sql("DESCRIBE build_run").fetchall()]
    found = dict(zip(names, run, strict=True))
    assert f"documents  {found['documents_read']} read, {found['documents_rejected']} rejected" in README
    assert f"numbers    {found['numbers_found']} found" in README
    published = f"{found['values_published']} published, {found['values_quarantined']} quarantined"
    assert f"values     {published}" in README
    assert f"checks     {found['checks_failed']} failed" in README


def test_paths_it_names_exist() -> None:
    stage_files = re.findall(r"`((?:pipelines|warehouse|expectations|seeds|docs|tests)/[\w/.]*)`", README)
    for path in stage_files:
        assert (ROOT / path).exists(), path
