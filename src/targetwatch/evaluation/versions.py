"""The versions of a promise: the goal of each in numbers, which were in force by a day, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from targetwatch.model import Baseline, Comparator, EarlierGoal, Plan, Step, Target, TargetVersion, Verdict

UPWARD = frozenset({Comparator.ABOVE, Comparator.AT_LEAST})
DOWNWARD = frozenset({Comparator.BELOW, Comparator.AT_MOST})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A goal in the indicator's unit; `value` is None while a relative goal has no baseline."""

    comparator: Comparator
    value: Decimal | None
    upper: Decimal | None = None

    @property
    def upward(self) -> bool:
        """Return whether more is better (a band is approached from below)."""
        return self.comparator not in DOWNWARD

    def attained_by(self, value: Decimal) -> bool:
        """Return whether `value` keeps the promise; `above` and `below` are strict.

        >>> Resolved(Comparator.ABOVE, Decimal(270000)).attained_by(Decimal(270000))
        False
        """
        if self.value is None:
            return False
        match self.comparator:
            case Comparator.ABOVE:
                return value > self.value
            case Comparator.BELOW:
                return value < self.value
            case Comparator.AT_MOST:
                return value <= self.value
            case Comparator.BETWEEN:
                assert self.upper is not None
                return self.value <= value <= self.upper
            case _:
                return value >= self.value

    def bound(self, value: Decimal) -> Decimal | None:
        """Return the bound still to come to from `value`: of a band the top once its bottom is reached."""
        is_inside = self.upper is not None and self.value is not None and value >= self.value
        return self.upper if is_inside else self.value

    def overshot_by(self, value: Decimal, start: Decimal) -> bool:
        """Return whether a level that came from `start` has gone through a band and out on its far side."""
        if self.comparator is not Comparator.BETWEEN or self.value is None or self.upper is None:
            return False
        return (start < self.value and value > self.upper) or (start > self.upper and value < self.value)

    def passed_by(self, value: Decimal) -> bool:
        """Return whether a total that can only grow has broken the promise already (a cap, or a band's top)."""
        if self.comparator is Comparator.BETWEEN:
            return self.upper is not None and value > self.upper
        return self.comparator in DOWNWARD and self.value is not None and not self.attained_by(value)


def resolve(version: TargetVersion) -> Resolved:
    """Return the version's goal in the unit: a change of -60 % on a baseline of 250 is at most 100."""
    goal = version.goal
    if goal.change is None:
        return Resolved(goal.comparator, goal.value, goal.upper)
    value = None if version.baseline is None else version.baseline.value * (1 + goal.change.by)
    return Resolved(goal.comparator, value)


def goal_of(verdict: Verdict) -> Resolved:
    """Return the goal that a verdict was found for."""
    return Resolved(verdict.comparator, verdict.goal_value, verdict.goal_upper)


def goal_before(target: Target, version: TargetVersion) -> EarlierGoal | None:
    """Return the goal that the one of `version` replaced, by it or a version before it; None where it is the first.

    What was undone, or replaced on its own day, does not count. None too while either goal has no value.
    """
    in_force = {one.effective: resolve(one) for one in target.versions if one.number <= version.number}
    kept: dict[date, Resolved] = {}
    for day, goal in in_force.items():
        if goal in kept.values():
            while list(kept.values())[-1] != goal:
                kept.popitem()
        else:
            kept[day] = goal
    if len(kept) == 1:
        return None
    (_, old), (day, new) = list(kept.items())[-2:]
    if old.value is None or new.value is None:
        return None
    return EarlierGoal(comparator=old.comparator, value=old.value, upper=old.upper, replaced_on=day)


STRICT = {Comparator.ABOVE: Comparator.AT_LEAST, Comparator.BELOW: Comparator.AT_MOST}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """One version beside the one before it (None: the first); `parts` are what differs, by field.

    `mistaken`: it was replaced on its own day and counted on none; `undoes`: it only takes such a one back.
    """

    version: TargetVersion
    before: TargetVersion | None
    parts: tuple[str, ...] = ()
    easier: bool | None = None
    mistaken: bool = False
    undoes: bool = False


def until(target: Target, day: date) -> tuple[TargetVersion, ...]:
    """Return the versions in force by a day, oldest first."""
    return tuple(version for version in target.versions if version.effective <= day)


def changes(shown: Sequence[TargetVersion]) -> tuple[VersionChange, ...]:
    """Return each version with what it changed of the one that counted before, the latest first."""
    counted, found = standing(shown), list[VersionChange]()
    for one in shown:
        earlier = [other for other in counted if other.number < one.number]
        if one in counted:
            found.insert(0, changed_from(earlier[-1], one) if earlier else VersionChange(version=one, before=None))
            continue
        undoes, before = any(_is_alike(other, one) for other in earlier), earlier[-1] if earlier else None
        found.insert(0, VersionChange(version=one, before=before, mistaken=not undoes, undoes=undoes))
    return tuple(found)


def standing(shown: Sequence[TargetVersion]) -> tuple[TargetVersion, ...]:
    """Return the versions that made a difference on some day, oldest first.

    Neither what was replaced on its own day, nor what only took that back.
    """
    found: list[TargetVersion] = []
    for _day, group in groupby(shown, key=lambda one: one.effective):
        some = list(group)
        alike = [one for one in (*found[-1:], *some) if _is_alike(one, some[-1])] if len(some) > 1 else some
        if alike[0] not in found:
            found.append(alike[0])
    return tuple(found)


def may_be_undone(versions: Sequence[TargetVersion]) -> bool:
    """Return whether there is a last version to undo: neither the first, nor one that only took back another."""
    return len(versions) > 1 and not any(_is_alike(one, versions[-1]) for one in versions[-3:-2])


def _is_alike(one: TargetVersion, other: TargetVersion) -> bool:
    return one.announcement == other.announcement and not different(one, other)


def changed_from(before: TargetVersion, after: TargetVersion) -> VersionChange:
    """Return what a version changed of the one before."""
    return VersionChange(version=after, before=before, parts=different(before, after), easier=easier(before, after))


def announced_with(shown: Sequence[TargetVersion]) -> TargetVersion | None:
    """Return the earlier version that the last one's announcement is of; None where it says what the last one does."""
    last = shown[-1]
    first = next(one for one in shown if one.announcement == last.announcement)
    return first if different(first, last) else None


def announced_before(before: TargetVersion, after: TargetVersion) -> bool:
    """Return whether a changed goal still stands on the announcement of the one before."""
    return after.announcement == before.announcement and resolve(after) != resolve(before)


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


def _goal(version: TargetVersion) -> tuple[object, ...]:
    goal = version.goal
    return (goal.comparator, goal.value, goal.upper, goal.relative)


def _base(baseline: Baseline | None) -> tuple[object, ...] | None:
    return None if baseline is None else (baseline.value, baseline.period)


def _plan(plan: Plan) -> tuple[object, ...]:
    return (plan.shape, plan.waypoints)


def _steps(steps: Sequence[Step]) -> tuple[tuple[object, ...], ...]:
    return tuple((step.id, step.due) for step in steps)


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
