"""Milestones judged at the day itself: a step not reported done is not done as far as anyone knows.

Before a step's due date silence is warned of: at risk from `ahead` on, off track from `close` on. Behind it the report
is awaited through the lag and grace of the release, then the step is missed; a later report dated in time turns that
round, because a step is judged by the day its report describes. Source: docs/method.md, milestones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import ceil, floor

from targetwatch.evaluation.days import ONE_DAY
from targetwatch.evaluation.measure import Call, Measured
from targetwatch.evaluation.plan import elapsed_ratio
from targetwatch.evaluation.series import Knowledge
from targetwatch.evaluation.status import DECIDED
from targetwatch.model import AsOf, Basis, Measure, Performance, Release, Step, StepState, TargetVersion, Verdict

AHEAD_AT_MOST_DAYS = 60
AHEAD_SHARE = 4
"""The warning begins with the last quarter of the time a step has, at most 60 days before it is due."""
CLOSE_SHARE = 3
"""The last third of the warning is off track."""
SLACK = 1e-9


def ahead_days(version: TargetVersion, due: date) -> float:
    """Return how many days before `due` a step is at risk: a quarter of the time it has, at most 60 days.

    Its time begins with the start, the announcement, or the last other step due before it, whichever is latest.
    """
    earlier = (step.due for step in version.steps if step.due is not None and step.due < due)
    begins = max([version.begins_on, *earlier])
    return min(AHEAD_AT_MOST_DAYS, max((due - begins).days, 0) / AHEAD_SHARE)


def expected_number(version: TargetVersion, release: Release, day: date) -> int:
    """Return how many steps should be known done on `day`: at their due dates, others evenly until the deadline.

    Both are asked for `lag` days earlier, since a report may take that long.
    """
    through = day - timedelta(days=release.lag)
    own = sum(1 for step in version.steps if step.due is not None and step.due <= through)
    without = sum(1 for step in version.steps if step.due is None)
    if version.deadline is None:
        return own
    share = elapsed_ratio(version.begins_on, version.deadline, through)
    return own + floor(without * share + SLACK)


def late_from(release: Release, due: date) -> date:
    """Return the first day on which a step not reported done is missed."""
    return due + timedelta(days=release.lag + release.grace) + ONE_DAY


class MilestonesMeasure(Measured):
    """Steps, each reported done on a day; a report counts from the day it describes."""

    kind = Measure.MILESTONES
    bases = frozenset({Basis.EVENT})
    usual_basis = Basis.EVENT
    is_timeless = False

    def measure(self, as_of: AsOf, knowledge: Knowledge) -> None:  # noqa: ARG002 - steps do not add up
        """Find each step's report."""
        self.day = as_of.day
        self.known = self.uncalled(as_of)
        self.steps = tuple(self._state(step, as_of) for step in self.version.steps)
        self.done = [state for state in self.steps if state.done_on is not None]
        self.open_dues = [state.due for state in self.steps if state.done_on is None]
        self.actual_value = Decimal(len(self.done))
        self.data_through = max((state.done_on for state in self.steps if state.done_on is not None), default=None)

    def _state(self, step: Step, as_of: AsOf) -> StepState:
        due, is_only = step.due or self.version.deadline, len(self.version.steps) == 1
        reports = [
            reading
            for reading in self.readings
            if reading.basis is Basis.EVENT
            and reading.value >= 1
            and (reading.step == step.id or (is_only and not reading.step))
            and reading.period.end <= as_of.day
        ]
        if not reports:
            return StepState(step=step, due=due, done_on=None, known_on=None, late_days=None)
        first = min(reports, key=lambda reading: reading.period.end)
        done_on = first.period.end
        return StepState(
            step=step,
            due=due,
            done_on=done_on,
            known_on=first.known_on(as_of),
            late_days=(done_on - due).days if due is not None and done_on > due else None,
            evidence_url=first.evidence_url,
        )

    def decided(self, day: date) -> Call:
        """Return the performance: steps decide it on every day."""
        if self.steps and all(state.done_on is not None and state.late_days is None for state in self.steps):
            return Call(Performance.ACHIEVED, "all_steps_done")
        if any(state.late_days is not None for state in self.steps):
            return Call(Performance.MISSED, "step_done_late")
        dues = [due for due in self.open_dues if due is not None]
        if all(state.due is None for state in self.steps):
            return Call(Performance.PENDING, "steps_undated")
        if any(day >= late_from(self.release, due) for due in dues):
            return Call(Performance.MISSED, "step_not_reported")
        if all(state.due is not None and day > state.due for state in self.steps):
            return Call(Performance.AWAITING_DATA, "awaiting_report")
        left = [((due - day).days, ahead_days(self.version, due)) for due in dues]
        if any(days <= ahead / CLOSE_SHARE for days, ahead in left):
            return Call(Performance.OFF_TRACK, "step_nearly_due")
        if any(days <= ahead for days, ahead in left):
            return Call(Performance.AT_RISK, "step_due_soon")
        if len(self.done) < expected_number(self.version, self.release, day):
            return Call(Performance.AT_RISK, "steps_behind_plan")
        return (
            Call(Performance.ON_TRACK, "steps_on_plan") if self.done else Call(Performance.PENDING, "nothing_reported")
        )

    @staticmethod
    def turning_days(version: TargetVersion, release: Release) -> Iterator[date]:
        """Yield the days on which silence changes the performance or the number expected."""
        lag = timedelta(days=release.lag)
        for due in {step.due or version.deadline for step in version.steps}:
            if due is None:
                continue
            ahead = ahead_days(version, due)
            yield from (due - timedelta(days=floor(ahead)), due - timedelta(days=floor(ahead / CLOSE_SHARE)))
            yield from (due + ONE_DAY, due + lag, late_from(release, due))
        without = sum(1 for step in version.steps if step.due is None)
        if version.deadline is None:
            return
        begins = version.begins_on
        for number in range(1, without + 1):
            yield begins + timedelta(days=ceil(number * (version.deadline - begins).days / without - SLACK)) + lag

    @cached_property
    def figures(self) -> Verdict:
        """Return steps and counts."""
        total, done = len(self.steps), len(self.done)
        found = replace(
            self.known,
            steps=self.steps,
            goal_value=Decimal(total),
            actual_value=self.actual_value,
            progress_ratio=done / total if total else None,
        )
        if self.data_through is not None:
            last = max(self.done, key=lambda state: (state.known_on or date.min, state.done_on or date.min))
            found = replace(
                found, data_through=self.data_through, published_on=last.known_on, evidence=last.evidence_url
            )
        if not total or all(state.due is None for state in self.steps):
            return found
        expected = expected_number(self.version, self.release, self.day)
        return replace(
            found,
            expected_value=float(expected),
            expected_progress_ratio=expected / total,
            variance=float(done - expected),
            pace_ratio=done / expected if expected > 0 else None,
        )

    def awaited_period_end(self) -> date | None:
        """Return the due date of the first step not reported."""
        return min((due for due in self.open_dues if due is not None), default=None)

    def is_closed(self, day: date, performance: Performance) -> bool:
        """Return whether all is decided, and no step can still be reported in time."""
        is_running = any(due is None or day < late_from(self.release, due) for due in self.open_dues)
        return performance in DECIDED and not is_running
