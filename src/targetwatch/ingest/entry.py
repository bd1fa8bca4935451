"""One reading typed in by a person: read from the words as printed, screened, stored or held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.errors import ConflictError
from targetwatch.ingest.intake import Judged, judge, store
from targetwatch.ingest.settle import Known
from targetwatch.ingest.typed import read_typed
from targetwatch.model import Qualifier, Reading
from targetwatch.screen import quote_agrees
from targetwatch.store import catalogue as stored_catalogue
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings.past import Past

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue, Indicator

HALF_PERCENT = Decimal("0.005")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a typed reading: `new`, `revised`, `known`, `held`, or `rejected` when a person refused it before.

    `reason` says what speaks against it. `id` is its number (held or rejected: the one it has there), None when a dry
    run wrote nothing. `forced` says that it counts although `reason` speaks against it; `quote_agrees` is None when the
    quote names no comparable figure. `current` is what was in force of the same fact, `year_before` of that a year ago.
    `withdrawn` is the wrong reading that a correction takes, or would take, out of force.
    """

    outcome: str
    reading: Reading
    reason: str = ""
    id: int | None = None
    forced: bool = False
    quote_agrees: bool | None = None
    current: Reading | None = None
    year_before: Reading | None = None
    withdrawn: int | None = None

    @property
    def replaces(self) -> Reading | None:
        """Return the reading that this one takes the place of."""
        counts = self.outcome == "revised" or (self.outcome == "new" and self.forced)
        return self.current if counts else None

    @property
    def own_growth(self) -> Decimal | None:
        """Return the growth on our own figure of the year before; None without one."""
        before = self.year_before
        if before is None or before.value <= 0:
            return None
        return self.reading.value / before.value - 1

    @property
    def growth_differs(self) -> bool:
        """Return whether the published growth is another than our own figures give, rounding allowed for."""
        before, said = self.year_before, self.reading.yoy
        if before is None or said is None or before.value - before.rounding <= 0:
            return False
        if {before.qualifier, self.reading.qualifier} != {Qualifier.EXACT}:
            return False
        low = (self.reading.value - self.reading.rounding) / (before.value + before.rounding) - 1
        high = (self.reading.value + self.reading.rounding) / (before.value - before.rounding) - 1
        half_place = HALF_PERCENT.scaleb(min(0, _exponent(said) + 2))
        return not low - half_place <= said <= high + half_place


def record(
    engine: Engine,
    entry: Mapping[str, str],
    *,
    actor: str,
    now: datetime,
    today: date,
    catalogue: Catalogue | None = None,
    force_note: str = "",
    locale: str | None = None,
    dry_run: bool = False,
    corrects: int | None = None,
    reason: str = "",
) -> Recorded:
    """Enter one reading in the words a person typed, by the names of `connectors.FIELDS`, and return what became of it.

    With `force_note` a suspicious reading counts all the same, and the note is kept. With `corrects`, a reading typed
    wrongly is withdrawn for `reason` in the same stroke, and this one judged as if that had never been; where it is
    then known, what was in force before the wrong one is so again, and nothing else is stored. A dry run only says what
    would become of it. NotFoundError for an unknown indicator, RowError with every other fault of the words.
    """
    with db.reading(engine) as session:
        known = Known.of(catalogue or stored_catalogue.load(session))
        reading, indicator = read_typed(entry, known, now=now, today=today, locale=locale)
        wrong = stored.get(session, corrects) if corrects is not None else None
        told = _foreseen(session, reading, indicator, today=today, without=wrong)
    if wrong is not None and wrong.withdrawn_at is not None:
        raise ConflictError(f"reading {corrects}: is withdrawn already, expected one in force")
    force_note = force_note.strip()
    if told.outcome in {"held", "rejected"} and force_note:
        if told.id is not None and not dry_run:
            return _accepted(engine, told, actor=actor, now=now, note=force_note)
        if told.id is None:
            told = replace(told, outcome="new", reading=_overruled(told, force_note), forced=True)
    if wrong is not None and told.outcome != "held":
        told = replace(told, withdrawn=wrong.id)
    if dry_run or (told.id is not None and told.withdrawn is None):
        return told
    with db.writing(engine, actor, reason=force_note or reason, now=now) as session:
        if told.withdrawn is not None:
            stored.withdraw(session, told.withdrawn, reason=reason or "corrected", now=now)
        return told if told.outcome == "known" else _kept(session, told, now=now)


