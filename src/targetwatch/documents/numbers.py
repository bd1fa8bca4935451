"""Numbers as an office prints them: read exactly, left out where none stands, refused where they may mean two."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from targetwatch.errors import QuantityError
from targetwatch.quantity import Quantity, parse_unit, plain_text
from targetwatch.quantity.spellings import SPELLINGS

if TYPE_CHECKING:
    from targetwatch.documents.description import Numbers

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
