"""The reading in batches: each document once per content, corrections and code, and then kept.

A document is known by its ``reading_key``, the hash of its bytes and of what stewards corrected in it. What
is read of a text does not depend on the file's name or on the other documents, so it is used again as long
as the code is the same, and files may be renamed, added and taken away around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from math import ceil
from time import monotonic
from typing import NamedTuple

import polars as pl

from pipelines import engine
from pipelines.log import log
from pipelines.shelf import Shelf
from pipelines.sources import CHANGED, contents
from pipelines.transforms.signature import Signed
from pipelines.workers import HERE, Workers
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import REJECTED_DOCUMENT
from warehouse.tables import READING
from warehouse.value_tables import NUMBER_MENTION

# Large enough that the fixed cost of a batch (a second) counts little, small enough to bound the memory: two
# batches at a time stay under 0.8 GB.
BATCH_BYTES = 16_000_000
# What is read of a number takes far more memory than the text of it: prose of sixteen megabytes has fewer.
BATCH_DIGITS = 250_000
# What would be one batch is split into no more parts than this that each worker has something to do.
SPLIT = 16
# A batch smaller than half of that is small; more of them than this are put together.
SMALL_BATCHES = 8
INDEX = "documents"
_KEPT = (*(table.name for table in READING), REJECTED_DOCUMENT.name, CORRECTION.name, *Signed._fields)
_INDEX = pl.Schema(
    {
        "reading_key": pl.String(),
        "document_id": pl.String(),
        "content_sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "batch": pl.String(),
    }
)


class Batch(NamedTuple):
    """A batch that was read: its name, how many documents and numbers it has, and where, how long it took."""

    batch: str
    documents: int
    numbers: int
    seconds: float
    node: str = HERE


def wanted(listed: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """One row a content: reading_key, document_id, content_sha256, size_bytes (bytes), path.

    ``listed`` is what :func:`pipelines.sources.listing` gives, ``corrections`` what
    :func:`pipelines.corrections.load_corrections` gives.
    """
    readable = listed.drop_nulls("content_sha256").unique("content_sha256", keep="first", maintain_order=True)
    said = {
        str(document): hashlib.sha256(rows.write_csv().encode()).hexdigest()
        for (document,), rows in corrections.group_by("document_id", maintain_order=True)
    }
    document = pl.col("content_sha256").str.head(16)
    corrected = document.replace_strict(said, default="", return_dtype=pl.String)
    return readable.select(
        pl.concat_str("content_sha256", corrected).alias("reading_key"),
        document.alias("document_id"),
        *("content_sha256", "size_bytes", "path"),
    )


def index(shelf: Shelf) -> pl.DataFrame:
    """What is kept: reading_key, document_id, content_sha256, size_bytes, batch; one row a reading."""
    batches = [shelf.scan(b, INDEX).with_columns(batch=pl.lit(b)).collect() for b in shelf.batches()]
    return pl.concat([pl.DataFrame(schema=_INDEX), *batches]).unique(
        "reading_key", keep="first", maintain_order=True
    )


def live(shelf: Shelf, wanted: pl.DataFrame) -> pl.DataFrame:
    """The rows of :func:`index` that are ``wanted``."""
    return index(shelf).join(wanted, on="reading_key", how="semi")


def read_new(
    shelf: Shelf, wanted: pl.DataFrame, corrections: pl.DataFrame, workers: Workers
) -> Iterator[Batch]:
    """Have the ``wanted`` documents that are not kept yet read and kept; gives each batch when it is done.

    A file that has changed since it was listed is not kept, and so is not among the live ones.
    """
    pending = wanted.join(index(shelf), on="reading_key", how="anti", maintain_order="left")
    parts = list(_evenly(pending, "size_bytes", BATCH_BYTES, workers.count))
    for batches, node in workers.map(partial(_read_part, shelf, corrections), parts):
        for read in batches:
            batch = read._replace(node=node)
            shelf.fetch(batch.batch)
            log.debug("batch read", **batch._asdict())
            yield batch


def _read_part(shelf: Shelf, corrections: pl.DataFrame, part: pl.DataFrame) -> list[Batch]:
    files = contents(part)
    weighed = part.with_columns(digits=pl.Series([_digits(c) for c in files["content"]], dtype=pl.Int64))
    batches: list[Batch] = []
    for documents in _evenly(weighed, "digits", BATCH_DIGITS):
        these = files.join(documents, left_on="source_file", right_on="content_sha256", how="semi")
        batches += _read_batch(shelf, corrections, documents, these)
    return batches


def _digits(content: bytes | None) -> int:
    return len(content or b"") - len((content or b"").translate(None, b"0123456789"))


def _read_batch(
    shelf: Shelf, corrections: pl.DataFrame, documents: pl.DataFrame, files: pl.DataFrame
) -> Iterator[Batch]:
    """Read ``files``, keep what is read, and give the batch; none if all have changed meanwhile."""
    started = monotonic()
    changed = files.filter(pl.col("reason").eq_missing(CHANGED))
    kept = documents.join(changed, left_on="content_sha256", right_on="source_file", how="anti")
    if kept.is_empty():
        return
    said = corrections.join(documents, on="document_id", how="semi", maintain_order="left")
    frames = _read(files, said)
    name = _name(kept)
    shelf.put(name, {INDEX: kept.select(name for name in _INDEX if name != "batch"), **frames})
    numbers, seconds = frames[NUMBER_MENTION.name].height, round(monotonic() - started, 3)
    yield Batch(name, kept.height, numbers, seconds)


def _read(files: pl.DataFrame, corrections: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What is kept of ``files``: frames by name."""
    seeds = engine.load_seeds()
    done = engine.run_stages(files, seeds, corrections)
    tables = engine.tables(done.values(), seeds.reference) | engine.by_name(done["signatures"])
    rejected = (
        tables[REJECTED_DOCUMENT.name]
        .filter(pl.col("reason") != CHANGED)
        .with_columns(document_id=pl.col("source_file").str.head(16))
    )
    return {name: tables[name] for name in _KEPT} | {REJECTED_DOCUMENT.name: rejected}


