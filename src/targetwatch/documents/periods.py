"""Periods as offices print them: months and quarters in any language, school years, serial days, dates for a span.

With them stand the words by which a document says what it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from targetwatch.errors import QuantityError
from targetwatch.model import Period
from targetwatch.quantity import plain_text, said_day, said_period
from targetwatch.quantity.period import ONE_YEAR, TWO_YEARS, in_english

if TYPE_CHECKING:
    from targetwatch.documents.description import PeriodRule, PublishedRule

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SERIAL_START = date(1899, 12, 30)
"""Day 0 of a workbook: its 1900 has a 29 February."""
SPAN_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LATE = date(2200, 12, 31)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d")
_FISCAL = r"(?:(?:FY|SY|AY)\s*\d{4}(?:\s*[-–—/]\s*\d\d(?:\d\d)?)?|\d{4}\s*[-–—/]\s*\d\d(?:\d\d)?)"
_FISCAL_QUARTER = re.compile(
    rf"Q(?P<quarter>[1-4])[ ,]*(?:of )?(?P<year>{_FISCAL})|(?P<before>{_FISCAL})[ :,-]*Q(?P<after>[1-4])", re.IGNORECASE
)
_PLAIN_QUARTER = re.compile(r"Q[1-4]\W*\d{4}|\d{4}\W*Q[1-4]", re.IGNORECASE)
_REWRITTEN = (
    (r"\s*(?:[*#†‡¹²³]|\((?:[pr]|\d)\))+$", ""),
    (r"^((?:19|20)\d\d)([01]\d)([0-3]\d)$", r"\1-\2-\3"),
    (r"\bFY\s*'?(\d\d)\b(?!\d)", r"FY20\1"),
    (r"(?i)^KW\s*(\d{1,2})\s*[/ -]\s*(\d{4})$", r"\2-W\1"),
    (r"(?i)^(\d{1,2})\.\s*KW\s*/?\s*(\d{4})$", r"\2-W\1"),
    (r"^(\d{4})-?M(\d{1,2})$", r"\1-\2"),
    (r"^(\d{4})-?S([12])$", r"\1-H\2"),
    (r"^(\d{4})-?A1?$", r"\1"),
    (r"^(\d{1,2})\.(\d{4})$", r"\2-\1"),
    (r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", r"\3-\2-\1"),
    (r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*$", r"\1"),
)
"""Footnotes, days without marks or with points, weeks, statistical codes (2025M01, 2025-S1), and days with a time."""
GROWTH = re.compile(r"growth|change|year.on.year|yoy|y/y|同比|增速|增长|variaci|veränderung|évolution", re.IGNORECASE)
TO_DATE = re.compile(r"cumulative|year.to.date|ytd|累计|acumulad|kumul", re.IGNORECASE)
WHOLE = re.compile(r"total|all|sum|合计|合計|总计|总|全", re.IGNORECASE)
VALUE = re.compile(r"value|obs_value|amount|figure|数值|数据", re.IGNORECASE)
TIME = re.compile(
    r"time|period|date|month|year|quarter|week|时间|日期|年|月|季|期|mes|año|rok|monat|jahr", re.IGNORECASE
)
NO_TIME = re.compile(r"publi|release|updat|realtime|prepared|start|latest|base|created|发布", re.IGNORECASE)
SHARE = re.compile(r"percent|share|%|占比|比重", re.IGNORECASE)
BESIDE_A_DAY = " -–—年月"
ERROR_PAGE = re.compile(
    r"^\W*((http|error|错误)\W*)*(40[0-9]|50[0-4])(\W*$|\W+(error|not|bad|service|gateway|forbidden|internal|错误|页面))"
    r"|\bnot found\b|\bforbidden$|service unavailable|bad gateway|internal server error|access denied"
    r"|under maintenance|系统维护|网站维护|页面不存在|页面错误|页面出错|无法访问",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
PUBLISHED_ON = re.compile(
    rf"(?:发布|发稿|发表|公布|公开)(?:日期|时间)?(?:<[^>]{{0,99}}>|&nbsp;|[\s:：【\[])*{DAY.pattern}"
)


def read_period(text: str, how: PeriodRule) -> Period:
    """Return the period that a cell, or several joined, prints.

    Raises:
        QuantityError: it prints none, or may print two, or one that is not of the declared span.
    """
    try:
        return _read(text, how)
    except (ValueError, OverflowError):  # a week, a day or a year that no calendar has
        raise QuantityError("not_a_period", said=text) from None


def _read(text: str, how: PeriodRule) -> Period:
    if how.form:
        day = _counted(text, how)
        return _spanned(Period(day, day), how.span, how, text)
    if how.format:
        day, coarsest = _formatted(text, how)
        return _spanned(Period(day, day), how.span or coarsest, how, text)
    if moment := _MOMENT.fullmatch(plain_text(text)):
        day = _day_of(datetime.fromisoformat(moment[0].upper().replace(" ", "T")), how, text)
        return _spanned(Period(day, day), how.span, how, text)
    return _spanned(_named(text, how), how.span, how, text)


def read_day(text: str, how: PublishedRule) -> date:
    """Return the day that a cell prints."""
    if how.format:
        return _formatted(text, how)[0]
    plain = _rewritten(in_english(plain_text(text), how.language))
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return said_day(plain, _LATE)


def months_after(start: date, months: int) -> date:
    """Return the first day of the month so many months after that of `start`."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _named(text: str, how: PeriodRule) -> Period:
    plain = _rewritten(in_english(plain_text(text), how.language))
    if (years := TWO_YEARS.fullmatch(plain)) and int(years[3]) % 100 == (int(years[1]) + 1) % 100:
        if how.year_starts:
            return _year_from(int(years[1]), how.year_starts)
        if how.span != "month" and (years[2] != "-" or len(years[3]) > 2):  # noqa: PLR2004 - 2003-04 is a month
            raise QuantityError("period_of_two_years", said=text)
        plain = f"{years[1]}-{years[3]}"
    if how.year_starts and (part := _FISCAL_QUARTER.fullmatch(plain)):
        whole = _named(part["year"] or part["before"], how)
        start = months_after(whole.start, 3 * int(part["quarter"] or part["after"]) - 3)
        return Period(start, months_after(start, 3) - timedelta(days=1))
    if (how.year_starts or 1) > 1 and _PLAIN_QUARTER.fullmatch(plain):
        raise QuantityError("quarter_of_which_year", said=text)
    if how.year_starts and (year := ONE_YEAR.fullmatch(plain)):
        by_end = how.year_named == "end" and how.year_starts > 1 and not year["fiscal"]
        return _year_from(int(year[1]) - by_end, how.year_starts)
    if week := re.fullmatch(r"(\d{4})-?W(\d{1,2})", plain, re.IGNORECASE):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return Period(monday, monday + timedelta(days=6))
    if not _YEAR.search(plain):
        raise QuantityError("period_without_year", said=text)
    try:
        return said_period(plain, _LATE)
    except QuantityError:
        raise QuantityError("not_a_period", said=text) from None


