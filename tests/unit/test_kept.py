"""A site written over the one before: the bytes of a site from nothing, and only what changed is rendered."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.report import attainment, kept
from pipelines.report.page_rows import Kind, Part
from pipelines.report.questions import Warehouse
from pipelines.report.site import SiteNotWritten, write_site
from tests import samples
from tests.samples import frame, value
from warehouse import tables
from warehouse.files import DATABASE
from warehouse.publish import publish

Tables = dict[str, pl.DataFrame]
Database = Callable[[Callable[[], Tables]], Path]
Write = Callable[..., dict[str, bytes]]
KNOWN = {"indicator_id": "hypertension_management_rate", "jurisdiction_code": "420800"}
OTHER = {"indicator_id": "beds", "jurisdiction_code": "150300", "jurisdiction_name": "乌海市"}
FIRST, SECOND = "documents/d1.html", "documents/d2.html"
OF_FIRST = {FIRST, "indicators/hypertension_management_rate.html", "places/420800.html"}
OF_SECOND = {SECOND, "indicators/beds.html", "places/150300.html"}


def of_second(table: tables.Table, **fields: Any) -> pl.DataFrame:
    return frame(table, {"document_id": "d2", "source_file": "b.txt", **fields})


def one() -> Tables:
    """A warehouse of one document, whose values are of one indicator and place; a second of each is known."""
    base = samples.warehouse_tables()
    known = value("70", 70, indicator_value_id="v1", value_type="target", **KNOWN)
    beds = {"indicator_id": "beds", "name_zh": "床位数", "unit": "%"}
    wuhai = {"jurisdiction_code": "150300", "name_zh": "乌海市", "level": "prefecture", "status": "current"}
    more = {
        "dim_indicator": frame(tables.DIM_INDICATOR, beds),
        "dim_jurisdiction": frame(tables.DIM_JURISDICTION, wuhai),
    }
    return base | {"fact_indicator_value": samples.facts(known)} | with_rows(base, more)


def two() -> Tables:
    """The same with a document that has all its own: indicator, place, section, unit."""
    base = one()
    told = value(
        "5",
        5,
        indicator_value_id="w1",
        mention_id="n1",
        document_id="d2",
        source_file="b.txt",
        section_id="s2",
        **OTHER,
    )
    unit = {"indicator_value_id": "w1", "document_id": "d2", "responsible_unit": "医政科", "position": 1}
    mention = samples.mention("5") | {"mention_id": "n1", "section_id": "s2"}
    return base | with_rows(
        base,
        {
            "dim_document": of_second(tables.DIM_DOCUMENT, char_count=len(samples.TEXT), title="二"),
            "document_text": of_second(tables.DOCUMENT_TEXT, raw_text=samples.TEXT),
            "dim_section": of_second(
                tables.DIM_SECTION, section_id="s2", char_start=0, char_end=len(samples.TEXT), title=""
            ),
            "number_mention": frame(
                tables.NUMBER_MENTION, mention | {"document_id": "d2", "source_file": "b.txt"}
            ),
            "fact_indicator_value": samples.facts(told),
            "bridge_value_responsible_unit": frame(tables.BRIDGE_VALUE_RESPONSIBLE_UNIT, unit),
        },
    )


def with_rows(base: Tables, more: Tables) -> Tables:
    return {name: pl.concat([base[name], rows]) for name, rows in more.items()}


def changed(table: str, column: str, new: Any, **where: str) -> Tables:
    """The two documents, with ``column`` of a row another one."""
    base = two()
    here = pl.all_horizontal(pl.col(name) == field for name, field in where.items())
    column_now = pl.when(here).then(pl.lit(new)).otherwise(pl.col(column)).alias(column)
    return base | {table: base[table].with_columns(column_now.cast(base[table].schema[column]))}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The published file of these tables."""

    @cache
    def published(frames: Callable[[], Tables]) -> Path:
        output = tmp_path_factory.mktemp("published")
        publish(frames(), output)
        return output / DATABASE

    return published


@pytest.fixture
def write(database: Database, tmp_path: Path) -> Write:
    """Write the site of these tables over what is there, and give its files by address."""

    def write(frames: Callable[[], Tables] = two, name: str = "site") -> dict[str, bytes]:
        write_site(database(frames), tmp_path / name)
        return files(tmp_path / name)

    return write


