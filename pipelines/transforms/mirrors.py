"""Documents that came in twice: pages of two sites with the same text.

A mirror is very like a document that is kept, by their signatures, and nothing its header says contradicts
that one's: last year's plan and the neighbours' have most of the words, but other years or places. Documents
are taken by what they are, the best described first, so that it does not matter in which order they came.

Each is compared with the few kept ones that locality-sensitive hashing finds, which takes a time that grows
as the number of documents does: those with its own header, and those of any header that are not yet many.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import polars as pl

from pipelines.transforms.signature import NO_LETTERS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LIKE = 0.75  # share of sentences in common from which on two documents are one
# Bands and numbers in each: of documents this much alike (0.75, 0.8, 0.85) it finds 82, 95, 99 in a hundred.
BANDS = (16, 8)
_ODD = 0x9E3779B97F4A7C15
# What so many places or years have in common is a form they filled in; only equal headers tell there.
FORM = 20
# A title that is but the first line may be a site's.
NO_TITLE = "title_first_line"
FIELDS = (
    *("title", "document_type", "issuer", "document_number", "issued_on", "published_on"),
    *("jurisdiction_name", "period_start", "period_end"),
)
MIRRORS = pl.Schema({"document_id": pl.String(), "mirror_of": pl.String(), "likeness": pl.Float64()})


class Header(NamedTuple):
    """What must not differ; what is null is not known. ``title`` in letters only."""

    title: str | None
    place: str | None
    period_start: int | None
    period_end: int | None


def find_mirrors(
    signature: pl.DataFrame,
    dim_document: pl.DataFrame,
    header_evidence: pl.DataFrame,
    correction: pl.DataFrame,
) -> pl.DataFrame:
    """Every document that is a mirror, with the one it repeats: document_id, mirror_of, likeness (0 to 1).

    ``signature`` as in :class:`.signature.Signed`, the others as the tables. ``mirror_of`` is no mirror.
    """
    corrected = correction.filter(status="applied")["document_id"]
    documents = _ranked(signature.join(dim_document, on="document_id"), header_evidence, corrected)
    ids = documents["document_id"].to_list()
    headers = [Header(*row) for row in documents.select(Header._fields).iter_rows()]
    kept = _Kept(documents["minhash"].to_numpy(), headers)
    found = ((n, kept.original_of(n)) for n in range(len(ids)))
    rows = [(ids[n], ids[match[1]], match[0]) for n, match in found if match]
    return pl.DataFrame(rows, schema=MIRRORS, orient="row").sort("document_id")


def _ranked(documents: pl.DataFrame, header_evidence: pl.DataFrame, corrected: pl.Series) -> pl.DataFrame:
    """The documents, the one to keep first, with the fields of :class:`Header`.

    First those that stewards corrected, whose place and years are known, with the fullest header, with the
    least around the text.
    """
    weak = header_evidence.filter(field="title", found_by=NO_TITLE)["document_id"]
    title = pl.col("title").str.replace_all(NO_LETTERS, "").replace("", None)
    known = [pl.col(name).is_not_null() for name in FIELDS]
    return documents.sort(
        ~pl.col("document_id").is_in(corrected.implode()),
        pl.col("jurisdiction_name").is_null(),
        pl.col("period_end").is_null(),
        -pl.sum_horizontal(known).cast(pl.Int64),
        "char_count",
        "document_id",
    ).with_columns(
        title=pl.when(~pl.col("document_id").is_in(weak.implode())).then(title),
        place=pl.coalesce("jurisdiction_code", "jurisdiction_name"),
    )


def agree(one: Header, other: Header) -> bool:
    """Whether no field contradicts: what is not known does not, nor a title that is part of the other."""
    titles = not one.title or not other.title or one.title in other.title or other.title in one.title
    rest = zip(one[1:], other[1:], strict=True)
    return titles and all(a is None or b is None or a == b for a, b in rest)


class _Index:
    """Places of documents by the bands of their signatures. (datasketch's own takes ten times as long.)"""

    def __init__(self, bands: npt.NDArray[np.uint64]) -> None:
        import numpy as np

        _, which, counts = np.unique(bands, return_inverse=True, return_counts=True)
        shared = counts[which].reshape(bands.shape) > 1  # what no other has leads nowhere
        self._bands: list[list[int]] = [row[has].tolist() for row, has in zip(bands, shared, strict=True)]
        self._places: dict[int, list[int]] = {}

    def add(self, n: int) -> None:
        """Have ``n`` found from now on."""
        for band in self._bands[n]:
            self._places.setdefault(band, []).append(n)

    def like(self, n: int) -> list[int]:
        """What was added and has a band of ``n``."""
        return sorted(set().union(*(self._places.get(band, ()) for band in self._bands[n])))


def _bands(numbers: npt.NDArray[np.uint32], salts: list[int]) -> npt.NDArray[np.uint64]:
    """A number for each band of each signature, equal only where the band, its numbers and the salt are."""
    import numpy as np

    bands, _ = BANDS
    mixed = np.add.outer(np.array(salts, np.uint64), np.arange(bands, dtype=np.uint64))
    for column in np.moveaxis(numbers.reshape(-1, *BANDS), 2, 0).astype(np.uint64):
        mixed = (mixed ^ column) * np.uint64(_ODD)  # modulo 2^64
    return mixed


class _Kept:
    """The documents that stand for themselves, by their place in the ranking, to be found by likeness."""

    def __init__(self, numbers: npt.NDArray[np.uint32], headers: list[Header]) -> None:
        self._numbers, self._headers = numbers, headers
        # Mixed with the header, so that only those of equal headers are found; and bare.
        self._of_header = _Index(_bands(numbers, [crc32(repr(header).encode()) << 8 for header in headers]))
        self._of_any = _Index(_bands(numbers, [0] * len(headers)))

    def original_of(self, n: int) -> tuple[float, int] | None:
        """The likeness and place of the document that ``n`` repeats; without one, ``n`` is kept too."""
        if alike := self._alike(n, self._of_header.like(n)):
            return _best(alike)
        found = self._of_any.like(n)
        alike = [match for match in self._alike(n, found) if agree(self._headers[n], self._headers[match[1]])]
        if alike and self._all_agree(match[1] for match in alike):
            return _best(alike)
        self._of_header.add(n)
        if len(found) < FORM:
            self._of_any.add(n)
        return None

    def _alike(self, n: int, candidates: list[int]) -> list[tuple[float, int]]:
        if not candidates:
            return []
        shares = (self._numbers[candidates] == self._numbers[n]).mean(axis=1)
        return [
            (share, other) for share, other in zip(shares.tolist(), candidates, strict=True) if share >= LIKE
        ]

    def _all_agree(self, places: Iterable[int]) -> bool:
        """Without a place of its own, a document that is like those of two places is of neither."""
        return all(agree(*pair) for pair in combinations([self._headers[place] for place in places], 2))


def _best(alike: list[tuple[float, int]]) -> tuple[float, int]:
    """The most alike; of several, the one that ranks first."""
    return max(alike, key=lambda match: (match[0], -match[1]))
