"""How figures are spelled: units, the words for powers of ten, and the many glyphs of one sign.

And what a unit's spelling stands for, and its exact conversion into the unit an indicator counts in.

To teach a unit, add a line to `SPELLINGS`; to teach a magnitude, a word to `POWER_WORDS`. Case is ignored, and a
blank in a spelling also matches a hyphen or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from targetwatch.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_CANONICAL = {spelling.casefold(): unit for unit, spellings in SPELLINGS.items() for spelling in spellings}
_POWERS = {spelling.casefold(): power for spelling, power in (MAGNITUDES | SHORT_MAGNITUDES).items()}
_LETTER = "A-Za-z\u0400-\u04ff"
_PARTS = re.compile(r"[()\[\],:;/|]|(?<=[a-z]{6})\.\s|\s-\s|\bin\b", re.IGNORECASE)
_SHARE = re.compile(r"[%％](?=\s|$)")
"""A heading that starts so is of shares: % of capacity."""
TONNES = {"kt": 3, "Mt": 6, "Gt": 9}
"""Read as they are written only: mt are metric tons."""


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


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of count: "bn CNY" is the base CNY times ten to the ninth."""

    base: str
    power: int = 0

    @property
    def counts_things(self) -> bool:
        """Return whether it counts things one by one: neither money nor thousands or millions of anything."""
        return self.power == 0 and self.base not in CURRENCIES


def alternatives(spellings: tuple[str, ...]) -> str:
    """Return a pattern for any of `spellings`, longest first, whole words only."""
    parts = []
    for spelling in sorted(spellings, key=len, reverse=True):
        word = r"[\s-]?".join(re.escape(piece) for piece in spelling.split())
        parts.append(word + (f"(?![{_LETTER}])" if re.search(f"[{_LETTER}]$", spelling) else ""))
    return "(?:" + "|".join(parts) + ")"


def power_of(magnitude: str) -> int:
    """Return the power of ten a magnitude word stands for."""
    return _POWERS[magnitude.casefold()]


def canonical(spelling: str) -> str:
    """Return the unit a spelling stands for; a spelling the table does not know stands for itself."""
    words = re.sub(r"[\s-]+", " ", spelling.strip())
    return _CANONICAL.get(words.casefold()) or _compact().get(words.replace(" ", "").casefold(), words)


