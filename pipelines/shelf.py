"""Frames kept on disk by batch of documents: one folder a batch, one Parquet file a frame.

A batch is put there whole, by one rename, and never changed; so whoever is stopped in between leaves whole
batches, and what stands here can be used again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.settings import CannotBuild
from warehouse.files import disk_errors, sync_all

_UNFINISHED = ".new-"


@dataclass(frozen=True)
class Shelf:
    """The batches in ``folder``, which need not exist."""

    folder: Path

    def batches(self) -> list[str]:
        """The names of the batches, sorted."""
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted(path.name for path in found if not path.name.startswith(_UNFINISHED))

    def put(self, batch: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Keep ``frames`` as ``batch``, in place of an older one of that name."""

        def write(folder: Path) -> None:
            for name, frame in frames.items():
                frame.write_parquet(folder / f"{name}.parquet", compression="lz4")

        self._place(batch, write)

    def _place(self, batch: str, fill: Callable[[Path], None]) -> None:
        """Have ``fill`` write the files of ``batch`` to a folder, and put that in place whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
        with disk_errors(self.folder):
            fill(staged)
            sync_all(staged)
        Shelf.drop(self, [batch])
        staged.rename(self.folder / batch)

    def fetch(self, batch: str) -> None:
        """Have a batch at hand that was put on the shelf, maybe by another machine.

        Raises :class:`CannotBuild` if it is not there.
        """
        # A folder on NFS may look as it was a moment ago, unless it is listed.
        if not (self.folder / batch).exists() and batch not in self.batches():
            told = "was kept by another machine and is not here; name what all machines see as --shared"
            raise CannotBuild(f"{self.folder / batch} {told}")

    def take(self, batch: str, names: Iterable[str]) -> dict[str, pl.DataFrame]:
        """These frames of a batch, by name."""
        return {name: self.scan(batch, name).collect() for name in names}

    def scan(self, batch: str, name: str) -> pl.LazyFrame:
        """A frame of a batch, lazily; collecting it raises ``FileNotFoundError`` if there is none."""
        return pl.scan_parquet(self.folder / batch / f"{name}.parquet", glob=False)

    def rows(self, documents: pl.DataFrame, name: str) -> pl.LazyFrame:
        """The rows of a frame, from all batches, that are of ``documents`` (document_id, batch)."""
        kept = [
            self.scan(str(batch), name).filter(pl.col("document_id").is_in(of["document_id"].implode()))
            for (batch,), of in documents.group_by("batch", maintain_order=True)
        ]
        return pl.concat(kept) if kept else pl.LazyFrame()

    def frames(self, batch: str) -> list[str]:
        """The names of the frames of a batch, sorted."""
        return sorted(path.stem for path in (self.folder / batch).iterdir())

    def drop(self, batches: Iterable[str]) -> None:
        """Take away batches, whether they are there or not, by rename first: none is ever there by half."""
        for batch in batches:
            if (self.folder / batch).exists():
                away = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
                (self.folder / batch).rename(away)  # an empty folder makes room
                shutil.rmtree(away, ignore_errors=True)

    def drop_others(self) -> None:
        """Take away the shelves beside this one."""
        beside = Shelf(self.folder.parent)
        beside.drop(set(beside.batches()) - {self.folder.name})

    def sweep(self) -> None:
        """Take away what a killed build was writing."""
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)
