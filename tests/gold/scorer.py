"""How well the warehouse reads the labelled documents: precision, recall and F1.

Two figures, counted over all labelled facts. *Detection*: the spans overlap, and value, high end and unit
agree. *Strict*: indicator, value type, change, comparator and period agree too. A fact labelled optional is
neither rewarded nor punished: what is read near it is left out of the count.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

GOLD = Path(__file__).parent
Row = Mapping[str, Any]
# Units that must agree; people are one group, and all other things that are counted another.
MEASURES = frozenset(
    ("%", "‰", "/10万", "个百分点", "岁", "元", "人次", "张", "吨", "次/周", "平方米", "天", "场次", "台")
)
PEOPLE = frozenset(("人", "名", "位"))
SPELLINGS = {"％": "%", "/十万": "/10万", "日": "天"}
ALIKE = 0.6
STRICT = ("indicator", "value_type", "change", "comparator", "period")


@dataclass
class Score:
    """Counts that add up: labelled and read facts, and how many of them agree in which way."""

    labelled: int = 0
    read: int = 0
    detected: int = 0
    strict: int = 0
    agreeing: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.labelled + other.labelled,
            self.read + other.read,
            self.detected + other.detected,
            self.strict + other.strict,
            self.agreeing + other.agreeing,
        )

    def rates(self, hits: int) -> tuple[float, float, float]:
        """Precision, recall and F1 of ``hits`` agreements, 0 to 1."""
        precision = hits / self.read if self.read else 0.0
        recall = hits / self.labelled if self.labelled else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0

    @property
    def detection_f1(self) -> float:
        """F1 of detection."""
        return self.rates(self.detected)[2]

    @property
    def strict_f1(self) -> float:
        """F1 where every attribute has to agree."""
        return self.rates(self.strict)[2]


@dataclass(frozen=True)
class Pairing:
    """The facts labelled and read in one document, and which belong together (read, labelled)."""

    labelled: Sequence[Row]
    read: Sequence[Row]
    pairs: Mapping[int, int]

    def counted(self) -> Iterable[int]:
        """The facts read that count: paired with one that is not optional, or paired with and near none."""
        for i, fact in enumerate(self.read):
            if i in self.pairs:
                if not self.labelled[self.pairs[i]]["optional"]:
                    yield i
            elif not any(gold["optional"] and overlap(fact, gold) for gold in self.labelled):
                yield i

    def score(self, chosen: Iterable[int] | None = None) -> Score:
        """The score of the facts read that are ``chosen`` (all by default) against every labelled fact."""
        score = Score(labelled=sum(not gold["optional"] for gold in self.labelled))
        for i in set(self.counted()) & set(range(len(self.read)) if chosen is None else chosen):
            score.read += 1
            if i in self.pairs:
                agreeing = agreement(self.read[i], self.labelled[self.pairs[i]])
                score.detected += 1
                score.strict += all(agreeing[name] for name in STRICT)
                score.agreeing.update(name for name, agrees in agreeing.items() if agrees)
        return score


def overlap(fact: Row, gold: Row) -> bool:
    """Whether the spans share a character."""
    return bool(fact["char_start"] < gold["end"] and gold["start"] < fact["char_end"])


def unit_group(unit: str | None) -> str:
    """What a unit counts as when two are compared."""
    plain = unit or ""
    for odd, usual in SPELLINGS.items():
        plain = plain.replace(odd, usual)
    if plain in MEASURES:
        return plain
    return "people" if plain in PEOPLE else "things"


def same_number(a: float | None, b: float | None) -> bool:
    """Whether both are missing, or equal but for the rounding of floats."""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def likeness(a: str | None, b: str | None) -> float:
    """Dice coefficient of the pairs of adjacent letters and digits in two names, 0 to 1."""
    first, second = _pairs(a), _pairs(b)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _pairs(name: str | None) -> Counter[str]:
    kept = [sign for sign in name or "" if sign.isalnum()]
    return Counter(left + right for left, right in pairwise(kept))


def detects(fact: Row, gold: Row) -> bool:
    """Whether ``fact`` is about the number that ``gold`` labels, and reads it as the same quantity."""
    return (
        overlap(fact, gold)
        and same_number(fact["value"], gold["value"])
        and same_number(fact["value_high"], gold["value_high"])
        and unit_group(fact["unit"]) == unit_group(gold["unit"])
    )


def indicator_likeness(fact: Row, gold: Row) -> float:
    """How alike the indicator is, by its canonical name or by its words, whichever is closer."""
    return max(likeness(fact[name], gold["indicator"]) for name in ("indicator_name", "indicator_text"))


def agreement(fact: Row, gold: Row) -> dict[str, bool]:
    """Which attributes of two facts about the same quantity agree."""
    same = {name: (fact[name] or None) == (gold[name] or None) for name in STRICT[1:]}
    place, expected = fact["jurisdiction_name"] or "", gold["jurisdiction"] or ""
    same["jurisdiction"] = place == expected or bool(place and expected and place.endswith(expected))
    same["indicator"] = indicator_likeness(fact, gold) >= ALIKE
    return same


def pair(read: Sequence[Row], labelled: Sequence[Row]) -> Pairing:
    """Pair each fact read with at most one labelled, those most alike first, then in their order."""
    candidates = []
    for i, fact in enumerate(read):
        for j, gold in enumerate(labelled):
            if detects(fact, gold):
                agreeing = agreement(fact, gold)
                agreed = sum(agreeing[name] for name in STRICT)
                candidates.append((-agreed, -indicator_likeness(fact, gold), i, j))
    pairs: dict[int, int] = {}
    for _, _, i, j in sorted(candidates):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return Pairing(labelled, read, pairs)


def labels(name: str) -> list[dict[str, Any]]:
    """The lines of a gold file, such as ``000.jsonl``."""
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines() if line]


def documents() -> list[str]:
    """The labelled documents, by what their file names begin with."""
    return sorted(path.name.split(".")[0] for path in GOLD.glob("*.nonfacts.jsonl"))


def group(document: str) -> str:
    """``samples`` for the documents of the seeds, which are numbered; ``further`` for those of the tests."""
    return "samples" if document.isdigit() else "further"


def rows(database: Path, relation: str, document: str) -> list[dict[str, Any]]:
    """The rows of a table or view that come from ``document``, in the order of the text."""
    with duckdb.connect(str(database), read_only=True) as connection:
        query = f"SELECT * FROM {relation} WHERE starts_with(source_file, ?) ORDER BY char_start, 1"
        return connection.sql(query, params=[document]).to_arrow_table().to_pylist()


def pairings(database: Path) -> dict[str, Pairing]:
    """Every labelled document with what the warehouse reads in it."""
    return {d: pair(rows(database, "indicator_values", d), labels(f"{d}.jsonl")) for d in documents()}


def by_document(database: Path) -> dict[str, Score]:
    """The score of each document, and those of the groups ``samples`` and ``further``."""
    scores = {document: pairing.score() for document, pairing in pairings(database).items()}
    groups: dict[str, Score] = {}
    for document, score in scores.items():
        groups[group(document)] = groups.get(group(document), Score()) + score
    return {**scores, **groups}


# What a label says of how its fact is written; a fact may be several of these.
CONSTRUCTS: Mapping[str, Callable[[Row], bool]] = {
    "target": lambda gold: gold["value_type"] == "target",
    "actual": lambda gold: gold["value_type"] == "actual",
    "baseline": lambda gold: gold["value_type"] == "baseline",
    "relative change": lambda gold: gold["change"] == "relative",
    "absolute change": lambda gold: gold["change"] == "absolute",
    "range": lambda gold: gold["value_high"] is not None,
    "bound (以上, 以内)": lambda gold: gold["comparator"] in ("ge", "le", "gt", "lt"),
    "about (左右, 近)": lambda gold: gold["comparator"] == "approx",
    "multiplier (万, 亿)": lambda gold: bool(set(gold["mention"]) & set("万亿")),
    "share or rate": lambda gold: gold["unit"] in ("%", "‰", "/10万"),
    "money": lambda gold: (gold["unit"] or "").startswith("元"),
    "count": lambda gold: unit_group(gold["unit"]) in ("people", "things"),
    "over several years": lambda gold: "/" in (gold["period"] or ""),
    "table": lambda gold: "table" in gold["flags"],
    "coordinated": lambda gold: "coordinated" in gold["flags"],
    "strive (力争)": lambda gold: "strive" in gold["flags"],
    "damaged": lambda gold: "damaged" in gold["flags"],
    "unit inferred": lambda gold: "unit_inferred" in gold["flags"],
}


def by_construct(database: Path) -> dict[str, Score]:
    """The score of the facts labelled with each construct; what else is read there counts against it."""
    scores = {name: Score() for name in CONSTRUCTS}
    for pairing in pairings(database).values():
        for name, is_one in CONSTRUCTS.items():
            chosen = [gold for gold in pairing.labelled if is_one(gold)]
            near = [fact for fact in pairing.read if any(overlap(fact, gold) for gold in chosen)]
            scores[name] += pair(near, chosen).score()
    return scores


def by_rule(database: Path) -> dict[str, Score]:
    """The score of what each rule read: its precision counts; of recall it shows the rule's share."""
    scores: dict[str, Score] = {}
    for pairing in pairings(database).values():
        for rule in sorted({fact["rule_id"] for fact in pairing.read}):
            own = pairing.score(i for i, fact in enumerate(pairing.read) if fact["rule_id"] == rule)
            scores[rule] = scores.get(rule, Score()) + own
    return scores


