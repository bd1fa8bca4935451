"""One target judged as of one day: figures, performance, data state, words.

`Bench` holds what does not change between two days of one judgement, so that the days before can be judged for
hysteresis and history without asking anyone else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.errors import NotAnnouncedError
from targetwatch.evaluation import tile, words
from targetwatch.evaluation.flow import flow_gist
from targetwatch.evaluation.goal import Resolved, resolve
from targetwatch.evaluation.level import level_gist
from targetwatch.evaluation.milestones import milestone_numbers, milestone_performance, next_report
from targetwatch.evaluation.numbers import SHARED, Gist, Numbers
from targetwatch.evaluation.phrases import age_words, amount, odds
from targetwatch.evaluation.release import data_state, due_on, late_after, next_period_end
from targetwatch.evaluation.series import Knowledge
from targetwatch.evaluation.status import performance
from targetwatch.model import (
    AsOf,
    DataState,
    Indicator,
    Measure,
    Performance,
    Reading,
    Target,
    TargetVersion,
    Text,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

ONE_DAY = timedelta(days=1)
DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to judge on one day: the promise in force, and the figures as known."""

    day: date
    version: TargetVersion
    goal: Resolved
    gist: Gist
    readings: list[Reading]

    @property
    def numbers(self) -> Numbers:
        """Return all its figures."""
        return self.gist.numbers


@dataclass(frozen=True, slots=True)
class Finding(Sight):
    """A performance with the figures it rests on, before it is put into words."""

    performance: Performance
    rule: str


