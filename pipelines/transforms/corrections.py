"""Facts as stewards corrected them: each correction is applied, or it is said why not.

A correction is applied only where the document is the one it was made on, its quote stands where it stood,
and what was read there is what was corrected; otherwise it is stale, or superseded by better rules.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.find_corrected import REAL, asked_field, find_values, overlapping, plain, readings
from pipelines.transforms.keys import content_id
from pipelines.transforms.resolve import flagged, with_raw_words
from pipelines.transforms.settle import settle
from warehouse.contract import conform, empty
from warehouse.correction_tables import CORRECTION, FIELDS
from warehouse.value_tables import FACT_INDICATOR_VALUE

FLAG = "corrected"
RULE = "correction"
REJECTED = "rejected by correction"
SHOWN = 40  # signs of a text in a message
APPLIED, STALE, SUPERSEDED = (pl.lit(status) for status in ("applied", "stale", "superseded"))
VERDICT = ["correction_id", "status", "detail", "corrected_value_id"]
OF_MENTION = [
    *("document_id", "mention_id", "section_id", "raw_sentence", "raw_sentence_start", "sentence"),
    *("before", "after", "lead", "heading"),
]
TWIN = ["mention_id", "indicator_text", "value_type", "value"]
Settle = Callable[[pl.DataFrame], pl.DataFrame]


class Corrected(NamedTuple):
    """``fact_indicator_value`` (before validation), ``number_mention`` and ``correction``, as the tables."""

    fact_indicator_value: pl.DataFrame
    number_mention: pl.DataFrame
    correction: pl.DataFrame


class Part(NamedTuple):
    """Values that corrections made, the ids of facts they stand for or take out, and what became of each."""

    values: pl.DataFrame
    replaced: pl.Series
    verdicts: pl.DataFrame


def correct(
    corrections: pl.DataFrame,
    facts: pl.DataFrame,
    documents: pl.DataFrame,
    dim_document: pl.DataFrame,
    mentions: pl.DataFrame,
    number_mention: pl.DataFrame,
    lexicons: Lexicons,
    reference: Reference,
) -> Corrected:
    """Apply ``corrections`` (see :func:`pipelines.corrections.load_corrections`) to ``facts``.

    ``facts`` are those of :class:`pipelines.transforms.resolve.Resolved`, ``documents`` and ``mentions``
    those of :class:`.decode.Decoded` and :class:`.disposition.Disposed`.
    """
    if corrections.is_empty():
        return Corrected(facts.select(FACT_INDICATOR_VALUE.names()), number_mention, empty(CORRECTION))
    again = partial(settle, lexicons=lexicons, reference=reference)
    checked = _with_trouble(corrections, documents, documents["source_file"])
    sound = checked.filter(pl.col("trouble").is_null())
    adding = pl.col("action") == "add"
    parts = [
        _edited(sound.filter(~adding), facts, again),
        _added(sound.filter(adding), facts, mentions, dim_document, again),
    ]
    values = _corrected_facts(facts, parts)
    verdicts = pl.concat([_stale(checked, pl.col("trouble")), *(part.verdicts for part in parts)])
    return Corrected(
        values,
        _accounted(number_mention, facts, values),
        conform(corrections.join(verdicts, on="correction_id"), CORRECTION),
    )


def astray(corrections: pl.DataFrame, source_files: pl.Series) -> pl.DataFrame:
    """The table ``correction`` of ``corrections`` whose documents are not among those of ``source_files``."""
    nothing = pl.DataFrame(schema={"document_id": pl.String, "raw_text": pl.String})
    told = _with_trouble(corrections, nothing, source_files)
    verdicts = _stale(told, pl.col("trouble"))
    return conform(corrections.join(verdicts, on="correction_id"), CORRECTION)


def _with_trouble(corrections: pl.DataFrame, documents: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Add ``trouble``: why the document is not the one that was corrected; null if it is."""
    found = corrections.join(
        documents.select("document_id", "raw_text"), on="document_id", how="left", maintain_order="left"
    )
    text, start, file = pl.col("raw_text"), pl.col("char_start"), pl.col("source_file")
    there = text.str.slice(start, pl.col("char_end") - start)
    place = pl.format("{}–{} of {}", start, "char_end", file)
    changed = pl.format("the source changed: {} is another text now; look at its values again", file)
    gone = pl.format("{} is not among the sources", file)
    differs = pl.format(
        "at {} stands “{}”, not “{}”", place, there.str.head(SHOWN), pl.col("quote").str.head(SHOWN)
    )
    trouble = (
        pl.when(text.is_null() & file.is_in(names.implode()))
        .then(changed)
        .when(text.is_null())
        .then(gone)
        .when(there != pl.col("quote"))
        .then(differs)
    )
    return found.with_columns(trouble=trouble).drop("raw_text")


