"""A figure as printed, read exactly or refused: 6.4万标箱, 28.33 billion yuan, 489億6200万元, 64.7 %."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, lru_cache

from targetwatch.errors import QuantityError
from targetwatch.model import Qualifier
from targetwatch.model.problem import Problem
from targetwatch.quantity.spellings import (
    CURRENCIES,
    MAGNITUDES,
    SHORT_MAGNITUDES,
    SPELLINGS,
    Unit,
    alternatives,
    canonical,
    factor_power,
    is_count,
    parse_unit,
    plain_text,
    power_of,
    shifted,
)

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
MOST_DIGITS = 25
"""Exact in the decimal context; no published figure comes near."""

_BARE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?", re.ASCII)
_HALF = Decimal("0.5")
_SPELLED_OUT: tuple[tuple[str, str], ...] = (
    (r"^$", "empty_figure"),
    (r"百分之", "percentage_in_words"),
    (r"[0-9]e[+-]?[0-9]", "scientific_notation"),
    (r"下降|减少|減少|下滑|降低|\bdown\b|\bfell\b|decreas|declin", "fall_in_words"),
    (r"增长|增長|增加|上升|\bup\b|\brose\b|increas|grew", "rise_in_words"),
    (r"[0-9]\s*(?:-|~|–|—|to|至|到)\s*[0-9]", "range_of_figures"),
    (r"¥", "yuan_or_yen"),
    (r"[0-9]\s?[kmb]$", "letter_at_the_end"),
)
_NO_NUMBER: tuple[tuple[str, str], ...] = (
    (r"(?:^|[^0-9.,' ])0[0-9]", "zero_in_front"),
    (r"[0-9][.,'][0-9]", "thousands_or_decimals"),
    (r"[一二三四五六七八九十两百千零万萬亿億]", "no_digits"),
)
"""What a text that is no figure looks like, and the problem with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One figure: `value` written out in `unit` (None: none was printed), never in 万 or billions.

    `rounding` is half of the last printed digit's place, `scaled` whether a magnitude word was printed, `percent`
    whether it is a percentage (`value` 64.7; `ratio` 0.647).
    """

    value: Decimal
    unit: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    rounding: Decimal = Decimal(0)
    percent: bool = False
    scaled: bool = False
    text: str = field(default="", compare=False)

    @property
    def ratio(self) -> Decimal:
        """Return a percentage as a ratio, 64.7 % as 0.647; anything else is refused."""
        if not self.percent:
            raise QuantityError("no_percentage", said=self.text)
        return shifted(self.value, -2)


def parse_quantity(text: str, *, locale: str | None = None, own_units: tuple[str, ...] = ()) -> Quantity:
    """Return the figure that `text` is, exactly, or refuse with what was expected.

    Without a `locale` the point is the decimal mark and commas part groups of exactly three digits. `own_units` are
    spellings the unit table lacks.

    >>> parse_quantity("27万2300TEU").value, parse_quantity("超过6.4万标箱").qualifier.value
    (Decimal('272300'), 'over')
    """
    if locale is None and _BARE.fullmatch(text):
        value = Decimal(text) or Decimal(text.lstrip("-"))
        return Quantity(value=value, rounding=_half_place(value), text=text)
    plain = plain_text(text)
    found = figure_pattern(locale, own_units).fullmatch(plain)
    if found is None:
        raise QuantityError(_problem(text, plain, locale, own_units))
    return _quantity(found, locale, text)


def parse_rate(text: str, *, locale: str | None = None) -> Decimal:
    """Return a growth rate as a ratio: "+28 %" is 0.28. Without a percent sign it is refused.

    >>> parse_rate("-3.5%")
    Decimal('-0.035')
    """
    quantity = parse_quantity(text, locale=locale)
    if not quantity.percent:
        raise QuantityError("rate_without_percent", said=text)
    if quantity.qualifier is not Qualifier.EXACT:
        raise QuantityError("inexact_rate", said=text)
    return quantity.ratio


def quantities_in(text: str, *, locale: str | None = None, own_units: tuple[str, ...] = ()) -> tuple[Quantity, ...]:
    """Return every figure that can be read in running text, in order; what cannot be read is passed over."""
    plain = plain_text(text)
    found = []
    for match in _running(locale, own_units).finditer(plain):
        try:
            found.append(_quantity(match, locale, match[0].strip()))
        except QuantityError:
            continue  # a code, a date or a misprint in prose is no figure
    return tuple(found)


def in_unit(quantity: Quantity, unit: str) -> Quantity:
    """Return the quantity counted in `unit` ("bn CNY", "万TEU", "%", "projects"), or refuse.

    A bare number ("28.33") is taken to count in `unit` already; one with a magnitude ("28.33 billion") is written
    out, whatever the unit's own scale. A whole number of an unscaled unit is a count and carries no rounding.
    """
    wanted = parse_unit(unit)
    if quantity.unit is None and not quantity.scaled:
        power: int | None = 0
    else:
        power = factor_power(Unit(quantity.unit or ""), wanted)
    if power is None:
        raise QuantityError("other_unit", said=quantity.text, unit=quantity.unit, counted=unit or Problem("no_unit"))
    rounding = shifted(quantity.rounding, power)
    if is_count(quantity.rounding, wanted):
        rounding = Decimal(0)
    return replace(
        quantity,
        value=shifted(quantity.value, power),
        rounding=rounding,
        unit=unit,
        percent=wanted.base == "%",
        scaled=False,
    )


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
        raise QuantityError("unknown_locale", where="locale", said=locale) from error
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


@lru_cache(maxsize=64)
def _running(locale: str | None, own_units: tuple[str, ...]) -> re.Pattern[str]:
    pattern = figure_pattern(locale, own_units)
    return re.compile(rf"(?<![0-9A-Za-z.,])(?:{pattern.pattern})", pattern.flags)


def _problem(text: str, plain: str, locale: str | None, own_units: tuple[str, ...]) -> Problem:
    """Return what stands in the way of reading a text as a figure."""
    for pattern, code in _SPELLED_OUT:
        if re.search(pattern, plain, re.IGNORECASE):
            return Problem(code, {"said": text})
    figure = figure_pattern(locale, own_units).match(plain)
    if figure is None:
        found = (code for pattern, code in _NO_NUMBER if re.search(pattern, plain))
        return Problem(next(found, "not_a_number"), {"said": text})
    rest, read = plain[figure.end() :].strip(), figure[0].strip()
    if rest in {".", ","}:
        return Problem("figure_cut_off", {"said": text, "rest": rest})
    code = "further_figure" if re.search("[0-9]", rest) else "unknown_unit"
    return Problem(code, {"said": text, "rest": rest, "read": read})


def _quantity(found: re.Match[str], locale: str | None, text: str) -> Quantity:
    value, rounding, scaled = _amount(found["body"], locale, text)
    if "-" in (found["sign"] or "") + (found["inner_sign"] or "") and value:
        value = -value
    units = {canonical(found[name]) for name in ("money", "unit", "again") if found[name]}
    if len(units) > 1:
        one, other = sorted(units)[:2]
        raise QuantityError("two_units", said=text, one=one, other=other)
    unit = units.pop() if units else None
    qualifiers = {QUALIFIERS[_word(found[name])] for name in ("before", "within", "after") if found[name]}
    qualifier = qualifiers.pop() if len(qualifiers) == 1 else Qualifier.ABOUT if qualifiers else Qualifier.EXACT
    return Quantity(
        value=value,
        unit=unit,
        qualifier=qualifier,
        rounding=rounding,
        percent=unit == "%",
        scaled=scaled,
        text=text,
    )


def _amount(body: str, locale: str | None, text: str) -> tuple[Decimal, Decimal, bool]:
    """Return value, half-width and whether a magnitude was printed, of one part or several of falling magnitude."""
    decimal_mark, _ = marks(locale)
    total, rounding, ceiling, scaled = Decimal(0), Decimal(0), None, False
    parts = list(component_pattern(locale).finditer(body))
    for position, part in enumerate(parts):
        digits = "".join(
            "." if sign == decimal_mark else sign for sign in part["number"] if sign not in _removed(locale)
        )
        if len(digits) > MOST_DIGITS:
            raise QuantityError("too_many_digits", said=text, count=len(digits), most=MOST_DIGITS)
        number, power = Decimal(digits), power_of(part["magnitude"]) if part["magnitude"] else 0
        amount = shifted(number, power)
        fits = ceiling is None or amount < ceiling
        if not fits or ("." in digits and position < len(parts) - 1):
            raise QuantityError("magnitudes_out_of_order", said=text)
        total, rounding, scaled = total + amount, shifted(_half_place(number), power), scaled or power > 0
        ceiling = shifted(Decimal(1), power)
    return total, rounding, scaled


def _removed(locale: str | None) -> str:
    decimal_mark, group_mark = marks(locale)
    return f"{group_mark} ',".replace(decimal_mark, "")


def _half_place(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return shifted(_HALF, exponent)


def _word(found: str) -> str:
    words = re.sub(r"[\s-]+", " ", found.casefold())
    return words if words in QUALIFIERS else words.replace(" ", "")