@cache
def _compact() -> dict[str, str]:
    return {spelling.replace(" ", ""): unit for spelling, unit in _CANONICAL.items()}


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Return the unit an indicator or a source counts in; a word the table does not know is its own base.

    >>> parse_unit("亿元"), parse_unit("hospital beds"), parse_unit("'000 TEUs")
    (Unit(base='CNY', power=8), Unit(base='hospital beds', power=0), Unit(base='TEU', power=3))
    """
    plain = re.sub(r"^['`\u2018]?000s?(?![0-9])", "1000", plain_text(text))
    plain = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "", plain)
    if plain in TONNES:
        return Unit("t", TONNES[plain])
    leading, trailing = _unit_patterns()
    after = trailing.fullmatch(plain)
    if after and canonical(after[1]) in CURRENCIES:
        return Unit(canonical(after[1]), (after[2] or "").count("0") + power_of(after[3]))
    before = leading.fullmatch(plain)
    if before is None or not (before[1] or before[2]):
        return Unit(canonical(plain))
    base = canonical(before[3] or "")
    if (before[2] or "").casefold() in SHORT_MAGNITUDES and base not in {"TEU", *CURRENCIES}:
        return Unit(canonical(plain))  # m is metres, m/s a speed; only m USD is millions
    zeros = (before[1] or "1").count("0")
    return Unit(base, zeros + (power_of(before[2]) if before[2] else 0))


def printed_units(text: str) -> tuple[Unit, ...]:
    """Return the known units that a heading or a note prints: in brackets, behind a comma or colon, at its end.

    Of % also what it starts with.

    >>> printed_units("Total ('000 TEUs)"), printed_units("Exports, 100 million yuan"), printed_units("出口（万吨）")
    ((Unit(base='TEU', power=3),), (Unit(base='CNY', power=8),), (Unit(base='t', power=4),))
    """
    found: dict[Unit, None] = {Unit("%"): None} if _SHARE.match(text.strip()) else {}
    for part in _PARTS.split(re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", plain_text(text))):
        for said in (part.strip(), *(one[0] for one in [_unit_at_the_end().search(part.strip())] if one)):
            unit = parse_unit(said) if said else Unit("", 0)
            if unit.base in SPELLINGS or (not unit.base and unit.power):
                found[unit] = None
                break
    return tuple(found)


@cache
def _unit_at_the_end() -> re.Pattern[str]:
    """Return the pattern of what ends a heading and can only be its unit: a known scale and unit together, or %.

    A unit alone may follow a scale that is not known here: Tsd. EUR, Md€, millones de euros.
    """
    spelled = [one for unit in (*CURRENCIES, "TEU", "t") for one in SPELLINGS[unit] if one != "t"]
    latin = alternatives(tuple(one for one in spelled if one.isascii()))
    other = alternatives(tuple(one for one in spelled if not one.isascii()))
    share = alternatives((*SPELLINGS["%"], *SPELLINGS["pp"]))
    scale = rf"(?:['`\u2018]?000s?|10+|{alternatives(tuple(MAGNITUDES))})\s*(?:of\s+)?"
    start = rf"(?<![{_LETTER}])(?<!hundred )(?<!ten )"
    return re.compile(
        rf"{start}(?:{scale})+{latin}$|{start}{latin}\s+(?:10*\s*)?{scale}$|(?<![{_LETTER}]){share}$"
        rf"|(?<![币幣万萬千百亿億])(?:{scale})+{other}$|(?<=人民[币幣])(?:{scale})+元$",
        re.IGNORECASE,
    )


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of "[1000] [bn] CNY" and of "CNY bn"."""
    magnitude = alternatives((*MAGNITUDES, *SHORT_MAGNITUDES))
    leading = rf"(1[0,]*)?\s*({magnitude})?\s*(?:of\s+)?([^\W\d].*|[%$€].*)?"
    return re.compile(leading, re.IGNORECASE), re.compile(rf"(\D+?)\s+(10*)?\s*({magnitude})", re.IGNORECASE)


def factor_power(said: Unit, wanted: Unit) -> int | None:
    """Return the power of ten that turns an amount of `said` into one of `wanted`; None when they do not convert."""
    if said.base == wanted.base or not said.base:
        return said.power - wanted.power
    ratios = {("%", "ratio"): -2, ("ratio", "%"): 2}
    power = ratios.get((said.base, wanted.base))
    return None if power is None else power + said.power - wanted.power


def convert(value: Decimal, said: str, wanted: str) -> Decimal | None:
    """Return `value` counted in `said` as an amount of `wanted`, exactly; None when the units do not convert.

    An empty `said` is the bare base unit: the number was written out in full, as "115.87亿" is.

    >>> convert(Decimal("115.87"), "亿元", "bn CNY")
    Decimal('11.587')
    """
    power = factor_power(parse_unit(said), parse_unit(wanted))
    return None if power is None else shifted(value, power)


def shifted(value: Decimal, power: int) -> Decimal:
    """Return value x 10^power exactly, without an exponent or idle zeros: 6.4 by 4 is 64000, not 6.4E+4."""
    return Decimal(format(value.scaleb(power).normalize(), "f")) if power else value


def unit_spellings(unit: str) -> tuple[str, ...]:
    """Return the words that the table knows for what a unit counts, in every language.

    >>> [word for word in unit_spellings("bn CNY") if word.isascii()]
    ['CNY', 'RMB', 'yuan', 'renminbi']
    """
    return SPELLINGS.get(parse_unit(unit).base, ())


def own_spellings(*units: str) -> tuple[str, ...]:
    """Return the words of `units` that the table does not know, for a figure that may be printed with them."""
    return tuple(sorted({base for unit in units if (base := parse_unit(unit).base) and base not in SPELLINGS}))


def is_count(printed_rounding: Decimal, unit: Unit) -> bool:
    """Return whether a figure printed to the last unit counts things: 347 projects are 347, but 28 % is rounded."""
    return printed_rounding == Decimal("0.5") and unit.power == 0 and unit.base not in {"%", "pp", "ratio"}
