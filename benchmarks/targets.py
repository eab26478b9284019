"""What is asked of the speed, beside what was measured: met or not is worked out here, never written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log
from typing import Any, NamedTuple

Report = Mapping[str, Any]


class Target(NamedTuple):
    """A bound on a figure of the report: at least or at most ``bound``; ``aim``: what would be better yet."""

    name: str
    unit: str
    measured: Callable[[Report], float | None]
    bound: float
    most: bool = True
    aim: float | None = None

    def met(self, report: Report) -> bool | None:
        """Whether the bound holds; None if it was not measured."""
        found = self.measured(report)
        return None if found is None else found <= self.bound if self.most else found >= self.bound


def transforms_ratio(report: Report) -> float | None:
    """Speed of the transforms side by side over that of the pass, in the largest corpus of the report."""
    side_by_side = [size for size in runs(report) if size["side_by_side"]]
    return ratio(side_by_side[-1]) if side_by_side else None


def build_ratio(report: Report) -> float | None:
    """Speed of the whole build over that of the pass, in the largest corpus."""
    largest = _largest(report)
    return build_of_pass(report, largest) if largest else None


def build_of_pass(report: Report, size: Mapping[str, Any]) -> float | None:
    """Speed of a build, its fixed cost in it, over that of the pass over the same text."""
    passes = {same["documents"]: same["pass"]["seconds"] for same in runs(report)}
    taken = passes.get(size["documents"])
    return taken / size["seconds"] if taken else None


def ratio(size: Mapping[str, Any]) -> float:
    """Speed of the transforms over that of the pass in the same process."""
    return float(size["pass"]["seconds"] / size["transforms"]["seconds"])


def exponent(report: Report, fixed: float = 0.0, time: str = "seconds") -> float | None:
    """The k of time = c·documents^k between the smallest and the largest build.

    ``fixed``: seconds that are taken off each time first. ``time``: ``seconds`` (clock) or ``cpu_seconds``.
    """
    sizes = builds(report)
    if len(sizes) < 2 or sizes[0][time] <= fixed:
        return None
    first, last = sizes[0], sizes[-1]
    times = (last[time] - fixed) / (first[time] - fixed)
    return log(times) / log(last["documents"] / first["documents"])


def exponent_beyond_fixed(report: Report) -> float | None:
    """The same of processor time without that of a tiny build, behind which a small corpus hides growth."""
    fixed = _fixed("tiny_build_cpu_seconds")(report)
    return None if fixed is None else exponent(report, fixed, "cpu_seconds")


def no_change(report: Report) -> float | None:
    """Seconds of a build of the largest corpus with nothing changed."""
    return _of_largest("unchanged_seconds")(report)


def runs(report: Report) -> list[Mapping[str, Any]]:
    """What was measured of the transforms, the largest corpus last."""
    return list(report.get("reading", {}).get("runs", ()))


def builds(report: Report) -> list[Mapping[str, Any]]:
    """What was measured of each whole build, the largest corpus last."""
    return list(report.get("build", {}).get("sizes", ()))


def _largest(report: Report) -> Mapping[str, Any] | None:
    sizes = builds(report)
    return sizes[-1] if sizes else None


def _of_largest(name: str) -> Callable[[Report], float | None]:
    return lambda report: (_largest(report) or {}).get(name)


def _fixed(name: str) -> Callable[[Report], float | None]:
    return lambda report: report.get("build", {}).get("fixed", {}).get(name)


TARGETS = (
    Target("transforms, share of the pass", "", transforms_ratio, 0.04, most=False, aim=0.2),
    Target("whole build, share of the pass", "", build_ratio, 0.02, most=False, aim=0.1),
    Target("fixed cost: a build of one sentence", "s", _fixed("tiny_build_seconds"), 10),
    Target("exponent of the time of a build", "", exponent, 1.05),
    Target("the same of processor time, fixed cost taken off", "", exponent_beyond_fixed, 1.05),
    Target("peak memory of a build", "MB", _of_largest("peak_mb"), 1500),
    Target("start-up: hiw --help", "s", _fixed("help_seconds"), 0.5),
    Target("build with nothing changed", "s", no_change, 4),
)
