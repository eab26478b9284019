"""Sections: the heading tree, what a section does, the year it speaks for."""

from tests.reading import read

REVIEW_AND_PLAN = """2021年工作总结和2022年工作计划
开头。
一、2021年工作回顾
(一)坚持党建引领。
1.加强学习。内容。
(二)坚持科学精准。
二、下一步打算
三、加强党的建设
"""


def sections(text: str) -> list[tuple[str, str, str | None]]:
    table = read(text)["dim_section"].sort("char_start", "level")
    return table.select("section_path", "role", "period").rows()


def test_the_heading_tree_with_roles_and_years() -> None:
    assert sections(REVIEW_AND_PLAN) == [
        ("", "review", "2021"),
        ("一、2021年工作回顾", "review", "2021"),
        ("一、2021年工作回顾 / (一)坚持党建引领", "review", "2021"),
        ("一、2021年工作回顾 / (一)坚持党建引领 / 1.加强学习", "review", "2021"),
        ("一、2021年工作回顾 / (二)坚持科学精准", "review", "2021"),
        ("二、下一步打算", "plan", "2022"),
        ("三、加强党的建设", "plan", "2022"),
    ]


def test_a_plan_looks_back_at_the_year_before_its_first() -> None:
    plan = "某市“十四五”卫生健康事业发展规划\n一、规划背景\n(一)发展基础\n二、发展目标\n"
    assert [row[1:] for row in sections(plan)[1:]] == [
        ("review", "2020"),
        ("review", "2020"),
        ("aims", "2025"),
    ]


def test_a_bulletin_reports_throughout() -> None:
    assert sections("2023年某市卫生健康事业发展统计公报\n一、卫生资源\n")[1][1:] == ("review", "2023")


def test_without_a_year_there_is_none() -> None:
    assert sections("某区卫生工作实施方案\n一、工作目标\n")[1][1:] == ("aims", None)


def test_offsets_and_ends_cover_the_document() -> None:
    table = read(REVIEW_AND_PLAN)["dim_section"].sort("char_start", "level")
    starts, ends = table["char_start"].to_list(), table["char_end"].to_list()
    assert starts[1:] == ends[:-1]
    assert (starts[0], ends[-1]) == (0, len(REVIEW_AND_PLAN))
    assert [REVIEW_AND_PLAN[s:].startswith(t) for s, t in zip(starts, table["title"], strict=True)] == [
        True
    ] * 7


def test_a_long_heading_without_a_stop_is_cut() -> None:
    heading = "(一)深入学习贯彻" + "新时代中国特色社会主义思想和" * 4
    assert len(sections(heading + "\n")[1][0]) == 40
