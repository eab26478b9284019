"""The reference data under ``seeds/reference``: loaded, typed and ready to look things up in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from warehouse.contract import Table, polars_schema
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT, NATIONAL_TARGET

REFERENCE_FOLDER = Path(__file__).parent.parent / "seeds" / "reference"
LIST_SEPARATOR = "|"
FORMER = ("former_name", "retired")
LEVELS = {"province": 0, "prefecture": 1, "county": 2}


class ReferenceError(Exception):
    """A reference file does not say what it should; the message names file and column."""


@dataclass(frozen=True)
class Reference:
    """The reference data, as frames.

    ``indicators``, ``units``, ``jurisdictions`` and ``national_targets`` are the tables ``dim_indicator``,
    ``dim_unit``, ``dim_jurisdiction`` and ``national_target``. ``indicator_aliases`` has each name of an
    indicator: alias, indicator_id, certain, context, indicator_unit (canonical), indicator_dimension. A name
    that is not certain holds where the words around a value match ``context``, anywhere if that is null.
    """

    indicators: pl.DataFrame
    indicator_aliases: pl.DataFrame
    units: pl.DataFrame
    jurisdictions: pl.DataFrame
    national_targets: pl.DataFrame

    @cached_property
    def current_jurisdictions(self) -> pl.DataFrame:
        """The places that exist today."""
        return self.jurisdictions.filter(pl.col("status") == "current")

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
            self.current_jurisdictions.filter(pl.col("level") != "country")
            .sort(rank, "jurisdiction_code")
            .group_by(jurisdiction_name="name_zh")
            .agg(jurisdiction_code=pl.when(one_place | (pl.len() == 1)).then(code.first()))
            .sort("jurisdiction_name")
        )


def load_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Load the reference files of ``folder``; raises :class:`ReferenceError` where one is malformed."""
    indicators = _typed(_read(folder / "indicators.csv"), DIM_INDICATOR, "indicators.csv")
    units = _typed(_read(folder / "units.csv"), DIM_UNIT, "units.csv")
    places = _one_row_a_code(_read(folder / "jurisdictions.csv"))
    targets = _read(folder / "national_targets.csv").join(
        indicators.select("indicator_id", "unit"), on="indicator_id", how="left"
    )
    return Reference(
        indicators=indicators.select(DIM_INDICATOR.names()),
        indicator_aliases=_aliases(indicators, units),
        units=units.select(DIM_UNIT.names()),
        jurisdictions=_typed(places, DIM_JURISDICTION, "jurisdictions.csv").select(DIM_JURISDICTION.names()),
        national_targets=_typed(targets, NATIONAL_TARGET, "national_targets.csv"),
    )


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _typed(frame: pl.DataFrame, table: Table, file: str) -> pl.DataFrame:
    if missing := [name for name in table.names() if name not in frame.columns]:
        raise ReferenceError(f"{file}: column {missing[0]} is missing")
    if twice := frame.filter(pl.struct(table.key).is_duplicated()).rows(named=True):
        raise ReferenceError(f"{file}: {table.key[0]} {twice[0][table.key[0]]} stands there twice")
    types: dict[str, pl.DataType] = {}
    types.update(polars_schema(table))
    return frame.with_columns(pl.col(name).cast(dtype) for name, dtype in types.items())


def _one_row_a_code(places: pl.DataFrame) -> pl.DataFrame:
    """The latest row of each code, with the other names the code had in ``former_names``.

    A code is kept when a place is renamed, or made a district of a county, so that one code has several
    rows, of which at most one is not former.
    """
    former, name = pl.col("status").is_in(FORMER), pl.col("name_zh")
    latest_first = places.sort(former, pl.col("valid_to"), descending=[False, True], maintain_order=True)
    return (
        latest_first.group_by("jurisdiction_code", maintain_order=True)
        .agg(
            pl.exclude("name_zh").first(),
            name_zh=name.first(),
            former_names=name.filter(name != name.first()).unique().sort(),
        )
        .with_columns(
            status=pl.col("status").replace("former_name", "retired"),
            aliases=_listed("aliases_zh").list.filter(pl.element() != ""),
        )
        .sort("jurisdiction_code")
    )


def _aliases(indicators: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """One row per name and indicator, as ``Reference.indicator_aliases``."""
    certain = pl.concat_list("name_zh", _listed("aliases_zh"))
    dimensions = units.select("dimension", unit="canonical_unit").unique(
        "unit", keep="first", maintain_order=True
    )
    rows = [
        indicators.select(
            "indicator_id", "unit", alias=certain, certain=True, context=pl.lit(None, pl.String)
        ),
        indicators.select(
            "indicator_id",
            "unit",
            alias=_listed("aliases_contextual_zh"),
            certain=False,
            context="context_zh",
        ),
    ]
    return (
        pl.concat(rows)
        .explode("alias")
        .filter(pl.col("alias") != "")
        .unique(["alias", "indicator_id"], keep="first", maintain_order=True)
        .join(dimensions, on="unit", how="left", maintain_order="left")
        .rename({"unit": "indicator_unit", "dimension": "indicator_dimension"})
    )


def _listed(column: str) -> pl.Expr:
    return pl.col(column).fill_null("").str.split(LIST_SEPARATOR)
