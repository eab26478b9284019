"""quality.html says what the warehouse holds, leads to the evidence, and shows text as text."""

from __future__ import annotations

import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import expectations
from pipelines import history
from pipelines.report import quality_lists, quality_trend
from pipelines.report.quality_checks import rate
from pipelines.report.site import write_site
from tests import samples
from tests.samples import mention, value
from warehouse import contract, tables
from warehouse.publish import publish

HOSTILE = "\"><img src=x onerror=alert(1)></script><script>alert('x')</script>'; DROP TABLE repair;--"
LONG = {"indicator_text": HOSTILE, "sentence": HOSTILE + samples.TEXT, "sentence_start": -len(HOSTILE)}


def warehouse() -> dict[str, pl.DataFrame]:
    """A validated warehouse with a value in quarantine, soft failures, a repair, a rejected file."""
    frames = samples.warehouse_tables()
    frames["fact_indicator_value"] = samples.facts(
        value("70", 70, indicator_value_id="kept", jurisdiction_name=HOSTILE, **LONG),
        value("5", 500, indicator_value_id="set_aside", indicator_text="满意率", section_id="s1"),
    )
    frames["number_mention"] = samples.frame(
        tables.NUMBER_MENTION,
        *(mention(quote) for quote in ("70", "5")),
        {**mention("2020", "other"), "detail": HOSTILE},
    )
    frames["dim_document"] = frames["dim_document"].with_columns(
        title=pl.lit(HOSTILE), issued_on=pl.lit(None, pl.Date)
    )
    frames["rejected_document"] = samples.frame(
        tables.REJECTED_DOCUMENT,
        {"source_file": HOSTILE, "reason": "empty", "detail": "the file has no bytes"},
    )
    repair = {
        "repair_id": "r1",
        "document_id": "d1",
        "before": HOSTILE,
        "after": "县",
        "rule_id": "lost_county",
    }
    frames["repair"] = samples.frame(tables.REPAIR, repair)
    validated = expectations.validate(frames)
    frames |= validated._asdict()
    run = {"build_id": "b1", "documents_read": 1, "documents_rejected": 1, "values_quarantined": 1}
    frames["build_run"] = samples.frame(tables.BUILD_RUN, run)
    return frames


