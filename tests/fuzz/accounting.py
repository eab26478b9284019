"""What must hold of the reading of any document: nothing lost, everything where it is said to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from expectations import validate
from pipelines import engine
from warehouse.tables import TABLES

Tables = Mapping[str, pl.DataFrame]


def read(contents: Iterable[bytes]) -> dict[str, pl.DataFrame]:
    """The tables the stages make of these files, named 0.txt, 1.txt, …"""
    files = pl.DataFrame(
        [(f"{n}.txt", content, None, None) for n, content in enumerate(contents)],
        schema={"source_file": pl.String, "content": pl.Binary, "reason": pl.String, "detail": pl.String},
        orient="row",
    )
    return engine.read_documents(files, engine.load_seeds())


def complaints(tables: Tables, files: int) -> list[str]:
    """What does not hold of the reading of so many ``files``, in words; empty when all does."""
    taken = tables["dim_document"].height + tables["rejected_document"].height
    lost = [] if taken == files else [f"{files} files, but {taken} documents and rejections"]
    texts = dict(tables["document_text"].select("document_id", "raw_text").iter_rows())
    return [*lost, *_misplaced(tables, texts), *_unaccounted(tables, texts), *_unlike_contract(tables)]


def broken_rules(tables: Tables) -> list[str]:
    """The hard expectations that fail on other tables than the facts: these would stop a build."""
    results = validate(tables).quality_result
    hard = results.filter((pl.col("severity") == "hard") & ~pl.col("passed"))
    return hard.filter(pl.col("table_name") != "fact_indicator_value")["meaning"].to_list()


def _misplaced(tables: Tables, texts: Mapping[str, str]) -> Iterator[str]:
    """Spans that do not hold what they should, and values that are no number."""
    for name, quoted in (("number_mention", "mention"), ("fact_indicator_value", "quote")):
        columns = ["document_id", "char_start", "char_end", quoted]
        for document, start, end, quote in tables[name].select(columns).iter_rows():
            if not quote or texts[document][start:end] != quote:
                yield f"{name}: {quote!r} is not at {start}-{end}: {texts[document][start:end]!r}"
    facts = tables["fact_indicator_value"]
    for value, quote in facts.filter(~pl.col("value").is_finite()).select("value", "quote").iter_rows():
        yield f"the value {value} of {quote[:40]!r}"


def _unaccounted(tables: Tables, texts: Mapping[str, str]) -> Iterator[str]:
    """Digits in no mention or in two; one that a repair took away is accounted for by it."""
    mentions = tables["number_mention"].partition_by("document_id", as_dict=True)
    repairs = tables["repair"].partition_by("document_id", as_dict=True)
    for document, text in texts.items():
        times = bytearray(len(text))
        for start, end in _spans(mentions.get((document,))):
            times[start:end] = bytes(n + 1 for n in times[start:end])
        repaired = {place for span in _spans(repairs.get((document,))) for place in range(*span)}
        for digit in re.finditer(r"\d", text):
            place = digit.start()
            if times[place] != 1 and (times[place] or place not in repaired):
                around = text[max(0, place - 20) : place + 20]
                yield f"{digit.group()!r} at {place} is in {times[place]} mentions: {around!r}"


def _spans(rows: pl.DataFrame | None) -> list[tuple[int, int]]:
    return [] if rows is None else rows.select("char_start", "char_end").rows()


def _unlike_contract(tables: Tables) -> Iterator[str]:
    """Keys that are not unique, required columns that are empty, values that are not allowed."""
    for table in (table for table in TABLES if table.name in tables):
        frame = tables[table.name]
        if frame.select(table.key).is_duplicated().any():
            yield f"{table.name}: {', '.join(table.key)} is not unique"
        for column in table.columns:
            found = frame[column.name]
            if not column.nullable and found.null_count():
                yield f"{table.name}.{column.name} is empty"
            said = found.explode(empty_as_null=True) if found.dtype == pl.List else found
            if column.allowed and not set(said.drop_nulls()) <= set(column.allowed):
                yield f"{table.name}.{column.name}: {set(said.drop_nulls()) - set(column.allowed)}"
