"""What a number says: value, range, multiplier, unit, comparator and change, by construct."""

import pytest

from tests.reading import dispositions, fact, facts


@pytest.mark.parametrize(
    ("text", "value", "high", "unit"),
    [
        ("核酸日检测能力达到2.4万管。", 24000, None, "管"),
        ("发放健康手册5万册。", 50000, None, "册"),
        ("健康步道长15千米。", 15, None, "千米"),
        ("全年培训3000人（次）。", 3000, None, "人次"),
        ("举办培训班12期。", 12, None, "期"),
        ("血液保障率达到百分之九十以上。", 90, None, "%"),
        ("患病率降至千分之3.2。", 3.2, None, "‰"),
        ("死亡率降至十万分之9.8。", 9.8, None, "/10万"),
        ("高危人群干预率达七八成。", 70, 80, "%"),
        ("老年人占比为三至四成。", 30, 40, "%"),
        ("老年人占比为三成半。", 35, None, "%"),
        ("群众满意度达九成五以上。", 95, None, "%"),
        ("新建床位每张补助12000元/床。", 12000, None, "元/床"),
        ("床位100张～120张。", 100, 120, "张"),
        ("床位使用率为60%（含）—65%。", 60, 65, "%"),
        ("高学历人员占比不足两成。", 20, None, "%"),
        ("每所卫生院补助150—300万元。", 1500000, 3000000, "元"),
        ("新建医院5～6家。", 5, 6, "家"),
        ("每年选派2—3 个团队。", 2, 3, "个"),
        ("病死率为5%～8%。", 5, 8, "%"),
        ("全年总诊疗人次1864.3万，稳中有升。", 18643000, None, "人次"),
        ("全年争取资金3.5亿。", 350000000, None, "元"),
        ("全年服务患者2万多。", 20000, None, "人"),
    ],
)
def test_value_range_and_unit(text: str, value: float, high: float | None, unit: str) -> None:
    read = fact(text)
    assert (read["value"], read["value_high"], read["unit"]) == (value, high, unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("床位使用率和治愈率分别提高6.8个和8.1个百分点。", [(6.8, "个百分点"), (8.1, "个百分点")]),
        ("死亡率、发病率分别下降0.22个、0.31个千分点。", [(0.22, "个千分点"), (0.31, "个千分点")]),
        ("门诊、住院人次分别增加12.5和3.6万人次。", [(125000, "人次"), (36000, "人次")]),
        ("门诊、住院人次分别为120、3.5和1.2万人次。", [(1200000, "人次"), (35000, "人次"), (12000, "人次")]),
        ("医师、护士分别有8000、1.2万名。", [(8000, "名"), (12000, "名")]),
        ("男性、女性寿命分别提高0.3和0.5岁。", [(0.3, "岁"), (0.5, "岁")]),
        ("三区接种率为98.5、98.2%和97.6%。", [(98.5, "%"), (98.2, "%"), (97.6, "%")]),
        ("建设中心2个和基地3个。", [(2, "个"), (3, "个")]),
    ],
)
def test_the_last_of_a_list_says_unit_and_multiplier_for_all(
    text: str, values: list[tuple[float, str]]
) -> None:
    assert [(f["value"], f["unit"]) for f in facts(text)] == values


def test_a_sign_lost_in_a_list_is_inferred() -> None:
    first, second = facts("两区接种率分别为98.5、98.2%、97.6%。")[:2]
    assert ("unit_inferred" in first["flags"], "unit_inferred" in second["flags"]) == (True, False)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("规范管理率达到90%（含）以上。", "ge"),
        ("规范管理率达到90%或以上。", "ge"),
        ("规范管理率不低于85%（含85%）。", "ge"),
        ("规范管理率〉60%。", "ge"),
        ("病死率〈3%。", "le"),
        ("死亡率控制在4‰以内。", "le"),
        ("床位突破3万张。", "ge"),
        ("乡镇卫生院不足30家。", "lt"),
        ("培训学员近500人次。", "approx"),
        ("培训学员3000余人次。", "ge"),
    ],
)
def test_comparator(text: str, comparator: str) -> None:
    assert fact(text)["comparator"] == comparator


@pytest.mark.parametrize(
    ("text", "comparators"),
    [
        ("每院至少建成2个特色专科和1个推广中心。", ["ge", "ge"]),
        ("每院至少建成2个专科、1个基地和3个站点。", ["ge", "ge", "ge"]),
        ("至少建成2个特色专科，新增床位30张。", ["ge", "eq"]),
        ("城市、农村素养水平分别达到30%、25%及以上。", ["ge", "ge"]),
        ("管理率、随访率分别不低于90%和85%。", ["ge", "ge"]),
    ],
)
def test_a_comparator_said_once_holds_for_the_list(text: str, comparators: list[str]) -> None:
    assert [f["comparator"] for f in facts(text)] == comparators


@pytest.mark.parametrize(
    ("text", "change", "comparator"),
    [
        ("医疗机构比上年净增15个。", "absolute", "increase"),
        ("门诊量同比增12.3%。", "relative", "increase"),
        ("住院费用较2019年降8.1%。", "relative", "decrease"),
        ("医疗机构比上年多15家。", "absolute", "increase"),
        ("床位增幅收窄0.3个百分点。", "absolute", "decrease"),
        ("新增床位200张。", None, "eq"),
        ("全市增加产科床位180张。", "absolute", "increase"),
        ("增加床位数达到180张。", None, "eq"),
        ("床位数较2015年增长1.6倍。", "relative", "increase"),
        ("床位最多200张。", None, "le"),
    ],
)
def test_change(text: str, change: str | None, comparator: str) -> None:
    read = fact(text)
    assert (read["change"], read["comparator"]) == (change, comparator)


@pytest.mark.parametrize("text", [f"新增床位{'9' * 400}张。", f"投入{'9' * 305}亿元。"])
def test_more_digits_than_a_number_holds_are_not_read(text: str) -> None:
    assert facts(text) == []
    [(_, disposition)] = dispositions(text)
    assert disposition != "fact"
