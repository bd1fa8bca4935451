"""Readings of mixed basis made into one series as of a moment: cumulative for a flow, dated values for a level.

`Knowledge` plays what came to be known forward: each day's readings in force, and the flow they describe, are built on
those of the day before.

A flow is a graph of known differences between evenings. A month is the difference between two month ends, a
year-to-date the difference from New Year's Eve, a running total the difference from its epoch. The value between two
evenings is the sum along the cheapest path, where a year-to-date is cheap, a running total dearer, a single period
dearest. So year-to-date points are never summed, they win over the months inside them, a window that starts mid-year
subtracts what came before it, and a gap simply ends what can be reached.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from operator import is_
from typing import Any, NamedTuple, TypeVar

from targetwatch.evaluation.days import ONE_DAY, shift_years
from targetwatch.model import AsOf, Basis, Clock, Qualifier, Reading

Fact = tuple[date, date, Basis, str | None]
"""Both ends of the period, not the period: days are quickly looked up."""
PATH_COST = {Basis.YEAR_TO_DATE: 1, Basis.SINCE_START: 1_000, Basis.PERIOD: 1_000_000}
DERIVED_COST = 1_000_000_000
SHORT = timedelta(days=10)
"""An evening inside a stretch no longer than this may be interpolated."""
SERIAL = count()

Found = TypeVar("Found")


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


def basis_of(reading: Reading) -> Basis:
    """Return what a reading's value covers: a period from New Year's Day is a year-to-date, whatever it is called."""
    if reading.basis is not Basis.PERIOD:
        return reading.basis
    start = reading.period.start
    from_new_year = start.month == 1 and start.day == 1 and start.year == reading.period.end.year
    return Basis.YEAR_TO_DATE if from_new_year else Basis.PERIOD


class Point(NamedTuple):
    """A flow's value since the origin on one evening; `half_width` sums the rounding of the readings on the path."""

    value: Decimal
    half_width: Decimal
    provisional: bool
    reading: Reading | None

    def further(self, difference: Decimal, reading: Reading) -> Point:
        """Return the point that a reading leads on to from here."""
        return Point(
            self.value + difference,
            self.half_width + reading.rounding,
            self.provisional or reading.provisional,
            reading,
        )


class Edge(NamedTuple):
    """A difference that leads to another evening; without a reading when it is only derived from a published rate."""

    end: date
    value: Decimal
    cost: int
    reading: Reading | None


class Place(NamedTuple):
    """Where an evening stands in history: what lies between it and the root of its component, and at what cost."""

    root: date
    cost: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Reached:
    """What can be reached from an origin: at what cost, and the points."""

    costs: dict[date, int]
    points: dict[date, Point]

    def copy(self) -> Reached:
        """Return the same to be added to."""
        return Reached(self.costs.copy(), self.points.copy())


NOTHING = Point(Decimal(0), Decimal(0), False, None)


def reached_from(origin: date, edges: Mapping[date, Sequence[Edge]]) -> Reached:
    """Return what published readings reach from the evening of `origin`."""
    reached = Reached({}, {})
    costs, points = reached.costs, reached.points
    queue: list[tuple[int, date, int, Point, Edge | None]] = [(0, origin, next(SERIAL), NOTHING, None)]
    while queue:
        cost, node, _, before, edge = heappop(queue)
        if node in points:
            continue
        point = before if edge is None or edge.reading is None else before.further(edge.value, edge.reading)
        costs[node], points[node] = cost, point
        for further in edges.get(node, ()):
            if further.end not in points and further.reading is not None:
                heappush(queue, (cost + further.cost, further.end, next(SERIAL), point, further))
    return reached


def history_of(edges: Mapping[date, Sequence[Edge]]) -> dict[date, Place]:
    """Return where every evening stands, component by component."""
    history: dict[date, Place] = {}
    for root in sorted(edges, key=root_order):
        if root in history:
            continue
        queue: list[tuple[int, date, Decimal]] = [(0, root, Decimal(0))]
        while queue:
            cost, node, value = heappop(queue)
            if node in history:
                continue
            history[node] = Place(root, cost, value)
            for edge in edges.get(node, ()):
                if edge.end not in history:
                    heappush(queue, (cost + edge.cost, edge.end, value + edge.value))
    return history


