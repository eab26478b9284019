"""Every query in docs/queries gives the result that is printed below it."""

import re
from pathlib import Path

import pytest

from tests.conftest import Hiw
from tests.queries import FOLDER, pages, queries, refreshed

each = pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)


@each
def test_the_printed_results_are_those_of_the_samples(path: Path, warehouse: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert page == refreshed(page, warehouse), "run `make queries` and read what changed"


@each
def test_each_query_has_its_result(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert len(queries(page)) == page.count("```sql\n") > 0


def test_a_result_that_is_not_so_is_replaced(warehouse: Path) -> None:
    page = "# T\n\n```sql\nSELECT 1 AS a\n```\n\n| a |\n| ---: |\n| 2 |\n\nText.\n"
    assert refreshed(page, warehouse) == page.replace("| 2 |", "| 1 |")


def test_a_result_is_what_the_command_prints(warehouse: Path, hiw: Hiw) -> None:
    page = pages()[0].read_text(encoding="utf-8")
    printed = hiw("sql", "--output", warehouse, "--format", "markdown", queries(page)[0])
    assert printed.exit_code == 0
    assert f"```\n\n{printed.output}\n" in page


def test_the_list_of_questions_is_complete() -> None:
    listed = re.findall(r"^- \[(.*)\]\((.*)\)$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    titles = [path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for path in pages()]
    assert listed == list(zip(titles, [path.name for path in pages()], strict=True))
