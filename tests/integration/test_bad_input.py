"""One build of a folder full of bad input: what can be read is, the rest is said, memory stays bounded.

The build runs in a process of its own while files come, grow and go; its peak memory is that of all of it.
"""

import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.limits import MAX_BYTES, MAX_LINES, MAX_NUMBERS
from pipelines.settings import ROOT
from tests.conftest import SENTENCE
from tests.pages import OFF_TOPIC

MOST_MEMORY = 1_500_000_000  # bytes, of a whole build; what pipelines/limits.py promises
PLAN = "2020年全市卫生健康工作要点\n"
DEEP = 400

READ = {
    "one_line.txt": "加强医疗卫生机构建设" * 30_000 + "新增床位5张",
    "no_separators.txt": "".join(f"床位{n}张" for n in range(3000)),
    "many_cells.txt": "|" + "|".join(map(str, range(8000))) + "|",
    "brackets.txt": PLAN + "（" * DEEP + "新增床位12张" + "）" * DEEP,
    "quotes.txt": PLAN + "“" * DEEP + "新增床位13张" + "”" * DEEP,
    "titles.txt": PLAN + "《" * DEEP + "新增床位14张" + "》" * DEEP,
    "headings.txt": PLAN + "".join(f"（{'一' * (n % 9 + 1)}）加强卫生建设{n}\n" for n in range(3000)),
    "numbers_in_order.txt": PLAN + "".join(f"{'1.' * n}1 医疗服务\n" for n in range(1, 60)),
    "one_number.txt": PLAN + "新增床位" + "9" * 100_000 + "张",
    "mixed_ends.txt": PLAN + "新增床位15张\r新增医师16名\r\n新增护士17名\u2028签约率达18%\x0b覆盖率达19%\n",
    "it's “quoted”; DROP TABLE dim_unit; --.txt": PLAN + "新增床位21张",
    'a "b" % {c} $(d).txt': PLAN + "新增床位22张",
    "two words\nand a line.txt": PLAN + "新增床位23张",
    "-rf.txt": PLAN + "新增床位24张",
    "卫生/计划 2025.txt": PLAN + "新增床位25张",
}
NOT_UTF_8 = b"plan \xff\xfe.txt"


@dataclass(frozen=True)
class Built:
    """What a build printed, its tables, and the most memory it used in bytes."""

    exit_status: int
    printed: str
    output: Path
    peak: int

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.output / f"parquet/{name}.parquet")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder, output = tmp_path_factory.mktemp("bad"), tmp_path_factory.mktemp("out")
    write(folder)
    with changing(folder):
        return build(folder, output)


