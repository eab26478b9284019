"""What Great Expectations says of the rows of a table: the cases that break a rule.

Its time goes by the rule and by the row. A rule judges a row by a few of its columns, and rows that are equal
in these are one case, with one verdict: of ten thousand values in per cent it need be asked about one. What
it said is remembered, so that it is asked about a case once a process.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

import polars as pl

from expectations.rules import UNIQUE, Rule, SuiteError

# Cases remembered of a rule, the last ones: a few megabytes.
REMEMBERED = 100_000
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}
_BROKEN = "__broken"
_NOT_KNOWN = pl.lit(None, pl.Boolean).alias(_BROKEN)
_known: dict[str, pl.DataFrame] = {}
_asking = Lock()  # of the threads of a process one asks at a time, and what it hears is known to the others


def broken_cases(frame: pl.DataFrame, rules: Sequence[Rule], suite: str) -> list[pl.DataFrame]:
    """For each of ``rules`` the cases of ``frame`` that break it, in the rule's columns.

    Raises :class:`SuiteError` if a rule can't be computed.
    """
    cases = pl.collect_all([_cases(frame, rule) for rule in rules])
    return [_broken(rule, of_rule, suite) for rule, of_rule in zip(rules, cases, strict=True)]


def _cases(frame: pl.DataFrame, rule: Rule) -> pl.LazyFrame:
    """The cases there are for ``rule``, with the verdict, where it is known, in the column ``__broken``."""
    columns = frame.lazy().select(rule.columns)
    if rule.type in UNIQUE:  # what is there once is unique; of the rest, those beside it tell
        return columns.filter(pl.struct(pl.all()).is_duplicated()).with_columns(_NOT_KNOWN)
    return _with_verdicts(columns.unique(), _key(rule, frame.schema))


def _with_verdicts(cases: pl.LazyFrame, key: str) -> pl.LazyFrame:
    if key not in _known:
        return cases.with_columns(_NOT_KNOWN)
    known = _known[key].lazy()
    return cases.join(known, on=cases.collect_schema().names(), how="left", nulls_equal=True)


def _broken(rule: Rule, cases: pl.DataFrame, suite: str) -> pl.DataFrame:
    """Those of ``cases`` that break ``rule``; of those without a verdict Great Expectations is asked."""
    if cases[_BROKEN].null_count():
        with _asking:
            cases = _answered(rule, cases, suite)
    return cases.filter(_BROKEN).drop(_BROKEN)


def _answered(rule: Rule, cases: pl.DataFrame, suite: str) -> pl.DataFrame:
    if rule.type in UNIQUE:
        return cases.with_columns(_ask(rule, cases.drop(_BROKEN), suite).alias(_BROKEN))
    key = _key(rule, cases.schema)
    cases = _with_verdicts(cases.drop(_BROKEN).lazy(), key).collect()  # others may have asked meanwhile
    new = cases.filter(pl.col(_BROKEN).is_null())
    if not new.is_empty():
        new = new.with_columns(_ask(rule, new.drop(_BROKEN), suite).alias(_BROKEN))
        _known[key] = pl.concat([_known.get(key, new.clear()), new]).tail(REMEMBERED)
    return pl.concat([cases.drop_nulls(_BROKEN), new])


def _key(rule: Rule, schema: pl.Schema) -> str:
    """What a verdict depends on, beside the case."""
    return json.dumps([rule.type, rule.kwargs, [str(schema[name]) for name in rule.columns]], sort_keys=True)


def _ask(rule: Rule, cases: pl.DataFrame, suite: str) -> pl.Series:
    """Whether each of ``cases`` breaks ``rule``, as Great Expectations says."""
    entry = {"type": rule.type, "kwargs": dict(rule.kwargs)}
    batch = _frames().get_batch({"dataframe": cases.to_pandas()})
    expectations = great_expectations().ExpectationSuite(name=suite, expectations=[entry])
    [answer] = batch.validate(expectations, result_format=RESULT_FORMAT).results
    if "unexpected_index_list" not in answer.result:
        complaint = _complaint(answer.exception_info)
        raise SuiteError(f"{suite}: {rule.name} could not be checked: {complaint}")
    broken = pl.Series(answer.result["unexpected_index_list"], dtype=pl.Int64)
    return pl.int_range(cases.height, eager=True).is_in(broken.implode())


def great_expectations() -> ModuleType:
    """Great Expectations, imported late (it takes seconds) and told to send nothing."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own imports of sre_parse and the like
        import great_expectations
    return great_expectations


@cache
def _frames() -> Any:
    """The one place where Great Expectations takes frames: without its network and bars."""
    context = great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _complaint(exception_info: Mapping[str, Any]) -> str:
    """The message within what Great Expectations tells of a failure, which it nests by metric."""
    nested = [part for part in exception_info.values() if isinstance(part, Mapping)]
    return "; ".join(str(part.get("exception_message")) for part in (nested or [exception_info]))
