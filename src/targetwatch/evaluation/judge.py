"""One target judged as of a day: measured, called by the ladder, and its performance folded forward day by day.

The days are few: publications, the start, new versions, due dates, and the end of grace after them. Folding forward
carries the performance that hysteresis needs, so history and verdict come from one pass. Where only the verdict is
asked for, the days before are judged backwards, as far as it depends on them. No word of a verdict is made here:
`targetwatch.wording.verdict` says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from typing import NamedTuple

from targetwatch.errors import NotAnnouncedError
from targetwatch.evaluation.days import ONE_DAY, data_state, due_on, late_after, next_period_end
from targetwatch.evaluation.flow import FlowMeasure
from targetwatch.evaluation.level import LevelMeasure
from targetwatch.evaluation.measure import Call, Case, Measured, foretell
from targetwatch.evaluation.milestones import MilestonesMeasure
from targetwatch.evaluation.series import Knowledge, in_force, publication_days
from targetwatch.evaluation.status import by_probability, hangs_on_before
from targetwatch.model import (
    AsOf,
    Basis,
    Clock,
    DataState,
    Figure,
    Indicator,
    Measure,
    Performance,
    Reading,
    StatusChange,
    Verdict,
)

MEASURES: dict[Measure, type[Measured]] = {one.kind: one for one in (FlowMeasure, LevelMeasure, MilestonesMeasure)}
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
        announced = case.target.announced_on
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


@dataclass(frozen=True, slots=True)
class Resume:
    """Where an earlier judgement stopped: judged through `through`, `performance` since `since` in that version."""

    through: date
    performance: Performance
    since: date
    version: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and the status changes since the start (or since the judgement it resumes), oldest first."""

    verdict: Verdict
    changes: tuple[StatusChange, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A target measured on every day that its judgement goes by, and not called yet."""

    days: list[tuple[AsOf, Measured]]
    resume: Resume | None

    def paces(self) -> tuple[float, ...]:
        """Return the pace on each known evening, as known on the last of the days, oldest first."""
        return self.days[-1][1].paces()


def prepare(case: Case, as_of: AsOf, resume: Resume | None = None) -> Prepared:
    """Return a target ready to be judged as of a moment.

    Resuming is right only while nothing known by `resume.through` has been added or withdrawn since.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    return Prepared(list(_measured_on_turning_days(case, as_of, resume)), resume)


def forecast_together(many: Iterable[Prepared]) -> None:
    """Make the forecasts that many judgements ask for at once: the same as each makes alone, and much quicker."""
    foretell(found for one in many for _, found in one.days)


def judge(case: Case, as_of: AsOf, resume: Resume | None = None) -> Judgement:
    """Return the verdict as of a moment with the status changes that led to it.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    return conclude(prepare(case, as_of, resume))


def conclude(prepared: Prepared) -> Judgement:
    """Return the judgement that was prepared."""
    changes: list[StatusChange] = []
    for one in _called(prepared):
        if one.called.performance is not one.before:
            changes.append(_change(one.found, one.moment, one.called, one.before))
    return Judgement(verdict(one.found, one.moment, one.called, one.since), tuple(changes))


def verdicts(prepared: Prepared) -> Iterator[Verdict]:
    """Yield the verdict of each day that the judgement goes by, as it was on that day."""
    for one in _called(prepared):
        yield verdict(one.found, one.moment, one.called, one.since, brief=True)


class _Called(NamedTuple):
    """A day called: what was measured, the performance on the day `before` and since when it is what it is."""

    moment: AsOf
    found: Measured
    called: Call
    before: Performance | None
    since: date | None


def _called(prepared: Prepared) -> Iterator[_Called]:
    """Yield every day called, oldest first, each after the one before."""
    resume = prepared.resume
    performance, since, version = (resume.performance, resume.since, resume.version) if resume else (None, None, None)
    for moment, found in prepared.days:
        called, before = call(found, moment.day, performance if found.version.number == version else None), performance
        if called.performance is not performance:
            since = moment.day
        performance, version = called.performance, found.version.number
        yield _Called(moment, found, called, before, since)


def evaluated(case: Case, as_of: AsOf) -> Verdict:
    """Return the verdict as of a moment, the same as that of `judge`.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    past = _Past(prepare(case, as_of).days)
    first = last = len(past.days) - 1
    called = past.call(last)
    while first > 0 and past.call(first - 1).performance is called.performance:
        first -= 1
    return verdict(past.days[last][1], as_of, called, past.days[first][0].day)


@dataclass(slots=True)
class _Past:
    """The turning days of a target, each called when it is asked for."""

    days: list[tuple[AsOf, Measured]]
    _called: dict[int, Call] = field(default_factory=dict)

    def call(self, number: int) -> Call:
        """Return the call on a day: from the last day on that is what it is whatever was before."""
        first = number
        while first not in self._called and not self._stands_alone(first):
            first -= 1
        for one in range(first, number + 1):
            if one not in self._called:
                self._called[one] = self._after(one, self._called[one - 1].performance)
        return self._called[number]

    def _stands_alone(self, number: int) -> bool:
        """Return whether a day's performance does not depend on the one before; what it then is, is kept."""
        found, alone = self.days[number][1], self._after(number, None)
        is_first_of_version = number == 0 or self.days[number - 1][1].version is not found.version
        if not is_first_of_version and alone.rule == "probability" and hangs_on_before(found.probability or 0.0):
            return False
        self._called[number] = alone
        return True

    def _after(self, number: int, before: Performance | None) -> Call:
        moment, found = self.days[number]
        return call(found, moment.day, before)


def _measured_on_turning_days(case: Case, as_of: AsOf, resume: Resume | None = None) -> Iterator[tuple[AsOf, Measured]]:
    """Yield the turning days, the day asked about among them, with what is measured on each."""
    knowledge, found = Knowledge(case.readings, case.indicator.authority), None
    for day in sorted({*turning_days(case, as_of), as_of.day}):
        if resume is not None and day <= resume.through and day != as_of.day:
            continue
        zone = as_of.moment.tzinfo or UTC
        moment = as_of if day == as_of.day else AsOf.end_of(day, zone, as_of.clock)
        found = measured(case, moment, knowledge, found)
        yield moment, found


def _change(found: Measured, moment: AsOf, called: Call, old: Performance | None) -> StatusChange:
    return StatusChange(
        target=found.case.target.id,
        version=found.version.number,
        on=moment.day,
        old=old,
        new=called.performance,
        rule=called.rule,
        verdict=verdict(found, moment, called, moment.day, brief=True),
    )


def turning_days(case: Case, as_of: AsOf) -> list[date]:
    """Return the days up to `as_of` on which the performance may have changed, ascending."""
    first = case.target.announced_on
    days = {*publication_days(case.readings, case.indicator.authority, as_of), *_calendar_days(case)}
    return sorted(day for day in days if first <= day <= as_of.day)


def next_turn(case: Case, as_of: AsOf, said: Verdict) -> date | None:
    """Return the next day on which the verdict can change without a new reading; None when there is none."""
    days = {*_calendar_days(case)}
    if as_of.clock is Clock.PUBLISHED:
        days |= {reading.published_on for reading in case.readings if reading.published_on is not None}
    if said.next_release_due is not None:
        grace = timedelta(days=case.indicator.release.grace)
        days |= {said.next_release_due, said.next_release_due + grace + ONE_DAY}
    if said.data_state is DataState.LATE:
        days.add(as_of.day + ONE_DAY)
    return min((day for day in days if day > as_of.day), default=None)


def _calendar_days(case: Case) -> Iterable[date]:
    """Yield start, new versions, the day after the deadline, the day after its grace, and what the measure adds."""
    release, measure = case.indicator.release, MEASURES[case.indicator.measure]
    for version in case.target.in_force():
        yield version.effective
        yield version.start
        yield from measure.turning_days(version, release)
        if version.deadline is not None:
            yield version.deadline + ONE_DAY
            yield due_on(release, version.deadline)
            yield late_after(release, version.deadline) + ONE_DAY
