"""Responsible units: which lists are read, who is in them, and which values they answer for."""

from pathlib import Path

import polars as pl
import pytest

from expectations import held
from pipelines.checking import check_new
from pipelines.shelf import Shelf
from pipelines.workers import Threads
from tests.reading import PLAN, read

WHO = "(责任单位:市卫健委)"


def bridge(body: str, title: str = PLAN) -> pl.DataFrame:
    """The bridge with the value and indicator of each fact, by offset and position."""
    tables = read(title + body)
    facts = tables["fact_indicator_value"].select("indicator_value_id", "value", at="char_start")
    return tables["bridge_value_responsible_unit"].join(facts, on="indicator_value_id").sort("at", "position")


def answering(body: str) -> dict[float, list[str]]:
    """The units of each value, in their order; values that no unit answers for are left out."""
    found = bridge(body).group_by("value", maintain_order=True).agg("responsible_unit")
    return dict(found.iter_rows())


def parts(units: str) -> list[tuple[str, str]]:
    """Unit and responsibility from the list of units behind one value."""
    return (
        bridge(f"1.抓好管理。规范管理率达95%。{units}\n").select("responsible_unit", "responsibility").rows()
    )


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("(责任单位:市卫健委、市财政局,团市委)", {"市卫健委": "u", "市财政局": "u", "团市委": "u"}),
        ("（责任单位及处室：各辖市（区）卫健局 医政处）", {"各辖市(区)卫健局": "u", "医政处": "u"}),
        ("【责任处室:医政处】", {"医政处": "u"}),
        ("\n责任部门:市医保局;各县(市、区)人民政府。", {"市医保局": "u", "各县(市、区)人民政府": "u"}),
        ("(市教育局牵头)", {"市教育局": "l"}),
        (
            "(市卫健委、党委宣传部牵头,市财政局、妇联配合)",
            {"市卫健委": "l", "党委宣传部": "l", "市财政局": "s", "妇联": "s"},
        ),
        ("(由市卫健委牵头负责,各有关部门按职责分工负责)", {"市卫健委": "l", "各有关部门": "u"}),
        ("(市卫健委、市财政局等按职责分工负责)", {"市卫健委": "u", "市财政局": "u"}),
        ("(责任单位:市卫健委、市财政局等部门)", {"市卫健委": "u", "市财政局": "u"}),
        ("\n牵头单位:市卫健委;配合单位:市民政局、市残联", {"市卫健委": "l", "市民政局": "s", "市残联": "s"}),
        ("\n牵头单位:市卫健委\n配合单位:市民政局", {"市卫健委": "l", "市民政局": "s"}),
        ("(责任单位:市卫健委(牵头)、市财政局)", {"市卫健委": "l", "市财政局": "u"}),
        ("(责任单位:市卫健委;责任人:张三;完成时限:2020年12月底)", {"市卫健委": "u"}),
        ("(市卫健委牵头,市卫健委、市妇联配合)", {"市卫健委": "l", "市妇联": "s"}),
    ],
)
def test_the_units_of_a_list_and_their_part(units: str, expected: dict[str, str]) -> None:
    assert {unit: part[0] for unit, part in parts(units)} == expected


@pytest.mark.parametrize(
    "words",
    [
        "由市人民医院牵头,组建医联体。",
        "(配合医保部门推进)",
        "压实责任单位的主体责任。",
        "(含牵头医院)",
        "\n主办单位:市卫健委 联系电话:0825-2220000",
        "\n牵头单位 配合单位",
    ],
)
def test_words_that_name_no_responsible_unit(words: str) -> None:
    assert parts(words) == []


def test_positions_are_counted_over_the_lists_that_are_one() -> None:
    found = bridge("1.抓好管理。规范管理率达95%。\n牵头单位:甲局\n配合单位:乙局、丙局\n")
    assert found["position"].to_list() == [1, 2, 3]


def test_a_list_answers_for_its_item_only() -> None:
    body = f"1.抓管理。规范管理率达95%。{WHO}\n2.抓建设。新建医院3家。\n3.抓培训。培训医师50名。(妇联牵头)\n"
    assert answering(body) == {95.0: ["市卫健委"], 50.0: ["妇联"]}


def test_a_list_answers_for_all_paragraphs_and_parts_back_to_the_heading() -> None:
    body = f"""1.抓管理。规范管理率达95%。
新建医院3家。
(1)培训医师50名。
(2)培训护士70名。{WHO}
2.抓建设。新建医院4家。
"""
    assert set(answering(body)) == {95.0, 3.0, 50.0, 70.0}


def test_a_list_answers_back_to_the_list_before() -> None:
    body = f"1.抓管理。规范管理率达95%。{WHO}\n新建医院3家。(妇联牵头)\n培训医师50名。\n"
    assert answering(body) == {95.0: ["市卫健委"], 3.0: ["妇联"]}


def test_lists_within_a_sentence() -> None:
    assert answering("1.抓管理。新建医院3家(责任单位:甲局);培训医师50名(责任单位:乙局)。\n") == {
        3.0: ["甲局"],
        50.0: ["乙局"],
    }


def test_a_list_right_under_its_heading_answers_for_what_follows() -> None:
    body = "(一)抓管理\n责任单位:甲局\n规范管理率达95%。\n新建医院3家。\n(二)抓建设\n新建医院4家。\n"
    assert answering(body) == {95.0: ["甲局"], 3.0: ["甲局"]}


def test_a_list_in_the_line_of_an_item_without_more_text() -> None:
    body = "1.规范管理率达95%。(责任单位:甲局)\n2.新建医院3家。(责任单位:乙局)\n"
    assert answering(body) == {95.0: ["甲局"], 3.0: ["乙局"]}


def test_each_document_for_itself() -> None:
    tables = read(f"{PLAN}规范管理率达95%。\n", f"{PLAN}新建医院3家。{WHO}\n")
    assert tables["bridge_value_responsible_unit"].height == 1


def test_the_span_is_where_the_name_stands_in_the_raw_text() -> None:
    body = "1.抓管理。规范管理率达95%。(責任單位:各縣(市、區)人民政府、市衛生健康委等部門)\n"
    raw = PLAN + body
    spans = bridge(body).select("char_start", "char_end").rows()
    assert [raw[start:end] for start, end in spans] == ["各縣(市、區)人民政府", "市衛生健康委"]


def test_what_is_said_of_a_quarantined_value_goes_with_it(tmp_path: Path) -> None:
    text = f"{PLAN}1.抓管理。群众满意率达170%,规范管理率达95%。{WHO}\n"
    read_tables = read(text)
    assert read_tables["bridge_value_responsible_unit"].height == 2
    shelf, checked = Shelf(tmp_path / "read"), Shelf(tmp_path / "checked")
    shelf.put("one", read_tables)
    assert list(check_new(shelf, checked, ["one"], Threads(1))) == ["one"]
    rejected = checked.scan("one", "rejected_value")
    assert rejected.collect()["value"].to_list() == [170.0]
    of_values = ("fact_indicator_value", "bridge_value_responsible_unit")
    facts, kept = (held(shelf.scan("one", name), rejected).collect() for name in of_values)
    assert kept["indicator_value_id"].to_list() == facts["indicator_value_id"].to_list()
