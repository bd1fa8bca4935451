"""All verdicts as of one moment: taken from the database, kept current as readings come in, held for every reader.

`Watch` remembers what it has read and judged, so that a further reading costs the judgement of its indicator's targets
and nothing more. A target whose judgement fails is left out and named, and takes nobody else down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from targetwatch import __version__
from targetwatch.evaluation import Bench, Resume, derive, figure, judge, next_turn
from targetwatch.model import (
    AsOf,
    Catalogue,
    Clock,
    Figure,
    Indicator,
    Performance,
    Reading,
    Snapshot,
    StatusChange,
    Target,
    Verdict,
)
from targetwatch.store import catalogue, statuses
from targetwatch.store import readings as stored
from targetwatch.store.catalogue.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)


def take(session: Session, as_of: AsOf, *, taken_at: datetime, simulated: bool = False) -> Snapshot:
    """Return the snapshot as of a moment, writing nothing."""
    return Watch().refresh(session, as_of, taken_at=taken_at, simulated=simulated).snapshot


def readings_of(session: Session, indicator: Indicator, indicators: Mapping[str, Indicator]) -> tuple[Reading, ...]:
    """Return every vintage of an indicator's readings; a derived one's, and its ingredients', are computed."""
    if indicator.derivation is None:
        return stored.load(session, [indicator.id])[indicator.id]
    names = [name for name in indicator.derivation.of if name in indicators]
    return derive(indicator, {name: readings_of(session, indicators[name], indicators) for name in names}, indicators)


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot with the status changes that led to it, and the targets whose verdict is new in it."""

    snapshot: Snapshot
    changes: tuple[StatusChange, ...]
    judged: frozenset[str]


@dataclass(slots=True)
class Watch:
    """What was read and judged so far. Not for two threads at once."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    _turns: dict[str, date | None] = field(default_factory=dict)
    _targets_of: dict[str, list[Target]] = field(default_factory=dict)
    _derived_from: dict[str, list[Indicator]] = field(default_factory=dict)
    _indicators: dict[str, Indicator] = field(default_factory=dict)
    _mark: stored.Mark = field(default_factory=stored.Mark)
    _configured: int = -1
    _held: dict[str, int] = field(default_factory=dict)
    _as_of: AsOf | None = None

    def refresh(
        self,
        session: Session,
        as_of: AsOf,
        *,
        taken_at: datetime,
        simulated: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Taken:
        """Return the snapshot as of a moment, judging anew only what can have changed since the last one.

        The first one builds on the status changes kept by an earlier process, as far as nothing has changed since.
        After an exception of this method a watch has to be thrown away: it may have read what it has not judged.
        """
        changed, redefined = self._read(session)
        anew = self._is_anew(as_of)
        due = self._due(as_of, changed, redefined)
        if anew:
            self.verdicts.clear()
        changes: list[StatusChange] = []
        kept = self._kept(session, as_of) if self._as_of is None else {}
        for number, target in enumerate(due, start=1):
            resume = kept.get(target.id) or self._resume(target, changed | redefined)
            changes.extend(self._judge(target, as_of, resume))
            if progress is not None:
                progress(number, len(due))
        moved = anew or self._as_of is None or self._as_of.day != as_of.day
        for name in self._indicators if moved else changed:
            self._show(name, as_of)
        self._as_of = as_of
        snapshot = Snapshot(
            as_of=as_of,
            taken_at=taken_at,
            catalogue=self.catalogue,
            verdicts=dict(self.verdicts),
            figures=dict(self.figures),
            held=dict(self._held),
            failed=dict(self.failed),
            simulated=simulated,
        )
        return Taken(snapshot, tuple(changes), frozenset(target.id for target in due))

    def has_news(self, session: Session) -> bool:
        """Return whether the database holds readings, decisions or definitions that were not read yet."""
        known = (self._mark, self._configured, self._held)
        return (stored.mark(session), stamp(session), stored.count_held(session)) != known

    def _read(self, session: Session) -> tuple[set[str], set[str]]:
        """Read what is new; return the indicators with other readings, and the ids of what is defined otherwise."""
        configured = stamp(session)
        changed = set(stored.changed_since(session, self._mark))
        mark = stored.mark(session)
        redefined: set[str] = set()
        if configured != self._configured:
            redefined = self._configure(catalogue.load(session))
            self._configured = configured
            changed |= {name for name in self._indicators if name in redefined or name not in self.readings}
        changed |= {name for name in self.failed if self._is_derived_and_known(name)}
        known = [name for name in changed if name in self._indicators and not self._is_derived(name)]
        self.readings.update(stored.load(session, known) if known else {})
        self._mark, self._held = mark, stored.count_held(session)
        for name in list(changed):
            changed |= self._rederive(name)
        return changed & set(self._indicators), redefined

    def _configure(self, wanted: Catalogue) -> set[str]:
        """Put another catalogue in force; return the ids of the indicators and targets that are not as they were."""
        before, after = _defined(self.catalogue), _defined(wanted)
        redefined = {key[1] for key, item in after.items() if before.get(key) != item}
        self.catalogue = wanted
        self._indicators = {indicator.id: indicator for indicator in wanted.indicators}
        self._targets_of = {}
        for target in wanted.targets:
            self._targets_of.setdefault(target.indicator, []).append(target)
        self._derived_from = {}
        for indicator in wanted.indicators:
            for part in indicator.derivation.of if indicator.derivation else ():
                self._derived_from.setdefault(part, []).append(indicator)
        names = {target.id for target in wanted.targets}
        for kept, still in (
            (self.verdicts, names),
            (self._turns, names),
            (self.figures, self._indicators),
            (self.readings, self._indicators),
            (self.failed, names | set(self._indicators)),
        ):
            _forget(kept, still)
        return redefined

    def _is_derived(self, name: str) -> bool:
        return self._indicators[name].derivation is not None

    def _rederive(self, name: str) -> set[str]:
        """Compute anew what derives from `name`, and from that in turn; return those indicators."""
        if self._is_derived_and_known(name):
            self._derive(self._indicators[name])
        found: set[str] = set()
        for indicator in self._derived_from.get(name, ()):
            self._derive(indicator)
            found |= {indicator.id, *self._rederive(indicator.id)}
        return found

    def _is_derived_and_known(self, name: str) -> bool:
        return name in self._indicators and self._is_derived(name)

    def _derive(self, indicator: Indicator) -> None:
        """Compute an indicator's readings; one that cannot be computed is named and has none."""
        self.failed.pop(indicator.id, None)
        try:
            self.readings[indicator.id] = derive(indicator, self.readings, self._indicators)
        except Exception as error:
            log.exception("indicator '%s': could not be derived", indicator.id)
            self.failed[indicator.id] = _fault(error)
            self.readings[indicator.id] = ()

    def _is_anew(self, as_of: AsOf) -> bool:
        """Return whether nothing judged so far can be built on: at first, back in time, on another clock.

        On the recorded clock a reading counts from a moment, not from a day: every moment is judged anew there.
        """
        last = self._as_of
        if last is None or last.clock is not as_of.clock or as_of.day < last.day:
            return True
        return as_of.clock is Clock.RECORDED and as_of.moment != last.moment

    def _due(self, as_of: AsOf, changed: Iterable[str], redefined: set[str]) -> list[Target]:
        if self._is_anew(as_of):
            return list(self.catalogue.targets)
        names = {target.id for indicator in changed for target in self._targets_of.get(indicator, ())} | redefined
        names |= {name for name, turn in self._turns.items() if turn is not None and turn <= as_of.day}
        return [target for target in self.catalogue.targets if target.id in names]

    def horizon(self) -> statuses.Horizon | None:
        """Return how far everything is judged, for a later process to build on; None before the first snapshot."""
        if self._as_of is None:
            return None
        return statuses.Horizon(
            through=self._as_of.day,
            reading=self._mark.reading,
            withdrawal=self._mark.withdrawal,
            configured=self._configured,
            program=__version__,
            apart=frozenset(self.failed),
        )

    def _kept(self, session: Session, as_of: AsOf) -> dict[str, Resume]:
        """Return where an earlier process stopped, for each target nothing about which has changed since."""
        reached = statuses.horizon(session)
        current = (self._configured, __version__)
        if reached is None or (reached.configured, reached.program) != current or as_of.day < reached.through:
            return {}
        if as_of.clock is not Clock.PUBLISHED:
            return {}
        moved = set(stored.changed_since(session, stored.Mark(reached.reading, reached.withdrawal)))
        for name in list(moved):
            moved |= self._derivatives(name)
        still = {target.id: target for target in self.catalogue.targets if target.indicator not in moved}
        for name in reached.apart:
            still.pop(name, None)
        resumed: dict[str, Resume] = {}
        for name, change in statuses.latest(session).items():
            version = still[name].version_on(reached.through) if name in still else None
            if version is not None and change.on <= reached.through:
                resumed[name] = Resume(reached.through, change.new, change.on, version.number)
        return resumed

    def _derivatives(self, name: str) -> set[str]:
        found: set[str] = set()
        for indicator in self._derived_from.get(name, ()):
            found |= {indicator.id, *self._derivatives(indicator.id)}
        return found

    def _resume(self, target: Target, changed: set[str]) -> Resume | None:
        """Return where the last judgement stopped, unless there is more to read than then."""
        verdict = self.verdicts.get(target.id)
        since = None if verdict is None else verdict.performance_since
        if verdict is None or since is None or self._as_of is None or {target.id, target.indicator} & changed:
            return None
        return Resume(self._as_of.day, verdict.performance, since, verdict.version)

    def _judge(self, target: Target, as_of: AsOf, resume: Resume | None) -> Sequence[StatusChange]:
        """Judge one target into `verdicts`; one not announced yet has none, one that fails is retried the next day."""
        self.verdicts.pop(target.id, None)
        self.failed.pop(target.id, None)
        announced = target.versions[0].effective
        if announced > as_of.day:
            self._turns[target.id] = announced
            return ()
        try:
            bench = self._bench(target)
            judgement = judge(bench, as_of, resume)
            self._turns[target.id] = next_turn(bench, as_of, judgement.verdict)
        except Exception as error:
            log.exception("target '%s': could not be judged", target.id)
            self.failed[target.id] = _fault(error)
            self._turns[target.id] = as_of.day + ONE_DAY
            return ()
        self.verdicts[target.id] = judgement.verdict
        return judgement.changes

    def _bench(self, target: Target) -> Bench:
        return Bench(target, self._indicators[target.indicator], self.readings.get(target.indicator, ()))

    def _show(self, name: str, as_of: AsOf) -> None:
        self.figures.pop(name, None)
        try:
            found = figure(self._indicators[name], self.readings.get(name, ()), as_of)
        except Exception as error:
            log.exception("indicator '%s': its latest figure could not be told", name)
            self.failed[name] = _fault(error)
            return
        if not self._is_derived(name) or self.readings.get(name):
            self.failed.pop(name, None)  # what could not be derived has no readings, and stays named
        if found is not None:
            self.figures[name] = found


def _defined(configured: Catalogue) -> dict[tuple[str, str], Indicator | Target]:
    everything: tuple[Indicator | Target, ...] = (*configured.indicators, *configured.targets)
    return {(type(item).__name__, item.id): item for item in everything}


def _forget(kept: dict[str, Any], still: Collection[str]) -> None:
    for gone in [name for name in kept if name not in still]:
        del kept[gone]


def _fault(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def news(kept: Mapping[str, StatusChange], changes: Iterable[StatusChange]) -> tuple[StatusChange, ...]:
    """Return the changes that follow what is kept as each target's last one.

    What was said stays said: a reading that came to light later adds a change, it rewrites none. A history told from
    its beginning (from no performance at all) replaces what was told of its target before.
    """
    by_target: dict[str, list[StatusChange]] = {}
    for change in changes:
        if change.old is None:
            by_target[change.target] = []
        by_target.setdefault(change.target, []).append(change)
    fresh: list[StatusChange] = []
    for target, judged in by_target.items():
        last = kept.get(target)
        if last is None:
            fresh += judged
        elif (last.version, last.new) != (judged[-1].version, judged[-1].new) or judged[-1].on > last.on:
            fresh += [change for change in judged if change.on > last.on] or [judged[-1]]
    return tuple(fresh)


def keep(
    session: Session, changes: Iterable[StatusChange], *, reached: statuses.Horizon | None = None
) -> tuple[StatusChange, ...]:
    """Write the status changes that are news, with how far everything is judged, and return the news."""
    changes = tuple(changes)
    said = statuses.latest(session, {change.target for change in changes})
    fresh = statuses.append(session, news(said, changes))
    if reached is not None:
        said |= {change.target: change for change in fresh}
        judged = {change.target: change for change in changes}
        before = statuses.horizon(session)
        apart = (before.apart if before else frozenset()) - judged.keys()
        apart |= {name for name, change in judged.items() if _place(change) != _place(said[name])}
        statuses.keep_horizon(session, replace(reached, apart=reached.apart | apart))
    return fresh


def _place(change: StatusChange) -> tuple[int, date, Performance]:
    return change.version, change.on, change.new


class SnapshotHolder:
    """The one snapshot everybody reads; replacing it is one attribute swap."""

    def __init__(self) -> None:
        self._current: Snapshot | None = None
        self._listeners: list[Callable[[Snapshot], None]] = []

    @property
    def current(self) -> Snapshot | None:
        """Return the snapshot in force; None before the first."""
        return self._current

    def listen(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with every new snapshot, before it is in force."""
        self._listeners.append(listener)

    def swap(self, snapshot: Snapshot) -> None:
        """Put a new snapshot in force."""
        for listener in self._listeners:
            listener(snapshot)
        self._current = snapshot
