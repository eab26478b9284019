"""The report as Markdown, and the part of it that the README shows.

``python -m benchmarks.page`` writes both anew from the last report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.building import STEPS
from benchmarks.processes import ROOT
from benchmarks.targets import TARGETS, Target, build_of_pass, builds, exponent, no_change, ratio, runs

Report = Mapping[str, Any]
RESULTS = ROOT / "benchmarks/results"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
SPEED = ["", "documents", "MB", "seconds", "MB/s", "share of the pass", "peak memory, MB"]
_BLOCK = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
_MISSING = "–"


def page(report: Report) -> str:
    """The whole page."""
    sections = {
        "Targets": targets(report),
        "The corpus": _CORPUS + corpora(report),
        "The transforms by stage": _STAGES + stages(report) if runs(report) else "",
        "The build by step": _STEPS + steps(report) if "build" in report else "",
        "What it takes whatever there is to read": fixed(report) if "build" in report else "",
        "The others": peers(report["peers"]) if "peers" in report else "",
        **{f"Not measured: {part}": f"{why}\n" for part, why in report["failed"].items()},
    }
    told = (f"## {title}\n\n{text}" for title, text in sections.items() if text)
    return "\n".join(["# Speed\n", block(report), *told])


def block(report: Report) -> str:
    """What the README shows, with the marks around it."""
    return f"{BEGIN}\n{table(SPEED, speed(report))}\n{summary(report)}\n{machine(report['machine'])}{END}\n"


def summary(report: Report) -> str:
    """What takes the same whatever there is to read, and how the time grows with it, in a sentence or two."""
    once = report.get("build", {}).get("fixed", {})
    start, tiny = short(once.get("help_seconds")), short(once.get("tiny_build_seconds"))
    return (
        f"`hiw --help` takes {start} s, a build of one sentence {tiny} s, one of the largest corpus with\n"
        f"nothing changed {short(no_change(report))} s. From the smallest to the largest, the time of a\n"
        f"build grows with n^{short(exponent(report))}.\n"
    )


def replaced(text: str, report: str) -> str:
    """``text``, the README, with the block of the page ``report`` in the place of its own.

    Raises ``ValueError`` if one of them has none.
    """
    found = _BLOCK.search(report)
    if found is None or not _BLOCK.search(text):
        raise ValueError(f"no {BEGIN} … {END} in the page or in the README")
    return _BLOCK.sub(lambda _: found[0], text)


def publish() -> None:
    """Write the page and the block of the README anew from the report in the results."""
    text = page(json.loads((RESULTS / "bench.json").read_text(encoding="utf-8")))
    (RESULTS / "bench.md").write_text(text, encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(replaced(readme.read_text(encoding="utf-8"), text), encoding="utf-8")


def machine(found: Mapping[str, Any]) -> str:
    """What it was measured on, in a sentence."""
    packages = ", ".join(f"{name} {version}" for name, version in list(found.items())[4:-2])
    kind = f"{found['processor']}, {found['cores']} cores, {found['memory_gib']} GiB, {found['system']}"
    return f"Measured on {found['date']} at commit {found['commit']}:\n{kind};\n{packages}.\n"


def speed(report: Report) -> Iterator[list[str]]:
    """A row for each thing that reads, the pass first."""
    reading = runs(report)
    for size in reading[-1:]:
        yield _row("one pass of a pattern, polars, one thread", size, size["pass"]["seconds"], 1)
    for size in reading:
        how = f"{size['threads']} threads" if size["side_by_side"] else "one thread"
        yield _row(f"transforms, {how}", size, size["transforms"]["seconds"], ratio(size))
    for size in builds(report):
        share = build_of_pass(report, size)
        yield _row("whole build, validated and published", size, size["seconds"], share, size["peak_mb"])
    for name, peer in report.get("peers", {}).items():
        if "failed" not in peer:
            told = f"{name} {peer['version']}, one thread"
            yield _row(told, peer, peer["seconds"], _peer_share(report, peer), peer["peak_mb"])


def _row(
    what: str, size: Mapping[str, Any], seconds: float, share: float | None, peak: float | None = None
) -> list[str]:
    documents = f"{size['documents']:,}" if "documents" in size else "a slice"
    figures = (size["megabytes"], seconds, size["megabytes"] / seconds, share, peak)
    return [what, documents, *(short(figure) for figure in figures)]


def _peer_share(report: Report, peer: Mapping[str, Any]) -> float | None:
    passes = [size["pass"]["seconds"] / size["megabytes"] for size in runs(report)]
    return passes[-1] / (peer["seconds"] / peer["megabytes"]) if passes else None


def targets(report: Report) -> str:
    """Each target with what was measured and whether it is met."""
    return table(["", "measured", "asked", "aim", ""], (_target(target, report) for target in TARGETS))


def _target(target: Target, report: Report) -> list[str]:
    found = target.measured(report)
    said = {True: "met", False: "not met", None: "not measured"}[target.met(report)]
    sign = "≤" if target.most else "≥"
    bound = f"{sign} {short(target.bound)} {target.unit}".strip()
    measured = f"{short(found)} {target.unit}".strip() if found is not None else _MISSING
    return [target.name, measured, bound, short(target.aim) if target.aim else "", said]


def corpora(report: Report) -> str:
    """The sizes of the corpora."""
    names = ("documents", "megabytes", "numbers", "sentences", "distinct_sentences")
    head = ["documents", "MB", "numbers", "sentences", "of them distinct"]
    return table(head, ([short(found[name]) for name in names] for found in report["corpora"]))


def stages(report: Report) -> str:
    """Seconds and share of each stage on one thread."""
    alone = [size["stage_seconds"] for size in runs(report) if "stage_seconds" in size]
    total = sum(alone[0].values()) if alone else 1
    rows = (
        [name, short(taken), f"{taken / total:.0%}"] for name, taken in (alone[0] if alone else {}).items()
    )
    return table(["stage", "seconds", "share"], rows)


def steps(report: Report) -> str:
    """Seconds, seconds of processors and most memory of each step of each build, a table each."""
    names = ["starting", *STEPS.values()]
    result = {"no change, s": "unchanged_seconds", "values": "values", "DuckDB file, MB": "database_mb"}
    tables = (
        _of_steps(report, names, "s", "step_seconds", result),
        _of_steps(report, names, "processor s", "step_cpu_seconds", {}),
        _of_steps(report, names[1:], "MB", "step_peak_mb", {}),
    )
    return "\n".join(tables)


def _of_steps(report: Report, steps: list[str], unit: str, figure: str, result: Mapping[str, str]) -> str:
    """One ``figure`` of the ``steps``, a row for each build; ``result``: further columns, by their heads."""
    head = ["documents", *(f"{step}, {unit}" for step in steps), *result]
    rows = (
        [size["documents"], *(size[figure].get(step) for step in steps), *map(size.get, result.values())]
        for size in builds(report)
    )
    return table(head, (list(map(short, row)) for row in rows))


def fixed(report: Report) -> str:
    """What a start, the imports and a build of one sentence take."""
    found = report.get("build", {}).get("fixed", {})
    names = {
        "help_seconds": "`hiw --help`",
        "import_seconds": "loading Dagster, polars, DuckDB and Great Expectations",
        "tiny_build_seconds": "build of one sentence",
        "tiny_unchanged_seconds": "the same with nothing changed",
    }
    return table(["", "seconds"], ([said, short(found.get(name))] for name, said in names.items()))


def peers(found: Mapping[str, Any]) -> str:
    """What the peers do, and which of them failed."""
    failed = [f"{name} failed: {peer['failed']}" for name, peer in found.items() if "failed" in peer]
    return "\n\n".join([_PEERS.strip(), *failed]) + "\n"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def short(figure: float | None) -> str:
    """A figure in three digits; a whole number as it is."""
    if figure is None:
        return _MISSING
    if isinstance(figure, int) or figure >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.3g}" if figure >= 1e-4 else f"{figure:.2g}"


_CORPUS = """\
Made from the samples by `benchmarks/corpus.py`: each document has a header of its own and consecutive parts
of one or two samples, in which place, years, digits and words are drawn anew. MB are 10⁶ bytes of UTF-8;
numbers are runs of digits.

"""
_STAGES = """\
One thread, from decoded text on, in batches as large as those of a build.

"""
_STEPS = """\
A process of its own, files on disk to the published warehouse, from nothing. Seconds by the clock: *starting*
is all that is none of the steps (imports, Dagster, the summary). The site, which is written after the
warehouse is published, is in no speed above, but in the peak memory. Below, the time of all processors, and
the most memory the process and its children had together in each step, looked at 20 times a second.

"""
_PEERS = """\
Each reads the first documents of the same corpus, paragraph by paragraph, for some seconds, in an environment
of its own with the versions in the table. They do less: chinese2digits finds numbers; jionlp amounts of money
and times; Recognizers-Text (the Python edition) numbers, ordinals, percentages, ages, money and dimensions.
None says what a number is of. The share is of the pass over the largest corpus.
"""


if __name__ == "__main__":
    publish()
