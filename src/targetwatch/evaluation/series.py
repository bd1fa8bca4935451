"""Readings of mixed basis made into one series as of a moment: cumulative for a flow, dated values for a level.

A flow's readings are known differences between evenings: a month is the difference between two month ends, a
year-to-date the difference from New Year's Eve, a running total the difference from its epoch. They span a graph
whose nodes are evenings; the value between two evenings is the sum along the cheapest path, where a year-to-date
is cheap, a running total dearer, a single period dearest. So year-to-date points are never summed, they win over
the months inside them, a window that starts mid-year subtracts what came before it, and a gap simply ends what can
be reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from targetwatch.evaluation.days import shift_years
from targetwatch.model import AsOf, Basis, Clock, Period, Qualifier, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PATH_COST = {Basis.YEAR_TO_DATE: 1, Basis.SINCE_START: 1_000, Basis.PERIOD: 1_000_000}
DERIVED_COST = 1_000_000_000
ONE_DAY = timedelta(days=1)


def in_force(readings: Iterable[Reading], authority: str, as_of: AsOf) -> list[Reading]:
    """Return the vintage in force of each of the authority's facts known by `as_of`, by period end.

    The latest known wins, except that a rounder restatement ("over 150,000") never replaces an exact value.
    """
    known = [
        (day, reading.recorded_at, reading.id or 0, reading)
        for reading in readings
        if reading.publisher == authority and (day := reading.known_on(as_of)) is not None
    ]
    known.sort(key=lambda item: item[:3])
    latest: dict[tuple[Period, Basis, str | None], Reading] = {}
    for *_, reading in known:
        key = (reading.period, basis_of(reading), reading.step)
        current = latest.get(key)
        restated = current is not None and current.qualifier is Qualifier.EXACT
        if not (restated and reading.qualifier is not Qualifier.EXACT):
            latest[key] = reading
    return sorted(latest.values(), key=lambda reading: reading.period.end)


def basis_of(reading: Reading) -> Basis:
    """Return what a reading's value covers: a period from New Year's Day is a year-to-date, whatever it is called."""
    from_new_year = (reading.period.start.month, reading.period.start.day) == (1, 1)
    same_year = reading.period.start.year == reading.period.end.year
    if reading.basis is Basis.PERIOD and from_new_year and same_year:
        return Basis.YEAR_TO_DATE
    return reading.basis


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


@dataclass(frozen=True, slots=True)
class Point:
    """A flow's value since the origin on one evening; `half_width` sums the rounding of the readings on the path."""

    value: Decimal
    half_width: Decimal
    provisional: bool
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class _Edge:
    end: date
    value: Decimal
    cost: int
    reading: Reading | None


