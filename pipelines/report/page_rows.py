"""The rows that pages of one kind are made of: read page by page, or summed up in a key for each page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from pipelines.report.questions import Row, Warehouse

BATCH = 1000  # pages read at once: few queries, each of which looks at the whole table, and bounded memory
Rows = list[Row]


class Part(NamedTuple):
    """A query whose rows go into pages, and the ``order`` of those of one page, if there are several."""

    sql: str
    order: str = ""


@dataclass(frozen=True)
class Kind:
    """Pages of one kind. ``parts``: what they are made of; the first has one row for each page.

    The column ``by``, which every part has, says which page a row goes into; ``address`` where that stands.
    A page must be made of nothing but its rows and the code, for :meth:`keys` to tell when it changes.
    """

    by: str
    address: Callable[[str], str]
    parts: Mapping[str, Part]

    def keys(self, warehouse: Warehouse) -> dict[str, str]:
        """For each page a key that is another one as soon as a field of a row of it is."""
        parts = [dict(self._hashes(warehouse, part)) for part in self.parts.values()]
        return {page: _digest([part.get(page, "") for part in parts]) for page in sorted(parts[0])}

    def _hashes(self, warehouse: Warehouse, part: Part) -> Iterator[tuple[str, str]]:
        """A hash of the rows of each page; as JSON a row tells NULL from 'NULL' and 1 from 1.0.

        Hashes of rows are added up, whose order does not matter then, and none is kept in memory.
        """
        sums = ", ".join(f"sum(md5_number_{half}(row_json))" for half in ("upper", "lower"))
        for row in warehouse.stream(f"""
            SELECT page, concat_ws(' ', count(*), {sums}) AS hashed
            FROM (SELECT {self.by} AS page, to_json(part)::VARCHAR AS row_json FROM ({part.sql}) AS part)
            WHERE page IS NOT NULL GROUP BY page"""):
            yield row["page"], row["hashed"]

    def read(self, warehouse: Warehouse, pages: Sequence[str]) -> Iterator[tuple[str, dict[str, Rows]]]:
        """Each of ``pages``, with its rows of each part by the name of the part."""
        ordered = sorted(pages)
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            parts = {name: self._ordered(warehouse, part, batch) for name, part in self.parts.items()}
            for page in batch:
                yield page, {name: rows.of(page) for name, rows in parts.items()}

    def _ordered(self, warehouse: Warehouse, part: Part, pages: list[str]) -> _Ordered:
        order = f"{self.by}, {part.order}" if part.order else self.by
        sql = f"FROM ({part.sql}) WHERE {self.by} IN (SELECT unnest(?)) ORDER BY {order}"
        return _Ordered(warehouse.stream(sql, pages), self.by)


class _Ordered:
    """Rows that come in the order of their pages."""

    def __init__(self, rows: Iterator[Row], by: str) -> None:
        self._groups = groupby(rows, key=itemgetter(by))
        self._next = next(self._groups, None)

    def of(self, page: str) -> Rows:
        """The rows of ``page``; each page may be asked for once, in order."""
        if self._next is None or self._next[0] != page:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _digest(hashes: list[str]) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
