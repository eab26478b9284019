"""Debian's Chromium, driven as a person would: what is asked of a page, clicked in it and read off it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
)
PATIENCE = 20  # seconds for a page to show what is waited for, on a busy machine
DESKTOP, PHONE = (1280, 900), (360, 740)
ON_DISK = ("file://", "about:blank")
# Offset of the selected mark, in code points of the text as the page holds it, and what it marks.
SELECTED = """
const source = document.getElementById("source");
const marks = [...source.querySelectorAll("mark.selected")];
if (!marks.length) return null;
const before = document.createRange();
before.setStart(source, 0);
before.setEndBefore(marks[0]);
return [[...before.toString()].length, marks.map((mark) => mark.textContent).join("")];
"""
# Whether the selected mark can be seen: it is in the window, and nothing lies over it.
IN_SIGHT = """
const box = document.querySelector("mark.selected").getBoundingClientRect();
const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
return Boolean(there && there.closest("mark.selected"));
"""
# What is wider than the window, by its tag and classes.
TOO_WIDE = """
const width = document.documentElement.clientWidth;
if (document.scrollingElement.scrollWidth <= width) return [];
return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1)
  .map((one) => `${one.tagName.toLowerCase()}.${one.className}`).slice(0, 10);
"""


class Browser:
    """A window of Chromium on a site on disk."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.size(*DESKTOP)

    def open(self, page: Path, after: str = "") -> None:
        """Load ``page`` from disk; ``after`` stands behind its address (``?q=…`` or ``#…``)."""
        self.driver.get("about:blank")  # another anchor of the page shown would not load it again
        self.driver.get(page.resolve().as_uri() + after)

    def size(self, width: int, height: int) -> None:
        """The window's size in CSS pixels; a real window has no less than 500."""
        seen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", seen)

    def js(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns in the page."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, script: str, *arguments: Any) -> Any:
        """What ``script`` returns, once that is something."""
        waiting = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05)
        return waiting.until(lambda _: self.js(script, *arguments), f"waited in vain for {script}")

    def all(self, selector: str) -> list[WebElement]:
        """The elements of the page that ``selector`` selects."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first of them; it is waited for, and brought into the window."""
        element: WebElement = self.wait("return document.querySelector(arguments[0])", selector)
        self.js("arguments[0].scrollIntoView({block: 'center'})", element)
        return element

    def click(self, selector: str) -> None:
        """Click the first element that ``selector`` selects, as a mouse does."""
        self.one(selector).click()

    def selected(self) -> tuple[int, str]:
        """Offset and text of the mark selected in an evidence page."""
        start, text = self.wait(SELECTED)
        return start, text

    def complaints(self) -> list[str]:
        """What the console has said since this was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """The addresses asked for since this was last asked."""
        log = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        events = [json.loads(entry["message"])["message"] for entry in log]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own; it ends with the block."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(executable_path=str(DRIVER)))
    try:
        driver.get("about:blank")  # the page of a new tab asks for much
        yield Browser(driver)
    finally:
        driver.quit()
