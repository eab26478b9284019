"""Decoding: the encoding found, and a reason in plain words for what cannot be read."""

import hashlib
import re

import opencc
import polars as pl
import pytest

from pipelines.settings import ROOT
from pipelines.transforms.decode import decode, plausibility

SENTENCE = "2025年全市孕产妇死亡率控制在15/10万以下，高血压患者规范管理率达70%以上。"
TO_TRADITIONAL = opencc.OpenCC("s2tw")


def files(*contents: bytes) -> pl.DataFrame:
    rows = [(f"{i}.txt", content, None, None) for i, content in enumerate(contents)]
    schema = {"source_file": pl.String, "content": pl.Binary, "reason": pl.String, "detail": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def sentences() -> list[str]:
    """Real sentences of the first seed document, 8 characters and longer."""
    text = (ROOT / "seeds/documents/000_jingmen_2020_work_priorities.txt").read_text("utf-8")
    return [part for part in re.split(r"[。\n;]", text) if len(part) >= 8]


@pytest.mark.parametrize(
    ("text", "codec", "found"),
    [
        (SENTENCE, "utf-8", "utf-8"),
        (SENTENCE, "utf-8-sig", "utf-8-sig"),
        (SENTENCE, "gb18030", "gb18030"),
        (TO_TRADITIONAL.convert(SENTENCE), "big5", "big5"),
        (TO_TRADITIONAL.convert(SENTENCE) + "碁裏", "cp950", "cp950"),
        (SENTENCE, "utf-16", "utf-16"),
        (SENTENCE, "utf-16-le", "utf-16-le"),
        (SENTENCE, "utf-16-be", "utf-16-be"),
        ("Maternal mortality, 2025\n", "utf-16-le", "utf-16-le"),
        ("Maternal mortality, 2025\n", "ascii", "utf-8"),
        ("血吸虫病", "gb18030", "gb18030"),
        ("衛生局", "big5", "big5"),
    ],
)
def test_an_encoding_is_found_and_the_text_is_exact(text: str, codec: str, found: str) -> None:
    content = text.encode(codec)
    document = decode(files(content)).documents.row(0, named=True)
    digest = hashlib.sha256(content).hexdigest()
    assert document == {
        "document_id": digest[:16],
        "source_file": "0.txt",
        "content_sha256": digest,
        "size_bytes": len(content),
        "encoding": found,
        "char_count": len(text),
        "raw_text": text,
    }


def test_utf_16_big_endian_with_a_mark_has_no_mark_in_its_text() -> None:
    document = decode(files(b"\xfe\xff" + SENTENCE.encode("utf-16-be"))).documents.row(0, named=True)
    assert (document["encoding"], document["raw_text"]) == ("utf-16", SENTENCE)


@pytest.mark.parametrize("codec", ["gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("length", [8, 20, 400])
def test_no_real_sentence_is_read_in_a_wrong_encoding(codec: str, length: int) -> None:
    texts = [sentence[:length] for sentence in sentences()]
    if codec == "big5hkscs":
        texts = [TO_TRADITIONAL.convert(text.replace("‰", "%")) for text in texts]  # Big5 has no ‰
    texts = [text for text in dict.fromkeys(texts) if not text.isascii()]
    decoded = decode(files(*(text.encode(codec) for text in texts))).documents
    assert decoded["raw_text"].to_list() == texts


def test_a_wrong_reading_looks_implausible() -> None:
    wrong = TO_TRADITIONAL.convert(SENTENCE).encode("big5").decode("gb18030", "replace")
    assert plausibility(wrong) < 0.2 < plausibility(SENTENCE)


def test_line_ends_stay_as_they_are() -> None:
    text = "一、总体要求\r\n二、主要任务\r三、保障\n"
    document = decode(files(text.encode())).documents.row(0, named=True)
    assert (document["raw_text"], document["char_count"]) == (text, len(text))


def test_offsets_count_code_points_outside_the_basic_plane_once() -> None:
    assert decode(files("𠮷林省2025年".encode())).documents["char_count"].to_list() == [8]


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        (b"", "empty", "no bytes"),
        (b" \r\n\t", "blank", "white space"),
        (b"\xef\xbb\xbf", "blank", "white space"),
        ("\u3000\u3000\n".encode("utf-16"), "blank", "white space"),
        (bytes(range(256)) * 8, "binary", "control bytes"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 64, "binary", "control bytes"),
        (b"\x00\x01\x02\xff" * 64, "binary", "control bytes"),
        ("第一章\0第二章".encode(), "binary", "control bytes"),
        (b"%PDF-1.7\n", "binary", "a PDF"),
        (b"PK\x03\x04\x14\0", "binary", "Word"),
        (
            SENTENCE.encode()[:40] + b"\xff" + SENTENCE.encode()[41:],
            "undecodable",
            "utf-8 but for the byte at",
        ),
        (b"\xff\xfe" + SENTENCE.encode("utf-16-le") + b"\x4e", "undecodable", "utf-16 but for the byte at"),
        (SENTENCE.encode("gb18030") + b"\x80", "undecodable", "gb18030 but for the byte at"),
        ("Überprüfung der Müttersterblichkeit".encode("latin-1"), "undecodable", "save it as UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(content: bytes, reason: str, words: str) -> None:
    decoded = decode(files(content))
    assert decoded.documents.is_empty()
    source_file, found, detail = decoded.rejected.row(0)
    assert (source_file, found) == ("0.txt", reason)
    assert words in detail


def test_what_was_refused_before_is_passed_on() -> None:
    refused = pl.DataFrame(
        {"source_file": ["a.txt"], "content": [None], "reason": ["unreadable"], "detail": ["no permission"]},
        schema=files().schema,
    )
    assert decode(refused).rejected.rows() == [("a.txt", "unreadable", "no permission")]


def test_no_files_give_empty_frames_of_the_right_shape() -> None:
    assert decode(files()).documents.columns == decode(files(b"a")).documents.columns
