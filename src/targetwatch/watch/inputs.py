"""What was read from the database so far: the catalogue in force and the readings of every indicator."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from targetwatch.evaluation import derive
from targetwatch.model import Catalogue, Indicator, Reading, Target
from targetwatch.store import audit, catalogue
from targetwatch.store import readings as stored
from targetwatch.store.catalogue import stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf

log = logging.getLogger(__name__)
FEW = 200
"""The readings of so many indicators are loaded together without a thought."""


def readings_of(session: Session, indicator: Indicator, indicators: Mapping[str, Indicator]) -> tuple[Reading, ...]:
    """Return every vintage of an indicator's readings; a derived one's, and its ingredients', are computed."""
    if indicator.derivation is None:
        return stored.load(session, [indicator.id])[indicator.id]
    names = [name for name in indicator.derivation.of if name in indicators]
    return derive(indicator, {name: readings_of(session, indicators[name], indicators) for name in names}, indicators)


def fault(error: Exception) -> str:
    """Return what went wrong, in one line."""
    return f"{type(error).__name__}: {error}"


@dataclass(slots=True)
class Inputs:
    """The catalogue and the readings as last read; `read` brings them up to date."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    """The derived indicators that could not be computed, with the reason: they have no readings."""
    mark: stored.Mark = field(default_factory=stored.Mark)
    configured: int = -1
    trail: tuple[int, str] = (0, "")
    """The last entry of the audit trail when it was read."""
    recorded_by: datetime | None = None
    """The moment whose versions of targets count; None: those of now."""
    _targets_of: dict[str, list[Target]] = field(default_factory=dict)
    _derived_from: dict[str, list[Indicator]] = field(default_factory=dict)

    def has_news(self, session: Session) -> bool:
        """Return whether the database holds readings, decisions or definitions that were not read yet."""
        return self.is_behind(session) or stored.count_held(session) != self.held

    def is_behind(self, session: Session) -> bool:
        """Return whether there is something to be judged by that was not read yet."""
        return (stored.mark(session), stamp(session)) != (self.mark, self.configured) or self.is_undone(session)

    def is_undone(self, session: Session) -> bool:
        """Return whether the database was put back to before what was read of it."""
        return not audit.holds(session, *self.trail)

    def read(self, session: Session) -> tuple[set[str], set[str]]:
        """Read what is new; return the indicators with other readings, and the ids of what is defined otherwise."""
        changed, redefined = self.look(session)
        self.load(session, changed)
        return changed, redefined

    def look(self, session: Session) -> tuple[set[str], set[str]]:
        """Return what `read` does, without the readings: they have to be loaded before anything is judged."""
        configured = stamp(session)
        changed = set(stored.changed_since(session, self.mark))
        self.mark, self.held, self.trail = stored.mark(session), stored.count_held(session), audit.head(session)
        redefined: set[str] = set()
        if configured != self.configured:
            redefined = self._configure(catalogue.load(session, by=self.recorded_by))
            self.configured = configured
            changed |= redefined & self.indicators.keys()
        changed |= self.failed.keys()
        for name in tuple(changed):
            changed |= self.derivatives(name)
        return changed & self.indicators.keys(), redefined

    def load(self, session: Session, names: Iterable[str]) -> None:
        """Load the readings of some indicators, and compute those of derived ones, each after what it derives from."""
        wanted = set(names)
        for name in tuple(wanted):
            wanted |= self.lacking(self._ingredients(name))
        derived = [self.indicators[name] for name in wanted if self.indicators[name].derivation is not None]
        known = wanted - {indicator.id for indicator in derived}
        self.readings.update(stored.load(session, known) if known else {})
        for indicator in sorted(derived, key=lambda one: self._depth(one.id)):
            self._derive(indicator)

    def reload(self, session: Session, changed: Collection[str]) -> None:
        """Load anew those of some changed indicators that were loaded, or are computed from others."""
        derived = {name for name, one in self.indicators.items() if one.derivation is not None}
        self.load(session, set(changed) & (derived | self.readings.keys()))

    def lacking(self, names: Iterable[str]) -> set[str]:
        """Return those of some indicators whose readings have not been loaded: nothing had to be judged by them."""
        return {name for name in names if name in self.indicators and name not in self.readings}

    def latest(self, session: Session, names: Iterable[str], as_of: AsOf) -> Mapping[str, tuple[Reading, ...]]:
        """Return what the latest figures of some indicators are found by; of many not loaded, that alone is read."""
        lacking = self.lacking(names)
        if len(lacking) <= FEW:
            self.load(session, lacking)
            return self.readings
        last = stored.last_known(session, as_of)
        self.load(session, lacking & stored.withdrawn_of(session))
        return {**last, **self.readings}

    @classmethod
    def of_some(cls, session: Session, targets: Collection[str]) -> Inputs:
        """Return what some targets are judged by, and nothing else."""
        found = cls(configured=stamp(session))
        found._configure(catalogue.load_some(session, targets))
        found.load(session, found.indicators)
        return found

    def copied(self, recorded_by: datetime | None) -> Inputs:
        """Return what was read, for another thread to read on from, with the versions recorded by a moment."""
        copy = replace(self, readings=dict(self.readings), failed=dict(self.failed), recorded_by=recorded_by)
        if recorded_by != self.recorded_by:
            copy.configured = -1
        return copy

    def targets_of(self, indicator: str) -> list[Target]:
        """Return the targets set on an indicator."""
        return self._targets_of.get(indicator, [])

    def derivatives(self, name: str) -> set[str]:
        """Return the ids of the indicators that derive from `name`, and from those in turn."""
        found: set[str] = set()
        for indicator in self._derived_from.get(name, ()):
            found |= {indicator.id, *self.derivatives(indicator.id)}
        return found

    def _configure(self, wanted: Catalogue) -> set[str]:
        """Put another catalogue in force; return the ids of the indicators and targets that are not as they were."""
        before, after = _defined(self.catalogue), _defined(wanted)
        redefined = {key[1] for key, item in after.items() if before.get(key) != item}
        self.catalogue = wanted
        self.indicators = {indicator.id: indicator for indicator in wanted.indicators}
        self._targets_of = {}
        for target in wanted.targets:
            self._targets_of.setdefault(target.indicator, []).append(target)
        self._derived_from = {}
        for indicator in wanted.indicators:
            for part in indicator.derivation.of if indicator.derivation else ():
                self._derived_from.setdefault(part, []).append(indicator)
        self.readings = {name: kept for name, kept in self.readings.items() if name in self.indicators}
        self.failed = {name: why for name, why in self.failed.items() if name in self.indicators}
        return redefined

    def _ingredients(self, name: str) -> set[str]:
        """Return the indicators that one derives from, and those that these derive from in turn."""
        rule = self.indicators[name].derivation if name in self.indicators else None
        found = set() if rule is None else set(rule.of)
        return found.union(*map(self._ingredients, found))

    def _depth(self, name: str) -> int:
        """Return through how many others an indicator derives from measured ones; 0 for one of these."""
        rule = self.indicators[name].derivation if name in self.indicators else None
        return 0 if rule is None else 1 + max(map(self._depth, rule.of))

    def _derive(self, indicator: Indicator) -> None:
        """Compute an indicator's readings; one that cannot be computed is named and has none."""
        self.failed.pop(indicator.id, None)
        try:
            self.readings[indicator.id] = derive(indicator, self.readings, self.indicators)
        except Exception as error:
            log.exception("indicator '%s': could not be derived", indicator.id)
            self.failed[indicator.id] = fault(error)
            self.readings[indicator.id] = ()


def _defined(configured: Catalogue) -> dict[tuple[str, str], Indicator | Target]:
    everything: tuple[Indicator | Target, ...] = (*configured.indicators, *configured.targets)
    return {(type(item).__name__, item.id): item for item in everything}
