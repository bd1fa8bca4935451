"""The grammar of a printed figure as one regular expression, and the words that say how exact it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from targetwatch.errors import QuantityError
from targetwatch.model import Qualifier
from targetwatch.quantity.spellings import CURRENCIES, MAGNITUDES, SHORT_MAGNITUDES, SPELLINGS
from targetwatch.quantity.units import alternatives

BEFORE: dict[str, Qualifier] = {
    **dict.fromkeys(("超过", "超過", "超", "逾", "突破", ">"), Qualifier.OVER),
    **dict.fromkeys(("over", "more than", "exceeding", "exceeded", "exceeds", "surpassing", "above"), Qualifier.OVER),
    **dict.fromkeys(("约", "約", "大约", "大約", "近", "将近", "接近", "~", "≈"), Qualifier.ABOUT),
    **dict.fromkeys(("about", "around", "nearly", "almost", "close to", "roughly"), Qualifier.ABOUT),
    **dict.fromkeys(("approximately", "approx.", "approx", "ca.", "circa"), Qualifier.ABOUT),
}
WITHIN: dict[str, Qualifier] = dict.fromkeys(("余", "餘", "多"), Qualifier.OVER)
"""Between magnitude and unit: 15万余标箱."""
AFTER: dict[str, Qualifier] = {
    **dict.fromkeys(("以上", "or more", "を超え", "を突破", "+"), Qualifier.OVER),
    **dict.fromkeys(("左右", "上下"), Qualifier.ABOUT),
}
QUALIFIERS = BEFORE | WITHIN | AFTER


@cache
def marks(locale: str | None) -> tuple[str, str]:
    """Return the decimal mark and the thousands separator; without a locale the point and the comma."""
    if locale is None:
        return ".", ","
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - heavy, and only a foreign notation needs it
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415 - likewise

    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise QuantityError(f"locale '{locale}': not known, expected one such as en, zh, de or ru") from error
    group = get_group_symbol(known).replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")
    return get_decimal_symbol(known), group


def decimal_mark(locale: str | None) -> str:
    """Return the sign before the decimals."""
    return marks(locale)[0]


def number_pattern(locale: str | None) -> str:
    """Return the pattern of one number: strict groups of three, a digit on both sides of the decimal mark."""
    decimal, group = marks(locale)
    separators = dict.fromkeys((group, " ", "'"))
    grouped = "|".join(f"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+" for mark in separators)
    return rf"(?:{grouped}|0|[1-9][0-9]*)(?:{re.escape(decimal)}[0-9]+)?(?![0-9]|[.,'][0-9])"


@cache
def component_pattern(locale: str | None) -> re.Pattern[str]:
    """Return the pattern of one part of a mixed figure: 27万2300 is 27万 and 2300."""
    magnitude = alternatives((*MAGNITUDES, *SHORT_MAGNITUDES))
    return re.compile(rf"(?P<number>{number_pattern(locale)})\s?(?P<magnitude>{magnitude})?", re.IGNORECASE)


@lru_cache(maxsize=64)
def figure_pattern(locale: str | None, own_units: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return the pattern of a whole figure, the caller's own unit spellings known as well as the table's."""
    number = number_pattern(locale)
    unit = alternatives((*(spelling for spellings in SPELLINGS.values() for spelling in spellings), *own_units))
    money = alternatives(tuple(spelling for currency in CURRENCIES for spelling in SPELLINGS[currency]))
    long, short = alternatives(tuple(MAGNITUDES)), alternatives(tuple(SHORT_MAGNITUDES))
    magnitude = rf"\s?(?:{long}|(?(money){short}|{short}(?=\s?{unit})))"
    return re.compile(
        rf"(?:(?P<before>{alternatives(tuple(BEFORE))})\s*)?"
        rf"(?P<sign>[+-]\s?)?(?:(?P<money>{money})\s*(?P<inner_sign>[+-]?))?"
        rf"(?P<body>{number}(?:{magnitude}(?:{number}\s?{long})*(?:{number})?)?)"
        rf"(?:\s?(?P<within>[{''.join(WITHIN)}]))?"
        rf"(?:\s?[个個])?(?:\s*(?P<unit>{unit})(?:\s*\(\s*(?P<again>{unit})\s*\))?)?"
        rf"(?:\s*(?P<after>{alternatives(tuple(AFTER))})(?![0-9]))?",
        re.IGNORECASE,
    )
