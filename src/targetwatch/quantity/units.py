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
_PARTS = re.compile(r"[()\[\],:;/|]|(?<=[a-z]{6})\.\s|\s-\s|\bin\b", re.IGNORECASE)
_SHARE = re.compile(r"[%％](?=\s|$)")
"""A heading that starts so is of shares: % of capacity."""
TONNES = {"kt": 3, "Mt": 6, "Gt": 9}
"""Read as they are written only: mt are metric tons."""


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
