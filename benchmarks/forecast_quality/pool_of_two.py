"""What the default is measured against: a pool of two for a year, and one of two simple members for a level."""

from __future__ import annotations

import numpy as np

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.pools import (
    FEWEST_ORIGINS,
    FIRST_ORIGIN,
    MOST_YEARS,
    Member,
    _freedom,
    _root_mean_square,
    _scale_of_next,
    growth_member,
    pooled,
    share_member,
)
from targetwatch.evaluation.forecast.prediction import Floats, Mixture

YEAR_ON_YEAR_KEPT = 0.75


def pool2_flow(history: Floats, year_to_date: Floats) -> Mixture:
    """Return the pool of two for a year's total: the share and the growth member, equally weighted."""
    history = history[:, -MOST_YEARS:]
    members = [share_member(history, year_to_date), growth_member(history, year_to_date)]
    return pooled([member for member in members if member is not None], year_to_date.sum(1))


def pool2_level(history: Floats, known: Floats) -> Mixture:
    """Return the pool for the value at the year's last month: the usual step to it, and last year's plus growth."""
    history = history[:, -MOST_YEARS:]
    cases, years, _ = history.shape
    months = known.shape[1]
    step = np.log(history[:, :, -1] / history[:, :, months - 1])
    usual = (np.log(known[:, -1]) + step.mean(1), _scale_of_next(step), years - 1.0)
    series = np.log(np.concatenate([history.reshape(cases, -1), known], 1))
    h, length = MONTHS - months, series.shape[1]

    def carried(t: int) -> Floats:
        return np.asarray(
            series[:, t + h - 1 - MONTHS] + YEAR_ON_YEAR_KEPT * (series[:, t - 1] - series[:, t - 1 - MONTHS])
        )

    origins = range(FIRST_ORIGIN, length - h + 1)
    members: list[Member] = [usual]
    if len(origins) >= FEWEST_ORIGINS:
        misses = np.stack([series[:, t + h - 1] - carried(t) for t in origins], 1)
        members.append((carried(length), _root_mean_square(misses), _freedom(len(origins), h)))
    return pooled(members, np.zeros(cases))
