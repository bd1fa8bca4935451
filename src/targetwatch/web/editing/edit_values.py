"""Single values of a form as people type them: 300,000, 2 million, -60%, a day, a period, words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from targetwatch.errors import QuantityError
from targetwatch.model import Qualifier
from targetwatch.model.scalars import EARLIEST, LATEST
from targetwatch.quantity import in_unit, own_spellings, parse_period, parse_quantity, parse_rate

if TYPE_CHECKING:
    from decimal import Decimal

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


class WrongError(Exception):
    """A value that cannot be used; `code` says why."""

    def __init__(self, code: str, **said: object) -> None:
        self.code, self.said = code, said
        super().__init__(code)


def line(text: str) -> str:
    """Return text as one line, every stretch of space one space; WrongError for what cannot be seen."""
    plain = " ".join(text.translate(INVISIBLE).split())
    if not plain.isprintable():
        raise WrongError("unprintable")
    return plain


def lines(text: str) -> str:
    """Return text of several lines without the space at the end of each."""
    return "\n".join(line(one) for one in text.strip().split("\n"))


def number(text: str, unit: str) -> Decimal:
    """Return a number as printed, in `unit`; WrongError when it is none, or one of something else."""
    try:
        quantity = parse_quantity(text, own_units=own_spellings(unit))
    except QuantityError:
        raise WrongError("number") from None
    if quantity.qualifier is not Qualifier.EXACT:
        raise WrongError("number_qualified")
    try:
        return in_unit(quantity, unit).value
    except QuantityError:
        raise WrongError("number_unit" if unit else "number_unit_none", said=quantity.unit or "", unit=unit) from None


def percent(text: str) -> Decimal:
    """Return a change as a ratio; "-60" is -60 % where a percentage is asked for."""
    for written in (text, f"{text}%"):
        try:
            return parse_rate(written)
        except QuantityError:
            continue
    raise WrongError("percent")


def day(text: str) -> date:
    """Return a day, also one written as 2025/7/1 or in Chinese."""
    dashed = text.replace("/", "-").replace(".", "-")
    parts = dashed.split("-")
    if len(parts) == 3:  # noqa: PLR2004 - year, month, day
        dashed = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])
    found = _day(dashed)
    if not EARLIEST <= found <= LATEST:
        raise WrongError("day_far", first=EARLIEST.year, last=LATEST.year)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass  # perhaps it is written in Chinese
    try:
        period = parse_period(text)
    except QuantityError:
        raise WrongError("day") from None
    if period.start != period.end:
        raise WrongError("day")
    return period.start
