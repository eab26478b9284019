"""Damaged documents through the reading: a few hundred here, ten thousand by ``make fuzz``."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import engine
from pipelines.transforms.clean import LONGEST_LINE, clean
from pipelines.transforms.decode import decode
from pipelines.transforms.segment import LONGEST_SENTENCE
from tests.fuzz import mutations
from tests.fuzz.accounting import broken_rules, complaints, read

SEED, DOCUMENTS = 7, 150


@pytest.fixture(scope="module")
def damaged() -> list[bytes]:
    return list(mutations.documents(SEED, DOCUMENTS))


@pytest.fixture(scope="module")
def tables(damaged: list[bytes]) -> dict[str, pl.DataFrame]:
    return read(damaged)


def test_nothing_of_damaged_documents_is_lost_or_misplaced(tables: dict[str, pl.DataFrame]) -> None:
    assert complaints(tables, DOCUMENTS) == []
    assert tables["dim_document"].height > 0.8 * DOCUMENTS
    assert tables["number_mention"].height > 20 * DOCUMENTS


def test_damaged_documents_break_no_rule_that_would_stop_a_build(tables: dict[str, pl.DataFrame]) -> None:
    assert broken_rules(tables) == []


def test_a_document_is_read_the_same_alone_and_among_others(
    damaged: list[bytes], tables: dict[str, pl.DataFrame]
) -> None:
    for n in range(0, DOCUMENTS, 30):
        for name, frame in read([damaged[n]]).items():
            if "document_id" in frame.columns:
                assert told(frame, "0.txt").equals(told(tables[name], f"{n}.txt", frame)), (n, name)


def told(frame: pl.DataFrame, file: str, alone: pl.DataFrame | None = None) -> pl.DataFrame:
    """The rows of one document, without the name of its file."""
    documents = frame["document_id"] if alone is None else alone["document_id"]
    rows = frame.filter(pl.col("document_id").is_in(documents.unique().implode()))
    if "source_file" in rows.columns:
        rows = rows.filter(pl.col("source_file") == file).drop("source_file")
    return rows


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("number_mention", {"char_start": pl.col("char_start") + 1}, "is not at"),
        ("number_mention", {"disposition": pl.lit("guess")}, "disposition"),
        ("fact_indicator_value", {"value": pl.lit(float("inf"))}, "the value inf"),
        ("dim_document", {"topic": pl.lit(None, pl.String)}, "topic is empty"),
    ],
)
def test_the_accounting_finds_what_is_wrong(
    tables: dict[str, pl.DataFrame], name: str, change: dict[str, Any], words: str
) -> None:
    wrong = {**tables, name: tables[name].with_columns(**change)}
    assert any(words in complaint for complaint in complaints(wrong, DOCUMENTS))


def test_the_accounting_finds_a_lost_number_and_a_lost_document(tables: dict[str, pl.DataFrame]) -> None:
    wrong = {**tables, "number_mention": tables["number_mention"].slice(1)}
    assert any("in 0 mentions" in complaint for complaint in complaints(wrong, DOCUMENTS))
    assert any("documents and rejections" in complaint for complaint in complaints(tables, DOCUMENTS + 1))


BITS = st.sampled_from(
    ["床位", "1", "23", ".", ",", "，", " ", "%", "。", "；", "\t", "|", "-", "(", "5张", "全覆盖"]
)
UNBROKEN = st.tuples(st.lists(BITS, min_size=1, max_size=6).map("".join), st.integers(1, 2 * LONGEST_LINE))
LONG = st.lists(UNBROKEN, min_size=1, max_size=3).map(
    lambda parts: "卫生" + "".join(text * (length // len(text)) for text, length in parts)
)


def files(*contents: bytes) -> pl.DataFrame:
    return pl.DataFrame(
        [(f"{n}.txt", content, None, None) for n, content in enumerate(contents)],
        schema={"source_file": pl.String, "content": pl.Binary, "reason": pl.String, "detail": pl.String},
        orient="row",
    )


@settings(max_examples=25, deadline=None)
@given(LONG)
def test_a_line_is_cut_into_all_of_its_signs_and_never_within_a_number(text: str) -> None:
    lines = clean(decode(files(text.encode())).documents, engine.load_seeds().lexicons).text
    raw, starts = lines["raw_line"].to_list(), lines["raw_start"].to_list()
    assert "".join(raw) == text
    assert starts == [sum(map(len, raw[:n])) for n in range(len(raw))]
    for start in starts[1:]:
        assert not (text[start - 1].isdigit() and text[start].isdigit()), text[start - 5 : start + 5]
    if not text.replace(".", "").replace(",", "").isdigit():
        assert max(map(len, raw)) <= max(LONGEST_LINE, longest_number(text) + 1)


def longest_number(text: str) -> int:
    signs = "".join(sign if sign.isdigit() or sign in ".," else " " for sign in text)
    return max(map(len, signs.split(" ")))


@settings(max_examples=4, deadline=None)
@given(st.lists(LONG, min_size=1, max_size=3, unique=True))
def test_no_sentence_is_long_and_no_number_is_lost_in_unbroken_text(texts: list[str]) -> None:
    tables = read(text.encode() for text in texts)
    assert complaints(tables, len(texts)) == []
    lengths = tables["fact_indicator_value"]["sentence"].str.len_chars()
    assert lengths.max() is None or lengths.max() <= LONGEST_LINE + LONGEST_SENTENCE


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5, unique=True))
def test_any_bytes_are_decoded_exactly_or_refused_with_words(contents: list[bytes]) -> None:
    decoded = decode(files(*contents))
    by_name = {f"{n}.txt": content for n, content in enumerate(contents)}
    for name, encoding, text in decoded.documents.select("source_file", "encoding", "raw_text").iter_rows():
        assert by_name.pop(name).decode(encoding) == text
    for name, reason, detail in decoded.rejected.iter_rows():
        del by_name[name]
        assert reason
        assert ";" in detail
    assert by_name == {}
