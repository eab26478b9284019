"""Expressions worked out for no more rows than they need: the distinct ones, or those they change.

Words repeat: of the clauses before the numbers of a long text most are one that stood there before. And
patterns cost more than finding a row again. ``when`` spares nothing: it works out both sides for all rows.
"""

from __future__ import annotations

import polars as pl


def with_distinct(frame: pl.DataFrame, /, *on: str, **columns: pl.Expr) -> pl.DataFrame:
    """Add new ``columns``: expressions that look at nothing but the columns ``on``. Rows keep their order."""
    keys = frame.select(on)
    known = keys.unique().with_columns(**columns)
    found = keys.join(known, on=on, how="left", nulls_equal=True, maintain_order="left")
    return frame.with_columns(found.select(*columns).get_columns())


def with_first(frame: pl.DataFrame, /, key: str, **columns: pl.Expr) -> pl.DataFrame:
    """Add new ``columns`` that are the same for all rows of a ``key``: worked out for the first of these."""
    known = frame.unique(key, keep="first", maintain_order=True).select(key, **columns)
    return frame.join(known, on=key, how="left", maintain_order="left")


def with_where(frame: pl.DataFrame, where: pl.Expr, /, **columns: pl.Expr) -> pl.DataFrame:
    """Add new ``columns`` worked out for the rows ``where`` it holds only; null in the others."""
    rows = frame.with_row_index("_at")
    found = rows.select("_at").join(
        rows.filter(where).select("_at", **columns), on="_at", how="left", maintain_order="left"
    )
    return frame.with_columns(found.select(*columns).get_columns())


def with_changed(frame: pl.DataFrame, where: pl.Expr, /, key: str, **columns: pl.Expr) -> pl.DataFrame:
    """Give the rows ``where`` it holds other ``columns``, none of them null; ``key`` tells rows apart."""
    rows = frame.filter(where)
    return frame if rows.is_empty() else frame.update(rows.select(key, **columns), on=key)
