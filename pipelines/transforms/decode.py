"""Bytes to text: the encoding found, the hash taken, what cannot be read set aside with a reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from pipelines import limits
from warehouse.contract import polars_schema
from warehouse.document_tables import REJECTED_DOCUMENT

DOCUMENTS = pl.Schema(
    {
        "document_id": pl.String(),
        "source_file": pl.String(),
        "content_sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "encoding": pl.String(),
        "char_count": pl.Int64(),
        "raw_text": pl.String(),
    }
)

# With a byte order mark these codecs take it off themselves, so that a BOM is never part of the text.
_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Without one, the most plausible reading wins; of equally plausible ones, the first.
_UNMARKED = ("utf-8", "gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_WIDE = ("utf-16-le", "utf-16-be")
_FORMATS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word, Excel, WPS or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or WPS file"),
    (b"{\\rtf", "an RTF file"),
)

_NO_WORDS = " \t\n\r\f\v\x1a\x1c\x1d\x1e\x1f\x85\xa0\u2000\u2028\u2029\u200b\u3000\ufeff"
_CONTROLS = "".join(chr(code) for code in (*range(32), 127) if chr(code) not in _NO_WORDS)
_LINE_END = r"\r?\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
_NUMBER = r"\d+|全覆盖|分之|[一二两三四五六七八九]成"  # all that may be read as one
_MAX_CONTROLS = 0.01  # share of control characters above which "text" is something else
_MIN_PLAUSIBLE = 0.2  # real sentences score above 0.4, a damaged or wrong reading below 0.15
_NEUTRAL = 0.5  # what an ASCII text scores, which has no character that tells anything

# The commonest characters of health policy and of Chinese at large; in a wrong reading they are rare.
_COMMON = frozenset(
    "医疗卫生健康建的全和实务人机市制进院设作化工展强服推管力理发中构体动区加业病一公重行治基防级合立大保能提"
    "共科以系监用开为度高政项点年家控施应新专持完规分等药心学国层民法个各面成事党善平疫落与标统育率好社急导位"
    "升联效目资入诊续会三责改范到有情预员质现性处及传创定优要主方信部委任准组上对量深结救程疾障不步域技策安老"
    "水本核领式支指期城做职达门群置促二测广源活局单精查革网产物划办养才州四术关室护评在儿常地息教通坚备运时品"
    "下调督综织妇接协省同整配增数向培互十费是确考经多出村检复床格内引转案挥风自模严类染神件价总决所五特快集习"
    "筹态居执研长造抓干众相更台两口供海府计乡线补绩庭过索临打队积验题文付充属求极种场营明识于探形示代约争普宣"
    "断慢按托试次先把了我他这们来说就可也你而子那得着之后里道然么去如都当没起看天还小其些样她前但因只从想日军"
    "者意无它第此已使知又正外将间由问很最并手战头美见被利什或己身果西斯月话回表给世原东声比解名真论走义几认条"
    "气尔别女变何电少报反受太再感必直德命山金克许至便空马司眼书非则听白却界光放即像难且权思王象色路记南住告据"
    "北边死张该交万取拉望觉师观清今切让候带孕产儿童婴死亡率癌肿瘤疫苗接种"
    "醫衛衞療實務機進設強發構體動區業級監開爲為項點應專規藥學國層個黨與標統導聯資診續會責範預員質現處傳創優準組"
    "對結領職達門羣群測廣單網產劃辦養術關護評兒堅備運時調綜織婦協數費確經檢覆復牀內轉揮風嚴類價總決習籌態執長"
    "幹衆眾臺兩計鄉線綫補績過臨隊積驗題屬極種場營識於約爭斷試這們來說後裏裡麼當沒還樣從軍無將間問並戰頭見話給"
    "東聲論義幾認條氣爾別變電報許馬書則聽卻難權記據邊張該萬覺師觀讓帶著嬰腫"
    "，。、；：“”「」《》（）！？％"
)


class Decoded(NamedTuple):
    """``documents``: document_id, source_file, content_sha256, size_bytes, encoding, char_count, raw_text.

    ``rejected``: the columns of the table ``rejected_document``.
    """

    documents: pl.DataFrame
    rejected: pl.DataFrame


class _Text(NamedTuple):
    encoding: str
    text: str


class _Refusal(NamedTuple):
    reason: str
    detail: str


def decode(files: pl.DataFrame) -> Decoded:
    """Decode ``files`` (source_file, content, reason, detail), one row a file, in the order given.

    ``raw_text`` is ``content.decode(encoding)`` exactly: line ends stay as they are, and a byte order mark
    is not part of it, because the encodings named for marked files (``utf-8-sig``, ``utf-16``) take it off.
    All offsets of the warehouse count the code points of this text. A row with a ``reason`` was refused
    before (see :mod:`pipelines.sources`) and is passed on to ``rejected``.
    """
    documents: list[dict[str, object]] = []
    rejected: list[tuple[str, str, str]] = []
    for source_file, content, reason, detail in files.select(
        "source_file", "content", "reason", "detail"
    ).iter_rows():
        outcome = _Refusal(reason, detail) if reason else _read(content)
        if isinstance(outcome, _Text):
            documents.append(_document(source_file, content, outcome))
        else:
            rejected.append((source_file, *outcome))
    return Decoded(
        pl.DataFrame(documents, schema=DOCUMENTS, orient="row"),
        pl.DataFrame(rejected, schema=polars_schema(REJECTED_DOCUMENT), orient="row"),
    )


def _document(source_file: str, content: bytes, found: _Text) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    return {
        "document_id": digest[:16],
        "source_file": source_file,
        "content_sha256": digest,
        "size_bytes": len(content),
        "encoding": found.encoding,
        "char_count": len(found.text),
        "raw_text": found.text,
    }


def _read(content: bytes) -> _Text | _Refusal:
    """The text of one file, or why it has none."""
    if not content:
        return _Refusal("empty", "the file has no bytes; fetch it again")
    if len(content) > limits.MAX_BYTES:
        return _Refusal("too_large", limits.too_large(len(content)))
    for signature, kind in _FORMATS:
        if content.startswith(signature):
            return _Refusal("binary", f"the file is {kind} in spite of its name; save it as plain text")
    found = _decoded(content)
    if isinstance(found, _Refusal):
        return found
    if not found.text.strip(_NO_WORDS):
        return _Refusal("blank", "the file holds nothing but white space; fetch it again")
    if "\0" in found.text or _controls(found.text) > _MAX_CONTROLS:
        return _binary()
    return _too_much(found.text) or found


def _too_much(text: str) -> _Refusal | None:
    """Why ``text`` is more than is read of one document, if it is."""
    if len(text) <= min(limits.MAX_NUMBERS, limits.MAX_LINES):
        return None
    counted = pl.Series([text]).str
    lines, numbers = counted.count_matches(_LINE_END)[0], counted.count_matches(_NUMBER)[0]
    if numbers > limits.MAX_NUMBERS:
        return _Refusal("too_many_numbers", limits.too_many_numbers(numbers))
    if lines > limits.MAX_LINES:
        return _Refusal("too_large", limits.too_large(lines, "lines", limits.MAX_LINES))
    return None


def _decoded(content: bytes) -> _Text | _Refusal:
    for mark, codec in _MARKED:
        if content.startswith(mark):
            return _strictly(content, codec)
    if b"\0" not in content:
        try:
            return _Text("utf-8", content.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    return _most_plausible(content)


def _most_plausible(content: bytes) -> _Text | _Refusal:
    """Of all readings the one that looks most like Chinese, if it does and no byte is left over.

    The readings compete with their damaged places replaced, so that a UTF-8 file with one broken byte is
    reported as that and not taken for GB18030, which gives nearly any bytes some meaning.
    """
    candidates = _WIDE if b"\0" in content else _UNMARKED
    scores = {codec: plausibility(content.decode(codec, "replace")) for codec in candidates}
    best = max(candidates, key=lambda codec: scores[codec])
    if scores[best] >= _MIN_PLAUSIBLE:
        return _strictly(content, best)
    if b"\0" in content or _controls(content.decode("latin-1")) > _MAX_CONTROLS:
        return _binary()
    return _Refusal("undecodable", "no known encoding gives Chinese text; save it as UTF-8")


def _strictly(content: bytes, codec: str) -> _Text | _Refusal:
    try:
        return _Text(codec, content.decode(codec))
    except UnicodeDecodeError as error:
        return _Refusal(
            "undecodable",
            f"reads as {codec} but for the byte at offset {error.start}; fetch it again or save it as UTF-8",
        )


def _binary() -> _Refusal:
    return _Refusal("binary", "the file holds control bytes, not text; save the document as plain text")


def _controls(text: str) -> float:
    """Share of control characters that no text file has a use for, 0 to 1."""
    stored = text.encode(
        errors="surrogatepass"
    )  # each of them is one byte there, and no part of another sign
    return (len(stored) - len(stored.translate(None, _CONTROLS.encode()))) / len(text)


def plausibility(text: str) -> float:
    """How much ``text`` looks like Chinese: the mean weight of its telling characters, -1 to 1."""
    counts = Counter(text)
    telling = [(weight, n) for sign, n in counts.items() if (weight := _weight(sign)) is not None]
    if not telling:
        return _NEUTRAL if text.isascii() else 0.0
    return sum(weight * n for weight, n in telling) / sum(n for _, n in telling)


@lru_cache(maxsize=65536)
def _weight(sign: str) -> float | None:
    """1 for a common character, 0.25 for a known and 0 for a rare one; below 0 for what no text has."""
    if sign in _COMMON:
        return 1.0
    if sign in _CONTROLS or "\x80" <= sign < "\xa0":
        return -1.0
    if sign < "\u0250" or _is_sign(sign):
        return None
    if "\u4e00" <= sign <= "\u9fff":
        return 0.25 if _in_rows(sign, "gb2312", 0xB0, 0xD7) or _in_rows(sign, "big5", 0xA4, 0xC6) else 0.0
    return -1.0


def _is_sign(sign: str) -> bool:
    """Punctuation, numbering, box drawing and full-width forms: they speak for no reading."""
    return "\u2000" <= sign <= "\u27ff" or "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uff5e"


def _in_rows(sign: str, codec: str, first: int, last: int) -> bool:
    """Whether ``codec`` has ``sign`` among the characters its standard calls frequently used."""
    try:
        return first <= sign.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
