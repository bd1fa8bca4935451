"""From a distribution of the total to what is said of a goal: probability, interval, members."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.model import Comparator, Forecast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.evaluation.forecast.mixture import Predictive


INTERVAL = np.array([0.1, 0.5, 0.9])
NEVER_CERTAIN = 1e-6
SAME = 1e-12
LARGEST = float(np.finfo(float).max)


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal in the unit the mixture speaks in; `upper` closes a band. `grows`: a total that can only grow."""

    comparator: Comparator
    goal: float
    upper: float | None = None
    grows: bool = True

    def scaled(self, unit: float) -> Aim:
        """Return the same aim counted in `unit`."""
        upper = None if self.upper is None else finite(self.upper / unit)
        return Aim(self.comparator, finite(self.goal / unit), upper, self.grows)

    def probabilities(self, predicted: Predictive, known: float = 0.0, *, cases: int = 1) -> list[float]:
        """Return each case's chance of attaining; exactly 1 or 0 only once `known` of a growing total decides it."""
        decided = self._decided(known)
        if decided is not None:
            return [decided] * cases
        ends = [self.goal] if self.upper is None else [self.goal, self.upper]
        over = predicted.exceeding(np.array([ends] * cases))
        if self.comparator is Comparator.BETWEEN:
            chance = (1.0 if self.grows and known >= self.goal else over[:, 0]) - over[:, 1]
        else:
            upward = self.comparator in {Comparator.AT_LEAST, Comparator.ABOVE}
            chance = over[:, 0] if upward else 1.0 - over[:, 0]
        return [min(max(one, NEVER_CERTAIN), 1 - NEVER_CERTAIN) for one in chance.tolist()]

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


@dataclass(slots=True)
class Prediction:
    """The distribution of a single case and what is aimed at: its chance at once, the rest when it is asked for.

    Figures are in `unit`, and that again in `larger_unit`. `families` name the components; those of one name are one
    member.
    """

    predicted: Predictive
    aim: Aim
    unit: float
    known: float
    method: str
    history_years: int
    families: Sequence[str]
    larger_unit: float = 1.0
    _probability: float | None = None

    @property
    def probability(self) -> float:
        """Return the chance of attaining the goal."""
        if self._probability is None:
            self._probability = self.aim.probabilities(self.predicted, self.known)[0]
        return self._probability

    def forecast(self, *, brief: bool = False) -> Forecast:
        """Return the forecast that the distribution amounts to, brought back from its unit; `brief`: no members."""
        low, median, high = np.maximum.accumulate(self.predicted.quantiles(INTERVAL)[0]).tolist()
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
        return tuple(
            (name, self._told(middle), chance)
            for names, part in self.predicted.parts(self.families)
            for name, middle, chance in zip(
                names,
                part.quantiles(INTERVAL[1:2])[:, 0].tolist(),
                self.aim.probabilities(part, self.known, cases=len(names)),
                strict=True,
            )
        )

    def _told(self, value: float) -> float:
        return finite(finite(value * self.unit) * self.larger_unit)


def finite(value: float) -> float:
    """Return `value`, not beyond the largest number there is."""
    return float(min(max(value, -LARGEST), LARGEST))
