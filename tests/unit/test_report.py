"""The static site, written from small warehouses: its pages, its links, what it does with hostile text."""

import json
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.report import rows
from pipelines.report.labels import amount, level, place_names
from pipelines.report.rows import Column, payload
from pipelines.report.site import SiteNotWritten, write_site
from tests import samples
from tests.samples import frame, value
from warehouse import tables
from warehouse.publish import DATABASE, publish

INDICATOR = "hypertension_management_rate"
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(2)>' OR 1=1; DROP TABLE x; --</script>"""
Write = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def _the_charts_script_is_made_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Making it takes some seconds, which is no part of what is timed here."""
    from pipelines.report import vega

    assert "vegaEmbed" in vega.bundle(tmp_path_factory.mktemp("state"))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the site of the sample warehouse with these tables laid over it."""

    def site(name: str = "site", **frames: pl.DataFrame) -> Path:
        publish({**samples.warehouse_tables(), **frames}, tmp_path / name)
        write_site(tmp_path / name / DATABASE, tmp_path / name / "site")
        return tmp_path / name / "site"

    return site


class Page(HTMLParser):
    """What a page holds: its elements, the ids and addresses in it, and the data of its scripts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.events: list[str] = []
        self.data: dict[str, Any] = {}
        self._script: str | None = None
        self._text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids |= {given["id"]} if given.get("id") else set()  # type: ignore[arg-type]
        self.addresses += [str(given[name]) for name in ("href", "src") if name in given]
        self.events += [name for name in given if name.startswith("on")]
        self._script = (
            given.get("id") if tag == "script" and given.get("type") == "application/json" else None
        )

    def handle_data(self, data: str) -> None:
        if self._script:
            self.data[self._script] = json.loads(data)
            self._script = None
        else:
            self._text += data


def data_file(path: Path) -> Any:
    found = re.fullmatch(r'hiw\.data\("(\w+)", (.*)\);\n', path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert found is not None
    assert found[1] == path.stem
    return json.loads(found[2])


def cells(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a table under their columns' names, as the script of the site reads them."""
    for row in table["rows"]:
        yield {
            c["name"]: c["values"][cell] if "values" in c and cell is not None else cell
            for c, cell in zip(table["columns"], row, strict=True)
        }


def links(table: dict[str, Any]) -> Iterator[str]:
    """The addresses its rows lead to, below the top of the site."""
    patterns = [column["href"] for column in table["columns"] if "href" in column]
    for row in cells(table):
        for pattern in patterns:
            if all(row[name] is not None for name in re.findall(r"\{(\w+)\}", pattern)):
                yield pattern.format(**row)


def links_of(name: str, data: Any) -> Iterator[str]:
    """The addresses, below the top of the site, in the data of that name in a page."""
    if name.startswith("rows-"):
        yield from links(data)
    elif name == "points":
        yield from (point["href"] for point in data if point["href"])
    elif name == "readings":
        yield from (page for _, _, page in data["indicators"].values() if page)
        yield from data["places"].values()
    else:
        raise AssertionError(f"it is not known what links {name} has")


def all_links(site: Path) -> Iterator[tuple[Path, str]]:
    """Every address in a page or in data, with the page it leads to (whether or not there is one)."""
    for path in sorted(site.rglob("*.html")):
        found = Page(path)
        for address in found.addresses:
            yield (path.parent / address.split("#")[0]).resolve() if address[0] != "#" else path, address
        for name, data in found.data.items():
            yield from ((site / link.split("#")[0], link) for link in links_of(name, data))
    for data in (data_file(site / "data/values.js"), data_file(site / "data/scoreboard.js")["cells"]):
        yield from ((site / link.split("#")[0], link) for link in links(data))


def leads_nowhere(site: Path) -> list[str]:
    """Every address that no file, or no place in a page, stands for."""
    ids: dict[Path, set[str]] = {}
    broken = []
    for target, address in all_links(site):
        if target not in ids:
            ids[target] = Page(target).ids if target.is_file() and target.suffix == ".html" else set()
        anchor = address.partition("#")[2]
        if not target.is_file() or (anchor and anchor not in ids[target]):
            broken.append(address)
    return broken


