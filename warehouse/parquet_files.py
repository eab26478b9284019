"""A table of any size as one Parquet file: sorted within a share of memory, written a row group at a time.

Polars streams the rows, DuckDB sorts them, pyarrow writes them with the contract as metadata. The order is
total, for the key is its end, and row groups are cut by the rows alone; so equal rows give equal bytes,
whatever batches they came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from warehouse import contract
from warehouse.contract import Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

STEP = 2048  # rows: a row group is cut after so many, or twice as many, …
# Rows and bytes of a row group at the most: as many as DuckDB's own have, and few enough to be held.
GROUP, GROUP_BYTES = 60 * STEP, 96 << 20
FED = 20_000  # rows that are given to DuckDB at a time
LONG = 128 << 20  # bytes of long rows that are sorted at a time


def write(rows: pl.LazyFrame, table: Table, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``rows`` as the file ``path``; ``connection`` sorts them.

    Raises ``PolarsError`` or ``ValueError`` if they lack a column of the table, or hold what does not fit its
    type or may not be null.
    """
    import pyarrow.parquet as pq  # deferred: slow to import, needed only where a file is written

    schema = contract.arrow_schema(table)
    typed = rows.select(pl.col(c.name).cast(c.type.polars) for c in table.columns)
    batches = _sorted_long(typed, table) if table.long else _sorted(typed, table, connection)
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for group in _groups(batches):
            file.write_table(group.cast(schema))


def _sorted(
    rows: pl.LazyFrame, table: Table, connection: duckdb.DuckDBPyConnection
) -> Iterator[pa.RecordBatch]:
    import duckdb
    import pyarrow as pa

    failed: list[Exception] = []
    feed = _fed(rows, failed)
    source = pa.RecordBatchReader.from_batches(contract.empty(table).to_arrow().schema, feed)
    order = ", ".join(f'"{name}"' for name in table.order)
    try:
        yield from connection.from_arrow(source).order(order).to_arrow_reader(STEP)
    except duckdb.Error as error:
        raise (failed or [error])[0] from None


def _fed(rows: pl.LazyFrame, failed: list[Exception]) -> Iterator[pa.RecordBatch]:
    """The rows as they come; what is raised is kept in ``failed``, for DuckDB passes on its words only."""
    try:
        for frame in rows.collect_batches(chunk_size=FED, maintain_order=False):
            yield from frame.to_arrow().to_batches()
    except Exception as error:
        failed.append(error)
        raise


def _sorted_long(rows: pl.LazyFrame, table: Table) -> Iterator[pa.RecordBatch]:
    """The same for a table of whole texts, some at a time: DuckDB sorts a hundred thousand rows at once."""
    [key] = table.order
    texts = [c.name for c in table.columns if c.name != key]
    sizes = rows.select(key, pl.sum_horizontal(pl.col(texts).str.len_bytes()).alias("size")).collect()
    if sizes[key].has_nulls():
        raise ValueError(f"{key} is null in a row")
    part = pl.col("size").cum_sum() // LONG
    bounds = sizes.sort(key).group_by(part.alias("part")).agg(low=pl.col(key).min(), high=pl.col(key).max())
    for low, high in bounds.sort("part").select("low", "high").iter_rows():
        frame = rows.filter(pl.col(key).is_between(pl.lit(low), pl.lit(high))).sort(key).collect()
        yield from frame.to_arrow().to_batches()


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows of ``batches`` as row groups, each column in one piece.

    Where one ends depends on the rows alone: they are counted and weighed in steps of :data:`STEP`.
    """
    import pyarrow as pa

    group: list[pa.Table] = []
    rows = size = 0
    for step in _steps(batches):
        group.append(step)
        rows, size = rows + step.num_rows, size + step.nbytes
        if rows >= GROUP or size >= GROUP_BYTES:
            yield pa.concat_tables(group).combine_chunks()
            group, rows, size = [], 0, 0
    if group:
        yield pa.concat_tables(group).combine_chunks()


def _steps(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows of ``batches`` in tables of :data:`STEP` rows, as DuckDB gives them; the last has fewer."""
    import pyarrow as pa

    waiting = None
    for batch in batches:
        waiting = pa.concat_tables(
            [*([waiting] if waiting is not None else []), pa.Table.from_batches([batch])]
        )
        while waiting.num_rows >= STEP:
            yield waiting.slice(0, STEP)
            waiting = waiting.slice(STEP)
    if waiting is not None and waiting.num_rows:
        yield waiting