def _stale(corrections: pl.DataFrame, why: pl.Expr, status: pl.Expr = STALE) -> pl.DataFrame:
    """The verdict on those of ``corrections`` for which ``why`` is not null."""
    told = corrections.select("correction_id", status=status, detail=why)
    return told.with_columns(corrected_value_id=pl.lit(None, pl.String)).drop_nulls("detail")


def _edited(corrections: pl.DataFrame, facts: pl.DataFrame, again: Settle) -> Part:
    """The values that are set or rejected, one correction of each value after the other."""
    found = find_values(corrections, facts)
    read = facts.filter(pl.col("indicator_value_id").is_in(found["found"].drop_nulls().implode()))
    values = read.with_columns(fixed=pl.lit([], pl.List(pl.String)), rejected=pl.lit(value=False))
    verdicts = [_lost(found.filter(pl.col("found").is_null()))]
    turns = found.drop_nulls("found").with_columns(turn=pl.int_range(pl.len()).over("found"))
    for turn in turns.sort("turn", maintain_order=True).partition_by("turn", maintain_order=True):
        judged = _judged(turn, values, read)
        values = again(_set(values, judged.filter(pl.col("status") == APPLIED)))
        verdicts.append(judged.select(VERDICT))
    touched = (pl.col("fixed").list.len() > 0) | pl.col("rejected")
    replaced = values.filter(touched)
    return Part(replaced.filter(~pl.col("rejected")), replaced["indicator_value_id"], pl.concat(verdicts))


def _lost(corrections: pl.DataFrame) -> pl.DataFrame:
    """The verdict on corrections whose value is not read any more."""
    here, rejects = pl.col("here"), pl.col("action") == "reject"
    not_needed = rejects & here.is_null()
    other = pl.format("“{}” is read there now, not “{}”; look at it again", here, "indicator_text")
    why = pl.when(here.is_not_null()).then(other).otherwise(pl.lit("no value is read there any more"))
    return _stale(corrections, why, pl.when(not_needed).then(SUPERSEDED).otherwise(STALE))


