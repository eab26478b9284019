"""The Dagster side: the definitions say what the contract says, and ``dagster dev`` builds the same."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions import JOB, defs
from pipelines.engine import STAGES
from pipelines.settings import ROOT
from warehouse.tables import TABLES

LAUNCH = """
mutation Launch($job: String!) {
  launchRun(executionParams: {selector: {
    repositoryLocationName: "health_indicator_warehouse", repositoryName: "__repository__", jobName: $job
  }}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
STATUS = "query Status($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
CHECKS = """
query Checks { assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks {
  checks { name executionForLatestMaterialization { status } } } } } }
"""


def test_each_stage_is_an_asset_and_has_a_description() -> None:
    assets = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    assert set(assets) == {
        "sources",
        *(stage.__name__ for stage in STAGES),
        "validated",
        "published",
        "report",
    }
    assert all(spec.description for spec in assets.values())
    assert {spec.group_name for spec in assets.values()} == {"raw", "text", "values", "marts", "reports"}


def test_the_published_asset_shows_every_column_of_the_contract() -> None:
    metadata = next(s for s in defs.resolve_all_asset_specs() if s.key.path == ["published"]).metadata
    for table in TABLES:
        shown = metadata[f"columns/{table.name}"].columns
        assert [(c.name, c.description, c.constraints.nullable) for c in shown] == [
            (c.name, c.comment(), c.nullable) for c in table.columns
        ]


def test_there_is_a_job_and_a_daily_schedule_for_it() -> None:
    schedule = defs.resolve_schedule_def("daily")
    assert (schedule.job_name, schedule.cron_schedule) == (JOB, "0 5 * * *")
    assert isinstance(defs.resolve_job_def(JOB), dg.JobDefinition)


class Server:
    """A running ``dagster dev``, asked through GraphQL."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: str) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)["data"]
        return answer

    def is_up(self) -> bool:
        try:
            return bool(self.ask("query { version }"))
        except (urllib.error.URLError, ConnectionError):
            return False


def wait_for(what: Any, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.5)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_bytes((ROOT / "dagster.yaml").read_bytes())
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "HIW_SOURCES": str(ROOT / "seeds/documents"),
        "HIW_OUTPUT": str(tmp_path / "out"),
    }
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-w",
        "workspace.yaml",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        served = Server(port)
        wait_for(served.is_up)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # where interrupts are ignored, its children never hear of it
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def test_a_run_in_dagster_dev_publishes_the_same_bytes(
    server: Server, warehouse: Path, tmp_path: Path
) -> None:
    launched = server.ask(LAUNCH, job=JOB)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run = launched["run"]["runId"]
    status = ""

    def ended() -> bool:
        nonlocal status
        status = server.ask(STATUS, run=run)["runOrError"]["status"]
        return status in ("SUCCESS", "FAILURE", "CANCELED")

    wait_for(ended)
    assert status == "SUCCESS"
    names = sorted(path.name for path in (warehouse / "parquet").iterdir())
    for name in names:
        assert (tmp_path / "out/parquet" / name).read_bytes() == (warehouse / "parquet" / name).read_bytes()

    nodes = {node["assetKey"]["path"][0]: node for node in server.ask(CHECKS)["assetNodes"]}
    checks = nodes["validated"]["assetChecksOrError"]["checks"]
    assert all(check["executionForLatestMaterialization"] for check in checks)
