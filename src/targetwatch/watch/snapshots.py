"""The snapshot: every target judged, and judged again only as far as something can have changed.

`Watch` remembers what it has read and judged, so that a further reading costs the judgement of its indicator's targets
and nothing more. A target whose judgement fails is left out and named, and takes nobody else down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from targetwatch.evaluation import Resume, figure
from targetwatch.model import AsOf, Clock, Figure, Snapshot, StatusChange, Target, Verdict
from targetwatch.store import outbox, statuses, verdicts
from targetwatch.store import readings as stored
from targetwatch.store.catalogue import changed_since, stamp
from targetwatch.store.readings import Mark, in_bulk
from targetwatch.watch import judging
from targetwatch.watch.judging import Inputs, fault, judge_targets, judge_with_workers, post

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date, datetime

    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

    from targetwatch.store.statuses import Horizon
    from targetwatch.store.verdicts import FoundAsOf

log = logging.getLogger(__name__)

Value = TypeVar("Value")


def take(session: Session, as_of: AsOf, *, taken_at: datetime, simulated: bool = False) -> Snapshot:
    """Return the snapshot as of a moment, writing nothing."""
    watch = Watch(Inputs(recorded_by=as_of.recorded_by))
    return watch.refresh(session, as_of, taken_at=taken_at, simulated=simulated).snapshot


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot with the status changes that led to it, and the targets that were judged for it.

    `loaded` are the targets of which another process had found something else since: None when none had judged.
    """

    snapshot: Snapshot
    changes: tuple[StatusChange, ...]
    judged: frozenset[str]
    loaded: frozenset[str] | None = None


