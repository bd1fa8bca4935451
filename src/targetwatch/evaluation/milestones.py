"""Milestones judged step by step: done in time, done late, not reported, or not due yet.

A step not reported by its due date is awaited through the lag and grace of its calendar, then missed; a later report
dated in time turns that round, because steps are judged by the day they describe.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING

from targetwatch.evaluation.days import ONE_DAY, late_after
from targetwatch.evaluation.measure import Call, Measured
from targetwatch.evaluation.plan import elapsed_ratio
from targetwatch.evaluation.status import DECIDED
from targetwatch.model import AsOf, Basis, Measure, Performance, Step, StepState, Verdict

if TYPE_CHECKING:
    from targetwatch.evaluation.series import Knowledge

SLACK = 1e-9


class MilestonesMeasure(Measured):
    """Steps, each reported done on a day; a report counts from the day it describes."""

    kind = Measure.MILESTONES
    bases = frozenset({Basis.EVENT})
    usual_basis = Basis.EVENT
    is_timeless = False

    def measure(self, as_of: AsOf, knowledge: Knowledge) -> None:  # noqa: ARG002 - steps do not add up
        """Find each step's report."""
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
        unreported = [due for due in self.open_dues if due is not None and day > due]
        if any(day > late_after(self.release, due) for due in unreported):
            return Call(Performance.MISSED, "step_not_reported")
        if unreported:
            return Call(Performance.AWAITING_DATA, "awaiting_report")
        if self.version.deadline is None or self.data_through is None:
            return Call(Performance.PENDING, "nothing_reported")
        if len(self.done) < floor((self.figures.expected_value or 0.0) + SLACK):
            return Call(Performance.AT_RISK, "steps_behind_plan")
        return Call(Performance.ON_TRACK, "steps_on_plan")

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
        if self.data_through is None:
            return found
        last = max(self.done, key=lambda state: (state.known_on or date.min, state.done_on or date.min))
        expected = self._expected(self.data_through)
        found = replace(found, data_through=self.data_through, published_on=last.known_on, evidence=last.evidence_url)
        if expected is None:
            return found
        return replace(
            found,
            expected_value=expected,
            expected_progress_ratio=expected / total,
            variance=done - expected,
            pace_ratio=done / expected if expected > 0 else None,
        )

    def _expected(self, through: date) -> float | None:
        """Return how many steps are due, or a straight line where none has its own due date; None if open-ended."""
        if self.version.deadline is None:
            return None
        if any(step.due is not None for step in self.version.steps):
            return float(sum(1 for state in self.steps if state.due is not None and state.due <= through))
        return len(self.steps) * elapsed_ratio(self.version.start - ONE_DAY, self.version.deadline, through)

    def awaited_period_end(self) -> date | None:
        """Return the due date of the first step not reported."""
        return min((due for due in self.open_dues if due is not None), default=None)

    def is_closed(self, day: date, performance: Performance) -> bool:
        """Return whether all is decided, and no step can still be reported in time."""
        is_running = any(due is None or day <= late_after(self.release, due) for due in self.open_dues)
        return performance in DECIDED and not is_running
