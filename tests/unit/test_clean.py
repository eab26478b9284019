"""Clean text: what is repaired, and that every character keeps its place."""

import pytest

from tests.reading import read

PINYIN = (
    "市衛(wèi)生健康委要點(diǎn):嚴(yán)重精神障礙(ài)患者規(guī)範(fàn)管理率達(dá)95%以上,"
    "醫(yī)療(ICU)床位達(dá)10張。"
)


def values(text: str) -> list[tuple[str, float]]:
    table = read(text)["fact_indicator_value"].sort("char_start")
    return table.select("indicator_text", "value").rows()


def test_traditional_script_with_inline_pinyin_reads_as_simplified() -> None:
    assert values(PINYIN) == [("严重精神障碍患者规范管理率", 95.0), ("医疗(ICU)床位", 10.0)]


def test_offsets_are_those_of_the_raw_text() -> None:
    for row in read(PINYIN)["fact_indicator_value"].rows(named=True):
        assert PINYIN[row["char_start"] : row["char_end"]] == row["quote"]
        assert PINYIN[row["sentence_start"] :].startswith(row["sentence"])


def test_brackets_in_a_simplified_page_are_no_pinyin() -> None:
    assert values("孕妇体重(kg)达标率达90%。") == [("孕妇体重(kg)达标率", 90.0)]


@pytest.mark.parametrize(
    ("damaged", "before", "after"),
    [
        ("达到25。4%。", "。", "."),
        ("死亡率控制在4.5%o以下。", "%o", "‰"),
        ("醫(yī)院管理費(fèi)用占比降至8%以?xún)?nèi)。", "?xún)?nèi)", "内"),
        ("“雙提升”??h域醫(yī)共體達(dá)3個(gè)。", "??h", "。县"),
    ],
)
def test_a_repair_is_recorded_with_before_after_and_place(damaged: str, before: str, after: str) -> None:
    (row,) = read(damaged)["repair"].rows(named=True)
    assert (row["before"], row["after"]) == (before, after)
    assert damaged[row["char_start"] : row["char_end"]] == before
    assert row["reason"]


def test_a_lost_decimal_point_is_read_and_quoted_as_printed() -> None:
    (row,) = read("近视率达到25。4%。")["fact_indicator_value"].rows(named=True)
    assert (row["value"], row["quote"]) == (25.4, "25。4")


def test_a_year_run_into_the_number_after_it_is_parted_where_the_page_lost_more_of_them() -> None:
    text = "202515岁以上人群吸烟率控制在20%以下。\n20205岁以下儿童死亡率3.77,比20153.90有所下降。"
    tables = read(text)
    numbers = tables["number_mention"].sort("char_start").select("mention", "disposition").rows()
    assert numbers[:3] == [("2025", "date"), ("15", "population"), ("20", "fact")]
    assert ("3.90", "fact") in numbers
    assert set(tables["repair"]["rule_id"]) == {"glued_year_age", "glued_year_value"}


def test_a_long_number_in_a_sound_page_is_left_alone() -> None:
    numbers = read("全年诊疗202515人次。")["number_mention"].select("mention", "disposition").rows()
    assert numbers == [("202515", "fact")]


@pytest.mark.parametrize("number", ["１２５", "1,250", "1 250"])
def test_full_width_digits_and_separators_belong_to_the_number(number: str) -> None:
    (row,) = read(f"新增床位{number}张。")["fact_indicator_value"].rows(named=True)
    assert row["quote"] == number
    assert row["value"] == float(number.replace(",", "").replace(" ", ""))


def test_lines_may_end_in_any_way() -> None:
    for end in ("\n", "\r\n", "\r", "\u2028"):
        text = f"一、目标{end}床位达10张。{end}二、任务{end}护士达20人。"
        table = read(text)["fact_indicator_value"].sort("char_start")
        assert [text[row[0] : row[1]] for row in table.select("char_start", "char_end").rows()] == [
            "10",
            "20",
        ]
        assert table["section_id"].n_unique() == 2, repr(end)


def test_a_value_beside_a_repair_is_flagged() -> None:
    text = "药占比下降到42.7%25.8%。\n202515岁以上人群吸烟率20%。\n20205岁以下儿童死亡率3.1‰,床位达10张。"
    flags = {f["quote"]: f["flags"] for f in read(text)["fact_indicator_value"].rows(named=True)}
    assert "damaged" in flags["42.7"]
    assert "damaged" not in flags["10"]


def test_a_rate_per_ten_lost_its_ten_thousand_where_the_page_lost_it_more_than_once() -> None:
    text = "孕产妇死亡率由19.62/10降到15.1/10。"
    table = read(text)["fact_indicator_value"].sort("char_start")
    assert table.select("value", "unit").rows() == [(19.62, "/10万"), (15.1, "/10万")]
    assert all("damaged" in flags for flags in table["flags"])
    assert read("满意度得分9.5/10。")["repair"].height == 0


def test_a_slash_before_the_sign_of_per_mille_goes() -> None:
    table = read("婴儿死亡率为6.44/‰。")["fact_indicator_value"]
    assert table.select("value", "unit").rows() == [(6.44, "‰")]
