"""The small values of the configuration: slugs, days, numbers, percentages, and what to write when one is wrong.

Each type takes what the YAML reader gives (text, int, Decimal, bool, None) and nothing looser; the ValueError's words
name the user's value and the exact thing to write instead. Knows no file and no line.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from targetwatch.errors import QuantityError
from targetwatch.model import Period
from targetwatch.quantity import parse_period, parse_quantity

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
PERCENT = r"^[-+]?\d+(\.\d+)?%$"
DAYS = r"^\d+d$"
SLUG_LENGTH = 64
LONGEST_LAG_DAYS = 3660
EARLIEST, LATEST = date(1949, 10, 1), date(2200, 12, 31)
"""The days a target can be about; what is outside is a slip, and the calendar ends not far beyond some of them."""
DIGITS = 30
"""More digits than any published figure has; what is longer is a slip, and costly to write out."""


def shown(raw: object) -> str:
    """Return the user's value as it stands in the file, shortened, for a sentence."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    text = str(raw)
    text = f"'{text}'" if isinstance(raw, str) else text
    return text if len(text) <= 60 else f"{text[:56]}...'"  # noqa: PLR2004 - fits one line


def slug_of(name: str) -> str:
    """Return a name as a slug ("Port and Logistics Office" is port-and-logistics-office); empty when none is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LENGTH].strip("-")


def _slug(raw: object) -> str:
    if isinstance(raw, str) and re.match(SLUG, raw) and len(raw) <= SLUG_LENGTH:
        return raw
    better = slug_of(str(raw)) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if isinstance(raw, int) and better:
        better = f"'{better}' in quotes"
    hint = f", write {better}" if better else ", expected something like cargo-volume-2025"
    limit = f", at most {SLUG_LENGTH} characters" if isinstance(raw, str) and len(raw) > SLUG_LENGTH else ""
    raise ValueError(f"{shown(raw)} is not an id (lower-case letters, digits and single hyphens{limit}){hint}")


def _day(raw: object) -> date:
    text = str(raw)
    if isinstance(raw, str) and re.match(DAY, raw):
        year, month, number = (int(part) for part in raw.split("-"))
        try:
            found_day = date(year, month, number)
        except ValueError:
            raise ValueError(f"'{raw}' is not a day of the calendar{_why_not_a_day(year, month)}") from None
        if not EARLIEST <= found_day <= LATEST:
            raise ValueError(f"'{raw}' is too far away, expected a day from {EARLIEST} to {LATEST}")
        return found_day
    if found := re.match(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", text):
        raise ValueError(f"{shown(raw)} is not written as a day, write {_padded(*found.groups())}")
    if found := re.match(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", text):
        raise ValueError(f"{shown(raw)} is not written as a day, write {_padded(*reversed(found.groups()))}")
    if found := re.match(r"^(\d{4})-(\d{2})-(\d{2})[T ]", text):
        raise ValueError(f"{shown(raw)} has a time of day, write {_padded(*found.groups())}")
    raise ValueError(f"{shown(raw)} is not a day, expected year-month-day such as 2025-12-31")


def _padded(year: str, month: str, number: str) -> str:
    return f"{int(year):04}-{int(month):02}-{int(number):02}"


def _why_not_a_day(year: int, month: int) -> str:
    if 1 <= month <= 12 and year >= 1:  # noqa: PLR2004 - months of a year
        return f", {year:04}-{month:02} has {monthrange(year, month)[1]} days"
    return ", expected year-month-day such as 2025-12-31"


def _number(raw: object) -> Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        value = Decimal(raw)
        if not value.is_finite() or value.adjusted() >= DIGITS or value.as_tuple().exponent < -DIGITS:  # type: ignore[operator]
            raise ValueError(f"{shown(raw)} has too many digits, expected at most {DIGITS} on either side of the point")
        return value
    if isinstance(raw, str):
        raise ValueError(_better_number(raw))  # noqa: TRY004 - pydantic collects ValueErrors
    raise ValueError(f"{shown(raw)} is not a number, expected one such as 270000 or 21.3")


def _better_number(raw: str) -> str:
    text = raw.strip()
    if re.match(r"^[-+]?\d+(\.\d+)?$", text):
        return f"'{raw}' is text, write {text} without the quotes"
    if re.match(r"^[-+]?\d{1,3}([,_ '’]\d{3})+(\.\d+)?$", text):
        return f"'{raw}' has thousands separators, write {re.sub(r'[^0-9.+-]', '', text)}"
    if re.match(r"^[-+]?\d+(\.\d+)?\s*[%％]$", text):
        return (
            f"'{raw}' is a percentage, expected a number in the indicator's unit, write {text.rstrip('%％ ')}"
            " where the unit is % (a change against the baseline is goal: {change: {by: " + text + "}})"
        )
    try:
        value = parse_quantity(text).value
    except QuantityError:
        return f"'{raw}' is not a number, expected one such as 270000 or 21.3"
    return f"'{raw}' is not a plain number, write {plain_number(value)}"


def plain_number(value: Decimal) -> str:
    """Return a number as digits, without exponent and without trailing zeros after the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(raw: object) -> Decimal:
    if isinstance(raw, str) and re.match(PERCENT, raw):
        return Decimal(raw[:-1]) / 100
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        better = plain_number(Decimal(raw))
        raise ValueError(f"{better} does not say of what, write {better}%")  # noqa: TRY004 - pydantic collects ValueErrors
    if isinstance(raw, str):
        better = re.sub(r"\s", "", raw).replace("％", "%").replace("−", "-").replace("–", "-")
        if re.match(PERCENT, better):
            raise ValueError(f"'{raw}' is not written as a percentage, write {better}")
    raise ValueError(f"{shown(raw)} is not a percentage, expected one such as -60%")


