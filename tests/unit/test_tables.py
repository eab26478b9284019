"""Tables in plain text: one cell a line, and rows parted by bars or tabs."""

from typing import Any

import polars as pl
import pytest

from pipelines.lexicons import Rule, load_lexicons
from pipelines.transforms.tables_words import KINDS, TableWords
from tests.reading import facts, read

ONE_YEAR = """某市“十四五”卫生健康事业发展规划
二、发展目标

主要指标

2025年

指标性质

健康

水平

1

人均预期寿命(岁)

77.6

预期性

2

婴儿死亡率(

10

预期性

3

孕产妇系统管理率和3岁以下儿童系统管理率(%)

90

约束性

4

近视率(%)

每年降低0.5个百分点

约束性

实施强化措施。
"""
TWO_YEARS = """2023年某市卫生健康事业发展统计公报
指标
单位
2022年
2023年
1
床位数
张
1,200
1300
2
2
医师数
人
500
520
"""


def cells(text: str, *columns: str) -> list[tuple[Any, ...]]:
    table = read(text)["fact_indicator_value"].sort("char_start", "indicator_text")
    return table.select(columns).rows()


def test_a_plan_s_table_with_units_in_the_labels() -> None:
    assert cells(ONE_YEAR, "indicator_text", "value", "unit", "period", "value_type") == [
        ("人均预期寿命", 77.6, "岁", "2025", "target"),
        ("婴儿死亡率", 10.0, "‰", "2025", "target"),
        ("3岁以下儿童系统管理率", 90.0, "%", "2025", "target"),
        ("孕产妇系统管理率", 90.0, "%", "2025", "target"),
        ("近视率", 0.5, "个百分点", "2025", "target"),
    ]


def test_attributes_are_flags() -> None:
    flags = [row[0] for row in cells(ONE_YEAR, "flags")]
    assert set(flags[0]) == {"anticipatory", "table"}
    assert set(flags[1]) == {"unit_inferred", "anticipatory", "table"}
    assert set(flags[2]) == {"coordinated", "binding", "table"}


def test_a_change_in_a_cell() -> None:
    assert cells(ONE_YEAR, "change", "comparator")[-1] == ("absolute", "decrease")


def test_row_numbers_are_ordinals_and_years_dates() -> None:
    table = read(ONE_YEAR)["number_mention"].filter(rule_id="table_row_number")
    assert table.sort("char_start")["mention"].to_list() == ["1", "2", "3", "4"]


def test_two_year_columns_with_the_unit_in_a_column_of_its_own() -> None:
    assert cells(TWO_YEARS, "indicator_text", "value", "unit", "period", "value_type") == [
        ("床位数", 1200.0, "张", "2022", "actual"),
        ("床位数", 1300.0, "张", "2023", "actual"),
        ("医师数", 500.0, "人", "2022", "actual"),
        ("医师数", 520.0, "人", "2023", "actual"),
    ]


ROWS = """某县“十四五”卫生健康事业发展规划
三、主要指标
| 序号 | 领域 | 指标 | 单位 | 2020年 | 2025年 | 属性 |
| --- | --- | --- | --- | --- | --- | --- |
| 1 | 健康水平 | 人均预期寿命 | 岁 | 77.93 | 79 | 预期性 |
| 2 |  | 孕产妇死亡率 | /10万 | 12.4 | ≤10 | 约束性 |
| 3 |  | 15岁以上人群吸烟率(%) |  | 25.8 | 每年降低0.5个百分点 |  |
"""


def test_rows_parted_by_bars() -> None:
    columns = ("indicator_text", "comparator", "value", "unit", "period", "value_type")
    assert cells(ROWS, *columns) == [
        ("人均预期寿命", "eq", 77.93, "岁", "2020", "baseline"),
        ("人均预期寿命", "eq", 79.0, "岁", "2025", "target"),
        ("孕产妇死亡率", "eq", 12.4, "/10万", "2020", "baseline"),
        ("孕产妇死亡率", "le", 10.0, "/10万", "2025", "target"),
        ("15岁以上人群吸烟率", "eq", 25.8, "%", "2020", "baseline"),
        ("15岁以上人群吸烟率", "decrease", 0.5, "个百分点", "2025", "target"),
    ]


def test_rows_parted_by_tabs_read_the_same() -> None:
    bare = "\n".join(line.strip("| ") for line in ROWS.splitlines() if "---" not in line)
    tabbed = bare.replace(" | ", "\t").replace(" |", "\t")
    columns = ("indicator_text", "comparator", "value", "unit", "period", "value_type")
    assert cells(tabbed, *columns) == cells(ROWS, *columns) != []


