"""Facts: the indicator, value, comparator, change and period of each number that is one."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons


class Read(NamedTuple):
    """``values``: one row per fact, before indicators and places are resolved."""

    values: pl.DataFrame


def read_values(
    mentions: pl.DataFrame, dim_section: pl.DataFrame, dim_document: pl.DataFrame, lexicons: Lexicons
) -> Read:
    """Read the facts on the mentions whose disposition is ``fact``."""
    raise NotImplementedError
