"""Running counts and sums within rows of one key; rows of equal keys stand together.

The same as cumulative expressions over the key, without the cost of grouping.
"""

from __future__ import annotations

import polars as pl


def count_before(key: str) -> pl.Expr:
    """How many rows of the same ``key`` stand before each row."""
    return _since_key_began(pl.int_range(pl.len()), key)


def sum_before(amount: pl.Expr, key: str) -> pl.Expr:
    """The sum of ``amount`` over the rows of the same ``key`` before each row."""
    return _since_key_began(amount.cum_sum() - amount, key)


def _since_key_began(running: pl.Expr, key: str) -> pl.Expr:
    begins = pl.col(key).ne_missing(pl.col(key).shift())
    return running - pl.when(begins).then(running).forward_fill()
