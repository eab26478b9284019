"""Bytes to text: the encoding found, the hash taken, what cannot be read set aside with a reason."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl


class Decoded(NamedTuple):
    """``documents``: document_id, source_file, content_sha256, size_bytes, encoding, char_count, raw_text.

    ``rejected``: the columns of the table ``rejected_document``.
    """

    documents: pl.DataFrame
    rejected: pl.DataFrame


def decode(files: pl.DataFrame) -> Decoded:
    """Decode ``files`` (source_file, content, problem, detail) one by one."""
    raise NotImplementedError
