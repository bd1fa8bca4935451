"""The ladder of performance: the first rule that fits speaks, and says which it was.

Thresholds are the measured ones of docs/method.md: a target called on track by probability was attained 87 to 98 % of
the time, one called off track 2 to 12 %; a required growth of up to -5 % was attained 76 % of the time, above +10 %
13 %.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from targetwatch.model import Measure, Performance, TargetVersion

if TYPE_CHECKING:
    from targetwatch.evaluation.goal import Resolved
    from targetwatch.evaluation.numbers import Gist, Numbers

ON_TRACK_FROM, OFF_TRACK_BELOW = 0.75, 0.25
ON_TRACK_KEPT_DOWN_TO = 0.70
AT_RISK_HOLDS = (0.20, 0.80)
OFF_TRACK_UP_TO = 0.30
GROWTH_ON_TRACK, GROWTH_OFF_TRACK = -0.05, 0.10
PACE_ON_TRACK, PACE_AT_RISK = 1.0, 0.85
SLACK = 1e-9
SEVERITY = (Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK)


def performance(
    measure: Measure,
    version: TargetVersion,
    *,
    goal: Resolved,
    gist: Gist,
    day: date,
    before: Performance | None,
) -> tuple[Performance, str]:
    """Return the performance of a flow or level target on `day` and the rule that fired.

    `before` is the performance at the publication before, within the same version; it counts only where a probability
    lies inside a hysteresis band.
    """
    value, over = gist.actual_value, version.deadline is not None and day > version.deadline
    if day < version.start:
        return Performance.PENDING, "before_start"
    if measure is Measure.FLOW and value is not None and goal.value is not None:
        if goal.passed_by(value):
            return Performance.MISSED, "cap_passed"
        if goal.upward and goal.upper is None and goal.attained_by(value):
            return Performance.ACHIEVED, "goal_reached"
    if over and (not gist.final or value is None or goal.value is None):
        return Performance.AWAITING_DATA, "awaiting_final_figure"
    if over and value is not None:
        kept = goal.attained_by(value)
        return (Performance.ACHIEVED, "final_reached") if kept else (Performance.MISSED, "final_short")
    if value is None:
        return Performance.PENDING, "nothing_known"
    if goal.value is None:
        return Performance.PENDING, "no_baseline"
    if gist.probability is not None:
        return by_probability(gist.probability, before), "probability"
    if measure is Measure.LEVEL:
        return _by_level(goal, gist.numbers)
    return _by_flow(goal, gist.numbers)


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


def hangs_on_before(rule: str, gist: Gist) -> bool:
    """Return whether what `rule` says depends on the performance before: a probability in a band of hysteresis."""
    if rule != "probability" or gist.probability is None:
        return False
    return len({by_probability(gist.probability, before) for before in (None, *SEVERITY)}) > 1


def _by_flow(goal: Resolved, numbers: Numbers) -> tuple[Performance, str]:
    growth, pace = numbers.required_growth_ratio, numbers.pace_ratio
    if goal.upper is not None:
        return _by_band(goal, numbers)
    if growth is not None:
        return _by_growth(growth, pace, upward=goal.upward), "required_growth"
    if pace is not None:
        return _by_pace(pace, upward=goal.upward), "pace"
    return Performance.PENDING, "no_plan"


def _by_growth(growth: float, pace: float | None, *, upward: bool) -> Performance:
    """Return the performance for the growth that the rest needs (a cap: may have) on last year's rest.

    >>> _by_growth(0.044, 1.2, upward=True), _by_growth(-0.119, None, upward=True), _by_growth(0.3, 0.9, upward=True)
    (<Performance.AT_RISK: 'at_risk'>, <Performance.ON_TRACK: 'on_track'>, <Performance.OFF_TRACK: 'off_track'>)
    """
    needed = growth if upward else -growth
    if needed <= GROWTH_ON_TRACK + SLACK:
        return Performance.ON_TRACK
    on_plan = pace is not None and (pace >= 1 - SLACK if upward else pace <= 1 + SLACK)
    return Performance.AT_RISK if needed <= GROWTH_OFF_TRACK + SLACK or on_plan else Performance.OFF_TRACK


def _by_pace(pace: float, *, upward: bool) -> Performance:
    """Return the performance by the rule of thumb on pace (1: exactly on plan); a cap mirrors it around 1."""
    mirrored = pace if upward else 2 - pace
    if mirrored >= PACE_ON_TRACK - SLACK:
        return Performance.ON_TRACK
    return Performance.AT_RISK if mirrored >= PACE_AT_RISK - SLACK else Performance.OFF_TRACK


def _by_band(goal: Resolved, numbers: Numbers) -> tuple[Performance, str]:
    """Return the worse of two words: too slow endangers the band's bottom, too fast its top."""
    share, value = numbers.expected_progress_ratio, numbers.actual_value
    assert goal.value is not None
    assert goal.upper is not None
    if not share or value is None:
        return Performance.PENDING, "no_plan"
    bottom = Performance.ON_TRACK
    if value < goal.value:
        bottom = _by_pace(float(value / goal.value) / share, upward=True)
    top = _by_pace(float(value / goal.upper) / share, upward=False)
    return max(bottom, top, key=SEVERITY.index), "pace"


def _by_level(goal: Resolved, numbers: Numbers) -> tuple[Performance, str]:
    assert numbers.actual_value is not None
    if goal.attained_by(numbers.actual_value):
        return Performance.ON_TRACK, "goal_met"
    start = numbers.start_value
    if start is not None and goal.attained_by(start):
        return Performance.OFF_TRACK, "goal_lost"
    if start is not None and goal.overshot_by(numbers.actual_value, start):
        return Performance.OFF_TRACK, "band_overshot"
    if numbers.pace_ratio is None:
        return Performance.PENDING, "no_plan"
    return _by_pace(numbers.pace_ratio, upward=True), "pace"
