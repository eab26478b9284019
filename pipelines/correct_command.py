"""The command ``hiw correct``: a steward's correction, checked and written to the file of corrections."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.log import printable
from pipelines.options import corrections_option, output_option
from pipelines.settings import CannotBuild

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, str]
AROUND = 20  # signs shown on either side of a number


class CannotCorrect(CannotBuild):
    """A correction that can't be made, for a reason the user can act on."""


@dataclass(frozen=True)
class Asked:
    """What stands on the command line; ``reading`` are the ``FIELD=VALUE`` of ``--set``."""

    value_id: str | None
    reading: tuple[str, ...]
    reject: bool
    add: bool
    source_file: str | None
    start: int | None
    end: int | None
    indicator: str | None
    value: str | None
    who: str
    why: str
    when: str | None
    corrections: Path
    output: Path
    dry_run: bool


@click.command()
@click.argument("value_id", required=False)
@click.option("--set", "reading", multiple=True, metavar="FIELD=VALUE", help="Set a field; may be repeated.")
@click.option("--reject", is_flag=True, help="The value is none: take it out of the facts.")
@click.option("--add", is_flag=True, help="Add a value that was missed; --set its further fields.")
@click.option("--file", "source_file", metavar="SOURCE", help="Of an addition: source_file of the document.")
@click.option("--start", type=int, help="Of an addition: offset of the number in the raw text, from 0.")
@click.option("--end", type=int, help="Of an addition: offset after the number.")
@click.option("--indicator", metavar="TEXT", help="Of an addition: the same as --set indicator_text=TEXT.")
@click.option("--value", metavar="NUMBER", help="Of an addition: the same as --set value=NUMBER.")
@click.option("--who", required=True, help="Who corrects.")
@click.option("--why", required=True, help="Why, in a few words.")
@click.option("--when", metavar="DATE", help="Day of the correction, like 2025-06-30. [default: today]")
@corrections_option
@output_option
@click.option("--dry-run", is_flag=True, help="Check and show, write nothing.")
def correct(**given: Any) -> None:
    """Correct a value of the published warehouse: --set fields of VALUE_ID, --reject it, or --add one.

    The correction is checked and written at the end of the file of corrections; the next `hiw build` applies
    it. `--set unit=` takes the unit away.
    """
    from pipelines.corrections import append_corrections
    from pipelines.reference import load_reference

    asked = Asked(**given)
    shown, rows = _addition(asked) if _is_addition(asked) else _changes(asked)
    signed = [_signed(row, asked) for row in rows]
    append_corrections(asked.corrections, signed, load_reference(), asked.dry_run)
    _tell(shown, signed, asked)


def _is_addition(asked: Asked) -> bool:
    """Whether a value is to be added; raises where the command asks for nothing, or for several things."""
    of_addition = (asked.source_file, asked.start, asked.end, asked.indicator, asked.value)
    if asked.add:
        if asked.value_id or asked.reject:
            raise CannotCorrect("--add makes a new value: give no VALUE_ID and no --reject")
        if None in (asked.source_file, asked.start, asked.end):
            raise CannotCorrect("--add needs --file, --start and --end, which say where the number stands")
        return True
    if any(part is not None for part in of_addition):
        raise CannotCorrect("--file, --start, --end, --indicator and --value go with --add; else use --set")
    if not asked.value_id:
        raise CannotCorrect("which value? Give its indicator_value_id, or --add with --file, --start, --end")
    if asked.reject == bool(asked.reading):
        raise CannotCorrect("give either --set FIELD=VALUE or --reject")
    return False


def _fields(reading: tuple[str, ...]) -> Row:
    """The fields of ``FIELD=VALUE`` and what they are set to."""
    from warehouse.correction_tables import FIELDS

    fields: Row = {}
    for part in reading:
        name, equals, value = part.partition("=")
        if not equals or name not in FIELDS:
            raise CannotCorrect(f"--set {part}: write FIELD=VALUE with one of {', '.join(FIELDS)}")
        if name in fields:
            raise CannotCorrect(f"--set {name} stands twice; give it once")
        fields[name] = value.strip()
    return fields


def _changes(asked: Asked) -> tuple[list[str], list[Row]]:
    """What stands at a published value, and the rows that set its fields or reject it."""
    value = _value(asked)
    anchor = {name: str(value[name]) for name in ("source_file", "document_id", "char_start", "char_end")}
    common = {**anchor, "indicator_value_id": value["indicator_value_id"], "quote": value["quote"]}
    common["indicator_text"] = _words_as_read(value, asked)
    rows = [
        {**common, "action": "set", "field": name, "old_value": _text(value[name]), "new_value": new}
        for name, new in _fields(asked.reading).items()
    ] or [{**common, "action": "reject", "old_value": _text(value["value"])}]
    parts = ("indicator_text", "value_type", "comparator", "value", "value_high", "unit", "period")
    reading = " ".join(text for name in parts if (text := _text(value[name])))
    return [f"sentence    {value['sentence']}", f"reads       {reading}"], rows


