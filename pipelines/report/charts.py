"""The charts: how each is drawn (Vega-Lite, made with Altair) and the script that draws them.

How a chart is drawn is the same on every page and stands once, in ``data/charts.js``; a page has its points.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.report import vega
from pipelines.report.layout import Site
from pipelines.report.questions import Warehouse

if TYPE_CHECKING:
    import altair as alt

# The points a page gives: one per series, year and kind of point, as in the view target_trajectory.
POINTS = "points"
SERIES_SHOWN = 8


def write_scripts(_warehouse: Warehouse, site: Site) -> None:
    """Write ``static/vega.js`` and ``data/charts.js``."""
    (site.folder / "static" / "vega.js").write_text(vega.bundle(site.state), encoding="utf-8")
    site.write_data("charts", {"trajectory": _trajectory(), "series_shown": SERIES_SHOWN})


@cache
def _trajectory() -> dict[str, Any]:
    """Results as filled points joined by a line, targets hollow, the nation's goals as dashed steps.

    A click on a point leads to its evidence.
    Fields: ``series``, ``year``, ``value``, ``shown`` (the value in words), ``point`` (a label), ``kind``
    (result, target or nation), ``href``.
    """
    import altair as alt

    series = alt.Color("series:N", title="地区 Place", scale=alt.Scale(scheme="tableau10"))
    base = _axes()
    lines = base.mark_line(strokeWidth=2).transform_filter("datum.kind == 'result'").encode(color=series)
    to_target = base.mark_line(strokeWidth=1.5, strokeDash=[2, 4]).transform_filter("datum.kind != 'nation'")
    results = base.mark_point(filled=True, size=80, opacity=1).transform_filter("datum.kind == 'result'")
    targets = base.mark_point(filled=False, size=110, strokeWidth=2).transform_filter(
        "datum.kind == 'target'"
    )
    nation = base.transform_filter("datum.kind == 'nation'")
    chart = alt.layer(
        nation.mark_line(color="#8a5a00", strokeDash=[8, 4], strokeWidth=2, interpolate="step-before"),
        nation.mark_point(color="#8a5a00", shape="diamond", size=130, strokeWidth=2, filled=False),
        to_target.encode(color=series),
        lines,
        results.encode(color=series, href="href:N"),
        targets.encode(color=series, href="href:N", shape=alt.value("square")),
        data=alt.NamedData(name=POINTS),
    )
    drawn: dict[str, Any] = (
        chart.properties(width="container", height=320).configure_view(stroke=None).to_dict()
    )
    return drawn


def _axes() -> alt.Chart:
    """Years along, values up, and a tooltip."""
    import altair as alt

    return alt.Chart().encode(
        x=alt.X(
            "year:Q",
            title=None,
            axis=alt.Axis(format="d", tickMinStep=1, labelOverlap="greedy", labelSeparation=6),
            scale=alt.Scale(zero=False, padding=20),
        ),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, padding=12)),
        tooltip=[
            alt.Tooltip("series:N", title="地区 Place"),
            alt.Tooltip("point:N", title="类型 Type"),
            alt.Tooltip("year:Q", title="年 Year", format="d"),
            alt.Tooltip("shown:N", title="数值 Value"),
        ],
    )
