"""Targets judged together by what was read of them: here, or for a leader by workers, in the same way.

What is found is kept with the changes of status that are news, and with how far everything was judged.
A target whose judgement fails is named, and takes nobody else down.

A leader puts lots of targets where workers find them, and judges with them. A worker reads what the targets of a lot
are judged by in one moment of the database. What has become other since the leader looked it leaves to the leader,
which still has what it saw: so all verdicts of a snapshot are of one horizon. Without workers the leader judges all.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from targetwatch import __version__, evaluation
from targetwatch.errors import StoreError
from targetwatch.evaluation import Case, Prepared, Resume, conclude, forecast_together, next_turn, prepare
from targetwatch.store import db, lots, statuses, verdicts
from targetwatch.store.lots import LotQuestion, TargetResult
from targetwatch.store.readings import Mark, changed_since
from targetwatch.store.verdicts import FoundVerdict
from targetwatch.watch.inputs import Inputs, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf, StatusChange, Target
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
