"""What the page of one reading shows: the fact, its vintages, who entered it, what rests on it, its mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import TYPE_CHECKING

from targetwatch.errors import NotFoundError
from targetwatch.model import AsOf, Clock, Measure
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings import Act, acts
from targetwatch.web import lookup, mails
from targetwatch.web.figures.effects import Effect, Trial
from targetwatch.web.lookup import KnownReading, NamedFigure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import Indicator, Reading, Snapshot
    from targetwatch.web.mails import Mail
    from targetwatch.web.running import Moment, RunningService

EVER = date(9999, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """Everything on the page. `row` is the reading; `vintages` are the others of its fact, the latest first.

    `rests` tells for each target how it stands, and how it would without the reading (`then`); nothing rested on what
    was not known by the moment asked about.
    """

    reading: Reading
    row: NamedFigure
    indicator: Indicator
    vintages: tuple[NamedFigure, ...]
    acts: tuple[Act, ...]
    rests: tuple[Effect, ...]
    mails: tuple[Mail, ...]
    as_of: AsOf
    counts_amounts: bool

    @property
    def is_withdrawn(self) -> bool:
        """Return whether it was out of force at the moment asked about."""
        return self.row.known.state == lookup.WITHDRAWN

    @property
    def is_known(self) -> bool:
        """Return whether it was known by the moment asked about."""
        return self.row.known.state != lookup.NOT_YET


def figure_page(service: RunningService, number: int, moment: Moment) -> FigureView:
    """Return the view of one reading as known at a moment.

    Raises:
        NotFoundError: there is none of that number.
    """
    snapshot = moment.snapshot
    with db.reading(service.engine) as session:
        reading = stored.get(session, number)
        done = acts(session, number)
        indicators = lookup.indicators(snapshot)
        if reading.indicator not in indicators:
            raise NotFoundError("indicator", reading.indicator)
        indicator = indicators[reading.indicator]
        past = stored.load(session, [reading.indicator])[reading.indicator]
        known = _as_of(past, snapshot.as_of)
        reading = next(one for one in known if one.id == number)
        same = [one for one in _states(known, reading, indicator.authority, moment) if one.reading.key == reading.key]
        rows = lookup.named(moment, same)
        row = next(row for row in rows if row.known.reading.id == number)
        rests = _rests(session, snapshot, reading, past) if row.known.state != lookup.NOT_YET else ()
    return FigureView(
        reading=reading,
        row=row,
        indicator=indicator,
        vintages=tuple(one for one in rows if one is not row),
        acts=done,
        rests=rests,
        mails=() if moment.is_past else _mails(service, reading, rests),
        as_of=snapshot.as_of,
        counts_amounts=indicator.measure is not Measure.MILESTONES,
    )


def _as_of(past: Iterable[Reading], as_of: AsOf) -> list[Reading]:
    """Return each reading as it stood at a moment: one that was withdrawn and restored is there for each time."""

    def standing(one: Reading) -> tuple[bool, bool, datetime]:
        return one.known_on(as_of) is not None, one.recorded_at <= as_of.moment, one.recorded_at

    found: dict[int | None, Reading] = {}
    for one in sorted(past, key=standing):
        found[one.id] = one
    return list(found.values())


def _rests(session: Session, snapshot: Snapshot, reading: Reading, past: Iterable[Reading]) -> tuple[Effect, ...]:
    """Return the targets that rest on the indicator, each as it stands and as it would without the reading."""
    rest = tuple(one for one in past if one.id != reading.id)
    never = replace(reading, withdrawn_at=reading.recorded_at)
    return Trial(session, snapshot, {reading.indicator: rest}).effects(never)


def _mails(service: RunningService, reading: Reading, rests: tuple[Effect, ...]) -> tuple[Mail, ...]:
    """Return the mails that the reading causes and that have yet to leave."""
    settings, now = service.settings, service.now()
    leaves_at = mails.leaves_at(reading.recorded_at, settings.holiday_calendar)
    if reading.withdrawn_at is not None or leaves_at <= now:
        return ()
    found = (
        mails.mail(one.target, one.then, one.now, known_at=reading.recorded_at, settings=settings) for one in rests
    )
    return tuple(one for one in found if one is not None)


def _states(readings: list[Reading], shown: Reading, authority: str, moment: Moment) -> list[KnownReading]:
    """Return every reading with its state; of the past those known then, and the one that is shown.

    At present one that is not public yet, or undated, has the state that it has on our own clock.
    """
    as_of = moment.as_of
    public = lookup.states(readings, authority, as_of)
    seen = {one.reading.id for one in public}
    if moment.is_past:
        later = KnownReading(shown, lookup.NOT_YET, None, shown.publisher == authority, first_seen=False)
        return public if shown.id in seen else [later, *public]
    ever = AsOf.end_of(EVER, as_of.moment.tzinfo or UTC, Clock.RECORDED)
    recorded = lookup.states(readings, authority, ever)
    return [*(one for one in recorded if one.reading.id not in seen), *public]
