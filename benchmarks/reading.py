"""How fast text becomes values: the transforms alone, beside one regular expression over the same text.

    python -m benchmarks.reading FOLDER [--threads 1] [--rounds 3]

prints JSON. The transforms are all stages of the engine from decoded text on; the pass is one polars
``str.extract_all`` of numbers with their units over the documents as one column, which polars does on one
thread. Both take turns in one process, and each figure is the median of the rounds. The ratio of the two says
more than either, as it depends little on the machine.

With one thread the stages are timed one by one, and ``POLARS_MAX_THREADS=1`` has to be set as well; with more
batches go side by side, as in a build.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from benchmarks.corpus import texts
from pipelines import engine, reading
from pipelines.sources import FILES

UNITS = "%|‰|/10万|个百分点|人次|个|人|名|家|所|张|元|岁|项|例"
NUMBER_AND_UNIT = rf"\d+(?:\.\d+)?\s?(?:万亿|百万|千万|万|亿)?(?:{UNITS})?"
PASSES = 5  # a round, as one is so short
WARM_UP = 10  # documents that are read before anything is timed: patterns are compiled, seeds loaded


class Spent(NamedTuple):
    """``seconds`` by the clock and ``cpu_seconds`` of all threads."""

    seconds: float
    cpu_seconds: float


def measure(folder: Path, threads: int, rounds: int) -> dict[str, Any]:
    """The figures of the documents in ``folder``: sizes, what pass and transforms take, by stage if alone."""
    documents = list(texts(folder))
    warm_up(documents[:WARM_UP])
    decoded = [decode(batch) for batch in batches(documents, threads)]
    column = pl.DataFrame({"text": documents})
    passes: list[Spent] = []
    transforms: list[Spent] = []
    for _ in range(rounds):
        passes += [spent(lambda: one_pass(column)) for _ in range(PASSES)]
        transforms.append(spent(lambda: transform(decoded, threads)))
    by_name = {"stage_seconds": by_stage(decoded)} if threads == 1 else {}
    return {
        "documents": len(documents),
        "megabytes": sum(len(text.encode()) for text in documents) / 1e6,
        "batches": len(decoded),
        "threads": threads,
        "polars_threads": pl.thread_pool_size(),
        "rounds": rounds,
        "pass": typical(passes),
        "transforms": typical(transforms),
        **by_name,
    }


def one_pass(column: pl.DataFrame) -> pl.DataFrame:
    """The pass over ``text``, which polars does on one thread."""
    return column.select(pl.col("text").str.extract_all(NUMBER_AND_UNIT))


def transform(decoded: list[dict[str, Any]], threads: int) -> None:
    """All stages after the decoding, on batches side by side; what they yield is let go."""
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(run_stages, decoded):
            pass


def run_stages(decoded: dict[str, Any]) -> None:
    """All stages after the decoding, on one batch."""
    for _ in stages(decoded):
        pass


def stages(decoded: dict[str, Any]) -> Iterator[str]:
    """Run one stage after the other on a batch; gives the name of each when it is done."""
    done = dict(decoded)
    for stage in engine.STAGES:
        if stage.__name__ not in done:
            done[stage.__name__] = engine.run(stage, done, engine.load_seeds())
            yield stage.__name__


def by_stage(decoded: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds of each stage, in one more round."""
    seconds: dict[str, float] = defaultdict(float)
    for batch in decoded:
        begun = time.perf_counter()
        for stage in stages(batch):
            ended = time.perf_counter()
            seconds[stage] += ended - begun
            begun = ended
    return dict(seconds)


def warm_up(documents: list[str]) -> None:
    """Read some documents, untimed."""
    run_stages(decode(documents))
    one_pass(pl.DataFrame({"text": documents}))


def decode(documents: list[str]) -> dict[str, Any]:
    """The sources and the decoded text of ``documents``, as the stages take them."""
    rows = [(f"{number}.txt", text.encode(), None, None) for number, text in enumerate(documents)]
    sources = engine.Sources(pl.DataFrame(rows, schema=FILES, orient="row"))
    return {"sources": sources, "raw": engine.raw(sources)}


def batches(documents: list[str], threads: int) -> list[list[str]]:
    """``documents`` in batches no larger than those of a build, as many for each thread."""
    size = sum(len(text.encode()) for text in documents)
    digits = sum(sign.isdigit() for text in documents for sign in text)
    needed = max(size / reading.BATCH_BYTES, digits / reading.BATCH_DIGITS)
    each = ceil(len(documents) / (ceil(needed / threads) * threads))
    return [documents[first : first + each] for first in range(0, len(documents), each)]


def spent(work: Callable[[], object]) -> Spent:
    """What ``work`` takes."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - begun, time.process_time() - used)


def typical(rounds: list[Spent]) -> dict[str, float]:
    """The medians of ``rounds``."""
    return Spent(*map(statistics.median, zip(*rounds, strict=True)))._asdict()


def main() -> None:
    """Measure, and print JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    print(json.dumps(measure(chosen.folder, chosen.threads, chosen.rounds)))


if __name__ == "__main__":
    main()
