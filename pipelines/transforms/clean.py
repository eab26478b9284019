"""Raw text to clean text: one script, one width, lost glyphs repaired, each character's place kept.

The work is done line by line, since no edit crosses a line. Signs that are replaced one for one (width,
script) leave offsets as they are; an edit that adds or removes signs is written by the rules of the
``repairs_…`` lexicons as ``⟪before→after⟫`` and cuts its line into pieces that map back to the raw text.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import NamedTuple

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons
from pipelines.transforms.distinct import with_changed
from pipelines.transforms.headings import with_headings
from pipelines.transforms.keys import content_id
from pipelines.transforms.running import count_before, sum_before

# Private-use signs that stand for ⟪ → ⟫ and the rule's name inside the text while it is edited.
OPEN, NAMED, ARROW, CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
EDIT = f"{OPEN}[^{CLOSE}]*{CLOSE}"
BESIDE_AFTER = f"{OPEN}[^{ARROW}]*{ARROW}|{CLOSE}"
EDIT_PARTS = f"{OPEN}([^{NAMED}]*){NAMED}([^{ARROW}]*){ARROW}([^{CLOSE}]*){CLOSE}"
PINYIN_RULE = "inline_pinyin"

SYMPTOMS_NEEDED = 2
# What is done for each number of a line costs time by the line's length; longer ones are cut: at separators
# (a comma after a digit may be part of a number), else after any sign but those of numbers.
LONGEST_LINE = 4000
_PARTS = "。;,、\\s\uff0c\uff1b"
SEPARATED = (
    rf"[\s\S]{{1,2000}}(?:[。;、\s\uff1b]|[^\d][,\uff0c])|[\d.,\uff0c]+|[^{_PARTS}]+[{_PARTS}]?|[{_PARTS}]"
)
TRADITIONAL_SHARE = 0.05
FIRST = 500  # signs
HAN = "[㐀-鿿]"
LINE_SPACE = 1 << 32  # more than the signs of any line: line_id * LINE_SPACE + offset orders all of them

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys("\r\x00\x1f\xa0\u3000\u2002\u2003\u2009\u200b\ufeff\ue000\ue001\ue002\ue003", " ")
_DASHES = dict.fromkeys("—–−‒―─~∼〜\uff5e", "-")
_SIGNS = {
    "﹪": "%",
    "╱": "/",
    "•": "·",
    "﹣": "-",
    "«": "《",
    "»": "》",
    "[": "〔",
    "]": "〕",
    "\uff3b": "〔",
    "\uff3d": "〕",
}
LINE_END = "[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]"
_DIGITS = {
    chr(code): str(unicodedata.digit(chr(code)))
    for code in range(0x100, sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Nd"
}
ONE_FOR_ONE = {**_DIGITS, **_FULL_WIDTH, **_SPACES, **_DASHES, **_SIGNS}


class Cleaned(NamedTuple):
    """``text``: document_id, source_file, line_no, line_id, raw_start, raw_line, script, line (clean).

    One row a line; line_id counts the lines of all documents. And level and heading, as
    :mod:`pipelines.transforms.headings` adds them.
    ``pieces``: line_id, start, raw_start, raw_end, exact: where the runs of an edited clean line begin and
    the raw span (in the line) each stands for, in order; unedited lines need none.
    ``repair``: the columns of the table ``repair``.
    """

    text: pl.DataFrame
    pieces: pl.DataFrame
    repair: pl.DataFrame


def clean(documents: pl.DataFrame, lexicons: Lexicons) -> Cleaned:
    """Clean decoded ``documents`` (see :class:`pipelines.transforms.decode.Decoded`), offsets kept."""
    printed = documents.select("document_id", "source_file", raw_text=_line_feeds(pl.col("raw_text")))
    lines = _lines(printed).join(
        _symptoms(printed, lexicons["symptoms"]), on="document_id", how="left", maintain_order="left"
    )
    plain = _one_for_one(lines)
    marked = _marked(plain, lexicons)
    edited = marked.select("line_id", edited=pl.col("line").str.replace_all(BESIDE_AFTER, ""))
    text = (
        plain.join(edited, on="line_id", how="left", maintain_order="left")
        .with_columns(line=pl.coalesce("edited", "line"))
        .select("document_id", "source_file", "line_no", "line_id", "raw_start", "raw_line", "script", "line")
        .pipe(with_headings, lexicons)
    )
    runs = _runs(marked)
    return Cleaned(text, _pieces(runs), _repairs(runs, lines, lexicons))


def _line_feeds(text: pl.Expr) -> pl.Expr:
    """Every line end as a line feed; old Mac files end their lines in CR alone."""
    returns = text.str.replace_all("\r", "\n", literal=True)
    fed = pl.when(text.str.contains("\n", literal=True)).then(text).otherwise(returns)
    return fed.str.replace_all(LINE_END, "\n")


def _lines(documents: pl.DataFrame) -> pl.DataFrame:
    """One row per line, or piece of a very long one: its offset in the document and its raw text."""
    too_long = pl.col("raw_line").str.len_chars() > LONGEST_LINE
    line_ends = pl.col("printed") != pl.col("printed").shift(-1)  # a piece of a line does not
    taken = pl.col("raw_line").str.len_chars().cast(pl.Int64) + line_ends.fill_null(value=True)
    return (
        documents.select("document_id", "source_file", raw_line=pl.col("raw_text").str.split("\n"))
        .explode("raw_line", empty_as_null=True)
        .with_row_index("printed")
        .pipe(cut_where, "raw_line", too_long, SEPARATED)
        .pipe(cut_where, "raw_line", too_long, chunks(2000))
        .with_row_index("line_id")
        .with_columns(taken=taken)
        .with_columns(
            line_no=count_before("document_id"),
            raw_start=sum_before(pl.col("taken"), "document_id"),
        )
        .drop("printed", "taken")
    )


def cut_where(frame: pl.DataFrame, column: str, too_long: pl.Expr, parts: str) -> pl.DataFrame:
    """Where ``column`` is ``too_long``, cut it into the matches of ``parts``, one a row."""
    if not frame.select(too_long.any()).item():  # as a rule nothing is
        return frame
    cut = pl.when(too_long).then(pl.col(column).str.extract_all(parts)).otherwise(pl.concat_list(column))
    return frame.with_columns(cut).explode(column)


def chunks(longest: int) -> str:
    """Pieces of about ``longest`` signs, however unbroken the text: none ends or begins within a number."""
    return rf"[\s\S]{{0,{longest}}}(?:[^\d.,]|$)|\d+[.,]*|[.,]+"


def _symptoms(documents: pl.DataFrame, symptoms: Lexicon) -> pl.DataFrame:
    """What is wrong with a document as a whole: one boolean per symptom, and its script."""
    counts = {
        rule.meaning: pl.col("raw_text").str.count_matches(f"(?m){rule.pattern}") >= SYMPTOMS_NEEDED
        for rule in symptoms.rules
    }
    traditional = pl.col("document_id").is_in(_in_traditional_script(documents).implode())
    script = (
        pl.when("inline_pinyin")
        .then(pl.lit("traditional_with_pinyin"))
        .when("traditional")
        .then(pl.lit("traditional"))
        .otherwise(pl.lit("simplified"))
    )
    return documents.select("document_id", traditional=traditional, **counts).with_columns(script=script)


def _in_traditional_script(documents: pl.DataFrame) -> pl.Series:
    """The documents that have more traditional characters than come by chance."""
    text = pl.col("raw_text")
    changed = text.str.count_matches(f"[{''.join(traditional_to_simplified())}]")
    some = documents.select("document_id", "raw_text", changed=changed)
    for part in (text.str.head(FIRST), text):  # of most documents the first letters settle it
        some = some.filter(pl.col("changed") > TRADITIONAL_SHARE * part.str.count_matches(HAN))
    return some["document_id"]


# After 分别 a comma parts numbers, however many digits follow it; the number of an item is not the whole part
# of the year after it (1.2024年); and 由A到B is no range from A to B.
SEPARATIONS = (
    ("(分别[^,;。0-9]{0,8}[0-9]{1,3}),([0-9]{3}),([0-9]{3})", "${1}、${2}、${3}"),
    ("(分别[^,;。0-9]{0,8}[0-9]{1,3}),([0-9]{3})", "${1}、${2}"),
    (r"^(\s*[0-9]{1,2})\.((?:19|20)[0-9]{2}年|100%)", "${1}、${2}"),
    ("([由从](?:[0-9]{4}年的?)?[0-9][0-9.]*[%‰]?)[到至]([0-9])", "${1}→${2}"),
)


def _one_for_one(lines: pl.DataFrame) -> pl.DataFrame:
    """Add clean ``line`` to ``lines`` by replacements that keep every offset."""
    line = pl.col("line")
    separable = pl.any_horizontal(line.str.contains(pattern) for pattern, _ in SEPARATIONS)
    separated = line
    for pattern, replacement in SEPARATIONS:
        separated = separated.str.replace_all(pattern, replacement)
    simplified = line.str.replace_many(traditional_to_simplified())
    return (
        lines.with_columns(line=pl.col("raw_line").str.replace_many(ONE_FOR_ONE))
        .pipe(with_changed, separable, "line_id", line=separated)
        .pipe(with_changed, pl.col("traditional"), "line_id", line=simplified)
    )


@cache
def traditional_to_simplified() -> dict[str, str]:
    """Each traditional character and its simplified form, from OpenCC's t2s tables, one for one."""
    import opencc  # deferred: loads its dictionaries

    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, converted, strict=True) if old != new and len(new) == 1}


