"""From a distribution of the total to what is said of a goal: probability, interval, members."""

from __future__ import annotations

from dataclasses import dataclass
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
        over = predicted.exceeding(np.tile(ends, (cases, 1)))
        if self.comparator is Comparator.BETWEEN:
            chance = (1.0 if self.grows and known >= self.goal else over[:, 0]) - over[:, 1]
        else:
            upward = self.comparator in {Comparator.AT_LEAST, Comparator.ABOVE}
            chance = over[:, 0] if upward else 1.0 - over[:, 0]
        return [float(one) for one in np.clip(chance, NEVER_CERTAIN, 1 - NEVER_CERTAIN)]

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
        names = ", ".join(one for one in Comparator if one is not Comparator.COMPLETE)
        raise UsageError(f"comparator: '{comparator}' given, one of {names} expected") from error
    if known is Comparator.COMPLETE:
        raise UsageError("comparator: 'complete' given, steps are counted, not forecast")
    closing = None if upper is None or known is not Comparator.BETWEEN else float(upper)
    values = [float(goal)] if closing is None else [float(goal), closing]
    if not np.isfinite(values).all():
        raise UsageError(f"goal: {values} given, finite numbers expected")
    if known is Comparator.BETWEEN and (closing is None or closing < goal):
        raise UsageError(f"goal: between {goal} and {upper}, an upper end not below the goal expected")
    return Aim(known, float(goal), closing, grows)


def forecast_of(
    predicted: Predictive,
    aim_: Aim,
    *,
    unit: float,
    known: float,
    method: str,
    history_years: int,
    families: Sequence[str],
) -> Forecast:
    """Return the forecast that the distribution of a single case amounts to, brought back from `unit`.

    `families` name the components; those of one name are one member.
    """
    low, median, high = np.maximum.accumulate(predicted.quantiles(INTERVAL)[0]).tolist()
    return Forecast(
        median=finite(median * unit),
        low=finite(low * unit),
        high=finite(high * unit),
        attain_probability=aim_.probabilities(predicted, known)[0],
        method=method,
        history_years=history_years,
        members=tuple(
            (name, finite(middle * unit), chance)
            for names, part in predicted.parts(families)
            for name, middle, chance in zip(
                names,
                part.quantiles(INTERVAL[1:2])[:, 0].tolist(),
                aim_.probabilities(part, known, cases=len(names)),
                strict=True,
            )
        ),
    )


def finite(value: float) -> float:
    """Return `value`, not beyond the largest number there is."""
    return float(min(max(value, -LARGEST), LARGEST))
