"""Milestones judged step by step: done in time, done late, not reported, or not due yet.

A step not reported by its due date is awaited through the lag and grace of its calendar, then missed; a later report
dated in time turns that round, because steps are judged by the day they describe.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING

from targetwatch.evaluation.numbers import Numbers
from targetwatch.evaluation.plan import elapsed_ratio
from targetwatch.evaluation.release import due_on, late_after
from targetwatch.model import AsOf, Basis, Performance, Reading, Release, StepState, TargetVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 1e-9


def milestone_numbers(version: TargetVersion, readings: Sequence[Reading], as_of: AsOf) -> Numbers:
    """Return steps and counts; expected counts the steps due, or a straight line where none has its own due date."""
    steps = tuple(_state(version, step_index, readings, as_of) for step_index in range(len(version.steps)))
    done = [state for state in steps if state.done_on is not None]
    numbers = Numbers(steps=steps, actual_value=Decimal(len(done)))
    if steps:
        numbers.progress_ratio = len(done) / len(steps)
    if not done:
        return numbers
    last = max(done, key=lambda state: (state.known_on or date.min, state.done_on or date.min))
    numbers.published_on, numbers.evidence = last.known_on, last.evidence_url
    numbers.data_through = max(state.done_on for state in done if state.done_on is not None)
    _fill_expected(numbers, version)
    return numbers


def _state(version: TargetVersion, step_index: int, readings: Sequence[Reading], as_of: AsOf) -> StepState:
    step = version.steps[step_index]
    due = step.due or version.deadline
    only = len(version.steps) == 1
    reports = [
        reading
        for reading in readings
        if reading.basis is Basis.EVENT
        and reading.value >= 1
        and (reading.step == step.id or (only and not reading.step))
        and reading.period.end <= as_of.day
    ]
    if not reports:
        return StepState(step=step, due=due, done_on=None, known_on=None, late_days=None)
    first = min(reports, key=lambda reading: reading.period.end)
    done_on = first.period.end
    late = (done_on - due).days if due is not None and done_on > due else None
    return StepState(
        step=step,
        due=due,
        done_on=done_on,
        known_on=first.known_on(as_of),
        late_days=late,
        evidence_url=first.evidence_url,
    )


def _fill_expected(numbers: Numbers, version: TargetVersion) -> None:
    through = numbers.data_through
    assert through is not None
    assert numbers.actual_value is not None
    if version.deadline is None:
        return
    if any(state.step.due is not None for state in numbers.steps):
        expected = float(sum(1 for state in numbers.steps if state.due is not None and state.due <= through))
    else:
        share = elapsed_ratio(version.start - timedelta(days=1), version.deadline, through)
        expected = len(numbers.steps) * share
    numbers.expected_value = expected
    numbers.expected_progress_ratio = expected / len(numbers.steps)
    numbers.variance = float(numbers.actual_value) - expected
    numbers.pace_ratio = float(numbers.actual_value) / expected if expected > 0 else None


def milestone_performance(
    version: TargetVersion, numbers: Numbers, release: Release, day: date
) -> tuple[Performance, str]:
    """Return the performance on `day` and the rule that fired."""
    steps = numbers.steps
    overdue = [state for state in steps if state.due is not None and day > state.due]
    if steps and all(state.done_on is not None and state.late_days is None for state in steps):
        return Performance.ACHIEVED, "all_steps_done"
    if any(state.late_days is not None for state in steps):
        return Performance.MISSED, "step_done_late"
    unreported = [state for state in overdue if state.done_on is None and state.due is not None]
    if any(day > late_after(release, state.due) for state in unreported if state.due is not None):
        return Performance.MISSED, "step_not_reported"
    if unreported:
        return Performance.AWAITING_DATA, "awaiting_report"
    if version.deadline is None or numbers.data_through is None:
        return Performance.PENDING, "nothing_reported"
    expected = floor((numbers.expected_value or 0.0) + SLACK)
    if numbers.actual_value is not None and numbers.actual_value < expected:
        return Performance.AT_RISK, "steps_behind_plan"
    return Performance.ON_TRACK, "steps_on_plan"


def next_report(numbers: Numbers, release: Release) -> tuple[date | None, date | None]:
    """Return (due date of the first step not reported, the day its report should be out); None when nothing is due."""
    open_dues = [state.due for state in numbers.steps if state.done_on is None and state.due is not None]
    first = min(open_dues, default=None)
    return first, None if first is None else due_on(release, first)
