"""Every number is accounted for, whatever the text."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading import read

WORDS = (
    "到 2025 年 7 0 1,926 . , 。 % ‰ /10万 - — ～ 至 万 余 全覆盖 百分之 九十 \n \r\n | \t ( (wèi) 衛 第 岁 "
    "以上 5 1+N 率达 人 、 ① ５ ٣ ² ⟦ “ 2020年4月29日 202515岁 率\n"
)
PIECES = st.sampled_from([*WORDS.split(" "), " ", "\ue000", "\x1f"])
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


DOCUMENTS = st.lists(TEXTS, min_size=5, max_size=10, unique=True)


def covering(texts: list[str]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each text that could be read with the spans of its mentions."""
    tables = read(*texts)
    rejected = set(tables["rejected_document"]["source_file"])
    spans: dict[str, list[tuple[int, int, str]]] = {
        f"{n}.txt": [] for n in range(len(texts)) if f"{n}.txt" not in rejected
    }
    for file, *span in (
        tables["number_mention"].select("source_file", "char_start", "char_end", "mention").rows()
    ):
        spans[file].append(tuple(span))
    return [(texts[int(file.removesuffix(".txt"))], found) for file, found in spans.items()]


@settings(max_examples=25, deadline=None)
@given(DOCUMENTS)
def test_each_digit_lies_in_exactly_one_mention(texts: list[str]) -> None:
    for raw, spans in covering(texts):
        for start, end, mention in spans:
            assert raw[start:end] == mention
        for digit in re.finditer(r"\d", raw):
            inside = [span for span in spans if span[0] <= digit.start() < span[1]]
            assert len(inside) == 1, (raw, digit, spans)


@settings(max_examples=25, deadline=None)
@given(DOCUMENTS)
def test_no_run_of_digits_is_cut_in_two_but_where_a_year_was_glued_on(texts: list[str]) -> None:
    for raw, spans in covering(texts):
        for run in re.finditer(r"\d+", raw):
            if re.match(r"(?:19|20)\d\d\d", run.group()):
                continue
            assert any(span[0] <= run.start() and run.end() <= span[1] for span in spans), (raw, run, spans)