def with_a_result() -> dict[str, pl.DataFrame]:
    """The sample with a result for its target, and the nation's goal."""
    known = {"indicator_id": INDICATOR, "jurisdiction_code": "420800", "jurisdiction_name": "荆门市"}
    goal = {
        "indicator_id": INDICATOR,
        "year": 2020,
        "comparator": "ge",
        "value": 60.0,
        "unit": "%",
        "as_written": "60%以上",
    }
    unit = {"document_id": "d1", "indicator_value_id": "v1", "responsible_unit": "医政医管科", "position": 1}
    return {
        "fact_indicator_value": samples.facts(
            value("70", 70, indicator_value_id="v1", value_type="target", **known),
            value(
                "5",
                72.5,
                indicator_value_id="v2",
                value_type="actual",
                comparator="eq",
                **known,
            ),
        ),
        "national_target": frame(tables.NATIONAL_TARGET, goal),
        "bridge_value_responsible_unit": frame(tables.BRIDGE_VALUE_RESPONSIBLE_UNIT, unit),
    }


def test_there_is_a_page_for_each_thing_that_has_values(write: Write) -> None:
    site = write()
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {"index.html", "documents.html", f"indicators/{INDICATOR}.html", "places/420800.html"} <= pages
    assert Page(site / "index.html").ids >= {"scoreboard", "board", "values", "coverage", "rejected"}


def test_every_link_leads_somewhere(write: Write) -> None:
    assert leads_nowhere(write(**with_a_result())) == []


def test_every_link_of_the_sample_documents_leads_somewhere(warehouse: Path) -> None:
    assert leads_nowhere(warehouse / "site") == []


def test_a_link_that_leads_nowhere_is_found(write: Write) -> None:
    """The check above can fail."""
    site = write(**with_a_result())
    (site / "places/420800.html").unlink()
    assert leads_nowhere(site) != []


