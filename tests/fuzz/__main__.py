"""Read many damaged documents and see that nothing breaks and no number is lost.

    python -m tests.fuzz [--documents 10000] [--seed 1] [--batch 500] [--keep FOLDER]

Prints what does not hold and keeps the documents of that batch in FOLDER; exit status 1 if there is anything.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.fuzz import accounting, mutations


def main() -> None:
    """Read the documents batch by batch."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--batch", type=int, default=500)
    options.add_argument("--keep", type=Path, default=Path(".fuzz"))
    chosen = options.parse_args()
    begun, found, numbers = time.perf_counter(), 0, 0
    for n, contents in enumerate(_batches(chosen.seed, chosen.documents, chosen.batch)):
        complaints, mentions = _read(contents)
        numbers += mentions
        found += len(complaints)
        if complaints:
            print(f"batch {n}: {len(complaints)} complaints", *complaints[:10], sep="\n  ", flush=True)
            _keep(contents, chosen.keep / f"{chosen.seed}_{n}")
    taken = time.perf_counter() - begun
    print(f"{chosen.documents} documents, {numbers} numbers, {found} complaints, {taken:.0f} s")
    raise SystemExit(found > 0)


def _batches(seed: int, documents: int, size: int) -> Iterator[tuple[bytes, ...]]:
    contents = mutations.documents(seed, documents)
    while batch := tuple(islice(contents, size)):
        yield batch


def _read(contents: tuple[bytes, ...]) -> tuple[list[str], int]:
    """What does not hold of this batch, and how many numbers it has."""
    try:
        tables = accounting.read(contents)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"], 0
    found = accounting.complaints(tables, len(contents)) + accounting.broken_rules(tables)
    return found, tables["number_mention"].height


def _keep(contents: tuple[bytes, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n, content in enumerate(contents):
        (folder / f"{n}.txt").write_bytes(content)


if __name__ == "__main__":
    main()
