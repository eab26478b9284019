"""Great Expectations judges each case once, and rows get the verdict of their case."""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from expectations import verdicts
from expectations.checks import ROW, check
from expectations.rules import Rule


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[Any, ...]]]:
    """The cases that Great Expectations was really asked about, call by call."""
    calls: list[list[tuple[Any, ...]]] = []
    through = verdicts._ask

    def counted(rule: Rule, cases: pl.DataFrame, suite: str) -> pl.Series:
        calls.append(sorted(cases.rows(), key=repr))
        return through(rule, cases, suite)

    monkeypatch.setattr(verdicts, "_ask", counted)
    monkeypatch.setattr(verdicts, "_known", {})
    return calls


def rule(kind: str, **kwargs: Any) -> Rule:
    return Rule("it_holds", kind, kwargs, "hard", "It holds.")


def failed(rule: Rule, **columns: Sequence[object]) -> list[int]:
    """The numbers of the rows that break ``rule``, counted from 0."""
    [outcome] = check(pl.DataFrame(columns).with_row_index(ROW), [rule], "suite")
    return sorted(outcome.failed[ROW])


def test_a_case_is_asked_about_once(asked: list[list[tuple[Any, ...]]]) -> None:
    small = rule("expect_column_values_to_be_between", column="x", max_value=5)
    assert failed(small, x=[9, 1, 9, None, 1]) == [0, 2]
    assert failed(small, x=[1, 9, 7]) == [1, 2]
    assert failed(small, x=[1, 7, 9]) == [1, 2]
    assert asked == [[(1,), (9,), (None,)], [(7,)]]


def test_another_bound_or_type_of_column_is_another_case(asked: list[list[tuple[Any, ...]]]) -> None:
    for most, kind in ((5, int), (9, int), (9, float)):
        small = rule("expect_column_values_to_be_between", column="x", max_value=most)
        assert failed(small, x=[kind(7)]) == ([0] if most == 5 else [])
    assert asked == [[(7,)], [(7,)], [(7.0,)]]


def test_what_is_forgotten_is_asked_again(
    asked: list[list[tuple[Any, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "REMEMBERED", 1)
    given = rule("expect_column_values_to_not_be_null", column="x")
    for values in (["a"], ["b"], ["a"], ["a", None, "a"]):
        assert failed(given, x=values) == ([1] if None in values else [])
    assert asked == [[("a",)], [("b",)], [("a",)], [(None,)]]


def test_what_is_unique_is_told_by_the_rows_beside_it(asked: list[list[tuple[Any, ...]]]) -> None:
    unique = rule("expect_column_values_to_be_unique", column="x")
    assert failed(unique, x=["a", "b", None, None, "a"]) == [0, 4]
    assert failed(unique, x=["a", "b"]) == []
    pair = rule("expect_compound_columns_to_be_unique", column_list=["x", "y"])
    assert failed(pair, x=["a", "a", "a"], y=[1, 2, 1]) == [0, 2]
    assert [len(cases) for cases in asked] == [4, 2]


def test_values_that_are_missing_or_no_number_are_cases_too() -> None:
    rising = rule("expect_column_pair_values_a_to_be_greater_than_b", column_A="a", column_B="b")
    rising.kwargs["ignore_row_if"] = "either_value_is_missing"  # type: ignore[index]
    most = [2.0, None, math.inf, 1.0, 2.0, 1.0]
    least = [1.0, 1.0, 1.0, math.inf, 1.0, math.inf]
    assert failed(rising, a=most, b=least) == [3, 5]
    for _ in range(2):  # pandas takes what is no number for missing
        assert failed(rule("expect_column_values_to_not_be_null", column="a"), a=[math.nan, 1.0, None]) == [
            0,
            2,
        ]
