"""Targets judged together by what was read of them: here, or for a leader by a worker, in the same way.

A target whose judgement fails is named, and takes nobody else down.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from targetwatch.evaluation import Case, Prepared, Resume, conclude, forecast_together, next_turn, prepare
from targetwatch.store.lots import TargetResult
from targetwatch.store.verdicts import FoundVerdict
from targetwatch.watch.inputs import Inputs, fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from targetwatch.model import AsOf, Target

log = logging.getLogger(__name__)
AT_ONCE = 500
"""So many targets are forecast together; all of what is measured of them is held until they are judged."""
PACES_KEPT = 24
"""So many of the last paces are kept: as many as can be told apart in a small picture."""
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


def _prepared(inputs: Inputs, target: Target, as_of: AsOf, resume: Resume | None) -> Prepared | TargetResult:
    """Return one target ready to be judged; one not announced yet has no verdict."""
    announced = target.versions[0].effective
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
