"""Every page of the sample site opens in silence, fits a phone and can be used without a mouse."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from pipelines.report import rows
from pipelines.report.site import write_site
from tests.browser.chromium import PHONE, TOO_WIDE, Browser
from warehouse.files import DATABASE

LOADED = "return document.readyState === 'complete'"
FOCUSED = """
const one = document.activeElement;
const { outlineStyle, outlineWidth } = getComputedStyle(one);
return [one.tagName, outlineStyle !== "none" && parseFloat(outlineWidth) >= 1];
"""
ONE_OF_EACH = [
    "index.html",
    "documents.html",
    "quality.html",
    "indicators/maternal_mortality_ratio.html",
    "places/150300.html",
    "documents/ede9759a835c57e3.html",
]


def test_pages_open_without_complaint(browser: Browser, site: Path) -> None:
    indicators = sorted(site.glob("indicators/*.html"))[::5]  # of one template, each starting Vega
    pages = [*sorted(set(site.rglob("*.html")) - set(site.glob("indicators/*.html"))), *indicators]
    assert len(indicators) > 40
    for page in pages:
        browser.driver.get(page.as_uri())
        assert browser.js("return document.querySelector('h1').textContent.trim() !== ''"), page
        assert browser.all("p.failed") == [], page


@pytest.mark.parametrize("page", ONE_OF_EACH)
def test_a_page_fits_a_phone(page: str, browser: Browser, site: Path) -> None:
    browser.size(*PHONE)
    browser.open(site / page)
    browser.js("for (const one of document.querySelectorAll('details')) one.open = true")
    for heading in browser.all("h2"):
        browser.js("arguments[0].scrollIntoView()", heading)  # what is drawn on demand is drawn now
    if page == "index.html":
        browser.wait(
            "return document.querySelector('#board section') && document.querySelector('.rows tbody tr')"
        )
    if page.startswith("indicators/"):
        browser.wait("return document.querySelector('.chart svg')")
    assert browser.js("return innerWidth") == PHONE[0]
    assert browser.js(TOO_WIDE) == []


def test_a_reading_fits_a_phone(browser: Browser, site: Path) -> None:
    browser.size(*PHONE)
    browser.open(site / "documents/ede9759a835c57e3.html")
    browser.one("#source mark").click()
    browser.selected()
    assert browser.js(TOO_WIDE) == []


def test_the_keyboard_reaches_search_and_links_and_shows_where_it_is(browser: Browser, site: Path) -> None:
    browser.open(site / "documents.html")
    browser.one(".rows tbody tr")
    reached = []
    for _ in range(30):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        tag, seen = browser.js(FOCUSED)
        assert seen, f"the focus on a {tag} can't be seen"
        reached.append(tag)
        if tag == "A" and "INPUT" in reached:
            break
    assert reached[0] == "A"
    assert "INPUT" in reached
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait("return location.pathname.includes('/documents/')")


def test_the_keyboard_goes_from_value_to_value(browser: Browser, site: Path) -> None:
    browser.open(site / "documents/ede9759a835c57e3.html")
    browser.js("document.getElementById('source').focus()")
    starts = []
    for _ in range(3):
        browser.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
        starts.append(browser.selected()[0])
    assert starts == sorted(set(starts))
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not browser.one("#reading").is_displayed()


def test_a_page_says_what_it_leaves_out(
    browser: Browser, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 100)
    write_site(warehouse / DATABASE, tmp_path / "site")
    browser.open(tmp_path / "site/index.html")
    browser.js("document.getElementById('values').scrollIntoView()")
    browser.wait(
        "return document.querySelector('#board section') && document.querySelector('.rows tbody tr')"
    )
    told = [element.text for element in browser.all("output.count") if element.text]
    assert len(told) == 2  # the scoreboard and the table of all values
    assert all("行不在此页" in text for text in told)
