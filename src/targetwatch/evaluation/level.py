"""A level judged at its last known date: how far it has come from the baseline, and how far it should have."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation.days import months_between
from targetwatch.evaluation.numbers import Gist, Numbers
from targetwatch.evaluation.outlook import level_outlook
from targetwatch.evaluation.plan import level_path
from targetwatch.evaluation.release import MONTHS_IN, last_period_end
from targetwatch.evaluation.series import level
from targetwatch.model import AsOf, Reading, Release, TargetVersion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targetwatch.evaluation.forecast.outcome import Prediction
    from targetwatch.evaluation.goal import Resolved

ONE_DAY = timedelta(days=1)


def level_gist(
    version: TargetVersion, goal: Resolved, readings: Sequence[Reading], as_of: AsOf, *, release: Release
) -> Gist:
    """Return the figures of a level target from the readings in force."""
    points = level(readings)
    start_value = start_value_of(version, points)
    baseline = version.baseline.value if version.baseline else None
    numbers = Numbers(baseline_value=baseline, start_value=start_value)
    inside = [day for day in points if day >= version.start and (version.deadline is None or day <= version.deadline)]
    if not inside:
        return Gist.of(numbers)
    through = inside[-1]
    reading = points[through]
    numbers.data_through, numbers.actual_value = through, reading.value
    numbers.actual_rounding, numbers.provisional = reading.rounding, reading.provisional
    numbers.published_on, numbers.evidence = reading.known_on(as_of), reading.evidence_url
    if version.deadline is not None:
        passed = release.every not in MONTHS_IN and any(day > version.deadline for day in points)
        numbers.final = passed or through >= last_period_end(release, version.deadline)
    if goal.value is None or version.deadline is None:
        return Gist.of(numbers)
    limit = edge_of(goal, reading.value)

    def find() -> Numbers:
        _fill_plan(numbers, version, points, start_value=start_value, limit=limit)
        _fill_required(numbers, version, release, limit=limit)
        return numbers

    def predict() -> Prediction | None:
        return level_outlook(version, goal, numbers, points)

    return Gist(find, numbers.actual_value, numbers.final, predict)


def start_value_of(version: TargetVersion, points: Mapping[date, Reading]) -> Decimal | None:
    """Return the announced baseline, else the last value before the window; None when neither is known."""
    if version.baseline is not None:
        return version.baseline.value
    before = [day for day in points if day < version.start]
    return points[before[-1]].value if before else None


def edge_of(goal: Resolved, value: Decimal) -> Decimal:
    """Return the edge of the goal to come to: the nearer one of a band."""
    assert goal.value is not None
    return goal.upper if goal.upper is not None and value > goal.value else goal.value


def _fill_plan(
    numbers: Numbers,
    version: TargetVersion,
    points: Mapping[date, Reading],
    *,
    start_value: Decimal | None,
    limit: Decimal,
) -> None:
    assert numbers.data_through is not None
    assert numbers.actual_value is not None
    path = level_path(version, points, start_value, limit)
    if path is None or start_value is None:
        return
    if path.note is not None:
        numbers.notes.append(path.note)
    value, expected = float(numbers.actual_value), path.at(numbers.data_through)
    span = float(limit - start_value)
    numbers.expected_value = expected
    numbers.variance = (value - expected) * (1 if span >= 0 else -1)
    if span != 0:
        numbers.progress_ratio = (value - float(start_value)) / span
        numbers.expected_progress_ratio = (expected - float(start_value)) / span
    elif numbers.actual_value == limit:
        numbers.progress_ratio = 1.0
    if expected != float(start_value):
        numbers.pace_ratio = (value - float(start_value)) / (expected - float(start_value))
    numbers.buffer_days = path.buffer_days(value, numbers.data_through) if span != 0 else None


def _fill_required(numbers: Numbers, version: TargetVersion, release: Release, *, limit: Decimal) -> None:
    """Fill the change still needed per month, and as a compound rate per release period when both ends are positive."""
    assert version.deadline is not None
    assert numbers.data_through is not None
    assert numbers.actual_value is not None
    months = months_between(numbers.data_through, version.deadline)
    numbers.remaining_months = months
    if months <= 0:
        return
    numbers.required_value_per_month = float(limit - numbers.actual_value) / months
    if limit > 0 and numbers.actual_value > 0:
        periods = months / MONTHS_IN.get(release.every, 1)
        numbers.required_growth_ratio = float(limit / numbers.actual_value) ** (1 / periods) - 1
