"""Facts in the document's words to canonical indicators, units and places, as far as they are known."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.reference import Reference


class Resolved(NamedTuple):
    """``fact_indicator_value`` as the table, before validation."""

    fact_indicator_value: pl.DataFrame


def resolve(
    values: pl.DataFrame, documents: pl.DataFrame, dim_document: pl.DataFrame, reference: Reference
) -> Resolved:
    """Resolve ``values``; what is not known stays null."""
    raise NotImplementedError
