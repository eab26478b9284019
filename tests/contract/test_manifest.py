"""The sample corpus is the one its manifest describes, byte for byte."""

import csv
import hashlib
from pathlib import Path

from warehouse.document_tables import DOCUMENT_TYPES

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "seeds" / "documents"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MANIFEST = read(DOCUMENTS / "manifest.csv")


def test_every_document_is_listed_once() -> None:
    assert [row["source_file"] for row in MANIFEST] == sorted(p.name for p in DOCUMENTS.glob("*.txt"))


def test_documents_are_byte_for_byte_those_of_the_manifest() -> None:
    found = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in DOCUMENTS.glob("*.txt")}
    assert found == {row["source_file"]: row["sha256"] for row in MANIFEST}


def test_every_row_says_what_is_damaged_and_an_allowed_type() -> None:
    assert [row["source_file"] for row in MANIFEST if not row["damage"]] == []
    assert {row["document_type"] for row in MANIFEST} <= set(DOCUMENT_TYPES)


def test_manifest_and_gold_agree() -> None:
    gold = read(ROOT / "tests" / "gold" / "documents.csv")
    fields = {"document_type": "document_type", "place": "jurisdiction_name", "published_on": "published_on"}
    for row, labelled in zip(MANIFEST, gold, strict=True):
        assert {name: row[name] for name in fields} == {name: labelled[g] for name, g in fields.items()}
