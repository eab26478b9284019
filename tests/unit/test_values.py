"""What a person reads at once: one construct a test, each with words of its own."""

from typing import Any

import pytest

from tests.reading import PLAN, fact, facts

BULLETIN = "2023年某市卫生健康事业发展统计公报\n"
FIVE_YEARS = "某市“十四五”卫生健康事业发展规划\n一、规划背景\n{}\n"
FIVE_YEARS_AHEAD = "某市“十四五”卫生健康事业发展规划\n二、发展目标\n{}\n"


def rows(text: str, *columns: str, title: str = PLAN) -> list[tuple[Any, ...]]:
    return [tuple(f[c] for c in columns) for f in facts(text, title)]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("建设中心1—2个。", 1, 2, "个"),
        ("补偿比例为70—75%。", 70, 75, "%"),
        ("治愈率达60%~65%。", 60, 65, "%"),
        ("30%—40%的居委会设立工作室。", 30, 40, "%"),
        ("建设中心1至2个。", 1, 2, "个"),
        ("建筑面积5000-10000㎡。", 5000, 10000, "㎡"),
        ("投入1-2万元。", 10000, 20000, "元"),
    ],
)
def test_ranges(text: str, low: float, high: float, unit: str) -> None:
    found = fact(text)
    assert (found["value"], found["value_high"], found["unit"]) == (low, high, unit)
    assert found["comparator"] == "between"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("床位达10.65万张。", 106500, "张"),
        ("总价值6.93亿元。", 693000000, "元"),
        ("培训1.8万人次。", 18000, "人次"),
        ("孕产妇死亡率15/10万。", 15, "/10万"),
        ("婴儿死亡率12‰。", 12, "‰"),
        ("满意率超九成。", 90, "%"),
        ("管理率达百分之九十五。", 95, "%"),
        ("死亡率控制在十万分之190.7。", 190.7, "/10万"),
        ("提供服务12 个。", 12, "个"),
    ],
)
def test_multipliers_units_and_spelled_out_shares(text: str, value: float, unit: str) -> None:
    found = fact(text)
    assert (found["value"], found["unit"]) == (value, unit)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("管理率达95%。", "eq"),
        ("管理率达95%以上。", "ge"),
        ("管理率不低于95%。", "ge"),
        ("占比不低于业务收入的4%。", "ge"),
        ("至少建设3个中心。", "ge"),
        ("管理率超过95%。", "ge"),
        ("管理率≥95%。", "ge"),
        ("隔离房间36700多间。", "ge"),
        ("培训2万余人。", "ge"),
        ("死亡率控制在12‰以下。", "le"),
        ("占比降至8%以内。", "le"),
        ("占比不超过8%。", "le"),
        ("死亡率低于6‰。", "le"),
        ("死亡率下降到200/10万及以下。", "le"),
        ("培训200人左右。", "approx"),
        ("培训近200人。", "approx"),
        ("占比不足5%。", "lt"),
    ],
)
def test_comparators_before_and_after_the_number(text: str, comparator: str) -> None:
    assert fact(text)["comparator"] == comparator


@pytest.mark.parametrize(
    ("text", "change", "comparator", "value"),
    [
        ("非法行医案件下降5%。", "relative", "decrease", 5),
        ("近视率每年降低0.5个百分点。", "absolute", "decrease", 0.5),
        ("床位数增加2075张。", "absolute", "increase", 2075),
        ("医疗费用增长10%以上。", "relative", "increase", 10),
        ("医疗费用增长率达10%。", None, "eq", 10),
        ("药占比降至30%。", None, "eq", 30),
        ("补助标准提高至103元。", None, "eq", 103),
        ("新增健康企业10家。", None, "eq", 10),
        ("精减事项79项。", None, "eq", 79),
    ],
)
def test_changes_against_levels(text: str, change: str | None, comparator: str, value: float) -> None:
    found = fact(text)
    assert (found["change"], found["comparator"], found["value"]) == (change, comparator, value)


def test_a_change_names_its_base() -> None:
    assert rows("重大慢性病过早死亡率比2015年降低10%。", "period", "reference_period") == [("2020", "2015")]
    assert rows("非法行医案件同比下降5%。", "period", "reference_period") == [("2020", "2019")]


