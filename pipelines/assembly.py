"""The tables of a build put together: what is kept of each document, under the names it has in this build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

import expectations
from expectations import failures, tally
from pipelines.checking import COUNTS, FAILURES
from pipelines.engine import reference_tables
from pipelines.reference import Reference
from pipelines.shelf import Shelf
from pipelines.sources import CHANGED, MEANWHILE
from pipelines.transforms.corrections import astray
from pipelines.transforms.mirrors import find_mirrors
from pipelines.transforms.set_aside import document_source, set_aside
from pipelines.transforms.signature import Signed
from warehouse.contract import conform, polars_schema
from warehouse.correction_tables import CORRECTION
from warehouse.document_tables import DIM_DOCUMENT, HEADER_EVIDENCE, REJECTED_DOCUMENT
from warehouse.mirror_tables import DOCUMENT_SOURCE, DUPLICATE_VALUE
from warehouse.tables import BUILD_RUN, QUALITY_FAILURE, QUALITY_RESULT, READING
from warehouse.value_tables import BRIDGE_VALUE_RESPONSIBLE_UNIT, FACT_INDICATOR_VALUE, REJECTED_VALUE

SIGNATURE, READING_OF = Signed._fields
_OF_VALUES = (FACT_INDICATOR_VALUE, BRIDGE_VALUE_RESPONSIBLE_UNIT)


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
        tables = self.checked_tables()
        aside = self._set_aside(tables[FACT_INDICATOR_VALUE.name]).lazy()
        counted = {
            table.name: tables[table.name].join(aside, on="indicator_value_id", how="anti")
            for table in _OF_VALUES
        }
        return tables | counted | {DUPLICATE_VALUE.name: aside}

    def checked_tables(self) -> dict[str, pl.LazyFrame]:
        """The tables of documents, rejected values apart; what stands in a copy too is still there twice."""
        rejected = self.checked.rows(self.live, REJECTED_VALUE.name)
        rows = {table: self.read.rows(self.live, table.name) for table in READING}
        rows |= {table: expectations.held(rows[table], rejected) for table in _OF_VALUES}
        rows[REJECTED_VALUE] = rejected
        return {table.name: self._named(found).select(table.names()) for table, found in rows.items()}

    def build_tables(self) -> dict[str, pl.DataFrame]:
        """The tables of no single document, before validation, by name."""
        tables = reference_tables(self.reference)
        tables[REJECTED_DOCUMENT.name] = self.rejected()
        tables[CORRECTION.name] = self.corrected
        tables[DOCUMENT_SOURCE.name] = document_source(self._files(), self.documents(), self.mirrors)
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
        """The table ``rejected_document``: what could not be listed, read or decoded."""
        refused = self.listed.drop_nulls("reason")
        kept = self.read.rows(self.live, REJECTED_DOCUMENT.name).collect()
        unread = self.listed.drop_nulls("content_sha256").join(self.live, on="content_sha256", how="anti")
        undecoded = kept.rename({"source_file": "content_sha256"}).drop("document_id")
        parts = (
            refused,
            unread.with_columns(reason=pl.lit(CHANGED), detail=pl.lit(MEANWHILE)),
            self.listed.drop("reason", "detail").join(undecoded, on="content_sha256"),
        )
        return conform(
            pl.concat([p.select(polars_schema(REJECTED_DOCUMENT).names()) for p in parts]), REJECTED_DOCUMENT
        )

    @cached_property
    def mirrors(self) -> pl.DataFrame:
        """The documents that repeat another one: document_id, mirror_of, likeness."""
        signature, evidence = (
            self.read.rows(self.live, n).collect() for n in (SIGNATURE, HEADER_EVIDENCE.name)
        )
        return find_mirrors(signature, self.documents(), evidence, self.corrected)

    def _set_aside(self, facts: pl.LazyFrame) -> pl.DataFrame:
        """The table ``duplicate_value``; of the ``facts`` only those of copies and originals are read."""
        concerned = pl.concat([self.mirrors["document_id"], self.mirrors["mirror_of"]]).unique()
        some = pl.col("document_id").is_in(concerned.implode())
        reading = self.read.rows(self.live, READING_OF).filter(some).collect()
        return set_aside(facts.filter(some).collect(), reading, self.mirrors, self.corrected)

    def _files(self) -> pl.DataFrame:
        """Every file with the document its bytes are: source_file, document_id."""
        readable = self.listed.drop_nulls("content_sha256")
        return readable.select("source_file", document_id=pl.col("content_sha256").str.head(16))

    @cached_property
    def corrected(self) -> pl.DataFrame:
        """What became of each correction: in its document, or if that is not among the sources, why not."""
        done = self.read.rows(self.live, CORRECTION.name).collect()
        rest = self.corrections.join(done, on="correction_id", how="anti")
        return conform(pl.concat([done, astray(rest, self.listed["source_file"])]), CORRECTION)

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
