"""Facts to the units that answer for them, as their document names them (责任单位)."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.transforms.segment import Segmented
from warehouse import contract
from warehouse.value_tables import BRIDGE_VALUE_RESPONSIBLE_UNIT


class Responsible(NamedTuple):
    """``bridge_value_responsible_unit`` as the table, of all facts, before validation."""

    bridge_value_responsible_unit: pl.DataFrame


def responsible(facts: pl.DataFrame, segments: Segmented) -> Responsible:
    """The units named for each of ``facts`` (``fact_indicator_value``)."""
    del facts, segments
    return Responsible(contract.empty(BRIDGE_VALUE_RESPONSIBLE_UNIT))