class Page(HTMLParser):
    """What a browser makes of a page: tags, links, text and the JSON of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.tables: dict[str, Any] = {}
        self._table: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        assert not [name for name in given if name.startswith("on")]
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "script" and given.get("type") == "application/json":
            self._table = (given["id"] or "").removeprefix("rows-")

    def handle_data(self, data: str) -> None:
        if self._table:
            self.tables[self._table] = json.loads(data)
            self._table = None
        self.text += data

    def rows(self, name: str) -> list[dict[str, Any]]:
        columns = self.tables[name]["columns"]
        return [
            {
                c["name"]: c["values"][cell] if "values" in c else cell
                for c, cell in zip(columns, row, strict=True)
            }
            for row in self.tables[name]["rows"]
        ]

    def addresses(self) -> list[str]:
        """Every link below documents/, those of the tables filled in as static/site.js does."""
        filled = [
            re.sub(r"\{(\w+)\}", lambda found: str(row[found[1]]), column["href"])  # noqa: B023 - used at once
            for name, table in self.tables.items()
            for column in table["columns"]
            if "href" in column
            for row in self.rows(name)
        ]
        return [link for link in (*self.links, *filled) if link.startswith("documents/")]


def written(output: Path, frames: dict[str, pl.DataFrame]) -> Page:
    output.mkdir(exist_ok=True)
    publish(frames, output)
    return site(output)


def site(output: Path) -> Page:
    write_site(output / "health_indicators.duckdb", output / "site")
    return Page((output / "site/quality.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("quality")
    publish(warehouse(), output)
    history.record(output)
    return output


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return site(folder)


def test_text_of_documents_stands_as_text(page: Page) -> None:
    assert "img" not in page.tags
    assert page.tags.count("script") == len(page.tables) + 2  # and site.js, quality.js
    assert "alert('x')" in page.text
    assert page.rows("indicators")[0]["indicator_text"] == HOSTILE
    assert page.rows("rejected")[0]["source_file"] == HOSTILE
    assert page.rows("repairs")[0]["before"] == HOSTILE
    assert page.rows("others")[0]["reason"] == HOSTILE
    assert page.rows("undated")[0]["document"] == HOSTILE


def test_links_lead_to_marks_that_exist(page: Page) -> None:
    anchors = {"v-kept", "v-set_aside", "m-m0", "m-m17", f"m-m{samples.TEXT.index('5')}"}
    split = [link.removeprefix("documents/").partition(".html") for link in page.addresses()]
    assert {name for name, _, _ in split} == {"d1"}
    found = {rest.removeprefix("#") for _, _, rest in split if rest}
    assert found <= anchors
    assert {"v-kept", "v-set_aside", "m-m0"} <= found


def test_links_within_the_page_lead_somewhere(folder: Path, page: Page) -> None:
    html = (folder / "site/quality.html").read_text(encoding="utf-8")
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert {name for name in within if f'id="{name}"' not in html} == set()
    assert "checks" in within


def test_checks_are_told_with_what_failed(page: Page) -> None:
    shown = {
        row["expectation_id"]: row
        for row in page.rows("checks")
        if row["table_name"] == "fact_indicator_value"
    }
    assert shown["share_at_most_whole"]["failed_rows"] == 1
    assert shown["share_at_most_whole"]["rate_shown"] == "50 %"
    assert shown["share_at_most_whole"]["severity_shown"] == "硬 hard"
    assert shown["key_unique"]["state_shown"] == "✓ 通过 passed"
    assert "indicator_text = 满意率, value = 500.0, value_high = nothing" in page.text


@pytest.mark.usefixtures("page")
def test_the_sample_shows_the_number_within_its_sentence(folder: Path) -> None:
    html = (folder / "site/quality.html").read_text(encoding="utf-8")
    [before, after] = re.findall(r">([^<]*)<mark>5</mark>([^<]*)</a>", html)[0]
    assert before + "5" + after == samples.TEXT
    assert "…" in re.findall(r">([^<]*)<mark>70</mark>", html)[0]


def test_quarantine_and_dispositions_are_counted(page: Page) -> None:
    [quarantined] = page.rows("quarantine")
    assert (quarantined["failed_rule"], quarantined["value"]) == ("share_at_most_whole", 500.0)
    [coverage] = page.rows("coverage")
    assert (coverage["numbers"], coverage["numbers_fact"], coverage["numbers_other"]) == (3, 2, 1)
    assert coverage["unread"] == 33.3
    assert [row["place"] for row in page.rows("places")] == [HOSTILE]


def test_a_long_list_says_how_long_it_is(page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not re.search(r"前 \d+ 行", page.text)
    monkeypatch.setattr(quality_lists, "LISTED", 1)
    frames = warehouse()
    more = value("70", 70, indicator_value_id="more", indicator_text="别的", unit=None)
    frames["fact_indicator_value"] = pl.concat([frames["fact_indicator_value"], samples.facts(more)])
    cut = written(tmp_path / "cut", frames)
    assert len(cut.rows("indicators")) == 1
    assert "前 1 行，共 2 行 · the first 1 of 2 rows" in cut.text


def test_past_builds_are_drawn(tmp_path: Path) -> None:
    for name, failed in (("a", 4), ("b", 1)):
        frames = warehouse()
        frames["build_run"] = frames["build_run"].with_columns(build_id=pl.lit(name), checks_failed=failed)
        of_rule = pl.col("expectation_id") == "share_at_most_whole"
        frames["quality_result"] = frames["quality_result"].with_columns(
            failed_rows=pl.when(of_rule).then(failed).otherwise("failed_rows"), checked_rows=pl.lit(8)
        )
        page = written(tmp_path, contract_types(frames))
        history.record(tmp_path)
    page = site(tmp_path)
    assert [row["sequence"] for row in page.rows("builds")] == [2, 1]
    assert [row["checks_failed"] for row in page.rows("builds")] == [1, 4]
    assert "fact_indicator_value.share_at_most_whole 4 → 1 行未过 rows failed" in " ".join(page.text.split())
    assert "通过率 pass rate 50.00 → 87.50 %" in page.text
    assert "4 → 1" in page.text


def contract_types(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {table.name: contract.conform(frames[table.name], table) for table in tables.TABLES}


def test_a_chart_runs_from_nothing_at_its_foot_to_the_most_at_its_top() -> None:
    drawn = quality_trend.chart("x", [0, 10, None, 5])
    assert drawn.points == "4.0,52.0 81.3,4.0 236.0,28.0"
    assert (drawn.values, drawn.end) == ((0, 10, 5), (236.0, 28.0))
    assert quality_trend.chart("x", [0]).points == "4.0,52.0"
    assert quality_trend.chart("x", [None]).points == ""


def test_without_or_with_a_damaged_history_the_page_is_written(tmp_path: Path) -> None:
    page = written(tmp_path, warehouse())
    assert "No builds are recorded beside this file." in page.text
    (tmp_path / "history").mkdir()
    (tmp_path / "history/builds.parquet").write_bytes(b"half")
    assert "The history of builds can't be read: it is damaged." in site(tmp_path).text


def test_an_empty_warehouse_has_a_page(tmp_path: Path) -> None:
    frames = {name: frame.clear() for name, frame in warehouse().items()}
    frames["build_run"] = samples.frame(tables.BUILD_RUN, {"documents_read": 0})
    page = written(tmp_path, frames)
    assert "✓ 全部通过 All checks hold." in page.text
    assert page.tables == {}


@pytest.mark.usefixtures("page")
def test_equal_warehouses_give_equal_bytes(folder: Path) -> None:
    first = (folder / "site/quality.html").read_bytes()
    site(folder)
    assert (folder / "site/quality.html").read_bytes() == first
    assert str(folder).encode() not in first


def test_corrections_are_shown_where_there_are_any(page: Page, tmp_path: Path) -> None:
    assert "corrections" not in page.tables
    of_document: dict[str, Any] = {"source_file": "a.txt", "quote": "70", "indicator_text": "率"}
    applied = {**of_document, "correction_id": "c1", "status": "applied", "indicator_value_id": "kept"}
    applied |= {"document_id": "d1", "why": HOSTILE, "corrected_on": dt.date(2026, 1, 2)}
    stale = {**of_document, "correction_id": "c2", "status": "stale", "document_id": "gone"}
    rows_said = samples.frame(tables.CORRECTION, applied, stale)
    publish({**warehouse(), "correction": rows_said}, tmp_path)
    rows = site(tmp_path).rows("corrections")
    assert [(row["status"], row["known"], row["day"]) for row in rows] == [
        ("stale", None, "2020-04-29"),
        ("applied", "d1", "2026-01-02"),
    ]
    assert (rows[1]["why"], rows[1]["anchor"]) == (HOSTILE, "v-kept")


def test_only_what_holds_throughout_is_a_hundred_per_cent() -> None:
    assert [rate(share) for share in (None, 100.0, 99.9999, 57.0, 0.0)] == [
        "–",
        "100 %",
        "99.99 %",
        "57 %",
        "0 %",
    ]
