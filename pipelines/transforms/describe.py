"""What the header of a document says: title, kind, issuer, number, dates, place and years."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference


class Described(NamedTuple):
    """``dim_document`` and ``header_evidence``, as the tables of those names."""

    dim_document: pl.DataFrame
    header_evidence: pl.DataFrame


def describe(
    documents: pl.DataFrame, text: pl.DataFrame, lexicons: Lexicons, reference: Reference
) -> Described:
    """Describe each document from its clean ``text``; what is not found stays null."""
    raise NotImplementedError
