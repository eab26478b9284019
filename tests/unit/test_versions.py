"""Versions of revised files, build by build."""

import datetime as dt

import polars as pl

from pipelines.transforms.versions import past_values, versions
from tests.samples import frame
from warehouse.contract import empty
from warehouse.version_tables import DOCUMENT_VERSION, PAST_VALUE

NONE = empty(DOCUMENT_VERSION)


def files(**documents: str) -> pl.DataFrame:
    names = [f"{name}.txt" for name in documents]
    return pl.DataFrame({"source_file": names, "document_id": list(documents.values())})


def day(number: int) -> dt.date:
    return dt.date(2026, 1, number)


def rows(table: pl.DataFrame) -> list[tuple[str, int, str, int | None, int | None]]:
    days = [pl.col(name).dt.day().cast(pl.Int64) for name in ("valid_from", "valid_to")]
    return table.select("source_file", "version", "document_id", *days).rows()


def test_new_removed_and_renamed_files_have_no_versions() -> None:
    assert versions(NONE, files(a="1", b="2"), files(b="2", c="3", d="1"), day(1)).is_empty()


def test_each_revision_ends_one_version_and_begins_the_next() -> None:
    first = versions(NONE, files(a="1", b="9"), files(a="2", b="9"), day(3))
    assert rows(first) == [("a.txt", 1, "1", None, 3), ("a.txt", 2, "2", 3, None)]
    same = versions(first, files(a="2"), files(a="2"), day(4))
    assert same.equals(first)
    back = versions(first, files(a="2"), files(a="1"), day(5))
    assert rows(back) == [
        ("a.txt", 1, "1", None, 3),
        ("a.txt", 2, "2", 3, 5),
        ("a.txt", 3, "1", 5, None),
    ]


def test_a_file_that_is_gone_takes_its_versions_along() -> None:
    before = versions(NONE, files(a="1", b="8"), files(a="2", b="9"), day(3))
    assert rows(versions(before, files(a="2", b="9"), files(b="9"), day(4)))[0][0] == "b.txt"


def test_values_are_taken_over_once_and_stay() -> None:
    known = versions(NONE, files(a="1"), files(a="2"), day(3))
    value = {"indicator_value_id": "v", "source_file": "a.txt", "document_id": "1", "value": 15.0}
    old = frame(PAST_VALUE, value).drop("version", "valid_from", "valid_to", "also_in")
    past = past_values(empty(PAST_VALUE), old, known)
    shown = past.select("indicator_value_id", "value", "version", pl.col("valid_to").dt.day())
    assert shown.rows() == [("v", 15.0, 1, 3)]
    assert past["also_in"].null_count() == 1, "a column of a later contract"
    later = versions(known, files(a="2"), files(a="3"), day(4))
    assert past_values(past, old.clear(), later).equals(past)
    assert past_values(past, old.clear(), NONE).is_empty()