def by_disposition(database: Path, only: str | None = None) -> dict[str, Counter[str]]:
    """For each labelled reason why a number is no fact: what the warehouse says of those numbers.

    ``only`` the documents of that group, or of all.
    """
    found: dict[str, Counter[str]] = {}
    for document in documents():
        if only not in (None, group(document)):
            continue
        mentions = rows(database, "number_mention", document)
        for gold in labels(f"{document}.nonfacts.jsonl"):
            reason = gold["non_fact"].split(":")[0]
            said = sorted({m["disposition"] for m in mentions if overlap(m, gold)}) or ["not found"]
            found.setdefault(reason, Counter())["+".join(said)] += 1
    return found


def report(database: Path) -> str:
    """The scores as lines of text, by document, construct, rule and disposition.

    A rule has a precision; its recall is the share of all labelled facts that it finds.
    """
    lines = [f"{'':24} labelled  read  detection P     R     F1   strict P     R     F1"]
    parts = {"documents": by_document, "constructs": by_construct, "rules": by_rule}
    for title, scores in ((title, part(database)) for title, part in parts.items()):
        lines += ["", title, *(_line(name, score) for name, score in scores.items())]
    reasons = by_disposition(database)
    lines += ["", "numbers that are no facts, and what the warehouse says of them"]
    return "\n".join(lines + [f"{reason:24} {dict(said.most_common())}" for reason, said in reasons.items()])


def _line(name: str, score: Score) -> str:
    found, exact = score.rates(score.detected), score.rates(score.strict)
    figures = (
        "  ".join(f"{rate:.3f}" for rate in found) + "      " + "  ".join(f"{rate:.3f}" for rate in exact)
    )
    return f"{name:24} {score.labelled:8} {score.read:5}         {figures}"


if __name__ == "__main__":
    print(report(Path(sys.argv[1])))
