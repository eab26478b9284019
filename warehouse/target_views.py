"""The views of targets: what was promised, what was reached, and how the two and the nation's aims compare.

Values compare only within one *series*: one indicator, one qualifier (or none) and one place, in the unit of
the indicator. A value that covers several years (2021/2025) compares only with values of as many years; one
of a month counts for its year.
"""

from __future__ import annotations

from dataclasses import replace

from warehouse.contract import Column, Type, View
from warehouse.document_tables import DIM_DOCUMENT, DIM_SECTION
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, NATIONAL_TARGET
from warehouse.value_tables import FACT_INDICATOR_VALUE

TEXT, INTEGER, REAL, BOOLEAN, DATE, TEXT_LIST = Type

POINTS = ("baseline", "actual", "target", "national_target")
RELATIONS = ("stricter", "equal", "looser", "not_comparable")
STATUSES = ("met", "on_track", "behind", "no_actual")

_fact = FACT_INDICATOR_VALUE.columns_of
_VALUE_ID = "fact_indicator_value.indicator_value_id"
_OF_INDICATOR = "see indicator_unit"


def _known(*columns: Column) -> tuple[Column, ...]:
    """``columns`` in a view that has no row without them."""
    return tuple(replace(column, nullable=False) for column in columns)


def _maybe(*columns: Column) -> tuple[Column, ...]:
    """``columns`` in a view that has rows without them."""
    return tuple(replace(column, nullable=True) for column in columns)


_NAME_ZH = Column(
    "indicator_name", TEXT, "Canonical Chinese name; the document's own words where none is known."
)
_NAME_EN = Column("indicator_name_en", TEXT, "English name, where the indicator is known.", nullable=True)
_DIRECTION = DIM_INDICATOR.column("direction")
_UNIT = Column(
    "indicator_unit",
    TEXT,
    "Canonical unit of the indicator, in which its levels compare.",
    references="dim_unit.canonical_unit",
)
_PLACE_NAME = FACT_INDICATOR_VALUE.column("jurisdiction_name")
_PLACE_MORE = (
    replace(DIM_JURISDICTION.column("level"), name="jurisdiction_level", nullable=True),
    Column("parent_name", TEXT, "Chinese name of the place that place belongs to.", nullable=True),
)
_TITLE = Column("document_title", TEXT, "Title of the document.", nullable=True)
_DOCUMENT_DATE = Column(
    "document_date", DATE, "Date of signature of the document, else of publication.", nullable=True
)


def _flat(*own: Column) -> tuple[Column, ...]:
    """The columns of a value with all that is known of it; ``own`` stand before its change and number."""
    return (
        *_fact("indicator_value_id", "document_id", "source_file", "char_start", "char_end", "indicator_id"),
        *(_NAME_ZH, _NAME_EN),
        *_fact("indicator_text", "qualifier"),
        *_maybe(_DIRECTION, _UNIT),
        *own,
        *_fact("change", "comparator", "value", "value_high", "unit"),
        *_fact("canonical_value", "canonical_value_high", "canonical_unit"),
        *_fact("period", "year", "reference_period", "jurisdiction_code"),
        *(_PLACE_NAME, *_PLACE_MORE, _TITLE),
        *DIM_DOCUMENT.columns_of("document_type", "issuer"),
        _DOCUMENT_DATE,
        *DIM_SECTION.columns_of("section_path"),
        *_fact("flags", "quote", "sentence"),
    )


def _target(*period: Column) -> tuple[Column, ...]:
    """The columns that say which resolved target of which place a row is about; ``period`` is its own."""
    return (
        *_fact("indicator_value_id", "document_id", "source_file"),
        *(_TITLE, _DOCUMENT_DATE),
        *_known(*_fact("indicator_id"), _NAME_ZH, _NAME_EN),
        *_fact("qualifier"),
        _DIRECTION,
        *_known(*_fact("jurisdiction_code"), _PLACE_NAME),
        *_PLACE_MORE,
        *_fact("change", "comparator", "value", "value_high", "unit"),
        *period,
        *_fact("reference_period"),
    )


