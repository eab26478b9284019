"""However the documents are put into batches, and whoever reads them: the rows are the same."""

from pathlib import Path

import polars as pl
import pytest

from pipelines import reading
from pipelines.corrections import no_corrections
from pipelines.settings import ROOT
from pipelines.shelf import Shelf
from pipelines.sources import list_sources, listing
from pipelines.workers import Threads


def read(shelf: Shelf, threads: int) -> tuple[list[reading.Batch], dict[str, pl.DataFrame]]:
    """The batches the samples were read in, and the rows of every frame that is kept."""
    wanted = reading.wanted(listing(list_sources([ROOT / "seeds/documents"])), no_corrections())
    batches = list(reading.read_new(shelf, wanted, no_corrections(), Threads(threads)))
    live = reading.live(shelf, wanted).sort("document_id")
    names = shelf.frames(batches[0].batch)
    rows = {n: shelf.rows(live, n).collect().sort("document_id", maintain_order=True) for n in names}
    return batches, rows


def test_threads_and_many_batches_give_the_rows_of_one_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one], plain = read(Shelf(tmp_path / "plain"), threads=1)
    assert (one.documents, plain["number_mention"].height) == (5, one.numbers)

    monkeypatch.setattr(reading, "SPLIT", 1_000_000)
    monkeypatch.setattr(reading, "BATCH_DIGITS", 200)
    many, fast = read(Shelf(tmp_path / "fast"), threads=3)
    assert len(many) >= 4
    assert sum(batch.documents for batch in many) == 5
    for name, rows in plain.items():
        assert fast[name].equals(rows), name


def test_a_few_documents_are_spread_over_the_workers() -> None:
    documents = pl.DataFrame({"size_bytes": [1_000_000] * 3})
    spread = [part.height for part in reading._evenly(documents, "size_bytes", 8_000_000, 2)]
    assert spread == [2, 1]
    tiny = documents.with_columns(size_bytes=pl.lit(1000))
    assert [part.height for part in reading._evenly(tiny, "size_bytes", 8_000_000, 2)] == [3]
    many = pl.DataFrame({"size_bytes": [1_000_000] * 17})
    assert [part.height for part in reading._evenly(many, "size_bytes", 8_000_000, 2)] == [5, 4, 4, 4]
