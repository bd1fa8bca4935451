"""A flow judged at its data-through: what is done, expected, required, and how far ahead that is in days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation.days import months_between, shift_years
from targetwatch.evaluation.numbers import Gist, Numbers
from targetwatch.evaluation.outlook import flow_outlook
from targetwatch.evaluation.plan import DAYS_IN_LEAP_YEAR, elapsed_ratio, flow_path
from targetwatch.evaluation.series import Flow, Point
from targetwatch.model import AsOf, Basis, Reading, TargetVersion, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.evaluation.forecast.outcome import Prediction
    from targetwatch.evaluation.goal import Resolved

EPSILON_DAYS = timedelta(days=1)
INTERPOLATED_START = Text(
    "the running total at the start is interpolated between two published ones", "起点的累计值由前后两个公布值插值得出"
)
INTERPOLATED_DEADLINE = Text(
    "the value at the deadline is interpolated between two published ones", "截止日的数值由前后两个公布值插值得出"
)


def flow_gist(version: TargetVersion, goal: Resolved, readings: Sequence[Reading], as_of: AsOf, *, flow: Flow) -> Gist:
    """Return the figures of a flow target from the readings in force, and the `flow` they describe."""
    numbers = Numbers(baseline_value=version.baseline.value if version.baseline else None)
    origin = version.start - EPSILON_DAYS
    if flow.interpolated_origin(origin):
        numbers.notes.append(INTERPOLATED_START)
    points = flow.since(origin)
    through, point = _latest(points, origin, version.deadline, numbers)
    if point is not None and through is not None:
        _fill_actual(numbers, through, point, as_of)

    def find() -> Numbers:
        _note_gap(readings, points, origin, numbers)
        if through is not None and goal.value is not None and version.deadline is not None:
            _fill_plan(numbers, version, flow, goal.value)
            _fill_history(numbers, version, flow)
            _fill_required(numbers, version, goal)
        return numbers

    def predict() -> Prediction | None:
        return flow_outlook(version, goal, numbers, flow)

    return Gist(find, numbers.actual_value, numbers.final, predict)


def _latest(
    points: dict[date, Point], origin: date, deadline: date | None, numbers: Numbers
) -> tuple[date | None, Point | None]:
    """Return the last evening inside the window and its point; a deadline between two evenings is interpolated."""
    ahead = [day for day in points if day > origin]
    inside = ahead if deadline is None else [day for day in ahead if day <= deadline]
    beyond = [] if deadline is None else [day for day in ahead if day > deadline]
    if deadline is None or not beyond or deadline in points:
        through = max(inside, default=None)
        numbers.final = deadline is not None and through == deadline
        return through, points[through] if through is not None else None
    before, after = max(inside, default=origin), min(beyond)
    share = Decimal((deadline - before).days) / Decimal((after - before).days)
    value = points[before].value + (points[after].value - points[before].value) * share
    numbers.notes.append(INTERPOLATED_DEADLINE)
    numbers.final = True
    last = points[after]
    return deadline, Point(value, max(points[before].half_width, last.half_width), last.provisional, last.reading)


def _note_gap(readings: Sequence[Reading], points: dict[date, Point], origin: date, numbers: Numbers) -> None:
    """Note what is published inside the window and cannot be used, and why."""
    inside = [
        reading
        for reading in readings
        if reading.period.end > origin and reading.period.end not in points and reading.basis is not Basis.EVENT
    ]
    singles = [reading.period for reading in inside if reading.period.start > origin]
    if singles:
        reached, resumes = max((d for d in points if d < singles[0].end), default=origin), singles[0].start
        first, last = reached + EPSILON_DAYS, resumes - EPSILON_DAYS
        numbers.notes.append(
            Text(
                f"nothing is published for {first} to {last}: the sum ends there",
                f"{first}至{last}没有公布数据，累计到此为止",
            )
        )
    elif inside:
        end = inside[0].period.end
        numbers.notes.append(
            Text(
                f"the figure to {end} cannot be used: what had been counted by {origin} is not known",
                f"截至{end}的数据无法使用：截至{origin}的累计数未知",
            )
        )


def _fill_actual(numbers: Numbers, through: date, point: Point, as_of: AsOf) -> None:
    numbers.data_through = through
    numbers.actual_value = point.value
    numbers.actual_rounding = point.half_width
    numbers.provisional = point.provisional
    if point.reading is not None:
        numbers.published_on = point.reading.known_on(as_of)
        numbers.evidence = point.reading.evidence_url


def _fill_plan(numbers: Numbers, version: TargetVersion, flow: Flow, goal: Decimal) -> None:
    through, actual = numbers.data_through, numbers.actual_value
    assert through is not None
    assert actual is not None
    assert version.deadline is not None
    origin = version.start - EPSILON_DAYS
    if goal > 0:
        numbers.progress_ratio = float(actual / goal)
    line = float(goal) * elapsed_ratio(origin, version.deadline, through)
    numbers.straight_line_pace_ratio = float(actual) / line if line > 0 else None
    path = flow_path(version, flow, through, goal)
    if path is None:
        return
    if path.note is not None:
        numbers.notes.append(path.note)
    expected = path.at(through)
    numbers.expected_value = expected
    numbers.variance = float(actual) - expected
    numbers.expected_progress_ratio = expected / float(goal) if goal > 0 else None
    numbers.pace_ratio = float(actual) / expected if expected > 0 else None
    numbers.buffer_days = path.buffer_days(float(actual), through)


def _fill_history(numbers: Numbers, version: TargetVersion, flow: Flow) -> None:
    """Fill what the same window held a year before; undefined for a window longer than a year."""
    assert version.deadline is not None
    assert numbers.data_through is not None
    origin = version.start - EPSILON_DAYS
    if (version.deadline - origin).days > DAYS_IN_LEAP_YEAR:
        return
    first, last, at = (shift_years(day, -1) for day in (origin, version.deadline, numbers.data_through))
    total, to_date = flow.between(first, last), flow.between(first, at)
    numbers.last_year_total = None if total is None else float(total)
    numbers.last_year_to_date = None if to_date is None else float(to_date)
    if total is not None and to_date is not None:
        numbers.last_year_rest = float(total - to_date)


def _fill_required(numbers: Numbers, version: TargetVersion, goal: Resolved) -> None:
    assert version.deadline is not None
    assert numbers.data_through is not None
    assert numbers.actual_value is not None
    assert goal.value is not None
    limit = goal.value
    if goal.upper is not None and numbers.actual_value >= goal.value:
        limit = goal.upper
    remaining = limit - numbers.actual_value
    months = months_between(numbers.data_through, version.deadline)
    done = months_between(version.start - EPSILON_DAYS, numbers.data_through)
    numbers.remaining_months = months
    numbers.value_per_month = float(numbers.actual_value) / done if done > 0 else None
    if months <= 0 or remaining < 0:
        return
    numbers.required_value_per_month = float(remaining) / months
    if numbers.last_year_rest is not None and numbers.last_year_rest > 0:
        numbers.required_growth_ratio = float(remaining) / numbers.last_year_rest - 1