@dataclass(slots=True)
class Watch:
    """What was read and judged so far. Not for two threads at once."""

    inputs: Inputs = field(default_factory=Inputs)
    _verdicts: dict[str, Verdict] = field(default_factory=dict)
    _paces: dict[str, tuple[float, ...]] = field(default_factory=dict)
    _figures: dict[str, Figure] = field(default_factory=dict)
    _failed: dict[str, str] = field(default_factory=dict)
    _turns: dict[str, date | None] = field(default_factory=dict)
    _as_of: AsOf | None = None
    number: int = 0
    """That of the horizon everything loaded or kept was found with, or of a later one that is of no use."""

    def refresh(
        self,
        session: Session,
        as_of: AsOf,
        *,
        taken_at: datetime,
        simulated: bool = False,
        progress: Callable[[int, int], None] | None = None,
        led: Engine | None = None,
    ) -> Taken:
        """Return the snapshot as of a moment, judging anew only what can have changed since the last one.

        What another process has judged since, or an earlier one before the first, is loaded. With `led`, the engine of
        a leader, workers judge, too, where there is much. After an exception of this method a watch has to be thrown
        away: it may have read what it has not judged.
        """
        configured, before = self.inputs.configured, self._as_of
        shown, loaded = (set[str](), None) if simulated else self._load(session, as_of)
        changed, redefined = self.inputs.look(session)
        if configured != self.inputs.configured:
            self._forget_the_gone()
        anew = self._is_anew(as_of)
        due = self._due(as_of, changed, redefined)
        if anew:
            self._verdicts.clear()
            self._paces.clear()
        resumes = {one.id: self._resume(one, changed | redefined) for one in due}
        posted = {} if led is None else post(led, due, resumes, as_of, judging.horizon(self.inputs, as_of))
        if led is not None and posted:
            self.inputs.reload(session, changed)  # the others where they are judged
            results = judge_with_workers(led, posted, self.inputs, as_of, resumes, session=session)
        else:
            self.inputs.load(session, changed | self.inputs.lacking(target.indicator for target in due))
            results = judge_targets(self.inputs, due, as_of, resumes)
        changes: dict[str, tuple[StatusChange, ...]] = {}
        for number, judged in enumerate(results, start=1):
            self._take_over(judged.found)
            changes[judged.found.target] = judged.changes
            if progress is not None:
                progress(number, len(due))
        moved = anew or before is None or before.day != as_of.day
        if moved or loaded:
            self._verdicts = {name: _on(as_of.day, said) for name, said in self._verdicts.items()}
        self._show(session, self.inputs.indicators if moved else changed | shown, as_of)
        self._as_of = as_of
        snapshot = Snapshot(
            as_of=as_of,
            taken_at=taken_at,
            catalogue=self.inputs.catalogue,
            verdicts=dict(self._verdicts),
            paces=dict(self._paces),
            figures=dict(self._figures),
            held=dict(self.inputs.held),
            acknowledged=outbox.acknowledgements(session, as_of.day, by=as_of.moment),
            failed=self._failed | self.inputs.failed,
            simulated=simulated,
        )
        ordered = tuple(change for target in due for change in changes[target.id])
        return Taken(snapshot, ordered, frozenset(changes), loaded)

    def build_on(self, session: Session, found: Iterable[FoundAsOf], as_of: AsOf, read: Horizon, *, most: int) -> bool:
        """Take over what was found as of a moment, for `refresh` to judge as of it only what changed since then.

        Return whether that are at most so many targets. What was found is not asked for where they are more.
        """
        self.inputs.read(session)
        mark = Mark(read.reading, read.withdrawal)
        changed = stored.changed_since(session, mark, as_of) | changed_since(session, read.configured)
        # A derived reading counts as recorded with the last of its ingredients: a later one changes what was recorded.
        ingredients = changed | (stored.changed_since(session, mark) if as_of.recorded_by else set())
        changed |= {name for one in ingredients for name in self.inputs.derivatives(one)}
        still = {one.id for one in self.inputs.catalogue.targets if not {one.id, one.indicator} & changed}
        if len(self.inputs.catalogue.targets) - len(still) > most:
            return False
        with in_bulk(large=True):
            taken = list(found)
        for some in taken:
            self._figures |= {one.indicator: one for one in some.figures if one.indicator not in changed}
            for one in some.verdicts:
                if one.target in still:
                    self._take_over(one)
        self._turns = dict.fromkeys(still)
        self._forget_the_gone()
        self._show(session, changed, as_of)
        self._as_of = as_of
        return True

    def has_news(self, session: Session) -> bool:
        """Return whether the database holds readings, decisions or definitions that were not read yet."""
        return self.inputs.has_news(session)

    def is_overtaken(self, session: Session) -> bool:
        """Return whether another process has kept what it judged since this one has loaded or kept anything."""
        reached = statuses.horizon(session)
        return reached is not None and reached.number > self.number

    def horizon(self) -> Horizon | None:
        """Return how far everything is judged, for another process to build on; None before the first snapshot."""
        return None if self._as_of is None else judging.horizon(self.inputs, self._as_of)

    def found(self, names: Iterable[str]) -> Iterator[verdicts.FoundVerdict]:
        """Give what was found of some targets, those among them that are gone left out."""
        for target in self.inputs.catalogue.targets:
            if target.id in names:
                yield verdicts.FoundVerdict(
                    target=target.id,
                    verdict=self._verdicts.get(target.id),
                    paces=self._paces.get(target.id, ()),
                    turn=self._turns.get(target.id),
                    failed=self._failed.get(target.id, ""),
                )

    def _load(self, session: Session, as_of: AsOf) -> tuple[set[str], frozenset[str] | None]:
        """Load what another process has judged that has judged at least as far as this one.

        Return the indicators read anew, and the targets loaded; None for these when there was nothing to load.
        """
        reached, own = statuses.horizon(session), self.horizon()
        if reached is None or reached.number <= self.number or as_of.clock is not Clock.PUBLISHED:
            return set(), None
        is_alike = (reached.configured, reached.program) == (stamp(session), judging.program())
        is_behind = own is not None and not reached.covers(replace(own, configured=reached.configured))
        if not is_alike or is_behind or reached.through > as_of.day:
            self.number = reached.number  # seen, of no use: what is judged here may be kept in its place
            return set(), None
        changed, redefined = self.inputs.look(session)
        self.inputs.reload(session, changed)
        self.inputs.mark = Mark(reached.reading, reached.withdrawal)  # what came later is read again, to be judged
        self._forget_the_gone()
        known = {target.id for target in self.inputs.catalogue.targets}
        with in_bulk(large=self.number == 0):
            found = [one for one in verdicts.load(session, after=self.number) if one.target in known]
        for one in found:
            self._take_over(one)
            if one.failed and own is None:
                self._turns[one.target] = reached.through
        self._as_of, self.number = replace(as_of, day=reached.through), reached.number
        return changed | redefined, frozenset(one.target for one in found)

    def _take_over(self, found: verdicts.FoundVerdict) -> None:
        """Put what was found of a target in place of what was before."""
        for kept in (self._verdicts, self._paces, self._failed):
            kept.pop(found.target, None)
        if found.verdict is not None:
            self._verdicts[found.target], self._paces[found.target] = found.verdict, found.paces
        if found.failed:
            self._failed[found.target] = found.failed
        self._turns[found.target] = found.turn

    def _forget_the_gone(self) -> None:
        targets = {target.id for target in self.inputs.catalogue.targets}
        indicators = self.inputs.indicators.keys()
        self._verdicts = _still(self._verdicts, targets)
        self._paces = _still(self._paces, targets)
        self._turns = _still(self._turns, targets)
        self._figures = _still(self._figures, indicators)
        self._failed = _still(self._failed, targets | indicators)

    def _is_anew(self, as_of: AsOf) -> bool:
        """Return whether nothing judged so far can be built on: at first, back in time, on another clock.

        On the recorded clock a reading counts from a moment, not from a day: every moment is judged anew there.
        """
        last = self._as_of
        if last is None or last.clock is not as_of.clock or as_of.day < last.day:
            return True
        return as_of.clock is Clock.RECORDED and as_of.moment != last.moment

    def _due(self, as_of: AsOf, changed: Iterable[str], redefined: set[str]) -> list[Target]:
        everything = self.inputs.catalogue.targets
        if self._is_anew(as_of):
            return list(everything)
        names = {target.id for indicator in changed for target in self.inputs.targets_of(indicator)} | redefined
        names |= {target.id for target in everything if target.id not in self._turns}
        names |= {name for name, turn in self._turns.items() if turn is not None and turn <= as_of.day}
        return [target for target in everything if target.id in names]

    def _resume(self, target: Target, changed: set[str]) -> Resume | None:
        """Return where the last judgement stopped, unless there is more to read than then."""
        verdict = self._verdicts.get(target.id)
        since = None if verdict is None else verdict.performance_since
        if verdict is None or since is None or self._as_of is None or {target.id, target.indicator} & changed:
            return None
        return Resume(self._as_of.day, verdict.performance, since, verdict.version)

    def _show(self, session: Session, names: Iterable[str], as_of: AsOf) -> None:
        names = [name for name in names if name in self.inputs.indicators]
        readings = self.inputs.latest(session, names, as_of)
        for name in names:
            self._figures.pop(name, None)
            self._failed.pop(name, None)
            try:
                found = figure(self.inputs.indicators[name], readings.get(name, ()), as_of)
            except Exception as error:
                log.exception("indicator '%s': its latest figure could not be found", name)
                self._failed[name] = fault(error)
                continue
            if found is not None:
                self._figures[name] = found


def _on(day: date, said: Verdict) -> Verdict:
    """Return the same verdict said on another day, whose words count the days from there."""
    return said if said.day == day else replace(said, day=day)


def _still(values: dict[str, Value], names: Collection[str]) -> dict[str, Value]:
    return {name: one for name, one in values.items() if name in names}


class SnapshotHolder:
    """The snapshot in force; replacing it is one attribute swap."""

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
