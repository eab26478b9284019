"""Documents to measure with: the samples taken apart and put together anew by a seeded draw.

A document has a header of its own (place, year, issuer, date) and a run of consecutive parts of one or two
samples. Their place and years are changed throughout, their digits are drawn anew, and so are their words:
sentences change places, some fall away, words stand for others that mean the same or are added, items swap.
Each document depends on the seed and its number alone, so a small corpus is the beginning of a large one.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SEED = 20240501
SIZE = (2000, 5400)  # characters of a document's body, about three bytes each
LONG = 25  # characters from which a sentence may be opened by a clause more
DRAWN = 0.8  # share of the numbers that are drawn anew
DROPPED = 0.1  # share of the sentences, and of the clauses within one, that fall away
OPENED = 0.4  # share of the long sentences that a clause more is put before
YEARS = (2018, 2025)

_PLACES = {"000": "荆门", "001": "常州", "002": "广州", "003": "乌海", "004": "某区"}
_YEARS = {"000": 2020, "001": 2024, "002": 2022, "003": 2022, "004": 2022}
_TITLES = {"002": "卫生健康工作总结和下一年工作计划", "003": "卫生健康事业发展规划"}
_TITLE = "全市卫生健康工作要点"
_HEADER = """\
{place}市卫生健康委员会关于印发{year}年{title}的通知

