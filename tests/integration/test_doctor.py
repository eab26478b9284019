"""``hiw doctor`` on a warehouse that is well, and on one with each thing it looks for gone wrong."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import store
from pipelines.doctor import machine, results
from pipelines.doctor.command import CHECKS
from pipelines.settings import ROOT
from pipelines.sources import list_sources
from tests import samples
from tests.conftest import SENTENCE, Hiw
from warehouse.files import DATABASE, PARQUET, SITE_OF
from warehouse.publish import publish
from warehouse.tables import BUILD_RUN

Findings = dict[str, tuple[str, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources, and an output folder with tables that say they are of them."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "sources").mkdir()
    (folder / "sources/good.txt").write_text(SENTENCE, encoding="utf-8")
    made_of = store.fingerprint(list_sources([folder / "sources"]))
    run = {**made_of._asdict(), "documents_read": 1, "values_published": 3}
    publish({**samples.warehouse_tables(), BUILD_RUN.name: samples.frame(BUILD_RUN, run)}, folder / "out")
    (folder / "out" / store.STATE).mkdir(exist_ok=True)
    (folder / "out" / store.STATE).chmod(0o700)
    (folder / "out" / store.SITE).mkdir()
    (folder / "out" / store.SITE / "index.html").touch()
    (folder / "out" / store.SITE / SITE_OF).write_text(made_of.build_id, encoding="utf-8")
    return folder


@pytest.fixture
def warehouse(made: Path, tmp_path: Path) -> Path:
    """An output folder of one's own, beside its sources."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "out"


def diagnose(hiw: Hiw, warehouse: Path, *arguments: object, status: int = 0) -> Findings:
    sources = warehouse.parent / "sources"
    result = hiw("doctor", "--json", "--sources", sources, "--output", warehouse, *arguments)
    assert result.exit_code == status, result.output
    found = json.loads(result.stdout)
    return {each["check"]: (each["level"], each["said"], each["todo"]) for each in found}


