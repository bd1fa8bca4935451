"""A figure as printed, read exactly: 6.4万标箱, 28.33 billion yuan, 489億6200万元, 64.7 %."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from targetwatch.errors import QuantityError
from targetwatch.model import Qualifier
from targetwatch.quantity.glyphs import plain_text
from targetwatch.quantity.grammar import QUALIFIERS, component_pattern, figure_pattern, marks
from targetwatch.quantity.refusal import reason
from targetwatch.quantity.units import canonical, power_of, shifted

MOST_DIGITS = 25
"""Exact in the decimal context; no published figure comes near."""

_BARE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?", re.ASCII)
_HALF = Decimal("0.5")


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
            raise QuantityError(f"'{self.text}': is no percentage, expected one such as 28 %")
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
        raise QuantityError(f"'{text}': {reason(plain, locale, own_units)}")
    return _quantity(found, locale, text)


def parse_rate(text: str, *, locale: str | None = None) -> Decimal:
    """Return a growth rate as a ratio: "+28 %" is 0.28. Without a percent sign it is refused.

    >>> parse_rate("-3.5%")
    Decimal('-0.035')
    """
    quantity = parse_quantity(text, locale=locale)
    if not quantity.percent:
        raise QuantityError(f"'{text}': is a rate without a percent sign, expected one such as 28 %")
    if quantity.qualifier is not Qualifier.EXACT:
        raise QuantityError(f"'{text}': is an inexact rate, expected the bare rate, such as 28 %, or none")
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


@lru_cache(maxsize=64)
def _running(locale: str | None, own_units: tuple[str, ...]) -> re.Pattern[str]:
    pattern = figure_pattern(locale, own_units)
    return re.compile(rf"(?<![0-9A-Za-z.,])(?:{pattern.pattern})", pattern.flags)


def _quantity(found: re.Match[str], locale: str | None, text: str) -> Quantity:
    value, rounding, scaled = _amount(found["body"], locale, text)
    if "-" in (found["sign"] or "") + (found["inner_sign"] or "") and value:
        value = -value
    units = {canonical(found[name]) for name in ("money", "unit", "again") if found[name]}
    if len(units) > 1:
        raise QuantityError(f"'{text}': names two units, {' and '.join(sorted(units))}, expected one")
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
            raise QuantityError(f"'{text}': has {len(digits)} digits, expected at most {MOST_DIGITS}")
        number, power = Decimal(digits), power_of(part["magnitude"]) if part["magnitude"] else 0
        amount = shifted(number, power)
        fits = ceiling is None or amount < ceiling
        if not fits or ("." in digits and position < len(parts) - 1):
            raise QuantityError(f"'{text}': mixes magnitudes out of order, expected one such as 27万2300")
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
