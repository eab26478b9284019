"""How fast text becomes values: the stages alone, beside one regular expression over the same text.

The documents are the samples, copied with some of their digits changed by a seeded draw, so that no two are
the same. Reading (from decoded text to resolved values) and the pass of the expression take turns in one
process, and each figure is the median of the rounds; decoding is timed apart. The ratio of the two speeds
says more than either, as it depends little on the machine. Each size runs in a process of its own, since a
process only knows its highest use of memory.

    python benchmarks/reading.py [--copies 4 20 100] [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import statistics
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pipelines import engine  # noqa: E402  # the repository this file stands in
from pipelines.sources import FILES  # noqa: E402

RESULTS = Path(__file__).parent / "results"
SEED = 20240501
CHANGED = 0.3  # share of the digits that are drawn anew
UNITS = "%|‰|/10万|个百分点|人次|个|人|名|家|所|张|元|岁|项|例"
NUMBER_AND_UNIT = rf"\d+(?:\.\d+)?\s?(?:万亿|百万|千万|万|亿)?(?:{UNITS})?"
DECODING, PASS = "raw", "pass"


def main() -> None:
    """Measure every size and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, nargs="+", default=[4, 20, 100], help="copies of the samples")
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as one_at_a_time:
        measured = [one_at_a_time.submit(measure, copies, chosen.rounds).result() for copies in chosen.copies]
    report = {"machine": machine(), "rounds": chosen.rounds, "sizes": measured}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "reading.json").write_text(json.dumps(report, indent=2) + "\n")
    (RESULTS / "reading.md").write_text(page(report))
    print(page(report))


def corpus(copies: int) -> pl.DataFrame:
    """``copies`` of each sample document, as the stage ``raw`` takes them."""
    draw = random.Random(SEED)

    def other(digit: re.Match[str]) -> str:
        return str(draw.randrange(10)) if draw.random() < CHANGED else digit[0]

    samples = sorted((ROOT / "seeds" / "documents").glob("*.txt"))
    texts = [path.read_bytes().decode() for path in samples]
    return pl.DataFrame(
        [
            (f"{copy}_{sample.name}", re.sub("[0-9]", other, text).encode(), None, None)
            for copy in range(copies)
            for sample, text in zip(samples, texts, strict=True)
        ],
        schema=FILES,
        orient="row",
    )


def measure(copies: int, rounds: int) -> dict[str, Any]:
    """The figures of one size; the first round is not counted."""
    files, seeds = corpus(copies), engine.load_seeds()
    before = peak_mb()
    seconds: dict[str, list[float]] = defaultdict(list)
    done: dict[str, Any] = {}
    for _ in range(rounds + 1):
        done = {"sources": engine.Sources(files)}
        for stage in engine.STAGES:
            begun = time.perf_counter()
            done[stage.__name__] = engine.run(stage, done, seeds)
            seconds[stage.__name__].append(time.perf_counter() - begun)
        text = done[DECODING].documents.select("raw_text")
        begun = time.perf_counter()
        text.select(pl.col("raw_text").str.extract_all(NUMBER_AND_UNIT))
        seconds[PASS].append(time.perf_counter() - begun)
    typical = {name: statistics.median(times[1:]) for name, times in seconds.items()}
    megabytes = sum(map(len, files["content"])) / 1e6
    return figures(megabytes, typical) | {
        "documents": files.height,
        "values": done["resolved"].fact_indicator_value.height,
        "peak_rss_mb": round(peak_mb()),
        "rss_before_mb": round(before),
    }


def figures(megabytes: float, seconds: dict[str, float]) -> dict[str, Any]:
    """Speeds from the ``seconds`` of each stage and of the pass."""
    reading = sum(taken for name, taken in seconds.items() if name not in (DECODING, PASS))
    return {
        "megabytes": round(megabytes, 2),
        "reading_mb_s": round(megabytes / reading, 2),
        "pass_mb_s": round(megabytes / seconds[PASS], 1),
        "ratio": round(seconds[PASS] / reading, 4),
        "decoding_mb_s": round(megabytes / seconds[DECODING], 1),
        "stage_ms": {name: round(taken * 1e3, 1) for name, taken in seconds.items()},
    }


def peak_mb() -> float:
    """The most memory this process has used, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def machine() -> str:
    """What the figures were measured on."""
    python = f"Python {platform.python_version()}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {python}, polars {pl.__version__}"


def page(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    columns = {
        "documents": "documents",
        "MB of UTF-8": "megabytes",
        "values": "values",
        "reading, MB/s": "reading_mb_s",
        "one pass, MB/s": "pass_mb_s",
        "ratio": "ratio",
        "decoding, MB/s": "decoding_mb_s",
        "peak RSS, MB": "peak_rss_mb",
        "before reading, MB": "rss_before_mb",
    }
    sizes = report["sizes"]
    stages = list(sizes[0]["stage_ms"])
    speed = table(list(columns), [[size[name] for name in columns.values()] for size in sizes])
    times = table(
        ["MB", *stages], [[size["megabytes"], *(size["stage_ms"][name] for name in stages)] for size in sizes]
    )
    return (
        "# Speed of reading\n\n"
        f"Written by `make bench-reading` on {report['machine']}: medians of {report['rounds']} rounds.\n"
        "Reading is all stages from decoded text to resolved values; the pass is one `str.extract_all` of\n"
        "numbers with their units over the same text in the same rounds.\n\n"
        f"{speed}\nMilliseconds by stage:\n\n{times}"
    )


def table(head: list[str], rows: list[list[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


if __name__ == "__main__":
    main()
