"""The pasted text in one spelling, every sign still knowing where it came from, cut into sentences and clauses.

And a field found in it, with the words it was taken from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeAlias, TypeVar

from targetwatch.model.problem import Problem

_SIMPLIFIED = dict(
    zip(
        "標準萬億貨總運輸陸長經過約開產業區縣際聯鐵關稅綜對東盟門廣漢龍寧雲貴蘭臺灣額進資項目個處兩幾較計達創實"
        "協議簽統調連續積淨減擴漲與從為於會網線車輛間時價機電動場點報導劃預將爭東西邊際項數發佈貿跨稱該則節復歷"
        "増経総対発運輸額進価車両個円図団駅広県単際帯転軽労"
        "國據顯順雙學書員銀濟賣買購費財務還這們來係無應當後環緊張強勢頭農漁礦鋼銅鋁腦軟體絡訊號碼纜飛艦艙裝備構築規設畫圖評審檢驗監測試選擇優質獎勵興蘇穩縮緩壓競亞歐韓緬"
        "陽遼魯閩贛陝內島橋樓鎮鄉華僅餘單壹貳參肆專賬戶歸屬風險維護衛療藥訂極證權債盤談話見覽閱讀認識語詞譯論課題",
        "标准万亿货总运输陆长经过约开产业区县际联铁关税综对东盟门广汉龙宁云贵兰台湾额进资项目个处两几较计达创实"
        "协议签统调连续积净减扩涨与从为于会网线车辆间时价机电动场点报导划预将争东西边际项数发布贸跨称该则节复历"
        "增经总对发运输额进价车两个元图团站广县单际带转轻劳"
        "国据显顺双学书员银济卖买购费财务还这们来系无应当后环紧张强势头农渔矿钢铜铝脑软体络讯号码缆飞舰舱装备构筑规设画图评审检验监测试选择优质奖励兴苏稳缩缓压竞亚欧韩缅"
        "阳辽鲁闽赣陕内岛桥楼镇乡华仅余单一二三四专账户归属风险维护卫疗药订极证权债盘谈话见览阅读认识语词译论课题",
        strict=True,
    )
)
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u301c\u223c~\uff5e\u2500", "-")
_QUOTES = dict.fromkeys("\u2018\u2019\u02bc\uff07", "'")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\r")
_SIGNS = {**_FULL_WIDTH, **_SPACES, **_DASHES, **_QUOTES, **_SIMPLIFIED, "\uff61": "。", "\ufe50": ",", "\ufe6a": "%"}
_MIDDLE_DOT = re.compile("(?<=[0-9])[\u30fb\uff65\u00b7](?=[0-9])")
_JOINED = re.compile("(?<=[0-9])-(?=per|[mb]illion|trillion)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+")
_SPELLED_OUT = re.compile(
    "百分之(?:([0-9]+(?:\\.[0-9]+)?)|([一二两三四五六七八九十百零]{1,7})(?:点([一二三四五六七八九零]{1,4}))?)"
)
_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_IN_WORDS = re.compile(
    rf"\b({'|'.join(_NUMBER_WORDS)})(?=[\s-](?:percent|per\scent|percentage|million|billion|trillion)\b)"
)
_NUMERALS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
LONGEST_SENTENCE = 800
"""A longer one is cut: nobody writes one, and what is read of a sentence may look at all of it at each figure."""

_SENTENCE = re.compile(
    r"[。!?;\n]|(?<!\.)\.(?=\s|$)(?<!\b[a-z]\.)(?<!approx\.)(?<!sept\.)(?<!no\.)(?<!\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\.)(?<!\b(?:st|mr|dr|co)\.)|…(?=\s)"
)
_CLAUSE = re.compile(r",(?![0-9]{3}(?![0-9]))|[、:]|\s--?\s|\bwhile\b|\bwhereas\b|…")
T_co = TypeVar("T_co", covariant=True)
Remarks: TypeAlias = tuple[Problem, ...]
"""What had to be inferred, or speaks against a proposal: codes of `wording.problems` with their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T_co]):
    """One field: its value, and `text`, the words of the pasted text from `start` to `end` that say it.

    An inferred one may stand on no words of the text (`text` empty, `start` equal to `end`); `why` then says what it
    stands on. `typed` is what a person would type for it; `confidence` is 0..1.
    """

    value: T_co
    typed: str
    text: str = ""
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    inferred: bool = False
    why: Remarks = ()


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text lower-cased, simplified, with ASCII digits and signs; `origins` says where each sign stood.

    A web address becomes blanks: its numbers are no figures.
    """

    text: str
    origins: tuple[int, ...]
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the signs from `start` to `end` stood in the source; blanks at the ends are left out."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start == end:
            place = self.origins[start] if start < len(self.origins) else len(self.source)
            return place, place
        return self.origins[start], self.origins[end - 1] + 1

    def words(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the words of the source for the signs from `start` to `end`, and where they stood."""
        first, last = self.span(start, end)
        return self.source[first:last], first, last


