"""One other program on the documents of a folder: ``peer.py NAME FOLDER SECONDS`` prints JSON.

This runs in the environment of the peers, so it imports nothing of the project.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

Read = Callable[[str], int]  # a paragraph; how many numbers were found


def chinese2digits() -> Read:
    """Numbers in digits or words; no units."""
    import chinese2digits as peer

    return lambda text: len(peer.takeNumberFromString(text)["digitsStringList"])


def jionlp() -> Read:
    """Amounts of money and times, the two quantities it extracts from running text."""
    import jionlp as peer

    logging.disable()  # a traceback for each text it can't read takes longer than the reading
    return lambda text: len(peer.ner.extract_money(text)) + len(peer.ner.extract_time(text))


def recognizers_text() -> Read:
    """Numbers, ordinals, percentages, ages, amounts of money and dimensions; dates are left out."""
    import recognizers_number as number
    import recognizers_number_with_unit as unit
    from recognizers_text import Culture

    of_number = (number.recognize_number, number.recognize_ordinal, number.recognize_percentage)
    with_unit = (unit.recognize_age, unit.recognize_currency, unit.recognize_dimension)
    return lambda text: sum(len(read(text, Culture.Chinese)) for read in (*of_number, *with_unit))


PEERS: dict[str, tuple[str, Callable[[], Read]]] = {
    "chinese2digits": ("chinese2digits", chinese2digits),
    "jionlp": ("jionlp", jionlp),
    "Recognizers-Text": ("recognizers-text-suite", recognizers_text),
}


def measure(name: str, folder: Path, seconds: float) -> dict[str, object]:
    """Read for about ``seconds``; what that came to."""
    package, load = PEERS[name]
    read = load()
    parts = paragraphs(folder)
    read(next(parts))  # the first one loads and compiles
    size, numbers, begun = 0, 0, time.perf_counter()
    for part in parts:
        numbers += read(part)
        size += len(part.encode())
        if time.perf_counter() - begun > seconds:
            break
    taken = time.perf_counter() - begun
    return {"version": version(package), "megabytes": size / 1e6, "numbers": numbers, "seconds": taken}


def paragraphs(folder: Path) -> Iterator[str]:
    """The paragraphs of all documents."""
    for path in sorted(folder.glob("*.txt")):
        yield from (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))))
