"""Periods and days as people say them: Jan-Oct 2025, 1—10月, Q3, first half of 2025, 9 December, 昨天.

What `quantity.parse_period` reads is read by it; this only knows more ways to say the same. A year left out is this
one, or the last where the period, or the day, would not be over by `today`; 29 February in neither is a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from targetwatch.errors import QuantityError
from targetwatch.model import Period
from targetwatch.quantity import parse_period, plain_text

_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_N = "1[0-2]|0?[1-9]"
_YEAR = r"(?:19|20|21)[0-9]{2}"
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_NUMBERS |= {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_NUMBERS |= {"two": 2, "three": 3}
_RELATIVE = {"today": 0, "今天": 0, "今日": 0, "yesterday": 1, "昨天": 1, "昨日": 1}
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def said_period(text: str, today: date) -> Period:
    """Return the period that `text` names, both days inclusive.

    >>> said_period("Jan-Oct 2025", date(2026, 1, 1)).end, said_period("1—10月", date(2025, 9, 1)).end
    (datetime.date(2025, 10, 31), datetime.date(2024, 10, 31))

    Raises:
        QuantityError: it names none.
    """
    try:
        return parse_period(text)
    except QuantityError:
        plain = _plain(text)
        found = _with_year(plain) or _without_year(plain, today) or _range(plain, today)
        day = None if found else _day(plain, today)
        if day is not None:
            return Period(day, day)
        if found is None:
            raise
        return found


@lru_cache(maxsize=4096)
def said_day(text: str, today: date) -> date:
    """Return the day that `text` names.

    >>> said_day("9 December", date(2026, 1, 8)), said_day("2025年12月9日", date(2026, 1, 8))
    (datetime.date(2025, 12, 9), datetime.date(2025, 12, 9))

    Raises:
        QuantityError: it names none.
    """
    found = _day(_plain(text), today)
    if found is None:
        raise QuantityError(f"'{text}': is no day, expected one such as 2025-07-17")
    return found


def _plain(text: str) -> str:
    """Return the words in one spelling: lower case, one kind of dash, no commas, single spaces."""
    plain = re.sub(r"[\u2010-\u2015~\uff5e\u301c]|(?<=[0-9月年])\s*[至到]\s*", "-", plain_text(text)).lower()
    plain = re.sub(r"\b(?:from|the|of|in|year to date|ytd)\b|,|^自|^从", " ", plain)
    plain = re.sub(r"\s(?:to|through|until|till)\s", "-", plain)
    return re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", plain)).strip()


def _with_year(plain: str) -> Period | None:
    """Return a period whose year stands before or after the rest."""
    for pattern in (rf"(?P<rest>.+?)[ /-]?(?P<year>{_YEAR})年?", rf"(?P<year>{_YEAR})(?:年|[ /.-])?(?P<rest>.+)"):
        found = re.fullmatch(pattern, plain)
        rest = found["rest"].strip() if found else ""
        span = (int(rest), int(rest)) if re.fullmatch(_N, rest) else _part(rest)
        if found and span:
            return _months(int(found["year"]), span)
    return None


def _without_year(plain: str, today: date) -> Period | None:
    """Return the latest such period that is over."""
    span = _part(plain)
    if span is None:
        return None
    this = _months(today.year, span)
    return this if this.end <= today else _months(today.year - 1, span)


def _range(plain: str, today: date) -> Period | None:
    """Return a period named by its first and its last part, each with a year or a day of its own."""
    for found in re.finditer("-", plain):
        first, last = plain[: found.start()], plain[found.end() :]
        parts = [_single(part, today) for part in (first, last)]
        if parts[0] and parts[1] and parts[0].start <= parts[1].end:
            return Period(parts[0].start, parts[1].end)
    return None


def _single(text: str, today: date) -> Period | None:
    if not re.search(_YEAR, text):
        return None
    found = _with_year(text)
    day = None if found else _day(text, today)
    if found or day:
        return found or Period(day, day) if day else found
    try:
        return parse_period(text)
    except QuantityError:
        return None


def _part(rest: str) -> tuple[int, int] | None:
    """Return the first and the last month of a part of a year."""
    for pattern, read in _PARTS:
        if found := re.fullmatch(pattern, rest):
            first, last = read(found)
            return (first, last) if 1 <= first <= last <= 12 else None  # noqa: PLR2004 - months of a year
    return None


def _month(word: str) -> int:
    return int(word) if word.isdigit() else _NAMES.index(word[:3]) + 1


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _nth(size: int, word: str) -> tuple[int, int]:
    number = _number(word)
    return (size * number - size + 1, size * number)


_PARTS: tuple[tuple[str, Callable[[re.Match[str]], tuple[int, int]]], ...] = (
    (rf"({_MONTH})", lambda found: (_month(found[1]), _month(found[1]))),
    (rf"({_MONTH})-({_MONTH})", lambda found: (_month(found[1]), _month(found[2]))),
    (rf"({_N})月?-({_N})月份?", lambda found: (int(found[1]), int(found[2]))),
    (rf"({_N})月份?", lambda found: (int(found[1]), int(found[1]))),
    (r"q([1-4])|([1-4])q", lambda found: _nth(3, found[1] or found[2])),
    (r"h([12])|([12])h", lambda found: _nth(6, found[1] or found[2])),
    (r"q1-q([2-4])", lambda found: (1, 3 * int(found[1]))),
    (r"(first|second|third|fourth|1st|2nd|3rd|4th) quarter", lambda found: _nth(3, found[1])),
    (r"(first|second|1st|2nd) half(?: year)?", lambda found: _nth(6, found[1])),
    (r"first (two|three|2|3) quarters", lambda found: (1, 3 * _number(found[1]))),
    (r"first (1[01]|[2-9]) months", lambda found: (1, int(found[1]))),
    (r"第?([一二三四1-4])季度?", lambda found: _nth(3, found[1])),
    (r"前([两二三23])个?季度", lambda found: (1, 3 * _number(found[1]))),
    (r"前(1[01]|[2-9])个?月", lambda found: (1, int(found[1]))),
    (r"([上下])半年", lambda found: _nth(6, found[1])),
    (r"全年|full year", lambda _: (1, 12)),
)
_DAYS = (
    rf"(?P<y>{_YEAR})[-/.](?P<m>{_N})[-/.](?P<d>[0-9]{{1,2}})",
    rf"(?:(?P<y>{_YEAR})年)?(?P<m>{_N})月(?P<d>[0-9]{{1,2}})[日号]",
    rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<m>{_MONTH})(?: (?P<y>{_YEAR}))?",
    rf"(?P<m>{_MONTH}) (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: (?P<y>{_YEAR}))?",
)


def _months(year: int, span: tuple[int, int]) -> Period:
    first, last = span
    after = date(year + last // 12, last % 12 + 1, 1)
    return Period(date(year, first, 1), after - ONE_DAY)


def _day(plain: str, today: date) -> date | None:
    if plain in _RELATIVE:
        return today - _RELATIVE[plain] * ONE_DAY
    for pattern in _DAYS:
        found = re.fullmatch(pattern, plain)
        if found is None:
            continue
        month, day = _month(found["m"]), int(found["d"])
        if found["y"]:
            return _calendar_day(int(found["y"]), month, day)
        this = _calendar_day(today.year, month, day)
        return this if this is not None and this <= today else _calendar_day(today.year - 1, month, day)
    return None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
