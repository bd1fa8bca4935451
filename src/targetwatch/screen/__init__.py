"""Is an incoming reading believable? Pure checks against its indicator and the indicator's own past.

A reading that fails one is held with the reason; the last good value stays in force until a person decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.model import Indicator, Reading
from targetwatch.screen import itself, past
from targetwatch.screen.history import History
from targetwatch.screen.itself import quote_agrees

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["History", "quote_agrees", "screen", "screen_against"]


def screen(reading: Reading, indicator: Indicator, past: Iterable[Reading], *, today: date) -> str | None:
    """Return why this reading is to be held, as one sentence with the figures; None when nothing speaks against it.

    `past` are the indicator's readings known already, every publisher, vintage and basis; `today` is the current day
    in the configured zone.
    """
    return screen_against(reading, indicator, History(past), today=today)


def screen_against(reading: Reading, indicator: Indicator, history: History, *, today: date) -> str | None:
    """Return what `screen` returns, against a past prepared once for many readings."""
    for reason in itself.reasons(reading, indicator, today):
        return reason
    return next(past.reasons(reading, indicator, history), None)
