"""The scorer counts what it says it counts."""

from typing import Any

import pytest

from tests.gold import scorer
from tests.gold.scorer import Score, pair

GOLD = {
    "start": 10,
    "end": 12,
    "indicator": "高血压患者规范管理率",
    "value_type": "target",
    "change": None,
    "comparator": "ge",
    "value": 70,
    "value_high": None,
    "unit": "%",
    "period": "2020",
    "jurisdiction": "荆门市",
    "optional": False,
}
READ = {
    "char_start": 10,
    "char_end": 12,
    "indicator_name": None,
    "indicator_text": "高血压患者规范管理率",
    "value_type": "target",
    "change": None,
    "comparator": "ge",
    "value": 70.0,
    "value_high": None,
    "unit": "%",
    "period": "2020",
    "jurisdiction_name": "湖北省荆门市",
}


def counts(read: list[dict[str, Any]], labelled: list[dict[str, Any]]) -> tuple[int, int, int, int]:
    score = pair(read, labelled).score()
    return score.labelled, score.read, score.detected, score.strict


NOT_DETECTED = {
    "span": {"char_start": 12, "char_end": 14},
    "value": {"value": 71.0},
    "high": {"value_high": 75.0},
}
NOT_STRICT: dict[str, dict[str, Any]] = {
    "indicator": {"indicator_text": "糖尿病人数"},
    "value_type": {"value_type": "actual"},
    "change": {"change": "relative"},
    "comparator": {"comparator": "eq"},
    "period": {"period": None},
}


def test_a_fact_that_agrees_is_right() -> None:
    assert counts([READ], [GOLD]) == (1, 1, 1, 1)


@pytest.mark.parametrize("slip", [*NOT_DETECTED.values(), {"unit": "‰"}, {"unit": "人"}], ids=str)
def test_another_number_is_missed_and_spurious(slip: dict[str, Any]) -> None:
    assert counts([{**READ, **slip}], [GOLD]) == (1, 1, 0, 0)


@pytest.mark.parametrize("name", NOT_STRICT)
def test_a_wrong_attribute_is_detected_but_not_strict(name: str) -> None:
    pairing = pair([{**READ, **NOT_STRICT[name]}], [GOLD])
    assert (pairing.score().detected, pairing.score().strict, pairing.score().agreeing[name]) == (1, 0, 0)


def test_the_canonical_name_is_as_good_as_the_words() -> None:
    assert counts([{**READ, "indicator_text": "管理", "indicator_name": "高血压患者管理率"}], [GOLD]) == (
        1,
        1,
        1,
        1,
    )


def test_optional_facts_are_neither_rewarded_nor_punished() -> None:
    optional = {**GOLD, "optional": True}
    assert counts([READ], [optional]) == (0, 0, 0, 0)
    assert counts([], [optional]) == (0, 0, 0, 0)
    assert counts([{**READ, "value": 71.0}], [optional]) == (0, 0, 0, 0)


def test_each_fact_is_paired_once_and_the_best_first() -> None:
    wrong = {**READ, "period": None}
    assert counts([wrong, READ], [GOLD]) == (1, 2, 1, 1)
    assert counts([READ], [GOLD, GOLD]) == (2, 1, 1, 1)


def test_rates() -> None:
    assert Score(labelled=4, read=2, detected=1).rates(1) == (0.5, 0.25, pytest.approx(1 / 3))
    assert Score().rates(0) == (0.0, 0.0, 0.0)


def test_units_are_compared_by_group() -> None:
    assert scorer.unit_group("名") == scorer.unit_group("人") != scorer.unit_group("家")
    assert scorer.unit_group("家") == scorer.unit_group(None)
    assert scorer.unit_group("/十万") == "/10万"
