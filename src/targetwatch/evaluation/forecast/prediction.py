"""Predictive distributions: weighted mixtures of Student t in the logarithm of what is open, and pools of them.

And what is said of a goal by one: probability, interval, members.

Knows nothing of series or targets. Arrays are (cases, components); `scipy.special` is loaded on first use, so that
importing the judgement stays cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import import_module
from math import isfinite
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from targetwatch.errors import UsageError
from targetwatch.model import Comparator, Forecast

Floats = npt.NDArray[np.float64]

LARGEST_LOG = 690.0
MOST_STEPS = 60
TOLERANCE = 1e-9
SMALLEST = float(np.finfo(float).tiny)
MEMBER_NEVER_SURE = 1e-6
"""No member of a pool is surer than this: one alone must not decide by a tail it has not seen."""
INTERVAL = np.array([0.1, 0.5, 0.9])
MEDIAN = np.array([0.5])
NEVER_CERTAIN = 1e-6
SAME = 1e-12
HALF = 0.5
LARGEST = float(np.finfo(float).max)


@lru_cache(maxsize=1)
def special() -> Any:  # noqa: ANN401 - scipy has no types
    """Return `scipy.special`, loaded on first use."""
    return import_module("scipy.special")


class Predictive(Protocol):
    """A distribution of the total for each case."""

    def exceeding(self, totals: Floats) -> Floats:
        """Return P(total > each of `totals`), (cases, totals) in, (cases, totals) out."""
        ...

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the totals not exceeded with each of `probabilities` (ascending), (cases, probabilities)."""
        ...

    def parts(self, families: Sequence[str]) -> list[tuple[list[str], Predictive]]:
        """Return the members by name, those of each entry as cases of one distribution, case after case."""
        ...


@dataclass(frozen=True, slots=True)
class Mixture:
    """What may come: total = offset + exp(x), or offset + x when not `logarithmic`; x is a mixture of Student t.

    `averaged`: quantiles are the mean of the components' quantiles (the pool of two's convention) instead of the
    quantiles of the mixture.
    """

    offset: Floats
    location: Floats
    scale: Floats
    freedom: Floats
    weight: Floats
    logarithmic: bool = True
    averaged: bool = False

    def exceeding(self, totals: Floats) -> Floats:
        """Return P(total > each of `totals`), (cases, totals) in, (cases, totals) out."""
        rest = totals[:, :, None] - self.offset[:, None, :]
        if not self.logarithmic:
            return self.beyond(rest)
        possible = rest > 0
        if possible.all():
            return self.beyond(np.log(rest))
        return self.beyond(np.where(possible, np.log(np.where(possible, rest, 1.0)), -np.inf))

    def beyond(self, x: Floats) -> Floats:
        """Return P(x > each), (cases, values) or (cases, values, components) in, (cases, values) out."""
        x = x if x.ndim == 3 else x[:, :, None]  # noqa: PLR2004 - a value for each component
        z = (self.location[:, None, :] - x) / self.scale[:, None, :]
        return self._mean(special().stdtr(self.freedom[:, None, :], z))

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the totals not exceeded with each of `probabilities` (ascending), (cases, probabilities)."""
        parts = self.component_quantiles(probabilities)
        if self.averaged:
            return self._mean(self.total(parts))
        if (self.offset == self.offset[:, :1]).all():
            found = crossing(lambda x: log_odds(self.beyond(x)) + log_odds(probabilities), parts.min(2), parts.max(2))
            return self.total(found[:, :, None])[:, :, 0]
        return self._solve_totals(self.total(parts), probabilities)

    def component_quantiles(self, probabilities: Floats) -> Floats:
        """Return each component's quantiles of x, (cases, probabilities, components)."""
        freedom = self.freedom[:1, :1] if (self.freedom == self.freedom[0, 0]).all() else self.freedom
        t = special().stdtrit(freedom[:, None, :], probabilities[None, :, None])
        return np.asarray(self.location[:, None, :] + self.scale[:, None, :] * t)

    def parts(self, families: Sequence[str]) -> list[tuple[list[str], Predictive]]:
        """Return the members, each case's in rows of their own: components of one family are one, by weighted means."""
        names, belongs = _families(tuple(families))
        if len(names) == 1:
            return [(names, self)]
        weight = belongs * np.maximum(self.weight, SMALLEST)[:, None, :]
        weight /= weight.sum(2, keepdims=True)
        offset, location, scale, freedom = (
            np.add.reduce(weight * values[:, None, :], 2).reshape(-1, 1)
            for values in (self.offset, self.location, self.scale, self.freedom)
        )
        whole = np.ones(offset.shape)
        return [(names, Mixture(offset, location, scale, freedom, whole, self.logarithmic, averaged=True))]

    def total(self, x: Floats) -> Floats:
        """Return the total that each x, (cases, values, components), amounts to."""
        open_part = np.exp(np.minimum(x, LARGEST_LOG)) if self.logarithmic else x
        return np.asarray(self.offset[:, None, : open_part.shape[2]] + open_part)

    def _mean(self, parts: Floats) -> Floats:
        return np.asarray(np.add.reduce(parts * self.weight[:, None, :], 2))

    def _solve_totals(self, totals: Floats, probabilities: Floats) -> Floats:
        """Return the mixture's quantiles when the components start from different offsets: by bisection."""
        low, high = totals.min(2), totals.max(2)
        for _ in range(MOST_STEPS):
            middle = (low + high) / 2
            below = 1 - self.exceeding(middle) < probabilities
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2)


