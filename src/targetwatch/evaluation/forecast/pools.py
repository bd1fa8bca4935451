"""The default for a year's total: a pool of three, the last of them itself a pool of two.

Formulas as published in docs/method.md; arrays are (cases, years, 12) and (cases, months), all positive.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.mixture import Floats, Mixture, Pool
from targetwatch.evaluation.forecast.smoothing import smoothed_flow
from targetwatch.evaluation.forecast.structural import structural_flow

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
