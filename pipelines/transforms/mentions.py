"""Every number in the text: where it stands, its unit, multiplier and range."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons


class Mentioned(NamedTuple):
    """``mentions``: one row per number with its span, reading and the text before and after it."""

    mentions: pl.DataFrame


def find_mentions(sentences: pl.DataFrame, pieces: pl.DataFrame, lexicons: Lexicons) -> Mentioned:
    """Find every number of ``sentences``."""
    raise NotImplementedError
