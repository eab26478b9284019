"""Periods, kinds of value and places, on constructs written for the purpose."""

import pytest

from tests.reading import facts, read

PLAN = "叙永县“十四五”卫生健康发展规划\n"
REVIEW = "2022年卫生健康工作总结和2023年工作计划\n"
LONG = "百色市妇幼健康提升规划\n(2021—2030年)\n"
BACK, AIMS, TASKS = "一、发展基础\n", "二、发展目标\n", "三、重点任务\n"


def told(text: str, *columns: str) -> list[tuple[object, ...]]:
    table = read(text)["fact_indicator_value"].sort("char_start", "jurisdiction_name")
    return table.select("value", *columns).rows()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAN + BACK + "“十三五”期间,新建卫生室56个,床位达到3200张。", ["2016/2020", "2020"]),
        (PLAN + BACK + "五年来,引进人才210名,发病率年均31.5/10万。", ["2016/2020", "2016/2020"]),
        (PLAN + BACK + "“十三五”期间,死亡率由22.1/10万降至11.3/10万。", ["2015", "2020"]),
        (
            PLAN + BACK + "新生儿死亡率由2015年的9‰降至5‰;婴儿死亡率由7‰降至4‰。",
            ["2015", "2020", "2015", "2020"],
        ),
        (PLAN + AIMS + "“十四五”期间,新增托位900个,每千人口床位数达到7张。", ["2021/2025", "2025"]),
        (PLAN + AIMS + "2023—2025年,每年新增托位120个。", ["2023/2025"]),
        (PLAN + AIMS + "全科医生数由1.5名增加到3.2名。", ["2020", "2025"]),
        (PLAN + AIMS + "目前,全县现有床位2000张。", ["2020"]),
        (PLAN + BACK + "自2019年启动试点以来,共设置安宁病区4个。", ["2020"]),
        (PLAN + AIMS + "2023年起接种率不低于60%。", ["2023"]),
        (PLAN + AIMS + "自2022年起,扶助标准由2020年的每人每月300元提高到400元。", ["2020", "2022"]),
        (PLAN + AIMS + "5年累计筛查4万人。", ["2021/2025"]),
        (PLAN + TASKS + "床位达到10张。\n附件\n绩效评价细则(2022年度)\n签约率不低于90%。", ["2025", "2022"]),
        (LONG + AIMS + "到2025年,孕产妇死亡率降到12/10万。婴儿死亡率降到4‰。", ["2025", "2025"]),
        (LONG + TASKS + "到2025年,新建产房5个。产前筛查率达到90%。", ["2025", "2030"]),
        (
            LONG + AIMS + "到2025年,主要目标如下:\n——签约率达到75%。\n——管理率2030年达到80%。",
            ["2025", "2030"],
        ),
        (LONG + TASKS + "健康管理率2025年达到91%,2030年达到94%。", ["2025", "2030"]),
        (
            REVIEW + "二、2023年工作计划\n6月底前完成5家卫生院改造,年底前建成托育机构3家。",
            ["2023-06", "2023"],
        ),
        (REVIEW + "二、2023年工作计划\n签约率由37%提高到40%。", [None, "2023"]),
        (REVIEW + "一、2022年工作总结\n接诊能力由去年底的2万人次提升至6万人次。", ["2021", "2022"]),
        (REVIEW + "一、2022年工作总结\n去年全县招聘护士38名,比上年的21名有所增加。", ["2022", "2021"]),
        (REVIEW + "一、2022年工作总结\n下转患者为2019年的1.8倍;节省费用90万元。", ["2022"]),
        (REVIEW + "一、2022年工作总结\n床位比2018年增加300张,年均增长4.5%。", ["2022", "2018/2022"]),
        (REVIEW + "2023:再上新台阶\n签约率达到52%。", ["2023"]),
        (REVIEW + "二、2023年工作计划\n9月底前达标率达100%;全年培训医师80人次。", ["2023-09", "2023"]),
        (LONG + TASKS + "健康管理率由2018年的66%提高到72%(2025年)、81%(2030年)。", ["2018", "2025", "2030"]),
        (
            LONG + TASKS + "到2025年和2030年,医师数由2018年的1.9名增加到3.2名和4.6名。",
            ["2018", "2025", "2030"],
        ),
        (PLAN + TASKS + "托育中心总投资960万元,设托位120个,2024年10月底前建成投用。", ["2024-10", "2024-10"]),
        (PLAN + TASKS + "三年计划投入资金3亿元。其中,省级补助2亿元。", ["2023/2025", "2023/2025"]),
    ],
)
def test_the_time_a_value_is_for(text: str, expected: list[str | None]) -> None:
    assert [period for _, period in told(text, "period")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAN + AIMS + "早死率比2019年(19.2%)下降10%。", ["baseline", "target"]),
        (PLAN + AIMS + "素养水平不低于25%(2019年为13.6%)。", ["target", "baseline"]),
        (PLAN + TASKS + "补贴在2020年每月120元的基础上提高到200元。", ["baseline", "target"]),
        (REVIEW + "一、2022年工作总结\n现有托位3.9个,而2019年只有1.2个。", ["actual", "baseline"]),
        (REVIEW + "二、2023年工作计划\n截至2022年底,床位850张。签约率达到60%。", ["actual", "target"]),
    ],
)
def test_what_a_value_is_held_against(text: str, expected: list[str]) -> None:
    assert [kind for _, kind in told(text, "value_type")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAN + BACK + "较“十二五”末,每千人口床位数增加1.2张。", ["2015"]),
        (PLAN + AIMS + "以2020年为基数,贫血率下降10%,伤害死亡率下降5%。", ["2020", "2020"]),
        (PLAN + AIMS + "人均预期寿命在2020年基础上提高1岁。", ["2020"]),
        (REVIEW + "一、2022年工作总结\n诊疗人次比上年增加2万人次,增长3.1%。", ["2021", "2021"]),
    ],
)
def test_the_time_a_change_is_measured_from(text: str, expected: list[str]) -> None:
    assert [reference for _, reference in told(text, "reference_period")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、2022年工作总结\n签约率84%(目标75%)。", ["actual", "target"]),
        ("一、2022年工作总结\n免疫接种率71%,距75%的目标较远。", ["actual", "target"]),
        ("一、2022年工作总结\n提前实现到2025年死亡率控制在11%以内的目标。", ["target"]),
        ("二、2023年工作\n新增床位200张。", ["target"]),
        ("三、存在的困难\n每千人口医师数1.9人。", ["actual"]),
    ],
)
def test_whether_a_value_was_reached_or_is_aimed_at(text: str, expected: list[str]) -> None:
    assert [kind for _, kind in told(REVIEW + text, "value_type")] == expected


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("乐业、凌云两县孕产妇死亡率分别为8/10万和9/10万。", ["乐业县", "凌云县"]),
        ("2021年隆林各族自治县、西林县住院分娩率分别为98%、97%。", ["隆林各族自治县", "西林县"]),
        ("乐业、凌云两县住院分娩率均达到98%。", ["乐业县", "凌云县"]),
        ("那坡县住院分娩率99.1%。", ["那坡县"]),
        ("那坡县人民医院开放床位300张。", ["百色市"]),
        ("中心城区住院分娩率99.1%。", ["百色市"]),
        ("全区平均住院分娩率为96%。", ["广西壮族自治区"]),
    ],
)
def test_the_place_a_value_is_for(text: str, places: list[str]) -> None:
    assert sorted(str(name) for _, name in told(LONG + text, "jurisdiction_name")) == sorted(places)


