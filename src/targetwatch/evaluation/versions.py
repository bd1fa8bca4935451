"""The versions of a promise: which were in force by a day, and what each changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from targetwatch.evaluation.goal import DOWNWARD, UPWARD, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from targetwatch.model import Baseline, Plan, Step, Target, TargetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """One version beside the one before it (None: the first); `parts` are what differs, by field."""

    version: TargetVersion
    before: TargetVersion | None
    parts: tuple[str, ...]
    easier: bool | None


def until(target: Target, day: date) -> tuple[TargetVersion, ...]:
    """Return the versions in force by a day, oldest first."""
    return tuple(version for version in target.versions if version.effective <= day)


def changes(shown: Sequence[TargetVersion]) -> tuple[VersionChange, ...]:
    """Return each version with what it changed, the latest first."""
    first = [VersionChange(version=one, before=None, parts=(), easier=None) for one in shown[:1]]
    return tuple(reversed([*first, *(changed_from(before, after) for before, after in pairwise(shown))]))


def changed_from(before: TargetVersion, after: TargetVersion) -> VersionChange:
    """Return what a version changed of the one before."""
    return VersionChange(version=after, before=before, parts=different(before, after), easier=easier(before, after))


def announced_with(shown: Sequence[TargetVersion]) -> TargetVersion | None:
    """Return the earlier version that the last one's announcement is of; None where it says what the last one does."""
    last = shown[-1]
    first = next(one for one in shown if one.announcement == last.announcement)
    return first if different(first, last) else None


def different(before: TargetVersion, after: TargetVersion) -> tuple[str, ...]:
    """Return the fields in which two versions of a promise differ: "goal", "deadline", "start" and so on."""
    pairs: tuple[tuple[str, object, object], ...] = (
        ("goal", _goal(before), _goal(after)),
        ("deadline", before.deadline, after.deadline),
        ("start", before.start, after.start),
        ("baseline", _base(before.baseline), _base(after.baseline)),
        ("plan", _plan(before.plan), _plan(after.plan)),
        ("steps", _steps(before.steps), _steps(after.steps)),
    )
    return tuple(name for name, old, new in pairs if old != new)


def easier(before: TargetVersion, after: TargetVersion) -> bool | None:
    """Return whether a version asks for less, or for the same later; None where neither can be said.

    A goal is compared only with one of the same direction.
    """
    old, new = resolve(before), resolve(after)
    if before.deadline != after.deadline and old == new:
        return after.deadline is None or (before.deadline is not None and after.deadline > before.deadline)
    if old.value is None or new.value is None or old.value == new.value:
        return None
    if {old.comparator, new.comparator} <= UPWARD:
        return new.value < old.value
    if {old.comparator, new.comparator} <= DOWNWARD:
        return new.value > old.value
    return None


def _goal(version: TargetVersion) -> tuple[object, ...]:
    goal = version.goal
    return (goal.comparator, goal.value, goal.upper, goal.relative)


def _base(baseline: Baseline | None) -> tuple[object, ...] | None:
    return None if baseline is None else (baseline.value, baseline.period)


def _plan(plan: Plan) -> tuple[object, ...]:
    return (plan.shape, plan.waypoints)


def _steps(steps: Sequence[Step]) -> tuple[tuple[object, ...], ...]:
    return tuple((step.id, step.due) for step in steps)