@dataclass(frozen=True, slots=True)
class Bench:
    """A target, its indicator and all their readings, to be judged as of any day on one clock."""

    target: Target
    indicator: Indicator
    readings: Sequence[Reading]

    def find(self, as_of: AsOf, before: Finding | None = None, *, knowledge: Knowledge | None = None) -> Finding:
        """Return the finding as of a moment.

        `before` is the finding at the turning day before: hysteresis needs its performance, and its figures are taken
        over when nothing has become known since. `knowledge` of the days before is built on.

        Raises:
            NotAnnouncedError: the target did not exist yet.
        """
        sight = self.see(as_of, before, knowledge=knowledge)
        return self.say(sight, before.performance if before is not None and before.version is sight.version else None)

    def see(self, as_of: AsOf, before: Sight | None = None, *, knowledge: Knowledge | None = None) -> Sight:
        """Return what there is to judge as of a moment; arguments and errors are those of `find`."""
        version = self.target.version_on(as_of.day)
        if version is None:
            announced = self.target.versions[0].effective
            raise NotAnnouncedError(
                f"target '{self.target.id}': not announced before {announced}, asked as of {as_of.day}"
            )
        knowledge = knowledge or self.knowledge()
        readings, goal = knowledge.in_force(as_of), resolve(version)
        if self.indicator.measure is Measure.MILESTONES:
            gist = Gist.of(milestone_numbers(version, readings, as_of))
        elif before is not None and before.version is version and before.readings and before.readings == readings:
            gist = before.gist
        elif self.indicator.measure is Measure.FLOW:
            gist = flow_gist(version, goal, readings, as_of, flow=knowledge.flow(as_of))
        else:
            gist = level_gist(version, goal, readings, as_of, release=self.indicator.release)
        return Sight(as_of.day, version, goal, gist, readings)

    def say(self, sight: Sight, before: Performance | None) -> Finding:
        """Return the finding on what is seen; `before` is the performance at the turning day before, same version."""
        version, goal, gist, day = sight.version, sight.goal, sight.gist, sight.day
        if self.indicator.measure is not Measure.MILESTONES:
            found, rule = performance(self.indicator.measure, version, goal=goal, gist=gist, day=day, before=before)
        elif day < version.start:
            found, rule = Performance.PENDING, "before_start"
        else:
            found, rule = milestone_performance(version, gist.numbers, self.indicator.release, day)
        return Finding(day, version, goal, gist, sight.readings, found, rule)

    def knowledge(self) -> Knowledge:
        """Return what is known of the indicator, to be asked day after day."""
        return Knowledge(self.readings, self.indicator.authority)

    def recall(self, on: date, performance: Performance, version_number: int) -> Finding | None:
        """Return an earlier finding as far as a status tells it: what the next one needs for hysteresis."""
        versions = [version for version in self.target.versions if version.number == version_number]
        if not versions:
            return None
        return Finding(on, versions[0], resolve(versions[0]), Gist.of(Numbers()), [], performance, "")

    def verdict(self, as_of: AsOf, finding: Finding, since: date | None) -> Verdict:
        """Return the verdict that a finding amounts to, with its data state and its words."""
        numbers, version = finding.numbers, finding.version
        state, due, late_days = self._data_state(as_of.day, finding)
        matter = words.Matter(
            indicator=self.indicator,
            version=version,
            goal=finding.goal,
            numbers=numbers,
            performance=finding.performance,
            rule=finding.rule,
            day=as_of.day,
        )
        total = len(numbers.steps) if self.indicator.measure is Measure.MILESTONES else None
        said = Verdict(
            target=self.target.id,
            indicator=self.indicator.id,
            version=version.number,
            clock=as_of.clock,
            performance=finding.performance,
            performance_since=since,
            data_state=state,
            rule=finding.rule,
            start=version.start,
            deadline=version.deadline,
            comparator=finding.goal.comparator,
            next_release_due=due,
            late_days=late_days,
            goal_value=finding.goal.value if total is None else Decimal(total),
            goal_upper=finding.goal.upper,
            notes=tuple(numbers.notes),
            sentence=words.sentence(matter),
            needed=words.needed(matter),
            card=words.card(matter),
            plan=_plan(self.indicator, numbers),
            odds=Text() if numbers.attainment_probability is None else odds(numbers.attainment_probability),
            age=age_words(numbers.data_through, state, due, late_days),
            **{name: getattr(numbers, name) for name in SHARED} | {"forecast": finding.gist.forecast},
        )
        return replace(
            said,
            outlook=tile.outlook(said, self.indicator, as_of.day),
            tile_age=tile.age(said, self.indicator, as_of.day, brief=True),
        )

    def _data_state(self, day: date, finding: Finding) -> tuple[DataState, date | None, int]:
        """Return the state of the next release, the day it is due, and how many days ago that was when late."""
        if self.is_closed(day, finding):
            return DataState.CLOSED, None, 0
        expected = self.awaited_period_end(finding)
        release = self.indicator.release
        state, late_days = data_state(release, expected, day, any_reading=bool(finding.readings))
        return state, None if expected is None else due_on(release, expected), late_days

    def on(self, day: date, as_of: AsOf) -> AsOf:
        """Return the end of another `day`, in the zone and on the clock of `as_of`."""
        return AsOf.end_of(day, as_of.moment.tzinfo or UTC, as_of.clock)

    def awaited_period_end(self, finding: Finding) -> date | None:
        """Return the end of the period whose figure comes next; None when the calendar cannot name one."""
        if self.indicator.measure is Measure.MILESTONES:
            return next_report(finding.numbers, self.indicator.release)[0]
        deadline = finding.version.deadline
        through = finding.readings[-1].period.end if finding.readings else finding.version.start - ONE_DAY
        return next_period_end(self.indicator.release, through) or deadline

    def is_closed(self, day: date, finding: Finding) -> bool:
        """Return whether no further figure can matter: the final one is known, or all is decided and over."""
        over = finding.version.deadline is not None and day > finding.version.deadline
        if self.indicator.measure is Measure.MILESTONES:
            release = self.indicator.release
            waiting = [state.due for state in finding.numbers.steps if state.done_on is None]
            running = any(due is None or day <= late_after(release, due) for due in waiting)
            return finding.performance in DECIDED and not running
        return over and (finding.gist.final or finding.performance in DECIDED)


def _plan(indicator: Indicator, numbers: Numbers) -> Text:
    """Return what the plan expected by data-through, in words."""
    if numbers.expected_value is None or indicator.measure is Measure.MILESTONES:
        return Text()
    return amount(numbers.expected_value, indicator)
