"""The default for a year's total: a pool of three, the last of them itself a pool of two.

Formulas as published in docs/method.md; arrays are (cases, years, 12) and (cases, months), all positive.

Exponential smoothing: a level, three quarters of the trend, a fixed season; all linear. The season is the mean of each
calendar month over complete past years, beside a straight trend. What is left is smoothed at seven speeds, weighted by
how well each has followed the past years month by month. Nothing but the level and the trend depends on the height of
the year running, and both rise with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.prediction import Floats, Mixture, Pool, applied
from targetwatch.evaluation.forecast.structural import structural_flow

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


FEWEST_ORIGINS = 3
FIRST_ORIGIN = 2 * MONTHS
SMALLEST_SCALE = 1e-4
GROWTH_KEPT, RECENT_KEPT = 0.25, 0.75
MOST_BLOCKS, MOST_YEARS = 5, 5

Member = tuple[Floats, Floats, float]
SHARPNESS = 1.12


def pool_flow(history: Floats, year_to_date: Floats) -> Pool:
    """Return the default for a year's total: structural models, smoothing and the pool of two in equal log odds.

    No member's spread depends on the height of the year to date, so that more of it can only raise the forecast.
    """
    history = history[:, -MOST_YEARS:]
    two = [share_member(history, year_to_date), growth_member(history, year_to_date, settled=True)]
    return Pool(
        (
            structural_flow(history, year_to_date),
            smoothed_flow(history, year_to_date),
            pooled([member for member in two if member is not None], year_to_date.sum(1)),
        ),
        SHARPNESS,
    )


def share_member(history: Floats, year_to_date: Floats) -> Member:
    """Return (location, scale, freedom) of log R: the rest's ratio to the year to date, as in past years."""
    years, months = history.shape[1], year_to_date.shape[1]
    ratio = np.log(history[:, :, months:].sum(2) / history[:, :, :months].sum(2))
    return np.log(year_to_date.sum(1)) + ratio.mean(1), _scale_of_next(ratio), years - 1.0


def growth_member(history: Floats, year_to_date: Floats, *, settled: bool = False) -> Member | None:
    """Return (location, scale, freedom) of log R: season times recent level, and last year's rest plus growth.

    The scale comes from the member's own errors at the same horizon from every past origin; None with fewer than
    three. `settled`: only from those whose outcome lies in past years, so that it does not depend on the year running.
    """
    series = np.concatenate([history.reshape(len(history), -1), year_to_date], 1)
    h, length = MONTHS - year_to_date.shape[1], series.shape[1]
    origins = np.arange(FIRST_ORIGIN, (length - year_to_date.shape[1] if settled else length) - h + 1)
    if len(origins) < FEWEST_ORIGINS:
        return None
    found = _growth(series, np.append(origins, length), h)
    sums = np.cumsum(series, 1)
    misses = np.log(np.take(sums, origins + h - 1, 1) - np.take(sums, origins - 1, 1)) - found[:, :-1]
    return found[:, -1], _root_mean_square(misses), _freedom(len(origins), h)


def pooled(members: list[Member], offset: Floats) -> Mixture:
    """Return members as an equally weighted mixture whose quantiles are averaged."""
    location, scale = (np.stack([member[i] for member in members], 1) for i in (0, 1))
    shape = location.shape
    return Mixture(
        offset=np.broadcast_to(offset[:, None], shape),
        location=location,
        scale=scale,
        freedom=np.broadcast_to(np.array([member[2] for member in members]), shape),
        weight=np.full(shape, 1 / len(members)),
        averaged=True,
    )


def _growth(series: Floats, origins: npt.NDArray[np.intp], h: int) -> Floats:
    """Return the growth member's log of the sum of the h months after each origin, (cases, origins)."""
    return np.concatenate(
        [
            _growth_of_blocks(series, origins[np.minimum(MOST_BLOCKS, origins // MONTHS) == count], count, h)
            for count in np.unique(np.minimum(MOST_BLOCKS, origins // MONTHS)).tolist()
        ],
        1,
    )


def _growth_of_blocks(series: Floats, origins: npt.NDArray[np.intp], count: int, h: int) -> Floats:
    """Return the same of origins with `count` trailing blocks of twelve months."""
    cases, past = len(series), origins[:, None] - MONTHS * count + np.arange(MONTHS * count)
    months = np.take(series, past, 1)
    blocks = months.reshape(cases, len(origins), count, MONTHS)
    sums = blocks.sum(3)
    season = np.exp((np.log(blocks) - np.log(sums)[..., None]).mean(2))
    level = months[:, :, -6:].sum(2) / season[:, :, 6:].sum(2)
    by_season = np.log(level * season[:, :, :h].sum(2)) + GROWTH_KEPT * np.log(sums[:, :, -1] / sums[:, :, -2])
    recent = np.log(months[:, :, -3:].sum(2) / months[:, :, -15:-12].sum(2))
    by_last_year = np.log(blocks[:, :, -1, :h].sum(2)) + RECENT_KEPT * recent
    return np.asarray((by_season + by_last_year) / 2)


def _scale_of_next(values: Floats) -> Floats:
    """Return the scale of one more draw when the mean of so many past ones is the guess."""
    return np.asarray(np.maximum(values.std(1, ddof=1) * np.sqrt(1 + 1 / values.shape[1]), SMALLEST_SCALE))


def _root_mean_square(misses: Floats) -> Floats:
    return np.asarray(np.maximum(np.sqrt((misses**2).mean(1)), SMALLEST_SCALE))


def _freedom(origins: int, h: int) -> float:
    return max(3.0, origins / (h / 2))
