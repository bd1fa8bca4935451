"""How figures are spelled: units, the words for powers of ten, and the many glyphs of one sign.

To teach a unit, add a line to `SPELLINGS`; to teach a magnitude, a word to `POWER_WORDS`. Case is ignored, and a
blank in a spelling also matches a hyphen or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from targetwatch.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

SPELLINGS: dict[str, tuple[str, ...]] = {
    "TEU": (
        *("TEU", "TEUs", "标箱", "標箱", "标准箱", "標準箱", "标准集装箱", "標準集裝箱", "标准货柜", "標準貨櫃"),
        *("标准货柜单位", "標準貨櫃單位"),
        *("standard container", "standard containers", "20 foot equivalent unit", "20 foot equivalent units"),
        *("twenty foot equivalent unit", "twenty foot equivalent units", "стандартных контейнеров"),
    ),
    "CNY": ("CNY", "RMB", "yuan", "元", "人民币", "人民幣", "元人民币", "元人民幣", "юаней", "renminbi"),
    "USD": (
        *("USD", "US$", "$", "dollar", "dollars", "US dollar", "US dollars", "U.S. dollar", "U.S. dollars"),
        *("美元", "美金", "米ドル", "ドル", "долларов"),
    ),
    "EUR": ("EUR", "€", "euro", "euros", "欧元", "歐元", "ユーロ"),
    "JPY": ("JPY", "yen", "日元", "日圆", "円"),
    "HKD": ("HKD", "HK$", "港元", "港币", "Hong Kong dollar", "Hong Kong dollars"),
    "SGD": ("SGD", "S$", "新元", "新加坡元", "Singapore dollar", "Singapore dollars"),
    "INR": ("INR", "₹", "Rs", "Rs.", "rupee", "rupees", "Indian rupee", "Indian rupees"),
    "%": ("%", "percent", "per cent", "pct", "процентов"),
    "pp": ("pp", "percentage point", "percentage points", "个百分点", "個百分點", "百分点", "百分點"),
    "ratio": ("ratio",),
    "points": ("points", "point", "点", "點"),
    "projects": ("projects", "project", "项目", "項目", "项", "項"),
    "deals": ("deals", "deal", "笔", "筆"),
    "trips": ("trips", "trip", "车次", "車次"),
    "trains": ("trains", "train", "列", "班列"),
    "vehicles": ("vehicles", "vehicle", "辆", "輛", "台"),
    "ports": ("ports", "port", "港口", "портов"),
    "companies": ("companies", "company", "家"),
    "days": ("days", "day", "天"),
    "events": ("events", "event"),
    "t": ("t", "tonne", "tonnes", "metric tons", "吨", "噸", "公吨", "公噸"),
}

CURRENCIES = ("CNY", "USD", "EUR", "JPY", "HKD", "SGD", "INR")
"""The units that may stand before the number."""
OTHER_MONEY = re.compile(
    r"[£₹₩₽]|R\$|NT\$|zł|Kč|\b(?:GBP|CHF|PLN|CZK|SEK|NOK|DKK|BRL|KRW|TWD|RUB|AUD|CAD|INR)\b|新台币|新臺幣|英镑|卢布|韩元"
)
"""Currencies that nothing here counts in."""

POWER_WORDS: dict[int, tuple[str, ...]] = {
    2: ("百",),
    3: ("千", "thousand", "thousands", "тыс", "тыс.", "тысяч", "Tausend", "Tsd", "Tsd.", "tys", "tys.", "tis."),
    4: ("万", "萬"),
    5: ("十万", "十萬", "lakh", "lakhs"),
    6: ("百万", "百萬", "million", "millions", "mn", "mln", "млн", "миллионов", "Mio", "Mio.", "Millionen"),
    7: ("千万", "千萬", "crore", "crores"),
    8: ("亿", "億"),
    9: (
        "十亿",
        "十億",
        "billion",
        "billions",
        "bn",
        "bln",
        "млрд",
        "миллиардов",
        "Mrd",
        "Mrd.",
        "Milliarden",
        "mld",
    ),
    10: ("百亿", "百億"),
    11: ("千亿", "千億"),
    12: ("万亿", "萬億", "万億", "兆", "trillion", "trillions", "tn", "trn", "трлн", "Billionen"),
}
MAGNITUDES = {word: power for power, words in POWER_WORDS.items() for word in words}
SHORT_MAGNITUDES = {"k": 3, "m": 6, "b": 9}
"""Read only where a unit follows: a bare "5m" may be five metres."""

_YES, _NO = frozenset({"yes", "true", "1", "y", "是"}), frozenset({"no", "false", "0", "n", "否"})

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""１ ， ． ％ （ ＋ － ＴＥＵ and the rest of the full-width block; each stands for one ASCII sign."""

