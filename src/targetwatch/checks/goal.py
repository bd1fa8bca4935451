"""Is a promised goal what was meant? A slip is far from the goal before, or beyond all that was published."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation.versions import resolve
from targetwatch.model import Measure
from targetwatch.model.problem import Amount, InWords, Problem, Ratio

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.evaluation.versions import Resolved
    from targetwatch.model import Indicator, Reading, Target, TargetVersion
    from targetwatch.model.problem import Value

FAR = 10
"""So many times the goal before, or a part of it so small, is a slip more often than a change of mind."""
BEYOND = 2
"""So many times the most ever published; the goals of the real promises stay below .9 times that."""


def doubt(target: Target, indicator: Indicator, readings: Iterable[Reading]) -> Problem | None:
    """Return why the last goal of a target should be asked about once more; None where it stood before, not undone.

    Sums are compared with the fastest published period, gone on with for as long as the target runs.
    """
    *earlier, last = target.versions
    goal = resolve(last)
    if indicator.measure is Measure.MILESTONES or goal in _not_undone(earlier):
        return None
    value = goal.value if goal.upper is None else goal.upper
    if value is None:
        change = last.goal.relative
        return None if change is None or abs(change) < FAR else Problem("goal_far_change", {"change": Ratio(change)})
    said: dict[str, Value] = {"goal": Amount(value, indicator.unit), "words": InWords(value)}
    before = resolve(earlier[-1]).value if earlier else None
    if before and (abs(value) >= FAR * abs(before) or abs(value) * FAR <= abs(before)):
        return Problem("goal_far_from_last", {**said, "before": Amount(before, indicator.unit)})
    most = _most(last, indicator, readings)
    if most and abs(value) > BEYOND * most:
        return Problem("goal_beyond_published", {**said, "most": Amount.computed(most, indicator.unit)})
    return None


def _not_undone(versions: Iterable[TargetVersion]) -> list[Resolved]:
    """Return what was promised, without a promise after which the one before it was made again."""
    kept: list[Resolved] = []
    for goal in map(resolve, versions):
        if goal in kept[-2:-1]:
            kept.pop()
        else:
            kept.append(goal)
    return kept


def _most(version: TargetVersion, indicator: Indicator, readings: Iterable[Reading]) -> Decimal:
    """Return the most that has ever been published, of sums as much as that is over the whole window."""
    known = [one for one in readings if one.withdrawn_at is None]
    if indicator.measure is Measure.LEVEL or version.deadline is None:
        return max((abs(one.value) for one in known), default=Decimal(0))
    days = (version.deadline - version.start).days + 1
    return max((abs(one.value) / one.period.days * max(days, one.period.days) for one in known), default=Decimal(0))
