"""Two plans of one target in one drawing: the promise as it is and as it would be, with what was published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation.goal import Resolved
from targetwatch.web.pages import chart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from targetwatch.model import Verdict
    from targetwatch.web.pages.chart import Chart
    from targetwatch.web.pages.course import Course

SIZES = (("wide", 1000, 380), ("middle", 720, 360), ("narrow", 360, 300))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One promise in the drawing: the points of its plan, and how high its goal (and the top of a band) stands."""

    plan: str
    goals: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The frame with what was published, and the promise now (None: a new target) and after."""

    frame: Chart
    now: Line | None
    after: Line
    from_: float | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What the plans expect by a day."""

    day: date
    now: float | None
    after: float | None


def draw(
    now: Course | None, after: Course, verdict: Verdict, *, today: date, counts_from: date | None
) -> list[Drawing]:
    """Return the drawing in every size; `counts_from` is the day from which the promise after counts."""
    both = [one for one in (now, after) if one is not None]
    values = [value for one in both for value in _values(one)]
    framed = replace(
        after,
        origin=min(one.origin for one in both),
        end=max(one.end for one in both),
        plan=None,
        goal=Resolved(after.goal.comparator, Decimal(repr(min(values))), Decimal(repr(max(values))))
        if values
        else after.goal,
    )
    matter = chart.Matter(course=framed, verdict=replace(verdict, forecast=None), today=today)
    return [_one(matter, now, after, counts_from, size) for size in SIZES]


def rows(now: Course | None, after: Course, days: list[date]) -> list[PlanRow]:
    """Return what both plans expect by each of some days."""

    def at(course: Course | None, day: date) -> float | None:
        if course is None or course.plan is None or not course.origin <= day <= course.end:
            return None
        return course.plan.at(day)

    return [PlanRow(day, at(now, day), at(after, day)) for day in days]


def _values(course: Course) -> Iterator[float]:
    yield from (float(value) for value in (course.goal.value, course.goal.upper) if value is not None)
    yield from course.plan.values if course.plan is not None else ()


def _one(
    matter: chart.Matter, now: Course | None, after: Course, counts_from: date | None, size: tuple[str, int, int]
) -> Drawing:
    name, width, height = size
    frame = chart.draw(matter, name, width=width, height=height)
    first, last = matter.course.origin.toordinal(), max(matter.end.toordinal(), matter.course.origin.toordinal() + 1)

    def x(day: int) -> float:
        return round(frame.left + (min(max(day, first), last) - first) / (last - first) * (frame.right - frame.left), 1)

    def y(value: float) -> float:
        return round(frame.bottom - (value - frame.low) / (frame.high - frame.low) * (frame.bottom - frame.top), 1)

    def line(course: Course) -> Line:
        plan = course.plan
        points = (
            []
            if plan is None
            else [f"{x(day):g},{y(value):g}" for day, value in zip(plan.days, plan.values, strict=True)]
        )
        goals = tuple(y(float(value)) for value in (course.goal.value, course.goal.upper) if value is not None)
        return Line(plan=" ".join(points), goals=goals)

    counted = counts_from.toordinal() if counts_from else None
    return Drawing(
        frame=frame,
        now=line(now) if now is not None else None,
        after=line(after),
        from_=x(counted) if counted is not None and first < counted < last else None,
    )
