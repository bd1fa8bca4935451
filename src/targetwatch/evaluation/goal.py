"""The promise in numbers: what counts as attained, and what a relative goal amounts to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from targetwatch.model import Comparator, TargetVersion, Verdict

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
