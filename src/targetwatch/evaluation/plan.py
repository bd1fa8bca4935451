"""The expected path from start to deadline, and the day on which it reaches a value.

Every plan is a piecewise linear path through (evening, value) nodes: two for a straight line, the waypoints, or the
mean cumulative shares of past years at the evenings those years are known. The buffer is the earned schedule of earned
value management: the day at which the plan reaches what is done, less the day it was done.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from targetwatch.evaluation.days import shift_years
from targetwatch.evaluation.series import Flow
from targetwatch.model import PlanShape, Reading, TargetVersion

PAST_YEARS = 5
DAYS_IN_LEAP_YEAR = 366
SLACK = 1e-12


@dataclass(frozen=True, slots=True)
class Path:
    """A piecewise linear plan in the unit; `days` are ordinals of evenings, strictly ascending.

    `note` is the code of the caveat where it is not the plan asked for, "" where it is.
    """

    days: tuple[int, ...]
    values: tuple[float, ...]
    note: str = ""

    def at(self, day: date) -> float:
        """Return the expected value on the evening of `day`, held before the first and after the last node."""
        x = day.toordinal()
        right = bisect_right(self.days, x)
        if right == 0:
            return self.values[0]
        if right == len(self.days):
            return self.values[-1]
        x0, x1 = self.days[right - 1], self.days[right]
        y0, y1 = self.values[right - 1], self.values[right]
        return y0 if x == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def buffer_days(self, value: float, day: date) -> float | None:
        """Return how many days ahead (negative: behind) of plan `value` is on the evening of `day`.

        Where the plan stands still at `value`, being anywhere on that stretch is being on time. None when the plan
        turns back on itself, since no single day then reaches a value.
        """
        rising = self.values[-1] >= self.values[0]
        values = self.values if rising else tuple(-v for v in self.values)
        if any(later < earlier for earlier, later in pairwise(values)):
            return None
        wanted = value if rising else -value
        slack = SLACK * max(abs(values[0]), abs(values[-1]), abs(wanted))
        first = self._day_reaching(values, wanted - slack, bisect_left)
        last = self._day_reaching(values, wanted + slack, bisect_right)
        x = float(day.toordinal())
        return min(max(x, first), last) - x

    def day_reaching(self, value: float) -> date:
        """Return the first evening by which a rising path has come to `value`; its last where it never does."""
        return date.fromordinal(ceil(self._day_reaching(self.values, value, bisect_left)))

    def _day_reaching(
        self, values: tuple[float, ...], wanted: float, find: Callable[[Sequence[float], float], int]
    ) -> float:
        index = find(values, wanted)
        if index == 0:
            return float(self.days[0])
        if index == len(values):
            return float(self.days[-1])
        y0, y1 = values[index - 1], values[index]
        x0, x1 = self.days[index - 1], self.days[index]
        return x0 + (x1 - x0) * (wanted - y0) / (y1 - y0)


def elapsed_ratio(origin: date, deadline: date, day: date) -> float:
    """Return the share of the window's days that are over on the evening of `day`, 0..1.

    >>> round(elapsed_ratio(date(2024, 12, 31), date(2025, 12, 31), date(2025, 2, 28)), 4)
    0.1616
    """
    total = (deadline - origin).days
    return min(max((day - origin).days / total, 0.0), 1.0) if total > 0 else 1.0


def flow_path(version: TargetVersion, flow: Flow, through: date, goal: Decimal) -> Path | None:
    """Return the plan of a flow's total since its start; None without a deadline."""
    if version.deadline is None:
        return None
    origin = version.start - timedelta(days=1)
    if version.plan.shape is PlanShape.WAYPOINTS:
        return _waypoints(version, origin, 0.0, float(goal))
    line = _line(origin, version.deadline, 0.0, float(goal))
    if version.plan.shape is PlanShape.LINEAR:
        return line
    nodes = _shares(flow, origin, version.deadline, through)
    if nodes is None:
        return Path(line.days, line.values, "straight_line")
    exact, shares = nodes
    days = tuple(day.toordinal() for day in shares)
    return Path(days, tuple(float(goal) * share for share in shares.values()), "" if exact else "plan_interpolated")


def usual_course(flow: Flow, origin: date, deadline: date, through: date) -> Path:
    """Return the share of a window's total that has usually come in, 0..1: by past years, else evenly."""
    nodes = _shares(flow, origin, deadline, through)
    if nodes is None:
        return _line(origin, deadline, 0.0, 1.0)
    return Path(tuple(day.toordinal() for day in nodes[1]), tuple(nodes[1].values()))