def _year_from(year: int, month: int) -> Period:
    start = date(year, month, 1)
    return Period(start, months_after(start, 12) - timedelta(days=1))


def _spanned(found: Period, span: str | None, how: PeriodRule, text: str) -> Period:
    """Return the span that a date or a shorter period starts or ends."""
    if span is None:
        return found
    if span == "day":
        whole = Period(found.start, found.start)
    elif span == "week":
        end = found.end + timedelta(days=(DAYS.index(how.week_ends) - found.end.weekday()) % 7)
        whole = Period(end - timedelta(days=6), end)
    else:
        months = SPAN_MONTHS[span]
        into = (found.start.month - ((how.year_starts or 1) if span == "year" else 1)) % months
        start = months_after(found.start, -into)
        whole = Period(start, months_after(start, months) - timedelta(days=1))
    if found.end > whole.end or (found.start != whole.start and found.end != whole.end):
        raise QuantityError("period_not_span", said=text, span=span)
    return whole


def _counted(text: str, how: PeriodRule) -> date:
    """Return the day of a serial number or of the seconds since 1970."""
    try:
        number = float(plain_text(text))
        if how.form == "serial":
            return SERIAL_START + timedelta(days=int(number))
        moment = datetime.fromtimestamp(number / (1000 if how.form == "epoch_ms" else 1), UTC)
    except (ValueError, OverflowError, OSError):
        raise QuantityError("not_counted_time", said=text) from None
    return _day_of(moment, how, text)


def _day_of(moment: datetime, how: PeriodRule, text: str) -> date:
    """Return the day of a moment; where it stands for a span it must be the beginning of one."""
    local = moment.astimezone(ZoneInfo(how.zone)) if moment.utcoffset() == timedelta(0) else moment
    if how.span not in {None, "day"} and local.time() != time.min:
        raise QuantityError("time_within_day", said=text, zone=how.zone)
    return local.date()


def _formatted(text: str, how: PeriodRule | PublishedRule) -> tuple[date, str]:
    """Return the day as its format reads it, and the span that the format leaves open."""
    try:
        day = datetime.strptime(in_english(plain_text(text), how.language), how.format).replace(tzinfo=UTC).date()
    except ValueError:
        raise QuantityError("other_day_format", said=text, form=how.format) from None
    codes = set(re.findall("%-?([a-zA-Z])", how.format))
    return day, "day" if codes & set("djxcUWuaA") else "month" if codes & set("mbB") else "year"


def _rewritten(plain: str) -> str:
    for pattern, better in _REWRITTEN:
        plain = re.sub(pattern, better, plain)
    return plain
