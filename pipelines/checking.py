"""The validation in batches: what Great Expectations finds in each batch of documents, kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import polars as pl

import expectations
from pipelines.engine import load_seeds, reference_tables
from pipelines.log import log
from pipelines.reference import Reference
from pipelines.shelf import Shelf
from pipelines.workers import Workers
from warehouse.tables import READING
from warehouse.value_tables import REJECTED_VALUE

COUNTS, FAILURES = "counts", "failures"


def check_new(read: Shelf, checked: Shelf, batches: Iterable[str], workers: Workers) -> Iterator[str]:
    """Have those of ``batches`` that are not checked yet checked, and what was found kept; gives each then.

    Kept are the rejected values, and counts and failures as :class:`expectations.Examined` has them. Raises
    what :func:`expectations.examine` raises.
    """
    done = set(checked.batches())
    new = [batch for batch in batches if batch not in done]
    for batch, node in workers.map(partial(_check_batch, read, checked), new):
        checked.fetch(batch)
        log.debug("batch checked", stage="validated", batch=batch, node=node)
        yield batch


def _check_batch(read: Shelf, checked: Shelf, batch: str) -> str:
    tables = read.take(batch, [table.name for table in READING])
    checked.put(batch, _checked(tables, load_seeds().reference))
    return batch


def _checked(tables: dict[str, pl.DataFrame], reference: Reference) -> dict[str, pl.DataFrame]:
    found = expectations.examine({**reference_tables(reference), **tables}, tables)
    return {REJECTED_VALUE.name: found.rejected_value, COUNTS: found.counts, FAILURES: found.failures}
