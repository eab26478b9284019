"""The stages of the reading in their order, each named for what it yields.

A stage is a function from earlier stages (parameters are named after them) and the seeds to a named tuple of
frames. This is the one place where they are wired: :func:`read_documents` runs them in plain
Python on some documents, and :mod:`pipelines.assets` shows each as an asset.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from time import monotonic
from typing import Any, NamedTuple

import polars as pl

from pipelines.corrections import no_corrections
from pipelines.lexicons import Lexicons, load_lexicons
from pipelines.log import log
from pipelines.reference import Reference, load_reference
from pipelines.transforms.clean import Cleaned, clean
from pipelines.transforms.corrections import Corrected, correct
from pipelines.transforms.decode import Decoded, decode
from pipelines.transforms.describe import Described, describe
from pipelines.transforms.disposition import Disposed, dispose
from pipelines.transforms.mentions import Mentioned, find_mentions
from pipelines.transforms.resolve import Resolved, resolve
from pipelines.transforms.responsible import Responsible, responsible
from pipelines.transforms.segment import Segmented, segment
from pipelines.transforms.signature import Signed, sign
from pipelines.transforms.values import Read, read_values
from pipelines.workers import carry_on
from warehouse.contract import conform
from warehouse.document_tables import DOCUMENT_TEXT, REJECTED_DOCUMENT
from warehouse.reference_tables import DIM_INDICATOR, DIM_JURISDICTION, DIM_UNIT, NATIONAL_TARGET
from warehouse.tables import TABLES


class Seeds(NamedTuple):
    """What people edit: the vocabulary and the reference data."""

    lexicons: Lexicons
    reference: Reference


class Sources(NamedTuple):
    """``files``: source_file, content, reason, detail.

    ``corrections``: what stewards corrected, as :func:`pipelines.corrections.load_corrections` gives it.
    """

    files: pl.DataFrame
    corrections: pl.DataFrame = no_corrections()


Frames = tuple[pl.DataFrame, ...]
Stage = Callable[..., Frames]


@cache
def load_seeds() -> Seeds:
    """The seeds of this repository, loaded once a process."""
    return Seeds(load_lexicons(), load_reference())


def raw(sources: Sources) -> Decoded:
    """The text of each source file, its encoding and hash; what cannot be read, with the reason."""
    return decode(sources.files)


def text(raw: Decoded, seeds: Seeds) -> Cleaned:
    """Clean simplified text, each character's place in the raw text kept; every repair recorded."""
    return clean(raw.documents, seeds.lexicons)


def headers(raw: Decoded, text: Cleaned, seeds: Seeds) -> Described:
    """Title, kind, issuer, number, dates, place and years of each document, and how each was found."""
    return describe(raw.documents, text.text, *seeds)


def segments(text: Cleaned, headers: Described, seeds: Seeds) -> Segmented:
    """The heading tree of each document, what each section does, and its sentences."""
    return segment(text.text, headers.dim_document, *seeds)


def mentions(segments: Segmented, text: Cleaned, seeds: Seeds) -> Mentioned:
    """Every number of every document, with its span, unit, multiplier and range."""
    return find_mentions(segments.sentences, text.pieces, seeds.reference)


def dispositions(mentions: Mentioned, text: Cleaned, seeds: Seeds) -> Disposed:
    """Whether each number is a fact, and if not, the reason."""
    return dispose(mentions.mentions, text.text, seeds.lexicons)


def values(dispositions: Disposed, segments: Segmented, headers: Described, seeds: Seeds) -> Read:
    """Each fact's indicator, value type, comparator, change, value, unit and period, as written."""
    return read_values(dispositions.mentions, segments.dim_section, headers.dim_document, *seeds)


def resolved(values: Read, text: Cleaned, headers: Described, seeds: Seeds) -> Resolved:
    """The facts with canonical indicator, unit and place as far as they are known; not yet validated."""
    return resolve(values.values, text.repair, headers.dim_document, *seeds)


