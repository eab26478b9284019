"""The card of the evidence page tells what stewards corrected, and how to correct a value."""

import datetime as dt
from pathlib import Path
from typing import Any

from tests.browser.chromium import Browser
from tests.unit.test_evidence import Case

SIGNED = {"who": "王芳", "why": "原文如此", "corrected_on": dt.date(2025, 6, 30), "status": "applied"}


def correction(action: str, value_id: str, **fields: Any) -> dict[str, Any]:
    return {"correction_id": action, "action": action, "corrected_value_id": value_id, **SIGNED, **fields}


def card(browser: Browser, page: Path, anchor: str) -> str:
    browser.open(page, f"#{anchor}")
    browser.selected()
    return browser.one("#reading").text


def test_the_card_tells_who_corrected_what_when_and_why(browser: Browser, tmp_path: Path) -> None:
    case = Case("甲70%乙80%丙90人丁60%").value("70", flags=["corrected"]).value("80", flags=["corrected"])
    case.number("90", "other", detail="rejected by correction").value("60")
    change = {"field": "value", "old_value": "7", "new_value": "70"}
    case.add("correction", "70", **correction("set", "val1", **change))
    case.add("correction", "80", **correction("add", "val5"))
    case.add("correction", "90", **correction("reject", "gone"))
    page = case.published(tmp_path) / "documents/d1.html"
    for anchor, words in (("v-val1", "已更正"), ("v-val5", "人工补录"), ("m-m9", "已剔除")):
        told = card(browser, page, anchor)
        assert all(text in told for text in (words, "王芳", "2025-06-30", "原文如此")), told
    assert "value 7 → 70" in card(browser, page, "v-val1")
    assert "王芳" not in card(browser, page, f"v-val{case.text.index('60')}")


def test_the_card_has_the_command_to_copy(browser: Browser, tmp_path: Path) -> None:
    case = Case("甲70%乙90人", fields={"source_file": "it's.txt"}).value("70").number("90", "other")
    page = case.published(tmp_path) / "documents/d1.html"
    signed = "--who … --why …"
    adding = "hiw correct --add --file 'it'\\''s.txt' --start 5 --end 7 --indicator … --value …"
    for anchor, line in (("v-val1", "hiw correct val1 --set value=…"), ("m-m5", adding)):
        card(browser, page, anchor)
        browser.click("#reading .correct summary")
        assert browser.one("#reading .command").text == f"{line} {signed}"
