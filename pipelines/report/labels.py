"""What codes and numbers look like on a page: Chinese first, then English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.report import evidence_words as words


def _in_both(named: words.Words) -> dict[str, str]:
    return {code: " ".join(pair) for code, pair in named.items()}


TYPES = {"target": "目标 target", "actual": "实际 actual", "baseline": "基期 baseline"}
# A sign beside each status, so that none is told by its colour alone.
STATUSES = {
    "met": "✓ 达到 met",
    "on_track": "↗ 进度正常 on track",
    "behind": "✗ 落后 behind",
    "no_actual": "– 尚无结果 no result yet",
    "unknown": "? 未能判断 undecided",
}
RELATIONS = {
    "stricter": "▲ 严于国家 stricter",
    "equal": "= 同于国家 equal",
    "looser": "▽ 宽于国家 looser",
    "not_comparable": "不可比 not comparable",
}
DIRECTIONS = {
    "higher_is_better": "↑ 越高越好 higher is better",
    "lower_is_better": "↓ 越低越好 lower is better",
    "neutral": "· 中性 neutral",
}
RESPONSIBILITIES = _in_both(words.RESPONSIBILITIES)
VERIFICATIONS = {
    "official_text": "官方原文 official text",
    "press_reprint": "媒体转载 press reprint",
    "unverified": "未核实 unverified",
}
LEVELS = {
    "country": "国家 country",
    "province": "省级 province",
    "prefecture": "地级 prefecture",
    "county": "县级 county",
    "functional_zone": "功能区 functional zone",
}
DOCUMENT_TYPES = _in_both(words.DOCUMENT_TYPES)
REASONS = {
    "empty": "空文件 empty",
    "blank": "只有空白 blank",
    "binary": "不是文本 binary",
    "undecodable": "编码不明 undecodable",
    "unreadable": "不可读 unreadable",
    "link_outside_source": "指向文件夹外的链接 link outside the source",
    "too_large": "过大 too large",
    "too_many_numbers": "数字过多 too many numbers",
}
# Canonical units that are codes; the others (%, ‰, km) are what people write.
UNITS = {
    "per_100k": "/10万",
    "per_10000": "/万",
    "per_10000_pop": "每万人口",
    "per_1000_pop": "每千人口",
    "per_1000_children": "每千儿童",
    "per_1000_deliveries": "每千分娩量",
    "per_1000_elderly": "每千老年人",
    "DDD_per_100_bed_days": "DDDs/百人天",
    "visits_per_person": "次/人",
    "ug_per_m3": "μg/m³",
    "g_per_day": "克/天",
    "m2": "m²",
    "CNY": "元",
    "pp": "个百分点",
    "pm_point": "个千分点",
    "times_ratio": "倍",
    "ratio_female100": "女=100",
    "persons": "人",
    "person_times": "人次",
    "institutions": "家",
    "beds": "张",
    "slots": "个托位",
    "items": "个",
    "cases": "例",
    "times": "次",
    "sessions": "场",
    "devices": "台",
    "vehicles": "辆",
    "teams": "支",
    "kinds": "种",
    "copies": "份",
    "rooms": "间",
    "pairs": "对",
    "categories": "类",
    "grade": "级",
    "rank": "位",
    "ratio": "比",
    "index": "指数",
    "towns": "镇",
    "villages": "村",
    "communities": "社区",
    "districts": "区",
    "counties": "县",
    "cities": "市",
    "tonnes": "吨",
    "years": "岁",
    "days": "天",
    "minutes": "分钟",
}
_SIGNS = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<", "approx": "≈", "increase": "+", "decrease": "−"}


def number(value: float) -> str:
    """``1234.5`` as ``1,234.5``; no digits that are only those of a float."""
    return f"{round(value, 6):,.15g}"


def amount(
    value: float | None, comparator: str | None = None, high: float | None = None, unit: str | None = None
) -> str | None:
    """A number with how it binds and its unit: ``≤ 20 /10万``, ``3–5 %``; None for none."""
    if value is None:
        return None
    unit = label(UNITS, unit)
    ends = number(value) if high is None else f"{number(value)}–{number(high)}"
    return " ".join(part for part in (_SIGNS.get(comparator or ""), ends, unit) if part)


def level(row: Mapping[str, Any]) -> str:
    """The value of a row as written there, with its unit and, of a change, its base."""
    text = amount(row["value"], row["comparator"], row["value_high"], row["unit"]) or ""
    if row["change"] and row["comparator"] not in ("increase", "decrease"):
        text = f"Δ {text}"
    return f"{text} (比 vs {row['reference_period']})" if row["reference_period"] else text


def label(labels: Mapping[str, str], code: str | None) -> str | None:
    """The label of a code; the code itself where it has none, so that a new one still shows."""
    return None if code is None else labels.get(code, code)


def status(code: str | None) -> str:
    """The label of a target's status; null is one too."""
    return STATUSES[code or "unknown"]


def with_qualifier(name: str, qualifier: str | None) -> str:
    """``医院数（二级）``: a name and what narrows it."""
    return f"{name}（{qualifier}）" if qualifier else name


def place_names(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The name of each place by its code; of places that bear one name, with the place each belongs to."""
    places = {row["jurisdiction_code"]: row for row in rows}
    borne = Counter(row["jurisdiction_name"] for row in places.values())
    return {
        code: row["jurisdiction_name"]
        if borne[row["jurisdiction_name"]] == 1
        else f"{row['parent_name'] or code} {row['jurisdiction_name']}"
        for code, row in places.items()
    }


def years(start: int | None, end: int | None) -> str | None:
    """``2021–2025``, or the one year."""
    if start is None or end is None or start == end:
        return None if (start or end) is None else str(start or end)
    return f"{start}–{end}"
