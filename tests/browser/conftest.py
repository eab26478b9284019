"""A browser for the tests of the site; where there is none they are skipped, but never in CI."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.browser.chromium import CHROMIUM, DESKTOP, DRIVER, ON_DISK, Browser, chromium
from warehouse.files import DATABASE

Row = dict[str, Any]


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests."""
    missing = [str(path) for path in (CHROMIUM, DRIVER) if not path.exists()]
    if missing:
        why = f"no {' and no '.join(missing)}: install the packages chromium and chromium-driver"
        (pytest.fail if os.environ.get("HIW_BROWSER") == "required" else pytest.skip)(why)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "localhost,127.0.0.1")  # the driver is on this machine
        patch.setenv("no_proxy", "localhost,127.0.0.1")
        with chromium(tmp_path_factory.mktemp("profile")) as browser:
            yield browser


@pytest.fixture
def browser(window: Browser) -> Iterator[Browser]:
    """The browser at a desktop's width; no page may complain or ask for anything from outside."""
    window.size(*DESKTOP)
    for forgotten in (window.complaints, window.requests):
        forgotten()
    yield window
    assert window.complaints() == []
    requests = window.requests()
    assert requests, "no request is logged: nothing is known of them"
    assert [url for url in requests if not url.startswith(ON_DISK)] == []


@pytest.fixture(scope="session")
def site(warehouse: Path) -> Path:
    """The site of the sample documents."""
    return warehouse / "site"


@pytest.fixture(scope="session")
def readings(warehouse: Path) -> dict[str, Row]:
    """Every value read from the sample documents, published or not, by its id."""
    return values_of(warehouse)


def values_of(output: Path) -> dict[str, Row]:
    """Every value of a warehouse, published or not, with its indicator's name."""
    part = """
        SELECT v.indicator_value_id, v.document_id, v.indicator_id, v.value_type, v.value, v.unit,
            v.char_start, v.quote, coalesce(i.name_zh, v.indicator_text) AS indicator, '{table}' AS stands_in
        FROM {table} AS v LEFT JOIN dim_indicator AS i USING (indicator_id)"""
    parts = [part.format(table=table) for table in ("fact_indicator_value", "rejected_value")]
    with duckdb.connect(str(output / DATABASE), read_only=True) as connection:
        found = connection.execute(" UNION ALL ".join(parts))
        names = [column[0] for column in found.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}