def test_nothing_is_loaded_from_outside(write: Write) -> None:
    site = write(**with_a_result())
    for path in site.rglob("*.html"):
        assert [a for a in Page(path).addresses if "//" in a or a.startswith("data:")] == []
    ours = [path for path in site.rglob("*") if path.suffix in {".css", ".js"} and path.name != "vega.js"]
    for path in ours:
        outside = set(re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")))
        assert outside <= {
            "http://www.w3.org/2000/svg",
            "https://vega.github.io/schema/vega-lite/v6.4.1.json",
        }
        assert "innerHTML" not in path.read_text(encoding="utf-8")


def test_every_value_is_in_the_table_of_all_and_leads_to_its_sentence(write: Write) -> None:
    table = data_file(write() / "data/values.js")
    shown = {row["indicator_value_id"]: row["shown"] for row in cells(table)}
    assert sorted(shown.values()) == ["1–2 个", "− 5 %", "≥ 70 %"]
    assert {f"documents/d1.html#v-{name}" for name in shown} <= set(links(table))


def test_the_scoreboard_shows_target_result_and_the_nation(write: Write) -> None:
    board = data_file(write(**with_a_result()) / "data/scoreboard.js")
    [cell] = cells(board["cells"])
    assert (cell["place"], cell["target"], cell["actual"]) == ("荆门市", "≥ 70", "72.5")
    assert (cell["tone"], cell["relation"]) == ("met", "stricter")
    assert board["statuses"]["met"].startswith("✓")
    assert board["nation"] == {INDICATOR: [{"year": 2020, "value": 60.0, "shown": "≥ 60"}]}
    assert {"documents/d1.html#v-v1", "documents/d1.html#v-v2"} <= set(links(board["cells"]))


def test_of_several_targets_of_a_series_the_last_due_is_on_the_scoreboard(write: Write) -> None:
    known = {"indicator_id": INDICATOR, "jurisdiction_code": "420800"}
    facts = [value("70", 70 + n, indicator_value_id=f"v{n}", period=str(2020 + n), **known) for n in range(3)]
    [cell] = cells(
        data_file(write(fact_indicator_value=samples.facts(*facts)) / "data/scoreboard.js")["cells"]
    )
    assert (cell["year"], cell["target_value"]) == (2022, 72.0)


def test_an_indicator_has_its_points_goals_targets_and_values(write: Write) -> None:
    data = Page(write(**with_a_result()) / f"indicators/{INDICATOR}.html").data
    points = {(p["kind"], p["series"], p["year"], p["value"]) for p in data["points"]}
    assert points == {
        ("target", "荆门市", 2020, 70.0),
        ("result", "荆门市", 2020, 72.5),
        ("nation", "国家目标 national goal", 2020, 60.0),
    }
    assert [goal["as_written"] for goal in cells(data["rows-goals"])] == ["60%以上"]
    assert [row["status_label"] for row in cells(data["rows-attainment"])] == ["✓ 达到 met"]
    assert sorted(row["shown"] for row in cells(data["rows-values"])) == ["72.5 %", "≥ 70 %"]


def test_a_place_has_its_targets_units_values_and_documents(write: Write) -> None:
    data = Page(write(**with_a_result()) / "places/420800.html").data
    assert [row["actual"] for row in cells(data["rows-attainment"])] == ["72.5 % (2020)"]
    assert [row["responsible_unit"] for row in cells(data["rows-units"])] == ["医政医管科"]
    assert {row["indicator_value_id"] for row in cells(data["rows-values"])} == {"v1", "v2"}
    assert [row["document_id"] for row in cells(data["rows-documents"])] == ["d1"]


def saying(words: str) -> dict[str, pl.DataFrame]:
    """The sample with ``words`` wherever a source or the reference data could say them."""
    sample = {**samples.warehouse_tables(), **with_a_result()}
    columns = {
        "dim_document": ("title", "source_file", "issuer"),
        "dim_indicator": ("name_zh", "name_en", "notes", "domain"),
        "dim_jurisdiction": ("name_zh",),
        "fact_indicator_value": ("sentence", "indicator_text", "unit", "qualifier"),
        "national_target": ("as_written", "source_document"),
        "bridge_value_responsible_unit": ("responsible_unit",),
    }
    said = {
        table: sample[table].with_columns(pl.lit(words).alias(name) for name in names)
        for table, names in columns.items()
    }
    rejected = {"source_file": f"{words}.txt", "reason": "empty", "detail": words}
    return {**said, "rejected_document": frame(tables.REJECTED_DOCUMENT, rejected)}


def test_text_from_documents_is_text_on_every_page(write: Write) -> None:
    site = write(**saying(HOSTILE))
    quiet = write("quiet", **saying("x" * len(HOSTILE)))
    for path in site.rglob("*.html"):
        page, harmless = Page(path), Page(quiet / path.relative_to(site))
        assert (page.tags, page.events) == (harmless.tags, [])
        assert "<img src=x" not in path.read_text(encoding="utf-8")
    assert HOSTILE in Page(site / "places/420800.html").data["rows-units"]["rows"][0]
    assert HOSTILE in json.dumps(data_file(site / "data/values.js"), ensure_ascii=False).replace('\\"', '"')


def test_the_same_warehouse_gives_the_same_bytes(write: Write) -> None:
    one, two = write("one", **with_a_result()), write("two", **with_a_result())
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)
    write_site(one.parent / DATABASE, one)
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)


