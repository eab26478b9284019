"""What a header says: right, or null."""

import datetime as dt
from typing import Any

import pytest

from tests.reading import read

PRIORITIES = "荆门市卫生健康委员会\n2020年4月29日\n2020年全市卫生健康工作要点\n一、重点任务\n"


def header(text: str) -> dict[str, Any]:
    return read(text)["dim_document"].row(0, named=True)


def test_a_signed_and_dated_work_plan() -> None:
    found = header(PRIORITIES)
    assert found["title"] == "2020年全市卫生健康工作要点"
    assert found["document_type"] == "work_priorities"
    assert found["issuer"] == "荆门市卫生健康委员会"
    assert found["issued_on"] == dt.date(2020, 4, 29)
    assert (found["jurisdiction_name"], found["jurisdiction_code"]) == ("荆门市", "420800")
    assert (found["period_start"], found["period_end"]) == (2020, 2020)


def test_each_field_says_how_it_was_found() -> None:
    evidence = dict(read(PRIORITIES)["header_evidence"].select("field", "found_by").rows())
    assert evidence["issuer"] == "issuer_signature"
    assert evidence["jurisdiction_name"] == "named_in_issuer"
    assert evidence["period_start"] == "years_in_title"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("文件编号:常卫办〔2024〕56号 发布机构:市卫健委", "document_number", "常卫办〔2024〕56号"),
        ("常卫办[2024]56号", "document_number", "常卫办〔2024〕56号"),
        ("根据《规划》(国发〔2016〕77号)", "document_number", None),
        ("成文日期:2024-03-05", "issued_on", dt.date(2024, 3, 5)),
        ("发布日期:2022年08月02日 浏览次数:", "published_on", dt.date(2022, 8, 2)),
        ("时间:2022-03-23 来源:本网", "published_on", dt.date(2022, 3, 23)),
        ("时间:2022-04-18 08:44:56", "published_on", None),
        ("发布日期:2022-13-45", "published_on", None),
        ("关于印发《健康常州行动实施方案》的通知", "title", "健康常州行动实施方案"),
        ("首页 > 信息 > 计划总结", "title", None),
        ("发布机构:市卫健委", "issuer", None),
    ],
)
def test_labels_and_lines_of_the_header(line: str, field: str, value: Any) -> None:
    assert header(line + "\n\n正文。")[field] == value


@pytest.mark.parametrize(
    ("title", "kind", "years"),
    [
        ("2023年某市卫生健康事业发展统计公报", "bulletin", (2023, 2023)),
        ("2021年工作总结和2022年工作计划", "review_and_plan", (2021, 2022)),
        ("某县“十四五”卫生健康事业发展规划", "five_year_plan", (2021, 2025)),
        ("某省“十三五”中医药发展规划", "special_plan", (2016, 2020)),
        ("健康某市行动方案(2023—2030年)", "action_plan", (2023, 2030)),
        ("某区卫生工作实施方案", "implementation_plan", (None, None)),
    ],
)
def test_kind_and_years_of_a_title(title: str, kind: str, years: tuple[int | None, int | None]) -> None:
    found = header(title + "\n正文。")
    assert found["document_type"] == kind
    assert (found["period_start"], found["period_end"]) == years


def test_a_review_with_a_plan_is_known_by_its_headings() -> None:
    found = header("凝心聚力推动高质量发展\n一、2021年工作回顾\n建成。\n二、2022年工作安排\n建设。")
    assert found["document_type"] == "review_and_plan"
    assert (found["period_start"], found["period_end"]) == (2021, 2022)


def test_the_place_of_an_anonymised_page_stays_unknown() -> None:
    assert header("某区卫生工作实施方案\n全区推进。某区医院建设。")["jurisdiction_name"] is None


def test_the_place_may_be_the_one_the_body_names_again_and_again() -> None:
    body = "广州市加快建设。广州市医院增加。广州市卫生健康委推进。学习三明市经验。"
    assert header("凝心聚力推动高质量发展\n" + body)["jurisdiction_name"] == "广州市"


def test_a_name_that_two_places_share_has_no_code() -> None:
    found = header("朝阳区卫生健康局\n2020年4月29日\n工作要点\n")
    assert (found["jurisdiction_name"], found["jurisdiction_code"]) == ("朝阳区", None)


def test_a_document_number_that_lost_its_brackets_is_repaired_and_recorded() -> None:
    text = "乌海政办发202227\n202515岁以上人群。\n20205岁以下儿童。"
    tables = read(text)
    assert tables["dim_document"]["document_number"].to_list() == ["乌海政办发〔2022〕27号"]
    assert "glued_document_number" in tables["repair"]["rule_id"].to_list()


def test_the_name_of_a_municipality_is_its_topmost_place() -> None:
    found = header("重庆市卫生健康委员会\n2024年1月2日\n2024年工作要点\n")
    assert (found["jurisdiction_name"], found["jurisdiction_code"]) == ("重庆市", "500000")


def test_a_common_noun_is_no_place() -> None:
    assert header("城区医院改造工作方案\n城区推进。城区建设。城区。")["jurisdiction_name"] is None


def test_a_plan_with_a_vision_speaks_for_its_five_years() -> None:
    found = header("某县“十四五”规划和2035年远景目标纲要\n正文。")
    assert (found["period_start"], found["period_end"]) == (2021, 2025)


@pytest.mark.parametrize(
    ("text", "kind", "years"),
    [
        ("某市妇女儿童健康提升规划\n(2021—2030年)\n正文。", "special_plan", (2021, 2030)),
        (
            "某市人民政府办公室关于印发某市健康老龄化规划(2022—2025年)的通知\n正文。",
            "special_plan",
            (2022, 2025),
        ),
        ("某县“十四五”卫生规划2023年工作方案\n正文。", "five_year_plan", (2023, 2023)),
        ("某局二〇二三年工作总结\n正文。", "review", (2023, 2023)),
        ("卫生健康局工作情况汇报\n成文日期:2024-01-15\n正文。", "review", (2023, 2023)),
        ("卫生健康局年度工作要点\n成文日期:2024-03-15\n正文。", "work_priorities", (2024, 2024)),
        ("卫生健康事业统计公报\n成文日期:2024-07-05\n正文。", "bulletin", (2023, 2023)),
        ("卫生健康发展规划纲要\n规划期为2021—2025年。", "five_year_plan", (2021, 2025)),
        ("健康某县行动实施方案\n到2022年,达标。到2030年,健全。", "action_plan", (None, 2030)),
        ("“健康某县2030”规划纲要\n正文。", None, (None, 2030)),
    ],
)
def test_years_that_stand_elsewhere_than_in_the_title_line(
    text: str, kind: str | None, years: tuple[int | None, int | None]
) -> None:
    found = header(text)
    assert found["document_type"] == kind
    assert (found["period_start"], found["period_end"]) == years
