"""The reading in batches: each document once per content, corrections and code, and then kept.

A document is known by its ``reading_key``, the hash of its bytes and of what stewards corrected in it. What
is read of a text does not depend on the file's name or on the other documents, so it is used again as long
as the code is the same, and files may be renamed, added and taken away around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from time import monotonic

import polars as pl

from pipelines import engine
from pipelines.engine import Seeds
from pipelines.log import log
from pipelines.shelf import Shelf
from pipelines.sources import CHANGED, contents
from pipelines.transforms.signature import Signed
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import REJECTED_DOCUMENT
from warehouse.tables import READING

# Large enough that the fixed cost of a batch (some seconds) counts little, small enough to bound the memory.
BATCH_BYTES = 4_000_000
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


def read_new(shelf: Shelf, wanted: pl.DataFrame, corrections: pl.DataFrame, seeds: Seeds) -> Iterator[str]:
    """Read the ``wanted`` documents that are not kept yet, and keep them; gives each batch when it is done.

    A file that has changed since it was listed is not kept, and so is not among the live ones.
    """
    pending = wanted.join(index(shelf), on="reading_key", how="anti", maintain_order="left")
    for documents in _parts(pending):
        yield _read_batch(shelf, documents, corrections, seeds)


def _read_batch(shelf: Shelf, documents: pl.DataFrame, corrections: pl.DataFrame, seeds: Seeds) -> str:
    started = monotonic()
    files = contents(documents)
    said = corrections.join(documents, on="document_id", how="semi", maintain_order="left")
    done = engine.run_stages(files, seeds, said)
    tables = engine.tables(done.values(), seeds.reference) | engine.by_name(done["signatures"])
    changed = files.filter(pl.col("reason").eq_missing(CHANGED))
    kept = documents.join(changed, left_on="content_sha256", right_on="source_file", how="anti")
    frames = {name: tables[name] for name in _KEPT}
    frames[REJECTED_DOCUMENT.name] = (
        frames[REJECTED_DOCUMENT.name]
        .filter(pl.col("reason") != CHANGED)
        .with_columns(document_id=pl.col("source_file").str.head(16))
    )
    numbers = frames["number_mention"].height
    shelf.put(_name(kept), {INDEX: kept.select(name for name in _INDEX if name != "batch"), **frames})
    seconds = round(monotonic() - started, 3)
    log.debug("batch read", batch=_name(kept), documents=kept.height, numbers=numbers, seconds=seconds)
    return _name(kept)


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
    for documents in _parts(rows):
        name = _name(documents)
        for shelf in (checked, read):
            shelf.put(name, {f: shelf.rows(documents, f).collect() for f in shelf.frames(batches[0])})
        yield name


def _parts(documents: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """``documents`` in their order, a batch at a time."""
    part = (pl.col("size_bytes").cum_sum() - pl.col("size_bytes")) // BATCH_BYTES
    for _, rows in documents.with_columns(part=part).group_by("part", maintain_order=True):
        yield rows.drop("part")
