"""Documents damaged by chance: what scraping, converting and copying do to a page, and worse.

Everything is drawn from one seeded generator, so that a finding can be made again.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "seeds/documents", ROOT / "tests/gold/documents")
LONGEST = 5000  # signs of the part of a document that is damaged
SPANS = (1, 2, 5, 20, 100, 400)
STRANGE = "\0\r\n\t\x0b\x1c\x1f\x85\xa0\u200b\u200d\u2028\u3000\ufeff\ufffd\ue000\ue002\ue003𠮷①５٣²½〇〡"
SIGNS = "0123456789.,%‰/()（）[]【】〔〕⟦⟧“”‘’\"'《》、。；：:;|│\t\n -—~～至到年月日万亿百分之成全覆盖"
NUMBERS = (
    "9" * 400,
    "1" * 30 + "." + "2" * 30,
    "0.0000000000000000001%",
    "1e308",
    "-0",
    "1,2,3,4,5",
    "1.2.3.4",
    "2025-13-45",
    "99999年99月",
    "百分之百分之九十",
    "1-2-3-4-5%",
    "1+2+3+N",
    "10万亿亿万",
    "全覆盖全覆盖",
    "三成成半",
)
CODECS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5")

Draw = random.Random
Mutation = Callable[[Draw, str, list[str]], str]


def originals() -> list[str]:
    """The texts of the samples and of the labelled documents, in the order of their paths."""
    return [p.read_bytes().decode() for folder in FOLDERS for p in sorted(folder.glob("*.txt"))]


def documents(seed: int, number: int) -> Iterator[bytes]:
    """``number`` damaged documents, all different, the same for the same ``seed``."""
    draw, texts, given = random.Random(seed), originals(), set[bytes]()
    while len(given) < number:
        text = _part(draw, draw.choice(texts))
        for mutation in draw.choices(MUTATIONS, k=draw.randint(1, 6)):
            text = mutation(draw, text, texts)
        content = _encoded(draw, text)
        if content not in given:
            given.add(content)
            yield content


def _part(draw: Draw, text: str) -> str:
    start = draw.choice((0, draw.randrange(len(text))))
    return text[start : start + draw.randint(1, LONGEST)]


def _span(draw: Draw, text: str) -> tuple[int, int]:
    start = draw.randint(0, len(text))
    return start, min(len(text), start + draw.randint(1, draw.choice(SPANS)))


def _put(draw: Draw, text: str, new: str) -> str:
    at = draw.randint(0, len(text))
    return text[:at] + new + text[at:]


def delete(draw: Draw, text: str, _: list[str]) -> str:
    """A span is lost."""
    start, end = _span(draw, text)
    return text[:start] + text[end:]


def repeat(draw: Draw, text: str, _: list[str]) -> str:
    """A span stands there several times."""
    start, end = _span(draw, text)
    return text[:end] + text[start:end] * draw.randint(1, 5) + text[end:]


def swap(draw: Draw, text: str, _: list[str]) -> str:
    """Two spans change places."""
    (a, b), (c, d) = sorted((_span(draw, text), _span(draw, text)))
    return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def splice(draw: Draw, text: str, texts: list[str]) -> str:
    """The text goes on in the middle of another one."""
    return text[: draw.randint(0, len(text))] + _part(draw, draw.choice(texts))


def scatter(draw: Draw, text: str, _: list[str]) -> str:
    """Signs with a meaning, or without any, stand where they should not."""
    signs = draw.choice((SIGNS, STRANGE))
    for _place in range(draw.randint(1, 30)):
        text = _put(draw, text, draw.choice(signs))
    return text


def unknown(draw: Draw, text: str, _: list[str]) -> str:
    """Code points of any kind."""
    codes = (draw.randrange(0x110000) for _place in range(draw.randint(1, 20)))
    return _put(draw, text, "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000))


def widen(draw: Draw, text: str, _: list[str]) -> str:
    """Half-width signs of a span become full-width ones, or the other way round."""
    start, end = _span(draw, text)
    wide = "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in text[start:end])
    return text[:start] + draw.choice((wide, unicodedata.normalize("NFKC", wide))) + text[end:]


def break_numbers(draw: Draw, text: str, _: list[str]) -> str:
    """Some numbers have a line end, a space or a tab in them."""
    gap, often = draw.choice(("\n", "\r\n", " ", "\t", "\n\n", "|")), draw.random() / 2
    return "".join(s + gap if s.isdigit() and draw.random() < often else s for s in text)


def join_lines(draw: Draw, text: str, _: list[str]) -> str:
    """All line ends are lost, or are something else."""
    return text.replace("\n", draw.choice(("", " ", "\r", "\u2028", "|\n|", "\t", "。")))


def tabulate(draw: Draw, text: str, _: list[str]) -> str:
    """The signs between words become those between cells."""
    return text.replace(draw.choice("，。、；的"), draw.choice(("\t", "|", " | ", "    ", "\n")))


def enlarge(draw: Draw, text: str, _: list[str]) -> str:
    """Numbers no one can mean."""
    return _put(draw, text, draw.choice(NUMBERS))


def nest(draw: Draw, text: str, _: list[str]) -> str:
    """A span in brackets in brackets."""
    start, end = _span(draw, text)
    (opening, closing), deep = draw.choice(("()", "（）", "“”", "《》", "〔〕", "[]")), draw.randint(1, 200)
    return text[:start] + opening * deep + text[start:end] + closing * draw.choice((deep, 0, 1)) + text[end:]


MUTATIONS: tuple[Mutation, ...] = (
    delete,
    repeat,
    swap,
    splice,
    scatter,
    unknown,
    widen,
    break_numbers,
    join_lines,
    tabulate,
    enlarge,
    nest,
)


def _encoded(draw: Draw, text: str) -> bytes:
    """The text as bytes, now and then cut, or with a byte changed."""
    content = text.encode(draw.choice(CODECS), "ignore")
    damage = draw.random()
    if damage < 0.05:
        return content[: draw.randint(0, len(content))]
    if damage < 0.08 and content:
        at = draw.randrange(len(content))
        return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]
    return content
