"""The site as a person reads it: from a figure, wherever it stands, to the sentence it was read from."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from selenium.webdriver.common.action_chains import ActionChains

from tests.browser.chromium import IN_SIGHT, Browser
from warehouse.files import DATABASE

Readings = dict[str, dict[str, Any]]
MORTALITY = "maternal_mortality_ratio"
# A result or target of the chart; the nation's goals (the second layer) come from no document.
POINT = ".chart .role-mark:not(.layer_1_marks) path[aria-roledescription='point']"


def plain(number: float) -> str:
    """A number as a page writes it."""
    return f"{number:.10g}"


def lands_on_its_mark(browser: Browser, readings: Readings) -> dict[str, Any]:
    """The value an evidence page shows: its mark is its quote, at its offset, in sight; its card tells it."""
    start, text = browser.selected()
    value = readings[browser.js("return location.hash").removeprefix("#v-")]
    assert browser.js("return location.pathname").endswith(f"/documents/{value['document_id']}.html")
    assert (start, text) == (value["char_start"], value["quote"])
    assert browser.wait(IN_SIGHT)
    cards = browser.js("return [...document.querySelectorAll('#reading .value')].map((one) => one.innerText)")
    assert any(tells(card, value) for card in cards), cards
    return value


def tells(card: str, value: dict[str, Any]) -> bool:
    said = (value["indicator"], plain(value["value"]), value["unit"] or "")
    return all(text in card for text in said) and value["indicator_value_id"] in card


def search(browser: Browser, words: str) -> None:
    browser.one("h2#values").click()
    browser.one(".rows input[type=search]").send_keys(words)


def test_the_overview_shows_its_key_figures(browser: Browser, warehouse: Path, site: Path) -> None:
    browser.open(site / "index.html")
    assert browser.driver.title == "总览 Overview · Health Indicator Warehouse"
    with duckdb.connect(str(warehouse / DATABASE), read_only=True) as connection:
        run = connection.execute("SELECT documents_read, values_published FROM build_run").fetchone()
    assert run is not None
    shown = [figure.text.replace(",", "") for figure in browser.all(".figures b")]
    assert shown[:2] == [str(number) for number in run]


def test_a_search_leads_to_the_sentence(browser: Browser, site: Path, readings: Readings) -> None:
    browser.open(site / "index.html")
    search(browser, "孕产妇死亡率")
    expected = [value for value in readings.values() if value["indicator_id"] == MORTALITY]
    browser.wait(
        "return document.querySelector('.rows .count').textContent.startsWith(arguments[0])",
        f"{len(expected)} / ",
    )
    rows = browser.all(".rows tbody tr")
    assert {row.get_attribute("id") for row in rows} == {f"r-{v['indicator_value_id']}" for v in expected}
    assert all("孕产妇死亡率" in row.text for row in rows)
    browser.click(".rows tbody td.number a")
    assert lands_on_its_mark(browser, readings)["indicator_id"] == MORTALITY


def test_a_search_can_be_linked_to(browser: Browser, site: Path, readings: Readings) -> None:
    browser.open(site / "index.html", "?q=孕产妇死亡率")
    browser.click(".rows tbody td.number a")
    assert lands_on_its_mark(browser, readings)["indicator_id"] == MORTALITY


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("index.html", "#board .numbers a"),
        (f"indicators/{MORTALITY}.html", "h2#targets ~ .rows td a[href*='#v-']"),
        (f"indicators/{MORTALITY}.html", "h2#values ~ .rows td a[href*='#v-']"),
        (f"indicators/{MORTALITY}.html", POINT),
        ("places/150300.html", "h2#targets ~ .rows td a[href*='#v-']"),
        ("places/150300.html", "h2#values ~ .rows td a[href*='#v-']"),
        ("quality.html", "#quarantine td a[href*='#v-']"),
        ("quality.html", "#unresolved td a[href*='#v-']"),
    ],
)
def test_every_figure_is_one_click_from_its_sentence(
    page: str, link: str, browser: Browser, site: Path, readings: Readings
) -> None:
    browser.open(site / page)
    figure = browser.one(link)
    ActionChains(browser.driver).move_to_element(figure).click().perform()
    browser.wait("return location.pathname.includes('/documents/')")
    lands_on_its_mark(browser, readings)


def test_a_quarantined_value_says_what_it_failed(browser: Browser, site: Path, readings: Readings) -> None:
    browser.open(site / "quality.html")
    browser.click("#quarantine td a[href*='#v-']")
    assert lands_on_its_mark(browser, readings)["stands_in"] == "rejected_value"
    assert "at_most_valid_max" in browser.one("#reading .failure").text


def test_another_value_of_the_text_is_a_click_away(browser: Browser, site: Path, readings: Readings) -> None:
    first, *_, last = [value for value in readings.values() if value["document_id"] == "ede9759a835c57e3"]
    browser.open(site / f"documents/{first['document_id']}.html", f"#v-{first['indicator_value_id']}")
    assert lands_on_its_mark(browser, readings) == first
    browser.click(f"[id='v-{last['indicator_value_id']}']")
    assert lands_on_its_mark(browser, readings)["char_start"] == last["char_start"]


def test_a_column_of_numbers_is_sorted_by_number(browser: Browser, site: Path, readings: Readings) -> None:
    browser.open(site / "index.html")
    search(browser, "")
    published = sorted(v["value"] for v in readings.values() if v["stands_in"] == "fact_indicator_value")
    ids = "return [...document.querySelectorAll('.rows tr[id]')].slice(0, 100).map((row) => row.id.slice(2))"
    for down in (False, True):
        browser.click(".rows th.number button")
        shown = [readings[name]["value"] for name in browser.js(ids)]
        assert shown == sorted(published, reverse=down)[:100]


def test_a_filter_leaves_its_rows(browser: Browser, site: Path, readings: Readings) -> None:
    browser.open(site / "index.html")
    search(browser, "")
    published = [v for v in readings.values() if v["stands_in"] == "fact_indicator_value"]
    actual = sum(value["value_type"] == "actual" for value in published)
    browser.js(
        "const choice = [...document.querySelectorAll('.rows .controls select')].find((one) => "
        "[...one.options].some((option) => option.value.includes('actual')));"
        "choice.value = [...choice.options].find((option) => option.value.includes('actual')).value;"
        "choice.dispatchEvent(new Event('change'));"
    )
    assert browser.one(".rows .count").text.startswith(f"{actual} / {len(published)} ")
