"""One reading typed in by a person: read from the words as printed, screened, stored or held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from targetwatch.connectors import FIELDS, RowError, read_row
from targetwatch.errors import UsageError
from targetwatch.ingest.intake import Judged, judge, store
from targetwatch.ingest.settle import Known, problems, settled
from targetwatch.model import Basis, Indicator, Measure, Reading
from targetwatch.quantity import own_spellings
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

    from targetwatch.model import Catalogue

SOURCE = "manual"
DEFAULTS: dict[Measure, dict[str, str]] = {
    Measure.FLOW: {},
    Measure.LEVEL: {"basis": Basis.POINT},
    Measure.MILESTONES: {"basis": Basis.EVENT, "value": "1"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a typed reading: `new`, `revised`, `known`, or `held`; `reason` says what speaks against it.

    `id` is its number (when held, the one it waits under), None when a dry run wrote nothing. `forced` says that it
    counts although `reason` speaks against it; `quote_agrees` is None when the quote names no comparable figure.
    """

    outcome: str
    reading: Reading
    reason: str = ""
    id: int | None = None
    forced: bool = False
    quote_agrees: bool | None = None


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
) -> Recorded:
    """Enter one reading in the words a person typed, by the names of `connectors.FIELDS`, and return what became of it.

    Left empty, the publisher is the indicator's authority, and the basis of a level is point, of a milestone event.
    With `force_note` a suspicious reading counts all the same, and the note is kept. A dry run only says what would
    become of it. NotFoundError for an unknown indicator, RowError with every other fault of the words.
    """
    with db.reading(engine) as session:
        known = Known.of(catalogue or stored_catalogue.load(session))
        reading, indicator = _read(entry, known, now=now, locale=locale)
        same = Past(session, [reading]).known(reading)
        (judged,) = judge(session, [(reading, "")], known.indicators, today=today)
    told = Recorded(outcome="known", reading=reading, quote_agrees=quote_agrees(reading, indicator))
    if same is not None and same.held is not None:
        return _held_before(engine, told, same.held, actor=actor, now=now, force_note="" if dry_run else force_note)
    if same is not None:
        return _stored_before(engine, told, same.id)
    forced = bool(force_note.strip()) and judged.outcome == "held"
    wanted = replace(judged, outcome="new", reading=_overruled(judged, force_note)) if forced else judged
    told = replace(told, outcome=wanted.outcome, reading=wanted.reading, reason=judged.reason, forced=forced)
    if dry_run:
        return told
    with db.writing(engine, actor, reason=force_note, now=now) as session:
        (kept,) = store(session, [wanted], now=now)
    return replace(told, outcome=kept.outcome, id=kept.id)


def _read(entry: Mapping[str, str], known: Known, *, now: datetime, locale: str | None) -> tuple[Reading, Indicator]:
    """Return the reading in its indicator's unit, and the indicator; every fault at once."""
    if unknown := sorted(set(entry) - set(FIELDS)):
        raise UsageError(f"field '{unknown[0]}': is not known, expected one of {', '.join(FIELDS)}")
    indicator = known.indicator(entry.get("indicator", "").strip())
    defaults = {"publisher": indicator.authority, **DEFAULTS[indicator.measure]}
    cells = defaults | {name: text for name, text in entry.items() if text.strip()}
    own_units = own_spellings(indicator.unit, indicator.unit_label.en, indicator.unit_label.zh)
    reading = read_row(cells, source=SOURCE, now=now, locale=locale, own_units=own_units)
    if wrong := problems(reading, known):
        raise RowError(wrong)
    entered = settled(reading, indicator)
    if entered.unit is not None:  # no note can make dollars out of yuan
        raise RowError([f"value: says {entered.unit or 'no unit'}, the indicator counts {indicator.unit}"])
    return entered, indicator


def _held_before(
    engine: Engine, told: Recorded, held_id: int, *, actor: str, now: datetime, force_note: str
) -> Recorded:
    """Return what became of a reading that waits, or was rejected, already; a note lets it count."""
    if force_note.strip():
        with db.writing(engine, actor, reason=force_note, now=now) as session:
            held = _held(session, held_id)
            number = stored.accept(session, held_id, note=force_note, now=now)
        return replace(told, outcome="new", reason=held.reason, id=number, forced=True)
    with db.reading(engine) as session:
        held = _held(session, held_id)
    decided = f" It was rejected by {held.decided_by}: {held.note or 'no reason given'}" if held.decided_by else ""
    return replace(told, outcome="held", reason=held.reason + decided, id=held_id)


def _stored_before(engine: Engine, told: Recorded, reading_id: int) -> Recorded:
    """Return what is stored already; a withdrawn one stays out until it is restored."""
    with db.reading(engine) as session:
        withdrawn = stored.get(session, reading_id).withdrawn_at
    reason = f"The same reading, number {reading_id}, was withdrawn; restore it if it was right." if withdrawn else ""
    return replace(told, id=reading_id, reason=reason)


def _held(session: Session, held_id: int) -> stored.Held:
    return next(held for held in stored.held(session, status=None) if held.id == held_id)


def _overruled(judged: Judged, force_note: str) -> Reading:
    """Return the reading with the note that says why it counts in spite of what speaks against it."""
    note = f"Entered although: {judged.reason} Because: {force_note.strip()}"
    return replace(judged.reading, note=" ".join(part for part in (judged.reading.note, note) if part))