def level_path(
    version: TargetVersion, points: Mapping[date, Reading], start_value: Decimal | None, goal: Decimal
) -> Path | None:
    """Return the plan of a level; None without a deadline or a starting value."""
    if version.deadline is None or start_value is None:
        return None
    origin = version.start - timedelta(days=1)
    if version.plan.shape is PlanShape.WAYPOINTS:
        return _waypoints(version, origin, float(start_value), float(goal))
    line = _line(origin, version.deadline, float(start_value), float(goal))
    if version.plan.shape is PlanShape.LINEAR:
        return line
    last = points.get(shift_years(version.deadline, -1))
    past = {shift_years(day, 1): reading.value for day, reading in points.items()}
    nodes = [day for day in sorted(past) if origin < day <= version.deadline]
    if last is None or last.value == 0 or len(nodes) < 2:  # noqa: PLR2004 - a path has two ends
        return Path(line.days, line.values, "straight_line")
    factor = goal / last.value
    return Path(tuple(day.toordinal() for day in nodes), tuple(float(past[day] * factor) for day in nodes))


def _line(origin: date, deadline: date, start: float, goal: float) -> Path:
    return Path((origin.toordinal(), max(deadline.toordinal(), origin.toordinal() + 1)), (start, goal))


def _waypoints(version: TargetVersion, origin: date, start: float, goal: float) -> Path:
    assert version.deadline is not None
    nodes = {origin: start, version.deadline: goal}
    nodes.update({point.on: float(point.value) for point in version.plan.waypoints})
    return Path(tuple(day.toordinal() for day in sorted(nodes)), tuple(nodes[day] for day in sorted(nodes)))


def _shares(flow: Flow, origin: date, deadline: date, through: date) -> tuple[bool, dict[date, float]] | None:
    """Return (known at `through` exactly, mean cumulative share by evening) over the window; None when unknown."""
    blocks = _blocks(origin, deadline)
    if blocks is None:
        return None
    block = next((number for number, (_, end) in enumerate(blocks) if through <= end), len(blocks) - 1)
    start, end = blocks[block]
    first, last = shift_years(start, -PAST_YEARS), shift_years(end, -1)
    courses = flow.kept(first, last, _past_courses, start, end)
    if not courses:
        return None
    exact = tuple(years for years, course in courses.items() if through in course)
    nodes = flow.kept(first, last, _nodes, _Repeated(tuple(blocks), block, exact or tuple(courses)))
    return bool(exact), nodes


class _Repeated(NamedTuple):
    """Past years of one block of a window, whose mean course is repeated over all its blocks."""

    blocks: tuple[tuple[date, date], ...]
    block: int
    years: tuple[int, ...]


def _nodes(flow: Flow, first: date, last: date, repeated: _Repeated) -> dict[date, float]:
    """Return the mean cumulative share of those years by evening, over the whole window."""
    blocks, block, years = repeated
    courses = flow.kept(first, last, _past_courses, *blocks[block])
    shares = _mean_course([courses[one] for one in years])
    origin, deadline = blocks[0][0], blocks[-1][1]
    nodes = {origin: 0.0, deadline: 1.0}
    for number in range(len(blocks)):
        for day, share in shares.items():
            nodes[shift_years(day, number - block)] = (number + share) / len(blocks)
    return {day: nodes[day] for day in sorted(nodes) if origin <= day <= deadline}


def _blocks(origin: date, deadline: date) -> list[tuple[date, date]] | None:
    """Return the window cut into years: itself when no longer than one, None when not a whole number of them."""
    if (deadline - origin).days <= DAYS_IN_LEAP_YEAR:
        return [(origin, deadline)]
    years = deadline.year - origin.year
    if shift_years(origin, years) != deadline:
        return None
    return [(shift_years(origin, n), shift_years(origin, n + 1)) for n in range(years)]


def _past_courses(flow: Flow, _first: date, _last: date, origin: date, end: date) -> dict[int, dict[date, float]]:
    """Return the courses of past years as far as they are known, by how many years ago."""
    courses = {years: _past_course(flow, origin, end, years) for years in range(1, PAST_YEARS + 1)}
    return {years: course for years, course in courses.items() if course is not None}


def _past_course(flow: Flow, origin: date, end: date, years: int) -> dict[date, float] | None:
    """Return one past year's cumulative share by evening (moved to this window); None without an inner evening."""
    first, last = shift_years(origin, -years), shift_years(end, -years)
    total = flow.between(first, last)
    if total is None or total <= 0:
        return None
    course = {origin: 0.0}
    evenings = flow.evenings()
    for day in evenings[bisect_right(evenings, first) : bisect_left(evenings, last)]:
        value = flow.between(first, day)
        if value is not None:
            course[shift_years(day, years)] = float(value / total)
    if len(course) == 1:
        return None
    course[end] = 1.0
    return course


def _mean_course(courses: list[dict[date, float]]) -> dict[date, float]:
    if len(courses) == 1:
        return courses[0]
    paths = [Path(tuple(day.toordinal() for day in course), tuple(course.values())) for course in courses]
    both = list(zip(courses, paths, strict=True))
    return {
        day: _mean([course[day] if day in course else path.at(day) for course, path in both])
        for day in sorted(set().union(*courses))
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
