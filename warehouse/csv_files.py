"""Tables as CSV that Excel and statistics programs open right.

UTF-8 with a byte order mark, since Excel takes a file without one for the local code page; lines end as
RFC 4180 has it; dates are ISO; items of a list are joined by ``|``; null is an empty cell.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from warehouse.datapackage import LIST_SEPARATOR

# A spreadsheet takes a cell that begins with one of these for a formula. OWASP's list ("CSV Injection");
# the full-width ones are folded to ASCII by East Asian editions.
FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"
GUARD = "'"


def write_csv(frame: pl.DataFrame, path: Path) -> Path:
    """Write ``frame`` as the CSV file ``path``; gives the path. Equal frames give equal bytes.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay as they are.
    """
    safe_for_spreadsheets(frame).write_csv(path, include_bom=True, line_terminator="\r\n")
    return path


def safe_for_spreadsheets(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with its lists joined and its texts guarded; a list is guarded as the one text it becomes."""
    lists = pl.selectors.by_dtype(pl.List(pl.String()))
    joined = frame.with_columns(lists.list.join(LIST_SEPARATOR))
    text = pl.selectors.string()
    guarded = pl.when(text.str.head(1).is_in(list(FORMULA_SIGNS))).then(pl.lit(GUARD) + text).otherwise(text)
    return joined.with_columns(guarded.name.keep())
