"""What a reading would change: every target it bears on, judged as things are and as they would be with it.

Nothing is written; the verdict as things are is the snapshot's, so it is the one that every page shows. A target that
cannot be judged is marked, as it is left out there, and takes nobody else down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from targetwatch.evaluation import derive, evaluate
from targetwatch.store import readings as stored
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from targetwatch.model import Indicator, Reading, Snapshot, Target, TargetVersion, Verdict

log = logging.getLogger(__name__)


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
        indicators = {indicator.id: indicator for indicator in catalogue.indicators}
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
