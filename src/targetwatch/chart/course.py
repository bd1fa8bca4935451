"""The course of an indicator against a plan, and progress as a bar: geometry only, in the units of the drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from markupsafe import Markup

from targetwatch.chart.svg import Move, Place, circle, line, polyline, tag
from targetwatch.evaluation.level import edge_of, start_value_of
from targetwatch.evaluation.plan import Path, flow_path, level_path
from targetwatch.evaluation.series import Flow, in_force, level
from targetwatch.evaluation.versions import Resolved, resolve, standing
from targetwatch.model import AsOf, Basis, Comparator, Indicator, Measure, Reading, StepState, TargetVersion, Verdict

ONE_DAY = timedelta(days=1)
DAYS_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Spot:
    """A value known on the evening it describes: `reading` is the figure that led there, `replaced` the one before."""

    day: date
    value: float
    reading: Reading | None = field(default=None, compare=False)
    replaced: Reading | None = field(default=None, compare=False)

    @property
    def before(self) -> float | None:
        """Return the value that stood here until it was revised; None where the figure is only a part of the value."""
        if self.reading is None or self.replaced is None or float(self.reading.value) != self.value:
            return None
        return float(self.replaced.value)


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


def course_of(indicator: Indicator, version: TargetVersion, readings: Sequence[Reading], as_of: AsOf) -> Course:
    """Return the course of a version as of a moment, from the same series and plan that its verdict rests on."""
    known = in_force(readings, indicator.authority, as_of)
    found = _flow(version, known, as_of) if indicator.measure is Measure.FLOW else _level(version, known, as_of)
    return replace(found, spots=tuple(replace(spot, replaced=_replaced(spot, readings, as_of)) for spot in found.spots))


def course_of_readings(indicator: Indicator, readings: Sequence[Reading], as_of: AsOf) -> Course | None:
    """Return the course of an indicator's figures as of a moment; None where there are not two to draw.

    Of a flow those of one kind are drawn, months or quarters or totals since the year's start: the kind there is most
    of, since a month and a quarter lie on no common line.
    """
    known = in_force(readings, indicator.authority, as_of)
    if indicator.measure is Measure.FLOW:
        kinds = Counter(_kind(one) for one in known)
        most = max(kinds, key=lambda kind: kinds[kind], default=None)
        points = {one.period.end: one for one in known if _kind(one) == most}
    else:
        points = level(known)
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    spots = tuple(
        Spot(day, float(reading.value), reading, _replaced(Spot(day, float(reading.value), reading), readings, as_of))
        for day, reading in points.items()
    )
    return Course(
        origin=date(spots[0].day.year - 1, 12, 31),
        end=spots[-1].day,
        spots=spots,
        start=None,
        plan=None,
        goal=Resolved(Comparator.AT_LEAST, None),
        adds_up=indicator.measure is Measure.FLOW,
    )


def _kind(reading: Reading) -> tuple[Basis, int]:
    """Return what kind of figure of a flow it is: its basis, and of a single period how many months it spans."""
    return reading.basis, round(reading.period.days / DAYS_A_MONTH) if reading.basis is Basis.PERIOD else 0


def moves_of(shown: Sequence[TargetVersion]) -> tuple[Move, ...]:
    """Return the days on which each version but the first made a difference, with the goal until then."""
    shown = standing(shown)
    goals = [resolve(version).value for version in shown]
    return tuple(
        Move(after.effective, after.number, None if before is None else float(before))
        for before, after in zip(goals, shown[1:], strict=False)
    )


def _level(version: TargetVersion, known: Sequence[Reading], as_of: AsOf) -> Course:
    origin, goal = version.start - ONE_DAY, resolve(version)
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


def _flow(version: TargetVersion, known: Sequence[Reading], as_of: AsOf) -> Course:
    flow, origin, goal = Flow.of(known), version.start - ONE_DAY, resolve(version)
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


def _replaced(spot: Spot, readings: Sequence[Reading], as_of: AsOf) -> Reading | None:
    """Return the last vintage of a spot's figure that was known before it and said another value."""
    if (now := spot.reading) is None:
        return None
    earlier = [
        one
        for one in readings
        if one.key == now.key
        and one.value != now.value
        and one.known_on(as_of)
        and _order(one, as_of) < _order(now, as_of)
    ]
    return max(earlier, key=lambda one: _order(one, as_of), default=None)


def _order(reading: Reading, as_of: AsOf) -> tuple[date, datetime]:
    return reading.known_on(as_of) or date.min, reading.recorded_at


WIDTH = 100.0
LARGEST_RATIO = 2.0
"""A goal passed many times over must not squeeze the plan's tick into the first pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bullet bar, positions 0..100; `steps` instead where progress is counted in milestones."""

    fill: float | None = None
    plan: float | None = None
    goal: float = WIDTH
    progress_ratio: float | None = None
    expected_ratio: float | None = None
    beyond: bool = False
    steps: tuple[StepState, ...] = ()


def bar_of(verdict: Verdict, indicator: Indicator) -> Bar | None:
    """Return the bar of a verdict; None where there is no goal to measure against."""
    if indicator.measure is Measure.MILESTONES:
        return Bar(steps=verdict.steps)
    if verdict.goal_value is None:
        return None
    progress, expected = verdict.progress_ratio, verdict.expected_progress_ratio
    longest = max(1.0, min(progress or 0.0, LARGEST_RATIO), min(expected or 0.0, LARGEST_RATIO))
    scale = WIDTH / longest
    return Bar(
        fill=None if progress is None else _inside(progress * scale),
        plan=None if expected is None else _inside(expected * scale),
        goal=scale,
        progress_ratio=progress,
        expected_ratio=expected,
        beyond=progress is not None and progress > LARGEST_RATIO,
    )


SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96.0, 30.0, 3.0


def spark(paces: Sequence[float]) -> Markup | None:
    """Return the paces as a small line beside that of the plan, without words; None for fewer than two."""
    if len(paces) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    inside = [min(max(pace, 0.0), LARGEST_RATIO) for pace in paces]
    low, high = min(1.0, *inside), max(1.0, *inside)
    width, height = SPARK_WIDTH - 2 * SPARK_MARGIN, SPARK_HEIGHT - 2 * SPARK_MARGIN

    def place(number: int, pace: float) -> Place:
        up = (pace - low) / (high - low) if high > low else 0.5
        return SPARK_MARGIN + width * number / (len(inside) - 1), SPARK_MARGIN + height * (1 - up)

    places = [place(number, pace) for number, pace in enumerate(inside)]
    plan = line("spark-plan", place(0, 1.0), place(len(inside) - 1, 1.0))
    parts = (plan, polyline(places, "spark-line"), circle("spark-now", places[-1], SPARK_MARGIN))
    view = f"0 0 {SPARK_WIDTH:g} {SPARK_HEIGHT:g}"
    return tag("svg", *parts, class_="spark", viewBox=view, aria_hidden="true")


def _inside(position: float) -> float:
    return round(min(max(position, 0.0), WIDTH), 2)
