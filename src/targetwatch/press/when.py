"""Words for a time, and what builds them from a match."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Said = dict[str, object]
Build = Callable[[re.Match[str]], Said]
Rule = tuple[str, Build]
YEAR = "(?:19|20)[0-9]{2}"
DAY = "(?:3[01]|[12][0-9]|0?[1-9])"
LAST_MONTH = 12


class Kind(StrEnum):
    """What the words speak of."""

    SPAN = "span"
    UNTIL = "until"
    """As of a day: a running total, or a level on that day."""
    NOW = "now"
    SINCE = "since"
    COMPARED = "compared"
    """What a growth is counted from: the same period a year before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Words for a time from `start` to `end` of the plain text.

    `year` is the one printed; else `relative` is 0 for this year, -1 for last year; else none is said. `first` and
    `last` are months, `first_day` and `day` days of them, `weekday` 0..6, `to_year` the last of several years.
    """

    start: int
    end: int
    kind: Kind = Kind.SPAN
    year: int | None = None
    to_year: int | None = None
    relative: int | None = None
    first: int = 1
    last: int = LAST_MONTH
    first_day: int | None = None
    day: int | None = None
    weekday: int | None = None

    @property
    def single_day(self) -> bool:
        """Return whether it is one day."""
        return self.first_day is not None and (self.first, self.first_day) == (self.last, self.day)


def start_of(when: When) -> date | None:
    """Return the first day of words that name a start; None without a year, or where the calendar has no such day."""
    try:
        return date(when.year, when.first, when.first_day or 1) if when.year else None
    except ValueError:
        return None


NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMBERS |= {"十": 10, "十一": 11, "十二": 12, "上": 1, "下": 2}
NUMBERS |= {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
NUMBERS |= {"ten": 10, "eleven": 11, "first": 1, "second": 2, "third": 3, "fourth": 4}
NUMBERS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}


def number(word: str) -> int:
    """Return the number a word or digits stand for."""
    return int(word) if word.isdigit() else NUMBERS[word]


def month(word: str) -> int:
    """Return the month a name or digits stand for."""
    return MONTHS[word[:3]] if word[:3] in MONTHS else number(word)


def span(first: int, last: int) -> Said:
    """Return months of a year."""
    return {"first": first, "last": last}


def part(size: int, which: int) -> Said:
    """Return the quarter or half of a year that `which` counts; month 0, which there is not, when it has none."""
    return span((which - 1) * size + 1, which * size) if 1 <= which <= LAST_MONTH // size else span(0, 0)


def one_month(found: re.Match[str]) -> Said:
    """Return one month."""
    return span(month(found["m"]), month(found["m"]))


def one_day(found: re.Match[str]) -> Said:
    """Return one day."""
    day = int(found["d"])
    return {**one_month(found), "first_day": day, "day": day}


def months(found: re.Match[str]) -> Said:
    """Return a stretch from one month to another, of the next year where that is printed."""
    groups = found.groupdict()
    said = span(month(found["m"]), month(found["m2"]))
    days = {"first_day": int(found["d"]), "day": int(found["d2"])} if groups.get("d2") else {}
    other = groups.get("y2")
    return {**said, **days, **({"to_year": int(other)} if other else {})}


def until(found: re.Match[str]) -> Said:
    """Return the end of a month, a day of it, or the end of a year."""
    last = month(found["m"]) if found["m"] else LAST_MONTH
    return {"kind": Kind.UNTIL, "first": last, "last": last, "day": int(found["d"]) if found["d"] else None}


def since(found: re.Match[str]) -> Said:
    """Return the start of a running total, as far as it is said."""
    groups = found.groupdict()
    named, day = groups.get("m"), groups.get("d")
    return {"kind": Kind.SINCE, "first": month(named) if named else 1, "first_day": int(day) if day else None}


def years(found: re.Match[str]) -> Said:
    """Return several years."""
    return {"to_year": int(found["y2"])}


def whole_year(_: re.Match[str]) -> Said:
    """Return a year."""
    return {}


def now(_: re.Match[str]) -> Said:
    """Return that the words say now."""
    return {"kind": Kind.NOW}


def compared(_: re.Match[str]) -> Said:
    """Return that the words say what something is compared with."""
    return {"kind": Kind.COMPARED}
