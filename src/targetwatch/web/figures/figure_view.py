"""What the page of one reading shows: the fact, its vintages, who entered it, what rests on it, its mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import TYPE_CHECKING

from targetwatch.errors import NotFoundError
from targetwatch.model import AsOf, Clock, Measure
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings.origin import Act, acts
from targetwatch.web import questions
from targetwatch.web.figures import mails
from targetwatch.web.figures.effects import Effect, Trial
from targetwatch.web.moment import Moment
from targetwatch.web.pages.target_view import Row, rows_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from targetwatch.model import Indicator, Reading
    from targetwatch.web.backstage import Backstage
    from targetwatch.web.figures.mails import Mail
    from targetwatch.web.questions import Known

EVER = date(9999, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """Everything on the page. `row` is the reading; `vintages` are the others of its fact, the latest first.

    `rests` tells for each target how it stands, and how it would without the reading (`then`).
    """

    reading: Reading
    row: Row
    indicator: Indicator
    vintages: tuple[Row, ...]
    acts: tuple[Act, ...]
    rests: tuple[Effect, ...]
    mails: tuple[Mail, ...]
    as_of: AsOf
    counts_amounts: bool

    @property
    def is_withdrawn(self) -> bool:
        """Return whether it is out of force."""
        return self.reading.withdrawn_at is not None


def of(behind: Backstage, number: int) -> FigureView:
    """Return the view of one reading.

    Raises:
        NotFoundError: there is none of that number.
    """
    snapshot = behind.current()
    with db.reading(behind.engine) as session:
        reading = stored.get(session, number)
        done = acts(session, number)
        indicators = questions.indicators(snapshot)
        if reading.indicator not in indicators:
            raise NotFoundError("indicator", reading.indicator)
        indicator = indicators[reading.indicator]
        past = stored.load(session, [reading.indicator])[reading.indicator]
        rests = _rests(session, behind, reading)
    known = {one.id: one for one in past}  # a reading that was restored counts as it stands now
    rows = rows_of(Moment(snapshot, snapshot), _states(list(known.values()), indicator.authority, snapshot.as_of))
    same = [row for row in rows if row.known.reading.key == reading.key]
    return FigureView(
        reading=reading,
        row=next(row for row in same if row.known.reading.id == number),
        indicator=indicator,
        vintages=tuple(row for row in same if row.known.reading.id != number),
        acts=done,
        rests=rests,
        mails=_mails(behind, reading, rests),
        as_of=snapshot.as_of,
        counts_amounts=indicator.measure is not Measure.MILESTONES,
    )


def _rests(session: Session, behind: Backstage, reading: Reading) -> tuple[Effect, ...]:
    """Return the targets that rest on the indicator, each as it stands and as it would without the reading."""
    past = stored.load(session, [reading.indicator])[reading.indicator]
    rest = tuple(one for one in past if one.id != reading.id)
    never = replace(reading, withdrawn_at=reading.recorded_at)
    return Trial(session, behind.current(), {reading.indicator: rest}).effects(never)


def _mails(behind: Backstage, reading: Reading, rests: tuple[Effect, ...]) -> tuple[Mail, ...]:
    """Return the mails that the reading causes and that have yet to leave."""
    settings, now = behind.settings, behind.now()
    leaves_at = mails.leaves_at(reading.recorded_at, settings.holiday_calendar)
    if reading.withdrawn_at is not None or leaves_at <= now:
        return ()
    found = (
        mails.mail(one.target, one.then, one.now, known_at=reading.recorded_at, settings=settings) for one in rests
    )
    return tuple(one for one in found if one is not None)


def _states(readings: list[Reading], authority: str, as_of: AsOf) -> list[Known]:
    """Return every reading with its state; one that is not public yet, or undated, with that on our own clock."""
    public = questions.states(readings, authority, as_of)
    seen = {one.reading.id for one in public}
    ever = AsOf.end_of(EVER, as_of.moment.tzinfo or UTC, Clock.RECORDED)
    recorded = questions.states(readings, authority, ever)
    return [*(one for one in recorded if one.reading.id not in seen), *public]