@dataclass(frozen=True)
class Pool:
    """Mixtures of the same open part, pooled by the mean of their log odds, which are then taken `sharpness` times.

    Members that are each right in part are together surer than their mean says.
    """

    members: tuple[Mixture, ...]
    sharpness: float

    def exceeding(self, totals: Floats) -> Floats:
        """Return P(total > each of `totals`), (cases, totals) in, (cases, totals) out."""
        rest = totals - self.members[0].offset[:, :1]
        possible = rest > 0
        odds = self.sharpness * self._odds(np.log(np.where(possible, rest, 1.0)))
        return np.where(possible, special().expit(odds), 1.0)

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the totals not exceeded with each of `probabilities` (ascending), (cases, probabilities)."""
        wanted = log_odds(probabilities) / self.sharpness
        parts = [member.component_quantiles(special().expit(wanted)) for member in self.members]
        low = np.minimum.reduce([part.min(2) for part in parts])
        high = np.maximum.reduce([part.max(2) for part in parts])
        found = crossing(lambda x: self._odds(x) + wanted, low, high)
        return self.members[0].total(found[:, :, None])[:, :, 0]

    def parts(self, families: Sequence[str]) -> list[tuple[list[str], Predictive]]:
        """Return the members, named one after the other."""
        return [([name], member) for name, member in zip(families, self.members, strict=True)]

    @cached_property
    def _components(self) -> tuple[Floats, Floats, Floats, Floats, list[int]]:
        """Return location, scale, freedom and weight of all members' components, and where each member begins."""
        columns = [(one.location, one.scale, one.freedom, one.weight) for one in self.members]
        location, scale, freedom, weight = (np.concatenate(each, 1)[:, None, :] for each in zip(*columns, strict=True))
        sizes = [one.weight.shape[1] for one in self.members]
        return location, scale, freedom, weight, [sum(sizes[:number]) for number in range(len(sizes))]

    def _odds(self, x: Floats) -> Floats:
        location, scale, freedom, weight, begins = self._components
        each = special().stdtr(freedom, (location - x[:, :, None]) / scale) * weight
        chances = np.add.reduceat(each, begins, 2)
        odds = log_odds(np.minimum(np.maximum(chances, MEMBER_NEVER_SURE), 1 - MEMBER_NEVER_SURE))
        return np.asarray(np.add.reduce(odds, 2) / len(begins))


def log_odds(chance: Floats) -> Floats:
    """Return the logarithm of chance against no chance.

    >>> log_odds(np.array([0.5, 0.8])).round(3).tolist()
    [0.0, 1.386]
    """
    return np.asarray(special().logit(chance))


def crossing(excess: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where a falling function is zero between `low` and `high`, each entry for itself (Illinois).

    >>> crossing(lambda x: 2 - x * x, np.array([[0.0]]), np.array([[2.0]])).round(9).tolist()
    [[1.414213562]]
    """
    over, under = excess(low), excess(high)
    found, moved = low, np.zeros(low.shape)
    is_open = np.ones(low.shape, dtype=bool)
    for _ in range(MOST_STEPS):
        fall = over - under
        x = low + (high - low) * np.where(fall > 0, over / np.where(fall > 0, fall, 1.0), 0.5)
        left = excess(x)
        found = np.where(is_open, x, found)
        is_open &= np.abs(left) > TOLERANCE
        if not is_open.any():
            break
        is_low = left > 0
        side = np.where(is_low, 1.0, -1.0)
        again = side == moved
        over, under = (
            np.where(is_low, left, np.where(again, over / 2, over)),
            np.where(is_low, np.where(again, under / 2, under), left),
        )
        low, high, moved = np.where(is_low, x, low), np.where(is_low, high, x), side
    return np.asarray(found)


def applied(series: Floats, to: Floats) -> Floats:
    """Return each row of `series` times a matrix, each by itself: in a batch the same to the last bit as alone.

    >>> applied(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 3.0]])).tolist()
    [[1.0, 2.0, 9.0]]
    """
    return np.asarray(np.matmul(series[:, None, :], to)[:, 0])


@lru_cache(maxsize=64)
def _families(families: tuple[str, ...]) -> tuple[list[str], Floats]:
    """Return the names that occur, and which component (column) belongs to which (row)."""
    names = list(dict.fromkeys(families))
    return names, np.array([[name == family for family in families] for name in names], dtype=float)


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