各县(市、区)卫生健康局,委直属各单位,委机关各科室:
现将《{year}年{title}》印发给你们,请结合实际,认真抓好贯彻落实。
{place}市卫生健康委员会
{year}年{month}月{day}日
"""
# Words of one line stand for each other; none is part of an indicator's name or says which way a value goes.
_ALIKE = """\
全面 全力 深入 扎实 积极 大力 主动 着力 稳步 有序
进一步 持续 不断 继续 加快
重点 着重
确保 保证
认真 切实 严格
群众 居民
机制 制度
能力 水平
工作 任务
加強(qiáng) 強(qiáng)化
推進(jìn) 推動(dòng)
"""
_ACTS = "加强 强化 推进 推动 促进 开展 实施 完善 健全 建立 构建 落实 深化 巩固 优化"
_MANNERS = "全面 全力 深入 扎实 积极 大力 着力 稳步 有序 持续 不断 继续 进一步 切实 认真 严格"
_OFFICES = "财政 医保 教育 民政 公安 人社 发改 住建 交通 农业农村 市场监管 生态环境 文旅 应急 工信"
_TERMS = "按照上级统一部署, 结合本地实际, 坚持问题导向, 围绕群众需求, 统筹城乡资源, 压实各方责任,"
_DOING, _OFFICE, _TERM = _ACTS.split(), _OFFICES.split(), _TERMS.split()
_HOW = ("", "", *_MANNERS.split())
_GROUPS = {word: line.split() for line in _ALIKE.splitlines() for word in line.split()}
_WORD = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
_DONE = re.compile("|".join(_DOING))
_NUMERAL = re.compile("(?<![第十百])[二三四五六七八九](?=[个项家类批所])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d")
_HEADING = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[((][一二三四五六七八九十]+[))]|\d+[.、.]|专栏)")
_SENTENCE = re.compile("(?<=[。；;])")
_BOUND = re.compile("[。；;\n]")


class Sample(NamedTuple):
    """A sample without its header: its lines, and at which of them a part may begin."""

    number: str
    lines: list[str]
    starts: list[int]


def document(number: int, seed: int = SEED) -> str:
    """The document of that number."""
    draw = random.Random(f"{seed} {number}")
    chosen = draw.sample(_samples(), draw.choice((1, 1, 2)))
    place, year = draw.choice(_cities()), draw.randint(*YEARS)
    header = _HEADER.format(
        place=place,
        year=year,
        title=_TITLES.get(chosen[0].number, _TITLE),
        month=draw.randint(1, 12),
        day=draw.randint(1, 28),
    )
    size = draw.randint(*SIZE) // len(chosen)
    return header + "".join(_body(sample, size, place, year, draw) for sample in chosen)


def write(folder: Path, documents: int, seed: int = SEED) -> dict[str, Any]:
    """Write the first ``documents`` of the corpus to ``folder``; gives what can be said of them.

    Counted are documents, megabytes (of 10⁶ bytes), numbers (runs of digits), sentences and how many of these
    stand nowhere else before.
    """
    folder.mkdir(parents=True)
    size, numbers, sentences = 0, 0, 0
    distinct: set[int] = set()
    for number in range(documents):
        text = document(number, seed)
        size += (folder / f"{number:06}.txt").write_bytes(text.encode())
        numbers += len(_NUMBER.findall(text))
        said = [sentence for part in _BOUND.split(text) if (sentence := part.strip())]
        sentences += len(said)
        distinct.update(map(hash, said))
    return {
        "documents": documents,
        "megabytes": round(size / 1e6, 3),
        "numbers": numbers,
        "sentences": sentences,
        "distinct_sentences": round(len(distinct) / sentences, 3),
    }


@cache
def _samples() -> list[Sample]:
    return [_sample(path) for path in sorted((ROOT / "seeds/documents").glob("*.txt"))]


def _sample(path: Path) -> Sample:
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.strip().startswith("一、"))
    body = lines[first:]
    left = list(accumulate(map(len, reversed(body))))[::-1]
    starts = [n for n, line in enumerate(body) if _HEADING.match(line) and left[n] >= SIZE[0]]
    return Sample(path.name[:3], body, starts)


@cache
def _cities() -> list[str]:
    """The short names of all prefecture-level cities."""
    with (ROOT / "seeds/reference/jurisdictions.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if (row["level"], row["status"]) == ("prefecture", "current")
        ]
    return [row["name_zh"].removesuffix("市") for row in rows if row["name_zh"].endswith("市")]


def _body(sample: Sample, size: int, place: str, year: int, draw: random.Random) -> str:
    """Lines of ``sample`` from one of its headings on, about ``size`` characters, changed."""
    taken, length = [], 0
    for line in sample.lines[draw.choice(sample.starts) :]:
        taken.append(_line(line, draw) if line.strip() else line)
        length += len(line)
        if length > size:
            break
    text = "\n".join(taken).replace(_PLACES[sample.number], place if sample.number != "004" else f"{place}市")
    return _numbers(text, year - _YEARS[sample.number], draw) + "\n"


def _line(line: str, draw: random.Random) -> str:
    """A paragraph with its sentences in another order, the first one kept, and each in other words."""
    first, *others = _SENTENCE.split(line)
    kept = [sentence for sentence in others if draw.random() >= DROPPED]
    draw.shuffle(kept)
    return _sentence(first, draw) + "".join(_opening(s, draw) + _sentence(s, draw) for s in kept)


def _sentence(sentence: str, draw: random.Random) -> str:
    clauses = re.split("(?<=[,，])", sentence)
    kept = [c for n, c in enumerate(clauses) if n in (0, len(clauses) - 1) or draw.random() >= DROPPED]
    said = "".join(_swapped(clause, draw) for clause in kept)
    said = _WORD.sub(lambda word: draw.choice(_GROUPS[word[0]]), said)
    said = _DONE.sub(lambda word: draw.choice(_HOW) + draw.choice((word[0], word[0], *_DOING[:3])), said)
    return _NUMERAL.sub(lambda _: draw.choice("二三四五六七八九"), said)


def _opening(sentence: str, draw: random.Random) -> str:
    """What is put before a sentence: with whom it is done, under which condition, mostly nothing."""
    if len(sentence) < LONG or draw.random() > OPENED:
        return ""
    one, other = draw.sample(_OFFICE, 2)
    return draw.choice((f"会同市{one}局,", f"联合{one}、{other}等部门,", draw.choice(_TERM)))


def _swapped(clause: str, draw: random.Random) -> str:
    """A clause with the inner items of its list in another order; the outer ones carry other words."""
    first, *inner = clause.split("、")
    if len(inner) < 3:
        return clause
    last = inner.pop()
    draw.shuffle(inner)
    return "、".join([first, *inner, last])


def _numbers(text: str, shift: int, draw: random.Random) -> str:
    """``text`` with its years moved by ``shift`` and most of its other numbers drawn anew."""

    def other(found: re.Match[str]) -> str:
        number = found[0]
        if _YEAR.fullmatch(number):
            return str(min(int(number) + shift, 2035))
        return number if _fixed(found) or draw.random() > DRAWN else _other(number, draw)

    return _NUMBER.sub(other, text)


def _fixed(found: re.Match[str]) -> bool:
    """Whether a number has to stay: a bound of a range, a date, a base, a list number, all of something."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return found[0] == "100" or before in ("", *"\n /—-~～至〔:") or after in (*"—-~～至/月日.、.:)）",)


def _other(number: str, draw: random.Random) -> str:
    """A number of as many digits."""
    first = "0" if number.startswith("0") else str(draw.randint(1, 9))
    return first + "".join(sign if sign == "." else str(draw.randrange(10)) for sign in number[1:])


def texts(folder: Path) -> Iterator[str]:
    """The documents in ``folder``, in their order."""
    return (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