def files(site: Path) -> dict[str, bytes]:
    found = sorted(site.resolve().rglob("*"))
    return {p.relative_to(site.resolve()).as_posix(): p.read_bytes() for p in found if p.is_file()}


def inodes(site: Path) -> dict[str, int]:
    return {
        name: (site / name).stat().st_ino for name in files(site) if "/" in name and name.endswith(".html")
    }


def corrected() -> Tables:
    """The value of d1 is another: its page, and what shows the value."""
    return changed("fact_indicator_value", "value", 71.0, indicator_value_id="v1")


def renamed() -> Tables:
    """An indicator has another name: each page that says it."""
    return changed("dim_indicator", "name_zh", "床位", indicator_id="beds")


def retitled() -> Tables:
    """A heading of d2: no page but its own."""
    return changed("dim_section", "title", "一、总则", section_id="s2")


def assigned() -> Tables:
    """Another unit answers for the value of d2: its page, and that of the place."""
    return changed("bridge_value_responsible_unit", "responsible_unit", "x", indicator_value_id="w1")


def unresolved() -> Tables:
    """The only value of an indicator is of none now: no page of the indicator, and no link to it."""
    return changed("fact_indicator_value", "indicator_id", None, indicator_value_id="w1")


@pytest.mark.parametrize(
    ("before", "after", "taken_over"),
    [
        (two, two, OF_FIRST | OF_SECOND),
        (one, two, OF_FIRST),
        (two, one, OF_FIRST),
        (two, corrected, OF_SECOND),
        (two, renamed, OF_FIRST),
        (two, retitled, OF_FIRST | OF_SECOND - {SECOND}),
        (two, assigned, OF_FIRST | {"indicators/beds.html"}),
        (two, unresolved, OF_FIRST),
    ],
)
def test_a_site_over_another_is_that_from_nothing(
    before: Callable[[], Tables],
    after: Callable[[], Tables],
    taken_over: set[str],
    write: Write,
    tmp_path: Path,
) -> None:
    write(before)
    stood = inodes(tmp_path / "site")
    over = write(after)
    assert over == write(after, "nothing/site")
    now = inodes(tmp_path / "site")
    assert {name for name in now if stood.get(name) == now[name]} == taken_over


def test_a_page_that_is_not_as_it_was_written_is_rendered_again(write: Write, tmp_path: Path) -> None:
    whole = write()
    (tmp_path / "site" / FIRST).write_text("damaged", encoding="utf-8")
    (tmp_path / "site" / SECOND).unlink()
    assert write() == whole


def test_without_a_record_all_is_rendered(write: Write, tmp_path: Path) -> None:
    whole = write()
    record = tmp_path / ".state" / kept.RECORD
    for damaged in ("", "[]", '{"documents/d1.html": 1}', '{"documents/d1.html": ["x"]}'):
        stood = inodes(tmp_path / "site")
        record.write_text(damaged, encoding="ascii")
        assert write() == whole
        assert not set(stood.values()) & set(inodes(tmp_path / "site").values())


