"""The judgement: a pure function from what is known to what may be said.

No clock, no I/O, no logging, no database, no prose: the same readings and the same moment give the same verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from targetwatch.evaluation.derived_indicators import derive
from targetwatch.evaluation.judge import (
    Judgement,
    Prepared,
    Resume,
    conclude,
    evaluated,
    figure,
    forecast_together,
    judge,
    next_turn,
    prepare,
    verdicts,
)
from targetwatch.evaluation.measure import Case
from targetwatch.model import AsOf, Indicator, Reading, StatusChange, Target, Verdict

__all__ = [
    "Case",
    "Judgement",
    "Prepared",
    "Resume",
    "conclude",
    "derive",
    "evaluate",
    "figure",
    "forecast_together",
    "judge",
    "next_turn",
    "prepare",
    "timeline",
    "verdicts",
]


def evaluate(target: Target, indicator: Indicator, readings: Sequence[Reading], as_of: AsOf | date) -> Verdict:
    """Return what may be said of `target` as of a moment; a date means the end of that day in UTC.

    `readings` are all vintages of `indicator`, any publisher, any order: what is not known by then on the clock of
    `as_of` is not looked at.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    return evaluated(Case(target, indicator, readings), _moment(as_of))


def timeline(
    target: Target, indicator: Indicator, readings: Sequence[Reading], as_of: AsOf | date
) -> tuple[StatusChange, ...]:
    """Return every status change of `target` up to a moment, oldest first, the first one from nothing.

    Raises:
        NotAnnouncedError: the target did not exist yet.
    """
    return judge(Case(target, indicator, readings), _moment(as_of)).changes


def _moment(as_of: AsOf | date) -> AsOf:
    return as_of if isinstance(as_of, AsOf) else AsOf.end_of(as_of)