def plain_text(source: str) -> PlainText:
    """Return `source` in one spelling."""
    signs: list[str] = []
    origins: list[int] = []
    for place, sign in enumerate(source):
        if sign in _INVISIBLE:
            continue
        lower = _SIGNS.get(sign, sign).lower()
        signs.append(lower if len(lower) == 1 else sign)
        origins.append(place)
    signs, origins = _digits("".join(signs), origins)
    signs, origins = _words_to_digits("".join(signs), origins)
    text = _JOINED.sub(" ", _MIDDLE_DOT.sub(".", "".join(signs)))
    text = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    return PlainText(text, tuple(origins), source)


def _digits(text: str, origins: list[int]) -> tuple[list[str], list[int]]:
    """Return the text with 百分之二十八 as 28%, the first and the last sign of it standing where they stood."""
    signs: list[str] = []
    places: list[int] = []
    at = 0
    for found in _SPELLED_OUT.finditer(text):
        digits = found[1] or _number(found[2]) + (
            "." + "".join(str(_NUMERALS[one]) for one in found[3]) if found[3] else ""
        )
        signs += [*text[at : found.start()], *digits, "%"]
        places += [*origins[at : found.start()], *[origins[found.start()]] * len(digits), origins[found.end() - 1]]
        at = found.end()
    return [*signs, *text[at:]], [*places, *origins[at:]]


def _words_to_digits(text: str, origins: list[int]) -> tuple[list[str], list[int]]:
    """Return the text with "nine percent" as 9 percent, the digits standing on the first letters."""
    signs: list[str] = []
    places: list[int] = []
    at = 0
    for found in _IN_WORDS.finditer(text):
        digits = str(_NUMBER_WORDS.index(found[1]) + 1)
        signs += [*text[at : found.start()], *digits]
        places += origins[at : found.start() + len(digits)]
        at = found.end()
    return [*signs, *text[at:]], [*places, *origins[at:]]


def _number(numerals: str) -> str:
    """Return Chinese numerals below a thousand in digits."""
    total, digit = 0, 0
    for sign in numerals:
        if sign in _NUMERALS:
            digit = _NUMERALS[sign]
            continue
        total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
    return str(total + digit)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it lies in the plain text, and where its clauses begin and end."""

    start: int
    end: int
    clauses: tuple[tuple[int, int], ...]

    def clause(self, place: int) -> tuple[int, int]:
        """Return the clause that holds `place`."""
        return next((clause for clause in self.clauses if clause[0] <= place < clause[1]), self.clauses[-1])


def sentences(text: str) -> Iterator[Sentence]:
    """Give the sentences of a plain text in order, the empty ones left out."""
    start = 0
    for found in _SENTENCE.finditer(text):
        yield from _cut(text, start, found.end())
        start = found.end()
    yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > LONGEST_SENTENCE:
        blank = max(text.rfind(" ", start, start + LONGEST_SENTENCE), text.rfind(",", start, start + LONGEST_SENTENCE))
        middle = blank + 1 if blank > start else start + LONGEST_SENTENCE
        yield from _sentence(text, start, middle)
        start = middle
    yield from _sentence(text, start, end)


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    if not text[start:end].strip():
        return
    edges = [start, *(found.end() for found in _CLAUSE.finditer(text, start, end)), end]
    clauses = tuple((first, last) for first, last in pairwise(edges) if first < last)
    yield Sentence(start, end, clauses)
