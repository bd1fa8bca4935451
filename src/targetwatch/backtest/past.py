"""Past windows put to the judge as users would have met them: a goal, and a verdict on each day of publication.

Pure: readings in, answers out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil

from targetwatch.backtest.score import PastAnswer
from targetwatch.evaluation import Case, forecast_together, prepare, verdicts
from targetwatch.evaluation.cumulative import Flow
from targetwatch.evaluation.days import DAYS_OF_WEEK, MONTHS_PER_YEAR, days_back, months_between, shift_years
from targetwatch.evaluation.series import in_force, level
from targetwatch.model import (
    Announcement,
    AsOf,
    Goal,
    Indicator,
    Measure,
    Owner,
    Performance,
    Plan,
    PlanShape,
    Reading,
    Target,
    TargetVersion,
    Text,
)

GOALS = (1.0, 1.05, 1.1)
"""What is asked for, in times of the value a year before."""
DAYS_JUDGED = 12
"""About how many days of publication of a window are asked about; of weekly and daily figures some are left out."""
AT_ONCE = 200
NOBODY = Owner(id="backtest", name=Text("backtest", "backtest"))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A past window of an indicator, the value goals are measured by, and what came at its deadline.

    `course`: what a flow had come to on its known evenings, from none on the one before the window; of a level nothing.
    """

    kind: str
    indicator: Indicator
    readings: Sequence[Reading]
    start: date
    deadline: date
    before: float
    outcome: float
    course: Sequence[tuple[date, float]] = ()

    def case(self, goal: Decimal) -> Case:
        """Return a target of this goal, announced on the first day of the window."""
        terms = TargetVersion(
            number=1,
            effective=self.start,
            goal=Goal(at_least=goal),
            start=self.start,
            deadline=self.deadline,
            plan=Plan(shape=PlanShape.SEASONAL),
            announcement=Announcement(by=Text("backtest"), on=self.start),
        )
        title = self.indicator.title
        target = Target(
            id="backtest", indicator=self.indicator.id, title=title, short=title, owner=NOBODY, versions=(terms,)
        )
        return Case(target, self.indicator, self.readings)

    def days(self) -> set[date]:
        """Return the days asked about: those on which a figure of the window came out before its deadline."""
        own = {
            one.published_on
            for one in self.readings
            if one.published_on is not None and one.publisher == self.indicator.authority
            if one.period.end >= self.start and self.start <= one.published_on <= self.deadline
        }
        return set(sorted(own)[:: max(1, len(own) // DAYS_JUDGED)])


def answers(
    questions: Sequence[Question], *, progress: Callable[[int, int], None] | None = None
) -> Iterator[PastAnswer]:
    """Yield what would have been said on each day asked about, of each of the goals.

    `progress` is called with (asked, all) as the work goes on.
    """
    done = 0
    for first in range(0, len(questions), AT_ONCE):
        some = questions[first : first + AT_ONCE]
        asked = [(one, goal) for one in some for goal in (Decimal(repr(one.before * times)) for times in GOALS)]
        prepared = [prepare(one.case(goal), AsOf.end_of(one.deadline)) for one, goal in asked]
        forecast_together(prepared)
        for (question, goal), ready in zip(asked, prepared, strict=True):
            days = question.days()
            for said in verdicts(ready):
                through, forecast = said.data_through, said.forecast
                if said.day not in days or through is None or through >= question.deadline:
                    continue
                is_told = said.reached_on is not None and said.performance is Performance.ON_TRACK
                was = day_reached(question.course, float(goal))
                yield PastAnswer(
                    kind=question.kind,
                    months=_months_known(question, through),
                    chance=said.attainment_probability,
                    attained=question.outcome >= float(goal),
                    covered=None if forecast is None else forecast.low <= question.outcome <= forecast.high,
                    performance=said.performance,
                    day_told=is_told and bool(question.course),
                    days_off=(said.reached_on - was).days if is_told and said.reached_on and was else None,
                )
        done += len(some)
        if progress is not None:
            progress(done, len(questions))


def day_reached(course: Sequence[tuple[date, float]], goal: float) -> date | None:
    """Return the evening on which a flow came to a goal, evenly between two known ones; None when it did not.

    >>> day_reached([(date(2024, 12, 31), 0.0), (date(2025, 1, 31), 31.0)], 10.0)
    datetime.date(2025, 1, 10)
    """
    for (before, done), (evening, value) in pairwise(course):
        if value >= goal:
            return before + timedelta(days=ceil((evening - before).days * (goal - done) / (value - done)))
    return None


def _months_known(question: Question, through: date) -> int:
    """Return how many months of the window are known; none where it is longer than a year."""
    origin = question.start - ONE_DAY
    is_long = months_between(origin, question.deadline) > MONTHS_PER_YEAR + 1
    return 0 if is_long else round(months_between(origin, through))


def own_questions(
    indicator: Indicator, readings: Sequence[Reading], targets: Iterable[Target], today: AsOf
) -> Iterator[Question]:
    """Yield a question for each past year of an indicator whose outcome is known.

    The years end as those of its targets do, else with the calendar. Goals are measured by the year before; where that
    is not known, by what was forecast first.
    """
    known = in_force(readings, indicator.authority, today)
    if indicator.measure is Measure.MILESTONES or not known:
        return
    flow = Flow.of(known) if indicator.measure is Measure.FLOW else None
    value = _level_value(known) if flow is None else _flow_value(flow)
    rhythm = f"{indicator.measure.value}, {indicator.release.every}"
    for deadline in _deadlines(
        indicator, targets, first=known[0].period.start, last=min(today.day, known[-1].period.end)
    ):
        origin = shift_years(deadline, -1)
        start = origin if indicator.release.every == "year" else origin + ONE_DAY
        outcome, before = value(origin, deadline), value(shift_years(origin, -1), origin)
        if outcome is None or outcome <= 0:
            continue
        asked = Question(
            kind=rhythm,
            indicator=indicator,
            readings=readings,
            start=start,
            deadline=deadline,
            before=before or outcome,
            outcome=outcome,
            course=() if flow is None else _course(flow, origin, deadline),
        )
        yield from [asked] if before and before > 0 else _measured_by_the_first_forecast(asked)


def _deadlines(indicator: Indicator, targets: Iterable[Target], *, first: date, last: date) -> list[date]:
    """Return the ends of past years, as its targets have them, that lie within what is known."""
    versions = [version for one in targets if one.indicator == indicator.id for version in one.versions]
    ends = {version.deadline for version in versions if version.deadline is not None} or {date(last.year, 12, 31)}
    moved = {shift_years(end, year - end.year) for end in ends for year in range(first.year, last.year + 1)}
    return sorted(end for end in moved if first < end <= last)


def _measured_by_the_first_forecast(asked: Question) -> list[Question]:
    """Return the question with goals measured by its own first forecast, which does not know the outcome."""
    ready = prepare(asked.case(Decimal(repr(asked.outcome))), AsOf.end_of(asked.deadline))
    first = next((one.forecast.median for one in verdicts(ready) if one.forecast is not None), None)
    return [] if first is None else [replace(asked, before=first)]


def _course(flow: Flow, origin: date, deadline: date) -> tuple[tuple[date, float], ...]:
    return tuple((day, float(one.value)) for day, one in sorted(flow.since(origin).items()) if day <= deadline)


def _flow_value(flow: Flow) -> Callable[[date, date], float | None]:
    def value(origin: date, deadline: date) -> float | None:
        found = flow.between(origin, deadline)
        return None if found is None else float(found)

    return value


def _level_value(known: Sequence[Reading]) -> Callable[[date, date], float | None]:
    points = level(known)

    def value(_origin: date, deadline: date) -> float | None:
        days = (deadline, *days_back(deadline, DAYS_OF_WEEK - 1))
        return next((float(points[day].value) for day in days if day in points), None)

    return value
