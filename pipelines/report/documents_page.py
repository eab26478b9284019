"""documents.html: the list of documents and how far each was read."""

from __future__ import annotations

from typing import Any

from pipelines.report.labels import DOCUMENT_TYPES, label, years
from pipelines.report.layout import Site
from pipelines.report.page_rows import Part
from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, hidden, payload

COVERAGE = Part("FROM document_coverage", "share_resolved NULLS FIRST, share_unread DESC, source_file")
COLUMNS = (
    Column("name", "文件 Document", href="documents/{document_id}.html"),
    Column("type", "种类 Type", filter=True),
    Column("jurisdiction_name", "地区 Place", href="places/{jurisdiction_code}.html", filter=True),
    Column("years", "年份 Years", kind="short"),
    Column("numbers", "数字 Numbers", kind="number"),
    Column("values_published", "数值 Values", kind="number"),
    Column("percent_resolved", "指标已识别 Resolved %", kind="number"),
    Column("percent_unread", "未读懂的数字 Unread %", kind="number"),
    Column("values_quarantined", "隔离 Quarantined", kind="number"),
    Column("repairs", "修复 Repairs", kind="number"),
    *hidden("document_id", "jurisdiction_code", "source_file"),
)


def write_pages(warehouse: Warehouse, site: Site) -> None:
    """Write the list of documents."""
    listed = sorted(coverage(warehouse), key=lambda row: row["source_file"])
    site.write("documents.html", "documents.html", documents=payload(COLUMNS, listed, key="document_id"))


def coverage(warehouse: Warehouse) -> list[dict[str, Any]]:
    """A row per document with how far it was read, the least resolved first."""
    return [covered(row) for row in warehouse.stream(f"{COVERAGE.sql} ORDER BY {COVERAGE.order}")]


def covered(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the list: a row of document_coverage with what it shows."""
    return {
        **row,
        "name": row["title"] or row["source_file"],
        "type": label(DOCUMENT_TYPES, row["document_type"]),
        "years": years(row["period_start"], row["period_end"]),
        "percent_resolved": _percent(row["share_resolved"]),
        "percent_unread": _percent(row["share_unread"]),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
