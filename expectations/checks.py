"""Rules to results: what became of each rule on one frame."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from expectations.rules import Rule, SuiteError
from expectations.verdicts import broken_cases

ROW = "row_number"


@dataclass(frozen=True)
class Outcome:
    """What became of a rule: the rows that failed it, in the columns that tell which they are and why."""

    rule: Rule
    failed: pl.DataFrame


def check(
    frame: pl.DataFrame, rules: Sequence[Rule], suite: str, told: Collection[str] = ()
) -> list[Outcome]:
    """Check ``frame``, whose rows are numbered in the column :data:`ROW`, and give an outcome for each rule.

    Of failed rows the columns ``told`` are kept, beside those that the rule looks at or shows. Raises
    :class:`SuiteError` if a rule names a column ``frame`` has not, or can't be computed.
    """
    for rule in rules:
        if missing := {*rule.columns, *rule.shows} - set(frame.columns):
            raise SuiteError(f"{suite}: {rule.name} looks at {missing.pop()}, which is not among its columns")
    broken = broken_cases(frame, rules, suite)
    return [Outcome(r, _rows_of(cases, frame, r, told)) for r, cases in zip(rules, broken, strict=True)]


def _rows_of(cases: pl.DataFrame, frame: pl.DataFrame, rule: Rule, told: Collection[str]) -> pl.DataFrame:
    """The rows of ``frame`` that are among ``cases``."""
    if cases.is_empty():
        return frame.clear()
    wanted = {ROW, *told, *rule.columns, *rule.shows}
    rows = frame.select(name for name in frame.columns if name in wanted)
    return rows.join(cases, on=rule.columns, how="semi", nulls_equal=True)
