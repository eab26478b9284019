"""Numbers that are no values, and why."""

import pytest

from tests.reading import dispositions, read


@pytest.mark.parametrize(
    ("text", "number", "disposition"),
    [
        ("到2025年底基本建成。", "2025", "date"),
        ("2020年4月29日", "2020年4月29", "date"),
        ("时间:2022-04-18 08:44:56", "2022-04-18 08:44:56", "date"),
        ("行动计划(2021—2023年)", "2021—2023", "date"),
        ("6月底前完成。", "6", "date"),
        ("国发〔2016〕77号", "77", "document_id"),
        ("电话:0473-8992631", "0473-8992631", "document_id"),
        ("邮编:016000", "016000", "document_id"),
        ("索引号:014109760/2024-00027", "014109760/2024-00027", "document_id"),
        ("开展第32个爱国卫生月活动。", "32", "ordinal"),
        ("13.全力提高水平。", "13", "ordinal"),
        ("成立75周年。", "75", "ordinal"),
        ("处置“521”疫情。", "521", "name"),
        ("构建“1+5+X”布局。", "1+5+X", "name"),
        ("拨打12345热线。", "12345", "name"),
        ("基于5G网络。", "5", "name"),
        ("达到生物安全二级(P2)水平。", "2", "name"),
        ("落实18项核心制度。", "18", "name"),
        ("“健康荆门2030”行动。", "2030", "name"),
        ("建成15分钟健身圈。", "15", "name"),
        ("2型糖尿病患者。", "2", "name"),
        ("65岁以上老年人体检。", "65", "population"),
        ("0—6岁儿童保健。", "0—6", "population"),
        ("50万元以上设备管理。", "50万", "population"),
        ("比2015年降低。", "2015", "reference"),
        ("孕产妇死亡率20/10万。", "10万", "rate_base"),
        ("每10万人口配备。", "10万", "rate_base"),
        ("连续4年第一。", "4", "other"),
        ("24小时轮值。", "24", "other"),
        ("完成202282。", "202282", "other"),
        ("为35—64岁农村妇女筛查。", "35—64", "population"),
        ("1～3年级学生。", "1～3", "name"),
        ("麻疹疫苗2剂次接种率。", "2", "name"),
        ("素养水平超出目标(25%)2.78个百分点。", "2.78", "other"),
        ("浏览次数:1234次", "1234", "other"),
        ("2.2025年底前完成。", "2", "ordinal"),
        ("力争达到79。", "79", "other"),
    ],
)
def test_a_number_that_is_no_value(text: str, number: str, disposition: str) -> None:
    assert (number, disposition) in dispositions(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("开展活动32个。", "32"),
        ("人均预期寿命达到79岁。", "79"),
        ("落实制度18项。", "18"),
        ("培训2020人。", "2020"),
        ("接听热线12345件。", "12345"),
        ("2天内完成任务。", "2"),
        ("人均预期寿命达到79岁以上。", "79"),
        ("新增备案托育机构200家。", "200"),
        ("电话随访率达到95%。", "95"),
        ("购置CT2台。", "2"),
        ("平均住院日控制在8日以内。", "8"),
        ("每年培训2000-2050人。", "2000-2050"),
    ],
)
def test_a_number_that_looks_like_a_name_or_date_and_is_a_value(text: str, number: str) -> None:
    assert (number, "fact") in dispositions(text)


def test_an_unread_number_says_why() -> None:
    assert read("完成202282。")["number_mention"]["detail"].to_list() == ["no unit"]


def test_full_coverage_after_its_number_is_not_counted_twice() -> None:
    assert dispositions("任务实现100%全覆盖。") == [("100", "fact")]


def test_a_number_without_words_is_no_fact() -> None:
    assert dispositions("标题。\n95%\n(60%)") == [("95", "other"), ("60", "other")]
