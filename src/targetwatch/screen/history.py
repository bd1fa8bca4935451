"""One indicator's past, arranged for comparison: what is in force of each fact, by publisher and basis."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

from targetwatch.model import Basis, Period, Qualifier, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


class History:
    """The readings in force of one indicator; withdrawn ones do not count, a rounder restatement replaces nothing."""

    def __init__(self, readings: Iterable[Reading] = ()) -> None:
        self._in_force: dict[tuple[str, Basis], dict[Period, Reading]] = {}
        self._periods: dict[tuple[str, Basis], list[tuple[date, date]]] = {}
        for reading in readings:
            self.add(reading)

    def add(self, reading: Reading) -> None:
        """Take one more reading into account, in any order."""
        if reading.withdrawn_at is not None:
            return
        series = (reading.publisher, reading.basis)
        known = self._in_force.setdefault(series, {})
        current = known.get(reading.period)
        if current is None:
            insort(self._periods.setdefault(series, []), (reading.period.end, reading.period.start))
        if current is None or _supersedes(reading, current):
            known[reading.period] = reading

    def fact(self, like: Reading, period: Period | None = None) -> Reading | None:
        """Return what is in force of the fact of `like`, or of the same series for another `period`."""
        return self._in_force.get((like.publisher, like.basis), {}).get(period or like.period)

    def others(self, like: Reading) -> list[Reading]:
        """Return the rest of the series of `like` (same publisher, same basis), by period end."""
        series = (like.publisher, like.basis)
        known = self._in_force.get(series, {})
        periods = (Period(start, end) for end, start in self._periods.get(series, ()))
        return [known[period] for period in periods if period != like.period]


def _supersedes(reading: Reading, current: Reading) -> bool:
    if current.qualifier is Qualifier.EXACT and reading.qualifier is not Qualifier.EXACT:
        return False
    rounder = reading.qualifier is Qualifier.EXACT and current.qualifier is not Qualifier.EXACT
    return rounder or _order(reading) >= _order(current)


def _order(reading: Reading) -> tuple[date, datetime, int]:
    return (reading.published_on or reading.recorded_at.date(), reading.recorded_at, reading.id or 0)
