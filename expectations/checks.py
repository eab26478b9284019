"""Rules to results: Great Expectations, run on one frame, without its network, bars and warnings."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import polars as pl

from expectations.rules import Rule, SuiteError

ROW = "row_number"
# Failing rows are told by the frame's index: to name them by a column costs Great Expectations 0.1 ms a row.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True)
class Outcome:
    """What became of a rule: rows checked and failed, whether it held, and the numbers of the failed rows."""

    rule: Rule
    checked: int
    failed: int
    held: bool
    failed_rows: Sequence[int]


def check(frame: pl.DataFrame, rules: Sequence[Rule], suite: str) -> list[Outcome]:
    """Check ``frame``, whose rows are numbered in the column :data:`ROW`, and give an outcome for each rule.

    Raises :class:`SuiteError` if a rule names a column ``frame`` has not, or can't be computed.
    """
    for rule in rules:
        if missing := {*rule.columns, *rule.shows} - set(frame.columns):
            raise SuiteError(f"{suite}: {rule.name} looks at {missing.pop()}, which is not among its columns")
    gx = great_expectations()
    batch = _batch(gx, frame)
    validation = batch.validate(_suite(gx, rules, suite), result_format=RESULT_FORMAT)
    results = {result.expectation_config.meta["name"]: result for result in validation.results}
    return [_outcome(rule, results[rule.name], suite) for rule in rules]


def great_expectations() -> ModuleType:
    """Great Expectations, imported late (it takes seconds) and told to send nothing."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own imports of sre_parse and the like
        import great_expectations
    return great_expectations


def _batch(gx: ModuleType, frame: pl.DataFrame) -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    rows = frame.to_pandas().set_index(frame[ROW].to_numpy())
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": rows})


def _suite(gx: ModuleType, rules: Sequence[Rule], name: str) -> Any:
    entries = [{"type": r.type, "kwargs": dict(r.kwargs), "meta": {"name": r.name}} for r in rules]
    return gx.ExpectationSuite(name=name, expectations=entries)


def _outcome(rule: Rule, result: Any, suite: str) -> Outcome:
    found = result.result
    if "unexpected_count" not in found:
        raise SuiteError(f"{suite}: {rule.name} could not be checked: {_complaint(result.exception_info)}")
    rows = sorted(found["unexpected_index_list"])
    return Outcome(rule, found["element_count"], found["unexpected_count"], bool(result.success), rows)


def _complaint(exception_info: Mapping[str, Any]) -> str:
    """The message within what Great Expectations tells of a failure, which it nests by metric."""
    nested = [part for part in exception_info.values() if isinstance(part, Mapping)]
    return "; ".join(str(part.get("exception_message")) for part in (nested or [exception_info]))