def test_a_respective_list_gives_each_subject_its_number() -> None:
    text = "一级、二级、三级医疗机构药物使用比例要分别达到90%、80%、60%以上。"
    assert rows(text, "indicator_text", "comparator", "value") == [
        ("一级医疗机构药物使用比例", "ge", 90),
        ("二级医疗机构药物使用比例", "ge", 80),
        ("三级医疗机构药物使用比例", "ge", 60),
    ]


def test_joint_subjects_share_the_rate() -> None:
    found = facts("高血压、糖尿病患者规范管理率达70%以上。")
    assert [f["indicator_text"] for f in found] == ["糖尿病患者规范管理率", "高血压患者规范管理率"]
    assert all(f["flags"] == ["coordinated"] and f["quote"] == "70" for f in found)


def test_an_owner_before_a_list_of_rates_holds_for_each() -> None:
    text = "奖励扶助对象个案确认率、信息录入率和资金发放率均达到100%。"
    assert [f["indicator_text"] for f in facts(text)] == [
        "奖励扶助对象个案确认率",
        "奖励扶助对象信息录入率",
        "奖励扶助对象资金发放率",
    ]


def test_one_total_over_several_things_is_one_fact() -> None:
    assert fact("共建专家工作室、联合病房31个。")["value"] == 31


def test_each_of_several_things_is_a_fact_of_its_own() -> None:
    text = "妇幼保健机构、疾控中心各4个。"
    assert rows(text, "indicator_text", "value") == [("妇幼保健机构", 4), ("疾控中心", 4)]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("建成健康村40个。", "健康村"),
        ("引进55名硕士研究生。", "引进硕士研究生"),
        ("新建56个成人接种门诊。", "新建成人接种门诊"),
        ("到2020年底,县域就诊率达到90%。", "县域就诊率"),
        ("全市医疗卫生机构达5814个。", "医疗卫生机构"),
        ("力争再创建3个国家卫生镇。", "再创建国家卫生镇"),
        ("流调队伍建设:建成总规模达1485人的流调队伍。", "流调队伍总规模"),
    ],
)
def test_the_noun_before_or_after_its_number(text: str, indicator: str) -> None:
    assert fact(text)["indicator_text"] == indicator


def test_a_list_of_counted_nouns_keeps_its_verb() -> None:
    text = "争创1—2个国家级重点专科、3—4个省级重点专科。"
    assert rows(text, "indicator_text", "flags") == [
        ("争创国家级重点专科", ["strive"]),
        ("争创省级重点专科", ["strive"]),
    ]


def test_a_value_grown_out_of_another_has_it_as_baseline() -> None:
    text = "每万人口全科医生数由2015年的1.3人发展到2020年的1.98人。"
    assert rows(text, "indicator_text", "value_type", "value", "period", title=FIVE_YEARS.format("")) == [
        ("每万人口全科医生数", "baseline", 1.3, "2015"),
        ("每万人口全科医生数", "actual", 1.98, "2020"),
    ]


def test_in_a_plan_what_it_grows_into_is_the_target() -> None:
    text = "到2025年,健康素养水平由20%提高到30%。"
    assert rows(text, "value_type", "value", "period", title=FIVE_YEARS_AHEAD.format("")) == [
        ("baseline", 20, "2020"),
        ("target", 30, "2025"),
    ]


def test_two_years_and_two_values() -> None:
    text = "居民健康素养水平到2022年和2030年分别不低于22%和30%。"
    assert rows(text, "period", "value", "comparator") == [("2022", 22, "ge"), ("2030", 30, "ge")]


def test_the_section_decides_between_target_and_actual() -> None:
    text = "一、2021年工作回顾\n建成医院3家。\n二、2022年工作安排\n建成医院5家。"
    found = rows(text, "value_type", "value", "period", title="2021年工作总结和2022年工作计划\n")
    assert found == [("actual", 3, "2021"), ("target", 5, "2022")]


def test_a_bulletin_has_results() -> None:
    text = "2023年末,全市床位达1200张,比上年增加30张。"
    assert rows(text, "value_type", "change", "period", "reference_period", title=BULLETIN) == [
        ("actual", None, "2023", None),
        ("actual", "absolute", "2023", "2022"),
    ]