def root_order(day: date) -> tuple[bool, int]:
    """Return the order in which evenings become roots: New Year's Eves first, the latest first."""
    return (day.month, day.day) != (12, 31), -day.toordinal()


def is_detour(here: int | None, there: int | None, cost: int) -> bool:
    """Return whether a difference between two evenings found at these costs leads nowhere sooner (nor as soon)."""
    return here is None or there is None or abs(here - there) < cost


@dataclass(slots=True)
class Flow:
    """Known differences; immutable in use. What has been found in it is kept, also for the flow that it grows into."""

    edges: dict[date, list[Edge]]
    _derived: list[tuple[date, date, Decimal]] = field(default_factory=list)
    _history: dict[date, Place] = field(default_factory=dict)
    _since: dict[date, Reached] = field(default_factory=dict)
    _kept: dict[tuple[object, ...], Any] = field(default_factory=dict)
    _grown: tuple[tuple[date, int], ...] = ()
    _has_totals: bool = False
    _is_bent: bool = False
    _shares_links: bool = False
    _days: list[date] = field(default_factory=list)

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> Flow:
        """Return the flow that these readings (in force, one publisher, by period end) describe."""
        flow = cls({})
        for reading in readings:
            flow._add(reading)
        return flow

    def with_further(self, readings: Sequence[Reading]) -> Flow | None:
        """Return the flow of the same readings and these after them; None when it has to be made anew."""
        if self._is_bent:
            return None
        if not self._history:
            self._history = self._found_history()
        flow = Flow(
            dict(self.edges),
            list(self._derived),
            dict(self._history),
            {origin: reached.copy() for origin, reached in self._since.items()},
            self._kept,
            self._grown,
            self._has_totals,
            _shares_links=True,
        )
        for reading in readings:
            if PATH_COST.get(basis_of(reading)) is not None:
                flow._keep_up_with(reading)
            flow._add(reading)
        return flow

    def _add(self, reading: Reading) -> None:
        cost = PATH_COST.get(basis_of(reading))
        if cost is None:
            return
        origin = reading.period.start - ONE_DAY
        self._link(origin, reading.period.end, reading.value, cost, reading)
        self._has_totals = self._has_totals or reading.basis is Basis.SINCE_START
        past = _a_year_before(reading)
        if past is not None:
            self._derived.append((shift_years(origin, -1), shift_years(reading.period.end, -1), past))

    def _link(self, start: date, end: date, value: Decimal, cost: int, reading: Reading | None) -> None:
        there, back = Edge(end, value, cost, reading), Edge(start, -value, cost, reading)
        if self._shares_links:
            self.edges[start] = [*self.edges.get(start, ()), there]
            self.edges[end] = [*self.edges.get(end, ()), back]
        else:
            self.edges.setdefault(start, []).append(there)
            self.edges.setdefault(end, []).append(back)

    def _keep_up_with(self, reading: Reading) -> None:
        """Before `reading` is linked: extend what has been found to it where nothing else changes, forget the rest."""
        start, end, cost = reading.period.start - ONE_DAY, reading.period.end, PATH_COST[basis_of(reading)]
        if self._extend_history(start, reading, cost):
            self._grown = (*self._grown, (end, next(SERIAL)))
        else:
            self._forget()
        for origin, reached in list(self._since.items()):
            here, there = reached.costs.get(start), reached.costs.get(end)
            if here is not None and end not in self.edges and end != origin:
                reached.costs[end] = here + cost
                reached.points[end] = reached.points[start].further(reading.value, reading)
            elif (here is None) is not (there is None) or not is_detour(here, there, cost):
                del self._since[origin]

    def _extend_history(self, start: date, reading: Reading, cost: int) -> bool:
        end, here, there = reading.period.end, self._history.get(start), self._history.get(reading.period.end)
        if here is None or _a_year_before(reading) is not None:
            return False
        if there is None and root_order(here.root) < root_order(end):
            self._history[end] = Place(here.root, here.cost + cost, here.value + reading.value)
            return True
        return there is not None and there.root == here.root and is_detour(here.cost, there.cost, cost)

    def since(self, origin: date) -> dict[date, Point]:
        """Return the value since the evening of `origin` at each evening that published readings reach."""
        found = self._since.get(origin)
        if found is None:
            found = self._since[origin] = reached_from(origin, self.edges)
        return found.points

    def interpolated_origin(self, origin: date) -> bool:
        """Add the evening of `origin` between two published ones; return whether it was needed.

        Only running totals of one epoch, and weeks that `origin` divides, are interpolated, and only when nothing can
        be reached from the origin as it is.
        """
        if not self._has_totals:
            return self._divided_week(origin)
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
                return self._bend(epoch, origin, value, PATH_COST[Basis.SINCE_START], reading)
        return False

    def _divided_week(self, origin: date) -> bool:
        """Add the evening of `origin` inside a short period that begins before it, when nothing else leads from it."""
        if any(end > origin for end in self.since(origin)):
            return False
        for start, links in list(self.edges.items()):
            for edge in links:
                if edge.reading is not None and start < origin < edge.end and edge.end - start <= SHORT:
                    share = Decimal((origin - start).days) / Decimal((edge.end - start).days)
                    return self._bend(start, origin, edge.value * share, edge.cost, edge.reading)
        return False

    def _bend(self, start: date, end: date, value: Decimal, cost: int, reading: Reading) -> bool:
        """Add a link that nobody published, and forget what was found without it."""
        self._link(start, end, value, cost, reading)
        self._since.clear()
        self._forget()
        self._is_bent = True
        return True

    def between(self, first: date, last: date) -> Decimal | None:
        """Return what history knows to lie between two evenings, published year-on-year rates included.

        An evening inside a short stretch (a week) is interpolated.
        """
        if not self._history:
            self._history = self._found_history()
        start, end = self._place(first), self._place(last)
        if start is None or end is None or start.root != end.root:
            return None
        return end.value - start.value

    @property
    def is_all_published(self) -> bool:
        """Return whether nothing in history comes from a published rate."""
        return not self._derived

    def _place(self, day: date) -> Place | None:
        """Return where an evening stands in history, or would stand between two that are days apart."""
        found = self._history.get(day)
        if found is not None:
            return found
        if len(self._days) != len(self._history):
            self._days = sorted(self._history)
        after = bisect_right(self._days, day)
        if not 0 < after < len(self._days) or self._days[after] - self._days[after - 1] > SHORT:
            return None
        start, end = self._days[after - 1], self._days[after]
        here, there = self._history[start], self._history[end]
        if here.root != there.root:
            return None
        share = Decimal((day - start).days) / Decimal((end - start).days)
        return Place(here.root, here.cost, here.value + (there.value - here.value) * share)

    def kept(self, first: date, last: date, find: Callable[..., Found], *about: object) -> Found:
        """Return what `find` makes of history from `first` to `last`, found once while that stays as it is.

        Flows that grow out of one another share what was found: which readings have fallen into a stretch since the
        first of them tells whether it is still the same.
        """
        fallen = tuple(serial for end, serial in self._grown if first < end <= last)
        key = (first, last, fallen, find, about)
        if key not in self._kept:
            self._kept[key] = find(self, first, last, *about)
        found: Found = self._kept[key]
        return found

    def _forget(self) -> None:
        """Forget what was found in history, without taking it from the flow that this one has grown out of."""
        self._history, self._kept, self._grown, self._days = {}, {}, (), []

    def evenings(self) -> list[date]:
        """Return every evening history knows something about, ascending."""
        if not self._history:
            self._history = self._found_history()
        return sorted(self._history)

    def _found_history(self) -> dict[date, Place]:
        if not self._derived:
            return history_of(self.edges)
        edges = {node: list(links) for node, links in self.edges.items()}
        for start, end, value in self._derived:
            edges.setdefault(start, []).append(Edge(end, value, DERIVED_COST, None))
            edges.setdefault(end, []).append(Edge(start, -value, DERIVED_COST, None))
        return history_of(edges)


def _a_year_before(reading: Reading) -> Decimal | None:
    """Return the same period's value a year before, by the published rate."""
    if reading.yoy is None or reading.yoy <= -1 or reading.basis is Basis.SINCE_START:
        return None
    return reading.value / (1 + reading.yoy)


def _is_total(edge: Edge, epoch: date) -> bool:
    reading = edge.reading
    return reading is not None and reading.basis is Basis.SINCE_START and reading.period.start - ONE_DAY == epoch
