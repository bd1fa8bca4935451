"""Periods as written: 2025, 2025-Q1, 2025-01..2025-06, 2025-11-10, 2025年1-6月."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from targetwatch.errors import QuantityError
from targetwatch.model import Period
from targetwatch.quantity.glyphs import plain_text

EXPECTED = "expected one such as 2025, 2025-06, 2025-Q1, 2025-H1, 2025-11-10 or 2025-01..2025-06"
EARLIEST, LATEST = 1900, 2200

_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_MONTHS = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PART = re.compile(r"([0-9]{4})-?([QH])([1-4])")
_CHINESE = re.compile(
    r"([0-9]{4})年(?:(?:第?([1-4一二三四])季度)|(前三季度)|([上下])半年"
    r"|([0-9]{1,2})(?:[-–—至到~]([0-9]{1,2}))?月(?:份|(?:([0-9]{1,2})日))?)?"
)


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """Return the period that `text` names, both days inclusive, or refuse with what was expected.

    >>> parse_period("2025-01..2025-06")
    Period(start=datetime.date(2025, 1, 1), end=datetime.date(2025, 6, 30))
    """
    plain = re.sub(r"\s+", "", plain_text(text))
    first, dots, last = plain.partition("..")
    try:
        start = _single(first)
        end = _single(last) if dots else start
    except ValueError as error:
        raise QuantityError(f"period '{text}': {error or 'cannot be read'}, {EXPECTED}") from error
    if end.end < start.start:
        raise QuantityError(f"period '{text}': ends on {end.end}, before it starts on {start.start}")
    return Period(start.start, end.end)


def format_period(period: Period) -> str:
    """Return the shortest text that `parse_period` reads as `period`.

    >>> format_period(parse_period("2025-01-01..2025-06-30")), format_period(parse_period("2025-07..2025-09"))
    ('2025-H1', '2025-Q3')
    """
    year = period.start.year
    if period.start == period.end:
        return period.start.isoformat()
    if period.start.day == 1 and (period.end + timedelta(days=1)).day == 1:
        first, last = period.start.month, period.end.month
        months = (period.end.year - year) * 12 + last - first + 1
        if months == 1:
            return f"{year:04}-{first:02}"
        if year == period.end.year:
            for size, letter in ((12, ""), (6, "-H"), (3, "-Q")):
                if months == size and (first - 1) % size == 0:
                    return f"{year:04}{letter}{(first - 1) // size + 1 if letter else ''}"
        return f"{year:04}-{first:02}..{period.end.year:04}-{last:02}"
    return f"{period.start}..{period.end}"


def _single(text: str) -> Period:
    """Return the period of one day, month, quarter, half or year; ValueError otherwise."""
    if found := re.fullmatch(r"[0-9]{4}", text):
        return _months(int(text), 1, 12)
    if found := _MONTHS.fullmatch(text):
        return _months(int(found[1]), int(found[2]), int(found[2]))
    if found := _DAY.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _PART.fullmatch(text.upper()):
        return _part(int(found[1]), 3 if found[2] == "Q" else 6, int(found[3]))
    if found := _CHINESE.fullmatch(text):
        return _chinese(found)
    raise ValueError("cannot be read")


def _chinese(found: re.Match[str]) -> Period:
    year, (quarter, three, half, month, to_month, day) = int(found[1]), found.groups()[1:]
    if quarter:
        return _part(year, 3, _NUMBERS.get(quarter) or int(quarter))
    if three:
        return _months(year, 1, 9)
    if half:
        return _part(year, 6, _NUMBERS[half])
    if day:
        if to_month:
            raise ValueError("cannot be read")
        return _day(year, int(month), int(day))
    return _months(year, int(month), int(to_month or month)) if month else _months(year, 1, 12)


def _part(year: int, size: int, number: int) -> Period:
    if number > 12 // size:
        raise ValueError(f"a year has no half {number}")
    return _months(year, (number - 1) * size + 1, number * size)


def _months(year: int, first: int, last: int) -> Period:
    _check_year(year)
    for month in (first, last):
        if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
            raise ValueError(f"there is no month {month}")
    if last < first:
        raise ValueError(f"month {last} comes before month {first}")
    after = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)  # noqa: PLR2004 - December
    return Period(date(year, first, 1), after - timedelta(days=1))


def _day(year: int, month: int, day: int) -> Period:
    _check_year(year)
    try:
        named = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"there is no day {year:04}-{month:02}-{day:02}") from error
    return Period(named, named)


def _check_year(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"the year {year} is not between {EARLIEST} and {LATEST}")
