"""Readings of mixed basis made into one series as of a moment: cumulative for a flow, dated values for a level.

`Knowledge` plays what came to be known forward: each day's readings in force, and the flow they describe, are built on
those of the day before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import is_

from targetwatch.evaluation.cumulative import Flow, basis_of
from targetwatch.model import AsOf, Basis, Clock, Qualifier, Reading

Fact = tuple[date, date, Basis, str | None]
"""Both ends of the period, not the period: days are quickly looked up."""


def in_force(readings: Iterable[Reading], authority: str, as_of: AsOf) -> list[Reading]:
    """Return the vintage in force of each of the authority's facts known by `as_of`, by period end.

    The latest known wins, except that a rounder restatement ("over 150,000") never replaces an exact value.
    """
    return Knowledge(readings, authority).in_force(as_of)


@dataclass(slots=True)
class Knowledge:
    """What is known of the authority's figures, day after day; asked backwards it begins anew."""

    readings: Iterable[Reading]
    authority: str
    _until: date | None = None
    _coming: list[tuple[date, Reading]] = field(default_factory=list)
    _latest: dict[Fact, Reading] = field(default_factory=dict)
    _known: list[Reading] = field(default_factory=list)
    _flow: tuple[list[Reading], Flow] | None = None

    def in_force(self, as_of: AsOf) -> list[Reading]:
        """Return the readings in force by `as_of`, by period end; the same list when nothing has become known."""
        if self._until is None or as_of.clock is Clock.RECORDED or as_of.day < self._until:
            self._begin(as_of)
        self._until = as_of.day if as_of.clock is Clock.PUBLISHED else None
        if self._coming and self._coming[-1][0] <= as_of.day:
            self._known = list(self._known)
        while self._coming and self._coming[-1][0] <= as_of.day:
            self._learn(self._coming.pop()[1])
        return self._known

    def flow(self, as_of: AsOf) -> Flow:
        """Return the flow that the readings in force by `as_of` describe."""
        known, flow = self.in_force(as_of), None
        if self._flow is not None:
            before, last = self._flow
            is_start = len(before) <= len(known) and all(map(is_, before, known))
            flow = last.with_further(known[len(before) :]) if is_start else None
        flow = flow or Flow.of(known)
        self._flow = (known, flow)
        return flow

    def _begin(self, as_of: AsOf) -> None:
        """Line up what comes to be known, the first at the end; a withdrawal is only seen from the moment itself."""
        published = as_of.clock is Clock.PUBLISHED
        seen = AsOf(date.max, as_of.moment, as_of.clock) if published else as_of
        order = [
            (day, reading.recorded_at, reading.id or 0, reading)
            for reading in self.readings
            if reading.publisher == self.authority and (day := reading.known_on(seen)) is not None
        ]
        order.sort(key=_when)
        self._coming = [(day, reading) for day, *_, reading in reversed(order)]
        self._latest, self._known = {}, []

    def _learn(self, reading: Reading) -> None:
        period = reading.period
        key = (period.start, period.end, basis_of(reading), reading.step)
        current = self._latest.get(key)
        if current is None:
            place, end = len(self._known), period.end
            if place and self._known[-1].period.end > end:
                place = bisect_right(self._known, end, key=_end)
            self._known.insert(place, reading)
        elif current.qualifier is Qualifier.EXACT and reading.qualifier is not Qualifier.EXACT:
            return
        else:
            self._known[next(i for i, one in enumerate(self._known) if one is current)] = reading
        self._latest[key] = reading


def _when(known: tuple[date, datetime, int, Reading]) -> tuple[date, datetime, int]:
    return known[:3]


def _end(reading: Reading) -> date:
    return reading.period.end


def publication_days(readings: Iterable[Reading], authority: str, as_of: AsOf) -> list[date]:
    """Return the days up to `as_of` on which the authority's figures as known changed, ascending.

    On the recorded clock a withdrawal is such a day too, and what it took away was known until then.
    """
    own = [reading for reading in readings if reading.publisher == authority]
    if as_of.clock is Clock.PUBLISHED:
        return sorted({day for reading in own if (day := reading.known_on(as_of)) is not None})
    moments = {
        moment for reading in own for moment in (reading.recorded_at, reading.withdrawn_at) if moment is not None
    }
    return sorted({m.astimezone(as_of.moment.tzinfo).date() for m in moments if m <= as_of.moment})


LEVEL_PREFERENCE = (Basis.YEAR_TO_DATE, Basis.PERIOD, Basis.POINT)
"""Of values at the same date, the last of these counts."""


def level(readings: Sequence[Reading]) -> dict[date, Reading]:
    """Return a level's reading at each date it describes; a point beats an average over a period ending then.

    Of ratios of two flows the longer period counts: the year to date, not the month that ends with it.
    """
    points: dict[date, Reading] = {}
    for reading in readings:
        current = points.get(reading.period.end)
        if reading.basis in LEVEL_PREFERENCE and (current is None or _rank(current) <= _rank(reading)):
            points[reading.period.end] = reading
    return dict(sorted(points.items()))


def _rank(reading: Reading) -> tuple[int, int]:
    return LEVEL_PREFERENCE.index(reading.basis), reading.period.days
