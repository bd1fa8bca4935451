"""The words of the domain, bilingual text, days and moments, and frozen values as plain ones for JSON.

Unknown is None everywhere, never 0, -1 or NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any


class Measure(StrEnum):
    """How an indicator's readings combine."""

    FLOW = "flow"
    LEVEL = "level"
    MILESTONES = "milestones"


class Basis(StrEnum):
    """What stretch of time a reading's value covers."""

    PERIOD = "period"
    YEAR_TO_DATE = "year_to_date"
    SINCE_START = "since_start"
    POINT = "point"
    EVENT = "event"


class Qualifier(StrEnum):
    """How exactly the publisher stated the value."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"


class Comparator(StrEnum):
    """What counts as attained. `change` goals resolve to one of the first four against their baseline."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    BETWEEN = "between"
    COMPLETE = "complete"


class PlanShape(StrEnum):
    """The expected path from start to deadline."""

    LINEAR = "linear"
    SEASONAL = "seasonal"
    WAYPOINTS = "waypoints"


class Performance(StrEnum):
    """What is said of a target: is it being kept?"""

    PENDING = "pending"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    ACHIEVED = "achieved"
    MISSED = "missed"
    AWAITING_DATA = "awaiting_data"


class DataState(StrEnum):
    """Is the next release where its calendar says it should be? Never mixed with performance."""

    FRESH = "fresh"
    DUE = "due"
    LATE = "late"
    NONE = "none"
    CLOSED = "closed"


class Clock(StrEnum):
    """Whose knowledge: the public's (published), or this installation's (recorded)."""

    PUBLISHED = "published"
    RECORDED = "recorded"


class Derived(StrEnum):
    """How a derived indicator is computed from others."""

    ANNUAL_TOTAL = "annual_total_of"
    ROLLING_TOTAL = "rolling_total_of"
    RATIO = "ratio"
    GROWTH = "growth_of"
    CHAINED = "chained_from"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and Chinese."""

    en: str = ""
    zh: str = ""

    def __getitem__(self, language: str) -> str:
        """Return the words in `language` ("en", "zh"), falling back to the other when empty."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment of knowledge: a calendar day in the configured zone, and the instant it stands for."""

    day: date
    moment: datetime
    clock: Clock = Clock.PUBLISHED

    @classmethod
    def end_of(cls, day: date, zone: tzinfo = UTC, clock: Clock = Clock.PUBLISHED) -> AsOf:
        """Return the end of `day` in `zone`."""
        return cls(day, datetime.combine(day, time.max, zone), clock)

    @classmethod
    def at(cls, moment: datetime, zone: tzinfo = UTC, clock: Clock = Clock.PUBLISHED) -> AsOf:
        """Return the knowledge at an aware `moment`, its day taken in `zone`."""
        local = moment.astimezone(zone)
        return cls(local.date(), local, clock)

    @property
    def recorded_by(self) -> datetime | None:
        """Return by when a version has to have been recorded here to count; None on the clock that asks for none."""
        return self.moment if self.clock is Clock.RECORDED else None


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Both days inclusive."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Return how many days it has, at least one."""
        return (self.end - self.start).days + 1


def format_period(period: Period) -> str:
    """Return the shortest text that names `period`.

    >>> format_period(Period(date(2025, 1, 1), date(2025, 6, 30))), format_period(Period(*[date(2025, 7, 17)] * 2))
    ('2025-H1', '2025-07-17')
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


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    """Return `value` with dataclasses as dicts, enums as their words and whole amounts as integers.

    >>> plain(Decimal("270000.0")), plain(Decimal("0.4")), plain(date(2025, 3, 31))
    (270000, 0.4, '2025-03-31')
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(inner) for inner in value]
    return value
