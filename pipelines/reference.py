"""The reference data under ``seeds/reference``: loaded, typed and ready to look things up in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from warehouse.contract import Table, polars_schema
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT

REFERENCE_FOLDER = Path(__file__).parent.parent / "seeds" / "reference"
LIST_SEPARATOR = "|"
LEVELS = {"province": 0, "prefecture": 1, "county": 2}


class ReferenceError(Exception):
    """A reference file does not say what it should; the message names file and column."""


@dataclass(frozen=True)
class Reference:
    """The reference data, as frames.

    ``indicators``, ``units`` and ``jurisdictions`` are the tables ``dim_indicator``, ``dim_unit`` and
    ``dim_jurisdiction``. ``indicator_aliases`` has alias, indicator_id, unit (canonical).
    """

    indicators: pl.DataFrame
    indicator_aliases: pl.DataFrame
    units: pl.DataFrame
    jurisdictions: pl.DataFrame

    @cached_property
    def place_codes(self) -> pl.DataFrame:
        """Each place name (jurisdiction_name) and its jurisdiction_code; null where several places share it.

        Of a municipality's several levels of one name (北京市) the topmost stands for all.
        """
        rank = pl.col("level").replace_strict(LEVELS, default=len(LEVELS), return_dtype=pl.Int64())
        code = pl.col("jurisdiction_code")
        one_place = (code.str.head(2) == code.first().str.head(2)).all() & (
            pl.col("level").first() == "province"
        )
        return (
            self.jurisdictions.filter(pl.col("level") != "country")
            .sort(rank, "jurisdiction_code")
            .group_by(jurisdiction_name="name_zh")
            .agg(jurisdiction_code=pl.when(one_place | (pl.len() == 1)).then(code.first()))
            .sort("jurisdiction_name")
        )


def load_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Load the reference files of ``folder``; raises :class:`ReferenceError` where one is malformed."""
    indicators = _read(folder / "indicators.csv", DIM_INDICATOR)
    units = _read(folder / "units.csv", DIM_UNIT)
    jurisdictions = _read(folder / "jurisdictions.csv", DIM_JURISDICTION, current_only=True)
    return Reference(
        indicators=indicators.select(DIM_INDICATOR.names()),
        indicator_aliases=_aliases(indicators, "indicator_id", "unit"),
        units=units.select(DIM_UNIT.names()),
        jurisdictions=jurisdictions.select(DIM_JURISDICTION.names()),
    )


def _read(path: Path, table: Table, current_only: bool = False) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema=False)
    if current_only:
        frame = frame.filter(pl.col("status") == "current")
    if missing := [name for name in table.names() if name not in frame.columns]:
        raise ReferenceError(f"{path.name}: column {missing[0]} is missing")
    if twice := frame.filter(pl.struct(table.key).is_duplicated()).rows(named=True):
        raise ReferenceError(f"{path.name}: {table.key[0]} {twice[0][table.key[0]]} stands there twice")
    types: dict[str, pl.DataType] = {}
    types.update(polars_schema(table))
    return frame.with_columns(pl.col(name).cast(dtype) for name, dtype in types.items())


def _aliases(frame: pl.DataFrame, *keep: str) -> pl.DataFrame:
    """One row per name and alias: alias and the columns to ``keep``; the first of two equal names wins."""
    names = pl.concat_list("name_zh", pl.col("aliases_zh").fill_null("").str.split(LIST_SEPARATOR))
    return (
        frame.with_columns(alias=names)
        .explode("alias")
        .filter(pl.col("alias") != "")
        .unique(["alias", keep[0]], keep="first", maintain_order=True)
        .select("alias", *keep)
    )
