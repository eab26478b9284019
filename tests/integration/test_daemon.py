"""``dagster dev`` with its daemon, the real thing: it builds on schedule, and when files come and go."""

import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from pipelines.settings import ROOT, Operations
from tests.conftest import SENTENCE

STARTED_BY = {"dagster/schedule_name", "dagster/sensor_name"}
ASSETS = """
query { assetNodes { assetKey { path } freshnessStatusInfo { freshnessStatus }
  assetChecksOrError { ... on AssetChecks {
    checks { name executionForLatestMaterialization { status } } } } } }
"""


class Server:
    """A running ``dagster dev``: its GraphQL, the folders it works on, and its log."""

    def __init__(self, port: int, folder: Path) -> None:
        self.address = f"http://127.0.0.1:{port}/graphql"
        self.home, self.sources, self.output, self.log = (
            folder / name for name in ("home", "sources", "out", "log")
        )

    def ask(self, query: str) -> dict[str, Any]:
        body = json.dumps({"query": query}).encode()
        request = urllib.request.Request(self.address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)["data"]
        return answer

    def assets(self) -> dict[str, Any]:
        """What Dagster says of each asset, by name."""
        return {node["assetKey"]["path"][0]: node for node in self.ask(ASSETS)["assetNodes"]}

    def runs(self) -> list[tuple[str, ...]]:
        """What started each run, first to last, and what became of it."""
        found = self.ask("query { runsOrError { ... on Runs { results { status tags { key value } } } } }")
        runs = reversed(found["runsOrError"]["results"])
        return [
            (*(tag["value"] for tag in run["tags"] if tag["key"] in STARTED_BY), run["status"])
            for run in runs
        ]

    def wait_for(self, what: Callable[[], bool], seconds: float = 400) -> None:
        deadline = time.monotonic() + seconds
        while not _true(what):
            assert time.monotonic() < deadline, (
                f"waited in vain; the log ends:\n{self.log.read_text()[-4000:]}"
            )
            time.sleep(0.3)

    def files(self) -> set[str]:
        """The source files the published warehouse was built from."""
        with duckdb.connect(self.output / "health_indicators.duckdb", read_only=True) as database:
            return {name for (name,) in database.execute("SELECT source_file FROM dim_document").fetchall()}


def _true(what: Callable[[], bool]) -> bool:
    try:
        return what()
    except (urllib.error.URLError, ConnectionError, duckdb.IOException):  # not there yet
        return False


def yesterday(home: Path) -> None:
    """Have ``home`` remember that the daily schedule was on since two days: a daemon that was stopped."""
    location = ManagedGrpcPythonEnvCodeLocationOrigin(
        loadable_target_origin=LoadableTargetOrigin(
            module_name="pipelines.definitions", working_directory="."
        ),
        location_name="health_indicator_warehouse",
    )
    state = InstigatorState(
        RemoteInstigatorOrigin(
            repository_origin=RemoteRepositoryOrigin(
                code_location_origin=location, repository_name="__repository__"
            ),
            instigator_name="daily",
        ),
        InstigatorType.SCHEDULE,
        InstigatorStatus.RUNNING,
        ScheduleInstigatorData(Operations().schedule, time.time() - dt.timedelta(days=2).total_seconds()),
    )
    with dg.DagsterInstance.from_config(str(home)) as instance:
        instance.add_instigator_state(state)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = Server(port, tmp_path)
    served.home.mkdir()
    shutil.copy(ROOT / "dagster.yaml", served.home)
    shutil.copytree(ROOT / "seeds/documents", served.sources)
    yesterday(served.home)
    process = dagster_dev(port, served)
    try:
        served.wait_for(lambda: bool(served.ask("query { version }")))
        yield served
    finally:
        process.terminate()
        with suppress(
            subprocess.TimeoutExpired
        ):  # where interrupts are ignored, its children hear of nothing
            process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def dagster_dev(port: int, served: Server) -> subprocess.Popen[bytes]:
    """The real thing, as ``make dagster`` starts it, in a process group of its own."""
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(served.home),
        "HIW_SOURCES": str(served.sources),
        "HIW_OUTPUT": str(served.output),
        "HIW_LOOK_SECONDS": "1",
        "HIW_SETTLE_SECONDS": "1",
        "FRESHNESS_DAEMON_INTERVAL_SECONDS": "2",
    }
    arguments = f"-m dagster dev -w workspace.yaml -h 127.0.0.1 -p {port}".split()
    with served.log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def test_the_daemon_builds_on_schedule_and_when_files_come_and_go(server: Server, warehouse: Path) -> None:
    server.wait_for(lambda: server.runs()[:1] == [("daily", "SUCCESS")])
    for path in (warehouse / "parquet").iterdir():
        assert (server.output / "parquet" / path.name).read_bytes() == path.read_bytes()
    checks = server.assets()["validated"]["assetChecksOrError"]["checks"]
    assert all(check["executionForLatestMaterialization"] for check in checks)

    samples = server.files()
    gone = min(samples)
    (server.sources / gone).unlink()
    (server.sources / "new.txt").write_text(SENTENCE, encoding="utf-8")
    server.wait_for(lambda: server.files() == samples - {gone} | {"new.txt"})
    server.wait_for(lambda: server.runs() == [("daily", "SUCCESS"), ("sources_changed", "SUCCESS")])
    published = server.assets()["published"]
    assert published["freshnessStatusInfo"] == {"freshnessStatus": "HEALTHY"}
