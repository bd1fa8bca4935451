"""Is an incoming reading believable? Pure checks against its indicator and the indicator's own past.

A reading that fails one is held with the problem; the last good value stays in force until a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from targetwatch.checks import itself, past
from targetwatch.checks.itself import growth_differs, own_growth, quote_agrees
from targetwatch.checks.past import History
from targetwatch.model import Indicator, Reading
from targetwatch.model.problem import Problem

__all__ = ["History", "check", "check_against", "growth_differs", "own_growth", "quote_agrees"]


def check(reading: Reading, indicator: Indicator, past: Iterable[Reading], *, today: date) -> Problem | None:
    """Return why this reading is to be held; None when nothing speaks against it.

    `past` are the indicator's readings known already, every publisher, vintage and basis; `today` is the current day
    in the configured zone.
    """
    return check_against(reading, indicator, History(past), today=today)


def check_against(reading: Reading, indicator: Indicator, history: History, *, today: date) -> Problem | None:
    """Return what `check` returns, against a past prepared once for many readings."""
    for problem in itself.problems(reading, indicator, today):
        return problem
    return next(past.problems(reading, indicator, history), None)
