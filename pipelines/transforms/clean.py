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
from pipelines.transforms.keys import content_id

# Private-use signs that stand for ⟪ → ⟫ and the rule's name inside the text while it is edited.
OPEN, NAMED, ARROW, CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
EDIT = f"{OPEN}[^{CLOSE}]*{CLOSE}"
EDIT_PARTS = f"{OPEN}([^{NAMED}]*){NAMED}([^{ARROW}]*){ARROW}([^{CLOSE}]*){CLOSE}"
PINYIN_RULE = "inline_pinyin"

SYMPTOMS_NEEDED = 2
# What is done for each number of a line costs time by the line's length; longer ones are cut at separators.
LONGEST_LINE = 4000
_PARTS = "。;,、\\s\uff0c\uff1b"
CHUNK = rf"[\s\S]{{1,2000}}[{_PARTS}]|[^{_PARTS}]+[{_PARTS}]?"
TRADITIONAL_SHARE = 0.05

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
_LINE_ENDS = dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n")
_DIGITS = {
    chr(code): str(unicodedata.digit(chr(code)))
    for code in range(0x100, sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Nd"
}
ONE_FOR_ONE = {**_DIGITS, **_FULL_WIDTH, **_SPACES, **_DASHES, **_SIGNS}


class Cleaned(NamedTuple):
    """``text``: document_id, source_file, line_no, raw_start, raw_line, script, line (clean), one row a line.

    ``pieces``: document_id, line_no, start, raw_start, raw_end, exact: where the runs of an edited clean
    line begin and the raw span (in the line) each stands for; unedited lines need none.
    ``repair``: the columns of the table ``repair``.
    """

    text: pl.DataFrame
    pieces: pl.DataFrame
    repair: pl.DataFrame


def clean(documents: pl.DataFrame, lexicons: Lexicons) -> Cleaned:
    """Clean decoded ``documents`` (see :class:`pipelines.transforms.decode.Decoded`), offsets kept."""
    lines = _lines(documents)
    lines = lines.join(_symptoms(lines, lexicons["symptoms"]), on="document_id", how="left")
    marked = _marked(_one_for_one(lines), lexicons)
    runs = _runs(marked.filter(pl.col("line").str.contains(OPEN, literal=True)))
    text = marked.with_columns(line=pl.col("line").str.replace_all(EDIT_PARTS, "$3"))
    return Cleaned(
        text.select("document_id", "source_file", "line_no", "raw_start", "raw_line", "script", "line"),
        _pieces(runs),
        _repairs(runs, lines, lexicons),
    )


def _lines(documents: pl.DataFrame) -> pl.DataFrame:
    """One row per line, or piece of a very long one: its offset in the document and its raw text."""
    # Old Mac files end their lines in CR alone.
    no_feed = ~pl.col("raw_text").str.contains("\n", literal=True)
    ends = (
        pl.when(no_feed)
        .then(pl.col("raw_text").str.replace_all("\r", "\n", literal=True))
        .otherwise("raw_text")
    )
    split = ends.str.replace_many(_LINE_ENDS).str.split("\n")
    length = pl.col("raw_line").str.len_chars().cast(pl.Int64)
    too_long = pl.col("raw_line").str.len_chars() > LONGEST_LINE
    cut = pl.when(too_long).then(pl.col("raw_line").str.extract_all(CHUNK))
    return (
        documents.select("document_id", "source_file", raw_line=split)
        .explode("raw_line", empty_as_null=True)
        .with_columns(printed=pl.int_range(pl.len()).over("document_id"))
        .with_columns(raw_line=cut.otherwise(pl.concat_list("raw_line")))
        .explode("raw_line", empty_as_null=True)
        .with_columns(
            line_no=pl.int_range(pl.len()).over("document_id"),
            feed=(pl.col("printed") != pl.col("printed").shift(-1)).fill_null(value=True).over("document_id"),
        )
        .with_columns(
            raw_start=(length + pl.col("feed")).cum_sum().over("document_id") - length - pl.col("feed")
        )
        .drop("printed", "feed")
    )


def _symptoms(lines: pl.DataFrame, symptoms: Lexicon) -> pl.DataFrame:
    """What is wrong with a document as a whole: one boolean per symptom, and its script."""
    simplified = traditional_to_simplified()
    changed = pl.col("raw_line").str.count_matches(f"[{''.join(simplified)}]").sum()
    letters = pl.col("raw_line").str.count_matches("[㐀-鿿]").sum()
    counts = {
        rule.meaning: pl.col("raw_line").str.count_matches(rule.pattern).sum() >= SYMPTOMS_NEEDED
        for rule in symptoms.rules
    }
    return (
        lines.group_by("document_id", maintain_order=True)
        .agg(traditional=changed > TRADITIONAL_SHARE * letters, **counts)
        .with_columns(
            script=pl.when("inline_pinyin")
            .then(pl.lit("traditional_with_pinyin"))
            .when("traditional")
            .then(pl.lit("traditional"))
            .otherwise(pl.lit("simplified"))
        )
    )


# After 分别 a comma parts numbers, however many digits follow it; the number of an item is not the whole part
# of the year after it (1.2024年); and 由A到B is no range from A to B.
SEPARATIONS = (
    ("(分别[^,;。0-9]{0,8}[0-9]{1,3}),([0-9]{3}),([0-9]{3})", "${1}、${2}、${3}"),
    ("(分别[^,;。0-9]{0,8}[0-9]{1,3}),([0-9]{3})", "${1}、${2}"),
    (r"^(\s*[0-9]{1,2})\.((?:19|20)[0-9]{2}年|100%)", "${1}、${2}"),
    ("([由从](?:[0-9]{4}年的?)?[0-9][0-9.]*[%‰]?)[到至]([0-9])", "${1}→${2}"),
)


def _one_for_one(lines: pl.DataFrame) -> pl.DataFrame:
    """Clean ``line`` from ``raw_line`` by replacements that keep every offset."""
    line = pl.col("raw_line").str.replace_many(ONE_FOR_ONE)
    for pattern, replacement in SEPARATIONS:
        line = line.str.replace_all(pattern, replacement)
    simplified = line.str.replace_many(traditional_to_simplified())
    return lines.with_columns(line=pl.when("traditional").then(simplified).otherwise(line))


@cache
def traditional_to_simplified() -> dict[str, str]:
    """Each traditional character and its simplified form, from OpenCC's t2s tables, one for one."""
    import opencc  # deferred: loads its dictionaries

    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, converted, strict=True) if old != new and len(new) == 1}


