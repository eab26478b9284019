"""The place a value is for, where the sentence names another than the document's own."""

import pytest

from tests.reading import facts, read

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
        (
            "2020年，全国孕产妇死亡率为16.1/10万，全省为10.2/10万，我市为8.5/10万。",
            ["中华人民共和国", "湖北省", "荆门市"],
        ),
        ("全省三级医院达到120家。", ["湖北省"]),
        ("全市三级医院达到8家。", ["荆门市"]),
        ("建成全国示范性老年友好型社区5个。全国文明单位2个。", ["荆门市", "荆门市"]),
    ],
)
def test_places_of_a_sentence(text: str, places: list[str]) -> None:
    assert [f["jurisdiction_name"] for f in facts(text, CITY)] == places


def test_a_name_that_ends_in_two_signs_of_places() -> None:
    (found,) = facts("兰州市新建医院21个。", "2018年甘肃省卫生健康事业发展统计公报\n")
    assert found["jurisdiction_name"] == "兰州市"


@pytest.mark.parametrize(
    ("title", "text", "place"),
    [
        ("2020年广州市卫生健康工作要点\n", "白云区新建医院21个。", ("白云区", "440111")),
        ("2020年贵州省卫生健康工作要点\n", "白云区新建医院21个。", ("白云区", "520113")),
        ("2020年南京市卫生健康工作要点\n", "鼓楼区新建医院21个。", ("鼓楼区", "320106")),
        # 江苏省 has one in 南京市 and one in 徐州市.
        ("2020年江苏省卫生健康工作要点\n", "鼓楼区新建医院21个。", ("鼓楼区", None)),
        ("2020年上海市卫生健康工作要点\n", "普陀区新建医院21个。", ("普陀区", "310107")),
        # A prefecture until 2011, a county-level city since.
        ("2009年安徽省卫生工作要点\n", "巢湖市新建医院21个。", ("巢湖市", "341400")),
        ("2020年安徽省卫生健康工作要点\n", "巢湖市新建医院21个。", ("巢湖市", "340181")),
    ],
)
def test_a_name_of_several_places_is_the_one_in_the_document_s_own(
    title: str, text: str, place: tuple[str, str | None]
) -> None:
    (found,) = facts(text, title)
    assert (found["jurisdiction_name"], found["jurisdiction_code"]) == place


@pytest.mark.parametrize(
    ("title", "text", "place"),
    [
        ("2020年广州市白云区卫生健康工作要点\n", "", ("白云区", "440111")),
        ("2020年白云区卫生健康工作要点\n", "", ("白云区", None)),
        (
            "2020年白云区卫生健康工作要点\n",
            "区政府与贵阳市签订责任书。贵州省中医院开诊。",
            ("白云区", "520113"),
        ),
        ("2009年襄樊市卫生工作要点\n", "", ("襄樊市", "420600")),
        ("2020年襄阳市卫生健康工作要点\n", "", ("襄阳市", "420600")),
        ("2020年北京市卫生健康工作要点\n", "", ("北京市", "110000")),
        # No place: 市 is no name, and 范县 and 康县 are in words.
        ("2020年全市卫生健康工作要点\n", "", (None, None)),
        ("慢性病综合防控示范县创建工作方案\n", "", (None, None)),
        ("健康县城建设工作方案\n", "", (None, None)),
        ("2020年康县卫生健康工作要点\n", "", ("康县", "621224")),
        ("乐山市市中区2020年工作要点\n", "", ("市中区", "511102")),
        ("晋城市城区2020年工作要点\n", "", ("城区", "140502")),
        ("梅州市梅县区卫生健康工作要点\n", "", ("梅县区", "441403")),
        ("2020年恩施州卫生健康工作要点\n", "", ("恩施州", "422800")),
        # A county that ended in 1983 is not meant in 2020.
        ("2020年酉阳县卫生健康工作要点\n", "", ("酉阳县", "500242")),
        ("广东省人民政府关于支持深圳市医改的通知\n", "", ("广东省", "440000")),
    ],
)
def test_the_place_of_a_document(title: str, text: str, place: tuple[str | None, str | None]) -> None:
    (document,) = read(title + text + "新建医院21个。")["dim_document"].rows(named=True)
    assert (document["jurisdiction_name"], document["jurisdiction_code"]) == place