def test_the_place_is_no_part_of_the_indicator() -> None:
    text = PLAN + TASKS + "江门镇孕产妇系统管理率达到90%。各乡镇卫生院达标率达到80%。"
    table = read(text)["fact_indicator_value"].sort("char_start")
    names = table.select("indicator_text", "jurisdiction_name").rows()
    assert names[0] == ("孕产妇系统管理率", "江门镇")
    assert names[1][1] == "叙永县"


BULLETIN = "2018年某市卫生健康事业发展统计公报\n"


def test_the_value_of_the_year_before_dates_only_itself() -> None:
    text = "卫生人员210人,上年末为200人,增幅5%,其中女性150人。"
    assert told(BULLETIN + text, "value_type", "period") == [
        (210, "actual", "2018"),
        (200, "baseline", "2017"),
        (5, "actual", "2018"),
        (150, "actual", "2018"),
    ]


def test_an_aim_quoted_beside_a_result() -> None:
    text = "每万人口全科医生1.6人,与2020年达到2人以上的规划目标尚有差距。"
    assert told(BULLETIN + text, "value_type", "period") == [(1.6, "actual", "2018"), (2, "target", "2020")]


def test_a_mean_over_years_named_once_is_over_those_years() -> None:
    text = "2015年到2020年发病率平均为4.1%；患病率平均为3.5%，死亡率平均为13.6/10万。"
    found = facts(text, "某市“十四五”卫生健康发展规划\n一、规划背景\n")
    assert [f["period"] for f in found] == ["2015/2020"] * 3
