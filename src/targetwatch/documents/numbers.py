"""Numbers and units as an office prints them: read exactly, left out where none stands, refused if they may be two."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from targetwatch.errors import DriftError, QuantityError
from targetwatch.quantity import CURRENCIES, Quantity, Unit, parse_unit, plain_text, printed_units
from targetwatch.quantity.spellings import OTHER_MONEY, SPELLINGS, alternatives, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from targetwatch.documents.description import Numbers, UnitRule

INDIAN = r"[1-9]\d?(?:,\d\d)+,\d{3}(?!\d)|"
"""1,35,362: lakhs and crores part groups of two, which no other notation has."""
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_RAISED = re.compile(r"(?<=.)\[\w{1,3}\]$")
"""A raised footnote of a page: 1,234[2]."""
_TRIANGLE = re.compile(r"[△▲▽▼](?=\s?\d)")
_AFFIXED = re.compile(r"(?P<before>[^\d().,+-]*)(?P<number>[+-]?\s?\d.*?)(?P<after>[^\d.,]*)")


@lru_cache(maxsize=64)
def number_pattern(how: Numbers) -> str:
    """Return the pattern of one number, its groups strictly of three digits where their mark is said."""
    decimal = how.decimal or {"," in how.thousands: ".", "." in how.thousands: ","}.get(True, "")
    if not decimal:
        return r"(?:[+-]\s?)?\d+(?:[.,]\d+)*"
    marks = "".join(re.escape(mark) for mark in how.thousands)
    grouped = rf"[1-9]\d{{0,2}}(?:[{marks}]\d{{3}})+(?!\d)|" if marks else ""
    grouped += INDIAN if "," in how.thousands else ""
    return rf"(?:[+-]\s?)?(?:{grouped}\d+)(?:{re.escape(decimal)}\d+)?(?!\d)"


def read_number(text: str, how: Numbers) -> Quantity | None:
    """Return the number in a cell, with the unit printed beside it if any; None where no figure stands.

    Raises:
        QuantityError: it is no number, or may be two.
    """
    if _PLAIN.fullmatch(text) and ("." not in text or how.decimal == ".") and text not in how.none:
        value = Decimal(text)
        return Quantity(value=value or abs(value), rounding=_half_place(value), text=text)
    plain = _unmarked(plain_text(text), how.marks)
    if plain and plain in how.zero:
        return Quantity(value=Decimal(0), rounding=Decimal(0), text=text)
    if not plain or plain in how.none or plain_text(text) in how.none:
        return None
    if found := _TRIANGLE.match(plain):
        if found[0] not in how.negative:
            raise QuantityError("number_with_triangle", said=text, sign=found[0])
        plain = f"-{plain[1:].lstrip()}"
    if plain[-1] == "-" and "-" in how.negative:
        plain = f"-{plain[:-1].rstrip()}"
    negative = False
    if plain[0] == "(" and plain[-1] == ")":
        if how.brackets is None:
            raise QuantityError("number_in_brackets", said=text)
        plain, negative = plain[1:-1].strip(), how.brackets == "negative"
    parts = _AFFIXED.fullmatch(plain)
    if parts is None:
        raise QuantityError("number_not_so_printed", said=text)
    value = _value(parts["number"].strip(), how, text)
    value = -abs(value) if negative else value
    beside = f"{parts['before'].strip()} {parts['after'].strip()}".strip()
    unit = parse_unit(beside) if beside else None
    if unit and not (unit.base in SPELLINGS or (not unit.base and unit.power)):
        raise QuantityError("number_not_so_printed", said=text)
    return Quantity(
        value=value or abs(value),
        rounding=_half_place(value),
        unit=beside or None,
        percent=bool(unit and unit.base == "%"),
        text=text,
    )


@lru_cache(maxsize=32)
def _half(exponent: int) -> Decimal:
    return Decimal(5).scaleb(exponent - 1)


def _half_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return _half(exponent)


def _unmarked(plain: str, marks: tuple[str, ...]) -> str:
    """Return a cell without the footnote marks at its ends."""
    while not (plain.startswith("(") and plain.endswith(")")):
        bare = _RAISED.sub("", plain.strip())
        for mark in marks:
            bare = bare.removeprefix(mark).removesuffix(mark)
        if bare == plain:
            break
        plain = bare
    return plain


def _value(body: str, how: Numbers, text: str) -> Decimal:
    decimal: str | None = how.decimal
    groups = {*how.thousands, "'"}  # which parts nothing else
    if decimal is None and groups & {".", ","}:
        decimal = "." if "," in groups else ","
    if decimal is None:
        decimal, found = _worked_out(body.lstrip("+- "), text)
        groups |= found
    parts = "".join(re.escape(one) for one in groups - {decimal})
    grouped = rf"[1-9]\d{{0,2}}(?:[{parts}]\d{{3}})+|" if parts else ""
    grouped += INDIAN if "," in parts else ""
    if not re.fullmatch(rf"[+-]?\s?(?:{grouped}\d+)(?:{re.escape(decimal)}\d+)?", body, re.ASCII):
        raise QuantityError("number_not_so_printed", said=text)
    return Decimal(
        "".join("." if one == decimal else one for one in body if one not in groups - {decimal} and one != " ")
    )


def _worked_out(body: str, text: str) -> tuple[str, set[str]]:
    """Return the decimal mark of a number and what parts its groups; refused where one mark may be either."""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        last = max(".,", key=body.rfind)
        return last, {".": {","}, ",": {"."}}[last]
    mark = "." if points else ","
    if points + commas > 1:
        return {".": ",", ",": "."}[mark], {mark}
    before, _, after = body.partition(mark)
    if points + commas == 1 and len(after) == 3 and len(before) <= 3 and before != "0":  # noqa: PLR2004 - a group
        raise QuantityError("number_ambiguous", said=text)
    return (mark if points + commas else "."), set()


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
