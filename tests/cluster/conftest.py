"""A real cluster of two nodes on this machine, and a real server of S3; only where Ray is installed."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import ROOT
from tests.conftest import Hiw

if find_spec("ray") is None:
    collect_ignore_glob = ["test_*.py"]

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """The URL of a bucket; the usual variables say which server has it, here and on the nodes."""
    from fsspec import filesystem
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        filesystem("s3").mkdir("plans")
        yield "s3://plans"
    server.stop()


@pytest.fixture(scope="session")
def cluster(bucket: str) -> Iterator[Any]:
    """Two nodes of one core each."""
    from ray.cluster_utils import Cluster

    del bucket  # the nodes take over the environment
    started = Cluster(initialize_head=True, head_node_args=NODE)
    started.add_node(**NODE)
    started.wait_for_nodes()
    yield started
    started.shutdown()


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents enough for some batches."""
    folder = shutil.copytree(ROOT / "seeds/documents", tmp_path_factory.mktemp("documents") / "in")
    for path in sorted((ROOT / "tests/gold/documents").glob("plan_*.txt")):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def plain(hiw: Hiw, documents: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one machine makes of the documents: the Parquet files, by name."""
    output = tmp_path_factory.mktemp("plain")
    result = hiw("build", "--sources", documents, "--output", output)
    assert result.exit_code == 0, result.output
    return parquet(output)


def parquet(output: Path) -> dict[str, bytes]:
    """The published Parquet files, by name."""
    return {path.name: path.read_bytes() for path in (output / "parquet").glob("*.parquet")}
