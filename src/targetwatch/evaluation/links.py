"""Known differences between evenings, and how far they lead: the cheapest paths from an origin, or from each root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from targetwatch.model import Basis, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATH_COST = {Basis.YEAR_TO_DATE: 1, Basis.SINCE_START: 1_000, Basis.PERIOD: 1_000_000}
DERIVED_COST = 1_000_000_000
SERIAL = count()


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
