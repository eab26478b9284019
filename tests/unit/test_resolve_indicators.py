"""Which words name which indicator, what narrows them, and which unit a value may have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from pipelines import engine
from pipelines.reference import Reference
from pipelines.transforms.resolve_indicators import known_names, normal_form, with_indicator_ids
from pipelines.transforms.resolve_units import (
    with_canonical_values,
    with_inferred_units,
    with_written_units,
)

Row = dict[str, Any]
SCHEMA = {
    "indicator_text": pl.String,
    "unit": pl.String,
    "value": pl.Float64,
    "value_high": pl.Float64,
    "value_type": pl.String,
    "change": pl.String,
    "before": pl.String,
    "after": pl.String,
    "lead": pl.String,
    "heading": pl.String,
}


def resolved(*rows: Row, reference: Reference | None = None) -> list[Row]:
    """The rows with what resolving adds; what a row leaves out is an actual of 1 without context."""
    lexicons, seeds = engine.load_seeds()
    reference = reference or seeds
    filled = [{"value": 1.0, "value_type": "actual", "before": r["indicator_text"], **r} for r in rows]
    return (
        pl.DataFrame(filled, schema=SCHEMA)
        .pipe(with_written_units, reference)
        .pipe(with_indicator_ids, lexicons, reference)
        .pipe(with_inferred_units, reference)
        .pipe(with_canonical_values)
        .rows(named=True)
    )


def told(*rows: tuple[str, str | None]) -> list[tuple[str | None, str | None]]:
    """The indicator and what narrows it, for each text and unit."""
    found = resolved(*({"indicator_text": text, "unit": unit} for text, unit in rows))
    return [(row["indicator_id"], row["qualifier"]) for row in found]


@pytest.mark.parametrize(
    ("indicator_id", "texts"),
    [
        (
            "hypertension_mgmt_rate",
            ["在管高血压患者规范管理率", "高血压病人规范化管理服务率", "高血压病患规范管理率"],
        ),
        (
            "diabetes_mgmt_rate",
            ["糖尿病患者规范管理率", "Ⅱ型糖尿病患者规范化管理率", "2型糖尿病病人规范管理服务率"],
        ),
        ("elderly_health_mgmt_rate", ["65周岁以上老年人健康管理率", "65岁及以上老年人规范健康管理服务率"]),
        ("aged65_share", ["65岁及以上老年人口占比", "65岁以上老年人口比重"]),
        (
            "nip_vaccination_rate",
            ["以乡镇(街道)为单位的适龄儿童免疫规划疫苗接种率", "适龄儿童国家免疫规划疫苗接种率"],
        ),
        ("maternal_mortality_ratio", ["孕产妇死亡率", "全市孕产妇死亡率", "孕产妇死亡率(1/10万)"]),
    ],
)
def test_wordings_of_one_indicator(indicator_id: str, texts: list[str]) -> None:
    assert told(*((text, None) for text in texts)) == [(indicator_id, None)] * len(texts)


def test_what_narrows_an_indicator_is_kept() -> None:
    assert told(
        ("农村孕产妇死亡率", "/10万"),
        ("三级医院预约诊疗率", "%"),
        ("新增五级中医馆", "家"),
        ("争创省级社区医院", "家"),
        ("纳入治理范围的用人单位粉尘浓度定期检测率", "%"),
        ("女性人均期望寿命", "岁"),
    ) == [
        ("maternal_mortality_ratio", "农村"),
        ("appointment_rate", "三级医院"),
        ("tcm_clinics", "新增五级"),
        ("community_hospitals", "争创省级"),
        ("dust_monitoring_rate", "纳入治理范围用人单位"),
        ("life_expectancy_at_birth", "女性"),
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("癌症死亡率", "/10万"),  # 死亡率 of all causes is another indicator
        ("儿童死亡率", "‰"),
        ("15岁以上居民高血压知晓率", "%"),  # the indicator is of those from 30 on
        ("孕产妇死亡率比全省低", "/10万"),
        ("大学生总体近视率", "%"),
        ("青少年超重肥胖率", "%"),
        ("传染病健康素养水平", "%"),
        ("护理床位总数", "张"),
        ("精神专科医院床位占比", "%"),
        ("三级综合医院发热门诊设置率", "%"),
        ("抽样合格率", "%"),
        ("分管领导", "名"),
    ],
)
def test_words_that_make_it_another_indicator(text: str, unit: str) -> None:
    assert told((text, unit)) == [(None, None)]


def test_a_unit_that_cannot_be_the_indicator_s() -> None:
    assert told(
        ("万元以上设备", "台"),
        ("万元以上设备", "元"),
        ("孕产妇死亡率", "例"),
        ("中医药适宜技术", "项"),
        ("中医药适宜技术", "类"),
        ("家庭医生团队", "个"),
        ("家庭医生团队", "人"),
    ) == [
        ("large_equipment", None),
        (None, None),
        (None, None),
        ("tcm_technique_items", None),
        (None, None),
        ("family_doctor_teams", None),
        (None, None),
    ]


def test_a_name_that_needs_its_context() -> None:
    rows = resolved(
        {"indicator_text": "及时受理率", "unit": "%", "before": "信访投诉案件及时受理率达到100%。"},
        {"indicator_text": "及时受理率", "unit": "%", "before": "医师资格申请及时受理率达到100%。"},
        {"indicator_text": "参保率", "unit": "%", "heading": "巩固城乡居民医保"},
        {"indicator_text": "护理院", "unit": "家", "value_type": "actual"},
        {"indicator_text": "护理院", "unit": "家", "value_type": "target"},
    )
    assert [(r["indicator_id"], r["resolved_by"]) for r in rows] == [
        ("petition_timely_rate", "context"),
        (None, None),
        ("basic_insurance_enrolment_rate", "context"),
        ("nursing_homes_medical", "context"),
        (None, None),
    ]


def test_the_context_decides_between_two_of_one_name() -> None:
    rows = resolved(
        {
            "indicator_text": "家庭医生签约服务覆盖率",
            "unit": "%",
            "before": "全市家庭医生签约服务覆盖率达40%。",
        },
        {
            "indicator_text": "家庭医生签约服务覆盖率",
            "unit": "%",
            "before": "特殊家庭家庭医生签约服务覆盖率100%。",
        },
    )
    assert [r["indicator_id"] for r in rows] == ["family_doctor_coverage", "special_family_contract_coverage"]


def test_values_in_the_indicator_s_unit() -> None:
    rows = resolved(
        {"indicator_text": "孕产妇死亡率", "unit": "/10万", "value": 15.0},
        {"indicator_text": "业务用房面积", "unit": "亩", "value": 3.0, "value_high": 6.0},
        {"indicator_text": "每千人口床位数", "unit": "张", "value": 6.5},
        {"indicator_text": "婴儿死亡率", "unit": "%", "value": 3.2},
        {"indicator_text": "孕产妇死亡率", "unit": "%", "value": 5.0, "change": "relative"},
        {"indicator_text": "家庭医生签约率", "unit": "个百分点", "value": 2.0, "change": "absolute"},
        {"indicator_text": "人均期望寿命", "unit": None, "value": 78.0},
        {"indicator_text": "闻所未闻率", "unit": "%", "value": 1.0},
    )
    assert [(r["canonical_value"], r["canonical_unit"]) for r in rows] == [
        (15.0, "per_100k"),
        (pytest.approx(2000.0, rel=1e-3), "m2"),
        (6.5, "per_1000_pop"),
        (None, None),  # a slip for ‰ or a figure ten times as high: not for us to choose
        (5.0, "%"),
        (2.0, "pp"),
        (78.0, "years"),
        (None, None),
    ]
    assert rows[1]["canonical_value_high"] == pytest.approx(4000.0, rel=1e-3)
    assert [r["inferred"] for r in rows][5:7] == [False, True]


def test_an_alias_row_resolves_what_was_unknown() -> None:
    reference = engine.load_seeds().reference
    assert told(("刷脸就医率", "%")) == [(None, None)]
    added = reference.indicator_aliases.filter(alias="病床使用率").with_columns(alias=pl.lit("刷脸就医率"))
    more = replace(reference, indicator_aliases=pl.concat([reference.indicator_aliases, added]))
    (row,) = resolved({"indicator_text": "刷脸就医率", "unit": "%"}, reference=more)
    assert row["indicator_id"] == "bed_occupancy_rate"


def test_no_two_indicators_have_one_name_in_normal_form() -> None:
    lexicons, reference = engine.load_seeds()
    form = normal_form(pl.col("alias"), lexicons["indicator_forms"])
    names = reference.indicator_aliases.filter("certain").with_columns(form=form)
    shared = names.filter(pl.col("indicator_id").n_unique().over("form") > 1)
    assert shared.select("alias", "indicator_id").rows() == []
    assert known_names(lexicons, reference).filter(pl.col("form") == "").is_empty()


def test_every_indicator_is_known_by_its_own_name() -> None:
    reference = engine.load_seeds().reference
    rows = resolved(*({"indicator_text": name, "unit": None} for name in reference.indicators["name_zh"]))
    missed = [
        (row["indicator_text"], row["indicator_id"])
        for row, own in zip(rows, reference.indicators["indicator_id"], strict=True)
        if row["indicator_id"] != own
    ]
    assert missed == []


def test_the_scheme_that_the_context_names_narrows_a_rate() -> None:
    rate: Row = {"indicator_text": "政策范围内住院报销比例", "unit": "%"}
    rows = resolved(
        {**rate, "before": "新农合政策范围内住院报销比例达到75%。"},
        {**rate, "before": "城乡居民基本医疗保险政策范围内住院报销比例达到70%。"},
        {**rate, "before": "职工医保、居民医保政策范围内住院报销比例分别达到"},
        {**rate, "before": "政策范围内住院报销比例达到75%。"},
        {"indicator_text": "新农合最高支付限额", "unit": "元"},
    )
    assert [(r["indicator_id"], r["qualifier"]) for r in rows] == [
        ("inpatient_reimbursement_rate", "新农合"),
        ("inpatient_reimbursement_rate", "城乡居民医保"),
        (None, None),
        (None, None),
        ("insurance_cap", "新农合"),
    ]


def test_the_figures_of_one_hospital_are_not_those_of_the_place() -> None:
    nurses: Row = {"indicator_text": "注册护士", "unit": "人"}
    rows = resolved(
        {**nurses, "before": "市第一人民医院编制床位1200张,现有卫生技术人员1800人、注册护士"},
        {**nurses, "before": "全市卫生技术人员1800人、注册护士"},
        {**nurses, "before": "市人民医院、市中医院等8家医院全部达标,全市注册护士"},
    )
    assert [r["indicator_id"] for r in rows] == [None, "nurses", "nurses"]


@pytest.mark.parametrize("kind", ["made_new", "level", "ownership", "rank"])
def test_no_alias_swallows_what_narrows_the_indicator(kind: str) -> None:
    """市级X beside X: the level would be lost, and X of another level be compared with it."""
    lexicons, reference = engine.load_seeds()
    rules = {rule.rule_id: rule.pattern for rule in lexicons["indicator_qualifiers"].rules}
    form = normal_form(pl.col("alias"), lexicons["indicator_forms"])
    names = reference.indicator_aliases.filter("certain").with_columns(form=form)
    own = reference.indicators.select("indicator_id", "name_zh")
    pairs = names.join(own, on="indicator_id").filter(pl.col("alias") != pl.col("name_zh"))
    swallowed = (
        pairs.join(names.select("indicator_id", base="form"), on="indicator_id")
        .filter((pl.col("form") != pl.col("base")) & pl.col("form").str.ends_with(pl.col("base")))
        .with_columns(
            left=pl.col("form").str.head(pl.col("form").str.len_chars() - pl.col("base").str.len_chars())
        )
        .filter(pl.col("left").str.contains(f"^(?:{rules[kind]})+$"))
    )
    assert swallowed.select("indicator_id", "alias", "base").unique().rows() == []
