"""The tables of a build put together: what is kept of each document, under the names it has in this build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

import expectations
from expectations import failures, tally
from pipelines.checking import COUNTS, FAILURES
from pipelines.engine import reference_tables
from pipelines.reference import Reference
from pipelines.shelf import Shelf
from pipelines.sources import CHANGED, MEANWHILE
from pipelines.transforms.corrections import astray
from warehouse.contract import conform, polars_schema
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import DIM_DOCUMENT, REJECTED_DOCUMENT
from warehouse.tables import BUILD_RUN, QUALITY_FAILURE, QUALITY_RESULT, READING
from warehouse.value_tables import BRIDGE_VALUE_RESPONSIBLE_UNIT, FACT_INDICATOR_VALUE, REJECTED_VALUE

_CHECKED = (FACT_INDICATOR_VALUE, REJECTED_VALUE, BRIDGE_VALUE_RESPONSIBLE_UNIT)
_SAME = "the same bytes as {}; it is read once, nothing to do"


@dataclass(frozen=True)
class Assembly:
    """``read`` and ``checked``: the kept batches. ``live``: the readings of this build, with their batch.

    ``listed``: the files of this build, as :func:`pipelines.sources.listing` gives them. ``corrections``: all
    that stewards corrected. ``carried``: tables that :func:`pipelines.past.carried` took over, by name.
    """

    read: Shelf
    checked: Shelf
    live: pl.DataFrame
    listed: pl.DataFrame
    corrections: pl.DataFrame
    carried: dict[str, pl.DataFrame]
    reference: Reference

    def batches(self) -> list[str]:
        """The batches with readings of this build."""
        return self.live["batch"].unique().sort().to_list()

    def document_tables(self) -> dict[str, pl.LazyFrame]:
        """The tables of documents, after validation, by name; each is read when it is collected."""
        read = {table: self._named(self.read.rows(self.live, table.name)) for table in READING}
        checked = {table: self._named(self.checked.rows(self.live, table.name)) for table in _CHECKED}
        return {table.name: rows.select(table.names()) for table, rows in (read | checked).items()}

    def build_tables(self) -> dict[str, pl.DataFrame]:
        """The tables of no single document, before validation, by name."""
        tables = reference_tables(self.reference)
        tables[REJECTED_DOCUMENT.name] = self.rejected()
        tables[CORRECTION.name] = self._corrected()
        return tables | self.carried

    def quality(self) -> dict[str, pl.DataFrame]:
        """The tables ``quality_result`` and ``quality_failure``, by name, once all batches are checked."""
        tables = self.build_tables()
        found = expectations.examine({**tables, DIM_DOCUMENT.name: self.documents()}, tables)
        counts = pl.concat([self.checked.rows(self.live, COUNTS), found.counts.lazy()])
        failing = pl.concat([self.checked.rows(self.live, FAILURES), found.failures.lazy()])
        names = [*(table.name for table in READING), *tables]
        return {
            QUALITY_RESULT.name: tally.quality_result(counts, names),
            QUALITY_FAILURE.name: failures.first(failing),
        }

    def documents(self) -> pl.DataFrame:
        """The table ``dim_document``."""
        return conform(self._named(self.read.rows(self.live, DIM_DOCUMENT.name)).collect(), DIM_DOCUMENT)

    def rejected(self) -> pl.DataFrame:
        """The table ``rejected_document``: what could not be listed, read or decoded, and further copies."""
        refused = self.listed.drop_nulls("reason")
        kept = self.read.rows(self.live, REJECTED_DOCUMENT.name).collect()
        unread = self.listed.drop_nulls("content_sha256").join(self.live, on="content_sha256", how="anti")
        undecoded = kept.rename({"source_file": "content_sha256"}).drop("document_id")
        parts = (
            refused,
            unread.with_columns(reason=pl.lit(CHANGED), detail=pl.lit(MEANWHILE)),
            self.listed.drop("reason", "detail").join(undecoded, on="content_sha256"),
            self._copies(undecoded),
        )
        return conform(
            pl.concat([p.select(polars_schema(REJECTED_DOCUMENT).names()) for p in parts]), REJECTED_DOCUMENT
        )

    def _corrected(self) -> pl.DataFrame:
        """What became of each correction: in its document, or if that is not among the sources, why not."""
        done = self.read.rows(self.live, CORRECTION.name).collect()
        rest = self.corrections.join(done, on="correction_id", how="anti")
        return conform(pl.concat([done, astray(rest, self.listed["source_file"])]), CORRECTION)

    def _copies(self, undecoded: pl.DataFrame) -> pl.DataFrame:
        read = self.listed.drop_nulls("content_sha256").join(undecoded, on="content_sha256", how="anti")
        first = pl.col("source_file").first().over("content_sha256")
        copies = read.with_columns(first=first).filter(pl.col("source_file") != pl.col("first"))
        return copies.with_columns(reason=pl.lit("duplicate"), detail=pl.format(_SAME, "first"))

    def _named(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """``rows`` with the path of the first file that has the document's content."""
        if "source_file" not in rows.collect_schema():
            return rows
        names = self.listed.drop_nulls("content_sha256").unique(
            "content_sha256", keep="first", maintain_order=True
        )
        files = names.select("source_file", document_id=pl.col("content_sha256").str.head(16))
        return rows.drop("source_file").join(files.lazy(), on="document_id", how="left")


def build_run(fingerprint: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """The table ``build_run``: the build's fingerprint (build_id, code_version) and what came out."""
    heights = {name: tables[table].select(pl.len()) for name, table in _COUNTED.items()}
    failed = tables["quality_result"].select((~pl.col("passed")).sum())
    counts = pl.collect_all([*heights.values(), failed])
    named = zip([*heights, "checks_failed"], counts, strict=True)
    return conform(fingerprint.with_columns(pl.lit(n.item()).alias(name) for name, n in named), BUILD_RUN)


_COUNTED = {
    "documents_read": "dim_document",
    "documents_rejected": "rejected_document",
    "numbers_found": "number_mention",
    "values_published": "fact_indicator_value",
    "values_quarantined": "rejected_value",
}
