"""Tables in plain text: one cell a line, and rows parted by bars or tabs."""

from typing import Any

from tests.reading import read

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
    assert cells(tabbed, *columns) == cells(ROWS, *columns)


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
