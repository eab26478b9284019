"""Each number is a fact or has a named reason why not."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons


class Disposed(NamedTuple):
    """``mentions`` with disposition; ``number_mention`` as the table of that name."""

    mentions: pl.DataFrame
    number_mention: pl.DataFrame


def dispose(mentions: pl.DataFrame, documents: pl.DataFrame, lexicons: Lexicons) -> Disposed:
    """Give every mention its disposition."""
    raise NotImplementedError
