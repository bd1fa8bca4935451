"""A target's history: its performance on every day it may have changed, folded forward.

The days are few (METHOD, property a): publications, the start, new versions, due dates, and the end of grace after
them. Folding forward carries the performance that hysteresis needs, so history and verdict come from one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from targetwatch.evaluation.judge import Bench, Finding
from targetwatch.evaluation.release import due_on, late_after
from targetwatch.evaluation.series import publication_days
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
    days = [day for day in turning_days(bench, as_of) if resume is None or day > resume.through]
    if resume is not None:
        finding = bench.recall(resume.performance, resume.version)
    for day in [*days, as_of.day] if not days or days[-1] != as_of.day else days:
        moment = as_of if day == as_of.day else bench.on(day, as_of)
        finding = bench.find(moment, finding)
        if finding.performance is not current:
            changes.append(_change(bench, finding, day, current))
            since = day
        current = finding.performance
    assert finding is not None
    return Judgement(bench.verdict(as_of, finding, since), tuple(changes))


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


def next_turn(bench: Bench, as_of: AsOf, verdict: Verdict) -> date | None:
    """Return the next day on which the verdict can change without a new reading; None when it never will again."""
    days = set(_calendar_days(bench))
    if as_of.clock is Clock.PUBLISHED:
        days |= {reading.published_on for reading in bench.readings if reading.published_on is not None}
    if verdict.next_release_due is not None:
        grace = timedelta(days=bench.indicator.release.grace_days)
        days |= {verdict.next_release_due, verdict.next_release_due + grace + ONE_DAY}
    if verdict.data_state is DataState.LATE:
        days.add(as_of.day + ONE_DAY)
    return min((day for day in days if day > as_of.day), default=None)


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
