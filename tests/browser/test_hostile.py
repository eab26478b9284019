"""Text from documents is data: what a hostile one says is shown as text, and does nothing."""

from pathlib import Path

import pytest

from tests.browser.chromium import Browser
from tests.browser.conftest import values_of
from tests.conftest import Hiw

SCRIPT, IMAGE = "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'
DROP, END = "'); DROP TABLE fact_indicator_value; --", "</script><script>alert(2)</script>"
HOSTILE = f"{SCRIPT}{IMAGE}{DROP}{END}"
TEXT = (
    f"荆门市2025年卫生健康工作要点\n荆门市卫生健康委员会{HOSTILE}\n2025年3月1日\n"
    f"一、目标{HOSTILE}\n"
    f"到2025年，荆门市{HOSTILE}，荆门市孕产妇死亡率控制在15/10万以下{HOSTILE}，高血压患者规范管理率达70%以上。\n"
    f"{HOSTILE}床位达到120{HOSTILE}张，婴儿死亡率达到4500‰。（责任单位：{HOSTILE}科）\n"
)
# What no page has of its own.
FOREIGN = """
const made = [...document.querySelectorAll("img, iframe, object, embed, base, form:not(.vega-bindings)")];
const called = [...document.querySelectorAll("*")].filter((one) =>
  [...one.attributes].some(({ name, value }) => name.startsWith("on") || /^\\s*javascript:/i.test(value)));
const scripts = [...document.scripts].filter((one) => one.type !== "application/json" && !one.src);
return [...made, ...called, ...scripts].map((one) => one.outerHTML.slice(0, 200));
"""


@pytest.fixture(scope="module")
def hostile(hiw: Hiw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one hostile document, whose name is hostile too, and of one that can't be read."""
    folder = tmp_path_factory.mktemp("hostile")
    # No name may hold a slash; the folder's end and the file's beginning make one.
    place = folder / "sources" / f"{IMAGE}<script>alert(1)<"
    place.mkdir(parents=True)
    (place / f"script>{DROP}.txt").write_text(TEXT, encoding="utf-8")
    (place / f"script>{DROP}2.txt").write_text("", encoding="utf-8")
    result = hiw("build", "--sources", folder / "sources", "--output", folder / "out")
    assert result.exit_code == 0, result.output
    return folder / "out"


def test_hostile_text_is_shown_as_text_on_every_page(browser: Browser, hostile: Path) -> None:
    pages = sorted((hostile / "site").rglob("*.html"))
    assert {page.parent.name for page in pages} == {"site", "indicators", "places", "documents"}
    for page in pages:
        browser.open(page)
        browser.js("for (const one of document.querySelectorAll('details')) one.open = true")
        for heading in browser.all("h2"):
            browser.js("arguments[0].scrollIntoView()", heading)
        assert browser.js(FOREIGN) == [], page
    # A dialog would have made each of these fail; the console and the requests are looked at by the fixture.


def test_hostile_text_reads_as_it_stands_in_its_file(browser: Browser, hostile: Path) -> None:
    (page,) = (hostile / "site/documents").iterdir()
    browser.open(page)
    assert browser.js("return document.getElementById('source').textContent") == TEXT
    assert DROP in browser.js("return document.querySelector('.about').textContent")


def test_hostile_names_are_searched_filtered_and_shown(browser: Browser, hostile: Path) -> None:
    browser.open(hostile / "site/index.html")
    browser.one("h2#values").click()
    browser.one(".rows input[type=search]").send_keys("<script>")
    assert browser.all(".rows tbody tr")
    assert browser.js(FOREIGN) == []
    assert f"<script>alert(1)</script>{DROP}2.txt" in browser.js("return document.body.textContent")


def test_the_reading_of_a_hostile_value_is_text(browser: Browser, hostile: Path) -> None:
    values = values_of(hostile).values()
    assert values
    for value in values:
        page = hostile / f"site/documents/{value['document_id']}.html"
        browser.open(page, f"#v-{value['indicator_value_id']}")
        assert browser.selected() == (value["char_start"], value["quote"])
        assert browser.js(FOREIGN) == []
