"""What passes is tried again, with longer and longer waits; what does not is not. With the real Dagster."""

import errno
import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines import store
from pipelines.assets.retry import passing, tried_again
from pipelines.definitions import JOB, define
from pipelines.settings import CannotBuild, Operations, Settings
from pipelines.sources import NoDocuments
from pipelines.store import AnotherBuild
from warehouse.publish import PublishError

PASSING = [
    BlockingIOError(errno.EAGAIN, "x"),
    OSError(errno.EIO, "x"),
    AnotherBuild("x"),
    # As raised on a full disk: by pyarrow with the number, by DuckDB and polars with the words alone.
    OSError(errno.ENOSPC, "Error writing bytes to file. Detail: [errno 28] No space left on device"),
    duckdb.IOException('IO Error: Could not write file "x.duckdb": No space left on device'),
    pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)"),
]
LASTING = [
    NoDocuments("x"),
    PublishError("x"),
    PermissionError(errno.EACCES, "x"),
    OSError(errno.EROFS, "x"),
    FileNotFoundError(errno.ENOENT, "x"),
    KeyError("x"),
    duckdb.ConstraintException("x"),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_passes(error: Exception) -> None:
    assert passing(error)
    said = CannotBuild("said in other words")
    said.__cause__ = error
    assert passing(said)


@pytest.mark.parametrize("error", LASTING, ids=repr)
def test_what_does_not(error: Exception) -> None:
    assert not passing(error)


def disk_full() -> None:
    """Write where the system finds no space left, as on a full disk."""
    with Path("/dev/full").open("wb", buffering=0) as file:
        file.write(b"x")


def step(fails: Callable[[], None], times: int, retries: int) -> tuple[int, list[float], bool]:
    """Run a step that ``fails`` so many times: how often it was tried, the waits, whether it succeeded."""
    tries = 0

    @dg.asset
    def once() -> None:
        nonlocal tries
        with tried_again(retries, seconds=0.02):
            tries += 1
            if tries <= times:
                fails()

    result = dg.materialize([once], raise_on_error=False)
    return tries, waits(result), result.success


def waits(result: dg.ExecuteInProcessResult) -> list[float]:
    """How long Dagster waited before each further try."""
    return [
        event.step_retry_data.seconds_to_wait or 0.0
        for event in result.all_events
        if event.event_type is dg.DagsterEventType.STEP_UP_FOR_RETRY
    ]


def test_each_wait_is_about_twice_as_long_until_it_succeeds() -> None:
    tries, waited, success = step(disk_full, times=3, retries=5)
    assert (tries, success) == (4, True)
    for wait, middle in zip(waited, (0.02, 0.06, 0.14), strict=True):  # 1, 3, 7 times, give or take one
        assert middle - 0.02 <= wait <= middle + 0.02


def test_it_fails_when_it_was_tried_often_enough() -> None:
    tries, waited, success = step(disk_full, times=9, retries=2)
    assert (tries, len(waited), success) == (3, 2, False)


def test_what_does_not_pass_fails_at_once() -> None:
    def fails() -> None:
        raise PublishError("the contract is broken")

    assert step(fails, times=1, retries=5) == (1, [], False)


@contextmanager
def another_build(output: Path) -> Iterator[Callable[[], None]]:
    """The output folder held as by another process; what is yielded lets go of it."""
    (output / store.STATE).mkdir(parents=True)
    descriptor = os.open(output / store.STATE, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield lambda: fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def run(settings: Settings, at_retry: Callable[[], None] = lambda: None) -> dg.ExecuteInProcessResult:
    """Run the job, calling ``at_retry`` when it begins to wait for another try."""
    job = define(settings, Operations(retries=3, retry_seconds=0.05)).resolve_job_def(JOB)

    def listen(entry: dg.EventLogEntry) -> None:
        if entry.dagster_event_type is dg.DagsterEventType.STEP_UP_FOR_RETRY:
            at_retry()

    with dg.DagsterInstance.ephemeral() as instance:
        run_id = str(uuid.uuid4())
        instance.add_event_listener(run_id, listen)
        return job.execute_in_process(instance=instance, run_id=run_id, raise_on_error=False)


def test_a_run_waits_for_another_build_to_end(sources: Path, tmp_path: Path) -> None:
    with another_build(tmp_path / "out") as let_go:
        result = run(Settings((sources,), tmp_path / "out"), at_retry=let_go)
    assert result.success
    assert len(waits(result)) == 1
    assert (tmp_path / "out/health_indicators.duckdb").is_file()


def test_a_run_without_documents_fails_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run(Settings((tmp_path / "empty",), tmp_path / "out"))
    assert not result.success
    assert waits(result) == []
