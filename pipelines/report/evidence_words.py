"""What the codes of the tables are called on the evidence pages: Chinese, then English.

A code that has no words here is shown as it is.
"""

from __future__ import annotations

Words = dict[str, tuple[str, str]]

# What is marked in a text, in the order of the legend.
KINDS: Words = {
    "target": ("目标", "Target"),
    "actual": ("实际", "Actual"),
    "baseline": ("基数", "Baseline"),
    "quarantined": ("存疑", "Quarantined"),
    "repeated": ("另计", "Counted elsewhere"),
    "nonfact": ("非指标数字", "Other numbers"),
    "repair": ("修复", "Repairs"),
}
DISPOSITIONS: Words = {
    "fact": ("指标值", "an indicator's value"),
    "date": ("日期或时间", "a date or time"),
    "document_id": ("文号或编号", "a document's number"),
    "ordinal": ("序号", "a list or heading number"),
    "name": ("名称的一部分", "part of a name"),
    "population": ("人群界定", "bounds of a population group"),
    "reference": ("比较用的基期", "a period named for comparison"),
    "rate_base": ("比率的分母", "the base of a rate"),
    "other": ("其他", "other"),
}
COMPARATORS: Words = {
    "eq": ("等于", "equal to"),
    "ge": ("不低于", "at least"),
    "le": ("不高于", "at most"),
    "gt": ("高于", "more than"),
    "lt": ("低于", "less than"),
    "approx": ("约", "about"),
    "between": ("介于", "between"),
    "increase": ("增加", "up by"),
    "decrease": ("减少", "down by"),
}
SIGNS = {
    "eq": "=",
    "ge": "≥",
    "le": "≤",
    "gt": ">",
    "lt": "<",
    "approx": "≈",
    "between": "",
    "increase": "↑",
    "decrease": "↓",
}
CHANGES: Words = {
    "relative": ("相对变化", "Relative change"),
    "absolute": ("绝对变化", "Absolute change"),
}
FLAGS: Words = {
    "coordinated": ("并列", "shares its words with other values"),
    "unit_inferred": ("单位推断", "unit inferred"),
    "damaged": ("原文受损", "stands beside damaged text"),
    "implied": ("隐含", "the words stand for 100 %"),
    "binding": ("约束性", "binding"),
    "anticipatory": ("预期性", "anticipatory"),
    "strive": ("力争", "to strive for"),
    "table": ("表格", "from a table"),
    "corrected": ("已更正", "corrected by a steward"),
}
ACTIONS: Words = {
    "set": ("已更正", "Corrected"),
    "reject": ("已剔除", "Rejected"),
    "add": ("人工补录", "Added by a steward"),
}
RESOLUTIONS: Words = {
    "name": ("名称", "by its name"),
    "qualified_name": ("带限定的名称", "by its name, with a qualifier"),
    "context": ("上下文", "by its context"),
    "correction": ("更正", "by a correction"),
}
RESPONSIBILITIES: Words = {
    "lead": ("牵头", "leads"),
    "support": ("配合", "supports"),
    "unstated": ("责任单位", "answers for it"),
}
DOCUMENT_TYPES: Words = {
    "work_priorities": ("工作要点", "work priorities"),
    "five_year_plan": ("五年规划", "five-year plan"),
    "special_plan": ("专项规划", "special plan"),
    "review_and_plan": ("总结和计划", "review and plan"),
    "review": ("总结", "review"),
    "work_plan": ("工作方案", "work plan"),
    "implementation_plan": ("实施方案", "implementation plan"),
    "action_plan": ("行动计划", "action plan"),
    "bulletin": ("公报", "bulletin"),
    "appraisal_scheme": ("考核方案", "appraisal scheme"),
    "notice": ("通知", "notice"),
    "other": ("其他", "other"),
}
SECTION_ROLES: Words = {
    "review": ("回顾", "review"),
    "plan": ("计划", "plan"),
    "aims": ("目标", "aims"),
    "responsible_units": ("责任单位", "responsible units"),
}
HEADER_FIELDS: Words = {
    "title": ("标题", "Title"),
    "document_type": ("类型", "Type"),
    "issuer": ("发文机关", "Issuer"),
    "document_number": ("发文字号", "Number"),
    "issued_on": ("成文日期", "Signed on"),
    "published_on": ("发布日期", "Published on"),
    "jurisdiction_code": ("地区代码", "Place code"),
    "jurisdiction_name": ("地区", "Place"),
    "period_start": ("起始年", "First year"),
    "period_end": ("截止年", "Last year"),
}
COVERAGE: Words = {
    "numbers": ("数字", "numbers found"),
    "numbers_fact": ("其中指标值", "are facts"),
    "numbers_other": ("其中未读懂", "neither facts nor known"),
    "values_published": ("发布的值", "values published"),
    "values_resolved": ("对应标准指标", "with a canonical indicator"),
    "values_without_period": ("无期间", "without period"),
    "values_without_place": ("无地区", "without place"),
    "values_without_unit": ("无单位", "without unit"),
    "values_assigned": ("有责任单位", "with a responsible unit"),
    "values_quarantined": ("存疑", "quarantined"),
    "values_set_aside": ("另计", "counted in the original"),
    "repairs": ("修复", "repairs"),
}

READ_AS: Words = {
    "original": ("原件", "original"),
    "same_bytes": ("逐字节相同", "the same bytes"),
    "near_duplicate": ("几乎相同", "nearly the same"),
}

# What the script of the page needs.
READING_WORDS: dict[str, Words] = {
    "kind": KINDS,
    "disposition": DISPOSITIONS,
    "comparator": COMPARATORS,
    "change": CHANGES,
    "flag": FLAGS,
    "action": ACTIONS,
    "resolved_by": RESOLUTIONS,
    "responsibility": RESPONSIBILITIES,
}
