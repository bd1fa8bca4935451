"""What a reading would change: every target it bears on, judged as things are and as they would be with it.

Nothing is written; the verdict as things are is the snapshot's, so it is the one that every page shows. A target that
cannot be judged is marked, as it is left out there, and takes nobody else down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from targetwatch import ingest
from targetwatch.evaluation import derive, evaluate
from targetwatch.model import Indicator, Measure, Qualifier, Reading, Snapshot, Target, TargetVersion, Verdict
from targetwatch.store import db, outbox
from targetwatch.store import readings as stored
from targetwatch.web import lookup
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.ingest import Recorded
    from targetwatch.web.lookup import MailToCome
    from targetwatch.web.running import RunningService

log = logging.getLogger(__name__)
ENTERS = frozenset({"new", "revised", "held"})
"""What would count if it is saved, or (held) if it is entered anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One target, how it stands and how it would stand; None where it could not be judged."""

    target: Target
    indicator: Indicator
    version: TargetVersion
    now: Verdict | None
    then: Verdict | None

    @property
    def is_turned(self) -> bool:
        """Return whether the performance would be another."""
        return self.now is None or self.then is None or self.now.performance is not self.then.performance

    @property
    def is_changed(self) -> bool:
        """Return whether the figure, or what is said of it, would be another."""
        return self.now is None or self.then is None or self._said(self.now) != self._said(self.then)

    def _said(self, verdict: Verdict) -> tuple[object, ...]:
        sentence = words.sentence(verdict, self.indicator, translator(LANGUAGES[0]))
        return (verdict.performance, verdict.actual_value, verdict.data_through, sentence)


@dataclass(slots=True)
class Trial:
    """Readings tried against a snapshot; what was read of an indicator once is not read again."""

    session: Session
    snapshot: Snapshot
    _loaded: dict[str, tuple[Reading, ...]] = field(default_factory=dict)

    def past(self, indicator: str) -> tuple[Reading, ...]:
        """Return every vintage stored of an indicator."""
        if indicator not in self._loaded:
            self._loaded[indicator] = stored.load(self.session, [indicator])[indicator]
        return self._loaded[indicator]

    def effects(self, reading: Reading) -> tuple[Effect, ...]:
        """Return every target announced by now that the reading bears on, directly or through a derived indicator."""
        catalogue = self.snapshot.catalogue
        indicators = self.snapshot.catalogue.indicators_by_id
        moved = _moved(reading.indicator, indicators)
        found = []
        for target in catalogue.targets:
            version = target.version_on(self.snapshot.as_of.day)
            if target.indicator in moved and version is not None:
                found.append(
                    Effect(
                        target=target,
                        indicator=indicators[target.indicator],
                        version=version,
                        now=self.snapshot.verdicts.get(target.id),
                        then=self._judged(target, reading, indicators),
                    )
                )
        return tuple(found)

    def _judged(self, target: Target, reading: Reading, indicators: Mapping[str, Indicator]) -> Verdict | None:
        """Return how a target would stand with a reading; None when it cannot be judged."""
        indicator = indicators[target.indicator]
        try:
            return evaluate(target, indicator, self._with(reading, indicator, indicators), self.snapshot.as_of)
        except Exception:
            log.exception("target '%s': could not be judged with a further reading", target.id)
            return None

    def _with(self, reading: Reading, indicator: Indicator, indicators: Mapping[str, Indicator]) -> tuple[Reading, ...]:
        """Return the readings of an indicator with one more; a derived one's are computed with it."""
        if indicator.derivation is None:
            known = self.past(indicator.id)
            return (*known, reading) if reading.indicator == indicator.id else known
        names = [name for name in indicator.derivation.of if name in indicators]
        parts = {name: self._with(reading, indicators[name], indicators) for name in names}
        return derive(indicator, parts, indicators)


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
    mails: tuple[MailToCome, ...] = ()

    @property
    def replaces(self) -> bool:
        """Return whether it takes the place of what is in force, and is no rounder repetition of it."""
        current, reading = self.recorded.current, self.recorded.reading
        return current is not None and (
            reading.qualifier is Qualifier.EXACT or current.qualifier is not Qualifier.EXACT
        )

    @property
    def lost_evidence(self) -> dict[str, str]:
        """Return the link and the quote typed when the figure on record has not both: they are not stored with it."""
        kept, said = self.on_record, self.recorded.reading
        typed = {"evidence_url": said.evidence_url, "quote": said.quote}
        typed = {name: text for name, text in typed.items() if text}
        return typed if kept is not None and any(getattr(kept, name) != text for name, text in typed.items()) else {}

    @property
    def outside(self) -> list[Effect]:
        """Return the targets on whose page it will not stand among the figures of their time."""
        return [one for one in self.effects if not is_within(self.recorded.reading, one.version, one.indicator)]

    @property
    def told(self) -> list[Effect]:
        """Return the targets that would be said to stand otherwise, those that turn first."""
        return sorted((one for one in self.effects if one.is_changed), key=lambda one: not one.is_turned)


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
        if told.outcome not in ENTERS and told.withdrawn is None:
            is_there = told.outcome == "known" and told.id is not None and not told.reason
            on_record = stored.get(session, told.id or 0) if is_there else None
            return Look(recorded=told, indicator=indicator, on_record=on_record)
        wrong = stored.get(session, corrects) if corrects is not None else None
        past = stored.load(session, [indicator.id])[indicator.id]
        right = tuple(replace(one, withdrawn_at=one.recorded_at) if one.id == corrects else one for one in past)
        effects = Trial(session, snapshot, {indicator.id: right}).effects(told.reading)
    turns = ((one.target, one.now, one.then) for one in effects)
    sent = mails_of(service, turns, known_at=now)
    return Look(recorded=told, indicator=indicator, corrects=wrong, effects=effects, mails=sent)


