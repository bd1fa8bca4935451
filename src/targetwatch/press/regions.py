"""Which places a text names and in which role, and of which place a figure therefore is.

A place holds for what follows until another is named. Provinces and big cities of China stand here, the world's
countries come from Babel, an indicator's own places from its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from targetwatch.model import Text
from targetwatch.press.text import PlainText

NATION = "china"
COUNTRY = "the country"
"""The country that a text is of, unnamed."""
_CHINESE: dict[str, str] = dict(
    re.findall(
        r"([a-z' ]+) ([\u4e00-\u9fff]+)(?:, |$)",
        "beijing 北京, tianjin 天津, hebei 河北, shanxi 山西, inner mongolia 内蒙古, liaoning 辽宁, "
        "jilin 吉林, heilongjiang 黑龙江, shanghai 上海, jiangsu 江苏, zhejiang 浙江, anhui 安徽, fujian 福建, "
        "jiangxi 江西, shandong 山东, henan 河南, hubei 湖北, hunan 湖南, guangdong 广东, guangxi 广西, "
        "hainan 海南, chongqing 重庆, sichuan 四川, guizhou 贵州, yunnan 云南, tibet 西藏, shaanxi 陕西, "
        "gansu 甘肃, qinghai 青海, ningxia 宁夏, xinjiang 新疆, hong kong 香港, macao 澳门, taiwan 台湾, "
        "chengdu 成都, xi'an 西安, wuhan 武汉, guangzhou 广州, shenzhen 深圳, kunming 昆明, nanning 南宁, "
        "ningbo 宁波, hangzhou 杭州, nanjing 南京, suzhou 苏州, qingdao 青岛, xiamen 厦门, dalian 大连, "
        "zhengzhou 郑州, changsha 长沙, fuzhou 福州, jinan 济南, hefei 合肥, harbin 哈尔滨, guiyang 贵阳, "
        "lanzhou 兰州, urumqi 乌鲁木齐, haikou 海口, shenyang 沈阳",
    )
)
ALSO = {
    **dict.fromkeys(("全国", "我国", "chinese"), NATION),
    **dict.fromkeys(("nationwide", "the country's", "the nation"), COUNTRY),
    **dict.fromkeys(("u.s.", "us", "usa"), "united states"),
    **dict.fromkeys(("uk", "u.k.", "britain"), "united kingdom"),
    "eu": "european union",
}
"""Other words for a place, adjectives with them."""
_CAPITALS = ("us", "uk", "eu")
"""Names that only capital letters tell from a word."""


@cache
def gazetteer() -> dict[str, str]:
    """Return the English name, lower case, of each place by its names in both languages."""
    english, chinese = (Locale(language).territories for language in ("en", "zh"))
    found = {
        spelled[code].split(" (")[0].lower(): name.split(" (")[0].lower()
        for spelled in (english, chinese)
        for code, name in english.items()
        if code in chinese
        and code.isalpha()
        and not code.startswith("X")
        and code not in {"ZZ", "HK", "MO", "TW", "UN"}
    }
    return found | {word: name for name, said in _CHINESE.items() for word in (name, said)} | ALSO


_SUFFIXED = (
    r"(?<![\u4e00-\u9fff])(?![我全本该各年月日度]|\w市场)(?P<stem>[\u4e00-\u9fff]{2,4}?)"
    r"(?<![全我本该各])(?:省|市|区(?!域)|县|港(?![口区湾务元币])|机场)"
)
_ON_THE_WAY = re.compile(
    r"(?:经由?|至|到|往|赴|(?:占|高于|高出|快于|低于|慢于|超过|优于|好于)[^,。;0-9]{0,6}|\b(?:via|through|into|than|towards?|between|behind|(?:rank\w*\s\S+|first|second|third|[a-z]+th|[a-z]+est)\s(?:in|among|of)))\s?(?:the\s)?$"
)
_PARTNER = re.compile(r"(?:对|与|和|自|从|向|\b(?:to|from|with|and))\s?(?:the\s)?$")
_LISTED = re.compile(r"\s?(?:[、,和及与]|,?\sand)\s?(?:the\s)?")
_DESCRIBES = re.compile(
    r"'s\s(?:[a-z-]+\s){0,2}?(?:[a-z]+est|second|third|fourth|main|leading|major|top|no\.)\b"
    r"|的?(?:整体|平均|增速|增幅|水平|排名)|第[一二三四五六七八九十]|[一二三四五六七八九十]大|最大|-[a-z]"
)
_ATTRIBUTES = re.compile(
    r"[^,。;]{0,30}?(?:获悉|消息|介绍|表示|透露|通报|发布|公布|统计|显示)"
    r"|[a-z' ]{0,40}\b(?:said|says|announced|showed)\b"
)
_TOLD_BY = re.compile(r"\b(?:according\sto|data\sfrom)\s[^,;.]{0,40}$")
_CURRENCY = re.compile(r"\s?dollars?\b|元|\$")
_DATELINE = re.compile(r",?\s(?:[a-z]+\.?\s[0-9]{1,2}\s)?\((?:xinhua|reuters|ap)\)|,?\s[a-z. ]{0,12}\s?--?\s")


@dataclass(frozen=True, slots=True)
class Region:
    """A place named from `start` to `end`.

    `passing` as a way, a yardstick or a description; `partner` as the other side of a trade; `source` where it only
    says who told it.
    """

    start: int
    end: int
    name: str
    passing: bool = False
    partner: bool = False
    source: bool = False


@cache
def _pattern(own: frozenset[str]) -> re.Pattern[str]:
    names = sorted({*gazetteer(), *own}, key=len, reverse=True)
    return re.compile(
        "|".join(
            [*(rf"\b{re.escape(name)}(?![a-z])" if name[0].isascii() else re.escape(name) for name in names), _SUFFIXED]
        )
    )


def places(plain: PlainText, start: int, end: int, *, own: frozenset[str] = frozenset()) -> tuple[Region, ...]:
    """Return the places named in a stretch of plain text, in order; `own` are further names to know."""
    found: list[Region] = []
    for word in _pattern(own).finditer(plain.text, start, end):
        if _capital(plain, word) and not _CURRENCY.match(plain.text, word.end()):
            found.append(_region(plain.text, word, start, before=found[-1] if found else None))
    return tuple(found)


def _capital(plain: PlainText, word: re.Match[str]) -> bool:
    said = plain.words(*word.span())[0]
    return said.isupper() if word[0] in _CAPITALS else not word[0][0].isascii() or said[:1].isupper() or word[0] in ALSO


def _named(word: re.Match[str]) -> str:
    stem = word["stem"] or re.sub(r"(?<=..)(?:省|市|区|县|港|机场)$", "", word[0])
    return gazetteer().get(word[0]) or gazetteer().get(stem) or stem


def _region(text: str, word: re.Match[str], start: int, *, before: Region | None) -> Region:
    name = _named(word)
    ahead = text[max(start, word.start() - 24) : word.start()]
    after = text[word.end() : word.end() + 60]
    listed = before is not None and _LISTED.fullmatch(text, before.end, word.start()) is not None
    partner = bool(_PARTNER.search(ahead)) or (listed and before is not None and before.partner)
    passing = (
        bool(_ON_THE_WAY.search(ahead) or re.search(r"\ban?\s$", ahead) or _DESCRIBES.match(after))
        or (name == NATION and bool(re.match(r"'s\s[a-z]", after)) and _province_follows(after))
        or (word.start() == start == 0 and _DATELINE.match(after) is not None)
        or ahead.endswith("新华社")
    )
    source = (
        bool(_ATTRIBUTES.match(after))
        or ahead.endswith(("据", "从"))
        or bool(_TOLD_BY.search(text, start, word.start()))
    )
    return Region(word.start(), word.end(), name, passing=passing, partner=partner, source=source)


def _province_follows(after: str) -> bool:
    """Return whether "China's" only introduces a province: southwest China's Chongqing."""
    return any(after.startswith(name, 3) for name in _CHINESE)


def scope(
    found: Sequence[Region], clauses: Iterable[tuple[int, int]], inherited: Sequence[Region], *, own: frozenset[str]
) -> Sequence[Region]:
    """Return the places a figure is of: those of the nearest clause that names any, else those that still hold."""
    subjects = [one for one in found if not one.passing and (not one.partner or one.name in own)]
    for start, end in clauses:
        inside = [one for one in subjects if start <= one.start < end]
        if inside:
            return inside
    return inherited


def elsewhere(about: Sequence[Region], own: frozenset[str]) -> Region | None:
    """Return the place a figure is about when none of `own` is among `about`; None where no place is named."""
    if any(one.name in own for one in about):
        return None
    return next((one for one in reversed(about) if not one.source), None)


def widened(own: frozenset[str]) -> frozenset[str]:
    """Return the places of an indicator, with the unnamed country for one of a whole country."""
    countries = frozenset(gazetteer().values()) - frozenset(_CHINESE)
    return own | {COUNTRY} if own & countries else own


def shown(name: str) -> Text:
    """Return a place's name in English and in Chinese."""
    return Text(name.title(), _CHINESE.get(name, name))
