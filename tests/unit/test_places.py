"""The place a value is for, where the sentence names another than the document's own."""

import pytest

from tests.reading import facts

CITY = "2020年荆门市卫生健康工作要点\n"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("沙洋县老龄化程度最高，老年人口占比达25.1%；钟祥市最低，为19.8%。", ["沙洋县", "钟祥市"]),
        ("沙洋县新增床位20张，增长5%。", ["沙洋县", "沙洋县"]),
        ("优质资源不足，仅沙洋县就有医院21个，占全市的三成以上。", ["沙洋县", "沙洋县"]),
        (
            "每千人口床位数达6.1张，其中山区的沙洋县、钟祥市分别达到6.9张和7.2张。",
            ["荆门市", "沙洋县", "钟祥市"],
        ),
        ("在钟祥市、京山市各建设分中心1个。", ["京山市", "钟祥市"]),
        ("沙洋县新建医院2家，全市医院达到12家。", ["沙洋县", "荆门市"]),
        ("沙洋县新建医院2家。乡镇卫生院达到12家。", ["沙洋县", "荆门市"]),
        ("其中沙洋县床位20张，农村养老床位30张。", ["沙洋县", "荆门市"]),
    ],
)
def test_places_of_a_sentence(text: str, places: list[str]) -> None:
    assert [f["jurisdiction_name"] for f in facts(text, CITY)] == places


def test_a_name_that_ends_in_two_signs_of_places() -> None:
    (found,) = facts("兰州市新建医院21个。", "2018年甘肃省卫生健康事业发展统计公报\n")
    assert found["jurisdiction_name"] == "兰州市"