TARGETS = View(
    "targets", "Every target with its indicator, place and document: no other join is needed.", _flat()
)

ACTUALS = View(
    "actuals",
    "Every value reached or started from, with its indicator, place and document: no other join is needed.",
    _flat(replace(FACT_INDICATOR_VALUE.column("value_type"), allowed=("actual", "baseline"))),
)

TARGET_ATTAINMENT = View(
    "target_attainment",
    "How far each target has come: one row per target of a known indicator, year and place. Levels of the "
    "same series only; a value over several years meets values over as many years only, one of a month "
    "counts for its year.",
    (
        *_target(*_known(*_fact("period", "year"))),
        _UNIT,
        Column(
            "target_value",
            REAL,
            "The level to be reached (the low end of a range). Of a change, reckoned from the level of its "
            "base period: null where the change names none or no level of it is known. Null too in a unit "
            "that does not convert.",
            _OF_INDICATOR,
            nullable=True,
        ),
        Column(
            "target_value_high", REAL, "The high end of a range to be reached.", _OF_INDICATOR, nullable=True
        ),
        Column(
            "met_from",
            REAL,
            "The lowest level that meets the target; null where none is too low. What the comparator leaves "
            "open (达到), the indicator's direction decides; a neutral indicator must have the value "
            "itself, and with approx lie within 5 per cent of it.",
            _OF_INDICATOR,
            nullable=True,
        ),
        Column(
            "met_to",
            REAL,
            "The highest level that meets the target; null where none is too high.",
            _OF_INDICATOR,
            nullable=True,
        ),
        Column(
            "baseline_value",
            REAL,
            "The level the way is measured from: the latest baseline of a year before the target's, from "
            "the same document if it has one; of a change, the level of its base period. Never a bound or a "
            "range.",
            _OF_INDICATOR,
            nullable=True,
        ),
        Column("baseline_year", INTEGER, "Year of that level.", "year", nullable=True),
        Column("baseline_value_id", TEXT, "The value it is from.", nullable=True, references=_VALUE_ID),
        Column(
            "latest_actual",
            REAL,
            "The latest level told of a year after the baseline's and not after the target's. Of several in "
            "that year an exact number stands before 左右 and that before a bound, then the document of the "
            "latest date, then the smaller identifier. A bound (95%以上) counts only on the side the target "
            "asks for.",
            _OF_INDICATOR,
            nullable=True,
        ),
        replace(
            FACT_INDICATOR_VALUE.column("comparator"),
            name="latest_actual_comparator",
            meaning="How that level is given: eq, approx, or as a bound.",
            nullable=True,
        ),
        Column("latest_actual_year", INTEGER, "Year of that level.", "year", nullable=True),
        Column("latest_actual_value_id", TEXT, "The value it is from.", nullable=True, references=_VALUE_ID),
        Column(
            "gap",
            REAL,
            "How far the latest actual lies from what meets the target: 0 or less once met (0 is not met "
            "where the target is gt or lt). Of an actual that is a bound, at most so far.",
            _OF_INDICATOR,
            nullable=True,
        ),
        Column(
            "share_of_way",
            REAL,
            "Share of the way from the baseline to the level that just meets the target: 1 is there, below "
            "0 is backwards. Null without a baseline, and where the baseline met the target already.",
            "share",
            nullable=True,
        ),
        Column(
            "share_of_time",
            REAL,
            "Share of the years from the baseline to the target's year gone by the latest actual.",
            "share",
            nullable=True,
        ),
        Column(
            "pace_needed",
            REAL,
            "Change needed per year, from the latest actual, to meet the target in its year; negative for a "
            "fall. 0 once met, null where no year is left.",
            "indicator_unit per year",
            nullable=True,
        ),
        Column(
            "status",
            TEXT,
            "met: the latest actual meets the target, due or not yet. on_track: the share of way is no less "
            "than the share of time. behind: it is less, or the target's year is reached. no_actual: no "
            "level of the series after the baseline. Null where an actual falls short before the due year "
            "and no baseline tells the pace, where only a bound falls short, and where the target's level "
            "is not known.",
            nullable=True,
            allowed=STATUSES,
        ),
    ),
    stored=("indicator_id", "jurisdiction_code", "year", "indicator_value_id"),
)