def test_numbers_of_a_row_that_are_no_values() -> None:
    table = read(ROWS)["number_mention"].sort("char_start")
    others = table.filter(table["disposition"] != "fact").select("mention", "disposition").rows()
    assert others == [
        ("2020", "date"),
        ("2025", "date"),
        ("1", "ordinal"),
        ("2", "ordinal"),
        ("10万", "rate_base"),
        ("3", "ordinal"),
        ("15", "population"),
    ]


HEAD = "某县“十四五”卫生健康事业发展规划\n三、主要指标\n"


def values(text: str) -> list[tuple[Any, ...]]:
    return cells(HEAD + text, "indicator_text", "value", "unit", "period", "value_type")


def test_a_value_that_looks_like_a_year_is_one_only_in_a_header() -> None:
    text = "指标|单位|2020|2025\n执业医师数|人|1980|2300\n孕产妇死亡率|/10万|16.9|14.5\n"
    assert values(text) == [
        ("执业医师数", 1980, "人", "2020", "baseline"),
        ("执业医师数", 2300, "人", "2025", "target"),
        ("孕产妇死亡率", 16.9, "/10万", "2020", "baseline"),
        ("孕产妇死亡率", 14.5, "/10万", "2025", "target"),
    ]


def test_columns_may_be_named_by_what_they_hold() -> None:
    text = "指标|责任单位|现状值|目标值\n人均预期寿命(岁)|市卫健委|77.3|78.3\n"
    assert values(text) == [
        ("人均预期寿命", 77.3, "岁", None, "baseline"),
        ("人均预期寿命", 78.3, "岁", "2025", "target"),
    ]


def test_numbers_in_columns_without_a_header_are_not_guessed_at() -> None:
    table = read(HEAD + "大型设备(台)|35|40\n病房(间)|12|14\n")
    assert table["fact_indicator_value"].height == 0
    assert set(table["number_mention"]["detail"]) == {"a table cell whose column is not known"}


def test_a_dash_holds_the_place_of_a_value() -> None:
    lines = (
        "指标\n单位\n2020年\n2025年\n托育床位\n个\n-\n4.5\n医疗床位数\n张\n100\n120\n医师人数\n人\n30\n40\n"
    )
    assert values(lines)[0] == ("托育床位", 4.5, "个", "2025", "target")


def test_a_row_that_lost_a_value_is_not_guessed_at() -> None:
    lines = "指标\n2020年\n2025年\n医疗床位数\n100\n120\n医师人数\n30\n护士人数\n50\n60\n药师人数\n5\n6\n"
    found = [row[0] for row in values(lines)]
    assert found == ["医疗床位数"] * 2 + ["护士人数"] * 2 + ["药师人数"] * 2


def test_prose_with_tabs_before_it_is_prose() -> None:
    (row,) = values("\t\t到2025年,高血压患者规范管理率达到70%以上。\n")
    assert row == ("高血压患者规范管理率", 70, "%", "2025", "target")


def test_a_negative_cell() -> None:
    assert values("指标|单位|2025年\n人口自然增长率|‰|-0.6\n")[0][1] == -0.6