def _value(asked: Asked) -> dict[str, Any]:
    """The published value of that id, from the facts or the quarantine."""
    for name in ("fact_indicator_value", "rejected_value"):
        found = _rows(asked, name, indicator_value_id=asked.value_id)
        if found:
            return found[0]
    for row in _rows(asked, "duplicate_value", indicator_value_id=asked.value_id):
        counts = f"counts as {row['counted_value_id']}; correct that"
        fate = counts if row["counted_value_id"] else "repeats a value that was rejected"
        raise CannotCorrect(f"the value {asked.value_id} of {row['source_file']} {fate}")
    for row in _rows(asked, "correction", corrected_value_id=asked.value_id, action="reject"):
        told = f"the value {asked.value_id} was rejected by {_known(row)}"
        raise CannotCorrect(f"{told}; see {asked.corrections}")
    raise CannotCorrect(f"no value {asked.value_id} is published in {asked.output}; see indicator_value_id")


def _words_as_read(value: dict[str, Any], asked: Asked) -> str:
    """The indicator's words before any correction; raises if one has added the value or set the field."""
    words: str = value["indicator_text"]
    for row in _rows(asked, "correction", corrected_value_id=asked.value_id):
        if row["action"] == "add" or row["field"] in _fields(asked.reading) or asked.reject:
            told = f"{_known(row)} made this value what it is"
            raise CannotCorrect(f"{told}; change that row of {asked.corrections}")
        if row["field"] == "indicator_text":
            words = row["old_value"]
    return words


def _known(row: dict[str, Any]) -> str:
    return f"correction {row['correction_id']} ({row['who']}, {row['corrected_on']})"


def _addition(asked: Asked) -> tuple[list[str], list[Row]]:
    """What stands around the one number at the offsets, and the row that adds a value on it."""
    mentions = _rows(asked, "number_mention", source_file=asked.source_file)
    start, end = asked.start or 0, asked.end or 0
    touched = [m for m in mentions if m["char_start"] < end and start < m["char_end"]]
    if len(touched) != 1:
        numbers = ", ".join(f"{m['mention']} at {m['char_start']}–{m['char_end']}" for m in touched)
        there = f"several numbers stand there ({numbers})" if touched else "no number stands there"
        raise CannotCorrect(f"{asked.source_file} {start}–{end}: {there}; give the offsets of one")
    [mention] = touched
    [document] = _rows(asked, "document_text", document_id=mention["document_id"])
    low, high = mention["char_start"], mention["char_end"]
    text = document["raw_text"]
    around = f"{text[max(0, low - AROUND) : low]}⟦{text[low:high]}⟧{text[high : high + AROUND]}"
    place = {name: str(mention[name]) for name in ("source_file", "document_id", "char_start", "char_end")}
    given = {"indicator_text": asked.indicator or "", "value": asked.value or "", "comparator": "eq"}
    row = {**place, "action": "add", "quote": mention["mention"], **given, **_fields(asked.reading)}
    return [f"text        {around}", f"was         {mention['disposition']}"], [row]


def _rows(asked: Asked, table: str, **equal: Any) -> list[dict[str, Any]]:
    """The rows of a published table in which the columns are ``equal`` to these values."""
    import polars as pl

    from pipelines.store import published_table

    try:
        frame: pl.DataFrame = published_table(asked.output, table)
    except (FileNotFoundError, pl.exceptions.PolarsError):
        raise CannotCorrect(f"no results of this version are in {asked.output}; run `hiw build`") from None
    return frame.filter(*(pl.col(name) == value for name, value in equal.items())).rows(named=True)


def _text(value: object) -> str:
    """A value as the file of corrections has it."""
    return "" if value is None else str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _signed(row: Row, asked: Asked) -> Row:
    """The row with who, when and why, and an identifier made of all of it."""
    when = asked.when or dt.date.today().isoformat()
    said = {**row, "who": asked.who.strip(), "when": when, "why": asked.why.strip()}
    content = "\x1f".join(f"{name}={said[name]}" for name in sorted(said))
    return {"correction_id": hashlib.sha256(content.encode()).hexdigest()[:16], **said}


def _tell(shown: list[str], rows: list[Row], asked: Asked) -> None:
    first = rows[0]
    click.echo(printable(f"place       {first['source_file']} {first['char_start']}–{first['char_end']}"))
    for line in [*shown, *_says(rows)]:
        click.echo(printable(line))
    if asked.dry_run:
        click.echo("Nothing was written: this was a dry run.")
        return
    click.echo(f"written to  {asked.corrections}; run `hiw build` to apply it")


def _says(rows: list[Row]) -> Iterator[str]:
    """What the rows will do, a line each."""
    for row in rows:
        if row["action"] == "set":
            old, new = (row[name] or "nothing" for name in ("old_value", "new_value"))
            yield f"will be     {row['field']}: {old} → {new}"
        elif row["action"] == "reject":
            yield f"will be     rejected: {row['indicator_text']} {row['old_value']}"
        else:
            from warehouse.correction_tables import FIELDS

            said = ", ".join(f"{name} {row[name]}" for name in FIELDS if row.get(name))
            yield f"will be     added: {said}"