TARGET_VS_NATIONAL = View(
    "target_vs_national",
    "Each target of a known indicator and place beside each national target of that indicator, of any year.",
    (
        *_target(*_fact("period", "year")),
        *_fact("canonical_value", "canonical_value_high", "canonical_unit"),
        *(
            replace(NATIONAL_TARGET.column(name), name=f"national_{name}")
            for name in ("year", "change", "comparator", "value", "unit", "reference_year", "as_written")
        ),
        replace(NATIONAL_TARGET.column("source_document"), name="national_document"),
        NATIONAL_TARGET.column("verification"),
        Column(
            "difference",
            REAL,
            "The place's value less the national one, where they compare; a decrease counts as negative.",
            "see canonical_unit",
            nullable=True,
        ),
        Column(
            "relation",
            TEXT,
            "What the place asks of itself against what the nation asks. Of equal values gt and lt are "
            "stricter than the value itself, and approx is looser.",
            allowed=RELATIONS,
        ),
        Column("reason", TEXT, "Why the two do not compare; null where they do.", nullable=True),
    ),
    stored=(
        "indicator_id",
        "jurisdiction_code",
        "year",
        "indicator_value_id",
        "national_year",
        "national_document",
    ),
)

TARGET_TRAJECTORY = View(
    "target_trajectory",
    "Points for line charts: one row per series, year and kind of point. Levels in the indicator's unit "
    "only: no changes and nothing that covers several years. Of several values an exact number stands "
    "before 左右 and that before a bound or range, then the document of the latest date, then the smaller "
    "identifier.",
    (
        *_known(*_fact("indicator_id")),
        replace(_NAME_ZH, meaning="Canonical Chinese name."),
        *_known(_NAME_EN),
        *_fact("qualifier"),
        _DIRECTION,
        *_known(*_fact("jurisdiction_code"), _PLACE_NAME),
        *_known(_PLACE_MORE[0]),
        _PLACE_MORE[1],
        replace(FACT_INDICATOR_VALUE.column("year"), nullable=False),
        Column(
            "point",
            TEXT,
            "Kind of point. The country's target stands beside the values of each place, unqualified ones "
            "only; of several plans for a year, the best checked and then the strictest.",
            allowed=POINTS,
        ),
        *_fact("comparator"),
        Column("value", REAL, "The level; the low end of a range.", _OF_INDICATOR),
        Column("value_high", REAL, "The high end of a range.", _OF_INDICATOR, nullable=True),
        _UNIT,
        Column(
            "change_per_year",
            REAL,
            "Change since the year before of the same kind of point, per year between. Null at the first, "
            "for ranges, and where a baseline or actual is only a bound.",
            "indicator_unit per year",
            nullable=True,
        ),
        replace(
            FACT_INDICATOR_VALUE.column("indicator_value_id"),
            meaning="The value; null for a national target.",
            nullable=True,
            references=_VALUE_ID,
        ),
        *_maybe(*_fact("document_id")),
        replace(_TITLE, meaning="Title of the document, or name of the national plan."),
    ),
    stored=("indicator_id", "jurisdiction_code", "qualifier", "point", "year"),
)

TARGET_VIEWS = (TARGETS, ACTUALS, TARGET_ATTAINMENT, TARGET_VS_NATIONAL, TARGET_TRAJECTORY)
