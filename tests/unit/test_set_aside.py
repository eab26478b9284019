"""A value that two copies of a document have counts once; every value is somewhere, with where it counts."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.transforms.mirrors import MIRRORS
from pipelines.transforms.set_aside import document_source, set_aside
from pipelines.transforms.signature import sign
from tests import samples
from warehouse.contract import empty
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import DIM_DOCUMENT

SENTENCE = "床位数达到70张,孕产妇死亡率下降5%"
COPY = pl.DataFrame([("copy", "plan", 0.9)], schema=MIRRORS, orient="row")
NO_TEXT = pl.DataFrame(schema={"document_id": pl.String, "line": pl.String})
Row = dict[str, Any]


def value(document: str, name: str, /, **fields: Any) -> Row:
    """A fact of that document and id; ``clean_sentence`` is what its sentence says."""
    base = {"jurisdiction_code": "420800", "clean_sentence": SENTENCE}
    return samples.value("70", 70, indicator_value_id=name, **{**base, **fields, "document_id": document})


Pairs = list[tuple[str, str | None]]


def aside(*rows: Row, lost: tuple[str, ...] = (), correction: Row | None = None) -> Pairs:
    """Of the values of the copy the ones set aside, each with the value that counts.

    ``lost`` are values that were read but are no facts any more.
    """
    read = samples.facts(*rows).sort("indicator_value_id")
    words = [row["clean_sentence"] for row in sorted(rows, key=lambda row: row["indicator_value_id"])]
    reading = sign(NO_TEXT, read.with_columns(clean_sentence=pl.Series(words, dtype=pl.String))).reading
    facts = read.filter(~pl.col("indicator_value_id").is_in(list(lost)))
    corrections = samples.frame(CORRECTION, correction) if correction else empty(CORRECTION)
    result = set_aside(facts, reading, COPY, corrections)
    assert result.drop("counted_value_id").equals(facts.join(result, on="indicator_value_id", how="semi"))
    return result.select("indicator_value_id", "counted_value_id").rows()


def test_the_same_value_counts_once() -> None:
    assert aside(value("plan", "p"), value("copy", "c")) == [("c", "p")]


def test_values_of_other_documents_are_left_alone() -> None:
    assert aside(value("plan", "p"), value("other", "o")) == []
    assert aside(value("copy", "c")) == []


DIFFERENT: list[Row] = [
    {"value": 71.0},
    {"value_high": 80.0},
    {"unit": "个"},
    {"value_type": "actual"},
    {"comparator": "eq"},
    {"change": "relative"},
    {"indicator_text": "床位数"},
    {"indicator_id": "hypertension_management_rate"},
    {"qualifier": "新增"},
    {"period": "2021"},
    {"reference_period": "2015"},
    {"jurisdiction_code": "420500"},
]


def test_what_differs_stays() -> None:
    for n, fields in enumerate(DIFFERENT):
        assert aside(value("plan", "p"), value("copy", "c", **fields)) == [], DIFFERENT[n]


def test_a_place_or_period_that_the_copy_lost_is_no_difference() -> None:
    assert aside(value("plan", "p"), value("copy", "c", jurisdiction_code=None, period=None)) == [("c", "p")]
    assert aside(value("plan", "p", period=None), value("copy", "c")) == []


def test_another_number_of_the_sentence_is_no_difference() -> None:
    changed = SENTENCE.replace("5%", "6%")
    assert aside(value("plan", "p"), value("copy", "c", clean_sentence=changed)) == [("c", "p")]


def test_values_of_one_sentence_are_paired_before_others() -> None:
    first, second = {"char_start": 5, "clean_sentence": "甲院"}, {"char_start": 9, "clean_sentence": "乙院"}
    plan = value("plan", "p1", **first), value("plan", "p2", **second)
    assert aside(*plan, value("copy", "c", **second)) == [("c", "p2")]
    assert aside(*plan, value("copy", "c", clean_sentence="乙院又甲院")) == [("c", "p1")]


def test_what_stands_more_often_in_the_copy_counts_as_often() -> None:
    copies = value("copy", "c1", char_start=5), value("copy", "c2", char_start=9)
    assert aside(value("plan", "p"), *copies) == [("c1", "p")]


def test_a_correction_of_the_original_is_not_undone_by_its_copy() -> None:
    """What the rules read is equal; afterwards a steward made another value of the original's."""
    read = samples.facts(value("plan", "p"), value("copy", "c"))
    reading = sign(NO_TEXT, read.with_columns(clean_sentence=pl.lit(SENTENCE))).reading
    corrected = samples.facts(value("plan", "p", value=15.0, flags=["corrected"]), value("copy", "c"))
    result = set_aside(corrected, reading, COPY, empty(CORRECTION))
    assert result.select("indicator_value_id", "counted_value_id").rows() == [("c", "p")]


def test_a_value_a_steward_rejected_does_not_come_back_from_the_copy() -> None:
    rejection = {"action": "reject", "status": "applied", "corrected_value_id": "p"}
    both = value("plan", "p"), value("copy", "c")
    assert aside(*both, lost=("p",), correction=rejection) == [("c", None)]


def test_a_value_corrected_in_the_copy_stays() -> None:
    assert aside(value("plan", "p"), value("copy", "c", flags=["corrected"])) == []


def test_a_quarantined_value_does_not_take_its_copy_with_it() -> None:
    assert aside(value("plan", "p"), value("copy", "c"), lost=("p",)) == []


FEW = st.lists(
    st.tuples(st.sampled_from(["plan", "copy"]), st.sampled_from([1.0, 2.0]), st.sampled_from(["甲", "乙"])),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(FEW)
def test_one_is_set_aside_for_each_that_both_have(said: list[tuple[str, float, str]]) -> None:
    rows = [
        value(document, f"{n}", value=number, char_start=n, clean_sentence=words)
        for n, (document, number, words) in enumerate(said)
    ]
    counts = {
        number: [sum(1 for d, v, _ in said if (d, v) == (document, number)) for document in ("plan", "copy")]
        for number in (1.0, 2.0)
    }
    assert len(aside(*rows)) == sum(min(pair) for pair in counts.values())


def test_every_file_says_what_it_counts_as() -> None:
    documents = [{"document_id": key, "source_file": f"{key}.txt"} for key in ("plan", "copy", "other")]
    files = [("plan.txt", "plan"), ("copy.txt", "copy"), ("copy/again.txt", "copy"), ("other.txt", "other")]
    listed = pl.DataFrame(files, schema=["source_file", "document_id"], orient="row")
    found = document_source(listed, samples.frame(DIM_DOCUMENT, *documents), COPY)
    assert found.rows() == [
        ("copy.txt", "copy", "near_duplicate", "plan", 0.9),
        ("copy/again.txt", "copy", "same_bytes", "plan", 0.9),
        ("other.txt", "other", "original", "other", None),
        ("plan.txt", "plan", "original", "plan", None),
    ]
