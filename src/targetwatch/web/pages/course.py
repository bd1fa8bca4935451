"""The course of a target's indicator against its plan: the points known by a moment, and the path expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from targetwatch.evaluation.goal import resolve
from targetwatch.evaluation.level import edge_of, start_value_of
from targetwatch.evaluation.plan import flow_path, level_path
from targetwatch.evaluation.series import Flow, in_force, level
from targetwatch.model import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.evaluation.goal import Resolved
    from targetwatch.evaluation.plan import Path
    from targetwatch.model import AsOf, Indicator, Reading, TargetVersion

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """One known value on the evening it describes; `reading` is the figure that led there."""

    day: date
    value: float
    reading: Reading | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """From the evening before the start to the deadline (or the last thing known)."""

    origin: date
    end: date
    spots: tuple[Spot, ...]
    start: float | None
    plan: Path | None
    goal: Resolved
    adds_up: bool


def of(indicator: Indicator, version: TargetVersion, readings: Sequence[Reading], as_of: AsOf) -> Course:
    """Return the course of a version as of a moment, from the same series and plan that its verdict rests on."""
    known = in_force(readings, indicator.authority, as_of)
    origin, goal = version.start - ONE_DAY, resolve(version)
    if indicator.measure is Measure.FLOW:
        return _flow(version, known, goal, as_of)
    points = level(known)
    start = start_value_of(version, points)
    inside = tuple(
        Spot(day, float(reading.value), reading)
        for day, reading in points.items()
        if day >= version.start and (version.deadline is None or day <= version.deadline)
    )
    plan = None
    if goal.value is not None:
        latest = points[inside[-1].day].value if inside else goal.value
        plan = level_path(version, points, start, edge_of(goal, latest))
    return Course(
        origin=origin,
        end=_end(version, inside, as_of),
        spots=inside,
        start=float(start) if start is not None else None,
        plan=plan,
        goal=goal,
        adds_up=False,
    )


def _flow(version: TargetVersion, known: Sequence[Reading], goal: Resolved, as_of: AsOf) -> Course:
    flow, origin = Flow.of(known), version.start - ONE_DAY
    flow.interpolated_origin(origin)
    spots = tuple(
        Spot(day, float(point.value), point.reading)
        for day, point in sorted(flow.since(origin).items())
        if day > origin and (version.deadline is None or day <= version.deadline)
    )
    through = spots[-1].day if spots else origin
    plan = flow_path(version, flow, through, goal.value) if goal.value is not None else None
    return Course(
        origin=origin, end=_end(version, spots, as_of), spots=spots, start=0.0, plan=plan, goal=goal, adds_up=True
    )


def _end(version: TargetVersion, spots: Sequence[Spot], as_of: AsOf) -> date:
    if version.deadline is not None:
        return version.deadline
    return max([as_of.day, version.start + ONE_DAY, *(spot.day for spot in spots)])
