"""Plan against actual, as geometry: where every line, dot and label of the drawing goes. The template draws it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from targetwatch.model import Forecast, Performance, StatusChange, Verdict
    from targetwatch.web.pages.course import Course

LEFT, RIGHT, TOP, BOTTOM = 70, 24, 44, 34
YEAR_DAYS = 400
DAYS_A_MONTH, MONTHS_A_YEAR = 30.5, 12
GRID_LINES = 4
COLUMN_WIDTH = 46
MONTHS = (1, 3, 6, 12, 24, 60, 120)
VERSION_ROOM = 90
"""How wide the name of a version is: of two that are closer than that, one names both."""
AFTERWARDS = 0.25
"""How much longer than to the deadline a drawing may become, to show what was said of the target afterwards."""


@dataclass(frozen=True, slots=True)
class Move:
    """The day a version came into force that is not the first, and the goal until then where there was a number."""

    day: date
    version: int
    before: float | None


@dataclass(frozen=True, slots=True)
class Matter:
    """What is drawn: the course, and what happened on the way: status changes, versions after the first."""

    course: Course
    verdict: Verdict
    today: date
    changes: tuple[StatusChange, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def end(self) -> date:
        """Return the last day drawn: the course's, or a little later where a status changed then."""
        course = self.course
        latest = course.end + timedelta(days=round((course.end - course.origin).days * AFTERWARDS))
        return max([course.end, *(change.on for change in self.changes if course.end < change.on <= latest)])

    @property
    def shown_changes(self) -> tuple[StatusChange, ...]:
        """Return the status changes on the days drawn."""
        return tuple(change for change in self.changes if self.course.origin <= change.on <= self.end)

    @property
    def shown_moves(self) -> tuple[Move, ...]:
        """Return the versions that came into force on the days drawn."""
        return tuple(move for move in self.moves if self.course.origin < move.day <= self.end)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the drawing, and the value or day it stands for."""

    x: float
    y: float
    value: float | None = None
    day: date | None = None
    performance: Performance | None = None
    versions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """A forecast at the deadline, and the fan that opens towards it from the last known value."""

    x: float
    low: float
    median: float
    high: float
    fan: str
    middle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The drawing; paths are the `points` of a polyline."""

    size: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    plan: str
    actual: str
    spots: tuple[Mark, ...]
    start: Mark | None
    goal: float | None
    goal_upper: float | None
    today: float | None
    forecast: Interval | None
    deadline: float
    changes: tuple[Mark, ...]
    moves: tuple[Mark, ...]
    years: bool
    low: float
    high: float

    @property
    def most(self) -> float:
        """Return the size of the largest value beside a grid line: how all of them are written depends on it."""
        return max(abs(self.low), abs(self.high))


