"""Great Expectations' own pages (Data Docs) on the values of a published warehouse: an extra to quality.html.

    python -m expectations.data_docs PARQUET_FOLDER FOLDER

They are made without a network, but their styles are loaded from one when they are read, and they hold the
time they were made at.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import polars as pl

from expectations.checks import ROW
from expectations.rows import queries, rows_of
from expectations.rules import Rule, rules_of
from expectations.verdicts import great_expectations
from warehouse.tables import TABLES
from warehouse.value_tables import FACT_INDICATOR_VALUE, REJECTED_VALUE

_FACTS = FACT_INDICATOR_VALUE.name
_DOCS = "site"


def write_data_docs(parquet: Path, folder: Path) -> Path:
    """Check the values in the folder ``parquet`` again and write the pages; gives the first page.

    ``folder`` is replaced. Raises ``OSError`` if a table is missing or the folder can't be written.
    """
    rules = rules_of(FACT_INDICATOR_VALUE)
    frames = _values_read(parquet)
    with queries(frames) as connection:
        rows = rows_of(FACT_INDICATOR_VALUE, rules, frames, connection)
    shutil.rmtree(folder, ignore_errors=True)
    gx = great_expectations()
    checkpoint = _checkpoint(gx, _context(gx, folder), rules)
    checkpoint.run(batch_parameters={"dataframe": rows.drop(ROW).to_pandas()})
    return folder / "index.html"


def _values_read(parquet: Path) -> dict[str, pl.DataFrame]:
    """The published tables, numbered; with the facts the quarantined values, as when they were read."""
    frames = {table.name: pl.read_parquet(parquet / f"{table.name}.parquet") for table in TABLES}
    columns = FACT_INDICATOR_VALUE.names()
    read = pl.concat([frames[_FACTS], frames[REJECTED_VALUE.name].select(columns)])
    frames[_FACTS] = read.sort(FACT_INDICATOR_VALUE.key)
    return {name: frame.with_row_index(ROW) for name, frame in frames.items()}


def _context(gx: Any, folder: Path) -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    for name in list(context.list_data_docs_sites()):  # its own, in a temporary folder
        context.delete_data_docs_site(name)
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder.absolute()),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site(_DOCS, site)
    return context


def _checkpoint(gx: Any, context: Any, rules: list[Rule]) -> Any:
    suite = context.suites.add(gx.ExpectationSuite(name=_FACTS, expectations=[_entry(r) for r in rules]))
    asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset("values_read")
    batch = asset.add_batch_definition_whole_dataframe("whole")
    validation = context.validation_definitions.add(
        gx.ValidationDefinition(name=_FACTS, data=batch, suite=suite)
    )
    return context.checkpoints.add(
        gx.Checkpoint(
            name=_FACTS,
            validation_definitions=[validation],
            actions=[gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=[_DOCS])],
            result_format={"result_format": "SUMMARY"},
        )
    )


def _entry(rule: Rule) -> dict[str, Any]:
    return {
        "type": rule.type,
        "kwargs": dict(rule.kwargs),
        "severity": "critical" if rule.severity == "hard" else "warning",
        "description": f"{rule.name}: {rule.meaning}",
    }


if __name__ == "__main__":
    print(write_data_docs(Path(sys.argv[1]), Path(sys.argv[2])))
