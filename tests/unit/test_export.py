"""The export is of one build, opens safely in a spreadsheet, and replaces nothing but an earlier export."""

import csv
import hashlib
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests import samples
from tests.conftest import Hiw
from warehouse import csv_files
from warehouse.export import OBSERVATIONS, RELATIONS, STAGING, ExportError, export, read_published
from warehouse.publish import DATABASE, publish

TRICKY = {
    '=HYPERLINK("http://x","点这里")': '\'=HYPERLINK("http://x","点这里")',
    "+1": "'+1",
    "-5%": "'-5%",
    "@sum": "'@sum",
    "\t=1": "'\t=1",
    "\r=1": "'\r=1",
    "\n=1": "'\n=1",
    "＝1+1": "'＝1+1",
    "－5": "'－5",
    "5-6": "5-6",
    "'=1": "'=1",
    " =1": " =1",
    'a "b", c\nd': 'a "b", c\nd',
    "孕产妇死亡率": "孕产妇死亡率",
    "": "",
}


def state(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def published(tmp_path: Path) -> Path:
    publish(samples.warehouse_tables(), tmp_path / "warehouse")
    return tmp_path / "warehouse"


@pytest.mark.parametrize(("text", "cell"), TRICKY.items())
def test_text_that_looks_like_a_formula_is_guarded(tmp_path: Path, text: str, cell: str) -> None:
    frame = pl.DataFrame({"text": [text], "number": [-5.0], "items": [[text, "b"]]})
    [row] = rows(csv_files.write_csv(frame, tmp_path / "a.csv"))
    assert row == {"text": cell, "number": "-5.0", "items": f"{cell}|b"}


def test_the_bytes_of_a_csv_file(tmp_path: Path) -> None:
    schema = {"a": pl.String, "n": pl.Int64, "d": pl.Date, "l": pl.List(pl.String), "b": pl.Boolean}
    frame = pl.DataFrame(
        [("市,", -1, None, ["x", "y"], True), (None, None, None, [], None)], schema, orient="row"
    )
    written = csv_files.write_csv(frame, tmp_path / "a.csv").read_bytes()
    expected = 'a,n,d,l,b\r\n"市,",-1,,x|y,true\r\n,,,"",\r\n'
    assert written == b"\xef\xbb\xbf" + expected.encode()


def test_every_table_and_view_is_exported_whole(published: Path, tmp_path: Path) -> None:
    exported = export(published, tmp_path / "export")
    with duckdb.connect(str(published / DATABASE), read_only=True) as connection:
        for relation in RELATIONS:
            written = rows(tmp_path / "export" / f"{relation.name}.csv")
            counted = connection.sql(f"SELECT count(*) FROM {relation.name}").fetchall()
            assert counted == [(len(written),)]
            assert all(list(row) == [c.name for c in relation.columns] for row in written)
    [document] = rows(tmp_path / "export/dim_document.csv")
    assert (document["title"], document["issued_on"]) == ("2020年全市卫生健康工作要点", "2020-04-29")
    assert (exported.files, exported.values, exported.observations) == (len(RELATIONS), 3, 1)


def test_keys_that_look_like_formulas_still_fit_together(tmp_path: Path) -> None:
    tables = samples.warehouse_tables()
    for name in ("dim_section", "number_mention", "fact_indicator_value"):
        tables[name] = tables[name].with_columns(section_id=pl.lit("=s1"))
    publish(tables, tmp_path / "warehouse")
    export(tmp_path / "warehouse", tmp_path / "export")
    for name in ("dim_section", "number_mention", "fact_indicator_value"):
        assert {row["section_id"] for row in rows(tmp_path / f"export/{name}.csv")} == {"'=s1"}


def test_equal_warehouses_give_equal_bytes(published: Path, tmp_path: Path) -> None:
    shuffled = {name: frame.reverse() for name, frame in samples.warehouse_tables().items()}
    publish(shuffled, tmp_path / "other")
    export(published, tmp_path / "a")
    export(tmp_path / "other", tmp_path / "b")
    assert state(tmp_path / "a") == state(tmp_path / "b")


def test_a_later_export_replaces_an_earlier_one(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "export"
    export(published, target)
    before = state(target)
    (target / "notes.txt").write_text("mine")
    tables = samples.warehouse_tables()
    tables["fact_indicator_value"] = samples.facts(samples.value("70", 80))
    publish(tables, published)
    export(published, target)
    assert [row["value"] for row in rows(target / "fact_indicator_value.csv")] == ["80.0"]
    changed = {name for name, sha in state(target).items() if before.get(name) != sha}
    assert changed >= {"fact_indicator_value.csv", "indicator_values.csv", OBSERVATIONS, "datapackage.json"}
    assert (target / "notes.txt").read_text() == "mine"
    assert not (target / STAGING).exists()


def test_an_export_stopped_in_the_middle_can_be_made_again(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "export"
    export(published, target)
    tables = samples.warehouse_tables()
    tables["fact_indicator_value"] = samples.facts(samples.value("70", 80))
    publish(tables, published)
    export(published, tmp_path / "whole")
    for name in ("fact_indicator_value.csv", OBSERVATIONS):  # as after two of the renames
        (target / name).write_bytes((tmp_path / "whole" / name).read_bytes())
    export(published, target)
    assert state(target) == state(tmp_path / "whole")


FOREIGN = ["dim_unit.csv", "datapackage.json", OBSERVATIONS]


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("earlier", [False, True], ids=["first", "after an export"])
def test_a_file_of_someone_else_is_left_alone(
    published: Path, tmp_path: Path, name: str, earlier: bool
) -> None:
    target = tmp_path / "export"
    target.mkdir()
    if earlier:
        export(published, target)
    (target / name).write_text("mine")
    before = state(target)
    with pytest.raises(ExportError, match=name):
        export(published, target)
    assert state(target) == before


def test_the_parquet_folder_is_no_place_for_an_export(published: Path) -> None:
    before = state(published)
    with pytest.raises(ExportError, match=r"datapackage\.json"):
        export(published, published / "parquet")
    assert state(published) == before


def test_a_folder_in_the_way_is_named(published: Path, tmp_path: Path) -> None:
    (tmp_path / "export/dim_unit.csv").mkdir(parents=True)
    with pytest.raises(ExportError, match=r"dim_unit\.csv"):
        export(published, tmp_path / "export")


def test_what_a_killed_export_left_is_cleared(published: Path, tmp_path: Path) -> None:
    left = tmp_path / "export" / STAGING / "half.csv"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    export(published, tmp_path / "export")
    assert not (tmp_path / "export/half.csv").exists()


def test_a_warehouse_of_another_version_is_told(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("CREATE TABLE dim_unit (surface_unit VARCHAR)")
    with pytest.raises(ExportError, match="`hiw build` makes it anew"):
        read_published(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"not a database")
    with pytest.raises(ExportError, match="`hiw build` makes it anew"):
        read_published(tmp_path)


def test_the_command_says_what_it_wrote(hiw: Hiw, published: Path, tmp_path: Path) -> None:
    result = hiw("export", tmp_path / "export", "--output", published)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"tables and views  {len(RELATIONS)} as CSV\n"
        "observations      1 of 3 values as SDMX-CSV\n"
        f"exported to       {tmp_path / 'export'}\n"
    )


def test_the_command_refuses_in_one_line(hiw: Hiw, published: Path, tmp_path: Path) -> None:
    none = hiw("export", tmp_path / "export", "--output", tmp_path / "nothing")
    said = f"hiw: no warehouse is published in {tmp_path / 'nothing'}: run `hiw build` first\n"
    assert (none.exit_code, none.stderr) == (1, said)
    assert not (tmp_path / "export").exists()
    (tmp_path / "file").touch()
    for target in (tmp_path / "file", tmp_path / "file/below"):
        closed = hiw("export", target, "--output", published)
        assert closed.exit_code == 1
        assert closed.stderr.startswith(f"hiw: the folder {target} can't be written: ")
        assert closed.stderr.count("\n") == 1


def test_an_empty_name_is_no_folder(hiw: Hiw, published: Path, tmp_path: Path) -> None:
    for arguments in (("", "--output", published), (tmp_path / "export", "--output", "")):
        result = hiw("export", *arguments)
        assert result.exit_code == 2
        assert "it is empty" in result.stderr
