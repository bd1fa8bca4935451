"""Which days the words for a time stand for and what had to be assumed to say so; the day of publication."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from targetwatch.model import Period, Text
from targetwatch.press import remarks
from targetwatch.press.dates import MONTHS, When
from targetwatch.press.proposals import Found
from targetwatch.press.text import PlainText
from targetwatch.quantity.period import EARLIEST, LATEST


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a year can be taken from: the day of publication (else today), and a year printed shortly before."""

    day: date
    published: bool
    carried: int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The days words stand for; `why` says what was assumed, and is empty when all was printed."""

    period: Period
    why: Text = Text()  # noqa: RUF009 - Text is frozen


def days(when: When, known: Anchor) -> Days | None:
    """Return the days that `when` stands for; None when the calendar has no such day."""
    if when.weekday is not None:
        back = (known.day.weekday() - when.weekday) % 7
        return on_day(known.day, remarks.year_counted(known.day, published=known.published), back=back)
    year, why = _year(when, known)
    found = _of_year(when, year)
    return None if found is None else Days(found, why)


def on_day(day: date, why: Text, *, back: int = 0) -> Days | None:
    """Return a day, `back` days before; None outside the years a period may be entered for."""
    if not EARLIEST <= day.year <= LATEST:
        return None
    before = day - timedelta(days=back)
    return Days(Period(before, before), why)


def _year(when: When, known: Anchor) -> tuple[int, Text]:
    if when.year is not None:
        return when.year, Text()
    if when.relative is not None:
        return known.day.year + when.relative, remarks.year_counted(known.day, published=known.published)
    if known.carried is not None and _over(when, known.carried, known.day):
        return known.carried, remarks.year_carried(known.carried)
    year = known.day.year
    return (year if _over(when, year, known.day) else year - 1), remarks.year_counted(
        known.day, published=known.published
    )


def _over(when: When, year: int, day: date) -> bool:
    found = _of_year(when, year)
    return found is not None and found.end <= day


def _of_year(when: When, year: int) -> Period | None:
    if not EARLIEST <= year <= (when.to_year or year) <= LATEST:
        return None
    try:
        start = date(year, when.first, when.first_day or 1)
        end_year = when.to_year or year
        end = date(end_year, when.last, when.day or monthrange(end_year, when.last)[1])
    except ValueError:
        return None
    return Period(start, end) if start <= end else None


_MON = "(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}\\.?"
_DAY = "(?P<d>3[01]|[12][0-9]|0?[1-9])"
_YEAR = "(?P<y>20[0-9]{2})"
_SAID = r"(?:said|says|stated|disclosed|revealed|told\s[a-z ]{3,40}?|(?:conference|briefing))"
_SAID_ZH = "(?:通报|表示|介绍|透露|宣布|披露|公布|发布|获悉)"
_SAID_THEN = r"(?=,?\s[a-z' -]{0,50}?\b(?:said|announced|reported|told)\b)"
_ON_DAY_ZH = rf"(?<![截至到年0-9-])(?:{_YEAR}年)?(?P<mm>1[0-2]|0?[1-9])月{_DAY}日"
"""A day that ends no span."""
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:published|released|announced|issued|reported)\s(?:on\s)?(?:[a-z]{{6,9}},\s)?{_DAY}(?:st|nd|rd|th)?\s{_MON}(?:,?\s{_YEAR})?",
        rf"(?:published|released|announced|issued|reported)\s(?:on\s)?(?:[a-z]{{6,9}},\s)?{_MON}\s{_DAY}\b(?:,?\s{_YEAR})?",
        rf"(?:published|released|issued)\s(?:on\s)?{_YEAR}-(?P<mm>[01]?[0-9])-{_DAY}",
        rf"{_MON}\s{_DAY}(?:,\s{_YEAR})?\s\(xinhua\)",
        rf"(?:{_YEAR}年)?(?P<mm>1[0-2]|0?[1-9])月{_DAY}日(?:电|讯|公布|发布|,?记者)",
        rf"(?:发布|公布|发表)(?:于|时间|日期)?[:]?\s?(?:{_YEAR}年)?(?P<mm>1[0-2]|0?[1-9])月{_DAY}日",
        rf"(?:发布|公布|发表)(?:于|时间|日期)?[:]?\s?{_YEAR}-(?P<mm>1[0-2]|0?[1-9])-{_DAY}",
        rf"{_SAID}\son\s(?:[a-z]{{6,9}},\s)?{_DAY}(?:st|nd|rd|th)?\s{_MON}(?:,?\s{_YEAR})?",
        rf"{_SAID}\son\s(?:[a-z]{{6,9}},\s)?{_MON}\s{_DAY}\b(?:,?\s{_YEAR})?",
        rf"\bon\s{_DAY}(?:st|nd|rd|th)?\s{_MON}(?:\s{_YEAR})?{_SAID_THEN}",
        rf"\bon\s{_MON}\s{_DAY}(?:,\s{_YEAR})?{_SAID_THEN}",
        rf"{_ON_DAY_ZH}(?=(?:上午|下午)?,?[^,。;0-9]{{0,24}}{_SAID_ZH})",
        rf"{_ON_DAY_ZH}(?=(?:上午|下午)?(?:举行|召开)[^,。;0-9]{{0,24}}发布会)",
    )
)


def published_in(plain: PlainText, given: date | None, today: date) -> Found[date] | None:
    """Return the day of publication; None when it was neither given nor stands in the text."""
    if given is not None:
        return Found(value=given, typed=given.isoformat(), why=remarks.PUBLISHED_GIVEN)
    for pattern in _PATTERNS:
        for found in pattern.finditer(plain.text):
            day = _publication_day(found.groupdict(), today)
            if day is None:
                continue
            text, start, end = plain.words(*found.span())
            dated = bool(found.groupdict().get("y"))
            return Found(
                value=day,
                typed=day.isoformat(),
                text=text,
                start=start,
                end=end,
                confidence=0.9 if dated else 0.7,
                inferred=not dated,
                why=remarks.PUBLISHED_READ,
            )
    return None


def _publication_day(said: dict[str, str | None], today: date) -> date | None:
    month = int(said.get("mm") or 0) or MONTHS[said.get("m") or "jan"]
    year = int(said.get("y") or today.year)
    try:
        day = date(year, month, int(said.get("d") or 0))
        return day if said.get("y") or day <= today else day.replace(year=year - 1)
    except ValueError:
        return None