def many(documents: int, each: int) -> dict[str, pl.DataFrame]:
    """A warehouse of so many documents with so many values each."""
    sample = samples.warehouse_tables()
    names = pl.DataFrame({"document_id": [f"d{n}" for n in range(documents)]})
    numbers = pl.DataFrame({"n": range(each)})

    def copies(table: pl.DataFrame, *ids: str) -> pl.DataFrame:
        grown = table.drop("document_id").join(names, how="cross")
        return grown.with_columns(pl.col(name) + "-" + pl.col("document_id") for name in ids).select(
            table.columns
        )

    values = sample["fact_indicator_value"].head(1).join(numbers, how="cross")
    values = values.with_columns(
        indicator_value_id=pl.format("v{}", "n"),
        value=pl.col("n").cast(pl.Float64),
        value_type=pl.lit("target"),
    ).drop("n")
    return {
        "dim_document": copies(sample["dim_document"], "source_file"),
        "dim_section": copies(sample["dim_section"], "section_id"),
        "number_mention": copies(sample["number_mention"], "mention_id", "section_id"),
        "fact_indicator_value": copies(values, "indicator_value_id", "mention_id", "section_id"),
    }


def test_a_thousand_documents_stay_usable(tmp_path: Path) -> None:
    publish({**samples.warehouse_tables(), **many(1000, 20)}, tmp_path / "many")
    started = time.perf_counter()
    write_site(tmp_path / "many" / DATABASE, tmp_path / "many/site")
    assert time.perf_counter() - started < 60  # 4 s on a machine of two cores
    assert (tmp_path / "many/site/index.html").stat().st_size < 2_000_000
    assert len(data_file(tmp_path / "many/site/data/values.js")["rows"]) == 20_000


def test_a_site_that_cannot_be_written_says_so_and_leaves_the_old_one(write: Write, tmp_path: Path) -> None:
    site = write()
    before = (site / "index.html").read_bytes()
    (tmp_path / "broken.duckdb").write_bytes(b"no database")
    with pytest.raises(SiteNotWritten, match=r"the data are published, but the site .* is not written"):
        write_site(tmp_path / "broken.duckdb", site)
    assert (site / "index.html").read_bytes() == before
    assert not list(site.parent.glob(".site.*"))


def test_a_text_that_comes_again_stands_once() -> None:
    given = [{"place": "荆门市", "n": n} for n in range(3)]
    assert payload((Column("place", "地区"), Column("n", kind="number")), given, key="n") == {
        "columns": [
            {"name": "place", "label": "地区", "values": ["荆门市"]},
            {"name": "n", "kind": "number"},
        ],
        "rows": [[0, 0], [0, 1], [0, 2]],
        "key": "n",
    }


def test_of_a_table_too_large_for_a_page_the_first_rows_are_shown_and_the_rest_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    shown = payload((Column("n", kind="number"),), [{"n": n} for n in range(5)])
    assert shown["rows"] == [[0], [1]]
    assert shown["left_out"] == 3


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((20.0, "le", None, "/10万"), "≤ 20 /10万"),
        ((3.0, "between", 5.5, "%"), "3–5.5 %"),
        ((1234567.0, "eq", None, None), "1,234,567"),
        ((0.1 + 0.2, "approx", None, "per_100k"), "≈ 0.3 /10万"),
        ((None, "ge", None, "%"), None),
    ],
)
def test_how_a_number_is_shown(given: tuple[Any, ...], shown: str | None) -> None:
    assert amount(*given) == shown


def test_a_change_names_its_base() -> None:
    row = {"value": 10.0, "comparator": "decrease", "value_high": None, "unit": "%", "change": "relative"}
    assert level({**row, "reference_period": "2015"}) == "− 10 % (比 vs 2015)"
    assert level({**row, "comparator": "eq", "reference_period": None}) == "Δ 10 %"


def test_two_places_of_one_name_are_told_apart() -> None:
    place = {"jurisdiction_name": "朝阳区", "parent_name": "北京市", "jurisdiction_code": "110105"}
    other = {"jurisdiction_name": "朝阳区", "parent_name": "长春市", "jurisdiction_code": "220104"}
    alone = {"jurisdiction_name": "荆门市", "parent_name": "湖北省", "jurisdiction_code": "420800"}
    names = place_names([place, other, alone, alone])
    assert names == {"110105": "北京市 朝阳区", "220104": "长春市 朝阳区", "420800": "荆门市"}
