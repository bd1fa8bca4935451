"""What stretch of time a figure covers: the days that the words for a time stand for, and how they are counted.

To the year, alone, since a start, or on a day; what had to be assumed to say so; and the day of publication.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from targetwatch.model import Basis, Measure, Period
from targetwatch.model.problem import Problem
from targetwatch.press.dates import MONTHS, TimeKind, When, start_of
from targetwatch.press.indicators import Profile
from targetwatch.press.text import Found, PlainText, Remarks
from targetwatch.quantity.period import EARLIEST, LATEST


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a year can be taken from: the day of publication (else today), and a year printed shortly before."""

    day: date
    published: bool
    carried: int | None = None

    def said(self) -> Remarks:
        """Return that the year, which the text does not print, is counted from here."""
        code = "year_counted_from_publication" if self.published else "year_counted_from_today"
        return (Problem(code, {"day": self.day}),)


@dataclass(frozen=True, slots=True)
class Days:
    """The days words stand for; `why` says what was assumed, and is empty when all was printed."""

    period: Period
    why: Remarks = ()


def days(when: When, known: Anchor) -> Days | None:
    """Return the days that `when` stands for; None when the calendar has no such day."""
    if when.weekday is not None:
        back = (known.day.weekday() - when.weekday) % 7
        return on_day(known.day, known.said(), back=back)
    if when.last_month:
        last = known.day.replace(day=1) - timedelta(days=1)
        return Days(Period(last.replace(day=1), last), known.said())
    year, why = _year(when, known)
    if when.back and when.to_year:
        when = replace(when, to_year=when.to_year - when.back)
    found = _of_year(when, year - when.back)
    return None if found is None else Days(found, why)


def on_day(day: date, why: Remarks, *, back: int = 0) -> Days | None:
    """Return a day, `back` days before; None outside the years a period may be entered for."""
    if not EARLIEST <= day.year <= LATEST:
        return None
    before = day - timedelta(days=back)
    return Days(Period(before, before), why)


def _year(when: When, known: Anchor) -> tuple[int, Remarks]:
    if when.year is not None:
        return when.year, ()
    if when.relative is not None:
        return known.day.year + when.relative, known.said()
    if known.carried is not None and _over(when, known.carried, known.day):
        return known.carried, (Problem("year_carried", {"year": known.carried}),)
    year = known.day.year
    return (year if _over(when, year, known.day) else year - 1), known.said()


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
        return Found(value=given, typed=given.isoformat(), why=(Problem("publication_given"),))
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
                why=(Problem("publication_read"),),
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


