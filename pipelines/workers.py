"""Who does the work on batches of documents: the threads of this process, or a cluster in its place.

A task is a function of one part of the work that keeps what it makes itself and gives back small facts. So
what does the tasks may be changed without those who give them noticing (see :mod:`pipelines.cluster`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from threading import Event, local
from typing import Generic, NamedTuple, Protocol, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
HERE = "here"
# More threads than this wait for each other, and each has a batch in memory.
MOST_THREADS = 4
_thread = local()  # of a worker: ``stop``, the event that tells it to stop


class Done(NamedTuple, Generic[Result]):
    """What a task gave back, and the name of the machine that did it."""

    result: Result
    node: str


class Workers(Protocol):
    """Those who do tasks; ``count`` at a time."""

    @property
    def count(self) -> int:
        """How many tasks are done at a time."""

    def map(self, task: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Done[Result]]:
        """Do ``task`` on each of ``parts``; gives what it gave back as it is done, in any order.

        Raises what a task raises; the others are stopped then, as they are when whoever takes the results is
        interrupted.
        """


class Stopped(Exception):  # noqa: N818 - named for what happened
    """This task need not go on: another one failed, or the build was interrupted."""


def carry_on() -> None:
    """Raise :class:`Stopped` in a thread that is to stop; long tasks ask between their steps."""
    stop: Event | None = getattr(_thread, "stop", None)
    if stop is not None and stop.is_set():
        raise Stopped


def usual_count() -> int:
    """How many threads suit this machine."""
    return min(os.cpu_count() or 1, MOST_THREADS)


class Threads:
    """Threads of this process, each with one part in memory.

    It pays as polars and file reads let other threads work. A single part is done without any thread.
    """

    def __init__(self, count: int) -> None:
        self._count = count

    @property
    def count(self) -> int:
        """How many threads there are."""
        return self._count

    def map(self, task: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Done[Result]]:
        """See :meth:`Workers.map`."""
        threads = min(self._count, len(parts))
        if threads > 1:
            return _in_threads(task, parts, threads)
        return (Done(task(part), HERE) for part in parts)


def _in_threads(
    task: Callable[[Part], Result], parts: Sequence[Part], threads: int
) -> Iterator[Done[Result]]:
    stop = Event()
    with ThreadPoolExecutor(threads, "hiw-worker", partial(setattr, _thread, "stop", stop)) as pool:
        try:
            for done in as_completed([pool.submit(task, part) for part in parts]):
                yield Done(done.result(), HERE)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
