"""One indicator's past, arranged for comparison: what is in force of each fact, by publisher and basis."""

from __future__ import annotations

from bisect import bisect_left, insort
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from targetwatch.model import Basis, Period, Qualifier, Reading

ONE_DAY = timedelta(days=1)
FEBRUARY = 2


@dataclass(slots=True)
class _Series:
    """The facts of one publisher on one basis; `ends` are their periods after their last and first days."""

    in_force: dict[Period, Reading] = field(default_factory=dict)
    ends: list[tuple[int, int, Period]] = field(default_factory=list)
    by_start: dict[date, list[Period]] = field(default_factory=dict)
    negative: bool = False


class History:
    """The readings in force of one indicator; withdrawn ones do not count, a rounder restatement replaces nothing.

    Every question is answered without walking the whole past, so a long history costs no more than a short one.
    """

    def __init__(self, readings: Iterable[Reading] = ()) -> None:
        self._series: dict[tuple[str, Basis], _Series] = {}
        for reading in readings:
            self.add(reading)

    def add(self, reading: Reading) -> None:
        """Take one more reading into account, in any order."""
        if reading.withdrawn_at is not None:
            return
        series = self._series.setdefault((reading.publisher, reading.basis), _Series())
        period = reading.period
        current = series.in_force.get(period)
        if current is None:
            insort(series.ends, (period.end.toordinal(), period.start.toordinal(), period))
            series.by_start.setdefault(period.start, []).append(period)
        if current is None or _supersedes(reading, current):
            series.in_force[period] = reading
            series.negative = series.negative or reading.value < 0

    def fact(self, like: Reading, *, years: int = 0) -> Reading | None:
        """Return what is in force of the fact of `like`, or of the same fact so many years later.

        What a period from New Year counts is the same fact as the year-to-date to its end.
        """
        period = a_year_from(like.period, years) if years else like.period
        own = self._of(like).in_force.get(period)
        from_new_year = (period.start.month, period.start.day) == (1, 1)
        return own if own is not None or not from_new_year else self._other_way(like).in_force.get(period)

    def was_negative(self, like: Reading) -> bool:
        """Return whether the series of `like` (same publisher, same basis) has been below nought."""
        return self._of(like).negative

    def of_same_start(self, like: Reading) -> list[Reading]:
        """Return the rest of the series that starts on the same day: the other totals of a year, or since an epoch."""
        series = self._of(like)
        return [series.in_force[p] for p in series.by_start.get(like.period.start, ()) if p != like.period]

    def nearest(self, like: Reading) -> Iterator[Reading]:
        """Give the rest of the series by the distance of the period's end, the nearest first.

        Where none of the publisher's single periods is known, those of the year to date, and the other way round.
        """
        series = self._of(like)
        if not any(period != like.period for period in series.in_force):
            series = self._other_way(like)
        end = like.period.end.toordinal()
        after = bisect_left(series.ends, (end, like.period.start.toordinal()))
        before = after - 1
        while before >= 0 or after < len(series.ends):
            earlier = end - series.ends[before][0] if before >= 0 else None
            later = series.ends[after][0] - end if after < len(series.ends) else None
            if later is None or (earlier is not None and earlier <= later):
                (_, _, period), before = series.ends[before], before - 1
            else:
                (_, _, period), after = series.ends[after], after + 1
            if period != like.period:
                yield series.in_force[period]

    def _of(self, like: Reading) -> _Series:
        return self._series.get((like.publisher, like.basis), _NOTHING)

    def _other_way(self, like: Reading) -> _Series:
        """Return the same publisher's counts of single periods for a year-to-date, and the other way round."""
        other = {Basis.PERIOD: Basis.YEAR_TO_DATE, Basis.YEAR_TO_DATE: Basis.PERIOD}.get(like.basis)
        return self._series.get((like.publisher, other), _NOTHING) if other is not None else _NOTHING


_NOTHING = _Series()


@lru_cache(maxsize=4096)
def a_year_from(period: Period, years: int) -> Period:
    """Return the same period `years` later; the end of February stays the end of February.

    >>> a_year_from(Period(date(2025, 1, 1), date(2025, 2, 28)), -1).end
    datetime.date(2024, 2, 29)
    """
    end_of_february = period.end.month == FEBRUARY and (period.end + ONE_DAY).month != FEBRUARY
    return Period(_shifted(period.start, years), _shifted(period.end, years, to_last=end_of_february))


def _shifted(day: date, years: int, *, to_last: bool = False) -> date:
    last = monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=last if to_last else min(day.day, last))


def _supersedes(reading: Reading, current: Reading) -> bool:
    if current.qualifier is Qualifier.EXACT and reading.qualifier is not Qualifier.EXACT:
        return False
    rounder = reading.qualifier is Qualifier.EXACT and current.qualifier is not Qualifier.EXACT
    return rounder or _order(reading) >= _order(current)


def _order(reading: Reading) -> tuple[date, datetime, int]:
    return (reading.published_on or reading.recorded_at.date(), reading.recorded_at, reading.id or 0)