_RUNNING = re.compile(
    r"累计|总共|以来|\bcumulative(?:ly)?\b|\bin\stotal\ssince\b|\baccumulat\w+|\brunning\stotal\b|\bto\sdate\b|\bsince\sits\b|\baltogether\b"
)
_TO_DATE = re.compile(
    r"今年以来|年初以来|年内|今年累计|今年已|\b(?:so\sfar\s)?this\syear\b|\byear[\s-]to[\s-]date\b|\bsince\sthe\s(?:start|beginning)\sof\sthe\syear\b"
)
_AVERAGE = re.compile(r"平均|均值|\baverage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The basis and the period; `period_why` and `basis_why` say what was assumed, `when` are the words used."""

    basis: Basis | None = None
    basis_why: Remarks = ()
    basis_inferred: bool = False
    basis_words: tuple[int, int] | None = None
    period: Period | None = None
    period_why: Remarks = ()
    doubts: Remarks = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureContext:
    """What is known of a figure when its time is asked: the words near it, the publication, whether it has a rate."""

    profile: Profile
    when: When | None
    times: Sequence[When]
    text: str
    clause: tuple[int, int]
    sentence: tuple[int, int]
    known: Anchor
    has_rate: bool
    since: Mapping[str, date]


def coverage(case: FigureContext) -> Coverage:
    """Return the basis and the period of a figure, each None when the text does not say it."""
    named = _named(case)
    return _level(case, named) if case.profile.indicator.measure is Measure.LEVEL else _flow(case, named)


def _named(case: FigureContext) -> Days | None:
    if case.when is None:
        return None
    if case.when.kind is TimeKind.NOW:
        return on_day(case.known.day, (Problem("cut_off_unsaid"),)) if case.known.published else None
    return days(case.when, case.known)


def _flow(case: FigureContext, named: Days | None) -> Coverage:
    when = case.when
    if when is not None and when.kind is TimeKind.SPAN and named is not None:
        if when.relative == 0 and when.whole_year and case.known.published and named.period.end > case.known.day:
            named = Days(Period(named.period.start, case.known.day), (*named.why, Problem("cut_off_unsaid")))
        if (named.period.start.month, named.period.start.day) == (1, 1):
            return _plain(Basis.YEAR_TO_DATE, (Problem("starts_with_year"),), named)
        return _plain(Basis.PERIOD, (Problem("starts_later_than_year"),), named)
    words = _running_words(case)
    running = case.profile.speaks_of("running_total")
    if when is None:
        return _running(case, words, named, by_indicator=running) if words or running else Coverage()
    return _until(case, named, words, running=running)


def _until(case: FigureContext, named: Days | None, words: tuple[int, int] | None, *, running: bool) -> Coverage:
    """Return what a figure as of a day is: a running total, unless something says that it is the year's."""
    this_year = _TO_DATE.search(case.text, *case.sentence) or any(
        when.relative == 0 and when.whole_year for when in case.times
    )
    if named is not None and not (words and not this_year) and (this_year or (case.has_rate and not running)):
        start = date(named.period.end.year, 1, 1)
        why = () if this_year else (Problem("year_to_date_assumed"),)
        return _plain(Basis.YEAR_TO_DATE, why, Days(Period(start, named.period.end), named.why))
    return _running(case, words, named, by_indicator=running)


def _running(case: FigureContext, words: tuple[int, int] | None, named: Days | None, *, by_indicator: bool) -> Coverage:
    by = "running_total_by_indicator" if by_indicator else "running_total_assumed"
    why = (Problem("running_total_said" if words else by),)
    if named is None and words and case.known.published:
        named = on_day(case.known.day, (Problem("cut_off_unsaid"),))
    start, start_why = _start(case)
    period: Period | None = None
    doubts: Remarks = ()
    if named is not None and start is not None and start <= named.period.end:
        period = Period(start, named.period.end)
    elif named is not None:
        doubts = (Problem("start_unsaid"),)
    return Coverage(
        basis=Basis.SINCE_START,
        basis_why=why,
        basis_inferred=words is None,
        basis_words=words,
        period=period,
        period_why=(*named.why, *start_why) if named and period else (),
        doubts=doubts,
    )


def _running_words(case: FigureContext) -> tuple[int, int] | None:
    """Return where the text says that the figure is a running total: near it, or by naming a start."""
    since = next((when for when in case.times if when.kind is TimeKind.SINCE), None)
    if since is not None:
        return since.start, since.end
    found = _RUNNING.search(case.text, *case.sentence)
    return found.span() if found else None


def _start(case: FigureContext) -> tuple[date | None, Remarks]:
    for when in case.times:
        start = start_of(when) if when.kind is TimeKind.SINCE else None
        if start is not None:
            return start, () if when.first_day else (Problem("year_only", {"start": start}),)
    known = case.since.get(case.profile.indicator.id) or case.profile.since
    return (known, (Problem("start_known", {"start": known}),)) if known else (None, ())


def _level(case: FigureContext, named: Days | None) -> Coverage:
    if named is None or case.when is None:
        return Coverage()
    profile, span = case.profile, named.period
    from_january = (span.start.month, span.start.day) == (1, 1)
    whole_year = from_january and (span.end.month, span.end.day) == (12, 31)
    if profile.unit.base in {"%", "pp", "ratio"} and case.when.kind is TimeKind.SPAN:
        to_date = from_january and (not whole_year or profile.speaks_of("year_to_date"))
        return _plain(Basis.YEAR_TO_DATE if to_date else Basis.PERIOD, (Problem("ratio_over_period"),), named)
    months = case.when.last - case.when.first + 1
    if case.when.kind is TimeKind.SPAN and months > 1 and _AVERAGE.search(case.text, *case.clause):
        return _plain(Basis.PERIOD, (Problem("ratio_over_period"),), named)
    return _plain(Basis.POINT, (Problem("level_on_last_day"),), Days(Period(span.end, span.end), named.why))


def _plain(basis: Basis, why: Remarks, named: Days) -> Coverage:
    return Coverage(basis=basis, basis_why=why, period=named.period, period_why=named.why)
