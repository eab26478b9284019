"""What is tried again: errors that pass by themselves, such as a full disk or another build at work.

A bad reference file, a broken contract or a folder without documents stay as they are until a person mends
them, so a run fails on them at once.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.store import AnotherBuild

PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOSPC,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)
# DuckDB and polars pass on the words of the system without its number.
_WORDS = tuple(os.strerror(number) for number in PASSING)


def passing(error: BaseException) -> bool:
    """Whether ``error``, or one it was raised from, may be gone when the same is tried again."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AnotherBuild) or _of_the_system(cause):
            return True
        cause = cause.__cause__
    return False


def _of_the_system(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in PASSING
    return any(word in str(error) for word in _WORDS)


@contextmanager
def tried_again(retries: int, seconds: float) -> Iterator[None]:
    """Ask Dagster to try the step again, up to ``retries`` times, if what is raised within may pass.

    The wait begins with ``seconds`` and about doubles each time; it varies, so that two builds that wait for
    each other do not meet again. With no retries left, or for any other error, that error is raised.
    """
    try:
        yield
    except Exception as error:
        tried = dg.OpExecutionContext.get().retry_number
        if tried >= retries or not passing(error):
            raise
        raise dg.RetryRequested(retries, _wait(tried, retries, seconds)) from error


def _wait(tried: int, retries: int, seconds: float) -> float:
    policy = dg.RetryPolicy(retries, seconds, dg.Backoff.EXPONENTIAL, dg.Jitter.PLUS_MINUS)
    return max(0.0, float(policy.calculate_delay(tried + 1)))
