"""The documents of the benchmark: drawn by their number alone, and no two alike."""

import re
from pathlib import Path

import pytest

from benchmarks import corpus


@pytest.fixture(scope="module")
def documents() -> list[str]:
    return [corpus.document(number) for number in range(200)]


def test_a_document_depends_on_its_number_and_the_seed_alone(documents: list[str]) -> None:
    assert corpus.document(7) == documents[7]
    assert corpus.document(7, seed=1) != documents[7]
    assert len(set(documents)) == len(documents)


def test_documents_are_as_long_as_a_short_plan(documents: list[str]) -> None:
    sizes = [len(text.encode()) for text in documents]
    assert 8_000 < sum(sizes) / len(sizes) < 15_000
    assert min(sizes) > 2_000


def test_most_sentences_stand_in_no_other_document(documents: list[str]) -> None:
    said = [sentence for text in documents for sentence in re.split("[。；\n]", text) if len(sentence) > 30]
    assert len(set(said)) > 0.85 * len(said)


def test_the_place_and_years_are_those_of_the_header(documents: list[str]) -> None:
    for text in documents:
        place = text.partition("市卫生健康委员会")[0]
        others = {"荆门", "常州", "广州", "乌海"} - {place}
        assert not any(f"{other}市" in text for other in others)
        year = int(re.findall(r"\d{4}(?=年)", text)[0])
        assert corpus.YEARS[0] <= year <= corpus.YEARS[1]
        assert all(int(y) <= 2035 for y in re.findall(r"(?<!\d)(20\d\d)年", text))


def test_what_is_said_of_a_corpus_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "document", lambda number, _: f"{number}年。新增床位12.5张；同一句。\n")
    assert corpus.write(tmp_path / "documents", 2) == {
        "documents": 2,
        "megabytes": round(2 * len("0年。新增床位12.5张；同一句。\n".encode()) / 1e6, 3),
        "numbers": 4,
        "sentences": 6,
        "distinct_sentences": 0.667,  # two years, and the other two sentences once
    }
    assert [path.name for path in sorted((tmp_path / "documents").iterdir())] == ["000000.txt", "000001.txt"]
