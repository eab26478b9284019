"""Killed at any moment, or out of disk: what is published is a whole build, and the next build completes."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.forked import Hiws
from tests.killing import delays, layout, published, version, write_sources

KILLS = 10


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hiws]:
    """Real runs of ``hiw``, without the seconds that Python takes to load it."""
    with Hiws(tmp_path_factory.mktemp("hiws")) as hiws:
        yield hiws


class First(NamedTuple):
    """The build of version 0 in ``output``, and how long it took."""

    output: Path
    seconds: float


@pytest.fixture(scope="module")
def first(forked: Hiws, tmp_path_factory: pytest.TempPathFactory) -> First:
    folder = tmp_path_factory.mktemp("first")
    write_sources(folder / "in", 0)
    started = time.monotonic()
    assert forked("build", "--sources", folder / "in", "--output", folder / "out").code == 0
    return First(folder / "out", time.monotonic() - started)


def test_killed_at_any_moment_a_whole_build_is_published(forked: Hiws, first: First, tmp_path: Path) -> None:
    sources, clean = tmp_path / "in", tmp_path / "clean"
    output = shutil.copytree(first.output, tmp_path / "out", symlinks=True)
    build = ("build", "--sources", sources, "--output")
    before = 0
    for number, delay in enumerate(delays(KILLS, first.seconds, seed=6), start=1):
        write_sources(sources, number)
        forked(*build, output, kill_after=delay)
        assert version(output) in (before, number)
        before = version(output)
    write_sources(sources, KILLS + 1)
    assert forked(*build, output).code == 0
    assert forked(*build, clean).code == 0
    assert version(output) == KILLS + 1
    assert published(output) == published(clean)
    assert layout(output) == layout(clean)
    assert len(list((output / "builds").iterdir())) <= 3


def test_a_file_that_may_not_grow_stops_the_build_with_one_line(
    forked: Hiws, first: First, tmp_path: Path
) -> None:
    """As a full disk does, which takes leave to mount one: the DuckDB file meets the limit."""
    output = shutil.copytree(first.output, tmp_path / "out", symlinks=True)
    build = ("build", "--sources", tmp_path / "in", "--output", output)
    write_sources(tmp_path / "in", 1)
    stopped = forked(*build, file_size=1_000_000)
    assert (stopped.code, stopped.stderr.count("\n")) == (1, 1), stopped.stderr
    assert "File too large" in stopped.stderr
    assert version(output) == 0
    assert forked(*build).code == 0
    assert version(output) == 1


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which :func:`remount` makes smaller or larger."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "hiw", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk may be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def test_a_full_disk_and_one_that_can_only_be_read_leave_what_is_published(
    forked: Hiws, first: First, tmp_path: Path, disk: Path
) -> None:
    output = shutil.copytree(first.output, disk / "out", symlinks=True)
    build = ("build", "--sources", tmp_path / "in", "--output", output)
    write_sources(tmp_path / "in", 1)
    used = shutil.disk_usage(disk).used
    for free in (8_000, 1_500_000):  # full at once, and when the DuckDB file is written
        remount(disk, f"size={used + free}")
        full = forked(*build)
        assert (full.code, full.stderr.count("\n")) == (1, 1), full.stderr
        assert "No space left" in full.stderr
        assert version(output) == 0
    remount(disk, "size=100m,ro")
    refused = forked(*build)
    assert (refused.code, refused.stderr) == (1, f"hiw: the output folder {output} is not writable\n")
    assert version(output) == 0
    remount(disk, "rw")
    assert forked(*build).code == 0
    assert version(output) == 1