_SPACES = dict.fromkeys([0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x0009], " ")
_INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF], None)
_SIGNS = {0x2212: "-", 0xFE63: "-", 0x2010: "-", 0x2011: "-", 0x2019: "'", 0x02BC: "'", 0xFE50: ",", 0xFE6A: "%"}
_GLYPHS = {**_FULL_WIDTH, **_SPACES, **_INVISIBLE, **_SIGNS}

_MIDDLE_DOT = re.compile("(?<=[0-9])[\u30fb\uff65\u00b7](?=[0-9])")
"""Japanese newspapers print 5・3% for 5.3 %."""

_LEADING_DASH = re.compile("^\u2013(?=[0-9$])")


def plain_text(text: str) -> str:
    """Return `text` with ASCII digits, signs and spaces, outer blanks removed; words are left alone.

    >>> plain_text("１２３．４％")
    '123.4%'
    """
    if text.isascii():
        return text.replace("\t", " ").strip()
    plain = _MIDDLE_DOT.sub(".", text.translate(_GLYPHS)).strip()
    return _LEADING_DASH.sub("-", plain)


def says_yes(text: str) -> bool:
    """Return whether `text` is a yes.

    Raises:
        QuantityError: it is neither yes nor no.
    """
    if text.casefold() not in _YES | _NO:
        raise QuantityError("not_yes_or_no", said=text)
    return text.casefold() in _YES


ONES = (
    *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
THOUSANDS = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
DIGITS, PLACES, MYRIADS = "零一二三四五六七八九", ("", "十", "百", "千"), ("", "万", "亿", "万亿", "亿亿")
LARGEST = 10**20
"""From here on nobody counts in words."""
MOST_BEHIND = 4


def in_words(value: Decimal, language: str) -> str:
    """Return a number in words, the first digits behind its point one by one; "" where it has no words.

    >>> from decimal import Decimal
    >>> in_words(Decimal(592000400), "en"), in_words(Decimal(592000400), "zh")
    ('five hundred ninety-two million four hundred', '五亿九千二百万零四百')
    >>> in_words(Decimal("-15.50"), "en"), in_words(Decimal("-15.5"), "zh"), in_words(Decimal(0), "zh")
    ('minus fifteen point five', '负十五点五', '零')
    """
    whole = abs(int(value))
    if whole >= LARGEST:
        return ""
    behind = f"{abs(value) % 1:f}"[2:].rstrip("0")[:MOST_BEHIND]
    if language == "zh":
        point = "点" + "".join(DIGITS[int(one)] for one in behind) if behind else ""
        return f"{'负' if value < 0 else ''}{_chinese(whole) or DIGITS[0]}{point}"
    point = " point " + " ".join(ONES[int(one)] or "zero" for one in behind) if behind else ""
    return f"{'minus ' if value < 0 else ''}{' '.join(_english(whole)) or 'zero'}{point}"


def _english(whole: int) -> Iterator[str]:
    for power in reversed(range(len(THOUSANDS))):
        rest = whole // 1000**power % 1000
        if rest >= 100:  # noqa: PLR2004 - hundreds have a word
            yield f"{ONES[rest // 100]} hundred"
        if rest % 100 >= len(ONES):
            yield TENS[rest % 100 // 10] + (f"-{ONES[rest % 10]}" if rest % 10 else "")
        elif rest % 100:
            yield ONES[rest % 100]
        if rest and power:
            yield THOUSANDS[power]


def _chinese(whole: int) -> str:
    said, gap = "", False
    for group in reversed(range(len(MYRIADS))):
        part, words = whole // 10000**group % 10000, ""
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit:
                words += ("零" if gap and (said or words) else "") + DIGITS[digit] + PLACES[place]
            gap = digit == 0
        said += words + (MYRIADS[group] if words else "")
    return said.removeprefix("一") if said.startswith("一十") else said
