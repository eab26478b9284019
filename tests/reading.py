"""Read a text through the real stages, for tests that say what must come out of which words."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines import engine

PLAN = "2020年全市卫生健康工作要点\n"


def read(*texts: str) -> dict[str, pl.DataFrame]:
    """The tables that the stages make of these texts, each a document of its own (0.txt, 1.txt, …)."""
    files = pl.DataFrame(
        {"source_file": [f"{n}.txt" for n in range(len(texts))], "content": [t.encode() for t in texts]},
        schema={"source_file": pl.String, "content": pl.Binary},
    ).with_columns(reason=pl.lit(None, pl.String), detail=pl.lit(None, pl.String))
    return engine.read_documents(files, engine.load_seeds())


def facts(text: str, title: str = PLAN) -> list[dict[str, Any]]:
    """The facts of one document with this body, in reading order."""
    table = read(title + text)["fact_indicator_value"]
    return table.sort("char_start", "indicator_text").rows(named=True)


def fact(text: str, title: str = PLAN) -> dict[str, Any]:
    """The only fact of one document with this body."""
    (only,) = facts(text, title)
    return only


def dispositions(text: str) -> list[tuple[str, str]]:
    """Each number of the text and its disposition, in reading order."""
    table = read(text)["number_mention"]
    return table.sort("char_start").select("mention", "disposition").rows()
