"""The rows of a table of the site, as its script (static/site.js) reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice
from typing import Any

Cell = str | int | float | None
# Of one table: what a browser still searches as one types. The rest is for SQL, and the page says so.
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Column:
    """One column; ``name`` is that of the rows' field. The other fields are explained in static/site.js."""

    name: str
    label: str = ""
    kind: str = "text"
    href: str | None = None
    filter: bool = False
    hidden: bool = False
    sort: str | None = None
    tone: str | None = None


def hidden(*names: str) -> list[Column]:
    """Columns that are searched, sorted by and linked with, but not shown."""
    return [Column(name, hidden=True) for name in names]


def payload(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], key: str | None = None
) -> dict[str, Any]:
    """The table as JSON data; ``key`` is the column that names a row, for links to it.

    Texts that come again and again stand once, and their cells are places in that list. Of more than
    :data:`MOST_ROWS` the first are shown, and the others counted in ``left_out``.
    """
    rest = iter(rows)
    cells = [[row[column.name] for column in columns] for row in islice(rest, MOST_ROWS)]
    left_out = sum(1 for _ in rest)
    described = [{**_described(column)} for column in columns]
    for place, column in enumerate(described):
        listed = _listed([row[place] for row in cells])
        if listed is not None:
            column["values"] = list(listed)
            for row in cells:
                row[place] = None if row[place] is None else listed[row[place]]
    return {"columns": described, "rows": cells, "key": key, **({"left_out": left_out} if left_out else {})}


@cache
def _described(column: Column) -> dict[str, Any]:
    said = {name: value for name, value in asdict(column).items() if value}
    return said if column.kind != "text" else {name: said[name] for name in said if name != "kind"}


def _listed(cells: list[Cell]) -> dict[str, int] | None:
    """Each text with its place in the list, in order of appearance; None where a list saves nothing."""
    texts = [cell for cell in cells if cell is not None]
    if not texts or not all(isinstance(text, str) for text in texts):
        return None
    listed = {str(text): place for place, text in enumerate(dict.fromkeys(texts))}
    return listed if 2 * len(listed) < len(texts) else None
