"""The evidence page: marks at their offsets, the text unchanged, and text from documents as data."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report import evidence_words as words
from pipelines.report.site import write_site
from pipelines.report.spans import Piece, Span, cut
from tests import samples
from warehouse import correction_tables, document_tables, tables, value_tables, vocabulary
from warehouse.files import DATABASE
from warehouse.publish import publish

PLACE = {"jurisdiction_code": "420800", "jurisdiction_name": "荆门市"}
INDICATOR = "hypertension_management_rate"
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror='alert(2)'></script>]]>&lt;javascript:x--><!--"


# ---- cutting


def texts(pieces: list[Piece[str]]) -> list[tuple[str, str]]:
    return [(piece.text, "".join(span.label for span in piece.spans)) for piece in pieces]


def test_a_text_without_spans_is_one_piece() -> None:
    assert texts(cut("abc", [])) == [("abc", "")]
    assert cut("", []) == []


def test_nested_crossing_and_equal_spans_are_cut_at_every_border() -> None:
    sentence, number, repair, same = Span(0, 6, "s"), Span(1, 4, "n"), Span(3, 5, "r"), Span(1, 4, "m")
    assert texts(cut("abcdefg", [repair, number, sentence, same])) == [
        ("a", "s"),
        ("bc", "smn"),
        ("d", "smnr"),
        ("e", "sr"),
        ("f", "s"),
        ("g", ""),
    ]


def test_an_empty_span_stands_between_two_characters() -> None:
    assert texts(cut("ab", [Span(1, 1, "x"), Span(1, 2, "n"), Span(0, 2, "s"), Span(2, 2, "e")])) == [
        ("a", "s"),
        ("", "sx"),
        ("b", "sn"),
        ("", "e"),
    ]
    assert texts(cut("", [Span(0, 0, "x")])) == [("", "x")]


def test_offsets_are_code_points() -> None:
    assert texts(cut("𠮷野95%", [Span(2, 4, "n")])) == [("𠮷野", ""), ("95", "n"), ("%", "")]


def test_a_piece_knows_what_begins_and_ends_with_it() -> None:
    whole, point = Span(0, 2, "w"), Span(1, 1, "p")
    first, between, last = cut("ab", [whole, point])
    assert (first.opens(), first.closes()) == ([whole], [])
    assert (between.opens(), between.closes()) == ([point], [point])
    assert (last.opens(), last.closes()) == ([], [whole])


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8)


@given(st.text(min_size=12, max_size=12), SPANS)
def test_pieces_join_to_the_text_and_to_each_span(text: str, bounds: list[tuple[int, int]]) -> None:
    spans = [Span(min(pair), max(pair), index) for index, pair in enumerate(bounds)]
    pieces = cut(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    for span in spans:
        covered = [piece for piece in pieces if span in piece.spans]
        assert covered[0].start == span.start
        assert "".join(piece.text for piece in covered) == text[span.start : span.end]
        assert [span in piece.opens() for piece in covered] == [True] + [False] * (len(covered) - 1)
        assert [span in piece.closes() for piece in covered] == [False] * (len(covered) - 1) + [True]


# ---- the page


@dataclass
class Mark:
    """An element of the text: its attributes and the characters it holds."""

    tag: str
    attributes: dict[str, str | None]
    start: int
    text: str = ""
    anchors: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What a browser makes of a page: its text, its marks, its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.source = ""
        self.marks: list[Mark] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.json = ""
        self._inside: list[Mark | None] = []
        self._in_source = self._in_json = False
        self.feed(re.sub("\r\n?", "\n", page).replace("\0", ""))  # as a browser reads

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if self._in_source and tag in ("mark", "span"):
            self.marks.append(Mark(tag, attributes, len(self.source)))
            self._inside.append(self.marks[-1])
        elif self._in_source and tag == "a":
            self.marks[-1].anchors.append(str(attributes["id"]))
        self._in_source = self._in_source or attributes.get("id") == "source"
        self._in_json = attributes.get("id") == "readings"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("mark", "span") and self._inside:
            self._inside.pop()
        self._in_source = self._in_source and tag != "div"
        self._in_json = False

    def handle_data(self, data: str) -> None:
        if self._in_json:
            self.json += data
        if self._in_source:
            self.source += data
            for mark in self._inside:
                assert mark
                mark.text += data

    def anchored(self, anchor: str) -> Mark:
        """The one mark with this id."""
        (mark,) = [m for m in self.marks if m.attributes.get("id") == anchor or anchor in m.anchors]
        return mark

    def readings(self) -> dict[str, Any]:
        """The readings, each value by column name."""
        read: dict[str, Any] = json.loads(self.json)
        read["values"] = [dict(zip(read["columns"], row, strict=True)) for row in read["values"]]
        return read


@dataclass
class Case:
    """A document of a warehouse to be: rows with spans named by their first place in ``text``."""

    text: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)

    def add(self, table: str, quote: str, at: int | None = None, /, **fields: Any) -> Case:
        start = self.text.index(quote) if at is None else at
        span = {"char_start": start, "char_end": start + len(quote)}
        row = {"document_id": "d1", "section_id": "s1", **fields, **span}
        self.rows.setdefault(table, []).append(row)
        return self

    def value(self, quote: str, table: str = "fact_indicator_value", **fields: Any) -> Case:
        start = self.text.index(quote)
        if not any(row["char_start"] == start for row in self.rows.get("number_mention", [])):
            self.number(quote)
        own = {"indicator_value_id": f"val{start}", "sentence_start": start}
        row = samples.value("70", 70, **{"quote": quote, "sentence": quote, **own, **fields})
        return self.add(table, quote, **row | {"mention_id": f"m{start}"})

    def number(self, quote: str, disposition: str = "fact", **fields: Any) -> Case:
        start = self.text.index(quote)
        fields = {"mention_id": f"m{start}", "mention": quote, "disposition": disposition} | fields
        return self.add("number_mention", quote, **fields)

    def published(self, folder: Path) -> Path:
        """The site of a warehouse with this one document."""
        frames = samples.warehouse_tables()
        frames["dim_document"] = samples.frame(
            tables.DIM_DOCUMENT,
            {"document_id": "d1", "source_file": "a.txt", "char_count": len(self.text), **self.fields},
        )
        frames["document_text"] = samples.frame(
            tables.DOCUMENT_TEXT, {"document_id": "d1", "raw_text": self.text}
        )
        for table in tables.TABLES:
            if table.name in ("number_mention", "fact_indicator_value", *self.rows):
                rows = [
                    {name: row[name] for name in table.names() if name in row}
                    for row in self.rows.get(table.name, [])
                ]
                frames[table.name] = samples.frame(table, *rows)
        publish(frames, folder)
        write_site(folder / DATABASE, folder / "site")
        return folder / "site"

    def page(self, folder: Path) -> Page:
        written = (self.published(folder) / "documents/d1.html").read_bytes()
        return Page(written.decode())


@pytest.mark.parametrize(
    "text",
    [
        "\n\n 第一行\r\n\r\n第二行95%\r第三行\t\t表\n\n",
        "　　全角　空格\xa095%，\u2002\u2028\ufeff完。",
        "𠮷野家𠀀95%😀\U0010ffff",
        f"{HOSTILE}95%{HOSTILE}",
        "\x0b\x0c\x1f95%\x7f\x85",
        "95%",
    ],
)
def test_the_page_holds_the_text_unchanged_and_the_mark_at_its_place(text: str, tmp_path: Path) -> None:
    page = Case(text).value("95").page(tmp_path)
    start = text.index("95")
    mark = page.anchored(f"v-val{start}")
    assert page.source == text
    assert (mark.tag, mark.start, mark.text) == ("mark", start, "95")
    assert mark is page.anchored(f"m-m{start}")
    assert page.readings()["numbers"] == [[start, start + 2, [0], "fact", None, "x"]]


def test_nul_is_shown_by_its_sign_and_moves_nothing(tmp_path: Path) -> None:
    page = Case("a\0b95").value("95").page(tmp_path)
    assert page.source == "a␀b95"
    assert page.anchored("v-val3").start == 3


def test_a_return_between_two_marks_stays_one_sign(tmp_path: Path) -> None:
    text = "占95\r\n占96\r占97"
    case = Case(text).value("95", sentence="占95\r", sentence_start=0)
    page = case.value("96", sentence="占96", sentence_start=5).value("97").page(tmp_path)
    assert page.source == text
    assert [page.anchored(f"v-val{text.index(n)}").start for n in ("95", "96", "97")] == [1, 6, 10]


def test_values_that_share_a_number_share_its_mark(tmp_path: Path) -> None:
    case = Case("均为95%").value("95", indicator_value_id="a", value_type="actual")
    case.value("95", indicator_value_id="b", value_type="target").value("95", indicator_value_id="c")
    page = case.page(tmp_path)
    mark = page.anchored("v-a")
    assert mark.anchors == ["v-b", "v-c", "m-m2"]
    assert mark.attributes["class"] == "actual target"
    assert page.readings()["numbers"][0][2] == [0, 1, 2]


def test_a_number_that_is_no_fact_has_its_reason(tmp_path: Path) -> None:
    page = Case("第3页,2020年").number("3", "other", detail="counter of the page").page(tmp_path)
    mark = page.anchored("m-m1")
    assert (mark.start, mark.text, mark.attributes["class"]) == (1, "3", "nonfact")
    assert page.readings()["numbers"] == [[1, 2, [], "other", "counter of the page", "x"]]


def test_a_quarantined_value_is_marked_apart_with_the_rule(tmp_path: Path) -> None:
    case = Case("占950%").value("950", "rejected_value", failed_rule="share_at_most_whole", detail="Found")
    page = case.page(tmp_path)
    assert page.anchored("v-val1").attributes["class"] == "quarantined"
    (value,) = page.readings()["values"]
    assert (value["failed_rule"], value["detail"]) == ("share_at_most_whole", "Found")


def repaired(text: str, before: str, at: int | None = None) -> Case:
    return Case(text).add(
        "repair", before, at, repair_id="p", before=before, after="内", reason="why", rule_id="rule"
    )


def test_a_repair_is_shown_at_its_place(tmp_path: Path) -> None:
    page = repaired("8%以?xún),", "?xún)").value("8").page(tmp_path)
    mark = page.anchored("r-p")
    assert (mark.tag, mark.start, mark.text) == ("span", 3, "?xún)")
    assert (mark.attributes["class"], mark.attributes["data-after"]) == ("repair", "内")
    assert page.readings()["repairs"] == [[3, 8, "?xún)", "内", "why", "rule"]]


def test_a_repair_of_nothing_stands_between_two_numbers(tmp_path: Path) -> None:
    page = repaired("94%99%", "", 3).value("94").value("99").page(tmp_path)
    assert page.source == "94%99%"
    assert (page.anchored("r-p").start, page.anchored("r-p").text) == (3, "")
    assert page.anchored("v-val3").text == "99"


def test_a_repair_that_crosses_a_number_leaves_both_at_their_offsets(tmp_path: Path) -> None:
    page = repaired("共12x4人", "x4").value("12x").page(tmp_path)
    parts = [(m.start, m.text, m.attributes.get("data-n"), m.attributes.get("data-r")) for m in page.marks]
    assert parts[1:] == [(1, "12", "0", None), (3, "x", "0", "0"), (4, "4", None, "0")]
    assert page.anchored("v-val1").text == "12"
    assert page.anchored("r-p").text == "x"
    assert [m.attributes.get("data-after") for m in page.marks[1:]] == [None, None, "内"]


def test_the_sentence_of_a_value_is_marked_around_and_within_it(tmp_path: Path) -> None:
    text = "一。甲达95%,乙达96%。二。"
    case = Case(text).value("95", sentence="甲达95%,乙达96%。", sentence_start=2)
    page = case.value("96", sentence="乙达96%", sentence_start=8).page(tmp_path)
    read = page.readings()
    of = {value["quote"]: str(value["sentence"]) for value in read["values"]}
    spoken = {
        quote: "".join(m.text for m in page.marks if index in (m.attributes.get("data-s") or "").split())
        for quote, index in of.items()
    }
    assert spoken == {"95": "甲达95%,乙达96%。", "96": "乙达96%"}
    assert read["sentences"] == [[2, 14], [8, 13]]


def test_the_reading_says_what_the_tables_say(tmp_path: Path) -> None:
    case = Case("70%以上", fields=PLACE)
    case.value("70", indicator_id=INDICATOR, jurisdiction_code="420800", flags=["strive"])
    unit = {"responsible_unit": "卫健局", "position": 1, "responsibility": "lead"}
    case.add("bridge_value_responsible_unit", "70", indicator_value_id="val0", **unit)
    page = case.page(tmp_path)
    read = page.readings()
    (value,) = read["values"]
    assert value["units"] == [["lead", "卫健局"]]
    assert (value["value"], value["unit"], value["comparator"], value["flags"]) == (70, "%", "ge", ["strive"])
    assert read["indicators"][INDICATOR] == [
        "高血压患者规范管理率",
        "x",
        f"indicators/{INDICATOR}.html",
    ]
    assert read["places"] == {"420800": "places/420800.html"}
    assert ("a", {"href": "../places/420800.html"}) in page.elements


def corrected(action: str, value_id: str = "x", **fields: Any) -> dict[str, Any]:
    """A row of correction that was applied."""
    signed = {"corrected_on": dt.date(2025, 6, 30), "status": "applied"}
    return (
        {"correction_id": f"c{value_id}", "action": action, "corrected_value_id": value_id} | signed | fields
    )


def test_a_correction_is_told_with_who_when_and_why(tmp_path: Path) -> None:
    case = Case("甲70%乙80%丙90人").value("70", flags=["corrected"]).value("80", flags=["corrected"])
    case.number("90", "other", detail="rejected by correction")
    said = {"who": "王芳", "why": "原文如此"}
    change = {"field": "value", "old_value": "7", "new_value": "70"}
    case.add("correction", "70", **corrected("set", "val1", **change, **said))
    case.add("correction", "80", **corrected("add", "val5", **said))
    case.add("correction", "90", **corrected("reject", "gone", old_value="90", **said))
    case.add("correction", "70", **corrected("set", "stale", **change, **said) | {"status": "stale"})
    read = case.page(tmp_path).readings()
    assert read["corrections"] == [
        ["val1", 1, 3, "set", "value", "7", "70", "王芳", "2025-06-30", "原文如此"],
        ["val5", 5, 7, "add", None, None, None, "王芳", "2025-06-30", "原文如此"],
        ["gone", 9, 11, "reject", None, "90", None, "王芳", "2025-06-30", "原文如此"],
    ]
    assert read["source_file"] == "a.txt"


def test_what_has_no_page_has_no_link(tmp_path: Path) -> None:
    case = Case("70%以上", fields=PLACE)
    fields = {"indicator_id": INDICATOR, "jurisdiction_code": "420800"}
    page = case.value("70", "rejected_value", failed_rule="x", detail="x", **fields).page(tmp_path)
    read = page.readings()
    assert read["indicators"][INDICATOR][2] is None
    assert read["places"] == {}
    assert not [a for tag, a in page.elements if tag == "a" and "places/" in str(a.get("href"))]


def test_hostile_text_is_data_wherever_it_stands(tmp_path: Path) -> None:
    text = f"{HOSTILE}70%{HOSTILE}9号"
    fields = {"title": HOSTILE, "issuer": HOSTILE, "document_number": HOSTILE, "jurisdiction_name": HOSTILE}
    case = Case(text, fields=fields)
    case.value("70", indicator_text=HOSTILE, qualifier=HOSTILE, unit=HOSTILE, jurisdiction_name=HOSTILE)
    case.number("9", "other", detail=HOSTILE)
    case.add("repair", "号", repair_id="p", before="号", after=HOSTILE, reason=HOSTILE)
    case.add("correction", "9", **corrected("reject"), **dict.fromkeys(("who", "why", "old_value"), HOSTILE))
    case.add("header_evidence", "", 0, field="title", value=HOSTILE, found_by=HOSTILE)
    case.add("dim_section", text, section_id="s1", level=0, title=HOSTILE, section_path=HOSTILE)
    page = case.page(tmp_path)
    assert page.source == text
    assert [a for tag, a in page.elements if tag == "script"] == [
        {"type": "application/json", "id": "readings"},
        {"src": "../static/site.js"},
        {"src": "../static/corrections.js"},
        {"src": "../static/evidence.js", "data-root": "../"},
    ]
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, a in page.elements for name in a if name.startswith("on")]
    assert not [a for _, a in page.elements if str(a.get("href")).startswith("javascript")]
    assert page.anchored("r-p").attributes["data-after"] == HOSTILE
    assert page.readings()["values"][0]["indicator_text"] == HOSTILE


def test_header_coverage_and_contents(tmp_path: Path) -> None:
    case = Case("一、总则\n70%", fields={"title": "工作要点", "issuer": "某局"}).value("70")
    case.add("header_evidence", "", 0, field="issuer", value="某局", found_by="issuer_label")
    case.add("dim_section", "", 0, section_id="s0", level=0, title="", role="plan")
    case.add("dim_section", case.text, section_id="s1", level=2, title="一、总则", role="review")
    folder = case.published(tmp_path)
    written = (folder / "documents/d1.html").read_text(encoding="utf-8")
    assert re.search(r"发文机关.*<td>某局</td><td><code>issuer_label</code></td>", written)
    assert re.search(r"values published</span></th><td class=\"figure\">1</td>", written)
    assert '<a href="#s-s1">一、总则</a>' in written
    page = Page(written)
    assert page.anchored("s-s1").start == 0
    assert page.readings()["values"][0]["section"] == 1


def test_the_same_warehouse_gives_the_same_pages(tmp_path: Path) -> None:
    site = Case("70%").value("70").published(tmp_path)
    before = (site / "documents/d1.html").read_bytes()
    write_site(tmp_path / DATABASE, tmp_path / "again")
    assert (tmp_path / "again/documents/d1.html").read_bytes() == before


def test_every_anchor_of_the_samples_is_there_once(warehouse: Path, tmp_path: Path) -> None:
    import duckdb

    write_site(warehouse / DATABASE, tmp_path / "site")
    with duckdb.connect(str(warehouse / DATABASE), read_only=True) as connection:
        texts = dict(connection.execute("SELECT document_id, raw_text FROM document_text").fetchall())
        marks = connection.execute(
            "SELECT document_id, 'v-' || indicator_value_id, char_start, quote FROM fact_indicator_value "
            "UNION ALL SELECT document_id, 'v-' || indicator_value_id, char_start, quote FROM rejected_value "
            "UNION ALL SELECT document_id, 'm-' || mention_id, char_start, mention FROM number_mention"
        ).fetchall()
    pages = {name: Page((tmp_path / f"site/documents/{name}.html").read_text("utf-8")) for name in texts}
    assert {name: page.source for name, page in pages.items()} == texts
    anchors = {
        (name, anchor): (mark.start, mark.text)
        for name, page in pages.items()
        for mark in page.marks
        for anchor in (mark.attributes.get("id"), *mark.anchors)
    }
    assert {(name, anchor): anchors.get((name, anchor)) for name, anchor, _, _ in marks} == {
        (name, anchor): (start, quote) for name, anchor, start, quote in marks
    }


def test_a_page_of_ten_thousand_numbers_stays_under_six_megabytes(tmp_path: Path) -> None:
    sentence = "到2025年，全市高血压患者规范管理率达到00%以上，" + "落实" * 10 + "。\n"
    case = Case(sentence * 10_000)
    for start in range(sentence.index("00"), len(case.text), len(sentence)):
        name = f"{start:016x}"
        case.add("number_mention", "00", start, mention_id=name, mention="00", disposition="fact")
        whole = {"sentence": sentence[:-1], "sentence_start": start - sentence.index("00")}
        value = samples.value("70", 0, quote="00", indicator_value_id=name, **whole)
        case.add("fact_indicator_value", "00", start, **value | {"mention_id": name})
    assert len(case.text) == 490_000
    assert (case.published(tmp_path) / "documents/d1.html").stat().st_size < 6_000_000


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (value_tables.DISPOSITIONS, words.DISPOSITIONS),
        (correction_tables.ACTIONS, words.ACTIONS),
        (value_tables.FLAGS, words.FLAGS),
        (value_tables.RESOLUTIONS, words.RESOLUTIONS),
        (value_tables.RESPONSIBILITIES, words.RESPONSIBILITIES),
        (value_tables.VALUE_TYPES, words.KINDS),
        (vocabulary.CHANGES, words.CHANGES),
        (vocabulary.COMPARATORS, words.COMPARATORS),
        (vocabulary.COMPARATORS, words.SIGNS),
        (document_tables.DOCUMENT_TYPES, words.DOCUMENT_TYPES),
        (document_tables.SECTION_ROLES, words.SECTION_ROLES),
    ],
)
def test_every_code_has_words(codes: tuple[str, ...], named: dict[str, Any]) -> None:
    assert set(codes) <= set(named)
