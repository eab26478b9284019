"""Each hard rule catches the row it is for, good rows pass, soft rules only count, and the gate stops."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import expectations
from expectations import QuarantineExceeded, SuiteError, Validated, rows, rules
from expectations.checks import ROW, check
from tests import samples
from tests.samples import value
from warehouse import contract, tables

KNOWN = {"indicator_id": "hypertension_management_rate"}
# For each hard rule, a value that breaks it: fields laid over a good value.
BREAKS: dict[str, dict[str, Any]] = {
    "off_topic_document": {"document_id": "recipe"},
    "value_type_allowed": {"value_type": "hope"},
    "change_allowed": {"change": "somewhat", "comparator": "decrease"},
    "comparator_allowed": {"comparator": "about"},
    "flags_allowed": {"flags": ["binding", "odd"]},
    "document_id_refers": {"document_id": "d9"},
    "section_id_refers": {"section_id": "s9"},
    "mention_id_refers": {"mention_id": "m9"},
    "indicator_id_refers": {"indicator_id": "happiness"},
    "jurisdiction_code_refers": {"jurisdiction_code": "999999"},
    "span_in_document": {"char_end": 999},
    "span_forward": {"char_start": 19, "char_end": 18},
    "span_from_zero": {"char_start": -1},
    "quote_fills_span": {"quote": "70%"},
    "canonical_unit_refers": {"canonical_unit": "斛"},
    "resolved_by_allowed": {"resolved_by": "guess"},
    "quote_is_a_number": {"quote": "高血", "char_start": 6, "char_end": 8},
    "sentence_holds_quote": {"sentence": "规范管理率达60%以上"},
    "mention_is_a_fact": {"mention_id": "m0"},
    "value_finite": {"value": float("inf")},
    "value_not_negative": {"value": -70.0},
    "range_has_two_ends": {"comparator": "between"},
    "high_end_only_in_ranges": {"value_high": 75.0},
    "range_ascends": {"comparator": "between", "value_high": 60.0},
    "change_has_direction": {"change": "relative"},
    "indicator_said": {"indicator_text": "—"},
    "unit_not_blank": {"unit": " "},
    "period_shape": {"period": "2020年"},
    "reference_period_shape": {"reference_period": "2020-13"},
    "period_plausible": {"period": "2202"},
    "share_at_most_whole": {"indicator_text": "群众满意率", "value": 170.0},
    "percent_plausible": {"indicator_text": "床位使用率", "value": 7000.0},
    "at_least_valid_min": {
        **KNOWN,
        "indicator_text": "规范管理率增长率",
        "value": -5.0,
        "canonical_value": -5.0,
    },
    "at_most_valid_max": {**KNOWN, "value": 170.0, "canonical_value": 170.0},
}
# Rows like any other, which no hard rule may reject.
PASSES: dict[str, dict[str, Any]] = {
    "plain": {},
    "completion above its whole": {"indicator_text": "任务完成率", "value": 104.5},
    "bed occupancy above 100": {"indicator_text": "病床使用率", "value": 101.2},
    "growth above 100": {"indicator_text": "收入增长率", "value": 250.0},
    "negative growth": {"indicator_text": "人口自然增长率", "unit": "‰", "value": -2.1},
    "relative change of a known indicator above its range": {
        **KNOWN,
        "change": "relative",
        "comparator": "increase",
        "value": 130.0,
    },
    "known indicator in another unit": {
        **KNOWN,
        "unit": "个",
        "value": 1400.0,
        "canonical_value": 1400.0,
        "canonical_unit": "个",
    },
    "unknown unit": {"unit": "斛"},
    "no unit, period, place or indicator": {"unit": None, "period": None},
    "month and span of years": {"period": "2015/2020", "reference_period": "2019-06"},
    "range": {"comparator": "between", "value_high": 75.0},
    "change that is a range": {"change": "absolute", "comparator": "increase", "value_high": 75.0},
    "zero": {"value": 0.0},
}


def warehouse(*rows: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """The sample with these values, and with a document that is about something else."""
    frames = samples.warehouse_tables()
    recipe = {"document_id": "recipe", "char_count": len(samples.TEXT), "topic": "off_topic"}
    documents = [frames["dim_document"], samples.frame(tables.DIM_DOCUMENT, recipe)]
    return {**frames, "dim_document": pl.concat(documents), "fact_indicator_value": samples.facts(*rows)}


def rows_of(cases: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [value("70", 70, **{"indicator_value_id": name, **fields}) for name, fields in cases.items()]


@pytest.fixture(scope="module")
def broken() -> Validated:
    return expectations.validate(warehouse(*rows_of(BREAKS), *rows_of(PASSES)))


def test_each_hard_rule_rejects_the_row_it_is_for(broken: Validated) -> None:
    found = dict(broken.rejected_value.select("indicator_value_id", "failed_rule").iter_rows())
    assert found == {name: name for name in BREAKS}


def test_good_rows_pass(broken: Validated) -> None:
    assert set(broken.fact_indicator_value["indicator_value_id"]) == set(PASSES)


def test_every_hard_rule_has_a_row_that_breaks_it(broken: Validated) -> None:
    facts = (pl.col("suite") == "fact_indicator_value") & (pl.col("severity") == "hard")
    names = set(broken.quality_result.filter(facts)["expectation_id"])
    # A missing value and a double key can't be told apart by a row's fields; they have tests of their own.
    assert names - set(BREAKS) == {"required_given", "key_unique"}


def test_the_reason_names_what_was_found(broken: Validated) -> None:
    details = dict(broken.rejected_value.select("failed_rule", "detail").iter_rows())
    assert details["flags_allowed"].endswith("Found: flags = odd.")
    assert "valid_max = 100.0" in details["at_most_valid_max"]
    assert (
        details["document_id_refers"]
        == "document_id stands in dim_document.document_id. Found: document_id = d9."
    )


def test_counts_match_the_quarantine(broken: Validated) -> None:
    failed = broken.quality_result.filter(expectation_id="flags_allowed", suite="fact_indicator_value")
    assert failed.select("checked_rows", "failed_rows", "passed").row(0) == (
        len(BREAKS) + len(PASSES),
        1,
        False,
    )


def test_soft_failures_are_counted_and_stay() -> None:
    long = value("70", 70, indicator_value_id="long", indicator_text="率" * 81, unit=None)
    percent = value(
        "5", 5, indicator_value_id="slip", indicator_text="婴儿死亡率", period="1999", sentence_start=3
    )
    result = expectations.validate(warehouse(long, percent))
    assert result.rejected_value.is_empty()
    counted = {
        r["expectation_id"]: r["failed_rows"]
        for r in result.quality_result.filter(~pl.col("passed")).to_dicts()
    }
    assert counted["indicator_short"] == counted["mortality_not_in_percent"] == 1
    assert counted["quote_in_its_place"] == 1
    assert counted["target_not_in_the_past"] == counted["unit_given"] == 1


def test_failing_rows_are_sampled_with_what_was_found(broken: Validated) -> None:
    hard = broken.quality_failure.filter(suite="fact_indicator_value", expectation_id="flags_allowed")
    assert hard.select("position", "row_key", "indicator_value_id", "document_id", "found").rows() == [
        (1, "flags_allowed", "flags_allowed", "d1", "flags = odd")
    ]
    soft = broken.quality_failure.filter(expectation_id="unit_known").to_dicts()
    assert (soft[-1]["row_key"], soft[-1]["mention_id"]) == ("unknown unit", "m17")
    assert soft[-1]["found"] == "indicator_text = 高血压患者规范管理率, value = 70.0, unit = 斛"


def test_a_sample_is_the_first_rows_by_key_and_no_more_than_twenty() -> None:
    rows = [value("70", 70, indicator_value_id=f"v{n:02}", indicator_text="率" * 81) for n in range(25)]
    result = expectations.validate(warehouse(*reversed(rows)))
    sample = result.quality_failure.filter(expectation_id="indicator_short")
    assert sample["row_key"].to_list() == [f"v{n:02}" for n in range(20)]
    assert sample["position"].to_list() == list(range(1, 21))
    [counted] = result.quality_result.filter(expectation_id="indicator_short")["failed_rows"]
    assert counted == 25


def test_failing_rows_of_other_tables_are_sampled() -> None:
    frames = samples.warehouse_tables()
    titleless = pl.lit(None, dtype=pl.String).alias("title")
    frames["dim_document"] = frames["dim_document"].with_columns(titleless)
    [failure] = expectations.validate(frames).quality_failure.filter(suite="dim_document").to_dicts()
    assert failure == {
        "suite": "dim_document",
        "expectation_id": "title_found",
        "position": 1,
        "row_key": "d1",
        "document_id": "d1",
        "indicator_value_id": None,
        "mention_id": None,
        "found": "title = nothing",
    }


def test_each_expectation_that_failed_has_a_sample_and_no_other(broken: Validated) -> None:
    failed = broken.quality_result.filter(pl.col("failed_rows") > 0).select("suite", "expectation_id")
    sampled = broken.quality_failure.select("suite", "expectation_id").unique(maintain_order=True)
    assert sampled.rows() == failed.rows()


def test_a_missing_value_is_named() -> None:
    frames = warehouse()
    blank = pl.when(pl.col("quote") == "70").then(None).otherwise(pl.col("rule_id"))
    frames["fact_indicator_value"] = frames["fact_indicator_value"].with_columns(rule_id=blank)
    [rejected] = expectations.validate(frames).rejected_value.to_dicts()
    assert rejected["detail"] == "Every required column is filled. Found: missing_columns = rule_id."


def test_overlapping_and_unread_numbers_are_counted() -> None:
    frames = warehouse()
    stray = samples.frame(tables.NUMBER_MENTION, {**samples.mention("0%以"), "disposition": "other"})
    frames["number_mention"] = pl.concat([frames["number_mention"], stray])
    frames["fact_indicator_value"] = frames["fact_indicator_value"].filter(pl.col("quote") != "5")
    found = expectations.validate(frames).quality_result.filter(suite="number_mention")
    failed = dict(found.filter(~pl.col("passed")).select("expectation_id", "failed_rows").iter_rows())
    assert failed == {"spans_apart": 1, "fact_has_a_value": 1, "other_says_why": 1, "facts_or_reasons": 1}


def test_empty_tables_pass() -> None:
    frames = {name: frame.clear() for name, frame in samples.warehouse_tables().items()}
    result = expectations.validate(frames)
    assert result.quality_result["passed"].all()
    assert result.rejected_value.is_empty()
    gate(result)


def test_equal_tables_give_equal_results(broken: Validated) -> None:
    again = expectations.validate(warehouse(*reversed(rows_of(BREAKS)), *rows_of(PASSES)))
    for first, second in zip(broken, again, strict=True):
        assert first.equals(second)


def test_missing_and_unknown_tables_are_named() -> None:
    frames = samples.warehouse_tables()
    with pytest.raises(ValueError, match="needed too: dim_unit"):
        expectations.validate({n: f for n, f in frames.items() if n != "dim_unit"})
    with pytest.raises(ValueError, match="Not tables of the contract, or not given: notes"):
        expectations.validate({**frames, "notes": frames["repair"]})


def validated(accepted: int, rejected: int, rule: str = "period_shape") -> Validated:
    rows = [value("70", 70, indicator_value_id=f"v{i}") for i in range(accepted)]
    bad = [{**value("70", 70), "indicator_value_id": f"r{i}", "failed_rule": rule} for i in range(rejected)]
    quality = (contract.empty(tables.QUALITY_RESULT), contract.empty(tables.QUALITY_FAILURE))
    facts = samples.frame(tables.FACT_INDICATOR_VALUE, *rows)
    return Validated(facts, samples.frame(tables.REJECTED_VALUE, *bad), *quality)


def gate(found: Validated, max_share: float | None = None) -> None:
    rules = found.rejected_value["failed_rule"]
    read = rules.len() + found.fact_indicator_value.height
    expectations.gate(read, rules, found.quality_result, max_share)


def test_gate_stops_above_the_share() -> None:
    gate(validated(380, 20))
    with pytest.raises(QuarantineExceeded, match=r"20 of 399 values \(5.0%\).*5.0% allowed.*period_shape"):
        gate(validated(379, 20))
    gate(validated(379, 20), max_share=0.06)


def test_gate_does_not_count_the_values_of_documents_about_something_else() -> None:
    gate(validated(1, 30, "off_topic_document"))


def test_gate_lets_the_few_of_a_small_build_pass() -> None:
    gate(validated(1, 19))


def test_gate_stops_for_what_no_quarantine_mends() -> None:
    frames = samples.warehouse_tables()
    frames["fact_indicator_value"] = samples.facts(value("70", 70), value("70", 70))
    with pytest.raises(QuarantineExceeded, match="fact_indicator_value breaks a hard rule in 2 rows"):
        gate(expectations.validate(frames))
    frames = samples.warehouse_tables()
    frames["dim_section"] = frames["dim_section"].with_columns(role=pl.lit("poem"))
    with pytest.raises(QuarantineExceeded, match=r"dim_section .* role is one of"):
        gate(expectations.validate(frames))


def suite_file(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "suite.json"
    file.write_text(json.dumps({"name": "suite", "expectations": entries}), encoding="utf-8")
    return file


def entry(**meta: str) -> dict[str, Any]:
    words = {"name": "a", "severity": "hard", "meaning": "It holds.", **meta}
    return {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "x"}, "meta": words}


SLIPS = {
    "name a stands there twice": [entry(), entry()],
    "must be soft, or hard": [entry(severity="grave")],
    "KeyError 'meta'": [{"type": "x", "kwargs": {}}],
    "without 'mostly'": [{**entry(), "kwargs": {"column": "x", "mostly": 0.5}}],
    "judges single rows, not expect_column_mean": [
        {**entry(), "type": "expect_column_mean_to_be_between", "kwargs": {"column": "x", "min_value": 0}}
    ],
}


@pytest.mark.parametrize("message", SLIPS)
def test_a_slip_in_a_suite_file_is_named(tmp_path: Path, message: str) -> None:
    with pytest.raises(SuiteError, match=message):
        rules.load_suite(suite_file(tmp_path, *SLIPS[message]))


def test_a_rule_on_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    written = rules.load_suite(suite_file(tmp_path, entry()))
    with pytest.raises(SuiteError, match="a looks at x"):
        check(pl.DataFrame({ROW: [0]}), written, "suite")


def test_a_rule_that_cannot_be_computed_is_named(tmp_path: Path) -> None:
    regex = {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "x", "regex": "("}}
    written = rules.load_suite(suite_file(tmp_path, {**entry(), **regex}))
    with pytest.raises(SuiteError, match="a could not be checked"):
        check(pl.DataFrame({ROW: [0], "x": ["1"]}), written, "suite")


def test_a_query_that_gives_a_row_twice_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "SELECT row_number, true AS published_after_issue FROM dim_document, range(2)"
    for file in rules.SUITES.iterdir():
        said = query if file.name == "dim_document.sql" else file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(said, encoding="utf-8")
    monkeypatch.setattr(rows, "SUITES", tmp_path)
    with pytest.raises(SuiteError, match=r"dim_document.sql can't be run"):
        expectations.validate(samples.warehouse_tables())
