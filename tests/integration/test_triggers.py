"""What schedule and sensor decide, asked tick by tick; that the daemon asks them is in ``test_daemon``."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import JOB, define
from pipelines.settings import ROOT, Operations, Settings
from pipelines.triggers import daily, sources_changed
from tests.conftest import SENTENCE

RUNNING = dg.DagsterRunStatus.STARTED
WAITING = dg.DagsterRunStatus.NOT_STARTED
AT_ONCE = Operations(settle_seconds=0)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test(temp_dir=str(tmp_path_factory.mktemp("home"))) as one:
        yield one


@pytest.fixture
def instance(kept: dg.DagsterInstance) -> dg.DagsterInstance:
    """Dagster's memory, with nothing in it."""
    kept.wipe()
    return kept


@pytest.fixture
def published(warehouse: Path, tmp_path: Path) -> Settings:
    """Settings whose output is of exactly their sources, a copy of the samples."""
    shutil.copytree(ROOT / "seeds/documents", tmp_path / "in")
    return Settings((tmp_path / "in",), warehouse)


def under_way(instance: dg.DagsterInstance, settings: Settings, status: dg.DagsterRunStatus) -> str:
    """Have a run of the job with that status; gives its id."""
    job = define(settings, AT_ONCE).resolve_job_def(JOB)
    return instance.create_run_for_job(job, status=status).run_id


def asked(instance: dg.DagsterInstance, settings: Settings) -> dg.RunRequest | dg.SkipReason:
    """What the schedule decides."""
    with dg.build_schedule_context(instance) as context:
        decided = daily(JOB, settings, AT_ONCE)(context)
    assert isinstance(decided, dg.RunRequest | dg.SkipReason)
    return decided


def test_the_schedule_builds_where_nothing_is_published(
    instance: dg.DagsterInstance, sources: Path, tmp_path: Path
) -> None:
    assert isinstance(asked(instance, Settings((sources,), tmp_path / "out")), dg.RunRequest)


def test_the_schedule_skips_what_is_up_to_date_and_counts_it_as_fresh(
    instance: dg.DagsterInstance, published: Settings
) -> None:
    decided = asked(instance, published)
    assert isinstance(decided, dg.SkipReason)
    assert "exactly these sources" in (decided.skip_message or "")
    assert instance.get_latest_materialization_event(dg.AssetKey("published")) is not None


def test_the_schedule_reads_the_bytes(instance: dg.DagsterInstance, published: Settings) -> None:
    """A change that leaves size and time alone, which the sensor can't see."""
    document = next(published.sources[0].iterdir())
    before = document.stat()
    document.write_bytes(document.read_bytes().replace(b"1", b"2"))
    os.utime(document, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert isinstance(asked(instance, published), dg.RunRequest)


def test_the_schedule_leaves_a_missing_folder_to_the_run_to_say(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    assert isinstance(asked(instance, Settings((tmp_path / "none",), tmp_path)), dg.RunRequest)


@pytest.mark.parametrize(("status", "builds"), [(WAITING, False), (RUNNING, True)])
def test_the_schedule_starts_one_run_after_another_but_queues_no_second(
    instance: dg.DagsterInstance, sources: Path, tmp_path: Path, status: dg.DagsterRunStatus, builds: bool
) -> None:
    """A run that waits reads what is there when it starts; one that has started may have read before."""
    settings = Settings((sources,), tmp_path / "out")
    under_way(instance, settings, status)
    assert isinstance(asked(instance, settings), dg.RunRequest) == builds


Tick = Callable[[], dg.SensorResult]


def ticks(instance: dg.DagsterInstance, settings: Settings, how: Operations = AT_ONCE) -> Tick:
    """The sensor, asked once for each call, with the memory of the calls before."""
    sensor, cursor = sources_changed(JOB, settings, how), None

    def tick() -> dg.SensorResult:
        nonlocal cursor
        with dg.build_sensor_context(instance, cursor=cursor) as context:
            decided = sensor(context)
        assert isinstance(decided, dg.SensorResult)
        cursor = decided.cursor
        return decided

    return tick


def key(decided: dg.SensorResult) -> str:
    """The key of the one run that is asked for."""
    (request,) = decided.run_requests or []
    return request.run_key or ""


def said(decided: dg.SensorResult) -> str:
    """Why no run is asked for."""
    assert not decided.run_requests
    assert decided.skip_reason
    return decided.skip_reason.skip_message or ""


def test_the_sensor_builds_each_state_once_when_it_rests(
    instance: dg.DagsterInstance, sources: Path, tmp_path: Path
) -> None:
    tick = ticks(instance, Settings((sources,), tmp_path / "out"))
    assert "changed since the last look" in said(tick())
    first = key(tick())
    assert "No file is new" in said(tick())

    new = sources / "new.txt"
    new.write_text(SENTENCE, encoding="utf-8")
    said(tick())
    new.write_text(SENTENCE * 2, encoding="utf-8")
    assert "changed since the last look" in said(tick())  # still being written
    second = key(tick())
    new.unlink()
    said(tick())
    assert len({first, second, key(tick())}) == 3
    assert "No file is new" in said(tick())


def test_the_sensor_waits_while_a_file_is_young(
    instance: dg.DagsterInstance, sources: Path, tmp_path: Path
) -> None:
    tick = ticks(instance, Settings((sources,), tmp_path / "out"), Operations(settle_seconds=3600))
    said(tick())
    assert "younger than 3600 s" in said(tick())


@pytest.mark.parametrize("status", [WAITING, RUNNING])
def test_the_sensor_builds_after_the_run_that_is_under_way(
    instance: dg.DagsterInstance, sources: Path, tmp_path: Path, status: dg.DagsterRunStatus
) -> None:
    settings = Settings((sources,), tmp_path / "out")
    run = instance.get_run_by_id(under_way(instance, settings, status))
    assert run is not None
    tick = ticks(instance, settings)
    said(tick())
    assert "under way" in said(tick())
    instance.report_run_failed(run)
    assert key(tick())


def test_the_sensor_starts_nothing_where_files_were_only_touched(
    instance: dg.DagsterInstance, published: Settings
) -> None:
    tick = ticks(instance, published)
    said(tick())
    assert "exactly these sources" in said(tick())
    assert "No file is new" in said(tick())
    os.utime(next(published.sources[0].iterdir()), ns=(1, 1))
    assert "changed since the last look" in said(tick())
    assert "exactly these sources" in said(tick())