@dataclass(slots=True)
class Flow:
    """A flow as a graph of known differences; immutable in use, its components are found when first asked for."""

    edges: dict[date, list[_Edge]]
    _history: dict[date, tuple[int, Decimal]] = field(default_factory=dict)
    _derived: list[tuple[date, date, Decimal]] = field(default_factory=list)

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> Flow:
        """Return the flow that these readings (in force, one publisher) describe."""
        flow = cls({})
        for reading in readings:
            cost = PATH_COST.get(basis_of(reading))
            if cost is None:
                continue
            origin = reading.period.start - ONE_DAY
            flow._link(origin, reading.period.end, reading.value, cost, reading)
            if reading.yoy is not None and reading.yoy > -1 and reading.basis is not Basis.SINCE_START:
                past = reading.value / (1 + reading.yoy)
                flow._derived.append((shift_years(origin, -1), shift_years(reading.period.end, -1), past))
        return flow

    def _link(self, start: date, end: date, value: Decimal, cost: int, reading: Reading | None) -> None:
        self.edges.setdefault(start, []).append(_Edge(end, value, cost, reading))
        self.edges.setdefault(end, []).append(_Edge(start, -value, cost, reading))

    def since(self, origin: date) -> dict[date, Point]:
        """Return the value since the evening of `origin` at each evening that published readings reach."""
        start = Point(Decimal(0), Decimal(0), False, None)
        points: dict[date, Point] = {}
        serial = count()
        queue: list[tuple[int, date, int, Point]] = [(0, origin, next(serial), start)]
        while queue:
            cost, node, _, point = heappop(queue)
            if node in points:
                continue
            points[node] = point
            for edge in self.edges.get(node, ()):
                if edge.end not in points and edge.reading is not None:
                    reading = edge.reading
                    further = Point(
                        point.value + edge.value,
                        point.half_width + reading.rounding,
                        point.provisional or reading.provisional,
                        reading,
                    )
                    heappush(queue, (cost + edge.cost, edge.end, next(serial), further))
        return points

    def interpolated_origin(self, origin: date) -> bool:
        """Add the running total on the evening of `origin` between two published ones; return whether it was needed.

        Only running totals of one epoch are interpolated, and only when none can be reached from the origin as it is.
        """
        totals: dict[date, list[tuple[date, Decimal, Reading]]] = {}
        for epoch, links in self.edges.items():
            for edge in links:
                if edge.reading is not None and _is_total(edge, epoch):
                    totals.setdefault(epoch, []).append((edge.end, edge.value, edge.reading))
        reached = self.since(origin) if origin in self.edges else {}
        if any(end in reached and end > origin for ends in totals.values() for end, *_ in ends):
            return False
        for epoch, ends in totals.items():
            ends.sort(key=lambda item: item[0])
            before, after = [e for e in ends if e[0] < origin], [e for e in ends if e[0] > origin]
            if before and after:
                (day0, value0, _), (day1, value1, reading) = before[-1], after[0]
                share = Decimal((origin - day0).days) / Decimal((day1 - day0).days)
                value = value0 + (value1 - value0) * share
                self._link(epoch, origin, value, PATH_COST[Basis.SINCE_START], reading)
                return True
        return False

    def between(self, first: date, last: date) -> Decimal | None:
        """Return what history knows to lie between two evenings, published year-on-year rates included."""
        if not self._history:
            self._find_components()
        start, end = self._history.get(first), self._history.get(last)
        if start is None or end is None or start[0] != end[0]:
            return None
        return end[1] - start[1]

    def evenings(self) -> list[date]:
        """Return every evening history knows something about, ascending."""
        if not self._history:
            self._find_components()
        return sorted(self._history)

    def _find_components(self) -> None:
        edges = {node: list(links) for node, links in self.edges.items()}
        for start, end, value in self._derived:
            edges.setdefault(start, []).append(_Edge(end, value, DERIVED_COST, None))
            edges.setdefault(end, []).append(_Edge(start, -value, DERIVED_COST, None))
        new_years_eves_first = sorted(edges, key=lambda day: ((day.month, day.day) != (12, 31), -day.toordinal()))
        for number, root in enumerate(new_years_eves_first):
            if root in self._history:
                continue
            queue: list[tuple[int, date, Decimal]] = [(0, root, Decimal(0))]
            while queue:
                cost, node, value = heappop(queue)
                if node in self._history:
                    continue
                self._history[node] = (number, value)
                for edge in edges.get(node, ()):
                    if edge.end not in self._history:
                        heappush(queue, (cost + edge.cost, edge.end, value + edge.value))


def _is_total(edge: _Edge, epoch: date) -> bool:
    reading = edge.reading
    return reading is not None and reading.basis is Basis.SINCE_START and reading.period.start - ONE_DAY == epoch


LEVEL_PRECEDENCE = {Basis.POINT: 2, Basis.PERIOD: 1, Basis.YEAR_TO_DATE: 0}


def level(readings: Sequence[Reading]) -> dict[date, Reading]:
    """Return a level's reading at each date it describes; a point beats an average over a period ending then."""
    points: dict[date, Reading] = {}
    for reading in readings:
        rank = LEVEL_PRECEDENCE.get(reading.basis)
        current = points.get(reading.period.end)
        if rank is not None and (current is None or LEVEL_PRECEDENCE[current.basis] <= rank):
            points[reading.period.end] = reading
    return dict(sorted(points.items()))
