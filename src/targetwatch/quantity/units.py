"""Units: what a spelling stands for, and exact conversion into the unit an indicator counts in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from targetwatch.quantity.spellings import CURRENCIES, MAGNITUDES, SHORT_MAGNITUDES, SPELLINGS, plain_text

_CANONICAL = {spelling.casefold(): unit for unit, spellings in SPELLINGS.items() for spelling in spellings}
_POWERS = {spelling.casefold(): power for spelling, power in (MAGNITUDES | SHORT_MAGNITUDES).items()}
_LETTER = "A-Za-z\u0400-\u04ff"


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

    >>> parse_unit("bn CNY"), parse_unit("亿元"), parse_unit("hospital beds")
    (Unit(base='CNY', power=9), Unit(base='CNY', power=8), Unit(base='hospital beds', power=0))
    """
    plain = plain_text(text)
    leading, trailing = _unit_patterns()
    after = trailing.fullmatch(plain)
    if after and canonical(after[1]) in CURRENCIES:
        return Unit(canonical(after[1]), power_of(after[2]))
    before = leading.fullmatch(plain)
    if before is None or not (before[1] or before[2]):
        return Unit(canonical(plain))
    base = canonical(before[3] or "")
    if (before[2] or "").casefold() in SHORT_MAGNITUDES and base not in {"TEU", *CURRENCIES}:
        return Unit(canonical(plain))  # m is metres, m/s a speed; only m USD is millions
    zeros = (before[1] or "1").count("0")
    return Unit(base, zeros + (power_of(before[2]) if before[2] else 0))


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of "[1000] [bn] CNY" and of "CNY bn"."""
    magnitude = alternatives((*MAGNITUDES, *SHORT_MAGNITUDES))
    leading = rf"(1[0,]*)?\s*({magnitude})?\s*(?:of\s+)?([^\W\d].*|[%$€].*)?"
    return re.compile(leading, re.IGNORECASE), re.compile(rf"(\D+?)\s+({magnitude})", re.IGNORECASE)


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


def own_spellings(*units: str) -> tuple[str, ...]:
    """Return the words of `units` that the table does not know, for a figure that may be printed with them."""
    return tuple(sorted({base for unit in units if (base := parse_unit(unit).base) and base not in SPELLINGS}))


def is_count(printed_rounding: Decimal, unit: Unit) -> bool:
    """Return whether a figure printed to the last unit counts things: 347 projects are 347, but 28 % is rounded."""
    return printed_rounding == Decimal("0.5") and unit.power == 0 and unit.base not in {"%", "pp", "ratio"}
