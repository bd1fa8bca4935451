"""What the pages and the API ask of a moment: a target, an indicator, its figures, a history; answered once, here.

And of a change that is only typed: which mail it would lead to, and when that would leave.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from targetwatch.errors import NotAnnouncedError, NotFoundError
from targetwatch.evaluation import timeline
from targetwatch.evaluation.series import in_force
from targetwatch.mail import due
from targetwatch.mail.due import leaves_at
from targetwatch.mail.letter import Kind
from targetwatch.model import (
    AsOf,
    Clock,
    Indicator,
    Performance,
    Qualifier,
    Reading,
    Snapshot,
    Source,
    StatusChange,
    Target,
    Text,
    Verdict,
)
from targetwatch.settings import Settings
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web.running import Moment, RunningService

T = TypeVar("T")
IN_FORCE, REVISED, RESTATED, WITHDRAWN = "in_force", "revised", "restated", "withdrawn"
NOT_YET = "not_yet"
NUMBERS = re.compile(r"([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A reading as of a moment.

    `in_force`, `revised` by a later one, `restated` (a rounder repetition, which replaces nothing), or `withdrawn` as
    a mistake of ours; `not_yet` where it is shown although it was not known by then. `revises` says that it took the
    place of another value; `first_seen` that it was recorded on the day it is dated: the source may have given no date.
    """

    reading: Reading
    state: str
    known_on: date | None
    is_authority: bool
    first_seen: bool
    revises: bool = False


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure with the names of its publisher and of the milestone it reports."""

    known: KnownReading
    publisher: Text | None
    step: Text | None = None


def natural(name: str) -> tuple[str | int, ...]:
    """Return what sorts names as people count.

    >>> sorted(["district 10", "District 2"], key=natural)
    ['District 2', 'district 10']
    """
    parts: list[str | int] = [*NUMBERS.split(name.casefold())]
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts)


def target(snapshot: Snapshot, name: str) -> Target:
    """Return one target; NotFoundError where there is none of that name."""
    return _named("target", snapshot.catalogue.targets_by_id, name)


def indicator(snapshot: Snapshot, name: str) -> Indicator:
    """Return one indicator; NotFoundError where there is none of that name."""
    return _named("indicator", snapshot.catalogue.indicators_by_id, name)


def source(snapshot: Snapshot, name: str) -> Source:
    """Return one source; NotFoundError where there is none of that name."""
    return _named("source", {one.id: one for one in snapshot.catalogue.sources}, name)


def verdict(snapshot: Snapshot, name: str) -> Verdict:
    """Return the verdict on one target.

    Raises:
        NotAnnouncedError: it was announced later than the snapshot's day.
        NotFoundError: it could not be judged.
    """
    if name in snapshot.verdicts:
        return snapshot.verdicts[name]
    announced = target(snapshot, name).announced_on
    if announced > snapshot.as_of.day:
        raise NotAnnouncedError("not_announced", target=name, announced=announced, asked=snapshot.as_of.day)
    raise NotFoundError("verdict on target", name)


def history(service: RunningService, moment: Moment, wanted: Target) -> tuple[StatusChange, ...]:
    """Return the status changes up to a moment: as they were said, or judged anew where the clock is not the wall's."""
    if not moment.is_past and not moment.snapshot.simulated:
        kept = service.history_of(wanted.id)
        if kept:
            return kept
    known = moment.snapshot.catalogue.indicators_by_id
    found = known[wanted.indicator]
    return timeline(wanted, found, service.readings_of(found, known), moment.as_of)


def known(service: RunningService, moment: Moment, wanted: Indicator) -> list[KnownReading]:
    """Return every reading known by a moment with its state, by the period described, latest first."""
    return states(
        service.readings_of(wanted, moment.snapshot.catalogue.indicators_by_id), wanted.authority, moment.as_of
    )


def listed(service: RunningService, moment: Moment, wanted: Indicator) -> list[KnownReading]:
    """Return the readings that a page lists: what was undone is told of on the page of the figure alone."""
    found = known(service, moment, wanted)
    gone = [one.reading.id for one in found if one.state == WITHDRAWN and one.reading.id is not None]
    if not gone:
        return found
    with db.reading(service.engine) as session:
        undone = stored.undone(session, gone)
    return [one for one in found if one.state != WITHDRAWN or one.reading.id not in undone]


