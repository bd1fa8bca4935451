"""What a figure would do, told before it is saved: how it is read, what it replaces, which verdicts turn, who hears."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from targetwatch import ingest
from targetwatch.model import Qualifier
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import lookup, mails
from targetwatch.web.figures.effects import Effect, Trial

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.ingest import Recorded
    from targetwatch.model import Indicator, Reading
    from targetwatch.web.mails import Mail
    from targetwatch.web.running import RunningService

ENTERS = frozenset({"new", "revised", "held"})
"""What would count if it is saved, or (held) if it is entered anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A figure as it would be read, and what would follow.

    `corrects` is the one that was typed wrongly, `on_record` the one that says the same already.
    """

    recorded: Recorded
    indicator: Indicator
    corrects: Reading | None = None
    on_record: Reading | None = None
    effects: tuple[Effect, ...] = ()
    mails: tuple[Mail, ...] = ()

    @property
    def replaces(self) -> bool:
        """Return whether it takes the place of what is in force, and is no rounder repetition of it."""
        current, reading = self.recorded.current, self.recorded.reading
        return current is not None and not (
            current.qualifier is Qualifier.EXACT and reading.qualifier is not Qualifier.EXACT
        )

    @property
    def loses_evidence(self) -> bool:
        """Return whether a link or a quote was typed that the figure on record does not have: it is not stored."""
        kept, said = self.on_record, self.recorded.reading
        if kept is None:
            return False
        return bool(
            (said.evidence_url and said.evidence_url != kept.evidence_url) or (said.quote and said.quote != kept.quote)
        )

    @property
    def told(self) -> tuple[Effect, ...]:
        """Return the targets that would be said to stand otherwise, those that turn first."""
        return tuple(sorted((one for one in self.effects if one.is_changed), key=lambda one: not one.is_turned))

    @property
    def untouched(self) -> tuple[Effect, ...]:
        """Return the targets that rest on the indicator and would stay as they are."""
        return tuple(one for one in self.effects if not one.is_changed)


def look(service: RunningService, entry: Mapping[str, str], *, actor: str, corrects: int | None = None) -> Look:
    """Return what would become of an entry; nothing is written.

    Raises:
        NotFoundError: no such indicator.
        RowError: every other fault of the words.
    """
    now = service.now()
    told = ingest.record(
        service.engine, entry, actor=actor, now=now, today=service.today(), dry_run=True, corrects=corrects
    )
    snapshot = service.current()
    indicator = lookup.indicator(snapshot, told.reading.indicator)
    with db.reading(service.engine) as session:
        wrong = stored.get(session, corrects) if corrects is not None else None
        if told.outcome not in ENTERS and told.withdrawn is None:
            return Look(recorded=told, indicator=indicator, on_record=_on_record(session, told))
        trial = trial_without(session, service, told.reading.indicator, corrects)
        effects = trial.effects(told.reading)
    sent = mails_of(service, effects, known_at=now)
    return Look(recorded=told, indicator=indicator, corrects=wrong, effects=effects, mails=sent)


def _on_record(session: Session, told: Recorded) -> Reading | None:
    """Return the reading in force that says the same already."""
    if told.outcome != "known" or told.id is None or told.reason:
        return None
    return stored.get(session, told.id)


def trial_without(session: Session, service: RunningService, indicator: str, number: int | None) -> Trial:
    """Return a trial in which one stored reading has never been."""
    trial = Trial(session, service.current())
    if number is not None:
        gone = [
            replace(one, withdrawn_at=one.recorded_at) if one.id == number else one for one in trial.past(indicator)
        ]
        return Trial(session, service.current(), {indicator: tuple(gone)})
    return trial


def mails_of(service: RunningService, effects: tuple[Effect, ...], *, known_at: datetime) -> tuple[Mail, ...]:
    """Return the mails that verdicts turning at a moment would lead to."""
    found = (mails.mail(one.target, one.now, one.then, known_at=known_at, settings=service.settings) for one in effects)
    return tuple(one for one in found if one is not None)


def home_of(service: RunningService, reading: Reading) -> str:
    """Return the page to see a figure's consequence on: its target's, the one that runs first, else the indicator's."""
    snapshot = service.current()
    known = lookup.indicators(snapshot)
    rests_on = {reading.indicator} | {
        one.id for one in known.values() if one.derivation and reading.indicator in one.derivation.of
    }
    shown = [target for target in snapshot.catalogue.targets if target.id in snapshot.verdicts]
    found = [target for target in shown if target.indicator in rests_on]
    found.sort(key=lambda target: (target.indicator != reading.indicator, _is_over(service, target.id)))
    return f"/targets/{found[0].id}" if found else f"/indicators/{reading.indicator}"


def _is_over(service: RunningService, target: str) -> bool:
    deadline = service.current().verdicts[target].deadline
    return deadline is not None and deadline < service.today()