def write(folder: Path) -> None:
    """Everything that is bad in one folder, and one good document."""
    texts = {
        **READ,
        **{f"{name}.off_topic.txt": text for name, text in OFF_TOPIC.items()},
        "good.txt": SENTENCE,
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode())
    Path(os.fsdecode(os.fsencode(folder) + b"/" + NOT_UTF_8)).write_text(PLAN + "新增床位26张")
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(100_000_000)
    (folder / "one_line_50_mb.txt").write_bytes("卫".encode() * 16_666_667)
    (folder / "many_lines.txt").write_bytes(b"\n" * MAX_LINES + "卫生\n".encode())
    (folder / "million_numbers.txt").write_bytes(b"7 8\n9 " * 333_334)
    (folder / "all_covered.txt").write_bytes("服务全覆盖，".encode() * (MAX_NUMBERS + 1))
    (folder / "up").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """All the while files of ``folder`` grow, come and go."""
    stop = threading.Event()

    def change() -> None:
        while not stop.wait(0.002):
            with (folder / "growing.txt").open("a") as growing:
                growing.write("新增床位27张。\n")
            (folder / "coming.txt").write_text(PLAN + "新增床位28张")
            (folder / "coming.txt").unlink()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def build(folder: Path, output: Path) -> Built:
    """``hiw build`` as a process, and what the system counted for it."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()"]
    options = ["build", "--sources", str(folder), "--output", str(output)]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    return Built(process.returncode, printed, output, used.ru_maxrss * 1024)


def test_the_build_succeeds_within_its_memory(built: Built) -> None:
    assert built.exit_status == 0, built.printed
    assert "Traceback" not in built.printed
    assert built.peak < MOST_MEMORY


def test_what_is_too_much_is_said_with_what_to_do(built: Built) -> None:
    said = {name: (reason, detail) for name, reason, detail in built.table("rejected_document").iter_rows()}
    wanted = {
        "huge.txt": ("too_large", f"100,000,000 bytes, and {MAX_BYTES:,} are the most"),
        "one_line_50_mb.txt": ("too_large", f"50,000,001 bytes, and {MAX_BYTES:,} are the most"),
        "many_lines.txt": ("too_large", f"{MAX_LINES + 1:,} lines, and {MAX_LINES:,} are the most"),
        "million_numbers.txt": ("too_many_numbers", f"1,000,002 numbers, and {MAX_NUMBERS:,} are the most"),
        "all_covered.txt": (
            "too_many_numbers",
            f"{MAX_NUMBERS + 1:,} numbers, and {MAX_NUMBERS:,} are the most",
        ),
        "pipe.txt": ("unreadable", "not a regular file"),
    }
    for name, (reason, words) in wanted.items():
        assert said[name][0] == reason
        assert words in said[name][1]
        assert f"  {name}: {reason}, " in built.printed
    for name in list(wanted)[:5]:
        assert "split it" in said[name][1]
    assert set(said) - set(wanted) <= {"coming.txt", "growing.txt"}


def test_everything_else_is_read(built: Built) -> None:
    read = set(built.table("dim_document")["source_file"])
    assert {*READ, "good.txt", r"plan \xff\xfe.txt"} <= read


def test_no_digit_is_lost(built: Built) -> None:
    found = (
        built.table("number_mention").sort("char_start").group_by("source_file").agg("char_start", "char_end")
    )
    spans = {name: list(zip(starts, ends, strict=True)) for name, starts, ends in found.iter_rows()}
    texts = built.table("dim_document").join(built.table("document_text"), on="document_id")
    for name, text in texts.select("source_file", "raw_text").iter_rows():
        covered = "".join(text[start:end] for start, end in spans.get(name, []))
        assert re.findall(r"\d", covered) == re.findall(r"\d", text), name


def test_each_document_was_read_as_it_was_at_one_moment(built: Built) -> None:
    texts = built.table("dim_document").join(built.table("document_text"), on="document_id")
    for digest, encoding, text in texts.select("content_sha256", "encoding", "raw_text").iter_rows():
        assert hashlib.sha256(text.encode(encoding)).hexdigest() == digest


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("one_line.txt", [5.0]),
        ("brackets.txt", [12.0]),
        ("quotes.txt", [13.0]),
        ("titles.txt", [14.0]),
        ("mixed_ends.txt", [15.0, 16.0, 17.0, 18.0, 19.0]),
        ("it's “quoted”; DROP TABLE dim_unit; --.txt", [21.0]),
        ('a "b" % {c} $(d).txt', [22.0]),
        ("two words\nand a line.txt", [23.0]),
        ("-rf.txt", [24.0]),
        ("卫生/计划 2025.txt", [25.0]),
        ("no_separators.txt", [float(n) for n in range(3000)]),
    ],
)
def test_values_are_read_from_odd_documents_as_from_others(
    built: Built, name: str, values: list[float]
) -> None:
    facts = built.table("fact_indicator_value").filter(source_file=name).sort("char_start")
    assert facts["value"].to_list() == values


def test_pages_about_something_else_reach_no_mart(built: Built) -> None:
    off = built.table("dim_document").filter(topic="off_topic")["source_file"]
    assert {name for name in off if "off_topic" in name} == {f"{name}.off_topic.txt" for name in OFF_TOPIC}
    facts = built.table("fact_indicator_value")
    assert not set(facts["source_file"]) & set(off)
    rejected = built.table("rejected_value").filter(pl.col("source_file").str.ends_with("off_topic.txt"))
    assert set(rejected["failed_rule"]) == {"off_topic_document"}
    assert rejected.height >= 20  # more than may be in quarantine for other reasons
    with duckdb.connect(built.output / "health_indicators.duckdb", read_only=True) as database:
        shown = database.execute(
            "SELECT count(*) FROM indicator_values WHERE source_file LIKE '%off_topic.txt'"
        )
        assert shown.fetchone() == (0,)


def test_a_listing_with_a_line_end_in_a_name_keeps_to_one_line(built: Built) -> None:
    assert "and a line.txt" not in [line.strip() for line in built.printed.splitlines()]
