"""Targets and what is told of their series, with what the view of attainment says of each, by hand."""

from __future__ import annotations

from tests.target_cases import LATER, LOWER, NEUTRAL, Case, Row, actual, baseline, between, change, target

NO_LEVEL: Row = {"target_value": None, "gap": None, "status": None}

ATTAINMENT = {
    # 10 of 20 points in 3 of 5 years; the 10 that are left in 2 years.
    "higher_behind": Case(
        [target(90), baseline(70, "2020"), actual(80, "2023")],
        {"status": "behind", "gap": 10, "share_of_way": 0.5, "share_of_time": 0.6, "pace_needed": 5}
        | {"target_value": 90, "met_from": 90, "met_to": None},
    ),
    "higher_on_track": Case(
        [target(80), baseline(70, "2020"), actual(74, "2022")],
        {"status": "on_track", "gap": 6, "share_of_way": 0.4, "share_of_time": 0.4, "pace_needed": 2},
    ),
    "lower_on_track": Case(
        [target(10, comparator="le"), baseline(20, "2020"), actual(12, "2023")],
        {"status": "on_track", "gap": 2, "share_of_way": 0.8, "pace_needed": -1, "met_to": 10},
        LOWER,
    ),
    "lower_backwards": Case(
        [target(10), baseline(20, "2020"), actual(22, "2021")],
        {"status": "behind", "gap": 12, "share_of_way": -0.2, "pace_needed": -3},
        LOWER,
    ),
    "bound_against_direction": Case(
        [target(15, comparator="ge"), actual(12, "2025")], {"status": "behind", "gap": 3}, LOWER
    ),
    "met_with_room": Case(
        [target(90), baseline(70, "2020"), actual(95, "2024")],
        {"status": "met", "gap": -5, "share_of_way": 1.25, "pace_needed": 0},
    ),
    "neutral_missed": Case([target(90), actual(95, "2024")], {"status": None, "gap": 5}, NEUTRAL),
    "neutral_met": Case([target(90), actual(90, "2024")], {"status": "met", "gap": 0}, NEUTRAL),
    "neutral_about": Case(
        [target(100, comparator="approx"), actual(96, "2024")],
        {"status": "met", "met_from": 95, "met_to": 105, "gap": -1},
        NEUTRAL,
    ),
    "higher_about": Case(
        [target(100, comparator="approx"), actual(99, "2025")], {"status": "behind", "gap": 1}
    ),
    "range_below": Case(
        [between(30, 40.0), baseline(20, "2020"), actual(25, "2024")],
        {"target_value": 30, "target_value_high": 40, "gap": 5, "share_of_way": 0.5, "status": "behind"},
        NEUTRAL,
    ),
    "range_above": Case(
        [between(30, 40.0), baseline(60, "2020"), actual(45, "2023")],
        {"gap": 5, "share_of_way": 0.75, "pace_needed": -2.5, "status": "on_track"},
        NEUTRAL,
    ),
    "range_inside": Case([between(30, 40.0), actual(40, "2024")], {"gap": 0, "status": "met"}),
    "at_least_just": Case([target(90, comparator="ge"), actual(90, "2024")], {"gap": 0, "status": "met"}),
    "more_than_just": Case([target(90, comparator="gt"), actual(90, "2025")], {"gap": 0, "status": "behind"}),
    "more_than_just_in_time": Case(
        [target(90, comparator="gt"), baseline(70, "2020"), actual(90, "2024")],
        {"gap": 0, "share_of_way": 1, "pace_needed": 0, "status": "on_track"},
    ),
    "more_than_and_more_than": Case(
        [target(90, comparator="gt"), actual(90, "2024", comparator="gt")], {"gap": 0, "status": "met"}
    ),
    "less_than_just": Case(
        [target(5, comparator="lt"), baseline(9, "2020"), actual(5, "2024")],
        {"gap": 0, "share_of_way": 1, "pace_needed": 0, "status": "on_track"},
        LOWER,
    ),
    "relative_rise": Case(
        [
            change(10, "relative", "increase", "2020"),
            baseline(60, "2020"),
            actual(66, "2024"),
        ],
        {"target_value": 66, "baseline_value": 60, "status": "met", "gap": 0, "share_of_way": 1},
        NEUTRAL,
    ),
    "relative_fall_from_an_actual": Case(
        [
            change(10, "relative", "decrease", "2015"),
            actual(20, "2015"),
            baseline(16, "2020"),
            actual(18.5, "2022"),
        ],
        {"target_value": 18, "baseline_value": 20, "baseline_year": 2015, "gap": 0.5, "status": "on_track"},
        LOWER,
    ),
    "twice_as_many_more": Case(
        [
            change(2, "relative", "increase", "2020", canonical_unit="times_ratio"),
            baseline(5, "2020"),
        ],
        {"target_value": 15, "status": "no_actual"},
        unit="beds",
    ),
    "twice_as_few": Case(
        [
            change(2, "relative", "decrease", "2020", canonical_unit="times_ratio"),
            baseline(5, "2020"),
            actual(4, "2023"),
        ],
        NO_LEVEL,
        unit="beds",
    ),
    "points_down": Case(
        [
            change(5, "absolute", "decrease", "2020", canonical_unit="pp"),
            baseline(50, "2020"),
            actual(47, "2022"),
        ],
        {"target_value": 45, "met_to": 45, "gap": 2, "share_of_way": 0.6, "status": "on_track"},
        LOWER,
    ),
    "years_up": Case(
        [change(1, "absolute", "increase", "2020"), baseline(77.9, "2020")],
        {"target_value": 78.9, "status": "no_actual", "latest_actual": None, "pace_needed": None},
        unit="years",
    ),
    "change_without_base_period": Case(
        [change(10, "relative", "decrease"), baseline(20, "2020"), actual(19, "2023")],
        NO_LEVEL | {"baseline_value": None, "latest_actual": 19},
        LOWER,
    ),
    "change_without_level_of_base": Case(
        [change(10, "relative", "decrease", "2015"), actual(19, "2023")], NO_LEVEL, LOWER
    ),
    "mean_yearly_change": Case(
        [
            change(5, "relative", "increase", "2020", period="2020/2025"),
            actual(100, "2020"),
            actual(110, "2023"),
        ],
        NO_LEVEL | {"status": "no_actual"},
    ),
    "only_after_the_due_year": Case(
        [target(90), actual(95, "2026")], {"status": "no_actual", "latest_actual": None}
    ),
    "nothing_but_a_baseline": Case(
        [target(90), baseline(95, "2020")], {"status": "no_actual", "baseline_value": 95, "gap": None}
    ),
    "missed_in_the_due_year": Case(
        [target(90), actual(89, "2025")], {"status": "behind", "gap": 1, "pace_needed": None}
    ),
    "no_pace_known": Case([target(90), actual(80, "2023")], {"status": None, "gap": 10, "pace_needed": 5}),
    "baseline_was_there_already": Case(
        [target(90), baseline(95, "2020"), actual(85, "2023")], {"status": "behind", "share_of_way": None}
    ),
    "baseline_of_own_document": Case(
        [target(90), baseline(70, "2020"), baseline(72, "2021", **LATER)],
        {"baseline_value": 70, "latest_actual": 72, "latest_actual_year": 2021},
    ),
    "baseline_of_other_document": Case(
        [target(90), baseline(68, "2019", **LATER), baseline(70, "2020", **LATER)],
        {"baseline_value": 70, "baseline_value_id": "baseline_of_other_document_2", "status": "no_actual"},
    ),
    "qualifier_missing": Case(
        [target(90), baseline(10, "2020", qualifier="新增"), actual(99, "2024", qualifier="新增")],
        {"status": "no_actual", "baseline_value": None},
    ),
    "qualifier_of_its_own": Case(
        [target(90, qualifier="新增"), actual(70, "2025"), actual(91, "2024", qualifier="新增")],
        {"status": "met", "latest_actual": 91},
    ),
    "other_place": Case(
        [
            target(90),
            baseline(70, "2020", jurisdiction_code="420000"),
            actual(99, "2024", jurisdiction_code="420000"),
        ],
        {"status": "no_actual", "baseline_value": None},
    ),
    "baseline_of_the_due_year": Case(
        [target(90), baseline(85, "2025")], {"baseline_value": None, "latest_actual": 85, "status": "behind"}
    ),
    "a_bound_is_no_baseline": Case(
        [target(90), baseline(70, "2020", comparator="ge"), actual(80, "2023")],
        {"baseline_value": None, "latest_actual": 80, "status": None},
    ),
    "two_in_a_year": Case(
        [target(90), actual(80, "2024"), actual(91, "2024", **LATER), actual(99, "2023", **LATER)],
        {"latest_actual": 91, "latest_actual_value_id": "two_in_a_year_2", "status": "met"},
    ),
    "about_before_bound": Case(
        [target(90), actual(89, "2025", comparator="approx"), actual(95, "2025", comparator="ge", **LATER)],
        {"latest_actual": 89},
    ),
    "number_before_about": Case(
        [
            target(90),
            baseline(70, "2020", comparator="approx"),
            baseline(71, "2020"),
            actual(89, "2025"),
            actual(95, "2025", comparator="approx", **LATER),
        ],
        {"baseline_value": 71, "latest_actual": 89},
    ),
    "bound_meets": Case(
        [target(90), actual(90, "2024", comparator="ge")],
        {"status": "met", "latest_actual_comparator": "ge"},
    ),
    "bound_falls_short": Case(
        [target(90), baseline(70, "2020"), actual(71, "2024", comparator="ge")], {"status": None, "gap": 19}
    ),
    "bound_of_the_other_side": Case(
        [target(90), actual(95, "2024", comparator="le")], {"status": "no_actual"}
    ),
    "mean_of_years_is_no_level": Case(
        [target(20), actual(13, "2015/2020"), actual(31, "2020")],
        {"latest_actual": 31, "latest_actual_year": 2020},
        LOWER,
    ),
    "years_against_years": Case(
        [
            target(500, period="2021/2025"),
            baseline(400, "2016/2020"),
            actual(510, "2021/2025"),
            actual(90, "2024"),
            actual(300, "2021/2023"),
        ],
        {"baseline_value": 400, "latest_actual": 510, "status": "met"},
        unit="persons",
    ),
    "written_in_ten_thousands": Case(
        [target(5.5, unit="万人", canonical_value=55000.0), baseline(50000, "2020"), actual(53000, "2022")],
        {"value": 5.5, "unit": "万人", "target_value": 55000, "gap": 2000, "status": "on_track"},
        unit="persons",
    ),
    "unit_unknown": Case(
        [target(5, unit="个", canonical_value=None, canonical_unit=None), actual(7, "2024")],
        NO_LEVEL,
        unit="persons",
    ),
    "actual_of_unknown_unit": Case(
        [target(5), actual(7, "2024", canonical_value=None, canonical_unit=None)], {"status": "no_actual"}
    ),
    "target_of_another_unit": Case([target(5, canonical_unit="个"), actual(7, "2024")], NO_LEVEL),
    "actual_of_another_unit": Case(
        [target(5), actual(7, "2024", canonical_unit="个")], {"status": "no_actual"}
    ),
    "a_change_is_no_level": Case(
        [target(90), actual(95, "2024", change="absolute")], {"status": "no_actual"}
    ),
    "a_range_is_no_level": Case(
        [target(90), actual(95, "2024", value_high=97.0, comparator="between")], {"status": "no_actual"}
    ),
}
