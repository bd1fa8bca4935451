"""Targets judged together by what was read of them: here, or for a leader by workers, in the same way.

What is found is kept with the changes of status that are news, and with how far everything was judged.
A target whose judgement fails is named, and takes nobody else down.

A leader puts lots of targets where workers find them, and judges with them. A worker reads what the targets of a lot
are judged by in one moment of the database. What has become other since the leader looked it leaves to the leader,
which still has what it saw, in its `Inputs`: so all verdicts of a snapshot are of one horizon. Without workers the
leader judges all.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from targetwatch import __version__, evaluation
from targetwatch.errors import StoreError
from targetwatch.evaluation import Case, Prepared, Resume, conclude, derive, forecast_together, next_turn, prepare
from targetwatch.model import Catalogue, Indicator, Reading, Target
from targetwatch.store import audit, catalogue, db, lots, statuses, verdicts
from targetwatch.store import readings as stored
from targetwatch.store.catalogue import stamp
from targetwatch.store.lots import LotQuestion, TargetResult
from targetwatch.store.readings import Mark, changed_since
from targetwatch.store.verdicts import FoundVerdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf, StatusChange
    from targetwatch.store.statuses import Horizon

log = logging.getLogger(__name__)
AT_ONCE = 500
"""So many targets are forecast together; all of what is measured of them is held until they are judged."""
PACES_KEPT = 24
"""So many of the last paces are kept: as many as can be told apart in a small picture."""
LOT_TARGETS = 50
LOOKS_EVERY_SECONDS = 0.05
SHARED_FROM = 400
"""Fewer targets are judged before a worker has read what it needs."""
ONE_DAY = timedelta(days=1)
FEW = 200
"""The readings of so many indicators are loaded together without a thought."""


def judge_targets(
    inputs: Inputs, targets: Sequence[Target], as_of: AsOf, resumes: Mapping[str, Resume | None]
) -> Iterator[TargetResult]:
    """Give what is found of each target, in the order given."""
    for start in range(0, len(targets), AT_ONCE):
        together = targets[start : start + AT_ONCE]
        prepared = [_prepared(inputs, target, as_of, resumes[target.id]) for target in together]
        try:
            forecast_together(one for one in prepared if isinstance(one, Prepared))
        except Exception:
            log.exception("%s targets could not be forecast together, each is alone", len(together))
        for target, one in zip(together, prepared, strict=True):
            yield one if isinstance(one, TargetResult) else _concluded(inputs, target, as_of, one)


def post(
    led: Engine, targets: Sequence[Target], resumes: Mapping[str, Resume | None], as_of: AsOf, horizon: Horizon
) -> dict[int, Sequence[Target]]:
    """Put targets where workers find them, and return the lots by number; none where they are judged here alone."""
    if len(targets) < SHARED_FROM:
        return {}
    parts = [targets[start : start + LOT_TARGETS] for start in range(0, len(targets), LOT_TARGETS)]
    moment, zone = as_of.moment.astimezone(UTC), str(as_of.moment.tzinfo)
    try:
        with db.queueing(led) as connection:
            asked = (LotQuestion(moment, zone, horizon, {one.id: resumes[one.id] for one in part}) for part in parts)
            lots.post(connection, asked)
    except StoreError as error:
        log.warning("%d targets are judged without workers: %s", len(targets), error)
        return {}
    return dict(enumerate(parts))


def judge_with_workers(
    led: Engine,
    left: dict[int, Sequence[Target]],
    inputs: Inputs,
    as_of: AsOf,
    resumes: Mapping[str, Resume | None],
    *,
    session: Session,
) -> Iterator[TargetResult]:
    """Give what is found of every target of the lots left, by workers or here, in any order."""
    began, by, here = monotonic(), Counter[str](), 0
    while left:
        done, mine = _next(led, left)
        missing: list[Target] = []
        for number, (worker, results) in done.items():
            known = {one.found.target for one in results}
            missing += [target for target in left.pop(number, ()) if target.id not in known]
            by[worker] += len(known)
            yield from results
        missing += [] if mine is None else left.pop(mine, ())
        if not done and not missing:
            sleep(LOOKS_EVERY_SECONDS)
        here += len(missing)
        inputs.load(session, inputs.lacking(target.indicator for target in missing))
        yield from judge_targets(inputs, missing, as_of, resumes)
    seconds = monotonic() - began
    log.info("%d targets judged by %d workers and %d here, in %.1f s", by.total(), len(by), here, seconds)


def _next(
    led: Engine, left: Mapping[int, Sequence[Target]]
) -> tuple[dict[int, tuple[str, tuple[TargetResult, ...]]], int | None]:
    """Return what workers have finished, and a lot that is to be judged here; None while workers have all of them."""
    try:
        with db.queueing(led) as connection:
            done, mine = lots.collect(connection), lots.take_out(connection)
            lost = mine is None and not lots.count(connection)
        return done, max(left.keys() - done.keys(), default=None) if lost else mine
    except StoreError as error:
        log.warning("what workers have judged cannot be had: %s", error)
        return {}, max(left)


def judge_lot(engine: Engine, asked: LotQuestion) -> tuple[TargetResult, ...]:
    """Return what a worker finds of the targets of a lot, but for those of which something else is known by now."""
    with db.reading(engine) as session:
        inputs = Inputs.of_some(session, asked.targets)
        if inputs.configured != asked.horizon.configured:
            return ()
        later = set(changed_since(session, Mark(asked.horizon.reading, asked.horizon.withdrawal)))
    for name in tuple(later):
        later |= inputs.derivatives(name)
    targets = [target for target in inputs.catalogue.targets if target.indicator not in later]
    return tuple(judge_targets(inputs, targets, asked.as_of, asked.targets))


def _prepared(inputs: Inputs, target: Target, as_of: AsOf, resume: Resume | None) -> Prepared | TargetResult:
    """Return one target ready to be judged; one not announced yet has no verdict."""
    announced = target.announced_on
    if announced > as_of.day:
        return TargetResult(FoundVerdict(target=target.id, turn=announced))
    try:
        return prepare(_case(inputs, target), as_of, resume)
    except Exception as error:  # noqa: BLE001 - named, whatever it is
        return _failed(target, as_of, error)


def _concluded(inputs: Inputs, target: Target, as_of: AsOf, prepared: Prepared) -> TargetResult:
    try:
        judgement, paces = conclude(prepared), prepared.paces()
        turn = next_turn(_case(inputs, target), as_of, judgement.verdict)
    except Exception as error:  # noqa: BLE001 - named, whatever it is
        return _failed(target, as_of, error)
    found = FoundVerdict(target=target.id, verdict=judgement.verdict, paces=tuple(paces[-PACES_KEPT:]), turn=turn)
    return TargetResult(found, tuple(judgement.changes))


def _failed(target: Target, as_of: AsOf, error: Exception) -> TargetResult:
    """Name a target that could not be judged; it is tried again the next day."""
    log.error("target '%s': could not be judged", target.id, exc_info=error)
    return TargetResult(FoundVerdict(target=target.id, turn=as_of.day + ONE_DAY, failed=fault(error)))


def _case(inputs: Inputs, target: Target) -> Case:
    return Case(target, inputs.indicators[target.indicator], inputs.readings.get(target.indicator, ()))


def news(kept: Mapping[str, StatusChange], changes: Iterable[StatusChange]) -> tuple[StatusChange, ...]:
    """Return the changes that follow what is kept as each target's last one.

    What was called stays called: a reading that came to light later adds a change, it rewrites none. A history from its
    beginning (from no performance at all) replaces what was given of its target before.
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
    session: Session,
    changes: Iterable[StatusChange],
    *,
    reached: statuses.Horizon | None = None,
    found: Iterable[verdicts.FoundVerdict] = (),
) -> tuple[tuple[StatusChange, ...], int]:
    """Write the status changes that are news, with what was found and how far everything is judged.

    Return the news, and the number of the horizon (0 without one).
    """
    changes = tuple(changes)
    last = statuses.latest(session, {change.target for change in changes})
    fresh = statuses.append(session, news(last, changes))
    if reached is None:
        return fresh, 0
    number = statuses.keep_horizon(session, reached)
    verdicts.keep(session, found, number=number)
    return fresh, number


def horizon(inputs: Inputs, as_of: AsOf) -> statuses.Horizon:
    """Return how far everything is judged."""
    return statuses.Horizon(
        through=as_of.day,
        reading=inputs.mark.reading,
        withdrawal=inputs.mark.withdrawal,
        configured=inputs.configured,
        program=program(),
    )


@cache
def program() -> str:
    """Return what judges: the version, and a digest of the judgement, which a checkout changes under one version."""
    code = b"".join(file.read_bytes() for file in sorted(Path(evaluation.__file__).parent.rglob("*.py")))
    return f"{__version__} {sha256(code).hexdigest()[:12]}"


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
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
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
        self.indicators = wanted.indicators_by_id
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