def draw(matter: Matter, size: str, *, width: int, height: int) -> Chart:
    """Return the drawing of a course in `width` by `height`; `size` is what the style sheet knows it by."""
    course = matter.course
    low, high, step = _scale(matter)
    left, right, top, bottom = LEFT, width - RIGHT, TOP, height - BOTTOM
    first, last = course.origin.toordinal(), max(matter.end.toordinal(), course.origin.toordinal() + 1)

    def x(day: float) -> float:
        return round(left + (min(max(day, first), last) - first) / (last - first) * (right - left), 1)

    def y(value: float) -> float:
        return round(bottom - (value - low) / (high - low) * (bottom - top), 1)

    spots = tuple(Mark(x(spot.day.toordinal()), y(spot.value), spot.value, spot.day) for spot in course.spots)
    start = None
    if course.start is not None:
        start = Mark(x(first), y(course.start), course.start, course.origin)
    joined = [start, *spots] if start is not None else list(spots)
    goal = course.goal
    today = matter.today.toordinal()
    return Chart(
        size=size,
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        rows=tuple(Mark(left, y(low + step * n), low + step * n) for n in range(round((high - low) / step) + 1)),
        columns=_columns(matter, x, bottom, most=(right - left) // COLUMN_WIDTH),
        plan=_points([(x(day), y(value)) for day, value in zip(course.plan.days, course.plan.values, strict=True)])
        if course.plan is not None
        else "",
        actual=_points([(mark.x, mark.y) for mark in joined]) if spots else "",
        spots=spots,
        start=start if not course.adds_up else None,
        goal=y(float(goal.value)) if goal.value is not None else None,
        goal_upper=y(float(goal.upper)) if goal.upper is not None else None,
        today=x(today) if first <= today <= last else None,
        forecast=_interval(matter.verdict.forecast, spots, x(course.end.toordinal()), y),
        deadline=x(course.end.toordinal()),
        changes=tuple(
            Mark(x(change.on.toordinal()), bottom, day=change.on, performance=change.new)
            for change in matter.shown_changes
        ),
        moves=_moves(matter, x, lambda value: y(value) if value is not None else top),
        years=_in_years(course),
        low=low,
        high=high,
    )


def _moves(matter: Matter, x: Callable[[float], float], y: Callable[[float | None], float]) -> tuple[Mark, ...]:
    """Return where the promise changed; of names that would overlap, the last one stands for all."""
    found: list[Mark] = []
    for move in matter.shown_moves:
        here = x(move.day.toordinal())
        named: tuple[int, ...] = (move.version,)
        if found and here - found[-1].x < VERSION_ROOM:
            named = (*found[-1].versions, *named)
            found[-1] = replace(found[-1], versions=())
        found.append(Mark(here, y(move.before), move.before, move.day, versions=named))
    return tuple(found)


def _interval(
    forecast: Forecast | None, spots: tuple[Mark, ...], x: float, y: Callable[[float], float]
) -> Interval | None:
    if forecast is None:
        return None
    low, median, high = y(forecast.low), y(forecast.median), y(forecast.high)
    here = [(spots[-1].x, spots[-1].y)] if spots else []
    fan, middle = (_points([*here, *places]) if here else "" for places in ([(x, low), (x, high)], [(x, median)]))
    return Interval(x, low, median, high, fan, middle)


def _points(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _scale(matter: Matter) -> tuple[float, float, float]:
    """Return lowest and highest value of the drawing and the step between its grid lines, all round numbers."""
    course, verdict = matter.course, matter.verdict
    values = [spot.value for spot in course.spots]
    values += [float(value) for value in (course.goal.value, course.goal.upper) if value is not None]
    values += list(course.plan.values) if course.plan is not None else []
    values += [move.before for move in matter.shown_moves if move.before is not None]
    if course.start is not None:
        values.append(course.start)
    if verdict.forecast is not None:
        values += [verdict.forecast.low, verdict.forecast.high]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if course.adds_up or (low >= 0 and low < (high - low)):
        low = min(low, 0.0)
    else:
        margin = (high - low or abs(high) or 1.0) * 0.15
        low, high = low - margin, high + margin
    step = _round_step((high - low or 1.0) / GRID_LINES)
    return floor(low / step + 1e-9) * step, ceil(high / step + 0.05) * step, step


def _round_step(rough: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten.

    >>> _round_step(81_000), _round_step(0.3), _round_step(17)
    (100000.0, 0.5, 20.0)
    """
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))


def _in_years(course: Course) -> bool:
    """Return whether the time below the drawing is told in years, not in months."""
    return (course.end - course.origin).days > YEAR_DAYS


def _columns(matter: Matter, x: Callable[[float], float], bottom: float, *, most: int) -> tuple[Mark, ...]:
    """Return the ends of months, quarters or years that get a label, few enough to be read."""
    origin, end = matter.course.origin, matter.end
    days = (end - origin).days
    shown = [one for one in MONTHS if one >= MONTHS_A_YEAR or not _in_years(matter.course)]
    months = next((one for one in shown if days / DAYS_A_MONTH / one <= most), shown[-1])
    found = []
    day = origin + timedelta(days=1)
    while day <= end + timedelta(days=1):
        evening = day - timedelta(days=1)
        if day.day == 1 and (evening.year * 12 + evening.month) % months == 0 and evening > origin:
            found.append(Mark(x(evening.toordinal()), bottom, day=evening))
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return tuple(found)
