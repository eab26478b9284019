"""What the views and pages say of a document that came in twice: hand-made rows in, hand-computed out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.report.site import write_site
from tests import samples
from tests.samples import frame, value
from warehouse import tables
from warehouse.files import DATABASE
from warehouse.publish import publish

COPY: dict[str, Any] = {"document_id": "d2", "source_file": "b.txt"}
SOURCES = [
    {"source_file": "a.txt", "document_id": "d1", "counts_as": "d1", "read_as": "original"},
    {"source_file": "a2.txt", "document_id": "d1", "counts_as": "d1", "read_as": "same_bytes"},
    {**COPY, "counts_as": "d1", "read_as": "near_duplicate", "likeness": 0.9},
    {**COPY, "source_file": "b2.txt", "counts_as": "d1", "read_as": "same_bytes", "likeness": 0.9},
]


def of_copy(quote: str, number: float, name: str, **fields: Any) -> dict[str, Any]:
    mention = {"mention_id": f"c{samples.TEXT.index(quote)}", "section_id": "s2"}
    return value(quote, number, indicator_value_id=name, **{**COPY, **mention, **fields})


def warehouse() -> dict[str, pl.DataFrame]:
    """A plan with 70 and 5, and a copy of it that has 70 as well (set aside) but 6 for 5."""
    frames = samples.warehouse_tables()
    plan = frames["dim_document"].row(0, named=True)
    numbers = [
        {**samples.mention(q), **COPY, "mention_id": f"c{samples.TEXT.index(q)}", "section_id": "s2"}
        for q in ("70", "5")
    ]
    more = {
        "dim_document": frame(tables.DIM_DOCUMENT, {**plan, **COPY, "title": "另一处的要点"}),
        "document_text": frame(tables.DOCUMENT_TEXT, {"document_id": "d2", "raw_text": samples.TEXT}),
        "dim_section": frame(tables.DIM_SECTION, {"section_id": "s2", "document_id": "d2", "level": 0}),
        "number_mention": frame(tables.NUMBER_MENTION, *numbers),
    }
    both = {name: pl.concat([frames[name], rows]) for name, rows in more.items()}
    return {
        **frames,
        **both,
        "fact_indicator_value": samples.facts(
            value("70", 70, indicator_value_id="v70"),
            value("5", 5, indicator_value_id="v5"),
            of_copy("5", 6, "c6"),
        ),
        "duplicate_value": frame(
            tables.DUPLICATE_VALUE, {**of_copy("70", 70, "c70"), "counted_value_id": "v70"}
        ),
        "document_source": frame(tables.DOCUMENT_SOURCE, *SOURCES),
    }


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published warehouse and its site."""
    folder = tmp_path_factory.mktemp("twice")
    publish(warehouse(), folder)
    write_site(folder / DATABASE, folder / "site")
    return folder


def rows(output: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(output / DATABASE), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_a_value_that_counts_names_the_files_that_say_it_too(output: Path) -> None:
    found = rows(output, "SELECT indicator_value_id, also_in FROM indicator_values ORDER BY ALL")
    assert found == [("c6", ["b2.txt"]), ("v5", ["a2.txt"]), ("v70", ["a2.txt", "b.txt", "b2.txt"])]


def test_coverage_says_what_a_document_repeats(output: Path) -> None:
    columns = "document_id, values_published, values_set_aside, mirror_of"
    found = rows(output, f"SELECT {columns} FROM document_coverage ORDER BY ALL")
    assert found == [("d1", 2, 0, None), ("d2", 1, 1, "d1")]


def test_differences_of_both_sides_stand_beside_each_other(output: Path) -> None:
    columns = "document_id, mirror_document_id, stands_in, indicator_value_id, value"
    assert rows(output, f"SELECT {columns} FROM mirror_differences ORDER BY value") == [
        ("d1", "d2", "original", "v5", 5.0),
        ("d1", "d2", "near_duplicate", "c6", 6.0),
    ]


def listed(output: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table of quality.html."""
    page = (output / "site/quality.html").read_text(encoding="utf-8")
    [data] = re.findall(rf'<script type="application/json" id="rows-{name}">(.*?)</script>', page)
    table = json.loads(data)
    return [
        {
            column["name"]: column["values"][cell] if "values" in column and cell is not None else cell
            for column, cell in zip(table["columns"], row, strict=True)
        }
        for row in table["rows"]
    ]


def test_the_quality_page_shows_copies_and_differences(output: Path) -> None:
    names = ("source_file", "read_as", "percent", "aside", "own", "document_id", "read_from")
    assert [tuple(row[name] for name in names) for row in listed(output, "twice")] == [
        ("b.txt", "near_duplicate", 90, 1, 1, "d1", "d2"),
        ("b2.txt", "same_bytes", 90, None, None, "d1", "d2"),
        ("a2.txt", "same_bytes", None, None, None, "d1", "d1"),
    ]
    names = ("source_file", "stands_in", "value", "read_from", "anchor", "original_id")
    assert [tuple(row[name] for name in names) for row in listed(output, "differences")] == [
        ("b.txt", "near_duplicate", 6, "d2", "v-c6", "d1"),
        ("a.txt", "original", 5, "d1", "v-v5", "d1"),
    ]


def test_the_page_of_a_copy_leads_to_where_its_values_count(output: Path) -> None:
    page = (output / "site/documents/d2.html").read_text(encoding="utf-8")
    assert '与 <a href="../documents/d1.html">2020年全市卫生健康工作要点</a> 几乎相同' in page
    assert "an estimated 90 % of all sentences" in page
    [data] = re.findall(r'<script type="application/json" id="readings">(.*?)</script>', page)
    readings = json.loads(data)
    read = [dict(zip(readings["columns"], row, strict=True)) for row in readings["values"]]
    counted = {one["indicator_value_id"]: one["counted_in"] for one in read}
    assert counted == {"c70": "documents/d1.html#v-v70", "c6": None}
    assert re.findall(r'<mark id="v-c70" class="(\w+)"', page) == ["repeated"]


def test_the_page_of_an_original_names_its_copies(output: Path) -> None:
    page = (output / "site/documents/d1.html").read_text(encoding="utf-8")
    assert "几乎相同;" not in page
    told = re.findall(r"又见于.*?<td>(.*?)</td><td>(.*?) <span", page)
    assert told == [
        ("a2.txt", "逐字节相同"),
        ('<a href="../documents/d2.html">b.txt</a>', "几乎相同"),
        ('<a href="../documents/d2.html">b2.txt</a>', "逐字节相同"),
    ]