def test_a_healthy_warehouse(hiw: Hiw, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    found = diagnose(hiw, warehouse)
    machines = {"memory", "disk"}  # whose state is not for a test to say
    assert list(found) == [check.__name__ for check in CHECKS]
    assert {name: told for name, told in found.items() if told[0] != "ok" and name not in machines} == {}
    assert found["sources"][1] == f"1 files in {warehouse.parent / 'sources'}"
    assert found["published"][1] == "1 documents, 3 values"
    assert found["freshness"][1] == "up to date"


def test_it_prints_a_line_a_check_and_touches_nothing(hiw: Hiw, warehouse: Path) -> None:
    (warehouse / PARQUET / "repair.parquet").touch()
    before = {path: path.stat().st_mtime_ns for path in [warehouse, *warehouse.rglob("*")]}
    shown = hiw("doctor", "--sources", warehouse.parent / "none", "--output", warehouse)
    assert shown.exit_code == 1
    assert len(shown.stdout.splitlines()) == len(CHECKS)
    assert (
        f"problem  sources       the source folder {warehouse.parent / 'none'} does not exist" in shown.stdout
    )
    assert {path: path.stat().st_mtime_ns for path in [warehouse, *warehouse.rglob("*")]} == before


def test_before_the_first_build(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    assert sources.is_dir()
    output = tmp_path / "out"
    found = diagnose(hiw, output)
    assert found["output"][:2] == ("ok", f"{output} is not there yet; the first build makes it")
    assert found["published"][2] == "hiw build"
    assert not output.exists()


def damage(output: Path) -> None:
    (output / DATABASE).write_bytes(b"no database" * 500)


def alter(statement: str) -> Callable[[Path], None]:
    def change(output: Path) -> None:
        with duckdb.connect(output / DATABASE) as connection:
            connection.execute(statement)

    return change


def take_away(output: Path) -> None:
    (output / PARQUET / "number_mention.parquet").unlink()


def of_another_build(output: Path) -> None:
    file = output / PARQUET / "number_mention.parquet"
    pl.read_parquet(file).head(1).write_parquet(file)


def crash(output: Path) -> None:
    (output / ".state/crash.log").write_text("Traceback\n  …\nKeyError: 'x'\n", encoding="utf-8")


def mode(name: str, bits: int) -> Callable[[Path], None]:
    return lambda output: (output / name).chmod(bits)


def stop_halfway(output: Path) -> None:
    (output / ".state/tmp").mkdir()


def open_state(output: Path) -> None:
    (output / ".state").chmod(0o755)


def document(name: str) -> Callable[[Path], None]:
    return lambda output: (output.parent / "sources" / name).write_text(SENTENCE, encoding="utf-8")  # type: ignore[func-returns-value]


def link(output: Path) -> None:
    (output.parent / "sources/away.txt").symlink_to(ROOT / "README.md")


@pytest.mark.parametrize(
    ("spoil", "check", "level", "said"),
    [
        (damage, "published", "problem", "not a valid DuckDB database file"),
        (damage, "parquet", "problem", "not a valid DuckDB database file"),
        (alter("DROP VIEW targets"), "published", "problem", "of another version: targets"),
        (alter("ALTER TABLE repair ADD COLUMN x INT"), "published", "problem", "of another version: repair"),
        (
            alter("UPDATE build_run SET documents_read = 2"),
            "published",
            "problem",
            "1 documents and 3 values, not 2",
        ),
        (take_away, "parquet", "problem", "number_mention.parquet"),
        (of_another_build, "parquet", "problem", "not as the DuckDB file has them: number_mention"),
        (mode(DATABASE, 0o666), "permissions", "problem", "others can change"),
        (mode(DATABASE, 0o600), "permissions", "warning", "the group can't read"),
        (open_state, "permissions", "warning", "others can look into"),
        (crash, "crash", "warning", "KeyError: 'x'"),
        (stop_halfway, "lock", "warning", "a build was stopped and has left .state/tmp"),
        (document("new.txt"), "freshness", "warning", "stale"),
        (
            link,
            "sources",
            "warning",
            "1 of 2 files in {sources} can't be opened: away.txt (link_outside_source)",
        ),
    ],
)
def test_what_went_wrong_is_named(
    hiw: Hiw, warehouse: Path, spoil: Callable[[Path], None], check: str, level: str, said: str
) -> None:
    spoil(warehouse)
    found = diagnose(hiw, warehouse, status=1 if level == "problem" else 0)
    assert found[check][0] == level
    assert said.format(sources=warehouse.parent / "sources") in found[check][1]
    assert found[check][2]


def test_corrections_that_say_nothing_clear(hiw: Hiw, warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "corrections.csv").write_text("what,ever\n1,2\n", encoding="utf-8")
    found = diagnose(hiw, warehouse, "--corrections", tmp_path / "corrections.csv", status=1)
    assert found["corrections"][0] == "problem"
    assert "corrections.csv" in found["corrections"][1]


def test_an_output_that_is_a_file(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    assert sources.is_dir()
    (tmp_path / "file").touch()
    assert diagnose(hiw, tmp_path / "file", status=1)["output"][0] == "problem"


def test_a_running_build_is_told_with_its_process(hiw: Hiw, warehouse: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines import store\n"
        "with store.locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, warehouse], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as other:
        assert other.stdout
        other.stdout.readline()
        found = diagnose(hiw, warehouse)
        other.kill()
    assert found["lock"][:2] == ("ok", f"a build is running (process {other.pid})")


def test_too_little_of_everything(
    hiw: Hiw, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("click==0.1 \\\n    --hash=sha256:00\nwindows-only==1 ; sys_platform == 'win32' \\\n")
    monkeypatch.setattr(machine, "LOCK", lock)
    monkeypatch.setattr(machine, "LITTLE_MEMORY", 1e18)
    monkeypatch.setattr(results, "LEAST_ROOM", 1e18)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    found = diagnose(hiw, warehouse)
    assert {name for name, told in found.items() if told[0] == "warning"} == {
        *("packages", "memory", "disk", "dagster_home")
    }
    assert found["packages"][1].startswith("not as locked: click ")
    assert found["packages"][1].endswith(", not 0.1")
    monkeypatch.setenv("DAGSTER_HOME", "relative")
    assert diagnose(hiw, warehouse, status=1)["dagster_home"][0] == "problem"


def test_a_language_without_chinese(sources: Path, tmp_path: Path) -> None:
    """The machine of a cron job: no language is set, and Python is told not to make up for it."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pipelines.cli import main; main()",
            "doctor",
            "--json",
            "--sources",
            sources,
        ],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        | {"HIW_OUTPUT": str(tmp_path / "out"), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
    )
    found = {each["check"]: each for each in json.loads(run.stdout)}
    assert run.returncode == 1
    assert found["encoding"]["level"] == "problem"
    assert "PYTHONUTF8=1" in found["encoding"]["todo"]
    assert run.stderr == b""
