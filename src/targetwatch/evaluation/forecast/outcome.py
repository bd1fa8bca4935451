"""From a distribution of the total to what is said of a goal: probability, interval, members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.model import Comparator, Forecast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.evaluation.forecast.mixture import Predictive


INTERVAL = np.array([0.1, 0.5, 0.9])
MEDIAN = np.array([0.5])
NEVER_CERTAIN = 1e-6
SAME = 1e-12
HALF = 0.5
LARGEST = float(np.finfo(float).max)


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal in the unit the distribution speaks in; `upper` closes a band.

    `grows`: a total that can only grow; `whole`: one that is always a whole number.
    """

    comparator: Comparator
    goal: float
    upper: float | None = None
    grows: bool = True
    whole: bool = False

    def scaled(self, unit: float) -> Aim:
        """Return the same aim counted in `unit`."""
        upper = None if self.upper is None else finite(self.upper / unit)
        return replace(self, goal=finite(self.goal / unit), upper=upper)

    def counted(self) -> Aim:
        """Return the same aim of a total that is always a whole number."""
        return replace(self, whole=True)

    def ends(self) -> tuple[float, float]:
        """Return both totals whose exceeding is asked: the goal, and the end of a band (else the goal again).

        Of whole numbers "at least 10" is "more than 9.5".
        """
        at_least = self.whole and self.comparator in {Comparator.AT_LEAST, Comparator.BELOW, Comparator.BETWEEN}
        return self.goal - (HALF if at_least else 0.0), self.goal if self.upper is None else self.upper

    def chance(self, over_goal: float, over_upper: float, known: float) -> float:
        """Return the chance of attaining; exactly 1 or 0 only once `known` of a growing total decides it."""
        decided = self._decided(known)
        if decided is not None:
            return decided
        if self.comparator is Comparator.BETWEEN:
            chance = (1.0 if self.grows and known >= self.goal else over_goal) - over_upper
        else:
            chance = over_goal if self.comparator in {Comparator.AT_LEAST, Comparator.ABOVE} else 1.0 - over_goal
        return min(max(chance, NEVER_CERTAIN), 1 - NEVER_CERTAIN)

    def _decided(self, known: float) -> float | None:
        """Return 1 when what is known attains the goal for good, 0 when it has passed a cap, else None.

        Sums of binary fractions are compared to within a millionth of a millionth: ten times 0.1 is 1.
        """
        if not self.grows:
            return None
        slack = SAME * abs(self.goal)
        match self.comparator:
            case Comparator.AT_LEAST:
                return 1.0 if known >= self.goal - slack else None
            case Comparator.ABOVE:
                return 1.0 if known > self.goal + slack else None
            case Comparator.AT_MOST:
                return 0.0 if known > self.goal + slack else None
            case Comparator.BELOW:
                return 0.0 if known >= self.goal - slack else None
            case _:
                return 0.0 if self.upper is not None and known > self.upper * (1 + SAME) else None


def aim(comparator: Comparator | str, goal: float, upper: float | None, *, grows: bool) -> Aim:
    """Return the aim of a comparator by name.

    Raises:
        UsageError: a comparator or a goal that cannot be judged.
    """
    try:
        known = Comparator(comparator)
    except ValueError as error:
        names = tuple(one for one in Comparator if one is not Comparator.COMPLETE)
        raise UsageError("comparator_unknown", given=str(comparator), comparators=names) from error
    if known is Comparator.COMPLETE:
        raise UsageError("steps_not_forecast")
    closing = None if upper is None or known is not Comparator.BETWEEN else float(upper)
    values = [float(goal)] if closing is None else [float(goal), closing]
    if not all(map(isfinite, values)):
        raise UsageError("goal_not_finite", given=str(values))
    if known is Comparator.BETWEEN and (closing is None or closing < goal):
        raise UsageError("band_upside_down", goal=str(goal), upper=str(upper))
    return Aim(known, float(goal), closing, grows)


@dataclass(frozen=True)
class Answers:
    """The distributions of several cases, what is aimed at in each, and what of it is known: answered together.

    `families` name the components; those of one name are one member.
    """

    predicted: Predictive
    aims: Sequence[Aim]
    known: Sequence[float]
    families: Sequence[str] = ()

    @cached_property
    def chances(self) -> list[float]:
        """Return each case's chance of attaining."""
        over = self.predicted.exceeding(np.array([aim.ends() for aim in self.aims])).tolist()
        answered = zip(self.aims, over, self.known, strict=True)
        return [aim.chance(goal, upper, known) for aim, (goal, upper), known in answered]

    @cached_property
    def intervals(self) -> list[list[float]]:
        """Return the ends of each case's 80 % interval, and its median between them."""
        found: list[list[float]] = np.maximum.accumulate(self.predicted.quantiles(INTERVAL), 1).tolist()
        return found

    @cached_property
    def members(self) -> list[list[tuple[str, float, float]]]:
        """Return each case's members: (name, median, chance)."""
        found: list[list[tuple[str, float, float]]] = [[] for _ in self.aims]
        for names, part in self.predicted.parts(self.families):
            aims, known = [one for one in self.aims for _ in names], [one for one in self.known for _ in names]
            medians = part.quantiles(MEDIAN)[:, 0].tolist()
            for row, said in enumerate(zip(medians, Answers(part, aims, known).chances, strict=True)):
                found[row // len(names)].append((names[row % len(names)], *said))
        return found


@dataclass(frozen=True, slots=True)
class Prediction:
    """One case of several: its chance at once, the rest when it is asked for.

    Figures are in `unit`, and that again in `larger_unit`.
    """

    answers: Answers
    unit: float
    method: str
    history_years: int
    case: int = 0
    larger_unit: float = 1.0

    @property
    def probability(self) -> float:
        """Return the chance of attaining the goal."""
        return self.answers.chances[self.case]

    def forecast(self, *, brief: bool = False) -> Forecast:
        """Return the forecast that the distribution amounts to, brought back from its unit; `brief`: no members."""
        low, median, high = self.answers.intervals[self.case]
        return Forecast(
            median=self._told(median),
            low=self._told(low),
            high=self._told(high),
            attain_probability=self.probability,
            method=self.method,
            history_years=self.history_years,
            members=() if brief else self.members(),
        )

    def members(self) -> tuple[tuple[str, float, float], ...]:
        """Return (name, median, chance) of each member."""
        return tuple((name, self._told(median), chance) for name, median, chance in self.answers.members[self.case])

    def _told(self, value: float) -> float:
        return finite(finite(value * self.unit) * self.larger_unit)


def finite(value: float) -> float:
    """Return `value`, not beyond the largest number there is."""
    return float(min(max(value, -LARGEST), LARGEST))
