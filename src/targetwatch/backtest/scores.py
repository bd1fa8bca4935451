"""How good a set of probabilities and intervals was: Brier, log loss, error of the total, coverage, calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from targetwatch.backtest.questions import Floats

CLIP = 0.005
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Probabilities between `low` and `high`: their mean, and how often the goal was attained."""

    low: float
    high: float
    predicted: float
    attained: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Brier and log loss (clipped at half a per cent) of the probabilities; of the total, the mean error and coverage.

    `total_error` is the mean of |median / outcome - 1|; `coverage` how often the 80 % interval held the outcome;
    `calibration_error` the mean distance of a decile's probabilities from what came, weighted by its size.
    """

    count: int
    brier: float
    log_loss: float
    total_error: float
    coverage: float
    calibration_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthScore:
    """The score with so many months of the year known."""

    months_known: int
    score: Score


def log_losses(probability: Floats, attained: npt.NDArray[np.bool_]) -> Floats:
    """Return the log loss of each probability.

    >>> log_losses(np.array([0.8, 0.8]), np.array([True, False])).round(3).tolist()
    [0.223, 1.609]
    """
    clipped = np.clip(probability, CLIP, 1 - CLIP)
    return np.asarray(-np.log(np.where(attained, clipped, 1 - clipped)))


def score(probability: Floats, attained: npt.NDArray[np.bool_], interval: Floats, outcome: Floats) -> Score:
    """Return the score of probabilities (..., g) and intervals (..., 3) of low, median, high about `outcome` (...)."""
    low, median, high = np.moveaxis(interval, -1, 0)
    bins = calibration(probability, attained)
    return Score(
        count=probability.size,
        brier=float(((probability - attained) ** 2).mean()),
        log_loss=float(log_losses(probability, attained).mean()),
        total_error=float(np.abs(median / outcome - 1).mean()),
        coverage=float(((low <= outcome) & (outcome <= high)).mean()),
        calibration_error=sum(abs(one.predicted - one.attained) * one.count for one in bins) / probability.size,
    )


def calibration(probability: Floats, attained: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return the deciles of probability that occur, lowest first.

    >>> [one.count for one in calibration(np.array([0.02, 0.04, 1.0]), np.array([False, True, True]))]
    [2, 1]
    """
    flat, came = probability.ravel(), attained.ravel()
    which = np.minimum((flat * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            low=i / BINS,
            high=(i + 1) / BINS,
            predicted=float(flat[which == i].mean()),
            attained=float(came[which == i].mean()),
            count=int((which == i).sum()),
        )
        for i in range(BINS)
        if (which == i).any()
    )
