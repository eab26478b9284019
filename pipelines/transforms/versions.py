"""Revised documents: which text stood at a path when, and the values of the texts that were superseded.

A path whose content changes has versions, each valid from one build to the next that found another content. A
path that was never revised has none, so that a build from nothing says the same; and when a path is gone,
so are its versions.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from warehouse.contract import conform
from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE

_PATH, _DOCUMENT = "source_file", "document_id"


def versions(before: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The table ``document_version`` of a build on ``day``, after one whose table was ``before``.

    ``old`` and ``new`` are the texts of the two builds: source_file, document_id.
    """
    changed = old.join(new, on=_PATH, suffix="_new").filter(pl.col(_DOCUMENT) != pl.col(f"{_DOCUMENT}_new"))
    kept = before.join(new, on=_PATH, how="semi")
    ends = pl.col("valid_to").is_null() & pl.col(_PATH).is_in(changed[_PATH].implode())
    number = kept.group_by(_PATH).agg(last=pl.col("version").max())
    revised = changed.join(number, on=_PATH, how="left")
    none = pl.lit(None, pl.Date)
    first = revised.filter(pl.col("last").is_null()).with_columns(
        version=1, valid_from=none, valid_to=pl.lit(day)
    )
    current = revised.with_columns(
        document_id=f"{_DOCUMENT}_new",
        version=pl.col("last").fill_null(1) + 1,
        valid_from=pl.lit(day),
        valid_to=none,
    )
    closed = kept.with_columns(valid_to=pl.when(ends).then(pl.lit(day)).otherwise("valid_to"))
    return pl.concat([conform(part, DOCUMENT_VERSION) for part in (closed, first, current)]).sort(
        DOCUMENT_VERSION.key
    )


def past_values(before: pl.DataFrame, old: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """The table ``past_value`` of a build with these ``versions``, after one whose table was ``before``.

    ``old`` are rows of ``indicator_values`` as they were published before.
    """
    ended = versions.drop_nulls("valid_to")
    known = [_PATH, "version"]
    kept = before.join(ended, on=known, how="semi")
    new = old.join(ended, on=[_PATH, _DOCUMENT]).join(kept, on=known, how="anti")
    absent = [pl.lit(None).alias(name) for name in PAST_VALUE.names() if name not in new.columns]
    return conform(pl.concat([kept, conform(new.with_columns(absent), PAST_VALUE)]), PAST_VALUE)
