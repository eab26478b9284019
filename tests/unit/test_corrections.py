"""What a correction does to a value, when it is not applied, and what the file of corrections may say."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import engine
from pipelines.corrections import (
    HEADER,
    CorrectionsError,
    append_corrections,
    load_corrections,
    no_corrections,
)
from pipelines.settings import CORRECTIONS
from pipelines.sources import FILES
from tests.reading import read

TEXT = (
    "荆门市2025年卫生健康工作要点\n"
    "到2025年，孕产妇死亡率控制在15/10万以下。\n"
    "高血压、糖尿病患者规范管理率达70%以上。\n"
    "2020年，共有医院12家，编号20240001。\n"
)
MORTALITY, PRESSURE, DIABETES = "孕产妇死亡率", "高血压患者规范管理率", "糖尿病患者规范管理率"
REFERENCE = engine.load_seeds().reference
AS_READ = read(TEXT)
Row = dict[str, Any]


def value(text: str = MORTALITY, tables: dict[str, pl.DataFrame] = AS_READ) -> Row:
    (row,) = tables["fact_indicator_value"].filter(indicator_text=text).rows(named=True)
    return row


def about(text: str, **cells: Any) -> Row:
    """A correction of the value of that indicator."""
    read_value = value(text)
    names = ("indicator_value_id", "source_file", "document_id", "char_start", "char_end", "quote")
    return {**{name: read_value[name] for name in names}, "indicator_text": text, **cells}


def setting(field: str, old: str | None, new: str | None, text: str = MORTALITY, **cells: Any) -> Row:
    return about(text, action="set", field=field, old_value=old, new_value=new) | cells


def rejecting(text: str, old: str, **cells: Any) -> Row:
    return about(text, action="reject", old_value=old) | cells


def adding(quote: str, **cells: Any) -> Row:
    start = TEXT.index(quote)
    place = {"source_file": "0.txt", "document_id": value()["document_id"], "quote": quote}
    span = {"char_start": start, "char_end": start + len(quote)}
    said = {"indicator_text": "床位数", "value_type": "actual", "comparator": "eq", "value": 3.0}
    return {"action": "add", **place, **span, **said, **cells}


def corrected(*rows: Row, text: str = TEXT) -> dict[str, pl.DataFrame]:
    """The tables of a document with these corrections of it."""
    signed = {"who": "王芳", "corrected_on": dt.date(2025, 6, 30), "why": "原文如此"}
    frame = [{"line": n, "correction_id": f"c{n}", **signed, **row} for n, row in enumerate(rows, 2)]
    files = pl.DataFrame([("0.txt", text.encode(), None, None)], schema=FILES, orient="row")
    corrections = pl.DataFrame(frame, schema=no_corrections().schema)
    return engine.read_documents(files, engine.load_seeds(), corrections)


def verdicts(tables: dict[str, pl.DataFrame]) -> list[tuple[str, str]]:
    return tables["correction"].sort("correction_id").select("status", "detail").rows()


def change(before: Row, after: Row) -> Row:
    return {name: cell for name, cell in after.items() if before[name] != cell}


HUBEI = {"jurisdiction_code": "420000", "jurisdiction_name": "湖北省"}


def test_without_corrections_there_is_an_empty_table() -> None:
    assert AS_READ["correction"].is_empty()


@pytest.mark.parametrize(
    ("field", "old", "new", "changes"),
    [
        ("value", "15", "51", {"value": 51.0, "canonical_value": 51.0}),
        ("value", "15.0", "1.5e1", {}),
        ("comparator", "le", "lt", {"comparator": "lt"}),
        ("value_type", "target", "actual", {"value_type": "actual"}),
        ("period", "2025", "2021/2030", {"period": "2021/2030", "year": 2030}),
        ("period", "2025", None, {"period": None, "year": None}),
        ("reference_period", None, "2020", {"reference_period": "2020"}),
        ("qualifier", None, "农村", {"qualifier": "农村"}),
        ("jurisdiction_code", "420800", "420000", HUBEI),
        ("jurisdiction_name", "荆门市", "湖北省", HUBEI),
        ("jurisdiction_name", "荆门市", "东区", {"jurisdiction_code": None, "jurisdiction_name": "东区"}),
        (
            "unit",
            "/10万",
            "个",
            {
                "unit": "个",
                "indicator_id": None,
                "resolved_by": None,
                "canonical_value": None,
                "canonical_unit": None,
            },
        ),
        (
            "unit",
            "/10万",
            None,
            {"unit": None, "canonical_value": None, "canonical_unit": None},
        ),
        (
            "indicator_text",
            MORTALITY,
            "某率",
            {
                "indicator_text": "某率",
                "indicator_id": None,
                "resolved_by": None,
                "canonical_value": None,
                "canonical_unit": None,
            },
        ),
        (
            "indicator_id",
            "maternal_mortality_ratio",
            None,
            {"indicator_id": None, "resolved_by": None, "canonical_value": None, "canonical_unit": None},
        ),
    ],
)  # fmt: skip
def test_a_field_is_set_and_what_hangs_on_it_follows(
    field: str, old: str | None, new: str | None, changes: Row
) -> None:
    tables = corrected(setting(field, old, new))
    ((status, _),) = verdicts(tables)
    assert status == "applied"
    text = changes.get("indicator_text", MORTALITY)
    assert change(value(), value(text, tables)) == {**changes, "flags": ["corrected"]}
    assert value(PRESSURE, tables) == value(PRESSURE)
    assert tables["number_mention"].equals(AS_READ["number_mention"])


def test_a_level_becomes_a_change() -> None:
    tables = corrected(setting("comparator", "le", "decrease"), setting("unit", "/10万", "%"))
    after = value(tables=tables)
    assert (after["change"], after["comparator"], after["canonical_unit"]) == ("relative", "decrease", "%")
    assert verdicts(tables) == [("applied", "comparator: le → decrease"), ("applied", "unit: /10万 → %")]


def test_an_indicator_that_is_said_outlives_other_words() -> None:
    said = setting("indicator_id", "maternal_mortality_ratio", "infant_mortality_rate")
    tables = corrected(said, setting("indicator_text", MORTALITY, "某率"), setting("unit", "/10万", "‰"))
    after = value("某率", tables)
    assert (after["indicator_id"], after["resolved_by"]) == ("infant_mortality_rate", "correction")
    assert (after["canonical_value"], after["canonical_unit"]) == (15.0, "‰")


def test_a_rejected_value_is_gone_and_the_other_of_its_number_stays() -> None:
    """70% is the value of two indicators: its number is a fact until both are rejected."""
    shared = value(PRESSURE)["mention_id"]
    assert value(DIABETES)["mention_id"] == shared
    one = corrected(rejecting(PRESSURE, "70"))
    assert value(DIABETES, one) == value(DIABETES)
    assert one["number_mention"].equals(AS_READ["number_mention"])
    both = corrected(rejecting(PRESSURE, "70"), rejecting(DIABETES, "70"))
    assert set(both["fact_indicator_value"]["mention_id"]) == facts_of(both)
    (mention,) = both["number_mention"].filter(mention_id=shared).rows(named=True)
    assert (mention["disposition"], mention["detail"]) == ("other", "rejected by correction")
    assert verdicts(both) == [("applied", "taken out of the facts")] * 2


def facts_of(tables: dict[str, pl.DataFrame]) -> set[str]:
    return set(tables["number_mention"].filter(disposition="fact")["mention_id"])


def test_an_added_value_stands_on_its_number() -> None:
    tables = corrected(adding("20240001", unit="张", period="2020"))
    added = value("床位数", tables)
    assert (added["value"], added["unit"], added["year"]) == (3.0, "张", 2020)
    assert (added["quote"], added["sentence"]) == ("20240001", "2020年，共有医院12家，编号20240001。")
    assert (added["jurisdiction_code"], added["jurisdiction_name"]) == ("420800", "荆门市")
    assert (added["flags"], added["rule_id"]) == (["corrected"], "correction")
    assert added["mention_id"] in facts_of(tables) - facts_of(AS_READ)
    assert set(tables["fact_indicator_value"]["mention_id"]) == facts_of(tables)
    assert tables["fact_indicator_value"].height == AS_READ["fact_indicator_value"].height + 1
    (row,) = tables["correction"].rows(named=True)
    assert row["corrected_value_id"] == added["indicator_value_id"]


def test_an_added_value_may_be_for_another_place_and_of_a_range() -> None:
    ends = {"comparator": "between", "value": 1.0, "value_high": 2.0}
    added = value("床位数", corrected(adding("0001", jurisdiction_code="110000", **ends)))
    assert (added["jurisdiction_name"], added["value"], added["value_high"]) == ("北京市", 1.0, 2.0)
    assert added["quote"] == "20240001", "the value takes the whole number its span touches"


YEAR = {name: adding("2020")[name] for name in ("char_start", "char_end", "quote")}


@pytest.mark.parametrize(
    ("row", "status", "detail"),
    [
        (setting("value", "14", "51"), "stale", "value is read as 15 now, not 14; look at it again"),
        (setting("value", "14", "15"), "superseded", "the rules read value as 15 themselves now"),
        (setting("period", None, "2030"), "stale", "period is read as 2025 now, not nothing"),
        (setting("value", "15", "51", quote="14"), "stale", "at 33–35 of 0.txt stands “15”, not “14”"),
        (
            setting("value", "15", "51", document_id="0" * 16),
            "stale",
            "the source changed: 0.txt is another text now",
        ),
        (
            setting("value", "15", "51", document_id="0" * 16, source_file="x.txt"),
            "stale",
            "x.txt is not among the sources",
        ),
        (rejecting(MORTALITY, "14"), "stale", "value is read as 15 now, not 14"),
        (rejecting(MORTALITY, "15", indicator_text="别的"), "stale", f"“{MORTALITY}” is read there now"),
        (
            rejecting(MORTALITY, "2020", **YEAR),
            "superseded",
            "no value is read there any more",
        ),
        (adding("医院"), "stale", "no number stands there"),
        (adding("12家，编号20240001"), "stale", "several numbers stand there"),
        (adding("12", indicator_text="医院", value=12.0), "superseded", "the rules read this value"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_was_is_not_corrected(row: Row, status: str, detail: str) -> None:
    tables = corrected(row)
    ((found, words),) = verdicts(tables)
    assert (found, words[: len(detail)]) == (status, detail)
    assert tables["correction"]["corrected_value_id"].to_list() == [None]
    assert tables["fact_indicator_value"].equals(AS_READ["fact_indicator_value"])
    assert tables["number_mention"].equals(AS_READ["number_mention"])


OTHER_ID = {"indicator_value_id": "0123456789abcdef"}


@pytest.mark.parametrize(
    "cells",
    [
        OTHER_ID,  # another fact_no
        {**OTHER_ID, "char_end": TEXT.index("15/10万") + 5, "quote": "15/10"},  # another span of the number
        {"indicator_text": "全市孕产妇死亡率"},  # other words, for the one value that stands there
    ],
)
def test_a_value_is_found_again_when_the_rules_have_changed(cells: Row) -> None:
    tables = corrected(setting("value", "15", "51") | cells)
    assert value(tables=tables)["value"] == 51.0
    assert verdicts(tables)[0][0] == "applied"


def test_of_several_values_of_a_number_the_one_of_the_same_words_is_meant() -> None:
    """Had the rules once read 糖尿病 first, its id would now be that of 高血压."""
    swapped = setting("value", "70", "71", DIABETES) | {
        "indicator_value_id": value(PRESSURE)["indicator_value_id"]
    }
    tables = corrected(swapped)
    assert (value(PRESSURE, tables)["value"], value(DIABETES, tables)["value"]) == (70.0, 71.0)
    lost = corrected(swapped | {"indicator_text": "别的"})
    assert verdicts(lost)[0][0] == "stale"
    assert lost["fact_indicator_value"].equals(AS_READ["fact_indicator_value"])


def test_an_edited_text_leaves_every_correction_stale() -> None:
    rows = (setting("value", "15", "51"), rejecting(PRESSURE, "70"), adding("20240001"))
    edited = TEXT.replace("12家", "13家")
    tables = corrected(*rows, text=edited)
    assert {status for status, _ in verdicts(tables)} == {"stale"}
    assert tables["fact_indicator_value"].equals(read(edited)["fact_indicator_value"])


EVERY = [
    setting("value", "15", "51"),
    setting("unit", "/10万", "‰"),
    setting("indicator_text", MORTALITY, "婴儿死亡率"),
    setting("value", "14", "51"),
    rejecting(PRESSURE, "70"),
    rejecting(DIABETES, "69"),
    setting("period", None, "2030", DIABETES),
    adding("20240001"),
    adding("12", indicator_text="医院", value=12.0),
    adding("2025"),
]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(EVERY), unique_by=id, max_size=6))
def test_whatever_is_corrected_numbers_and_values_agree_and_each_row_is_told(rows: list[Row]) -> None:
    tables = corrected(*rows)
    facts = tables["fact_indicator_value"]
    assert set(facts["mention_id"]) == facts_of(tables)
    assert facts["indicator_value_id"].is_unique().all()
    assert tables["correction"].height == len(rows)
    applied = tables["correction"].filter(status="applied")
    assert (applied["corrected_value_id"].is_not_null()).all()
    marked = facts.filter(pl.col("flags").list.contains("corrected"))
    kept = applied.filter(pl.col("action") != "reject")["corrected_value_id"]
    assert set(marked["indicator_value_id"]) == set(kept)


def as_cells(row: Row, number: int = 1) -> dict[str, str]:
    """A row as the file has it."""
    signed = {"correction_id": f"c{number}", "who": "王芳", "when": "2025-06-30", "why": "原文如此"}
    return {name: "" if cell is None else str(cell) for name, cell in {**signed, **row}.items()}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "corrections.csv"


def problems(file: Path, *rows: dict[str, str]) -> list[str]:
    text = [",".join(HEADER), *(",".join(row.get(name, "") for name in HEADER) for row in rows)]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    with pytest.raises(CorrectionsError) as raised:
        load_corrections(file, REFERENCE)
    return list(raised.value.lines)


def wrong() -> Iterator[tuple[Row, str]]:
    one, gone, new = setting("value", "15", "51"), rejecting(PRESSURE, "70"), adding("20240001")
    yield one | {"action": "change"}, "column action: “change” is none of set, reject, add; take one"
    yield one | {"action": ""}, "column action: is empty; every row needs one"
    yield one | {"field": "sentence"}, "column field: “sentence” is none of indicator_text, value_type"
    yield one | {"field": ""}, "column field: is empty; the action set needs it"
    yield one | {"who": ""}, "column who: is empty; every row needs one"
    yield one | {"why": " "}, "column why: is empty; every row needs one"
    yield one | {"when": ""}, "column when: is empty; every row needs one"
    yield one | {"when": "30.6.2025"}, "column when: “30.6.2025” is no date; write it like 2025-06-30"
    yield one | {"when": "2025-13-01"}, "column when: “2025-13-01” is no date; write it like 2025-06-30"
    yield one | {"new_value": "viel"}, "column new_value: “viel” is not a number; write it like 12.5"
    yield one | {"new_value": "inf"}, "column new_value: “inf” is not a number; write it like 12.5"
    yield one | {"new_value": ""}, "column new_value: is empty; value needs a value"
    yield one | {"old_value": "viel"}, "column old_value: “viel” is not a number; write what was read"
    yield one | {"value": "51"}, "column value: “51” is of no use to set; empty the cell"
    yield one | {"quote": ""}, "column quote: is empty; every row needs one"
    yield one | {"char_start": "x"}, "column char_start: “x” is not a whole number; write digits only"
    yield one | {"char_end": "3"}, "column char_end: 3 is not after char_start"
    yield one | {"char_start": "-3"}, "column char_start: -3 is below 0; offsets are counted from 0"
    yield one | {"indicator_value_id": ""}, "column indicator_value_id: is empty; the action set needs it"
    yield setting("unit", "%", "%"), "column new_value: is what it was; nothing would be corrected"
    yield setting("comparator", "le", "kaum"), "column new_value: “kaum” is none of eq, ge, le"
    yield setting("indicator_id", "", "x"), "column new_value: “x” is no indicator_id of seeds/reference"
    yield gone | {"old_value": ""}, "column old_value: is empty; the action reject needs it"
    yield gone | {"new_value": "1"}, "column new_value: “1” is of no use to reject; empty the cell"
    yield new | {"value": ""}, "column value: is empty; the action add needs it"
    yield new | {"value": "x"}, "column value: “x” is not a number; write it like 12.5"
    yield new | {"char_start": ""}, "column char_start: is empty; every row needs one"
    yield new | {"value_type": "hope"}, "column value_type: “hope” is none of target, actual, baseline"
    yield new | {"period": "bald"}, "column period: “bald” is no period; write it like 2025, 2025-06 or"
    yield new | {"jurisdiction_code": "0"}, "column jurisdiction_code: “0” is no jurisdiction_code of"
    yield new | {"comparator": "between"}, "column value_high: a range has two ends"
    yield new | {"field": "value"}, "column field: “value” is of no use to add; empty the cell"


@pytest.mark.parametrize(("row", "says"), list(wrong()))
def test_a_wrong_cell_is_named(file: Path, row: Row, says: str) -> None:
    found = problems(file, as_cells(setting("period", "2025", "2026"), 0), as_cells(row))
    assert len(found) == 1
    assert found[0].startswith(f"corrections.csv, line 3, {says}")


def test_all_problems_are_told_at_once(file: Path) -> None:
    rows = [setting("value", "15", "x"), setting("value", "15", "51", who="")]
    found = problems(file, *(as_cells(row) for row in rows))
    assert [line.partition(":")[0] for line in found] == [
        f"corrections.csv, line {line}, column {column}"
        for line, last in ((2, "new_value"), (3, "who"))
        for column in ("correction_id", "field", last)
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([setting("value", "15", "51"), setting("value", "15", "52")], "another row sets value of the same"),
        (
            [setting("value", "15", "51"), rejecting(MORTALITY, "15")],
            "other rows correct a value that",
        ),
        (
            [rejecting(MORTALITY, "15"), rejecting(MORTALITY, "15")],
            "other rows correct a value that",
        ),
        ([adding("20240001"), adding("20240001")], "another row adds the same value; keep one of them"),
    ],
)
def test_two_rows_do_not_say_two_things(file: Path, rows: list[Row], says: str) -> None:
    found = problems(file, *(as_cells(row, number) for number, row in enumerate(rows)))
    assert [says in line for line in found] == [True, True]


def test_a_missing_column_is_named(file: Path) -> None:
    file.write_text(",".join(HEADER).replace(",why", "") + "\n", encoding="utf-8")
    with pytest.raises(CorrectionsError, match=r"^corrections.csv, column why: is missing; add it$"):
        load_corrections(file, REFERENCE)


def test_no_file_and_the_header_alone_are_no_corrections(file: Path) -> None:
    assert load_corrections(file, REFERENCE).equals(no_corrections())
    file.write_text(",".join(HEADER) + "\n", encoding="utf-8")
    assert load_corrections(file, REFERENCE).equals(no_corrections())


def test_the_file_of_this_repository_is_sound() -> None:
    assert CORRECTIONS.exists()
    load_corrections(CORRECTIONS, REFERENCE)


WORDS = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3))
def test_any_words_of_stewards_come_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.mktemp("said") / "corrections.csv"
    fields = [("value", "15", "51"), ("period", "2025", "2026"), ("unit", "/10万", "‰")]
    for number, ((who, why), field) in enumerate(zip(said, fields, strict=False)):
        append_corrections(file, [as_cells(setting(*field), number) | {"who": who, "why": why}], REFERENCE)
    assert load_corrections(file, REFERENCE).select("who", "why").rows() == said
