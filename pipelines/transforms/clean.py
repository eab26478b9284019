"""Raw text to clean text: one script, one width, lost glyphs repaired, each character's place kept."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons


class Cleaned(NamedTuple):
    """``text``: document_id, source_file, script, clean_text.

    ``pieces``: document_id, clean_start, raw_start, length: runs of clean text and where they stand in the raw.
    ``repair``: the columns of the table ``repair``.
    """

    text: pl.DataFrame
    pieces: pl.DataFrame
    repair: pl.DataFrame


def clean(documents: pl.DataFrame, lexicons: Lexicons) -> Cleaned:
    """Clean decoded ``documents`` (see :class:`pipelines.transforms.decode.Decoded`)."""
    raise NotImplementedError
