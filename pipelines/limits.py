"""How large a document may be: what keeps the memory and time of a build within bounds.

Reading takes about 30 MB of memory for a MB of prose; for each value 3 to 9 kB and up to half a millisecond,
and validation as much again. With these limits one document keeps a build under 1.5 GB of memory.
The longest plans are 300 kB with a few thousand numbers; a statistical yearbook can be split by chapter.
"""

from __future__ import annotations

MAX_BYTES = 4_000_000
MAX_LINES = 200_000
MAX_NUMBERS = 50_000


def too_large(size: int, unit: str = "bytes", limit: int = MAX_BYTES) -> str:
    """What to say of a document of ``size`` bytes or lines."""
    return f"{size:,} {unit}, and {limit:,} are the most a document may have; split it by chapter or page"


def too_many_numbers(numbers: int) -> str:
    """What to say of a document with so many ``numbers``."""
    return f"{numbers:,} numbers, and {MAX_NUMBERS:,} are the most a document may have; split it by table"