def named(moment: Moment, known: Sequence[KnownReading]) -> list[NamedFigure]:
    """Return figures with the names of their publishers."""
    publishers = {publisher.id: publisher.title for publisher in moment.snapshot.catalogue.publishers}
    steps = step_titles(moment.snapshot)
    return [
        NamedFigure(one, publishers.get(said.publisher), steps.get((said.indicator, said.step or "")))
        for one in known
        for said in (one.reading,)
    ]


def step_titles(snapshot: Snapshot) -> dict[tuple[str, str], Text]:
    """Return the titles of the milestones by indicator and id; of several versions the last one's."""
    return {
        (target.indicator, step.id): step.title
        for target in snapshot.catalogue.targets
        for version in target.versions
        for step in version.steps
    }


def states(readings: Sequence[Reading], authority: str, as_of: AsOf) -> list[KnownReading]:
    """Return every reading known by a moment with its state, by the period described, latest first."""
    publishers = {reading.publisher for reading in readings}
    current = {row.key: row for publisher in publishers for row in in_force(readings, publisher, as_of)}
    found = []
    for reading in readings:
        day = _known_on(reading, as_of)
        if day is None:
            continue
        seen = reading.recorded_at.astimezone(as_of.moment.tzinfo).date() == reading.published_on
        state = _state(reading, current.get(reading.key), as_of)
        found.append(KnownReading(reading, state, day, reading.publisher == authority, seen))
    replaced = {row.reading.key for row in found if row.state == REVISED}
    found = [replace(row, revises=row.state == IN_FORCE and row.reading.key in replaced) for row in found]
    found.sort(key=lambda row: (row.reading.period.end, row.is_authority, row.known_on or date.min), reverse=True)
    return found


def _named(kind: str, known: Mapping[str, T], name: str) -> T:
    if name not in known:
        raise NotFoundError(kind, name, known)
    return known[name]


def _state(reading: Reading, current: Reading | None, as_of: AsOf) -> str:
    if reading.known_on(as_of) is None:
        return WITHDRAWN
    if reading is current:
        return IN_FORCE
    exact = current is not None and current.qualifier is Qualifier.EXACT
    return RESTATED if exact and reading.qualifier is not Qualifier.EXACT and _later(reading, current) else REVISED


def _later(reading: Reading, current: Reading | None) -> bool:
    if current is None or reading.published_on is None or current.published_on is None:
        return False
    return reading.published_on >= current.published_on


def _known_on(reading: Reading, as_of: AsOf) -> date | None:
    """Return the day a reading came to be known by a moment, one withdrawn since included."""
    if as_of.clock is Clock.PUBLISHED:
        day = reading.published_on
        return day if day is not None and day <= as_of.day else None
    recorded = reading.recorded_at.astimezone(as_of.moment.tzinfo).date()
    return recorded if reading.recorded_at <= as_of.moment else None


@dataclass(frozen=True, slots=True)
class MailToCome:
    """One mail to a target's owner: what it would say (`again`: still), when about."""

    target: Target
    performance: Performance
    at: datetime
    again: bool = False


def mail_to_come(
    target: Target,
    now: Verdict | None,
    then: Verdict | None,
    *,
    known_at: datetime,
    settings: Settings,
    acknowledged: Collection[str] = (),
    new_owner: bool = False,
) -> MailToCome | None:
    """Return the mail that a verdict turning from `now` to `then` at `known_at` leads to; None when there is none.

    Nothing leaves without a mail server, to an owner without an address, or again about a target that is acknowledged.
    """
    if then is None or settings.smtp_url is None or not target.owner.email:
        return None
    kind = due.turn(now, then, known_at.astimezone(settings.zone).date(), new_owner=new_owner)
    if kind is None or (kind is Kind.STILL and target.id in acknowledged):
        return None
    at = leaves_at(known_at, settings).replace(second=0, microsecond=0)
    return MailToCome(target, then.performance, at, again=kind is Kind.STILL)
