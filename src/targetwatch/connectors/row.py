"""One row of text cells, however it was fetched or typed, read as one reading, or refused with every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from targetwatch.errors import QuantityError, UsageError
from targetwatch.model import Basis, Period, Qualifier, Reading
from targetwatch.model.problem import Problem, Value
from targetwatch.model.reading import KINDS, LONGER
from targetwatch.quantity import (
    Quantity,
    format_period,
    in_unit,
    own_spellings,
    parse_period,
    parse_quantity,
    parse_rate,
    plain_text,
    said_day,
    said_period,
    says_yes,
)

FIELDS = tuple(one.name for one in fields(Reading) if one.name not in {"recorded_at", "source", "id", "withdrawn_at"})
"""The fields of a row; those not required may be empty or absent."""
DEFAULTS = {one.name: one.default for one in fields(Reading) if one.name in FIELDS}
REQUIRED = tuple(name for name, default in DEFAULTS.items() if default is MISSING)
LONGEST = dict.fromkeys(FIELDS, 200) | LONGER
"""How many characters somebody may enter; a source may say more."""

_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class RowError(UsageError):
    """A row that is no reading; `problems` holds every reason."""

    def __init__(self, problems: Iterable[Problem | str]) -> None:
        super().__init__(*problems)


def read_row(
    cells: Mapping[str, str],
    *,
    source: str,
    now: datetime,
    today: date | None = None,
    locale: str | None = None,
    own_units: tuple[str, ...] = (),
) -> Reading:
    """Return the reading that the cells (by the names of `FIELDS`) state, from `source`, recorded at `now`.

    With `today`, period and day may be said as people say them, "Jan-Oct" or "9 December": the last one by then. The
    value counts in the declared unit when there is one, else in the printed one; `unit` is None when neither was
    given and "" when the number was written out in full (6.4 thousand is 6400 of whatever is counted).
    """
    row = _Row({name: cells.get(name, "").strip() for name in FIELDS})
    amounts = _Amounts(row.cells["unit"], locale, own_units)
    reads: dict[Any, Callable[[str], Any]] = {
        Basis: partial(_choice, Basis),
        Qualifier: partial(_choice, Qualifier),
        Decimal: amounts.read,
        Period: partial(_period, today=today),
        date: partial(_day, today=today),
        bool: says_yes,
        "yoy": partial(parse_rate, locale=locale),
        "evidence_url": _address,
    }
    said: dict[str, Any] = dict.fromkeys(("value", *FIELDS))  # what is wrong is told in the order of a form
    for name in said:
        if row.cells[name]:
            said[name] = row.read(name, reads.get(name) or reads.get(KINDS[name], str))
    period = said["period"]
    if today is not None and said["basis"] is Basis.YEAR_TO_DATE and period is not None and period.start == period.end:
        said["period"] = Period(date(period.end.year, 1, 1), period.end)
    value, rounding, qualifier = said["value"], said["rounding"], said["qualifier"]
    row.check(
        _basis_and_period(said["basis"], said["period"]),
        _value_and_rounding(value, rounding),
        _exactness(value, qualifier),
    )
    if row.problems:
        raise RowError(row.problems)
    said |= {
        "value": value.value,
        "rounding": value.rounding if rounding is None else rounding.value,
        "qualifier": qualifier or value.qualifier,
        "unit": value.unit if value.unit is not None or not value.scaled else "",
    }
    given = {name: one for name, one in said.items() if one is not None}
    return Reading(**given, recorded_at=now, source=source)


def cells_of(reading: Reading) -> dict[str, str]:
    """Return the cells that state a reading as it is stored, the value in the indicator's unit; empty ones left out."""
    cells = {
        name: _printed(name, value)
        for name, default in DEFAULTS.items()
        if name != "unit" and (value := getattr(reading, name)) != default
    }
    return {name: text for name, text in cells.items() if text}


def check_fields(*mappings: Mapping[str, str]) -> None:
    """Raise ValueError when a mapping speaks of a field that a row does not have."""
    for name in sorted({name for mapping in mappings for name in mapping} - set(FIELDS)):
        close = get_close_matches(name, FIELDS, n=1)
        hint: dict[str, Value] = {"name": name, "near": close[0]} if close else {"name": name, "names": FIELDS}
        raise ValueError(Problem("option_field_unknown_near" if close else "option_field_unknown", hint))


