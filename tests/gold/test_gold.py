"""The sample documents are read as well as the floors say, and every number of them is accounted for."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.transforms.disposition import NO_NAME, UNREAD
from tests.conftest import Hiw
from tests.gold import scorer
from warehouse.publish import DATABASE

FLOORS = json.loads((scorer.GOLD / "floors.json").read_text(encoding="utf-8"))
FURTHER_WRONG = FLOORS["non_facts_read_as_values_in_further"]
FOLDERS = (Path(__file__).parents[2] / "seeds" / "documents", scorer.GOLD / "documents")
HEADER = (
    "title",
    "document_type",
    "issuer",
    "document_number",
    "issued_on",
    "published_on",
    "jurisdiction_code",
    "jurisdiction_name",
    "period_start",
    "period_end",
)


@pytest.fixture(scope="session")
def database(hiw: Hiw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of the samples and the further labelled documents."""
    output = tmp_path_factory.mktemp("labelled")
    sources = [part for folder in FOLDERS for part in ("--sources", folder)]
    result = hiw("build", *sources, "--output", output)
    assert result.exit_code == 0, result.output
    return output / DATABASE


@pytest.fixture(scope="session")
def raw() -> dict[str, str]:
    """The text of every document, without any translation of line ends."""
    paths = sorted(path for folder in FOLDERS for path in folder.glob("*.txt"))
    return {path.name: path.read_bytes().decode("utf-8") for path in paths}


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(sql).fetchall()


@pytest.mark.parametrize("group", ["samples", "further"])
def test_precision_recall_and_f1_are_not_below_their_floors(database: Path, group: str) -> None:
    score = scorer.by_document(database)[group]
    reached = {"detection": score.rates(score.detected), "strict": score.rates(score.strict)}
    for kind, floors in FLOORS[group].items():
        named = dict(zip(("precision", "recall", "f1"), reached[kind], strict=True))
        assert {n: r for n, r in named.items() if r < floors[n]} == {}, (kind, scorer.report(database))


SAMPLE = "regexp_matches(source_file, '^[0-9]{3}')"
UNREAD_RULES = ", ".join(f"'{rule}'" for rule in (*UNREAD, NO_NAME))


def test_few_numbers_are_left_unread(database: Path) -> None:
    """Of the samples few are other for any reason; of all documents few for want of a rule."""
    other = f"SELECT avg((disposition = 'other')::INT) FROM number_mention WHERE {SAMPLE}"
    unread = f"SELECT avg((rule_id IN ({UNREAD_RULES}))::INT) FROM number_mention"
    for share in (other, unread):
        assert query(database, share)[0][0] < FLOORS["share_of_unread_numbers"], share


@pytest.mark.parametrize(("group", "most"), [("samples", 0), ("further", FURTHER_WRONG)])
def test_labelled_non_facts_are_no_values(database: Path, group: str, most: int) -> None:
    said = scorer.by_disposition(database, group)
    wrong = {reason: count["fact"] for reason, count in said.items() if count["fact"]}
    assert sum(wrong.values()) <= most, wrong


def test_every_document_has_values(database: Path, raw: dict[str, str]) -> None:
    found = dict(query(database, "SELECT source_file, count(*) FROM indicator_values GROUP BY ALL"))
    assert {name for name in raw if found.get(name, 0) < FLOORS["values_in_a_document"]} == set()
    assert sum(found.values()) >= FLOORS["values_in_all"]


def test_of_the_samples_only_numbers_that_lost_signs_are_quarantined(database: Path) -> None:
    """9类21项, 14类55项, 2%-5%, 1~1.5名 and 2~3名 in the print that 003 was scraped from."""
    quotes = query(database, f"SELECT quote FROM rejected_value WHERE {SAMPLE}")
    assert {quote for (quote,) in quotes} <= {"921", "1455", "25", "11.5", "23"}


@pytest.mark.parametrize(
    ("relation", "words"), [("indicator_values", "quote"), ("number_mention", "mention")]
)
def test_the_span_holds_the_words(database: Path, raw: dict[str, str], relation: str, words: str) -> None:
    rows = query(database, f"SELECT source_file, char_start, char_end, {words} FROM {relation}")
    assert rows
    assert [row for row in rows if raw[row[0]][row[1] : row[2]] != row[3]] == []


def test_the_sentence_stands_where_it_says(database: Path, raw: dict[str, str]) -> None:
    rows = query(database, "SELECT source_file, sentence_start, sentence FROM fact_indicator_value")
    assert [row for row in rows if not raw[row[0]].startswith(row[2], row[1])] == []


def runs_of_digits(text: str, repairs: list[int]) -> Iterator[tuple[int, int]]:
    """The spans of the digits of ``text``, cut where a repair found a sign lost between two numbers."""
    for run in re.finditer(r"\d+", text):
        cuts = [place for place in repairs if run.start() < place < run.end()]
        yield from pairwise([run.start(), *cuts, run.end()])


def test_every_run_of_digits_lies_in_one_mention(database: Path, raw: dict[str, str]) -> None:
    mentions = query(database, "SELECT source_file, char_start, char_end FROM number_mention")
    repairs = query(database, "SELECT source_file, char_start FROM repair ORDER BY char_start")
    astray = []
    for name, text in raw.items():
        spans = [(start, end) for source, start, end in mentions if source == name]
        for first, last in runs_of_digits(text, [place for source, place in repairs if source == name]):
            holders = [span for span in spans if span[0] <= first and last <= span[1]]
            if len(holders) != 1:
                astray.append((name, first, text[first:last], holders))
    assert astray == []


def headers(database: Path) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """For each document the header as labelled and as read, as text, empty where there is none."""
    found = query(database, f"SELECT source_file[:3], {', '.join(HEADER)} FROM dim_document")
    read = {
        row[0]: {n: "" if v is None else str(v) for n, v in zip(HEADER, row[1:], strict=True)}
        for row in found
    }
    with (scorer.GOLD / "documents.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["document"]: ({n: row[n] for n in HEADER}, read[row["document"]])
            for row in csv.DictReader(file)
        }


def test_headers_are_right_and_never_wrong(database: Path) -> None:
    pairs = headers(database)
    right = [document for document, (gold, read) in pairs.items() if gold == read]
    wrong = [
        (document, name, read[name], gold[name])
        for document, (gold, read) in pairs.items()
        for name in HEADER
        if read[name] and read[name] != gold[name]
    ]
    assert wrong == []
    assert len(right) >= FLOORS["documents_with_a_right_header"], right
