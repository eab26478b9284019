"""The worked questions in docs/queries: finds the result below each query and writes it anew.

``python -m tests.queries FOLDER`` refreshes every page from the warehouse in that folder.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pipelines.ask import opened, results, told
from pipelines.settings import ROOT
from pipelines.tabular import markdown

FOLDER = ROOT / "docs/queries"
_BLOCK = re.compile(
    r"^(?P<head>```sql\n)(?P<query>(?:(?!```).*\n)+)(?P<foot>```\n\n)(?P<result>(?:\|.*\n)+)", re.MULTILINE
)


def pages() -> list[Path]:
    """The pages, in the order of their numbers."""
    return sorted(FOLDER.glob("[0-9][0-9]-*.md"))


def queries(page: str) -> list[str]:
    """The queries of a page that have a result below them."""
    return [block["query"] for block in _BLOCK.finditer(page)]


def refreshed(page: str, output: Path) -> str:
    """``page`` with each result as ``hiw sql --output OUTPUT --format markdown`` prints it."""

    def written(block: re.Match[str]) -> str:
        return block["head"] + block["query"] + block["foot"] + _result(block["query"], output)

    return _BLOCK.sub(written, page)


def _result(query: str, output: Path) -> str:
    with opened(output) as connection, told():
        [result] = results(connection, connection.extract_statements(query))
        return "".join(f"{line}\n" for line in markdown(result))


if __name__ == "__main__":
    for path in pages():
        path.write_text(refreshed(path.read_text(encoding="utf-8"), Path(sys.argv[1])), encoding="utf-8")