def _name(documents: pl.DataFrame) -> str:
    """The name of a batch: a hash of what is in it."""
    return hashlib.sha256("\n".join(documents["reading_key"].sort()).encode()).hexdigest()[:16]


def tidy(read: Shelf, checked: Shelf, live: pl.DataFrame) -> None:
    """Take away the batches without ``live`` readings, and put the small ones together when they are many.

    What is put together need be neither read nor checked again.
    """
    sizes = live.group_by("batch").agg(pl.col("size_bytes").sum()).sort("batch")
    used = sizes["batch"].to_list()
    small = sizes.filter(pl.col("size_bytes") < BATCH_BYTES // 2)["batch"].to_list()
    if len(small) > SMALL_BATCHES:
        used = [*(batch for batch in used if batch not in small), *_together(read, checked, live, small)]
    for shelf in (read, checked):
        shelf.drop(set(shelf.batches()) - set(used))


def _together(read: Shelf, checked: Shelf, live: pl.DataFrame, batches: list[str]) -> Iterator[str]:
    """Make as few batches as their size asks for of the live readings of ``batches``; gives the new ones."""
    rows = live.filter(pl.col("batch").is_in(batches)).sort("reading_key")
    for documents in _evenly(rows, "size_bytes", BATCH_BYTES):
        name = _name(documents)
        for shelf in (checked, read):
            shelf.put(name, {f: shelf.rows(documents, f).collect() for f in shelf.frames(batches[0])})
        yield name


def _evenly(documents: pl.DataFrame, weight: str, most: int, workers: int = 1) -> Iterator[pl.DataFrame]:
    """``documents`` in their order, in parts that weigh about the same, ``most`` each, by column ``weight``.

    Their number is a multiple of that of the ``workers``, unless that would make the parts too small to pay.
    """
    total = max(1, int(documents[weight].sum()))
    parts = min(ceil(total / most / workers) * workers, ceil(total * SPLIT / most))
    part = (pl.col(weight).cum_sum() - pl.col(weight)) * parts // total
    for _, rows in documents.with_columns(part=part).group_by("part", maintain_order=True):
        yield rows.drop("part")
