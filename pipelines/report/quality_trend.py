"""How past builds fared: small charts of counts and, by expectation, of the rows that failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import history
from pipelines.report.rows import Column, payload

SHOWN = 50
WIDTH, HEIGHT, MARGIN = 240, 56, 4
COUNTS = {
    "values_published": "已发布的数值 Values published",
    "numbers_found": "找到的数字 Numbers found",
    "values_quarantined": "隔离的数值 Values quarantined",
    "checks_failed": "未通过的检查 Checks failed",
    "documents_read": "读入的文件 Documents read",
    "documents_rejected": "拒收的文件 Files rejected",
}
COLUMNS = (
    Column("sequence", "构建 Build", kind="number"),
    Column("build", "标识 Id"),
    Column("documents_read", "读入 Read", kind="number"),
    Column("documents_rejected", "拒收 Rejected", kind="number"),
    Column("numbers_found", "数字 Numbers", kind="number"),
    Column("values_published", "数值 Values", kind="number"),
    Column("values_quarantined", "隔离 Quarantined", kind="number"),
    Column("checks_failed", "未过 Checks failed", kind="number"),
    Column("code", "代码 Code"),
)


@dataclass(frozen=True)
class Chart:
    """A line over builds: ``points`` as SVG takes them, within ``WIDTH`` × ``HEIGHT``, and where it ends."""

    label: str
    values: tuple[int, ...]
    points: str
    end: tuple[float, float]


@dataclass(frozen=True)
class Trend:
    """The last builds, the newest last; without rows where none are known. ``note`` says what is amiss."""

    builds: pl.DataFrame
    quality: pl.DataFrame
    note: str = ""

    def charts(self) -> list[Chart]:
        """A chart of each count of a build."""
        return [chart(label, self.builds[name].to_list()) for name, label in COUNTS.items()]

    def of_expectations(self) -> dict[tuple[str, str], Chart]:
        """A chart of the rows that failed each expectation, by suite and expectation."""
        grouped = self.quality.sort("sequence").group_by("suite", "expectation_id", maintain_order=True)
        return {
            (str(suite), str(name)): chart("Rows that failed", rows["failed_rows"].to_list())
            for (suite, name), rows in grouped
        }

    def changes(self) -> list[dict[str, Any]]:
        """The expectations that fail on more or fewer rows than in the build before."""
        if self.builds.height < 2:
            return []
        before, now = (
            self.quality.filter(sequence=sequence).drop("sequence", "build_id")
            for sequence in self.builds["sequence"].tail(2)
        )
        both = before.join(now, on=["suite", "expectation_id"], suffix="_now")
        return both.filter(pl.col("failed_rows") != pl.col("failed_rows_now")).to_dicts()

    def table(self) -> dict[str, Any]:
        """The builds as a table of the page, the newest first."""
        rows = self.builds.with_columns(
            build=pl.col("build_id").str.head(8), code=pl.col("code_version").str.head(8)
        )
        return payload(COLUMNS, rows.sort("sequence", descending=True).to_dicts())


def read_trend(folder: Path) -> Trend:
    """The last builds kept in ``folder``; where it can't be read, without builds and with a note why."""
    try:
        builds, quality = history.load(folder)
    except (OSError, history.Damaged) as error:
        reason = "it is damaged" if isinstance(error, history.Damaged) else error.strerror
        return Trend(*history.nothing(), note=f"The history of builds can't be read: {reason}.")
    last = builds.tail(SHOWN)
    return Trend(last, quality.join(last, on="sequence", how="semi"))


def chart(label: str, values: Sequence[int | None]) -> Chart:
    """A line through ``values``, from 0 at the foot to the largest at the top; nulls are passed over."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    top = max((value for _, value in known), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    ends = [
        (round(MARGIN + place * step, 1), round(HEIGHT - MARGIN - value / top * (HEIGHT - 2 * MARGIN), 1))
        for place, value in known
    ]
    points = " ".join(f"{x},{y}" for x, y in ends)
    return Chart(label, tuple(value for _, value in known), points, ends[-1] if ends else (0.0, 0.0))
