"""What of a promise became easier to keep: a lower goal, a later deadline, a step less. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.evaluation.goal import DOWNWARD, UPWARD, resolve
from targetwatch.model import Comparator

if TYPE_CHECKING:
    from datetime import date

    from targetwatch.evaluation.goal import Resolved
    from targetwatch.model import TargetVersion

STRICT = {Comparator.ABOVE: Comparator.AT_LEAST, Comparator.BELOW: Comparator.AT_MOST}


def eased(before: TargetVersion, after: TargetVersion) -> tuple[str, ...]:
    """Return what makes `after` easier to keep than `before`: "goal", "deadline", "steps", "start".

    A goal of another kind ("at most" for "at least") cannot be compared and counts as easier: it has to be explained.
    """
    found = []
    if _goal_is_easier(before, after):
        found.append("goal")
    if _is_later(before.deadline, after.deadline):
        found.append("deadline")
    if _steps_are_easier(before, after):
        found.append("steps")
    if after.start < before.start and resolve(before).upward and not before.steps:
        found.append("start")
    return tuple(found)


def _goal_is_easier(before: TargetVersion, after: TargetVersion) -> bool:
    old, new = resolve(before), resolve(after)
    if old.value is None or new.value is None:
        return _change_is_easier(before, after)
    if old.comparator is Comparator.BETWEEN and new.comparator is Comparator.BETWEEN:
        assert old.upper is not None
        assert new.upper is not None
        return new.value < old.value or new.upper > old.upper
    for side in (UPWARD, DOWNWARD):
        if {old.comparator, new.comparator} <= side:
            return _value_is_easier(old, new, upward=side is UPWARD)
    return old != new


def _value_is_easier(old: Resolved, new: Resolved, *, upward: bool) -> bool:
    if old.value == new.value:
        return STRICT.get(old.comparator) is new.comparator
    assert old.value is not None
    assert new.value is not None
    return (new.value < old.value) is upward


def _change_is_easier(before: TargetVersion, after: TargetVersion) -> bool:
    """Compare two goals of which one at least has no baseline to be resolved with."""
    old, new = before.goal, after.goal
    if old == new:
        return False
    if old.change is None or new.change is None or old.comparator is not new.comparator:
        return True
    return abs(new.change.by) < abs(old.change.by)


def _is_later(before: date | None, after: date | None) -> bool:
    return before is not None and (after is None or after > before)


def _steps_are_easier(before: TargetVersion, after: TargetVersion) -> bool:
    dues = {step.id: step.due or after.deadline for step in after.steps}
    return any(
        step.id not in dues or (step.due is not None and _is_later(step.due, dues[step.id])) for step in before.steps
    )
