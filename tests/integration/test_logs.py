"""What a build writes to its log, on the screen and in a file, and how commands end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import log as logs
from pipelines.failure import ExitCode, exit_code_table
from pipelines.log import log
from pipelines.settings import ROOT
from tests import samples
from tests.conftest import Hiw
from warehouse.publish import publish

HIW = [sys.executable, "-c", "from pipelines.cli import main; main()"]


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The log as the environment has it, before and after."""
    for name in ("HIW_LOG", "HIW_LOG_FILE", "HIW_LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    logs.configure()
    yield
    monkeypatch.undo()
    logs.configure()


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    assert record["time"].endswith("+00:00")
    return {name: value for name, value in record.items() if name != "time"}


def test_the_screen_has_warnings_only_and_no_sign_that_steers_it(capsys: pytest.CaptureFixture[str]) -> None:
    log.debug("batch read", batch=3)
    log.info("stage done", stage="text")
    log.warning("odd", document="a\x1b[2J\nb.txt", rows=3, detail="", words='some "words"', none=None)
    log.error("it failed", exit_code=1)
    assert capsys.readouterr().err == (
        'hiw: odd document="a\\u001b[2J\\nb.txt" rows=3 detail="" words="some \\"words\\"" none=None\n'
        "hiw: it failed\n"
    )


@pytest.mark.parametrize(
    ("environment", "verbose", "shown"),
    [
        ({}, False, ["warning", "error"]),
        ({}, True, ["debug", "info", "warning", "error"]),
        ({"HIW_LOG": "debug"}, False, ["debug", "info", "warning", "error"]),
        ({"HIW_LOG": "ERROR"}, False, ["error"]),
        ({"HIW_LOG": "error"}, True, ["debug", "info", "warning", "error"]),
        ({"HIW_LOG_FORMAT": "json"}, False, ["info", "warning", "error"]),
    ],
)
def test_which_levels_are_shown(
    environment: dict[str, str],
    verbose: bool,
    shown: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    logs.configure(verbose)
    for level in logs.LEVELS:
        getattr(log, level)(f"at {level}")
    said = capsys.readouterr().err
    assert [level for level in logs.LEVELS if f"at {level}" in said] == shown


def test_a_log_file_has_one_json_line_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HIW_LOG_FILE", str(tmp_path / "hiw.log"))
    logs.configure()
    log.debug("batch read")
    log.info("document rejected", document="空\n.txt", stage="raw", reason="empty")
    log.error("it failed", KeyError("x"), exit_code=5)
    rejected, failed = map(without_time, records((tmp_path / "hiw.log").read_text(encoding="utf-8")))
    assert rejected == {
        "level": "info",
        "event": "document rejected",
        "document": "空\n.txt",
        "stage": "raw",
        "reason": "empty",
    }
    assert (failed["exit_code"], failed["traceback"]) == (5, "KeyError: 'x'")
    assert capsys.readouterr().err == "hiw: it failed\n"

    (tmp_path / "hiw.log").rename(tmp_path / "hiw.log.1")  # as logrotate does
    log.info("after")
    [after] = records((tmp_path / "hiw.log").read_text(encoding="utf-8"))
    assert after["event"] == "after"


def test_dagster_keeps_the_records_of_a_run(tmp_path: Path) -> None:
    """With the configuration of the repository; the level of the screen does not matter there."""

    @dg.op
    def work() -> None:
        log.info("document rejected", document="a.txt", stage="raw")
        log.debug("batch read")

    @dg.job
    def job() -> None:
        work()

    (tmp_path / "dagster.yaml").write_bytes((ROOT / "dagster.yaml").read_bytes())
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        run = job.execute_in_process(instance=instance)
        told = [(entry.level, entry.user_message) for entry in instance.all_logs(run.run_id)]
    assert (20, "document rejected document=a.txt stage=raw") in told
    assert not [message for _, message in told if "batch read" in message]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HIW_LOG", "loud", "hiw: HIW_LOG is 'loud'; set it to one of debug, info, warning, error\n"),
        ("HIW_LOG_FORMAT", "xml", "hiw: HIW_LOG_FORMAT is 'xml'; set it to one of console, json\n"),
        ("HIW_LOG_FILE", "/no/such/x", "hiw: the log file /no/such/x can't be written: No such file or"),
    ],
)
def test_a_setting_of_the_log_that_is_none(
    name: str, value: str, said: str, hiw: Hiw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = hiw("dictionary")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(said)


def test_a_fault_of_the_program_is_one_line_and_a_kept_traceback(
    hiw: Hiw, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.store.fingerprint", lambda *_: {}["no\nsuch key"])
    (tmp_path / "out/.state").mkdir(parents=True)
    arguments = ("build", "--sources", sources, "--output", tmp_path / "out")
    result = hiw(*arguments)
    crash = tmp_path / "out/.state/crash.log"
    told = "hiw: a fault of the program (KeyError: 'no\\nsuch key'); please report it with"
    assert (result.exit_code, result.stderr) == (5, f"{told} {crash}\n")
    assert crash.read_text().startswith("Traceback (most recent call last)")
    assert crash.stat().st_mode & 0o777 == 0o600
    assert "Traceback (most recent call last)" in hiw(*arguments, "--verbose").stderr

    nowhere = hiw(*arguments[:-1], tmp_path / "none")
    assert (nowhere.exit_code, nowhere.stderr) == (5, f"{told} what --verbose shows\n")
    assert not (tmp_path / "none").exists()


def test_ctrl_c_is_one_line(sources: Path, tmp_path: Path) -> None:
    for number in range(300):
        (sources / f"{number}.txt").write_text(f"床位{number}张。\n" * 200, encoding="utf-8")
    command = [*HIW, "build", "--sources", str(sources), "--output", str(tmp_path / "out"), "--verbose"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as build:
        assert build.stderr
        while not (tmp_path / "out").exists():  # so that it is at work, and not still being loaded
            assert build.poll() is None
        build.send_signal(signal.SIGINT)
        said = build.stderr.read()
    assert build.returncode == 130
    assert said.splitlines()[-1] == "hiw: interrupted; what was published is as it was"
    assert "Traceback" not in said


@pytest.mark.parametrize("name", [b"\xff", b"a\nb"])
def test_an_output_folder_no_library_opens(hiw: Hiw, sources: Path, tmp_path: Path, name: bytes) -> None:
    result = hiw("build", "--sources", sources, "--output", tmp_path / os.fsdecode(name))
    assert result.exit_code == 2
    assert "the name must be UTF-8, without control characters" in result.stderr


def test_a_closed_pipe_and_a_full_disk() -> None:
    out, into = os.pipe()
    os.close(out)
    closed = subprocess.run([*HIW, "dictionary"], cwd=ROOT, stdout=into, stderr=subprocess.PIPE, check=False)
    os.close(into)
    assert (closed.returncode, closed.stderr) == (141, b"")
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run([*HIW, "dictionary"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (run.returncode, run.stderr.count(b"\n")) == (1, 1)
    assert b"the disk is full: make room" in run.stderr


def test_a_terminal_without_chinese_is_told_of(tmp_path: Path) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*HIW, "sql", "SELECT '空'", "--output", tmp_path]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("hiw: ascii can't say '\\u7a7a'; set PYTHONUTF8=1")
    assert run.stderr.count("\n") == 1


def test_the_exit_codes_are_documented_as_they_are() -> None:
    assert exit_code_table() in (ROOT / "docs/exit_codes.md").read_text(encoding="utf-8")
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 130, 141]
