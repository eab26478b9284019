"""Pages about something else, with advertisements, or in borrowed words: none becomes a wrong value."""

import re
from typing import Any

import polars as pl
import pytest

from tests.conftest import SENTENCE
from tests.fuzz.mutations import originals
from tests.pages import NEIGHBOURS, OFF_TOPIC
from tests.reading import facts, read

SPAM = (
    "北京代孕 上海代孕 广州代孕套餐20万元起，成功率99%",
    "代孕价格表。套餐10万元起。满意率100%。",
    "代开各类发票3个点，当天开具100张",
    "澳门真人百家乐，存100元送88元，返水1.5%",
    "无抵押贷款30万元秒批，月息0.8%",
    "加微信abc12345，前50名患者立减500元",
    "祖传秘方根治高血压，3个疗程198元，治愈率98%",
)


def topics(*texts: str) -> list[str]:
    return (
        read(*texts)["dim_document"]
        .sort(pl.col("source_file").str.len_chars(), "source_file")["topic"]
        .to_list()
    )


def test_the_labelled_documents_are_all_of_the_field() -> None:
    assert set(topics(*originals())) == {"health_policy"}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_short_documents_and_neighbours_of_the_field_stay(name: str) -> None:
    assert topics(NEIGHBOURS[name]) == ["health_policy"]


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("recipe", "recipe"),
        ("football", "match"),
        ("english", "not_chinese"),
        ("tender", "tender"),
        ("novel", "story"),
        ("stocks", "market"),
        ("phone", "technology"),
        ("judgment", "jobs_and_law"),
        ("schools", "few_words_of_the_field"),
        ("grain", "few_words_of_the_field"),
    ],
)
def test_a_page_about_something_else_is_known_and_says_by_what(name: str, found_by: str) -> None:
    tables = read(OFF_TOPIC[name])
    evidence = tables["header_evidence"].filter(field="topic").select("value", "found_by").rows()
    assert tables["dim_document"]["topic"].to_list() == ["off_topic"]
    assert evidence == [("off_topic", found_by)]


def test_a_document_with_one_passage_about_something_else_stays() -> None:
    text = originals()[0]
    assert topics(f"{text}\n{OFF_TOPIC['tender']}") == ["health_policy"]


def told(text: str) -> list[tuple[Any, ...]]:
    """What each fact of ``text`` says, without where it stands."""
    names = ("indicator_text", "comparator", "value", "value_high", "unit", "value_type", "period")
    return [tuple(fact[name] for name in names) for fact in facts(text, title="")]


@pytest.mark.parametrize("spam", SPAM)
def test_the_numbers_of_an_advertisement_are_no_values(spam: str) -> None:
    tables = read(f"2020年全市卫生健康工作要点\n{SENTENCE}{spam}\n{SENTENCE}")
    assert tables["fact_indicator_value"]["sentence"].unique().to_list() == [SENTENCE.strip()]
    inside = tables["number_mention"].filter(pl.col("rule_id") == "spam")
    assert re.findall(r"\d", "".join(inside.sort("char_start")["mention"])) == re.findall(r"\d", spam)


def test_advertisements_leave_the_values_of_their_document_as_they_were() -> None:
    lines = originals()[0].split("\n")
    body = [*lines[:20], *(f"{line}\n{SPAM[n % len(SPAM)]}" for n, line in enumerate(lines[20:]))]
    clean, spammed = told("\n".join(lines)), told("\n".join(body))
    assert len(clean) > 40
    assert spammed == clean


def test_a_document_that_fights_what_is_advertised_keeps_its_values() -> None:
    found = facts("严厉打击代孕机构，查处非法代孕中心12家，罚款30万元。")
    assert [fact["value"] for fact in found] == [12.0, 300000.0]


SPUN = (
    ("孕产妇逝世率调控在15/10万以下", "孕产妇死亡率控制在15/10万以下"),
    ("婴儿死亡比例压减至3‰之内", "婴儿死亡率下降至3‰以内"),
    ("高血压病人规范管控率抵达70%之上", "高血压患者规范管理率达到70%以上"),
    ("产妇殁亡率管制于8/10万之下", "孕产妇死亡率控制在8/10万以下"),
    ("每千人口床铺数目增添到6.5张", "每千人口床位数增加到6.5张"),
    ("住院分娩比率维持于99%之上", "住院分娩率保持在99%以上"),
)


@pytest.mark.parametrize(("spun", "meant"), SPUN)
def test_a_machine_spun_sentence_says_the_same_or_names_nothing(spun: str, meant: str) -> None:
    (found,), (right,) = facts(f"到2025年，{spun}。"), facts(f"到2025年，{meant}。")
    same = ("value", "value_high", "unit", "comparator", "change", "period", "value_type")
    assert {name: found[name] for name in same} == {name: right[name] for name in same}
    assert found["indicator_id"] in (None, right["indicator_id"])