def mails_of(
    service: RunningService, turns: Iterable[tuple[Target, Verdict | None, Verdict | None]], *, known_at: datetime
) -> tuple[MailToCome, ...]:
    """Return the mails that verdicts turning at a moment lead to, each turn from one to the other."""
    with db.reading(service.engine) as session:
        known = outbox.acknowledgements(session, service.today())
    settings = service.settings
    found = (lookup.mail_to_come(*turn, known_at=known_at, settings=settings, acknowledged=known) for turn in turns)
    return tuple(one for one in found if one is not None)


def home_of(service: RunningService, reading: Reading) -> str:
    """Return the page to see a figure's consequence on: of its targets', the one that runs first, else the indicator's.

    A figure of days before or after a target's time does not stand on its page.
    """
    snapshot = service.current()
    indicators = snapshot.catalogue.indicators_by_id
    rests_on = {reading.indicator} | {
        one.id for one in snapshot.catalogue.indicators if one.derivation and reading.indicator in one.derivation.of
    }
    verdicts, today = snapshot.verdicts, service.today()
    found = [
        one
        for one in snapshot.catalogue.targets
        if one.id in verdicts and one.indicator in rests_on
        if (version := one.version_on(today)) is not None and is_within(reading, version, indicators[one.indicator])
    ]

    def is_over(target: Target) -> bool:
        deadline = verdicts[target.id].deadline
        return deadline is not None and deadline < today

    found.sort(key=lambda target: (target.indicator != reading.indicator, is_over(target)))
    return f"/targets/{found[0].id}" if found else f"/indicators/{reading.indicator}"


def is_within(reading: Reading, version: TargetVersion, indicator: Indicator) -> bool:
    """Return whether a figure is of days between a target's start and deadline; a step belongs to it when too late."""
    end, deadline = reading.period.end, version.deadline
    is_step = indicator.measure is Measure.MILESTONES
    return is_step or (version.start <= end and (deadline is None or end <= deadline))


def _moved(name: str, indicators: Mapping[str, Indicator]) -> set[str]:
    """Return the indicator and all that are computed from it."""
    moved = {name} & indicators.keys()
    while True:
        more = {
            one.id for one in indicators.values() if one.derivation is not None and moved & set(one.derivation.of)
        } - moved
        if not more:
            return moved
        moved |= more
