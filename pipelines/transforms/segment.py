"""Clean text to sections and sentences, and what each section does."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons


class Segmented(NamedTuple):
    """``dim_section`` as the table; ``sentences``: document_id, section_id, sentence_start, …, text."""

    dim_section: pl.DataFrame
    sentences: pl.DataFrame


def segment(
    text: pl.DataFrame, pieces: pl.DataFrame, dim_document: pl.DataFrame, lexicons: Lexicons
) -> Segmented:
    """Cut clean ``text`` into sections and sentences."""
    raise NotImplementedError
