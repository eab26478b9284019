"""Tasks on threads: each part once, and a stop for all when one fails."""

from collections.abc import Iterator
from threading import Barrier, Event, current_thread, main_thread

import pytest

from pipelines.workers import HERE, Done, Stopped, Threads, carry_on


def test_each_part_is_done_once_and_as_many_at_a_time_as_there_are_threads() -> None:
    together = Barrier(2)  # broken if the second part had to wait for the first

    def task(part: int) -> int:
        together.wait(timeout=10)
        return 10 * part

    assert Threads(2).count == 2
    done = Threads(2).map(task, [1, 2, 3, 4])
    assert sorted(done) == [Done(10 * part, HERE) for part in (1, 2, 3, 4)]


@pytest.mark.parametrize(("threads", "parts"), [(1, 3), (4, 1)])
def test_what_is_done_one_after_the_other_takes_no_thread(threads: int, parts: int) -> None:
    done = Threads(threads).map(lambda _part: current_thread(), range(parts))
    assert [thread for thread, _ in done] == [main_thread()] * parts


def test_a_task_that_fails_stops_the_others() -> None:
    begun, done = Event(), []

    def task(part: str) -> None:
        if part == "fails":
            begun.wait(timeout=10)
            raise OSError("the disk is gone")
        begun.set()
        with pytest.raises(Stopped):
            for _ in _until_stopped():
                pass
        done.append(part)

    with pytest.raises(OSError, match="the disk is gone"):
        list(Threads(2).map(task, ["fails", "long", *["waits"] * 50]))
    assert 1 <= len(done) < 5  # those that had begun were told to stop, the rest never began
    assert list(Threads(2).map(lambda _part: carry_on(), [1, 2])) == [Done(None, HERE)] * 2


def _until_stopped() -> Iterator[None]:
    while True:
        carry_on()
        yield


def test_who_no_longer_takes_results_stops_the_tasks() -> None:
    def task(part: int) -> None:
        for _ in _until_stopped() if part else ():
            pass

    taken = Threads(2).map(task, range(9))
    assert next(taken) == Done(None, HERE)
    taken.close()  # type: ignore[attr-defined]  # a generator; would wait for ever
