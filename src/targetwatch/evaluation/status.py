"""The thresholds of performance: by probability, by the growth that the rest needs, by pace.

They are the measured ones of docs/method.md: a target called on track by probability was attained 87 to 98 % of the
time, one called off track 2 to 12 %; a required growth of up to -5 % was attained 76 % of the time, above +10 % 13 %.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from targetwatch.model import Performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import StatusChange, Verdict

ON_TRACK_FROM, OFF_TRACK_BELOW = 0.75, 0.25
ON_TRACK_KEPT_DOWN_TO = 0.70
AT_RISK_HOLDS = (0.20, 0.80)
OFF_TRACK_UP_TO = 0.30
GROWTH_ON_TRACK, GROWTH_OFF_TRACK = -0.05, 0.10
PACE_ON_TRACK, PACE_AT_RISK = 1.0, 0.85
SLACK = 1e-9
SEVERITY = (Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK)
DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})
URGENCY = (
    Performance.MISSED,
    Performance.OFF_TRACK,
    Performance.AT_RISK,
    Performance.AWAITING_DATA,
    Performance.ON_TRACK,
    Performance.PENDING,
    Performance.ACHIEVED,
)
"""The worst first, wherever targets stand by urgency: on the walls, in the list, and as the sentence counts them."""
BEHIND_LAGGING = URGENCY.index(Performance.AT_RISK) + 0.1
LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})


def taken_back(changes: Sequence[StatusChange]) -> dict[int, int]:
    """Return which of a target's changes, in the order noticed, no longer count, each with the one that says otherwise.

    Time goes on from one change to the next but where a figure was withdrawn, corrected or came late: then a change is
    noticed of a day that others were of, or came after. One that says a standing change again takes back none before.
    """
    standing, found = list[int](), dict[int, int]()
    for number, change in enumerate(changes):
        while standing and (last := changes[standing[-1]]).on >= change.on:
            if (last.on, last.new) == (change.on, change.new):
                break
            found[standing.pop()] = number
        else:
            standing.append(number)
    return found


def is_done_late(verdict: Verdict) -> bool:
    """Return whether a promise counts as missed though all of its steps are done by now: some were too late."""
    is_done = bool(verdict.steps) and all(state.done_on is not None for state in verdict.steps)
    return is_done and verdict.performance is Performance.MISSED


def place_of(verdict: Verdict) -> float:
    """Return where a verdict stands among URGENCY; what was done late needs nobody, and follows what lags."""
    return BEHIND_LAGGING if is_done_late(verdict) else URGENCY.index(verdict.performance)


def by_probability(probability: float, before: Performance | None) -> Performance:
    """Return the performance for a probability of attaining, 0..1, with hysteresis.

    First verdict: on track from .75, off track below .25. On track is kept down to .70, at risk holds from .20 to
    .80, off track up to .30.
    """
    if probability > AT_RISK_HOLDS[1]:
        return Performance.ON_TRACK
    if probability < AT_RISK_HOLDS[0]:
        return Performance.OFF_TRACK
    if OFF_TRACK_UP_TO < probability < ON_TRACK_KEPT_DOWN_TO:
        return Performance.AT_RISK
    if before is Performance.AT_RISK:
        return Performance.AT_RISK
    if before is Performance.ON_TRACK and probability >= ON_TRACK_KEPT_DOWN_TO:
        return Performance.ON_TRACK
    if before is Performance.OFF_TRACK and probability <= OFF_TRACK_UP_TO:
        return Performance.OFF_TRACK
    if probability >= ON_TRACK_FROM:
        return Performance.ON_TRACK
    return Performance.OFF_TRACK if probability < OFF_TRACK_BELOW else Performance.AT_RISK


def hangs_on_before(probability: float) -> bool:
    """Return whether what a probability says depends on the performance before: it lies in a band of hysteresis."""
    return len({by_probability(probability, before) for before in (None, *SEVERITY)}) > 1


def by_growth(growth: float, pace: float | None, *, upward: bool) -> Performance:
    """Return the performance for the growth that the rest needs (a cap: may have) on last year's rest.

    >>> by_growth(0.044, 1.2, upward=True), by_growth(-0.119, None, upward=True), by_growth(0.3, 0.9, upward=True)
    (<Performance.AT_RISK: 'at_risk'>, <Performance.ON_TRACK: 'on_track'>, <Performance.OFF_TRACK: 'off_track'>)
    """
    needed = growth if upward else -growth
    if needed <= GROWTH_ON_TRACK + SLACK:
        return Performance.ON_TRACK
    on_plan = pace is not None and (pace >= 1 - SLACK if upward else pace <= 1 + SLACK)
    return Performance.AT_RISK if needed <= GROWTH_OFF_TRACK + SLACK or on_plan else Performance.OFF_TRACK


def by_pace(pace: float, *, upward: bool) -> Performance:
    """Return the performance by the rule of thumb on pace (1: exactly on plan); a cap mirrors it around 1."""
    mirrored = pace if upward else 2 - pace
    if mirrored >= PACE_ON_TRACK - SLACK:
        return Performance.ON_TRACK
    return Performance.AT_RISK if mirrored >= PACE_AT_RISK - SLACK else Performance.OFF_TRACK


def by_band(bottom: float | None, top: float, expected: float) -> Performance:
    """Return the worse of two words: too slow endangers a band's bottom, too fast its top.

    `bottom` and `top` are the progress towards each (`bottom` None once that is reached), `expected` the plan's.
    """
    slow = Performance.ON_TRACK if bottom is None else by_pace(bottom / expected, upward=True)
    return max(slow, by_pace(top / expected, upward=False), key=SEVERITY.index)


def urgency(verdict: Verdict, position: int) -> float:
    """Return where a target belongs on a wall: its status counts most, then its odds, its deadline, its name.

    The part before the point is that of the status; what was done late comes to just under 4, where lagging begins.

    >>> from types import SimpleNamespace as said
    >>> missed = said(performance=Performance.MISSED, attainment_probability=None, steps=(), deadline=date.max)
    >>> round(urgency(missed, 1), 6), urgency(missed, 1) > urgency(missed, 2)
    (6.063479, True)
    """
    odds = 1.0 if verdict.attainment_probability is None else verdict.attainment_probability
    deadline = verdict.deadline or date.max
    return len(URGENCY) - 1 - place_of(verdict) + 0.9 - 0.8 * odds - 1e-8 * deadline.toordinal() - 1e-13 * position
