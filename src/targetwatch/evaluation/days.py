"""Days of the calendar, months between them, and the calendar of releases: which figure is due when.

A period end is a day whose evening is meant: the day before a window's start is its origin, at which a flow is zero.
A period's figure is due `lag` days after the period's end, rolled forward to a working day of the calendar's country;
it is late once the grace has passed too. Performance is never told anything from here.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from targetwatch.model import DataState, Release

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = timedelta(days=1)
MONTHS_PER_YEAR = 12
DAYS_OF_WEEK = 7
DAYS_PER_MONTH = 365.2425 / MONTHS_PER_YEAR


def month_end_before(end: date, months: int) -> date:
    """Return the month's end so many months before the month's end `end`.

    >>> month_end_before(date(2025, 3, 31), 12), month_end_before(date(2025, 3, 31), 13)
    (datetime.date(2024, 3, 31), datetime.date(2024, 2, 29))
    """
    index = end.year * MONTHS_PER_YEAR + end.month - 1 - months
    return month_end(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1)


def is_month_end(day: date) -> bool:
    """Return whether `day` is the last of its month."""
    return day.day >= 28 and day == month_end(day.year, day.month)  # noqa: PLR2004 - no month ends before


@lru_cache(maxsize=4096)
def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


@lru_cache(maxsize=1024)
def month_ends_after(origin: date) -> tuple[date, ...]:
    """Return the twelve month ends after the month end `origin`."""
    first = origin.year * MONTHS_PER_YEAR + origin.month
    indices = range(first, first + MONTHS_PER_YEAR)
    return tuple(month_end(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1) for index in indices)


def shift_years(day: date, years: int) -> date:
    """Return the same day `years` later (negative: earlier); a month's end stays a month's end.

    >>> shift_years(date(2025, 2, 28), -1), shift_years(date(2024, 2, 29), -1), shift_years(date(2025, 3, 11), -1)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28), datetime.date(2024, 3, 11))
    """
    year = day.year + years
    if day.month == 2 and day.day >= 28:  # noqa: PLR2004 - the only month whose length differs between years
        return month_end(year, 2) if is_month_end(day) else date(year, 2, 28)
    return date(year, day.month, day.day)


def days_back(day: date, count: int) -> list[date]:
    """Return the `count` days before `day`, the latest first.

    >>> days_back(date(2025, 1, 2), 2)
    [datetime.date(2025, 1, 1), datetime.date(2024, 12, 31)]
    """
    return [day - timedelta(days=back) for back in range(1, count + 1)]


def months_between(first: date, last: date) -> float:
    """Return the months from the evening of `first` to the evening of `last`; whole between two month ends.

    >>> months_between(date(2024, 12, 31), date(2025, 8, 31))
    8.0
    >>> round(months_between(date(2025, 6, 15), date(2025, 7, 1)), 2)
    0.53
    """
    if is_month_end(first) and is_month_end(last):
        return float((last.year - first.year) * MONTHS_PER_YEAR + last.month - first.month)
    return (last - first).days / DAYS_PER_MONTH


MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAYS_IN = {"day": 1, "week": DAYS_OF_WEEK}
"""A week ends on whatever weekday the last one ended on."""


def is_working_day(day: date, country: str | None) -> bool:
    """Return whether people work on `day` in `country` (ISO code; moved working days counted); None: every day."""
    return True if country is None else _calendar(country).is_working_day(day)


def is_holiday(day: date, country: str | None) -> bool:
    """Return whether `day` is a public holiday in `country` (ISO code; days off in lieu counted); None: none is."""
    return country is not None and day in _calendar(country)


@lru_cache(maxsize=32)
def _calendar(country: str) -> HolidayBase:
    from holidays import country_holidays  # noqa: PLC0415 - start-up must not pay for it

    return country_holidays(country)


@lru_cache(maxsize=65536)
def due_on(release: Release, period_end: date) -> date:
    """Return the day by which the figure for a period ending `period_end` should be out."""
    day = period_end + timedelta(days=release.lag)
    while not is_working_day(day, release.calendar):
        day += timedelta(days=1)
    return day


def late_after(release: Release, period_end: date) -> date:
    """Return the last day of grace: the figure is late from the next day on."""
    return due_on(release, period_end) + timedelta(days=release.grace)


def next_period_end(release: Release, after: date) -> date | None:
    """Return the first period end later than `after` for which a figure is published; None when irregular."""
    if (days := DAYS_IN.get(release.every)) is not None:
        return after + timedelta(days=days)
    months = MONTHS_IN.get(release.every)
    if months is None:
        return None
    month = ((after.month - 1) // months + 1) * months
    end = month_end(after.year, month)
    while end <= after or (release.january_with_february and end.month == 1):
        index = end.year * 12 + end.month - 1 + months
        end = month_end(index // 12, index % 12 + 1)
    return end


def last_period_end(release: Release, until: date) -> date:
    """Return the last period end not later than `until`: the figure that decides a deadline; irregular: `until`.

    Of weeks it is the first day on which the last of them may end.
    """
    if (days := DAYS_IN.get(release.every)) is not None:
        return until - timedelta(days=days - 1)
    months = MONTHS_IN.get(release.every)
    if months is None:
        return until
    index = until.year * 12 + until.month - 1
    while True:
        end = month_end(index // 12, index % 12 + 1)
        skipped = release.january_with_february and end.month == 1
        if end <= until and end.month % months == 0 and not skipped:
            return end
        index -= 1


def data_state(release: Release, period_end: date | None, day: date, *, any_reading: bool) -> tuple[DataState, int]:
    """Return the state of the release for `period_end` on `day`, and the days since it was due when late."""
    if not any_reading:
        return DataState.NONE, 0
    if period_end is None or day < due_on(release, period_end):
        return DataState.FRESH, 0
    if day <= late_after(release, period_end):
        return DataState.DUE, 0
    return DataState.LATE, (day - due_on(release, period_end)).days
