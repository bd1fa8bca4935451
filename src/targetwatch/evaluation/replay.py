"""A target's history: its performance on every day it may have changed, folded forward.

The days are few (METHOD, property a): publications, the start, new versions, due dates, and the end of grace after
them. Folding forward carries the performance that hysteresis needs, so history and verdict come from one pass. Where
only the verdict is asked for, the days before are judged backwards, as far as it depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from targetwatch.evaluation.judge import Bench, Finding, Sight
from targetwatch.evaluation.release import due_on, late_after
from targetwatch.evaluation.series import publication_days
from targetwatch.evaluation.status import hangs_on_before
from targetwatch.evaluation.words import Matter, sentence
from targetwatch.model import AsOf, Clock, DataState, Performance, StatusChange, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

ONE_DAY = timedelta(days=1)


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


def judge(bench: Bench, as_of: AsOf, resume: Resume | None = None) -> Judgement:
    """Return the verdict as of a moment with the status changes that led to it.

    Resuming is right only while nothing known by `resume.through` has been added or withdrawn since.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    finding: Finding | None = None
    changes: list[StatusChange] = []
    current = resume.performance if resume else None
    since = resume.since if resume else None
    knowledge = bench.knowledge()
    days = [day for day in _days(bench, as_of) if resume is None or day > resume.through or day == as_of.day]
    if resume is not None:
        finding = bench.recall(resume.through, resume.performance, resume.version)
    for day in days:
        finding = bench.find(_moment(bench, day, as_of), finding, knowledge=knowledge)
        if finding.performance is not current:
            changes.append(_change(bench, finding, day, current))
            since = day
        current = finding.performance
    assert finding is not None
    return Judgement(bench.verdict(as_of, finding, since), tuple(changes))


def verdict_of(bench: Bench, as_of: AsOf) -> Verdict:
    """Return the verdict as of a moment, the same as that of `judge`.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    past = _Past(bench, _sights(bench, as_of))
    last = len(past.sights) - 1
    finding = first = past.finding(last)
    while last > 0 and past.finding(last - 1).performance is finding.performance:
        last -= 1
        first = past.finding(last)
    return bench.verdict(as_of, finding, first.day)


@dataclass(slots=True)
class _Past:
    """The turning days of a target, each judged when it is asked for."""

    bench: Bench
    sights: list[Sight]
    _found: dict[int, Finding] = field(default_factory=dict)

    def finding(self, number: int) -> Finding:
        """Return the finding on a day: from the last day on that is what it is whatever was before."""
        first = number
        while first not in self._found and not self._stands_alone(first):
            first -= 1
        for one in range(first, number + 1):
            if one not in self._found:
                before = None if self._is_first_of_version(one) else self._found.get(one - 1)
                said = None if before is None else before.performance
                self._found[one] = self.bench.say(self.sights[one], said)
        return self._found[number]

    def _stands_alone(self, number: int) -> bool:
        """Return whether a day's performance does not depend on the one before; what it then is, is kept."""
        if self._is_first_of_version(number):
            return True
        sight = self.sights[number]
        alone = self.bench.say(sight, None)
        if hangs_on_before(alone.rule, sight.gist):
            return False
        self._found[number] = alone
        return True

    def _is_first_of_version(self, number: int) -> bool:
        return number == 0 or self.sights[number - 1].version is not self.sights[number].version


def _sights(bench: Bench, as_of: AsOf) -> list[Sight]:
    knowledge = bench.knowledge()
    sights: list[Sight] = []
    for day in _days(bench, as_of):
        before = sights[-1] if sights else None
        sights.append(bench.see(_moment(bench, day, as_of), before, knowledge=knowledge))
    return sights


def _days(bench: Bench, as_of: AsOf) -> list[date]:
    """Return the turning days, the day asked about among them."""
    days = turning_days(bench, as_of)
    return days if days and days[-1] == as_of.day else [*days, as_of.day]


def _moment(bench: Bench, day: date, as_of: AsOf) -> AsOf:
    return as_of if day == as_of.day else bench.on(day, as_of)


def _change(bench: Bench, finding: Finding, day: date, old: Performance | None) -> StatusChange:
    matter = Matter(
        indicator=bench.indicator,
        version=finding.version,
        goal=finding.goal,
        numbers=finding.numbers,
        performance=finding.performance,
        rule=finding.rule,
        day=day,
    )
    return StatusChange(
        target=bench.target.id,
        version=finding.version.number,
        on=day,
        old=old,
        new=finding.performance,
        rule=finding.rule,
        sentence=sentence(matter),
    )


def turning_days(bench: Bench, as_of: AsOf) -> list[date]:
    """Return the days up to `as_of` on which the performance may have changed, ascending."""
    first = bench.target.versions[0].effective
    days = set(publication_days(bench.readings, bench.indicator.authority, as_of)) | set(_calendar_days(bench))
    return sorted(day for day in days if first <= day <= as_of.day)


def next_turn(bench: Bench, as_of: AsOf, verdict: Verdict) -> date:
    """Return the next day on which the verdict can change without a new reading."""
    days = {*_calendar_days(bench), date(as_of.day.year + 1, 1, 1)}  # New Year's Day: a tile leaves this year unsaid
    if as_of.clock is Clock.PUBLISHED:
        days |= {reading.published_on for reading in bench.readings if reading.published_on is not None}
    if verdict.next_release_due is not None:
        grace = timedelta(days=bench.indicator.release.grace)
        days |= {verdict.next_release_due, verdict.next_release_due + grace + ONE_DAY}
    if verdict.data_state is DataState.LATE:
        days.add(as_of.day + ONE_DAY)
    return min(day for day in days if day > as_of.day)


def _calendar_days(bench: Bench) -> Iterable[date]:
    """Yield start, new versions, the day after each due date, and the day after its grace."""
    release = bench.indicator.release
    for version in bench.target.versions:
        yield version.effective
        yield version.start
        dues = {step.due for step in version.steps} | {version.deadline}
        for due in dues - {None}:
            assert due is not None
            yield due + ONE_DAY
            yield due_on(release, due)
            yield late_after(release, due) + ONE_DAY
