"""The exponential-smoothing member of the pool: a level, three quarters of the trend, a fixed season; all linear.

The season is the mean of each calendar month over complete past years, beside a straight trend. What is left is
smoothed at seven speeds, weighted by how well each has followed the past years month by month. Nothing but the level
and the trend depends on the height of the year running, and both rise with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.mixture import Floats, Mixture, applied

SPEEDS = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
FIRST_MONTHS = 6
KEPT_TREND, RECORD_WEIGHT, FREEDOM, SHRINK = 0.75, 0.3, 4.0, 0.8
SMALLEST_SQUARE = 1e-8


@dataclass(frozen=True, slots=True)
class Smoother:
    """Maps from the right of the N logs of past years and months known: to (speeds N), speeds, 12 and one number."""

    errors: Floats
    level: Floats
    season: Floats
    trend: Floats


def smoothed_flow(history: Floats, year_to_date: Floats) -> Mixture:
    """Return the distribution of the year's total, from (cases, years, 12) and (cases, months), all positive."""
    cases, years, _ = history.shape
    months, past = year_to_date.shape[1], years * MONTHS
    series = np.log(np.concatenate([history.reshape(cases, past), year_to_date], 1))
    maps = smoother(years, months)
    errors = applied(series, maps.errors).reshape(cases, len(SPEEDS), -1)[:, :, FIRST_MONTHS:past]
    square = np.add.reduce(errors**2, 2) / (past - FIRST_MONTHS) + SMALLEST_SQUARE
    record = -0.5 * RECORD_WEIGHT * (past - FIRST_MONTHS) * np.log(square)
    weight = np.exp(record - np.maximum.reduce(record, 1, keepdims=True))
    weight /= np.add.reduce(weight, 1, keepdims=True)
    season = applied(series, maps.season)[:, months:]
    steps = np.arange(1, MONTHS - months + 1)
    ahead = season + KEPT_TREND * applied(series, maps.trend[:, None]) * steps
    top = np.maximum.reduce(ahead, 1, keepdims=True)
    rest = np.exp(ahead - top)
    location = applied(series, maps.level) + top + np.log(np.add.reduce(rest, 1, keepdims=True))
    variance = square * _unit_variance(rest / np.add.reduce(rest, 1, keepdims=True), years)
    return Mixture(
        offset=np.repeat(np.add.reduce(year_to_date, 1, keepdims=True), len(SPEEDS), 1),
        location=location,
        scale=SHRINK * np.sqrt(variance),
        freedom=np.full(location.shape, FREEDOM),
        weight=weight,
    )


def _unit_variance(share: Floats, years: int) -> Floats:
    """Return each speed's variance of log R for monthly errors of one: each moves all months after it by its speed."""
    later = np.cumsum(share[:, ::-1], 1)[:, ::-1] - share
    felt = share[:, None, :] + SPEEDS[None, :, None] * later[:, None, :]
    return np.asarray(np.add.reduce(felt**2, 2) + np.add.reduce(share**2, 1, keepdims=True) / years)


@lru_cache(maxsize=64)
def smoother(years: int, months: int) -> Smoother:
    """Return the maps for so many past years and months known."""
    past = MONTHS * years
    count = past + months
    t = np.arange(count)
    causes = np.column_stack([np.eye(MONTHS)[t[:past] % MONTHS], (t[:past] - t[:past].mean()) / MONTHS])
    season = np.zeros((MONTHS, count))
    season[:, :past] = np.linalg.pinv(causes)[:MONTHS]
    season -= season.mean(0)
    adjusted = np.eye(count) - season[t % MONTHS]
    centred = t - t.mean()
    errors, levels = np.zeros((len(SPEEDS), count, count)), np.zeros((len(SPEEDS), count))
    levels[:, :FIRST_MONTHS] = 1 / FIRST_MONTHS
    for i in range(count):
        errors[:, i] = np.eye(count)[i] - levels
        levels = levels + SPEEDS[:, None] * errors[:, i]
    return Smoother(
        errors=(errors @ adjusted).reshape(-1, count).T,
        level=(levels @ adjusted).T,
        season=season.T,
        trend=(centred / (centred**2).sum()) @ adjusted,
    )
