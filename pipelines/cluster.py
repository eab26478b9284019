"""A Ray cluster in place of the threads: each task on whatever node has a core free, done again if that dies.

Every node has the same release of the project installed, and sees the sources and the shared shelf under the
names the driver has for them. Ray is imported late: who builds on one machine need not have it.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from pipelines import store
from pipelines.settings import CannotBuild
from pipelines.workers import Done, Part, Result, Workers

# A node that dies takes its tasks with it; a task no node survives is at fault itself.
RETRIES = 5
# For each core of the cluster: what is done, and what waits so that no core does.
IN_FLIGHT = 2
CONNECT_SECONDS = 5.0


@contextmanager
def connected(address: str) -> Iterator[Workers]:
    """The cores of the Ray cluster at ``address``: ``auto``, ``local`` or ``host:port``.

    ``auto`` is the one of ``RAY_ADDRESS``, or of this machine. ``local`` starts one on this machine. Raises
    :class:`CannotBuild` if Ray is not installed or there is no cluster.
    """
    ray = _ray()
    if address == "auto":
        address = os.environ.get("RAY_ADDRESS") or "auto"
    _answers(address)
    at_stop = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        signal.signal(signal.SIGTERM, at_stop)  # Ray's own would end the build without a word
    except (Exception, SystemExit) as error:  # Ray has no error of its own for that
        raise CannotBuild(f"no Ray cluster at {address}: {_first_line(error)}") from error
    try:
        yield _Cluster(ray)
    finally:
        ray.shutdown()  # the tasks of this build end with it


def _ray() -> ModuleType:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_DISABLE_FAILURE_SIGNAL_HANDLER"] = "1"  # of this process, which ends as builds do
    os.environ.setdefault("RAY_TMPDIR", "/tmp")  # not TMPDIR, where this build alone looks
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        told = "pip install 'health-indicator-warehouse[cluster]', or build with --engine local"
        raise CannotBuild(f"Ray is not installed: {told}") from error
    module: ModuleType = ray
    return module


def _answers(address: str) -> None:
    """Raise :class:`CannotBuild` if nothing answers at ``address``: Ray itself would try for minutes."""
    if address in ("auto", "local"):
        return
    try:
        at = urlsplit(address if "://" in address else f"//{address}")
        socket.create_connection((at.hostname or "", at.port or 10001), timeout=CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise CannotBuild(f"no Ray cluster answers at {address} ({error}); see ray start --head") from error


class _Cluster:
    def __init__(self, ray: ModuleType) -> None:
        self._ray: Any = ray

    @property
    def count(self) -> int:
        return int(self._ray.cluster_resources().get("CPU", 1))

    def map(self, task: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Done[Result]]:
        do = self._ray.remote(scheduling_strategy="SPREAD", max_retries=RETRIES)(_do)
        what = self._ray.put(pickle.dumps(task))
        left, under_way = list(reversed(parts)), set[Future[tuple[Any, str]]]()
        while left or under_way:
            while left and len(under_way) < IN_FLIGHT * self.count:
                under_way.add(do.remote(_code(), what, left.pop()).future())
            # Python waits, not Ray, which Ctrl-C would not get through whole.
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            yield from map(self._result, done)

    def _result(self, done: Future[tuple[Any, str]]) -> Done[Any]:
        try:
            return Done(*done.result())
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError as error:
            raise CannotBuild(f"the cluster could not do a batch: {_first_line(error)}") from error


def _do(code: str, task: bytes, part: Any) -> tuple[Any, str]:
    """On a node: do the task, and say where. The node's own code must be that of the driver."""
    import ray

    node = ray.get_runtime_context().get_node_id()
    if _code() != code:
        raise CannotBuild(f"node {node} has other code or seeds than this machine; install the same on both")
    return pickle.loads(task)(part), node


@cache
def _code() -> str:
    return store.code_version()


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