def _marked(lines: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The lines that need an edit, each edit written as OPEN rule NAMED before ARROW after CLOSE."""
    edits = {
        name.removeprefix("repairs_"): lexicon.rules
        for name, lexicon in lexicons.by_name.items()
        if name.startswith("repairs_")
    }
    lines = lines.with_columns(always=pl.lit(True))
    needed = [
        pl.when(symptom).then("line").otherwise(pl.lit("")).str.contains(rule.pattern)
        for symptom, rules in edits.items()
        for rule in rules
    ]
    marked = lines.filter(pl.any_horizontal(needed))
    for symptom, rules in edits.items():
        line = pl.col("line")
        for rule in rules:
            line = line.str.replace_all(rule.pattern, _template(rule.rule_id, rule.meaning))
        marked = marked.with_columns(line=pl.when(symptom).then(line).otherwise("line"))
    return marked


def _template(rule_id: str, replacement: str) -> str:
    braced = replacement.replace("$1", "${1}").replace("$2", "${2}").replace("$3", "${3}")
    return braced.replace("⟪", OPEN + rule_id + NAMED).replace("→", ARROW).replace("⟫", CLOSE)


def _runs(marked: pl.DataFrame) -> pl.DataFrame:
    """Edited lines taken apart, one row for each run of kept text with the edit after it ('' after the last).

    line_id, edit; kept_length, before_length, after_length; start, raw_start (where the edit stands in the
    clean line and in the raw one).
    """
    kept, edit = pl.col("line").str.split(EDIT, literal=False), pl.col("line").str.extract_all(EDIT)
    before_and_after = pl.col("edit").str.splitn(ARROW, 2).struct
    before = before_and_after[0].str.splitn(NAMED, 2).struct[1]
    after = before_and_after[1].str.strip_suffix(CLOSE)
    return (
        marked.select("line_id", kept=kept, edit=pl.concat_list(edit, pl.lit([""])))
        .explode("kept", "edit")
        .select(
            "line_id",
            "edit",
            kept_length=_length(pl.col("kept")),
            before_length=_length(before),
            after_length=_length(after),
        )
        .with_columns(
            start=_edit_offset("after_length"),
            raw_start=_edit_offset("before_length"),
        )
    )


def _length(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().cast(pl.Int64).fill_null(0)


def _edit_offset(edit_length: str) -> pl.Expr:
    """Where each edit begins in its line: the lengths of the runs and edits before it, summed up."""
    kept = pl.col("kept_length")
    return sum_before(kept + pl.col(edit_length), "line_id") + kept


def _pieces(runs: pl.DataFrame) -> pl.DataFrame:
    start, raw_start = pl.col("start"), pl.col("raw_start")
    kept = runs.filter(pl.col("kept_length") > 0).select(
        "line_id",
        start=start - pl.col("kept_length"),
        raw_start=raw_start - pl.col("kept_length"),
        raw_end=raw_start,
        exact=True,
    )
    edits = runs.filter(pl.col("after_length") > 0).select(
        "line_id", "start", "raw_start", raw_end=raw_start + pl.col("before_length"), exact=False
    )
    return pl.concat([kept, edits]).sort("line_id", "start")


def _repairs(runs: pl.DataFrame, lines: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Every edit but the removal of pinyin, which is no loss; ``before`` is the raw text there."""
    reasons = {rule.rule_id: rule.note for rule in lexicons.rules}
    start = pl.col("raw_start_right") + pl.col("raw_start")
    parts = pl.col("edit").str.extract_groups(EDIT_PARTS).struct
    return (
        runs.filter((pl.col("edit") != "") & ~pl.col("edit").str.starts_with(OPEN + PINYIN_RULE + NAMED))
        .join(lines.select("document_id", "source_file", "line_id", "raw_start"), on="line_id")
        .with_columns(
            rule_id=parts[0],
            before=parts[1],
            after=parts[2],
            char_start=start,
            char_end=start + pl.col("before_length"),
        )
        .with_columns(reason=pl.col("rule_id").replace_strict(reasons, return_dtype=pl.String()))
        .pipe(content_id, "repair_id", "document_id", "char_start", "char_end", "after")
    )


def to_raw(frame: pl.DataFrame, pieces: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    """Turn offsets of clean lines into offsets of the raw document.

    ``frame`` has line_id, line_raw_start (the line's offset) and the columns named ``start`` and ``end``,
    offsets in the clean line, in order of both; they come back as ``char_start``, ``char_end``.
    """
    frame = _raw_offset(frame, pieces, pl.col(start), "char_start", at_end=False)
    return _raw_offset(frame, pieces, pl.col(end) - 1, "char_end", at_end=True)


def _raw_offset(
    frame: pl.DataFrame, pieces: pl.DataFrame, offset: pl.Expr, name: str, *, at_end: bool
) -> pl.DataFrame:
    """The raw offset of a sign, or (``at_end``) the raw offset after it."""
    at, found = offset.cast(pl.Int64), pl.col("_piece").struct
    keyed = frame.with_columns(_at=pl.col("line_id").cast(pl.Int64) * LINE_SPACE + at)
    placed = keyed.join_asof(
        pieces.select(
            _piece=pl.struct("line_id", "start", "raw_start", "raw_end", "exact"),
            _at=pl.col("line_id").cast(pl.Int64) * LINE_SPACE + pl.col("start"),
        ),
        on="_at",
    )
    exact = found["raw_start"] + at - found["start"] + int(at_end)
    inexact = found["raw_end"] if at_end else found["raw_start"]
    in_line = (
        pl.when(found["line_id"].ne_missing(pl.col("line_id")))
        .then(at + int(at_end))  # of an unedited line
        .when(found["exact"])
        .then(exact)
        .otherwise(inexact)
    )
    return placed.with_columns((pl.col("line_raw_start") + in_line).alias(name)).drop("_at", "_piece")
