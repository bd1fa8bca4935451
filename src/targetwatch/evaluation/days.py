"""Days of the calendar: the same day in another year, and months between two period ends.

A period end is a day whose evening is meant: the day before a window's start is its origin, at which a flow is zero.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = 365.2425 / MONTHS_PER_YEAR


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