def _foreseen(
    session: Session, reading: Reading, indicator: Indicator, *, today: date, without: Reading | None
) -> Recorded:
    """Return what is to become of a reading; `id` is set when it is kept already, stored or held or rejected."""
    told = Recorded(outcome="known", reading=reading, quote_agrees=quote_agrees(reading, indicator))
    number = None if without is None else without.id
    (one,) = judge(session, [(reading, "")], {indicator.id: indicator}, today=today, anew=True, without=number)
    told = replace(told, current=one.current, year_before=one.year_before)
    same = None if without is not None else Past(session, [reading]).known(reading)
    if same is not None and same.held is None:
        return _stored_before(session, told, same.id)
    if (
        same is not None
        and same.held is not None
        and (same.published_on == reading.published_on or one.outcome == "held")
    ):
        return _held_before(session, told, same.held)
    return replace(told, outcome=one.outcome, reason=one.reason, id=one.id)


def _stored_before(session: Session, told: Recorded, reading_id: int) -> Recorded:
    """Return what is stored already; a withdrawn one stays out until it is restored."""
    withdrawn = stored.get(session, reading_id).withdrawn_at
    reason = f"The same reading, number {reading_id}, was withdrawn; restore it if it was right." if withdrawn else ""
    return replace(told, id=reading_id, reason=reason)


def _held_before(session: Session, told: Recorded, held_id: int) -> Recorded:
    """Return what waits, or was rejected, already."""
    held = stored.get_held(session, held_id)
    if held.status != "rejected":
        return replace(told, outcome="held", reason=held.reason, id=held_id)
    decided = f" It was rejected by {held.decided_by}: {held.note or 'no reason given'}"
    return replace(told, outcome="rejected", reason=held.reason + decided, id=held_id)


def _accepted(engine: Engine, told: Recorded, *, actor: str, now: datetime, note: str) -> Recorded:
    """Let a reading that waits, or was rejected, count."""
    with db.writing(engine, actor, reason=note, now=now) as session:
        number = stored.accept(session, told.id or 0, note=note, now=now)
    return replace(told, outcome="new", id=number, forced=True)


def _kept(session: Session, told: Recorded, *, now: datetime) -> Recorded:
    """Store or hold the reading; one that waits with another publication date is settled by it."""
    waiting = _waiting_like(session, told.reading) if told.outcome != "held" else ()
    wanted = Judged(reading=told.reading, outcome=told.outcome, reason=told.reason)
    (kept,) = store(session, [wanted], now=now, anyway=True)
    if kept.id is None:  # somebody else has held the same at this moment
        same = Past(session, [told.reading]).known(told.reading)
        return replace(told, id=None if same is None else same.held)
    for held in waiting:
        note = f"entered again as reading {kept.id}, published {told.reading.published_on or 'on a day not said'}"
        stored.reject(session, held.id, note=note, now=now)
    return replace(told, outcome=kept.outcome, id=kept.id)


def _waiting_like(session: Session, reading: Reading) -> tuple[stored.Held, ...]:
    """Return what waits and says the same of the same fact, whatever its publication date."""
    return tuple(
        held
        for held in stored.held(session)
        if held.reading.indicator == reading.indicator
        and held.reading.key == reading.key
        and (held.reading.value, held.reading.yoy) == (reading.value, reading.yoy)
    )


def _overruled(told: Recorded, note: str) -> Reading:
    """Return the reading with the note that says why it counts in spite of what speaks against it."""
    said = f"Entered although: {told.reason} Because: {note}"
    return replace(told.reading, note=" ".join(part for part in (told.reading.note, said) if part))


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