def test_a_named_year_is_the_value_s() -> None:
    assert fact("到2022年,健康素养水平达到25%。", FIVE_YEARS_AHEAD.format(""))["period"] == "2022"
    assert fact("到2022年6月底前,完成改造30家。", FIVE_YEARS_AHEAD.format(""))["period"] == "2022-06"


def test_a_subject_left_out_is_that_of_the_clause_before() -> None:
    text = "全市人均预期寿命达到76.79岁,比2015年提高了1.64岁。"
    assert [f["indicator_text"] for f in facts(text)] == ["人均预期寿命", "人均预期寿命"]


def test_a_rate_left_out_is_that_of_the_clause_before() -> None:
    found = facts("综合医院互联网服务占比不低于4%,专科医院不低于2%。")
    assert found[1]["indicator_text"] == "专科医院互联网服务占比"


def test_full_coverage_in_words() -> None:
    found = fact("实现村卫生室签约服务全覆盖。")
    assert (found["value"], found["unit"], found["flags"]) == (100, "%", ["implied"])
    assert found["indicator_text"] == "村卫生室签约服务覆盖率"


def test_how_often() -> None:
    assert fact("每周上门巡诊1次。")["unit"] == "次/周"


def test_a_unit_left_out_is_inferred_or_null() -> None:
    rate = fact("婴儿死亡率控制在10以下。")
    assert (rate["unit"], rate["flags"]) == ("‰", ["unit_inferred"])
    people = fact("选送10左右医学骨干人才进修。")
    assert (people["unit"], people["flags"]) == ("人", ["unit_inferred"])
    assert fact("服务满意指数达到96。")["unit"] is None


def test_a_place_below_the_document_s_own() -> None:
    text = "荆门市卫生健康委员会\n2020年4月29日\n沙洋县建成医院2家。"
    assert fact(text)["jurisdiction_name"] == "沙洋县"


def test_every_value_names_the_rule_that_read_it() -> None:
    assert {f["rule_id"] for f in facts("床位达10张,比上年增长5%。")} == {"noun_before", "change"}


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        (
            "严重精神障碍患者在册2136人,规范管理率95.6%,服药率90.2%。",
            ["严重精神障碍患者在册", "严重精神障碍患者规范管理率", "严重精神障碍患者服药率"],
        ),
        ("全年免费婚检1926对,婚检率82.33%。", ["免费婚检", "婚检率"]),
        ("社区医院19间,占全省37.25%。", ["社区医院", "社区医院占全省比例"]),
        ("获得省级特等奖1项、一等奖1项和二等奖2项。", ["获得省级特等奖", "获得省级一等奖", "获得省级二等奖"]),
        ("创建省级托育机构14家、示范性机构6家。", ["创建省级托育机构", "创建示范性机构"]),
        (
            "新农合参合率98%,筹资水平达到人均340元(政府补助280元,个人缴费60元)。",
            ["新农合参合率", "新农合人均筹资水平", "人均政府补助", "人均个人缴费"],
        ),
        ("孕产妇死亡率从15.7/10万降到15.1/10万,降幅达3.8%。", ["孕产妇死亡率"] * 3),
        ("就诊率达60%手术占比达20%。", ["就诊率", "手术占比"]),
    ],
)
def test_what_a_clause_leaves_out_is_borrowed(text: str, indicators: list[str]) -> None:
    assert [f["indicator_text"] for f in facts(text)] == indicators


def test_in_a_review_what_was_aimed_at_is_a_target() -> None:
    text = "婚检率82.33%,超出目标(60%)22.33个百分点。"
    found = rows(text, "value", "value_type", title="2021年工作总结\n")
    assert found[:2] == [(82.33, "actual"), (60, "target")]


