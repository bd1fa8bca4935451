"""The pool of three that the default is measured against: the pool of two, and AutoTheta of statsforecast."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pool_of_two import pool2_flow
from statsforecast.models import AutoTheta

from targetwatch.evaluation.forecast.pools import MOST_YEARS

if TYPE_CHECKING:
    from targetwatch.evaluation.forecast.prediction import Floats, Mixture

MONTHS, PATHS = 12, 1000


@dataclass(frozen=True, slots=True)
class PoolOfThree:
    """The pool of two and, for each case, the totals (cases, paths) of simulated years: a third of the say."""

    two: Mixture
    totals: Floats

    def exceeding(self, totals: Floats) -> Floats:
        """Return P(total > each of `totals`): the members' mean."""
        return self._pooled(self.two.exceeding(totals), Simulated(self.totals).exceeding(totals))

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the mean of the members' quantiles."""
        return self._pooled(self.two.quantiles(probabilities), Simulated(self.totals).quantiles(probabilities))

    def _pooled(self, two: Floats, third: Floats) -> Floats:
        count = self.two.weight.shape[1]
        return np.asarray((count * two + third) / (count + 1))


@dataclass(frozen=True, slots=True)
class Simulated:
    """Simulated totals (cases, paths), each as likely as the other."""

    totals: Floats

    def exceeding(self, totals: Floats) -> Floats:
        """Return the share of paths beyond each of `totals`."""
        return np.asarray((self.totals[:, None, :] > totals[:, :, None]).mean(2))

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the paths' quantiles."""
        return np.asarray(np.quantile(self.totals, probabilities, axis=1).T)


def pool3_flow(history: Floats, year_to_date: Floats) -> PoolOfThree:
    """Return the pool of two with AutoTheta's simulated paths as a third member, equally weighted."""
    history = history[:, -MOST_YEARS:]
    return PoolOfThree(pool2_flow(history, year_to_date), theta_totals(history, year_to_date))


def theta_totals(history: Floats, year_to_date: Floats) -> Floats:
    """Return the year's total in so many simulated futures, (cases, paths); a path below zero ends at nothing."""
    h = MONTHS - year_to_date.shape[1]
    series = np.concatenate([history.reshape(len(history), -1), year_to_date], 1)
    unit = series.mean(1)
    rests = np.stack([_paths(row / size, h) for row, size in zip(series, unit, strict=True)])
    return np.asarray(year_to_date.sum(1)[:, None] + unit[:, None] * np.maximum(rests, 0.0))


def _paths(series: Floats, h: int) -> Floats:
    model = AutoTheta(season_length=MONTHS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own optimiser; a path that is no number counts as nothing
        paths = model.simulate(h=h, n_paths=PATHS, y=np.ascontiguousarray(series))
    return np.asarray(np.nan_to_num(paths.sum(1)))
