"""Who reads while builds are published sees whole builds, and no error."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests import samples
from warehouse.publish import DATABASE, publish

PUBLISHES, READERS = 20, 8
SEEN = "SELECT build_id, (SELECT count(*) FROM number_mention), (SELECT count(*) FROM indicator_values)"
# Prints what it sees until told to stop, and once more after. The holder opens the file once for all.
HOLDER = f"""
import sys, duckdb, select
def show(connection):
    print(*connection.execute("{SEEN} FROM build_run").fetchone(), flush=True)
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    while not select.select([sys.stdin], [], [], 0.5)[0]:
        show(connection)
    show(connection)
"""
READER = f"""
{HOLDER.partition("with")[0]}
def read():
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        show(connection)
while not select.select([sys.stdin], [], [], 0.5)[0]:
    read()
read()
"""


def build(number: int, output: Path) -> None:
    """Publish a build that any of its counts tells from others."""
    tables = samples.warehouse_tables()
    numbers = tables["number_mention"].filter(disposition="date")
    ids = [pl.lit(f"n{n}").alias("mention_id") for n in range(number)]
    more = [numbers.with_columns(mention_id) for mention_id in ids]
    tables["number_mention"] = pl.concat([tables["number_mention"], *more])
    tables["build_run"] = tables["build_run"].with_columns(build_id=pl.lit(f"b{number}"))
    publish(tables, output)


def seen(line: str) -> int:
    """The number of the build a reader saw, of which all it saw must be."""
    build_id, numbers, values = line.split()
    number = int(build_id.removeprefix("b"))
    assert (int(numbers), int(values)) == (4 + number, 3)
    return number


class Reader:
    """A process that reads; its first answer has come when this is made."""

    def __init__(self, script: str, database: Path) -> None:
        command = [sys.executable, "-c", script, str(database)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def stop(self) -> list[int]:
        """The builds it saw; it must have ended without a word of complaint."""
        out, complaint = self.process.communicate("\n", timeout=60)
        assert (self.process.returncode, complaint) == (0, "")
        return [seen(line) for line in out.splitlines()]


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Path]:
    """An output folder with the first build."""
    build(0, tmp_path)
    return tmp_path


def test_readers_see_whole_builds_and_no_error_while_twenty_are_published(output: Path) -> None:
    database = output / DATABASE
    with ExitStack() as stack, duckdb.connect(str(database), read_only=True) as held:
        readers = [Reader(script, database) for script in (HOLDER, *[READER] * READERS)]
        for reader in readers:
            stack.enter_context(reader.process)
        for number in range(1, PUBLISHES + 1):
            build(number, output)
            with duckdb.connect(str(database), read_only=True) as new:  # though ``held`` has the old one
                assert seen(" ".join(map(str, new.sql(f"{SEEN} FROM build_run").fetchall()[0]))) == number
        time.sleep(0.1)
        holder, *others = [reader.stop() for reader in readers]
        assert held.sql("SELECT build_id FROM build_run").fetchall() == [("b0",)]
    assert len(set(holder)) == 1  # it has its build to the end, whatever became of the file
    for builds in others:
        assert builds == sorted(builds)
        assert builds[-1] == PUBLISHES
    assert len({number for builds in others for number in builds}) > PUBLISHES // 2
    assert not list(output.rglob("*.wal"))
