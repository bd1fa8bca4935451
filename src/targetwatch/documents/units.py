"""The unit of a column as the document prints it, in its header or an anchor of that name, or as declared."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from targetwatch.errors import DriftError
from targetwatch.quantity import CURRENCIES, Unit, parse_unit, printed_units
from targetwatch.quantity.spellings import OTHER_MONEY, SPELLINGS
from targetwatch.quantity.units import alternatives, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from targetwatch.documents.description import UnitRule


_OTHER_MEASURE = re.compile(r"\((kg|g|lb|m2|m3|m²|m³|km|kWh|MWh|GWh)\)")
_MODEST = frozenset({"in", "of", "current", "constant", "nominal", "real", "total"})
"""Words beside a unit that change nothing of it."""
_ABBREVIATED = re.compile(r"\w{1,5}\.")
SCALES = {0: "", 3: "thousand ", 6: "million ", 9: "bn ", 12: "tn "}


def unit_text(unit: Unit) -> str:
    """Return a unit as text from which it is read again: 'thousand TEU', '10,000 CNY'."""
    return f"{SCALES.get(unit.power, f'{10**unit.power:,} ')}{unit.base}".strip()


def combined(units: Iterable[Unit], said: str) -> Unit | None:
    """Return the one unit that is printed: TEU and 'in thousands' are thousand TEU; several are refused."""
    found = dict.fromkeys(units)
    bare = [one for one in found if not one.base]
    named = [one for one in found if one.base]
    if len(named) == 1 and len(bare) == 1 and not named[0].power:
        return Unit(named[0].base, bare[0].power)
    if len(named) > 1 or len(bare) > 1 or (named and bare and named[0].power != bare[0].power):
        raise DriftError("unit_several", said=said, names=[unit_text(one) for one in found])
    return next(iter(named or bare), None)


def unit_of(how: UnitRule | None, head: str, notes: Sequence[str], *, guarded: bool) -> str:
    """Return what a column under `head` counts; "" where nothing says it. `notes` hold for the whole document.

    A column that is called 'teu' is named so and may count thousands, where that is declared.

    Raises:
        DriftError: several are printed, or another than declared.
    """
    levels = head.split(" / ")
    in_head = tuple(one for level in levels for one in printed_units(level))
    in_notes = tuple(dict.fromkeys(one for note in notes for one in printed_units(note)))
    declared = how.declared or how.means if how else ""
    if not declared:
        bare = [one for one in in_notes if not one.base]
        unit = combined(
            (*in_head, *(bare if all(not one.power for one in in_head) else ())) if in_head else in_notes, head
        )
        return unit_text(unit) if unit and unit.base else ""
    wanted = parse_unit(declared)
    if how and how.printed:
        return declared
    if guarded and (other := _other_unit(head, wanted)):
        raise DriftError("unit_otherwise", said=other, declared=declared, head=head)
    in_head = tuple(one for one in in_head if one.power or not any(parse_unit(level) == one for level in levels))
    if guarded and (half := next(filter(None, (_half_known(one, wanted) for one in (head, *notes))), "")):
        raise DriftError("unit_half_known", said=half, declared=declared)
    powers = {one.power for one in (*in_head, *in_notes) if not one.base}
    for one in (*in_head, *in_notes):
        if guarded and _contradicts(one, wanted, powers, in_head=one in in_head):
            raise DriftError("unit_otherwise", said=unit_text(one), declared=declared, head=head)
    return declared


def _other_unit(head: str, wanted: Unit) -> str:
    """Return the currency or measure that a header prints though another is declared, of those not counted here."""
    money, measure = OTHER_MONEY.search(head), _OTHER_MEASURE.search(head)
    if money and wanted.base in CURRENCIES and canonical(money[0]) != wanted.base:
        return money[0]
    return measure[1] if measure and wanted.base in SPELLINGS and wanted.base not in CURRENCIES else ""


def _half_known(text: str, wanted: Unit) -> str:
    """Return what a text prints of a unit beside a word that may be its scale: (Tsz. EUR); "" where it is whole.

    Outside of brackets only what looks like an abbreviation may be one; who declares a scale has said which.
    """
    counted = wanted.base in SPELLINGS and not wanted.power
    for part in re.finditer(r"[(\[（]([^()\[\]（）]*)[)\]）]|[^()\[\]（）]+", text) if counted else ():
        said = part[1] or part[0]
        for found in _spelled(wanted.base).finditer(said if printed_units(f"({said})") == () else ""):
            beside = [*said[: found.start()].split()[-1:], *said[found.end() :].split()[:1]]
            unknown = [one for one in beside if one.casefold() not in _MODEST and any(map(str.isalpha, one))]
            if any(part[1] or _ABBREVIATED.fullmatch(one) for one in unknown):
                return said.strip()
    return ""


@cache
def _spelled(base: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![^\W\d_])(?=\w)|(?=\W)){alternatives(SPELLINGS[base])}", re.IGNORECASE)


def _contradicts(printed: Unit, wanted: Unit, powers: set[int], *, in_head: bool) -> bool:
    """Return whether a printed unit speaks against the one declared: of another scale or currency, or in the header."""
    if not printed.base or printed.base == wanted.base:
        return printed.power != wanted.power and wanted.power not in powers
    if printed.base in CURRENCIES and wanted.base in CURRENCIES:
        return True
    return in_head and wanted.base in SPELLINGS