def _marked(lines: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Write every edit into ``line`` as OPEN rule NAMED before ARROW after CLOSE."""
    for name, lexicon in lexicons.by_name.items():
        if not name.startswith("repairs_"):
            continue
        symptom = name.removeprefix("repairs_")
        applies = pl.lit(True) if symptom == "always" else pl.col(symptom)
        for rule in lexicon.rules:
            edited = pl.col("line").str.replace_all(rule.pattern, _template(rule.rule_id, rule.meaning))
            lines = lines.with_columns(line=pl.when(applies).then(edited).otherwise("line"))
    return lines


def _template(rule_id: str, replacement: str) -> str:
    braced = replacement.replace("$1", "${1}").replace("$2", "${2}").replace("$3", "${3}")
    return braced.replace("⟪", OPEN + rule_id + NAMED).replace("→", ARROW).replace("⟫", CLOSE)


def _runs(marked: pl.DataFrame) -> pl.DataFrame:
    """Edited lines taken apart: runs of kept text (rule null) and edits in order, with both lengths."""
    kept = pl.col("line").str.replace_all(EDIT, CLOSE).str.split(CLOSE)
    runs = (
        marked.select(
            "document_id",
            "line_no",
            kept=kept,
            edit=pl.concat_list(pl.col("line").str.extract_all(EDIT), pl.lit([""])),
        )
        .explode("kept", "edit")
        .with_columns(parts=pl.col("edit").str.extract_groups(EDIT_PARTS))
    )
    kept_rows = runs.select(
        "document_id", "line_no", rule_id=pl.lit(None, pl.String()), before="kept", after="kept"
    )
    edit_rows = runs.select(
        "document_id",
        "line_no",
        rule_id=pl.col("parts").struct[0],
        before=pl.col("parts").struct[1],
        after=pl.col("parts").struct[2],
    )
    both = pl.concat([kept_rows.with_row_index(), edit_rows.with_row_index()])
    both = both.sort("index", "rule_id", nulls_last=False, maintain_order=True).filter(
        pl.col("before").is_not_null()
    )
    return both.drop("index").with_columns(
        start=_offset("after"), raw_start=_offset("before"), raw_length=pl.col("before").str.len_chars()
    )


def _offset(column: str) -> pl.Expr:
    """Where each run begins in its line: the lengths of the runs before it, summed up."""
    length = pl.col(column).str.len_chars().cast(pl.Int64)
    return length.cum_sum().over("document_id", "line_no") - length


def _pieces(runs: pl.DataFrame) -> pl.DataFrame:
    return runs.filter(pl.col("after") != "").select(
        "document_id",
        "line_no",
        "start",
        "raw_start",
        raw_end=pl.col("raw_start") + pl.col("raw_length"),
        exact=pl.col("rule_id").is_null(),
    )


def _repairs(runs: pl.DataFrame, lines: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Every edit but the removal of pinyin, which is no loss; ``before`` is the raw text there."""
    reasons = {rule.rule_id: rule.note for rule in lexicons.rules}
    start = pl.col("raw_start_right") + pl.col("raw_start")
    return (
        runs.filter(pl.col("rule_id").is_not_null() & (pl.col("rule_id") != PINYIN_RULE))
        .join(
            lines.select("document_id", "source_file", "line_no", "raw_start"), on=["document_id", "line_no"]
        )
        .with_columns(
            reason=pl.col("rule_id").replace_strict(reasons, return_dtype=pl.String()),
            char_start=start,
            char_end=start + pl.col("raw_length"),
        )
        .pipe(content_id, "repair_id", "document_id", "char_start", "char_end", "after")
    )


def to_raw(frame: pl.DataFrame, pieces: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Turn offsets of clean lines into offsets of the raw document.

    ``frame`` has document_id, line_no, line_raw_start (the line's offset) and the ``columns`` start and
    end, offsets in the clean line; both come back as ``char_start``, ``char_end``.
    """
    start, end = columns
    frame = _raw_offset(frame, pieces, pl.col(start), "char_start", at_end=False)
    return _raw_offset(frame, pieces, pl.col(end) - 1, "char_end", at_end=True)


def _raw_offset(
    frame: pl.DataFrame, pieces: pl.DataFrame, offset: pl.Expr, name: str, *, at_end: bool
) -> pl.DataFrame:
    """The raw offset of a sign, or (``at_end``) the raw offset after it."""
    keyed = frame.with_row_index("_row").with_columns(_at=offset.cast(pl.Int64)).sort("_at")
    found = keyed.join_asof(
        pieces.select(
            "document_id", "line_no", "raw_start", "raw_end", "exact", _at="start", _piece="start"
        ).sort("_at"),
        on="_at",
        by=["document_id", "line_no"],
        check_sortedness=False,
    ).sort("_row")
    inside = pl.col("raw_start_right") if "raw_start" in frame.columns else pl.col("raw_start")
    inexact = pl.col("raw_end") if at_end else inside
    exact = inside + pl.col("_at") - pl.col("_piece") + int(at_end)
    in_line = (
        pl.when(pl.col("_piece").is_null())
        .then(pl.col("_at") + int(at_end))
        .when("exact")
        .then(exact)
        .otherwise(inexact)
    )
    return found.select(*frame.columns, (pl.col("line_raw_start") + in_line).alias(name))
