"""The reference data under ``seeds/reference``: loaded, typed and ready to look things up in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines.failure import Failure
from pipelines.reference_checks import find_problems, missing_columns, typed
from pipelines.reference_files import (
    FILES,
    INDICATORS,
    JURISDICTIONS,
    LIST_SEPARATOR,
    NATIONAL_TARGETS,
    UNITS,
    Problem,
    read,
)
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT, NATIONAL_TARGET

REFERENCE_FOLDER = Path(__file__).parent.parent / "seeds" / "reference"
FORMER = ("former_name", "retired")
LEVELS = ("province", "prefecture", "county")
MOST_SHOWN = 20


class ReferenceError(Failure):
    """Reference files do not say what they should.

    ``lines`` are for a person: each names file, line and column, and what to do; the last one says how many
    more there are than are shown.
    """

    said_of = "the reference data"

    def __init__(self, problems: list[Problem]) -> None:
        more = len(problems) - MOST_SHOWN
        lines = [str(problem) for problem in problems[:MOST_SHOWN]]
        lines += [f"{more} more problems in {self.said_of}"] if more > 0 else []
        super().__init__(*lines)


@dataclass(frozen=True, eq=False)  # each is itself, so that what is made of one can be kept for it
class Reference:
    """The reference data, as frames.

    ``indicators``, ``units``, ``jurisdictions`` and ``national_targets`` are the tables ``dim_indicator``,
    ``dim_unit``, ``dim_jurisdiction`` and ``national_target``. ``indicator_aliases`` has each name of an
    indicator: alias, indicator_id, certain, context, indicator_unit (canonical), indicator_dimension. A name
    that is not certain holds where the words around a value match ``context``, anywhere if that is null.
    ``place_names`` has each name a place has or had: jurisdiction_name, jurisdiction_code, level, current,
    first_year and last_year (null where the name stands or its beginning is not known).
    """

    indicators: pl.DataFrame
    indicator_aliases: pl.DataFrame
    units: pl.DataFrame
    jurisdictions: pl.DataFrame
    national_targets: pl.DataFrame
    place_names: pl.DataFrame

    @cached_property
    def current_jurisdictions(self) -> pl.DataFrame:
        """The places that exist today."""
        return self.jurisdictions.filter(pl.col("status") == "current")


def load_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Load the reference files of ``folder``; raises :class:`ReferenceError` where one is malformed."""
    files = _checked(folder)
    indicators, units = files[INDICATORS.name], files[UNITS.name]
    named = files[JURISDICTIONS.name].filter(pl.col("status") != "other_place")
    places = _one_row_a_code(named)
    targets = _with_units(files[NATIONAL_TARGETS.name], indicators)
    return Reference(
        indicators=indicators.select(DIM_INDICATOR.names()),
        indicator_aliases=_aliases(indicators, units),
        units=units.select(DIM_UNIT.names()),
        jurisdictions=places.select(DIM_JURISDICTION.names()),
        national_targets=targets.select(NATIONAL_TARGET.names()),
        place_names=_place_names(named),
    )


def _checked(folder: Path) -> dict[str, pl.DataFrame]:
    """The files, typed, by name; raises if one can't be read, and then if a row breaks a rule."""
    frames, problems = {}, []
    for file in FILES:
        frames[file.name], unread = read(folder / file.name)
        problems += unread or missing_columns(file, frames[file.name])
    if problems := problems or find_problems(frames):
        raise ReferenceError(problems)
    return {file.name: typed(file, frames[file.name]) for file in FILES}


def _with_units(targets: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Add the unit: the indicator's for a level, % for a relative change, points for one of a share."""
    level = pl.col("unit")
    points = level.replace({"%": "pp", "‰": "pm_point"})
    change = pl.col("change")
    unit = pl.when(change == "relative").then(pl.lit("%")).when(change == "absolute").then(points)
    units = indicators.select("indicator_id", "unit")
    return targets.join(units, on="indicator_id", how="left", maintain_order="left").with_columns(
        unit=unit.otherwise(level)
    )


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


def _place_names(places: pl.DataFrame) -> pl.DataFrame:
    """One row per name and place, as ``Reference.place_names``; 恩施州 beside 恩施土家族苗族自治州.

    Names of two signs that no longer hold (新区) are left out: they are common nouns today.
    """
    names = places.filter(pl.col("level").is_in(LEVELS)).select(
        "jurisdiction_code",
        "level",
        jurisdiction_name=pl.concat_list("name_zh", _short_names()),
        current=pl.col("status") == "current",
        first_year=pl.col("valid_from").str.head(4).cast(pl.Int64()),
        last_year=pl.col("valid_to").str.head(4).cast(pl.Int64()),
    )
    name = pl.col("jurisdiction_name")
    return names.explode("jurisdiction_name").filter(pl.col("current") | (name.str.len_chars() > 2))


def _short_names() -> pl.Expr:
    """The short names (恩施州, 酉阳县) of places named after a people; none for others."""
    ending = pl.col("name_zh").str.extract("自治([州县旗])$")
    short = pl.col("aliases_zh").str.split(LIST_SEPARATOR).list.first() + ending
    return (
        pl.when(~short.str.contains("族"))
        .then(pl.concat_list(short))
        .otherwise(pl.lit([], pl.List(pl.String())))
    )


def _aliases(indicators: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """One row per name and indicator, as ``Reference.indicator_aliases``."""
    certain = pl.concat_list("name_zh", _listed("aliases_zh"))
    dimensions = units.select("dimension", unit="canonical_unit").unique(
        "unit", keep="first", maintain_order=True
    )
    nowhere, contextual = pl.lit(None, pl.String), _listed("aliases_contextual_zh")
    rows = [
        indicators.select("indicator_id", "unit", alias=certain, certain=True, context=nowhere),
        indicators.select("indicator_id", "unit", alias=contextual, certain=False, context="context_zh"),
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
