"""index.html: what is in the warehouse, how the places stand, and every value to search."""

from __future__ import annotations

from typing import Any

from pipelines.report import values
from pipelines.report.documents_page import coverage
from pipelines.report.labels import REASONS, label
from pipelines.report.layout import Site
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, payload
from pipelines.report.scoreboard import scoreboard

_FIGURES = """
SELECT
    run.*,
    (SELECT count(indicator_id) FROM fact_indicator_value) AS values_resolved,
    (SELECT count(DISTINCT indicator_id) FROM fact_indicator_value) AS indicators,
    (SELECT count(DISTINCT jurisdiction_code) FROM fact_indicator_value) AS places,
    (SELECT count(*) FROM repair) AS repairs
FROM build_run AS run
"""
_REJECTED = "SELECT source_file, reason, detail FROM rejected_document ORDER BY source_file"
_REJECTED_COLUMNS = (
    Column("source_file", "文件 File"),
    Column("reason", "原因 Reason", filter=True),
    Column("detail", "说明 Detail", kind="quote"),
)
LEAST_COVERED = 8


def write_pages(warehouse: Warehouse, site: Site) -> None:
    """Write the overview, and beside it the data of the scoreboard and of the table of all values."""
    site.write_data("scoreboard", scoreboard(warehouse))
    site.write_data("values", values.all_values(warehouse))
    (run,) = warehouse.rows(_FIGURES)
    site.write(
        "index.html",
        "overview.html",
        run=run,
        share_resolved=_share(run["values_resolved"], run["values_published"]),
        least_covered=coverage(warehouse)[:LEAST_COVERED],
        rejected=payload(_REJECTED_COLUMNS, _rejected(warehouse)),
    )


def _rejected(warehouse: Warehouse) -> list[dict[str, Any]]:
    return [{**row, "reason": label(REASONS, row["reason"])} for row in warehouse.rows(_REJECTED)]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
