"""``hiw sql``: what it prints in each format, what it refuses, and the shell in a real terminal."""

import json
import os
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from rich.cells import cell_len

from pipelines.ask import unique
from tests import samples
from tests.conftest import Hiw
from warehouse.publish import DATABASE, publish

HIW = [sys.executable, "-c", "from pipelines.cli import main; main(prog_name='hiw')", "sql"]
ODD = """
    SELECT * FROM (VALUES
        (1, 95.0::DOUBLE, '孕产妇死亡率', NULL, ['甲', 'b,"c'], DATE '2020-04-29', 1.50::DECIMAL(5, 2), true),
        (2, 13.64::DOUBLE, '', 'a|b', [], NULL, 0.10::DECIMAL(5, 2), false),
        (3, 1e-7::DOUBLE, E'x\\ny', 'NULL', NULL, NULL, NULL, NULL)
    ) AS t (n, double, text, other, list, date, decimal, yes) ORDER BY n
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("published")
    publish(samples.warehouse_tables(), output)
    return output


def printed(hiw: Hiw, published: Path, *arguments: str) -> str:
    result = hiw("sql", "--output", published, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(hiw: Hiw, published: Path, *arguments: object) -> str:
    result = hiw("sql", "--output", published, *arguments)
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith("hiw: ")
    assert result.stdout == ""
    return result.stderr


def files(folder: Path) -> dict[Path, tuple[int, int, int]]:
    stats = ((path, path.stat()) for path in folder.rglob("*"))
    return {path: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for path, stat in stats}


def test_a_table_lines_up_by_the_width_on_the_screen(hiw: Hiw, published: Path) -> None:
    query = "SELECT indicator_text, unit, value FROM indicator_values ORDER BY value DESC"
    assert printed(hiw, published, query).splitlines() == [
        "indicator_text       │ unit │ value",
        "─────────────────────┼──────┼──────",
        "高血压患者规范管理率 │ %    │    70",
        "孕产妇死亡率         │ %    │     5",
        "新增医院             │ 个   │     1",
        "(3 rows)",
    ]


def test_every_bar_of_a_table_stands_in_one_column(hiw: Hiw, published: Path) -> None:
    *lines, _ = printed(hiw, published, ODD).splitlines()
    assert len(lines) == 5
    bars = {
        tuple(cell_len(line[:place]) for place, sign in enumerate(line) if sign in "│┼") for line in lines
    }
    assert len(bars) == 1


def test_a_table_tells_null_from_empty_and_shows_what_would_break_a_line(hiw: Hiw, published: Path) -> None:
    lines = printed(hiw, published, ODD).splitlines()
    cells = [[cell.strip() for cell in line.split("│")] for line in lines[2:-1]]
    assert cells == [
        ["1", "95", "孕产妇死亡率", "NULL", '["甲", "b,\\"c"]', "2020-04-29", "1.50", "true"],
        ["2", "13.64", "", "a|b", "[]", "NULL", "0.10", "false"],
        ["3", "0.0000001", "x↵y", "NULL", "NULL", "NULL", "NULL", "NULL"],
    ]


def test_a_table_says_how_many_rows_it_leaves_out(hiw: Hiw, published: Path) -> None:
    lines = printed(hiw, published, "FROM range(2500)", "--rows", "2").splitlines()
    assert lines[2:] == ["    0", "    1", "… 2 of 2500 rows (--rows 0 for all)"]
    assert printed(hiw, published, "FROM range(2500)").splitlines()[-1].startswith("… 100 of 2500 rows")
    assert printed(hiw, published, "FROM range(2500)", "--rows", "0").splitlines()[-1] == "(2500 rows)"
    assert printed(hiw, published, "FROM range(1)").splitlines()[-1] == "(1 row)"


def test_csv_has_every_row_and_reads_back(hiw: Hiw, published: Path, tmp_path: Path) -> None:
    assert printed(hiw, published, ODD, "--format", "csv").split("\n", 3)[:3] == [
        "n,double,text,other,list,date,decimal,yes",
        '1,95,孕产妇死亡率,,"[""甲"", ""b,\\""c""]",2020-04-29,1.50,true',
        '2,13.64,"",a|b,[],,0.10,false',
    ]
    printed(hiw, published, "FROM range(2500)", "--out", str(tmp_path / "range.csv"))
    assert pl.read_csv(tmp_path / "range.csv")["range"].to_list() == list(range(2500))
    printed(hiw, published, ODD, "--out", str(tmp_path / "odd.csv"))
    odd = pl.read_csv(tmp_path / "odd.csv")
    assert odd["text"].to_list() == ["孕产妇死亡率", "", "x\ny"]
    assert odd["other"].to_list() == [None, "a|b", "NULL"]


def test_json_is_an_array_of_objects(hiw: Hiw, published: Path) -> None:
    rows = json.loads(printed(hiw, published, ODD, "--format", "json"))
    assert [row["text"] for row in rows] == ["孕产妇死亡率", "", "x\ny"]
    assert rows[0]["list"] == ["甲", 'b,"c']
    assert [rows[0][name] for name in ("date", "decimal", "yes", "other")] == ["2020-04-29", 1.5, True, None]
    twice = printed(hiw, published, "SELECT 1 AS a, 2 AS a, 'nan'::DOUBLE AS b", "--format", "json")
    assert json.loads(twice) == [{"a": 1, "a_1": 2, "b": "nan"}]


def test_markdown_is_a_table_of_markdown(hiw: Hiw, published: Path) -> None:
    query = "SELECT 70.0::DOUBLE AS value, '0~6岁|*' AS text, NULL AS nothing, '' AS empty"
    assert printed(hiw, published, query, "--format", "markdown").splitlines() == [
        "| value | text | nothing | empty |",
        "| ---: | --- | --- | --- |",
        "| 70 | 0\\~6岁\\|\\* | NULL |  |",
    ]


def test_parquet_keeps_the_types(hiw: Hiw, published: Path, tmp_path: Path) -> None:
    file = tmp_path / "values.parquet"
    printed(hiw, published, "FROM fact_indicator_value ORDER BY value", "--out", str(file))
    with duckdb.connect(str(published / DATABASE), read_only=True) as connection:
        expected = connection.sql("FROM fact_indicator_value ORDER BY value").pl()
    assert pl.read_parquet(file).equals(expected)
    assert expected.height == 3


def test_names_that_come_twice_are_numbered() -> None:
    assert unique(["a", "b", "a", "a_1", "a"]) == ["a", "b", "a_1", "a_1_1", "a_2"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("table", "mention_id │ mention\n───────────┼────────\n(0 rows)\n"),
        ("csv", "mention_id,mention\n"),
        ("json", "[]\n"),
        ("markdown", "| mention_id | mention |\n| --- | --- |\n"),
    ],
)
def test_an_empty_result(hiw: Hiw, published: Path, form: str, expected: str) -> None:
    query = "SELECT mention_id, mention FROM number_mention WHERE false"
    assert printed(hiw, published, query, "--format", form) == expected


def test_a_plan_is_printed_as_it_is(hiw: Hiw, published: Path) -> None:
    plan = printed(hiw, published, "EXPLAIN FROM repair")
    assert "repair" in plan
    assert "↵" not in plan


def test_several_statements_and_a_temporary_table(hiw: Hiw, published: Path) -> None:
    query = "CREATE TEMP TABLE t AS SELECT 7 AS x; FROM t; SELECT 8 AS y"
    assert printed(hiw, published, query) == "x\n─\n7\n(1 row)\ny\n─\n8\n(1 row)\n"
    pivot = printed(
        hiw, published, "PIVOT number_mention ON disposition GROUP BY source_file", "--format", "csv"
    )
    assert pivot == "source_file,date,fact\na.txt,1,3\n"


def test_a_query_from_a_file_and_from_standard_input(published: Path, tmp_path: Path, hiw: Hiw) -> None:
    script = tmp_path / "count.sql"
    script.write_text("\ufeffSELECT '数' AS sign -- how it ends", encoding="utf-8")
    assert printed(hiw, published, "--file", str(script), "--format", "csv") == "sign\n数\n"
    piped = subprocess.run(
        [*HIW, "--output", published, "--format", "csv"],
        input=script.read_bytes()[3:],
        capture_output=True,
        check=True,
    )
    assert piped.stdout.decode() == "sign\n数\n"


def test_a_missing_warehouse_is_named(hiw: Hiw, tmp_path: Path) -> None:
    said = refused(hiw, tmp_path / "none", "SELECT 1")
    assert (
        said
        == f"hiw: no warehouse in {tmp_path / 'none'}; run `hiw build` or name its folder with --output\n"
    )
    assert not (tmp_path / "none").exists()


def test_a_damaged_file_is_no_traceback(hiw: Hiw, tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database" * 1000)
    assert "not a valid DuckDB database file" in refused(hiw, tmp_path, "SELECT 1")


def test_an_error_in_sql_points_to_its_place(hiw: Hiw, published: Path) -> None:
    said = refused(hiw, published, "SELECT value\nFROM indicator_values WHERE '死亡率' = valeu")
    assert 'column "valeu" not found' in said
    *_, line, mark = (line.removeprefix("hiw: ") for line in said.splitlines())
    assert line == "LINE 2: FROM indicator_values WHERE '死亡率' = valeu"
    assert cell_len(mark.rstrip("^")) == cell_len(line) - len("valeu")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM number_mention",
        "CREATE TABLE x AS SELECT 1",
        "COPY (SELECT 1) TO '{out}/health_indicators.duckdb'",
        "COPY (SELECT 1) TO '{out}/x.csv'",
        "ATTACH '{out}/health_indicators.duckdb' AS again (READ_WRITE)",
        "ATTACH '{out}/new.duckdb'",
        "EXPORT DATABASE '{out}/x'",
        "FROM read_text('{out}/parquet/repair.parquet')",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
    ],
)
def test_sql_reaches_no_file_and_changes_nothing(hiw: Hiw, published: Path, query: str) -> None:
    before = files(published)
    refused(hiw, published, query.format(out=published))
    assert files(published) == before


@pytest.mark.parametrize("name", [DATABASE, "parquet/repair.parquet"])
def test_a_result_never_replaces_a_published_file(hiw: Hiw, published: Path, name: str) -> None:
    before = (published / name).read_bytes()
    result = hiw("sql", "--output", published, "SELECT 1", "--format", "csv", "--out", published / name)
    assert result.exit_code == 2
    assert "one of the published files" in result.output
    assert (published / name).read_bytes() == before


def test_a_query_that_fails_leaves_the_file_of_the_one_before(
    hiw: Hiw, published: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kept.csv"
    file.write_text("kept")
    refused(hiw, published, "SELECT error('no') FROM range(3)", "--out", file)
    refused(hiw, published, "SELECT INTERVAL 1 DAY", "--format", "parquet", "--out", file)
    assert "can't be written" in refused(hiw, published, "SELECT 1", "--out", tmp_path / "no/where.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.csv"]
    assert file.read_text() == "kept"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["  "], 1, "the query is empty"),
        ([""], 1, "the query is empty"),
        (["SELECT 1; SELECT 2", "--format", "json"], 1, "one query"),
        (["SET VARIABLE a = 1", "--format", "csv"], 1, "one query"),
        (["SELECT 1", "--format", "parquet"], 2, "needs --out"),
        (["SELECT 1", "--file", "README.md"], 2, "not both"),
        (["SELECT 1", "--output", ""], 2, "it is empty"),
        ([".describe nothing"], 1, "no table or view nothing"),
        ([".wat"], 1, "no command .wat"),
    ],
)
def test_what_is_asked_wrongly(
    hiw: Hiw, published: Path, arguments: list[str], status: int, said: str
) -> None:
    result = hiw("sql", "--output", published, *arguments)
    assert (result.exit_code, said in result.stderr) == (status, True), result.output


def test_tables_and_columns_are_described_by_their_comments(hiw: Hiw, published: Path) -> None:
    listed = printed(hiw, published, ".tables")
    meanings = dict(line.split(maxsplit=1) for line in listed.splitlines() if not line.startswith(" "))
    assert meanings["quality_result"] == "One row per expectation of this build."
    assert "indicator_values" in listed
    assert "duckdb_tables" not in listed
    described = printed(hiw, published, ".describe Number_Mention;").splitlines()
    assert described[0].startswith("number_mention: Every number of every document")
    assert "mention      VARCHAR    The number as written in the raw text." in described


def test_a_reader_that_stops_early_sees_no_traceback(published: Path) -> None:
    hiw = subprocess.Popen(
        [*HIW, "--output", published, "FROM range(300000)", "--format", "csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert hiw.stdout
    assert hiw.stderr
    with hiw.stdout, hiw.stderr:
        assert hiw.stdout.readline() == b"range\n"
        hiw.stdout.close()
        assert hiw.stderr.read() == b""
    hiw.wait(timeout=20)


class Terminal:
    """``hiw sql`` in a terminal 60 columns wide: keys go in, and what the screen gets is kept."""

    def __init__(self, published: Path, home: Path) -> None:
        self.keys, inner = os.openpty()
        termios.tcsetwinsize(inner, (24, 60))
        environment = {
            **os.environ,
            "XDG_STATE_HOME": str(home),
            "TERM": "dumb",
            "PYTHONIOENCODING": "utf-8",
        }
        self.hiw = subprocess.Popen(
            [*HIW, "--output", published],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={k: v for k, v in environment.items() if k not in ("COLUMNS", "LINES")},
            start_new_session=True,
        )
        os.close(inner)

    def until(self, sign: str) -> str:
        """What comes up to and with ``sign``."""
        got = b""
        while sign.encode() not in got:
            ready, _, _ = select.select([self.keys], [], [], 30)
            assert ready, f"{sign!r} did not come after {got.decode()!r}"
            got += os.read(self.keys, 65536)
        return got.decode().replace("\r\n", "\n")

    def type(self, text: str) -> None:
        os.write(self.keys, text.encode())

    def close(self) -> int:
        self.hiw.kill()  # does nothing to one that has ended
        os.close(self.keys)
        return self.hiw.wait()


@pytest.fixture
def shell(published: Path, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(published, tmp_path)
    try:
        terminal.until("hiw> ")
        yield terminal
    finally:
        terminal.close()


def test_the_shell(shell: Terminal, tmp_path: Path) -> None:
    shell.type("SELECT 'a;b' AS sign,\n")
    shell.until("...> ")
    shell.type("6 * 7 AS answer;\n")
    assert "sign │ answer\n─────┼───────\na;b  │     42\n(1 row)\n" in shell.until("hiw> ")
    shell.type("SELECT nothing;\n")
    assert "hiw: Binder Error" in shell.until("hiw> ")
    shell.type(".help\n")
    assert ".describe NAME" in shell.until("hiw> ")
    shell.type("SELECT quote, sentence FROM indicator_values ORDER BY value;\n")
    lines = [line for line in shell.until("hiw> ").splitlines() if "│" in line]
    assert [line.endswith("…") for line in lines] == [False, True, True, True]
    assert {cell_len(line) for line in lines[1:]} <= {59, 60}
    shell.type("FROM indicator_values LIMIT 1;\n")
    assert "── row 1 ─" in shell.until("hiw> ")
    shell.type(".quit\n")
    assert shell.hiw.wait(timeout=30) == 0
    assert "SELECT nothing;" in (tmp_path / "hiw/sql_history").read_text()


def test_ctrl_c_stops_a_query_and_keeps_the_shell(shell: Terminal) -> None:
    shell.type("SELECT sum(range) FROM range(999999999999);\n")  # a quarter of an hour
    shell.until("99);\r\n")
    time.sleep(0.5)
    os.killpg(shell.hiw.pid, 2)
    assert "Interrupt" in shell.until("hiw> ")
    shell.type("SELECT 6 * 7;\n")
    assert "42" in shell.until("hiw> ")
    shell.type("\x04")
    assert shell.hiw.wait(timeout=30) == 0