def test_other_code_takes_nothing_over(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    stood = inodes(tmp_path / "site")
    monkeypatch.setattr(kept, "_code", lambda: "other")
    write()
    assert not set(stood.values()) & set(inodes(tmp_path / "site").values())


def test_where_there_are_no_hard_links_pages_are_copied(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_source: Path, _target: Path) -> None:
        raise PermissionError("Operation not permitted")

    whole = write()
    monkeypatch.setattr(os, "link", refused)
    assert write() == whole


def test_a_reader_never_finds_the_site_gone(write: Write, tmp_path: Path) -> None:
    write()
    ended, reads, missing = threading.Event(), [0], []

    def read() -> None:
        while not ended.is_set():
            try:
                (tmp_path / "site" / FIRST).read_bytes()
                reads[0] += 1
            except OSError as error:
                missing.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        write()
    ended.set()
    reader.join()
    assert missing == []
    assert reads[0] > 100


def test_what_a_killed_writing_left_is_taken_away(write: Write, tmp_path: Path) -> None:
    whole = write()
    shelf = tmp_path / ".sites"
    left = shelf / ("a" if (tmp_path / "site").resolve().name == "b" else "b")
    left.mkdir()
    (left / "half.html").touch()
    (shelf / "link").symlink_to("nowhere")
    assert write() == whole
    assert [path.name for path in shelf.iterdir()] == [left.name]


def test_a_site_of_an_older_version_is_replaced(write: Write, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("old", encoding="utf-8")
    assert write()["index.html"] != b"old"
    assert len(list((tmp_path / ".sites").iterdir())) == 1


def test_a_failure_leaves_the_site_and_no_litter(write: Write, tmp_path: Path) -> None:
    whole = write()
    (tmp_path / "broken.duckdb").write_bytes(b"no database")
    with pytest.raises(SiteNotWritten):
        write_site(tmp_path / "broken.duckdb", tmp_path / "site")
    assert files(tmp_path / "site") == whole
    assert len(list((tmp_path / ".sites").iterdir())) == 1


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_the_group_reads_the_site_but_not_the_state(umask: int, write: Write, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write(name="out/site")
    finally:
        os.umask(before)
    folder = (tmp_path / "out/site").resolve()
    modes = {(path.is_dir(), oct(path.stat().st_mode & 0o777)) for path in [folder, *folder.rglob("*")]}
    assert modes == {(True, "0o750"), (False, "0o640")}
    assert oct((tmp_path / "out/.state").stat().st_mode & 0o777) == "0o700"


def test_the_charts_script_is_kept_with_the_output(write: Write, tmp_path: Path) -> None:
    (tmp_path / ".state").mkdir()
    (tmp_path / ".state/vega-0.0.js").touch()  # of a package that was replaced since
    assert b"vegaEmbed" in write()["static/vega.js"]
    [script] = (tmp_path / ".state").glob("vega-*")
    script.write_text("kept", encoding="utf-8")
    assert write()["static/vega.js"] == b"kept"


def contradicting(values: int) -> Tables:
    told = [value("70", n, indicator_value_id=f"v{n}", value_type="target", **KNOWN) for n in range(values)]
    return one() | {"fact_indicator_value": samples.facts(*told)}


@pytest.mark.parametrize(("values", "said"), [(21, True), (20, False)])
def test_of_many_conflicts_the_first_stand_in_the_page(
    values: int, said: bool, write: Write, tmp_path: Path
) -> None:
    assert attainment.CONFLICTS_SHOWN == 200
    write(lambda: contradicting(values))
    page = (tmp_path / "site/indicators/hypertension_management_rate.html").read_text(encoding="utf-8")
    assert ("the first 200 of 210 rows" in page) == said  # 21 × 20 / 2; of 20 values there are 190
    assert ("rows</p>" in page) == said


def key(rows: str) -> str:
    """The key of the page ``p`` made of these rows."""
    kind = Kind(
        "id", str, {"page": Part("SELECT 'p' AS id"), "rows": Part(f"SELECT 'p' AS id, * FROM ({rows})")}
    )
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS published")
        return kind.keys(Warehouse(connection, Path()))["p"]


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ("VALUES ('NULL')", "VALUES (NULL::VARCHAR)"),
        ("VALUES ('')", "VALUES (NULL::VARCHAR)"),
        ("VALUES (0.3::DOUBLE)", "VALUES (0.1::DOUBLE + 0.2::DOUBLE)"),
        ("VALUES ('nan'::DOUBLE)", "VALUES ('inf'::DOUBLE)"),
        ("VALUES (['a', 'b'])", "VALUES (['a, b'])"),
        ("VALUES ('a', 'b'), ('c', 'd')", "VALUES ('a', 'd'), ('c', 'b')"),
        ("VALUES ('a'), ('a')", "VALUES ('a')"),
        ("VALUES ('a')", "SELECT 'a' WHERE false"),
    ],
)
def test_other_rows_have_another_key(rows: str, others: str) -> None:
    assert key(rows) != key(others)


def test_the_key_does_not_depend_on_the_order_in_which_rows_are_found() -> None:
    assert key("VALUES ('a', 1), ('b', 2)") == key("VALUES ('b', 2), ('a', 1)")
