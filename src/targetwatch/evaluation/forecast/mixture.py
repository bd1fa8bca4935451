"""A predictive distribution: a weighted mixture of Student t in the logarithm (or the value) of what is still open.

Knows nothing of series or targets. Arrays are (cases, components); `scipy.special` is loaded on first use, so that
importing the judgement stays cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]

LARGEST_LOG = 690.0
NEWTON_STEPS = 60
TOLERANCE = 1e-9
SMALLEST, FURTHEST = float(np.finfo(float).tiny), 1e300


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
        """Return the members of a single case by name, those of each entry as cases of one distribution."""
        ...


@dataclass(frozen=True, slots=True)
class Mixture:
    """What may come: total = offset + exp(x), or offset + x when not `logarithmic`; x is a mixture of Student t.

    `averaged`: quantiles are the mean of the components' quantiles (the pools' convention) instead of the quantiles
    of the mixture.
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
        location, scale, freedom = self.location[:, None, :], self.scale[:, None, :], self.freedom[:, None, :]
        if not self.logarithmic:
            return self._mean(special().stdtr(freedom, (location - rest) / scale))
        possible = rest > 0
        if possible.all():
            return self._mean(special().stdtr(freedom, (location - np.log(rest)) / scale))
        z = (location - np.log(np.where(possible, rest, 1.0))) / scale
        return self._mean(np.where(possible, special().stdtr(freedom, z), 1.0))

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the totals not exceeded with each of `probabilities` (ascending), (cases, probabilities)."""
        freedom = self.freedom[:1, :1] if (self.freedom == self.freedom[0, 0]).all() else self.freedom
        t = special().stdtrit(freedom[:, None, :], probabilities[None, :, None])
        parts = self.location[:, None, :] + self.scale[:, None, :] * t
        if self.averaged:
            return self._mean(self._total(parts))
        if (self.offset == self.offset[:, :1]).all():
            return self._total(self._solve(parts, probabilities)[:, :, None])[:, :, 0]
        return self._solve_totals(self._total(parts), probabilities)

    def parts(self, families: Sequence[str]) -> list[tuple[list[str], Predictive]]:
        """Return the members of a single case: components of one family are one, with their weighted means."""
        names, belongs = _families(tuple(families))
        weight = belongs * np.maximum(self.weight, SMALLEST)
        weight /= weight.sum(1, keepdims=True)
        offset, location, scale, freedom = (
            (weight @ values[0])[:, None] for values in (self.offset, self.location, self.scale, self.freedom)
        )
        whole = np.ones((len(names), 1))
        return [(names, Mixture(offset, location, scale, freedom, whole, self.logarithmic, averaged=True))]

    def _mean(self, parts: Floats) -> Floats:
        return np.asarray(np.einsum("cqk,ck->cq", parts, self.weight))

    def _total(self, x: Floats) -> Floats:
        open_part = np.exp(np.minimum(x, LARGEST_LOG)) if self.logarithmic else x
        return np.asarray(self.offset[:, None, : open_part.shape[2]] + open_part)

    def _solve(self, parts: Floats, probabilities: Floats) -> Floats:
        """Return the mixture's quantiles of x: Newton inside the bracket that the components' own quantiles give."""
        low, high = parts.min(2), parts.max(2)
        x = np.minimum(np.maximum(self._mean(parts), low), high)
        location, scale, freedom = self.location[:, None, :], self.scale[:, None, :], self.freedom[:, None, :]
        density_weight = self.weight[:, None, :] * _density_constant(self.freedom)[:, None, :] / scale
        power, below = -(freedom + 1) / 2, special().stdtr
        for _ in range(NEWTON_STEPS):
            z = (x[:, :, None] - location) / scale
            excess = self._mean(below(freedom, z)) - probabilities
            is_short = excess < 0
            low, high = np.where(is_short, x, low), np.where(is_short, high, x)
            slope = np.add.reduce(density_weight * (1 + z * z / freedom) ** power, 2)
            step = excess / np.maximum(slope, SMALLEST)
            guess = x - np.minimum(np.maximum(step, -FURTHEST), FURTHEST)
            moved = np.where((guess >= low) & (guess <= high), guess, (low + high) / 2)
            furthest = np.abs(moved - x).max()
            x = moved
            if furthest <= TOLERANCE:
                break
        return np.asarray(x)

    def _solve_totals(self, totals: Floats, probabilities: Floats) -> Floats:
        """Return the mixture's quantiles when the components start from different offsets: by bisection."""
        low, high = totals.min(2), totals.max(2)
        for _ in range(NEWTON_STEPS):
            middle = (low + high) / 2
            below = 1 - self.exceeding(middle) < probabilities
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2)


@lru_cache(maxsize=64)
def _families(families: tuple[str, ...]) -> tuple[list[str], Floats]:
    """Return the names that occur, and which component (column) belongs to which (row)."""
    names = list(dict.fromkeys(families))
    return names, np.array([[name == family for family in families] for name in names], dtype=float)


def _density_constant(freedom: Floats) -> Floats:
    log_gamma = special().gammaln
    return np.asarray(np.exp(log_gamma((freedom + 1) / 2) - log_gamma(freedom / 2)) / np.sqrt(np.pi * freedom))