def _days(raw: object) -> int:
    if isinstance(raw, str) and re.match(DAYS, raw) and int(raw[:-1]) <= LONGEST_LAG_DAYS:
        return int(raw[:-1])
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        raise ValueError(f"{raw} does not say of what, write {raw}d for days")
    raise ValueError(f"{shown(raw)} is not a number of days up to {LONGEST_LAG_DAYS}, expected one such as 31d")


def _email(raw: object) -> str:
    if isinstance(raw, str) and re.match(r"^[^@\s,;<>\"']+@[^@\s,;<>\"'.]+(\.[^@\s,;<>\"'.]+)+$", raw):
        return raw
    raise ValueError(f"{shown(raw)} is not an e-mail address, expected exactly one such as name@example.org")


def _web_address(raw: object) -> str:
    if isinstance(raw, str) and re.match(r"^https?://[^\s/]+", raw) and not re.search(r"\s", raw):
        return raw
    raise ValueError(f"{shown(raw)} is not a web address, expected one that begins with https:// or http://")


def _country(raw: object) -> str:
    if isinstance(raw, str) and raw in _countries():
        return raw
    if isinstance(raw, str) and raw.upper() in _countries():
        raise ValueError(f"'{raw}' is not written as a country code, write {raw.upper()}")
    raise ValueError(f"{shown(raw)} is not a country with a known calendar, expected a two-letter code such as CN")


@cache
def _countries() -> frozenset[str]:
    from holidays import list_supported_countries  # noqa: PLC0415 - 0.4 s that only a file naming a calendar pays

    return frozenset(code for code in list_supported_countries(include_aliases=False) if len(code) == 2)  # noqa: PLR2004


def _period(raw: object) -> Period:
    if isinstance(raw, str) or (isinstance(raw, int) and not isinstance(raw, bool)):
        try:
            return parse_period(str(raw))
        except QuantityError as error:
            raise ValueError(str(error).removeprefix("period ")) from None
    raise ValueError(f"{shown(raw)} is not a period, expected one such as 2024, 2024-12 or 2024-01..2024-06")


Slug = Annotated[
    str, BeforeValidator(_slug), WithJsonSchema({"type": "string", "pattern": SLUG, "maxLength": SLUG_LENGTH})
]
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": DAY, "examples": ["2025-12-31"]})
]
Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Percent = Annotated[
    Decimal, BeforeValidator(_percent), WithJsonSchema({"type": "string", "pattern": PERCENT, "examples": ["-60%"]})
]
Days = Annotated[int, BeforeValidator(_days), WithJsonSchema({"type": "string", "pattern": DAYS, "examples": ["31d"]})]
Email = Annotated[str, BeforeValidator(_email), WithJsonSchema({"type": "string", "format": "email"})]
WebAddress = Annotated[str, BeforeValidator(_web_address), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Country = Annotated[str, BeforeValidator(_country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"})]
PeriodValue = Annotated[
    Period,
    BeforeValidator(_period),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}], "examples": [2024, "2024-01..2024-06"]}),
]
