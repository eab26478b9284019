"""A shelf in shared storage, such as S3, where all nodes of a cluster put batches.

A batch is one object there, an archive of its Parquet files, for which S3 alone promises what the shelf does:
it is there whole or not at all. The machine that puts the tables together keeps copies, and scans those.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

import polars as pl

from pipelines import remote
from pipelines.places import Url
from pipelines.settings import CannotBuild
from pipelines.shelf import Shelf

_ARCHIVE = ".zip"


@dataclass(frozen=True)
class SharedShelf(Shelf):
    """The batches below ``url``, which need not exist; ``folder`` has the copies."""

    url: Url

    def batches(self) -> list[str]:
        """The names of the batches, sorted."""
        found = remote.names(self.url)
        return sorted(name.removesuffix(_ARCHIVE) for name in found if name.endswith(_ARCHIVE))

    def put(self, batch: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Keep ``frames`` as ``batch``, in place of an older one of that name."""
        packed = io.BytesIO()
        with ZipFile(packed, "w") as archive:
            for name, frame in frames.items():
                with archive.open(f"{name}.parquet", "w", force_zip64=True) as file:
                    frame.write_parquet(file, compression="lz4")
        remote.write(self._object(batch), packed.getvalue())

    def take(self, batch: str, names: Iterable[str]) -> dict[str, pl.DataFrame]:
        """These frames of a batch, from the copy if there is one; a node has none and makes none."""
        if (self.folder / batch).exists():
            return super().take(batch, names)
        with self._archive(batch) as archive:
            return {name: pl.read_parquet(archive.read(f"{name}.parquet")) for name in names}

    def fetch(self, batch: str) -> None:
        """Copy the batch to this machine, if that is not done."""
        if (self.folder / batch).exists():
            return
        with self._archive(batch) as archive:
            self._place(batch, archive.extractall)

    def scan(self, batch: str, name: str) -> pl.LazyFrame:
        """A frame of a batch, lazily, from the copy."""
        self.fetch(batch)
        return super().scan(batch, name)

    def frames(self, batch: str) -> list[str]:
        """The names of the frames of a batch, sorted."""
        self.fetch(batch)
        return super().frames(batch)

    def drop(self, batches: Iterable[str]) -> None:
        """Take away batches, and their copies, whether they are there or not."""
        dropped = list(batches)
        remote.remove(map(self._object, dropped))
        super().drop(dropped)

    def sweep(self) -> None:
        """Take away copies of batches that are gone, and what a killed build was copying."""
        super().sweep()
        super().drop(set(super().batches()) - set(self.batches()))

    def drop_others(self) -> None:
        """Take away the shelves beside this one, and their copies."""
        super().drop_others()
        beside = self.url.removesuffix(f"/{self.url.name}")
        remote.remove(f"{beside}/{name}" for name in remote.names(Url(beside)) if name != self.url.name)

    def _object(self, batch: str) -> str:
        return f"{self.url}/{batch}{_ARCHIVE}"

    def _archive(self, batch: str) -> ZipFile:
        url = self._object(batch)
        found = remote.read([url])[url]
        if isinstance(found, OSError):
            raise CannotBuild(f"{url} was taken away while the build ran; build again") from found
        return ZipFile(io.BytesIO(found))
