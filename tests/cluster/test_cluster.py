"""The same rows from a cluster as from one machine, whatever happens to a node. With the real Ray and S3."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fsspec import filesystem

from pipelines import cluster as ray_cluster
from pipelines import reading
from pipelines.corrections import no_corrections
from pipelines.failure import Failure
from pipelines.settings import CannotBuild
from pipelines.shelf import Shelf
from pipelines.sources import list_sources, listing
from pipelines.workers import Threads, Workers
from tests.cluster.conftest import NODE, parquet
from tests.conftest import Hiw

BATCHES = 5  # at the least
Said = list[dict[str, Any]]


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch, documents: Path) -> None:
    """Some batches of the documents."""
    size = sum(path.stat().st_size for path in documents.iterdir())
    monkeypatch.setattr(reading, "BATCH_BYTES", size // (2 * BATCHES))


class Heard(logging.Handler):
    """The records of the build as it goes; each is also told to ``listen``."""

    def __init__(self, listen: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(logging.DEBUG)
        self.said: Said = []
        self.listen = listen

    def emit(self, record: logging.LogRecord) -> None:
        said: dict[str, Any] = vars(record).get("hiw_fields", {})
        self.said.append(said)
        self.listen(said)

    def nodes(self, event: str) -> list[str]:
        """The nodes that ``event`` was said of."""
        return [said["node"] for said in self.said if said["event"] == event]


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler, logger = Heard(lambda _said: None), logging.getLogger("hiw")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def read(folder: Path, documents: Path, workers: Workers) -> tuple[list[str], dict[str, pl.DataFrame]]:
    """Read ``documents`` to a shelf in ``folder``: the nodes of the batches, and the rows of every frame."""
    shelf = Shelf(folder)
    wanted = reading.wanted(listing(list_sources([documents])), no_corrections())
    nodes = [batch.node for batch in reading.read_new(shelf, wanted, no_corrections(), workers)]
    live = reading.live(shelf, wanted).sort("document_id")
    names = shelf.frames(shelf.batches()[0])
    return nodes, {n: shelf.rows(live, n).collect().sort("document_id", maintain_order=True) for n in names}


@pytest.mark.usefixtures("batches")
def test_the_work_is_spread_over_both_nodes_and_the_rows_are_those_of_one_machine(
    cluster: Any, documents: Path, tmp_path: Path
) -> None:
    _, plain = read(tmp_path / "plain", documents, Threads(1))
    with ray_cluster.connected(cluster.address) as workers:
        assert workers.count == 2
        nodes, rows = read(tmp_path / "shared", documents, workers)
    assert len(nodes) >= BATCHES
    assert set(nodes) == {node.node_id for node in cluster.list_all_nodes()}
    assert rows.keys() == plain.keys()
    for name, frame in plain.items():
        assert rows[name].equals(frame), name


@pytest.mark.usefixtures("batches")
def test_a_node_killed_while_it_works_costs_nothing_but_time(
    hiw: Hiw,
    cluster: Any,
    bucket: str,
    plain: dict[str, bytes],
    documents: Path,
    heard: Heard,
    tmp_path: Path,
) -> None:
    """Sources and batches are on S3; the node goes when a batch of it has come, and the next is under way."""
    filesystem("s3").put(f"{documents}/", f"{bucket}/docs/", recursive=True)
    doomed = cluster.list_all_nodes()[-1]

    def kill(said: dict[str, Any]) -> None:
        if said.get("event") == "batch read" and said["node"] == doomed.node_id:
            heard.listen = lambda _said: None
            cluster.remove_node(doomed, allow_graceful=False)

    heard.listen = kill
    where = ("--sources", f"{bucket}/docs", "--shared", f"{bucket}/kept", "--output", tmp_path)
    result = hiw("build", "--engine", "ray", "--address", cluster.address, *where, "--verbose")
    assert result.exit_code == 0, result.output
    nodes = heard.nodes("batch read")
    assert nodes.count(doomed.node_id) == 1
    assert len(nodes) >= BATCHES
    assert doomed.node_id not in heard.nodes("batch checked")
    assert parquet(tmp_path) == plain
    cluster.add_node(**NODE)
    cluster.wait_for_nodes()


def test_what_a_task_raises_is_what_is_raised(cluster: Any) -> None:
    with ray_cluster.connected(cluster.address) as workers, pytest.raises(Failure, match="the disk is gone"):
        list(workers.map(_fails, [1, 2, 3]))


def _fails(part: int) -> None:
    raise Failure(f"the disk is gone, said {part}")


@pytest.mark.parametrize("address", ["127.0.0.1:9", "ray://127.0.0.1:9", "nowhere.invalid:6379", "?"])
def test_an_address_without_a_cluster_is_said_in_seconds(address: str) -> None:
    started = time.monotonic()
    with pytest.raises(CannotBuild, match="no Ray cluster answers at"), ray_cluster.connected(address):
        pass
    assert time.monotonic() - started < 10