BOTH_YEARS = [
    ("人均预期寿命", 76, "岁", "2020", "baseline"),
    ("人均预期寿命", 78, "岁", "2025", "target"),
    ("孕产妇死亡率", 14.2, "/10万", "2020", "baseline"),
    ("孕产妇死亡率", 14, "/10万", "2025", "target"),
]
LAYOUTS = {
    "a first column merged": "序号\t领域\t指标\t单位\t2020年\t2025年\t属性\n"
    "1\t健康水平\t人均预期寿命\t岁\t76\t78\t预期性\n2\t孕产妇死亡率\t/10万\t14.2\t≤14\t预期性\n",
    "spaces": "指标            单位    2020年    2025年\n"
    "人均预期寿命    岁      76        78\n孕产妇死亡率(1/10万)    14.2      ≤14\n",
    "two header rows": "指标|单位|基期|目标\n||2020年|2025年\n"
    "人均预期寿命|岁|76|78\n孕产妇死亡率|1/10万|14.2|≤14\n",
    "cells a line": "指标\n2020年\n2025年\n一、健康水平\n"
    "人均预期寿命(岁)\n76\n78\n孕产妇死亡率(1/10万)\n14.2\n14\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_reads_the_same(layout: str) -> None:
    assert values(LAYOUTS[layout]) == BOTH_YEARS


def test_an_empty_spaced_cell_is_told_by_the_place_of_the_others() -> None:
    text = (
        "指标            单位    2020年    2025年\n"
        "托位数          个                4.5\n"
        "床位数          张      100       120\n"
    )
    assert values(text)[0] == ("托位数", 4.5, "个", "2025", "target")


def test_parts_of_a_whole_take_its_metric_unit_and_multiplier() -> None:
    table = (
        "某市2023年卫生健康事业发展统计公报\n指标|2023年|比上年增减(%)\n"
        "总诊疗人次数(万人次)|3000|-5\n其中:医院|1200|3\n"
    )
    assert cells(table, "indicator_text", "value", "unit", "comparator", "period") == [
        ("总诊疗人次数", 30_000_000, "人次", "eq", "2023"),
        ("总诊疗人次数", 5, "%", "decrease", "2023"),
        ("医院诊疗人次数", 12_000_000, "人次", "eq", "2023"),
        ("医院诊疗人次数", 3, "%", "increase", "2023"),
    ]


def test_labels_apart_from_their_values_are_joined_only_one_to_one() -> None:
    labels = "人均预期寿命(岁)\n吸烟率(%)\n"
    assert [row[1] for row in values(f"指标\n2025年\n{labels}78\n23\n")] == [78, 23]
    assert values(f"指标\n2020年\n2025年\n{labels}77\n78\n25\n23\n") == []


OVER_COLUMNS = {
    "kinds": (
        "指标|单位|三级医院|二级医院\n床位使用率|%|97|82\n平均住院日|日|9.8|8.1\n",
        "三级医院床位使用率",
    ),
    "people": ("指标\t合计\t男\t女\n人均预期寿命(岁)\t78\t76\t82\n吸烟率(%)\t22\t40\t2\n", "人均预期寿命"),
    "cells a line": ("指标\n单位\n女\n男\n吸烟率\n%\n2\n40\n健康素养水平\n%\n28\n26\n", "女性吸烟率"),
    "spaces": (
        "指标            单位    公立医院    民营医院\n"
        "床位使用率      %       97.3        81.7\n平均住院日      日      9.8         8.1\n",
        "公立医院床位使用率",
    ),
}


@pytest.mark.parametrize("layout", OVER_COLUMNS)
def test_what_stands_over_a_column_names_its_values(layout: str) -> None:
    text, first = OVER_COLUMNS[layout]
    found = values(text)
    assert found[0][0] == first
    assert len({name for name, *_ in found}) == len(found)


def test_places_over_columns() -> None:
    table = (
        "荆门市2023年卫生健康事业发展统计公报\n指标|全省|全市|沙洋县|钟祥市\n"
        "床位数(张)|90000|5000|1200|1300\n医师数(人)|80000|4000|900|800\n"
    )
    found = cells(table, "indicator_text", "value", "jurisdiction_name")[:4]
    assert found == [
        ("床位数", 90000, "湖北省"),
        ("床位数", 5000, "荆门市"),
        ("床位数", 1200, "沙洋县"),
        ("床位数", 1300, "钟祥市"),
    ]


NO_ROWS = {
    "years over kinds over the columns": "指标|2020年|2020年|2025年|2025年\n|男|女|男|女\n"
    "人均预期寿命(岁)|76|82|77|83\n吸烟率(%)|40|2|30|1\n",
    "places under one heading": "地区|床位数(张)\n东县|2000\n西县|3000\n",
    "the foot of a page": "版权所有    2024    某县\n某单位    2022年    5月\n",
    "a row short of a value": "指标\t2019年\t2020年\t2025年\n护士人数\t50\t60\n",
    "a change in an unnamed measure": "指标|比上年增减\n床位数(张)|10\n医师数(人)|5\n",
}


@pytest.mark.parametrize("case", NO_ROWS)
def test_numbers_whose_column_is_not_known_are_left_unplaced(case: str) -> None:
    assert values(NO_ROWS[case]) == []


KINDS_DECIDED = [rule for rule in load_lexicons()["table_words"].rules if rule.meaning in KINDS]


@pytest.mark.parametrize("rule", KINDS_DECIDED, ids=[rule.rule_id for rule in KINDS_DECIDED])
def test_each_word_of_a_table_is_of_its_own_kind(rule: Rule) -> None:
    words = TableWords(load_lexicons(), "张|人|%")
    assert words.with_kind(pl.DataFrame({"text": [rule.example]}))["kind"].item() == rule.meaning


def test_a_cell_that_says_it_falls_from_the_base_is_a_change() -> None:
    cells = ["主要指标", "2025年", "发病率(%)", "10", "患病率(%)", "20", "过早死亡率(%)", "比基期降低10%"]
    cells += ["吸烟率(%)", "2020年基础上下降5%", "近视率(%)", "30"]
    rows = "\n\n".join(cells)
    found = [(f["quote"], f["change"]) for f in facts(rows, "某市“十四五”卫生健康发展规划\n")]
    assert found == [("10", None), ("20", None), ("10", "relative"), ("5", "relative"), ("30", None)]
