"""What stands before and after a row within the rows of one key; rows of equal keys stand together.

The same as cumulative expressions, shifts and fills over the key, without the cost of grouping.
"""

from __future__ import annotations

import polars as pl


def count_before(key: str) -> pl.Expr:
    """How many rows of the same ``key`` stand before each row."""
    return _since_key_began(pl.int_range(pl.len()), key)


def sum_before(amount: pl.Expr, key: str) -> pl.Expr:
    """The sum of ``amount`` over the rows of the same ``key`` before each row."""
    return _since_key_began(amount.cum_sum() - amount, key)


def row_before(value: pl.Expr, key: str) -> pl.Expr:
    """``value`` of the row before each row; null in the first of a ``key``."""
    return pl.when(~_begins(key)).then(value.shift())


def row_after(value: pl.Expr, key: str) -> pl.Expr:
    """``value`` of the row after each row; null in the last of a ``key``."""
    return pl.when(~_ends(key)).then(value.shift(-1))


def last_so_far(value: pl.Expr, key: str) -> pl.Expr:
    """The last ``value`` that is not null of the same ``key``, up to and with each row."""
    row = pl.int_range(pl.len())
    said = pl.when(value.is_not_null()).then(row).forward_fill()
    began = pl.when(_begins(key)).then(row).forward_fill()
    return pl.when(said >= began).then(value.forward_fill())


def last_before(value: pl.Expr, key: str) -> pl.Expr:
    """The last ``value`` that is not null of the same ``key``, before each row."""
    return row_before(last_so_far(value, key), key)


def next_from_here(value: pl.Expr, key: str) -> pl.Expr:
    """The next ``value`` that is not null of the same ``key``, from each row on."""
    row = pl.int_range(pl.len())
    said = pl.when(value.is_not_null()).then(row).backward_fill()
    end = pl.when(_ends(key)).then(row).backward_fill()
    return pl.when(said <= end).then(value.backward_fill())


def _begins(key: str) -> pl.Expr:
    return pl.col(key).ne_missing(pl.col(key).shift())


def _ends(key: str) -> pl.Expr:
    return pl.col(key).ne_missing(pl.col(key).shift(-1))


def _since_key_began(running: pl.Expr, key: str) -> pl.Expr:
    return running - pl.when(_begins(key)).then(running).forward_fill()
