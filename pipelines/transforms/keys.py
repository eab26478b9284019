"""Keys made of content, so that they do not depend on where or when they were made."""

from __future__ import annotations

from hashlib import sha256

import polars as pl

KEY_LENGTH = 16


def content_id(frame: pl.DataFrame, name: str, *columns: str) -> pl.DataFrame:
    """Add ``name``: the first 16 hex digits of the SHA-256 of the ``columns`` joined by '|'.

    SHA-256 because polars' own hash may change between versions, and corrections must outlive those.
    """
    parts = [pl.col(column).cast(pl.String).fill_null("") for column in columns]
    texts = frame.select(pl.concat_str(parts, separator="|").cast(pl.Binary)).to_series()
    keys = [sha256(text).hexdigest()[:KEY_LENGTH] for text in texts.to_list()]
    return frame.with_columns(pl.Series(name, keys, dtype=pl.String()))
