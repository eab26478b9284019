"""The reference data under ``seeds/reference``: loaded and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Reference:
    """``indicators``, ``units`` and ``jurisdictions`` as the tables ``dim_…``; ``aliases``: alias, indicator_id."""

    indicators: pl.DataFrame
    aliases: pl.DataFrame
    units: pl.DataFrame
    jurisdictions: pl.DataFrame


def load_reference(folder: Path) -> Reference:
    """Load the reference files of ``folder``."""
    raise NotImplementedError(folder)