def test_large_amounts_are_exact() -> None:
    assert fact("社会卫生支出41676.8亿元。")["value"] == 4167680000000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("人口自然增长率为-0.6‰。", ("人口自然增长率", None, -0.6)),
        ("门诊量增长-5.2%。", ("门诊量", "decrease", 5.2)),
        ("经费8000-1万元。", ("经费", "between", 8000)),
        ("服务群众5千人。", ("服务群众", None, 5000)),
        ("服务群众约300 万人。", ("服务群众", None, 3000000)),
        ("患病率控制在百分之零点二以内。", ("患病率", "le", 0.2)),
        ("达标率百分之一百二十。", ("达标率", None, 120)),
        ("婴儿死亡率(‰)5.2。", ("婴儿死亡率", None, 5.2)),
        ("覆盖率达百分之百全覆盖。", ("覆盖率", None, 100)),
        ("次均费用增幅控制在5%以内。", ("次均费用增幅", "le", 5)),
        ("家庭医生签约12.6万人。", ("家庭医生签约", "eq", 126000)),
        ("1.2024年全县新增床位200张。", ("新增床位", None, 200)),
    ],
)
def test_signs_ends_and_spellings(text: str, found: tuple[str, str | None, float]) -> None:
    name, comparator, value = found
    only = fact(text)
    assert (only["indicator_text"], only["value"]) == (name, value)
    assert comparator is None or only["comparator"] == comparator


@pytest.mark.parametrize(
    "name", ["应急床位", "其他医院床位", "使用率", "完成率", "加强针接种率", "建成区绿化率", "共青团员人数"]
)
def test_a_name_is_not_cut_inside_a_word(name: str) -> None:
    assert fact(f"{name}达85%。")["indicator_text"] == name


def test_words_that_hold_a_numeral_are_no_shares() -> None:
    assert [f["value"] for f in facts("统一成立领导小组1个。第三成员单位5家。")] == [1, 5]


def test_a_density_holds_for_the_list_after_it() -> None:
    text = "每千人口床位数7.5张、医师数3.6人、护士数4.5人,机构总数328个。"
    assert [f["indicator_text"] for f in facts(text)] == [
        "每千人口床位数",
        "每千人口医师数",
        "每千人口护士数",
        "机构总数",
    ]


def test_a_list_may_give_its_unit_once_and_a_comma_in_it_parts() -> None:
    text = "甲乡、乙乡、丙乡床位分别达到100,200,300张。"
    assert rows(text, "value", "unit") == [(100, "张"), (200, "张"), (300, "张")]


def test_as_many_years_as_values() -> None:
    text = "2019年、2020年、2021年孕产妇死亡率分别为10.1/10万、9.5/10万、8.8/10万。"
    assert [f["period"] for f in facts(text, "2021年工作总结\n")] == ["2019", "2020", "2021"]


def test_from_last_year_s_value() -> None:
    found = rows("死亡率由上年的10万分之16.9降到10万分之15.1。", "value", "period", title=BULLETIN)
    assert found == [(16.9, "2022"), (15.1, "2023")]


def test_what_is_grown_out_of_is_no_range() -> None:
    assert rows("管理率由70%到80%。", "value_type", "value") == [("baseline", 70), ("target", 80)]


def test_each_people_of_a_list_is_its_own() -> None:
    found = facts("患者满意度、职工满意度均达90%以上。")
    assert [f["indicator_text"] for f in found] == ["患者满意度", "职工满意度"]


def test_the_subject_goes_over_the_full_stop_but_not_over_the_line() -> None:
    assert [f["indicator_text"] for f in facts("人均预期寿命达78岁。力争达到79岁。")] == ["人均预期寿命"] * 2
    assert [f["value"] for f in facts("人均预期寿命达78岁。\n力争达到79岁。")] == [78]


def test_a_very_long_sentence_is_read_in_good_time() -> None:
    text = "全市" + "\uff0c".join(f"引进{n}名硕士" for n in range(1, 3000))
    found = facts(text)
    assert len(found) == 2999
    whole = PLAN + text
    assert all(whole[f["char_start"] : f["char_end"]] == f["quote"] for f in found)
    assert max(len(f["sentence"]) for f in found) < 3000


@pytest.mark.parametrize("cell", ["4/10万", "31.39/10万", "1/万"])
def test_the_base_of_a_rate_in_a_cell_is_no_value(cell: str) -> None:
    body = f"指标\n\n2020年\n\n2025年\n\n孕产妇死亡率\n\n{cell}\n\n≤13\n\n约束性\n\n"
    assert [f["value"] for f in facts(body)] == [float(cell.split("/")[0]), 13.0]