class _Row:
    """The cells of a row, and what was found wrong with them so far."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        missing = {"basis": Problem("basis_is_empty", {"choices": tuple(Basis)}, where="basis")}
        self.problems = [missing.get(name, Problem("is_empty", where=name)) for name in REQUIRED if not cells[name]]

    def read(self, name: str, read: Callable[[str], T]) -> T | None:
        """Return the cell as `read` reads it; None when it cannot be read."""
        try:
            return read(self.cells[name])
        except QuantityError as error:
            self.problems += [problem.at(name) for problem in error.problems]
            return None

    def check(self, *found: Problem | None) -> None:
        """Note what was found wrong between cells."""
        self.problems.extend(problem for problem in found if problem)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """How the amounts of a row are to be read: its declared unit, its locale, unit words the table lacks."""

    unit: str
    locale: str | None
    own_units: tuple[str, ...]

    def read(self, text: str) -> Quantity:
        spellings = tuple(sorted({*self.own_units, *own_spellings(self.unit)})) if self.unit else self.own_units
        quantity = parse_quantity(text, locale=self.locale, own_units=spellings)
        if not self.unit:
            return quantity
        try:
            return in_unit(quantity, self.unit)
        except QuantityError as error:
            raise QuantityError(Problem("other_unit_than_field", error.problems[0].values)) from None


def _choice(kind: type[E], text: str) -> E:
    try:
        return kind(text)
    except ValueError as error:
        names = [str(member.value) for member in kind]
        if close := get_close_matches(text.lower().replace("-", "_").replace(" ", "_"), names, n=1):
            raise QuantityError("not_one_of_near", said=text, choices=tuple(kind), near=kind(close[0])) from error
        raise QuantityError("not_one_of", said=text, choices=tuple(kind)) from error


def _period(text: str, *, today: date | None) -> Period:
    if today is not None:
        with suppress(QuantityError):  # what nobody says that way is refused as in a file
            return said_period(text, today)
    return parse_period(text)


def _day(text: str, *, today: date | None) -> date:
    if today is not None:
        with suppress(QuantityError):
            return said_day(text, today)
    plain = plain_text(text)
    try:
        if not _ISO_DAY.fullmatch(plain):
            raise ValueError(plain)
        return date.fromisoformat(plain)
    except ValueError as error:
        raise QuantityError("not_a_day", said=text) from error


def _address(text: str) -> str:
    if not text.casefold().startswith(("http://", "https://")):
        raise QuantityError("not_an_address", said=text)
    return text


def _basis_and_period(basis: Basis | None, period: Period | None) -> Problem | None:
    if basis is not Basis.YEAR_TO_DATE or period is None:
        return None
    january = date(period.end.year, 1, 1)
    if period.start == january:
        return None
    whole = format_period(Period(january, period.end))
    return Problem("not_from_new_year", {"start": period.start, "expected": whole}, where="period")


def _value_and_rounding(value: Quantity | None, rounding: Quantity | None) -> Problem | None:
    if value is None or rounding is None:
        return None
    bare = value.unit is None and not value.scaled
    if (rounding.unit is not None and rounding.unit != value.unit) or (bare and rounding.scaled):
        return Problem("other_notation", {"said": rounding.text, "value": value.text}, where="rounding")
    if rounding.value < 0 or 0 < rounding.value < value.rounding:
        values = {"said": rounding.text, "value": value.text, "width": f"{value.rounding:f}"}
        return Problem("rounding_too_small", values, where="rounding")
    return None


def _exactness(value: Quantity | None, qualifier: Qualifier | None) -> Problem | None:
    if value is None or qualifier is None or value.qualifier in {Qualifier.EXACT, qualifier}:
        return None
    values: dict[str, Value] = {"qualifier": qualifier, "value": value.text, "printed": value.qualifier}
    return Problem("qualifier_differs", values, where="qualifier")


def _plain(value: Decimal) -> str:
    shown = format(value, ",f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _printed(name: str, value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_plain(value * 100)} %" if name == "yoy" else _plain(value)
    if isinstance(value, Period):
        return format_period(value)
    return "yes" if value is True else str(value)
