"""A year lived again: which status changes there were, which mails they would have sent, and whether those were right.

A mail that a target lags is right when the target was missed in the end, wrong when it was achieved, and open while
neither is known. The rhythm is that of the alerts: one mail when it begins, one a fortnight while it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from targetwatch.evaluation import timeline
from targetwatch.model import Performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import AsOf, Indicator, Reading, StatusChange, Target

CADENCE_DAYS = 14
LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
DATED = {Performance.ACHIEVED: "achieved", Performance.MISSED: "missed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerMail:
    """One mail to a target's owner. `right` is None where it asserts nothing about the outcome, or that is open."""

    target: str
    on: date
    says: str
    reminder: bool = False
    right: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A target's year: its status changes, its mails, and what became of it as known today."""

    target: str
    outcome: Performance
    changes: tuple[StatusChange, ...]
    mails: tuple[OwnerMail, ...]
    flips: int
    """How often a status was returned to after having been left."""


def replay(
    target: Target, indicator: Indicator, readings: Sequence[Reading], *, year: int, today: AsOf
) -> Replay | None:
    """Return a target's `year` as it was known day by day; None when it did not exist by its end (or by `today`)."""
    if target.versions[0].effective > min(today.day, date(year, 12, 31)):
        return None
    every = timeline(target, indicator, readings, today)
    outcome = every[-1].new
    first, last = date(year, 1, 1), min(date(year, 12, 31), today.day)
    within = tuple(change for change in every if first <= change.on <= last)
    mails = tuple(mail for mail in _mails(every, outcome, today.day) if first <= mail.on <= last)
    return Replay(target=target.id, outcome=outcome, changes=within, mails=mails, flips=_flips(within))


def _mails(changes: Sequence[StatusChange], outcome: Performance, today: date) -> list[OwnerMail]:
    mails: list[OwnerMail] = []
    lagged = False
    for number, change in enumerate(changes):
        until = changes[number + 1].on if number + 1 < len(changes) else today + timedelta(days=1)
        if change.new in LAGGING:
            right = {Performance.MISSED: True, Performance.ACHIEVED: False}.get(outcome)
            day = change.on
            while day < until:
                reminder = day != change.on
                mails.append(
                    OwnerMail(target=change.target, on=day, says=change.new.value, reminder=reminder, right=right)
                )
                day += timedelta(days=CADENCE_DAYS)
        elif change.new is Performance.ON_TRACK and lagged:
            mails.append(OwnerMail(target=change.target, on=change.on, says="back on track"))
        elif change.new in DATED:
            mails.append(OwnerMail(target=change.target, on=change.on, says=DATED[change.new]))
        lagged = change.new in LAGGING
    return mails


def _flips(changes: Sequence[StatusChange]) -> int:
    seen: set[Performance] = set()
    flips = 0
    for change in changes:
        flips += change.new in seen
        seen.add(change.new)
    return flips