def _judged(turn: pl.DataFrame, values: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """The corrections with their verdict.

    The old value has to be what the rules read, or what corrections before made of it.
    """
    key = ["found", "asked"]
    beside = (
        turn.with_columns(asked=asked_field())
        .join(readings(values, "now"), on=key, how="left", maintain_order="left")
        .join(readings(read, "first"), on=key, how="left", maintain_order="left")
        .with_columns(*(plain(pl.col(name)).alias(name) for name in ("now", "first")))
    )
    old, first = plain(pl.col("old_value")), pl.col("first")
    as_it_was = old.eq_missing(first) | old.eq_missing(pl.col("now"))
    mended = (pl.col("action") == "set") & plain(pl.col("new_value")).eq_missing(first)
    status = pl.when(as_it_was).then(APPLIED).when(mended).then(SUPERSEDED).otherwise(STALE)
    judged = beside.with_columns(status=status)
    return judged.with_columns(
        detail=_detail(), corrected_value_id=pl.when(pl.col("status") == APPLIED).then("found")
    )


def _detail() -> pl.Expr:
    """What was done with a correction whose value was found, in words."""
    said = {name: _said(pl.col(name)) for name in ("old_value", "new_value", "first")}
    elsewhere = pl.when(pl.col("found") != pl.col("indicator_value_id")).then(
        pl.format("; the value is now {}", "found")
    )
    done = (
        pl.when(pl.col("action") == "reject")
        .then(pl.lit("taken out of the facts"))
        .otherwise(pl.format("{}: {} → {}", "asked", said["old_value"], said["new_value"]))
    )
    mended = pl.format("the rules read {} as {} themselves now", "asked", said["first"])
    other = pl.format(
        "{} is read as {} now, not {}; look at it again", "asked", said["first"], said["old_value"]
    )
    status = pl.col("status")
    words = pl.when(status == APPLIED).then(done + elsewhere.fill_null(""))
    return words.when(status == SUPERSEDED).then(mended).otherwise(other)


def _said(text: pl.Expr) -> pl.Expr:
    whole = pl.when(asked_field().is_in(REAL)).then(text.str.strip_suffix(".0")).otherwise(text)
    return whole.str.head(SHOWN).fill_null("nothing")


def _set(values: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """``values`` with what ``corrections``, at most one a value, say of them."""
    said = corrections.select(indicator_value_id="found", _action="action", _field="field", _new="new_value")
    columns = {name: FACT_INDICATOR_VALUE.column(name).type.polars for name in FIELDS}
    here = {name: (pl.col("_field") == name).fill_null(value=False) for name in FIELDS}
    new = {name: pl.col("_new").cast(kind, strict=False) for name, kind in columns.items()}
    field = pl.concat_list(pl.col("_field")).list.drop_nulls()
    return (
        values.join(said, on="indicator_value_id", how="left", maintain_order="left")
        .with_columns(
            *(pl.when(here[name]).then(new[name]).otherwise(name).alias(name) for name in FIELDS),
            fixed=pl.concat_list("fixed", field),
            rejected=pl.col("rejected") | (pl.col("_action") == "reject").fill_null(value=False),
        )
        .drop("_action", "_field", "_new")
    )


def _added(
    corrections: pl.DataFrame,
    facts: pl.DataFrame,
    mentions: pl.DataFrame,
    dim_document: pl.DataFrame,
    again: Settle,
) -> Part:
    """The values that were missed, each on the one number its span touches."""
    numbers = mentions.select(*OF_MENTION, start="char_start", end="char_end", file="source_file")
    touched = corrections.join(numbers, on="document_id", maintain_order="left").filter(overlapping())
    several = pl.len().over("correction_id") > 1
    one = touched.filter(~several)
    known = one.join(facts, on=TWIN, how="semi")
    new = one.join(known, on="correction_id", how="anti")
    values = again(_new_values(new, dim_document)).pipe(
        content_id, "indicator_value_id", "document_id", "char_start", "char_end", "correction_id"
    )
    nowhere = corrections.join(touched, on="correction_id", how="anti")
    verdicts = [
        _stale(nowhere, pl.lit("no number stands there; give the offsets of one")),
        _stale(
            touched.filter(several).unique("correction_id"),
            pl.lit("several numbers stand there; give the offsets of one"),
        ),
        _stale(known, pl.lit("the rules read this value themselves now"), SUPERSEDED),
        values.select(
            "correction_id", status=APPLIED, detail=pl.lit("added"), corrected_value_id="indicator_value_id"
        ),
    ]
    return Part(values, pl.Series([], dtype=pl.String), pl.concat(verdicts))


def _new_values(corrections: pl.DataFrame, dim_document: pl.DataFrame) -> pl.DataFrame:
    """Additions as values not yet settled; without a place of their own they are for the document's."""
    own = dim_document.select("document_id", own_code="jurisdiction_code", own_name="jurisdiction_name")
    given = [pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in FIELDS]
    placed = pl.col("jurisdiction_code").is_not_null() | pl.col("jurisdiction_name").is_not_null()
    return (
        corrections.join(own, on="document_id", how="left", maintain_order="left")
        .with_columns(
            source_file="file",
            char_start="start",
            char_end="end",
            jurisdiction_code=pl.when(placed).then("jurisdiction_code").otherwise("own_code"),
            jurisdiction_name=pl.when(placed).then("jurisdiction_name").otherwise("own_name"),
            fixed=pl.concat_list(given).list.drop_nulls(),
            flags=pl.lit([], pl.List(pl.String)),
            inferred=pl.lit(value=False),
            rule_id=pl.lit(RULE),
        )
        .pipe(with_raw_words)
    )


def _corrected_facts(facts: pl.DataFrame, parts: list[Part]) -> pl.DataFrame:
    replaced = pl.concat([part.replaced for part in parts])
    kept = facts.filter(~pl.col("indicator_value_id").is_in(replaced.implode()))
    marked = [part.values.with_columns(flags=flagged(FLAG, pl.lit(value=True))) for part in parts]
    return pl.concat([conform(frame, FACT_INDICATOR_VALUE) for frame in (kept, *marked)])


def _accounted(number_mention: pl.DataFrame, facts: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """``number_mention`` in which a number is a fact if and only if it still has, or now has, a value."""
    mention, before = pl.col("mention_id"), pl.col("disposition")
    has_value = mention.is_in(values["mention_id"].implode())
    had_value = mention.is_in(facts["mention_id"].implode())
    lost, won = had_value & ~has_value, has_value & (before != "fact")
    return number_mention.with_columns(
        disposition=pl.when(lost)
        .then(pl.lit("other"))
        .when(won)
        .then(pl.lit("fact"))
        .otherwise("disposition"),
        detail=pl.when(lost).then(pl.lit(REJECTED)).when(~won).then("detail"),
        rule_id=pl.when(lost | won).then(pl.lit(RULE)).otherwise("rule_id"),
    )
