"""Judging shared by processes: the leader puts lots of targets where workers find them, and judges with them.

A worker reads the targets of a lot and what they are judged by in one moment of the database. Of what more is known
then than when the leader looked it judges nothing: the leader does, which still has what it saw. So all verdicts of a
snapshot are of one horizon. With no worker, or one that has died, the leader judges everything.
"""

from __future__ import annotations

import logging
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING

from targetwatch.errors import StoreError
from targetwatch.store import db, lots
from targetwatch.store.readings import Mark, changed_since
from targetwatch.watch.changes import program
from targetwatch.watch.inputs import Inputs
from targetwatch.watch.judging import judge_targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.engine import Engine

    from targetwatch.evaluation import Resume
    from targetwatch.model import AsOf, Target
    from targetwatch.store.lots import TargetResult
    from targetwatch.store.statuses import Horizon

log = logging.getLogger(__name__)
LOT_TARGETS = 100
SHARED_FROM = 400
"""Fewer targets are judged before a worker has read what it needs."""


def post(
    engine: Engine,
    targets: Sequence[Target],
    resumes: Mapping[str, Resume | None],
    *,
    as_of: AsOf,
    horizon: Horizon,
) -> dict[int, Sequence[Target]] | None:
    """Put targets where workers find them, and return the lots by number; None where they are judged here alone.

    `engine` is that of a leader.
    """
    if len(targets) < SHARED_FROM:
        return None
    parts = [targets[start : start + LOT_TARGETS] for start in range(0, len(targets), LOT_TARGETS)]
    asked = [{one.id: resumes[one.id] for one in part} for part in parts]
    try:
        with db.queueing(engine) as connection:
            lots.post(connection, asked, term=_term(engine), as_of=as_of, horizon=horizon)
    except StoreError as error:
        log.warning("%d targets are judged without workers: %s", len(targets), error)
        return None
    return dict(enumerate(parts))


def judge_with_workers(
    engine: Engine,
    posted: dict[int, Sequence[Target]],
    inputs: Inputs,
    as_of: AsOf,
    resumes: Mapping[str, Resume | None],
) -> Iterator[TargetResult]:
    """Give what is found of every target that was put there, by workers or here, in any order."""
    began, by, here, left = monotonic(), Counter[str](), 0, dict(posted)
    while left:
        done, mine = _next(engine, left)
        for number, (worker, judged) in done.items():
            targets = left.pop(number, ())
            known = {one.found.target for one in judged}
            by[worker] += len(known)
            yield from judged
            missing = [target for target in targets if target.id not in known]
            here += len(missing)
            yield from judge_targets(inputs, missing, as_of, resumes)
        if mine is not None:
            here += len(left[mine])
            yield from judge_targets(inputs, left.pop(mine), as_of, resumes)
            _forget(engine, mine)
    seconds = monotonic() - began
    log.info("%d targets judged by %d workers and %d here, in %.1f s", by.total(), len(by), here, seconds)


def judge_lot(engine: Engine, lot: lots.Lot) -> tuple[TargetResult, ...]:
    """Return what is found of the targets of a lot, but for those of which something else is known by now."""
    with db.reading(engine) as session:
        inputs = Inputs.of_some(session, lot.targets)
        if inputs.configured != lot.horizon.configured:
            return ()
        later = set(changed_since(session, Mark(lot.horizon.reading, lot.horizon.withdrawal)))
    for name in tuple(later):
        later |= inputs.derivatives(name)
    targets = [target for target in inputs.catalogue.targets if target.indicator not in later]
    return tuple(judge_targets(inputs, targets, lot.as_of, lot.targets))


def _next(
    engine: Engine, left: Mapping[int, Sequence[Target]]
) -> tuple[dict[int, tuple[str, tuple[TargetResult, ...]]], int | None]:
    """Return what workers have finished, and one of the lots left to judge here, if any is left then.

    Where all are taken it is the last one: whoever has it has not got far, or is not there any more.
    """
    done: dict[int, tuple[str, tuple[TargetResult, ...]]] = {}
    try:
        with db.queueing(engine) as connection:
            done = lots.collect(connection, term=_term(engine))
            taken = lots.take(connection, program=program())
            if taken is not None and taken.number in left:
                return done, taken.number
    except StoreError as error:
        log.warning("what workers have judged cannot be had: %s", error)
    return done, max(left.keys() - done.keys(), default=None)


def _forget(engine: Engine, number: int) -> None:
    """Take a lot judged here away from workers; where that fails one judges it in vain."""
    try:
        with db.queueing(engine) as connection:
            lots.drop(connection, term=_term(engine), number=number)
    except StoreError as error:
        log.debug("a lot stays where it was: %s", error)


def _term(engine: Engine) -> int:
    return int(engine.get_execution_options()[db.TERM])
