"""One target judged as of one day: measured, called by the ladder, its data state beside it.

No word of a verdict is made here: `targetwatch.wording.verdict` says it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from targetwatch.errors import NotAnnouncedError
from targetwatch.evaluation.flow import FlowMeasure
from targetwatch.evaluation.level import LevelMeasure
from targetwatch.evaluation.measure import Call, Case, Measured
from targetwatch.evaluation.milestones import MilestonesMeasure
from targetwatch.evaluation.release import data_state, due_on, next_period_end
from targetwatch.evaluation.series import Knowledge, in_force
from targetwatch.evaluation.status import by_probability
from targetwatch.model import AsOf, Basis, DataState, Figure, Indicator, Performance, Reading, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MEASURES: dict[str, type[Measured]] = {one.kind: one for one in (FlowMeasure, LevelMeasure, MilestonesMeasure)}
PREFERENCE = (Basis.PERIOD, Basis.SINCE_START, Basis.YEAR_TO_DATE, Basis.POINT, Basis.EVENT)
"""Of figures that end on the same day, the last of these is shown."""


def call(found: Measured, day: date, before: Performance | None) -> Call:
    """Return the performance on `day` and the rule that fired: the first of the ladder that fits.

    `before` is the performance on the turning day before, within the same version; it counts only where a probability
    lies inside a hysteresis band.
    """
    goal, value, deadline = found.goal, found.actual_value, found.version.deadline
    is_over = deadline is not None and day > deadline
    if day < found.version.start:
        return Call(Performance.PENDING, "before_start")
    decided = found.decided(day)
    if decided is not None:
        return decided
    if is_over and (not found.final or value is None or goal.value is None):
        return Call(Performance.AWAITING_DATA, "awaiting_final_figure")
    if value is None:
        return Call(Performance.PENDING, "nothing_known")
    if is_over and goal.attained_by(value):
        return Call(Performance.ACHIEVED, "final_reached")
    if is_over:
        return Call(Performance.MISSED, "final_short")
    if goal.value is None:
        return Call(Performance.PENDING, "no_baseline")
    if found.probability is not None:
        return Call(by_probability(found.probability, before), "probability")
    return found.compared()


def measured(case: Case, as_of: AsOf, knowledge: Knowledge, before: Measured | None = None) -> Measured:
    """Return the target's version in force measured by what is known by `as_of`.

    `before`, measured on an earlier day, is taken over when nothing has become known since.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    version = case.target.version_on(as_of.day)
    if version is None:
        announced = case.target.versions[0].effective
        raise NotAnnouncedError("not_announced", target=case.target.id, announced=announced, asked=as_of.day)
    readings = knowledge.in_force(as_of)
    is_same = before is not None and before.is_timeless and before.version is version
    if before is not None and is_same and before.readings and before.readings == readings:
        return before
    return MEASURES[case.indicator.measure](case, version, readings, as_of, knowledge)


def verdict(found: Measured, as_of: AsOf, called: Call, since: date | None, *, brief: bool = False) -> Verdict:
    """Return the verdict that a call amounts to, with its data state; `brief`: a forecast without its members."""
    state, due, late_days = _data_state(found, as_of.day, called.performance)
    forecast = found.figures.forecast
    if forecast is not None and found.prediction is not None and not brief:
        forecast = replace(forecast, members=found.prediction.members())
    return replace(
        found.figures,
        day=as_of.day,
        performance=called.performance,
        performance_since=since,
        rule=called.rule,
        data_state=state,
        next_release_due=due,
        late_days=late_days,
        forecast=forecast,
        attainment_probability=found.probability,
    )


def _data_state(found: Measured, day: date, performance: Performance) -> tuple[DataState, date | None, int]:
    """Return the state of the next release, the day it is due, and how many days ago that was when late."""
    if found.is_closed(day, performance):
        return DataState.CLOSED, None, 0
    expected = found.awaited_period_end()
    state, late_days = data_state(found.release, expected, day, any_reading=bool(found.readings))
    return state, None if expected is None else due_on(found.release, expected), late_days


def figure(indicator: Indicator, readings: Sequence[Reading], as_of: AsOf) -> Figure | None:
    """Return the figure of the last known period by the indicator's authority; None when nothing is known.

    It is shown beside the targets, never judged.
    """
    known = in_force(readings, indicator.authority, as_of)
    if not known:
        return None
    latest = max(known, key=lambda reading: (reading.period.end, PREFERENCE.index(reading.basis)))
    upcoming = next_period_end(indicator.release, latest.period.end)
    state, _ = data_state(indicator.release, upcoming, as_of.day, any_reading=True)
    return Figure(
        indicator=indicator.id,
        value=latest.value,
        period=latest.period,
        basis=latest.basis,
        qualifier=latest.qualifier,
        yoy=latest.yoy,
        publisher=latest.publisher,
        published_on=latest.known_on(as_of),
        evidence_url=latest.evidence_url,
        data_state=state,
        next_release_due=None if upcoming is None else due_on(indicator.release, upcoming),
        rounding=latest.rounding,
    )
