"""The vocabulary under ``seeds/lexicons``: patterns as data, each with an example and a counter-example.

A lexicon is a CSV file of ``rule_id, meaning, pattern, example, counter_example, note``. Its patterns are
regular expressions of the linear-time kind (no look-around, no back-references). In the lexicons about
numbers the text they meet has the number in question marked: ``第⟦32⟧个爱国卫生月``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines.failure import Failure

LEXICON_FOLDER = Path(__file__).parent.parent / "seeds" / "lexicons"
HANDFUL = 16  # rules tried together
COLUMNS = ("rule_id", "meaning", "pattern", "example", "counter_example", "note")


class LexiconError(Failure):
    """A lexicon does not say what it should; the message names file, line and column."""


@dataclass(frozen=True)
class Rule:
    """One row of a lexicon."""

    rule_id: str
    meaning: str
    pattern: str
    example: str
    counter_example: str
    note: str


@dataclass(frozen=True)
class Lexicon:
    """The rules of one file, in order: of two that match, the first decides."""

    name: str
    rules: tuple[Rule, ...]

    def rule_id(self, text: pl.Expr) -> pl.Expr:
        """The first rule that matches ``text``, by its id; null when none does."""
        return _first(text, [(rule.pattern, rule.rule_id) for rule in self.rules])

    def meaning(self, text: pl.Expr) -> pl.Expr:
        """The meaning of the first rule that matches ``text``; null when none does."""
        return _first(text, [(rule.pattern, rule.meaning) for rule in self.rules])

    def with_rule(self, frame: pl.DataFrame, text: str, name: str) -> pl.DataFrame:
        """Add ``name``: the id of the first rule that matches the column ``text``, null when none does.

        The same as :meth:`rule_id`, but rows where a handful of rules would look in vain are passed over at
        once. All rules as one pattern would be slower than each of them: its automaton is too large.
        """
        rows = frame.with_row_index("_row")
        open_rows = rows.select("_row", _text=text)
        found = [pl.DataFrame(schema={"_row": pl.get_index_type(), name: pl.String})]
        for start in range(0, len(self.rules), HANDFUL):
            some = Lexicon(self.name, self.rules[start : start + HANDFUL])
            hit = open_rows.select(pl.col("_text").str.contains(some.pattern()).fill_null(value=False))
            if hit.to_series().any():
                decided = open_rows.filter(hit.to_series())
                found.append(decided.select("_row", some.rule_id(pl.col("_text")).alias(name)))
                open_rows = open_rows.filter(~hit.to_series())
        return rows.join(pl.concat(found), on="_row", how="left", maintain_order="left").drop("_row")

    def meaning_of(self, rule_id: pl.Expr) -> pl.Expr:
        """The meaning of the rule of that id."""
        return rule_id.replace_strict({rule.rule_id: rule.meaning for rule in self.rules}, default=None)

    def pattern(self, meaning: str | None = None) -> str:
        """One pattern that matches where any rule (of that ``meaning``) does."""
        chosen = [f"(?:{r.pattern})" for r in self.rules if meaning in (None, r.meaning)]
        return "|".join(chosen)


@dataclass(frozen=True, eq=False)  # each is itself, so that what is made of one can be kept for it
class Lexicons:
    """Every lexicon of the folder, by file name without ending."""

    by_name: dict[str, Lexicon]

    def __getitem__(self, name: str) -> Lexicon:
        """The lexicon of that name."""
        return self.by_name[name]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every lexicon."""
        return tuple(rule for lexicon in self.by_name.values() for rule in lexicon.rules)


def _first(text: pl.Expr, choices: list[tuple[str, str]]) -> pl.Expr:
    return pl.coalesce(
        *(pl.when(text.str.contains(pattern)).then(pl.lit(value)) for pattern, value in choices),
        pl.lit(None, pl.String()),
    )


def load_lexicons(folder: Path = LEXICON_FOLDER) -> Lexicons:
    """Load every lexicon of ``folder``; raises :class:`LexiconError` with file, line and column."""
    files = sorted(folder.glob("*.csv"))
    return Lexicons({path.stem: Lexicon(path.stem, _rules(path)) for path in files})


def _rules(path: Path) -> tuple[Rule, ...]:
    frame = pl.read_csv(path, infer_schema=False).fill_null("")
    if frame.columns != list(COLUMNS):
        raise LexiconError(f"{path.name}: the columns must be {', '.join(COLUMNS)}")
    rules = tuple(Rule(**row) for row in frame.iter_rows(named=True))
    for line, rule in enumerate(rules, start=2):
        _check(rule, f"{path.name}, line {line}")
    return rules


def _check(rule: Rule, where: str) -> None:
    for column in COLUMNS[:-1]:
        if not getattr(rule, column):
            raise LexiconError(f"{where}: {column} is empty")
    try:
        found = pl.Series([rule.example, rule.counter_example]).str.contains(rule.pattern)
    except pl.exceptions.ComputeError as error:
        raise LexiconError(f"{where}: pattern cannot be read: {error}") from error
    if not found[0]:
        raise LexiconError(f"{where}: example does not match its pattern")
    if found[1]:
        raise LexiconError(f"{where}: counter_example matches the pattern")
