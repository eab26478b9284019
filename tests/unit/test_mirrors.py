"""Pages with the same text are found whatever surrounds it; documents that only look alike are left alone."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from pipelines.engine import load_seeds
from pipelines.settings import ROOT
from pipelines.sources import FILES
from pipelines.transforms.clean import clean
from pipelines.transforms.decode import decode
from pipelines.transforms.describe import describe
from pipelines.transforms.mirrors import Header, agree, find_mirrors
from pipelines.transforms.signature import sign
from tests import mirror_cases, samples
from warehouse.contract import empty
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import DIM_DOCUMENT, HEADER_EVIDENCE
from warehouse.value_tables import FACT_INDICATOR_VALUE

PAPERS = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "seeds/documents").glob("*.txt"))}
PLAN = PAPERS["000_jingmen_2020_work_priorities.txt"]
NO_FACTS = empty(FACT_INDICATOR_VALUE).with_columns(clean_sentence=pl.lit("")).clear()
NO_CORRECTIONS = empty(CORRECTION)


def mirrors(papers: Mapping[str, str | bytes], corrected: str = "") -> dict[str, str]:
    """Each of the files that is a mirror, with the file it repeats."""
    seeds = load_seeds()
    rows = [(name, p if isinstance(p, bytes) else p.encode(), None, None) for name, p in papers.items()]
    documents = decode(pl.DataFrame(rows, schema=FILES, orient="row")).documents
    text = clean(documents, seeds.lexicons).text
    described = describe(documents, text, *seeds)
    names = dict(documents.select("document_id", "source_file").iter_rows())
    ids = [{"document_id": key, "status": "applied"} for key, name in names.items() if name == corrected]
    correction = samples.frame(CORRECTION, *ids) if ids else NO_CORRECTIONS
    found = find_mirrors(sign(text, NO_FACTS).signature, *described, correction)
    return {names[one]: names[other] for one, other, _ in found.iter_rows()}


@pytest.mark.parametrize(
    "page",
    [
        mirror_cases.scraped,
        mirror_cases.traditional,
        mirror_cases.in_gb18030,
        lambda text: mirror_cases.traditional(mirror_cases.scraped(text)),
        lambda text: text.replace("70%", "71%", 1),
    ],
    ids=["menus", "traditional", "gb18030", "traditional_with_menus", "one_number"],
)
def test_a_page_of_another_site_is_a_mirror(page: mirror_cases.Page) -> None:
    found = mirrors({**PAPERS, "copy.txt": page(PLAN)})
    assert [{one, other} for one, other in found.items()] == [
        {"copy.txt", "000_jingmen_2020_work_priorities.txt"}
    ]


def test_labelled_documents_and_samples_are_no_mirrors() -> None:
    labelled = (ROOT / "tests/gold/documents").glob("*.txt")
    assert mirrors({**PAPERS, **{path.name: path.read_text("utf-8") for path in labelled}}) == {}


def test_last_years_document_is_no_mirror() -> None:
    assert mirrors({"2020.txt": PLAN, "2021.txt": PLAN.replace("2020年", "2021年")}) == {}


def test_the_neighbours_document_is_no_mirror() -> None:
    assert mirrors({"here.txt": PLAN, "there.txt": PLAN.replace("荆门", "宜昌")}) == {}


def test_a_page_that_lost_the_place_is_a_mirror_of_the_one_that_has_it() -> None:
    lost = PLAN.replace("荆门市卫生健康委员会\n", "")
    assert mirrors({"lost.txt": lost, "whole.txt": PLAN}) == {"lost.txt": "whole.txt"}


def test_what_is_kept_does_not_depend_on_the_order() -> None:
    pages = {"a.txt": PLAN, "b.txt": mirror_cases.scraped(PLAN), "c.txt": PLAN + "\n请认真抓好落实。"}
    found = mirrors(pages)
    assert len(found) == 2
    assert mirrors(dict(reversed(pages.items()))) == found


def test_what_a_steward_corrected_is_kept() -> None:
    pages = {"a.txt": PLAN, "b.txt": mirror_cases.scraped(PLAN)}
    assert mirrors(pages, corrected="a.txt") == {"b.txt": "a.txt"}
    assert mirrors(pages, corrected="b.txt") == {"a.txt": "b.txt"}


# ---- forms: documents of many places with nearly the same words

WORDS = [f"本项工作的第{number}条要求由各单位对照落实并按时报送。" for number in range(60)]


def form(papers: Mapping[str, tuple[str, str | None]]) -> dict[str, str]:
    """Mirrors among documents given by text and place, all of 2024 and without a title."""
    lines = [(key, line) for key, (text, _) in papers.items() for line in text.split("\n")]
    text = pl.DataFrame(lines, schema=["document_id", "line"], orient="row")
    document = {"period_start": 2024, "period_end": 2024, "script": "simplified"}
    rows = [
        {**document, "document_id": key, "jurisdiction_name": place, "char_count": len(text)}
        for key, (text, place) in papers.items()
    ]
    headers = samples.frame(DIM_DOCUMENT, *rows), empty(HEADER_EVIDENCE)
    found = find_mirrors(sign(text, NO_FACTS).signature, *headers, NO_CORRECTIONS)
    return dict(found.select("document_id", "mirror_of").iter_rows())


def filled_in(place: str) -> str:
    return "\n".join([f"{place}今年的工作安排如下。", *WORDS, f"{place}有床位若干张。"])


def test_each_place_that_filled_in_a_form_has_its_own_mirror() -> None:
    places = [f"第{number}区" for number in range(50)]
    papers = {place: (filled_in(place), place) for place in places}
    again = {f"{place}再": (f"首页\n{filled_in(place)}\n网站地图", place) for place in places}
    assert form(papers) == {}
    assert form({**papers, **again}) == {f"{place}再": place for place in places}


def test_a_form_without_a_place_is_of_none_of_several() -> None:
    here, there = (filled_in("甲区"), "甲区"), (filled_in("乙区"), "乙区")
    nowhere = (filled_in("某区"), None)
    assert form({"a": here, "n": nowhere}) == {"n": "a"}
    assert form({"a": here, "b": there, "n": nowhere}) == {}


def test_documents_without_words_are_not_compared() -> None:
    assert form({"a": ("-----", None), "b": ("=====\n", None)}) == {}


def test_lines_that_break_elsewhere_leave_the_signature_as_it_is() -> None:
    whole = filled_in("甲区")
    assert form({"a": (whole, "甲区"), "b": (whole.replace("要求", "要\n求"), "甲区")}) == {"b": "a"}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Header("工作要点", "420800", 2024, 2024), True),
        (Header(None, None, None, None), True),
        (Header("关于印发工作要点的通知", "420800", 2024, 2024), True),
        (Header("工作方案", "420800", 2024, 2024), False),
        (Header("工作要点", "420500", 2024, 2024), False),
        (Header("工作要点", "420800", 2023, 2024), False),
        (Header("工作要点", "420800", None, 2025), False),
    ],
)
def test_what_contradicts_a_header(other: Header, said: bool) -> None:
    assert agree(Header("工作要点", "420800", 2024, 2024), other) is said
    assert agree(other, Header("工作要点", "420800", 2024, 2024)) is said