def corrected(
    sources: Sources,
    raw: Decoded,
    headers: Described,
    dispositions: Disposed,
    values: Read,
    resolved: Resolved,
    seeds: Seeds,
) -> Corrected:
    """The facts as stewards corrected them, and what became of each correction."""
    places = (raw.documents, headers.dim_document, dispositions.mentions, values.number_mention)
    return correct(sources.corrections, resolved.fact_indicator_value, *places, *seeds)


def responsibilities(corrected: Corrected, segments: Segmented, text: Cleaned, seeds: Seeds) -> Responsible:
    """The units that answer for each fact, where its document names them."""
    return responsible(corrected.fact_indicator_value, segments, text, seeds.lexicons)


def signatures(text: Cleaned, resolved: Resolved) -> Signed:
    """What documents and values are known again by when they come in twice."""
    return sign(text.text, resolved.fact_indicator_value)


STAGES: tuple[Stage, ...] = (
    raw,
    text,
    headers,
    segments,
    mentions,
    dispositions,
    values,
    resolved,
    corrected,
    responsibilities,
    signatures,
)


def needs(stage: Stage) -> dict[str, type[Frames]]:
    """The stages ``stage`` is made from, each with the named tuple it yields; without the seeds."""
    hints = inspect.get_annotations(stage, eval_str=True)
    return {name: kind for name, kind in hints.items() if name not in ("seeds", "return")}


def yields(stage: Stage) -> type[Frames]:
    """The named tuple ``stage`` yields."""
    kind: type[Frames] = inspect.get_annotations(stage, eval_str=True)["return"]
    return kind


def run(stage: Stage, done: Mapping[str, Any], seeds: Seeds) -> Frames:
    """Run one stage on the results of earlier ones, by name."""
    inputs = {name: done[name] for name in needs(stage)}
    return stage(**inputs, seeds=seeds) if "seeds" in inspect.signature(stage).parameters else stage(**inputs)


def read_documents(
    files: pl.DataFrame, seeds: Seeds, corrections: pl.DataFrame | None = None
) -> dict[str, pl.DataFrame]:
    """Read ``files`` (source_file, content, reason, detail) with ``corrections``.

    Gives the contract tables that are known before validation, by name.
    """
    return tables(run_stages(files, seeds, corrections).values(), seeds.reference)


def run_stages(
    files: pl.DataFrame, seeds: Seeds, corrections: pl.DataFrame | None = None
) -> dict[str, Frames]:
    """Run all stages in order on ``files`` and ``corrections``; what each yields, by name."""
    done: dict[str, Frames] = {
        "sources": Sources(files, no_corrections() if corrections is None else corrections)
    }
    for stage in STAGES:
        carry_on()
        started = monotonic()
        done[stage.__name__] = run(stage, done, seeds)
        log.debug("stage done", stage=stage.__name__, seconds=round(monotonic() - started, 3))
    return done


def tables(stages: Iterable[Frames], reference: Reference) -> dict[str, pl.DataFrame]:
    """The contract tables among the frames of ``stages`` and the reference data, conformed, by name.

    A frame is a table if it has a table's name; of two the later stands, so that corrected facts replace the
    ones before.
    """
    frames: dict[str, pl.DataFrame] = {}
    for stage in stages:
        frames |= by_name(stage)
    frames[REJECTED_DOCUMENT.name] = frames["rejected"]
    frames[DOCUMENT_TEXT.name] = frames["documents"]
    read = {table.name: conform(frames[table.name], table) for table in TABLES if table.name in frames}
    return reference_tables(reference) | read


def by_name(stage: Frames) -> dict[str, pl.DataFrame]:
    """The frames that a stage yielded, by name."""
    frames: dict[str, pl.DataFrame] = stage._asdict()  # type: ignore[attr-defined]  # a NamedTuple of frames
    return frames


def reference_tables(reference: Reference) -> dict[str, pl.DataFrame]:
    """The reference data as tables of the contract, by name."""
    frames = {
        DIM_INDICATOR: reference.indicators,
        DIM_UNIT: reference.units,
        DIM_JURISDICTION: reference.jurisdictions,
        NATIONAL_TARGET: reference.national_targets,
    }
    return {table.name: conform(frame, table) for table, frame in frames.items()}
