"""What environment variables set, and that one table in the docs has them all."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.definitions import EXECUTORS, defs
from pipelines.places import Url
from pipelines.settings import EXECUTORS as NAMES
from pipelines.settings import ROOT, CannotBuild, Operations, from_environment, operations

VARIABLE = re.compile(r"HIW_[A-Z_]+")
PAGE = ROOT / "docs/operations.md"
UNITS = sorted((ROOT / "docs/systemd").iterdir())


def variables_read() -> set[str]:
    """Every string in the code that is the name of a variable and nothing else."""
    files = [path for package in ("pipelines", "expectations") for path in ROOT.glob(f"{package}/**/*.py")]
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    strings = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in strings if VARIABLE.fullmatch(text)}


def test_the_table_in_the_docs_has_every_variable_and_no_other() -> None:
    rows = re.findall(r"^\| `(HIW_[A-Z_]+)", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(rows) == sorted(variables_read())


def test_the_table_in_the_docs_has_the_usual_values() -> None:
    usual = dict(
        re.findall(r"^\| `(HIW_[A-Z_]+)` \| `([^`]*)`", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    how = Operations()
    assert usual["HIW_SCHEDULE"] == how.schedule
    assert usual["HIW_LOOK_SECONDS"] == str(how.look_seconds)
    assert usual["HIW_SETTLE_SECONDS"] == str(how.settle_seconds)
    assert usual["HIW_EXECUTOR"] == how.executor


def test_what_is_not_set_is_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables_read():
        monkeypatch.delenv(name, raising=False)
    assert operations() == Operations()
    assert not from_environment().strict


def test_variables_say_how_builds_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIW_SCHEDULE", "30 4 * * 1")
    monkeypatch.setenv("HIW_LOOK_SECONDS", "60")
    monkeypatch.setenv("HIW_SETTLE_SECONDS", "0")
    monkeypatch.setenv("HIW_EXECUTOR", "multiprocess")
    monkeypatch.setenv("HIW_STRICT", "1")
    assert operations() == Operations("30 4 * * 1", 60, 0, "multiprocess")
    assert from_environment().strict


def test_variables_say_who_reads_and_where_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIW_SOURCES", "s3://plans/docs/:/srv/documents")
    monkeypatch.setenv("HIW_WORKERS", "3")
    monkeypatch.setenv("HIW_ENGINE", "ray")
    monkeypatch.setenv("HIW_RAY_ADDRESS", "head:6379")
    monkeypatch.setenv("HIW_SHARED", "s3://plans/kept")
    settings = from_environment()
    assert settings.sources == (Url("s3://plans/docs"), Path("/srv/documents"))
    assert (settings.workers, settings.engine, settings.address) == (3, "ray", "head:6379")
    assert settings.shared == Url("s3://plans/kept")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HIW_LOOK_SECONDS", "often"),
        ("HIW_LOOK_SECONDS", "-1"),
        ("HIW_SETTLE_SECONDS", "1.5"),
        ("HIW_EXECUTOR", "cluster"),
        ("HIW_STRICT", "yes"),
        ("HIW_WORKERS", "two"),
        ("HIW_ENGINE", "spark"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CannotBuild, match=f"{name} is '{value}'"):
        (from_environment(), operations())


def test_every_executor_is_one_of_dagster() -> None:
    assert tuple(EXECUTORS) == NAMES
    assert defs.executor is EXECUTORS["in_process"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        here = text.replace("/opt/health-indicator-warehouse/.venv", sys.prefix)
        (tmp_path / unit.name).write_text(here, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
