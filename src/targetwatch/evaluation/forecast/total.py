"""The forecast of a total from sums alone: irregular dates, year-to-date figures, one growth rate and little else.

Speaks of a window of any length by the fraction of it that is known. What is past years' is given as pairs of sums
up to the same date and after it; without any, the total so far is carried on at its own rate.

Where whole numbers are too few for logarithms a count is forecast by a gamma-Poisson on its rate. The rate of past
years is the prior, as firm as they agree; what was counted so far makes it the window's own. The rest is a negative
binomial: the chance of counting, what is not known of the rate, and what may still change in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.prediction import (
    MOST_STEPS,
    Aim,
    Answers,
    Floats,
    Mixture,
    Prediction,
    Predictive,
    special,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

FREEDOM = 3.0
KEPT_GROWTH = np.array([0.1, 0.7, 1.3])
"""How much of the growth so far the rest may keep: each as likely. None is below zero, so that more done is never
worse."""
SHORTEST_GROWTH = 1.0
"""Of the growth over less than a twelfth of the window only the part counts that its time is of one."""
LATEST_WEIGHT = 0.5
"""What the growth of the latest evening's increment counts in that growth; the rest is the growth of the whole."""
LAST_YEAR_WEIGHT = 0.7
SPREAD_WEIGHT = 0.56
"""How much of the variance of growths (of past years' shares) is that of the rest, whose increments average out."""
# Scale of log(rest / forecast) by months known 1..11: without a past year, with one, with more (docs/method.md).
RUN_RATE_SCALE = np.array([0.254, 0.208, 0.178, 0.170, 0.153, 0.146, 0.153, 0.170, 0.208, 0.241, 0.281])
ONE_YEAR_SCALE = 0.45 * np.array([0.197, 0.161, 0.153, 0.139, 0.139, 0.132, 0.132, 0.132, 0.139, 0.146, 0.170])
MORE_YEARS_SCALE = 0.375 * np.array([0.170, 0.139, 0.132, 0.125, 0.125, 0.119, 0.119, 0.125, 0.132, 0.132, 0.153])
LEAST_MONTHS_ALONE = 1.0
LEAST_STEP = 0.9
"""Increments over less than so many twelfths of the window are taken together."""
NOTHING = 1e-9
"""An increment that is no more than this part of the total is what its sum was rounded by."""
# Three points that stand for a value anywhere within its rounding (Gauss-Legendre).
ROUNDING_POINTS = np.array([-np.sqrt(0.6), 0.0, np.sqrt(0.6)])
ROUNDING_WEIGHTS = np.array([5.0, 8.0, 5.0]) / 18
MOST = 300
"""A year of more is forecast by its logarithm: what is counted then varies less than the rate."""
NOTHING_KNOWN = 0.5
USUAL_CHANGE, USUAL_CHANGE_YEARS = 0.12, 2.0
"""By how much the rate changes from year to year, and for how many years that counts."""
RATE_DRIFT = 0.12
EVEN_COUNTS = 60.0
"""So many counts spread evenly over the year are added to the past ones before its season is read from them."""
CALM_INCREMENTS = 4.0


class Evening(NamedTuple):
    """A total published in the window: months known by then, the total, last year's to the same evening if known."""

    months: float
    total: float
    last_year: float | None = None


def predict_total(
    aim_: Aim,
    *,
    actual: float,
    months_known: float,
    actual_half_width: float = 0.0,
    past: Sequence[tuple[float, float]] = (),
    remaining_ratios: Sequence[float] = (),
    evenings: Sequence[Evening] = (),
) -> Prediction | None:
    """Return the prediction of a window's total, of which `actual` is known; None when there is too little to say.

    Args:
        aim_: what is promised.
        actual: the total so far, not negative.
        months_known: how much of the window that covers, in twelfths of the window: 0 < months_known < 12. A window
            of three years of which one is known counts as 4.
        actual_half_width: the rounding `actual` was published with; it widens the interval.
        past: of past years (or windows), oldest first: (sum up to the same date, sum after it). The last is last
            year's: of its growth so far the rest keeps a tenth, seven tenths or more than all.
        remaining_ratios: where only their quotient is known, sum after the date / sum up to it, oldest first.
        evenings: the totals published so far, oldest first: how unlike their increments are is what the scale learns.

    Returns:
        None without a past year when less than a twelfth of the window is known, or when nothing has been counted.

    Raises:
        UsageError: a value that is not a number or out of range.
    """
    _check(actual, actual_half_width, months_known)
    pairs = [(to_date, rest) for to_date, rest in past if to_date > 0 and rest > 0]
    ratios = [ratio for ratio in remaining_ratios if ratio > 0] + [rest / to_date for to_date, rest in pairs]
    if actual <= 0 or (not ratios and months_known < LEAST_MONTHS_ALONE):
        return None
    last = pairs[-1] if pairs and past[-1] == pairs[-1] else None
    known = actual + actual_half_width * ROUNDING_POINTS if actual_half_width else np.array([actual])
    known = np.maximum(known, actual * np.finfo(float).eps)
    steps = _growths(evenings, by_last_year=last is not None)
    location = _rest(known, months_known, np.array(ratios), last, steps)
    scale = _scale(months_known, np.array(ratios), steps)
    weight = ROUNDING_WEIGHTS if actual_half_width else np.ones(1)
    ways, unit = location.shape[1], float(actual)
    distribution = Mixture(
        offset=np.repeat(known / unit, ways)[None],
        location=location.reshape(1, -1) - np.log(unit),
        scale=np.full((1, location.size), scale),
        freedom=np.full((1, location.size), FREEDOM),
        weight=np.repeat(weight / ways, ways)[None],
    )
    families = ["share of past years" if ratios else "run rate"] * location.size
    return Prediction(
        Answers(distribution, [aim_.scaled(unit)], [max(actual - actual_half_width, 0.0) / unit], families),
        unit=unit,
        method="share" if ratios else "run_rate",
        history_years=len(ratios),
    )


def _growths(evenings: Sequence[Evening], *, by_last_year: bool) -> Floats:
    """Return the log growths of the increments on last year's same ones; else the logs of their rates."""
    found, before = [], Evening(0.0, 0.0, 0.0)
    for evening in evenings:
        span = evening.months - before.months
        if span < LEAST_STEP or (by_last_year and evening.last_year is None):
            continue
        usual = (evening.last_year or 0.0) - (before.last_year or 0.0) if by_last_year else span
        more = evening.total - before.total
        if more > NOTHING * evening.total and usual > NOTHING * (evening.last_year or 0.0):
            found.append(log(more) - log(usual))
        before = evening
    return np.array(found)


def _rest(known: Floats, months: float, ratios: Floats, last: tuple[float, float] | None, steps: Floats) -> Floats:
    """Return the locations of log R: a row for each value of what is known, a column for each way it may go on."""
    so_far = np.log(known)[:, None]
    if not ratios.size:
        return np.asarray(so_far + np.log((MONTHS - months) / months))
    logs = np.log(ratios)
    if last is None:
        return np.asarray(so_far + logs.mean())
    growth = so_far - np.log(last[0])
    if steps.size:
        growth = growth + LATEST_WEIGHT * (steps[-1] - growth[len(growth) // 2])
    usual = np.log(last[0]) + LAST_YEAR_WEIGHT * logs[-1] + (1 - LAST_YEAR_WEIGHT) * logs.mean()
    return np.asarray(usual + KEPT_GROWTH * min(months / SHORTEST_GROWTH, 1.0) * growth)


def _scale(months: float, ratios: Floats, steps: Floats) -> float:
    """Return the scale of log R: a prior as heavy as the past years, and what the increments so far differ by."""
    years, further = ratios.size, max(steps.size - 1, 0)
    if years == 0:
        prior, spread_weight = _at(RUN_RATE_SCALE, months) ** 2, 1.0
    else:
        own = SPREAD_WEIGHT * (years - 1) * np.log(ratios).var(ddof=1) * (1 + 1 / years) if years > 1 else 0.0
        prior = (_at(ONE_YEAR_SCALE if years == 1 else MORE_YEARS_SCALE, months) ** 2 + own) / years
        spread_weight = SPREAD_WEIGHT
    weight = max(years, 1)
    spread = spread_weight * steps.var(ddof=1) if further else 0.0
    return float(np.sqrt((weight * prior + further * spread) / (weight + further)))


def _at(scales: Floats, months: float) -> float:
    return float(np.interp(months, np.arange(1, scales.size + 1), scales))


def _check(actual: float, half_width: float, months_known: float) -> None:
    for name, value in (("actual", actual), ("actual_half_width", half_width)):
        if not np.isfinite(value) or value < 0:
            raise UsageError("number_below_zero", name=name, given=str(value))
    if not 0 < months_known < MONTHS:
        raise UsageError("months_known_out_of_range", given=str(months_known))


@dataclass(frozen=True, slots=True)
class Counted:
    """A total: what has been counted, and to come a negative binomial of `mean` and `size`; all (cases, 1)."""

    known: Floats
    mean: Floats
    size: Floats

    def exceeding(self, totals: Floats) -> Floats:
        """Return P(total > each of `totals`)."""
        rest = np.floor(totals - self.known)
        chance = special().betainc(np.maximum(rest, 0.0) + 1, self.size, self.mean / (self.mean + self.size))
        return np.where(rest < 0, 1.0, chance)

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the smallest totals that are not exceeded with each of `probabilities`."""
        shape = (len(self.known), len(probabilities))
        low = np.broadcast_to(self.known - 1, shape)
        high = np.broadcast_to(np.ceil(self.known + 10 * (self.mean + 10) * (1 + 10 / self.size)), shape)
        for _ in range(MOST_STEPS):
            middle = np.floor((low + high) / 2)
            enough = 1 - self.exceeding(middle) >= probabilities
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
            if (high - low <= 1).all():
                break
        return np.asarray(high)

    def parts(self, families: Sequence[str]) -> list[tuple[list[str], Predictive]]:
        """Return itself, under its name."""
        return [(list(families[:1]), self)]


def is_count(values: Iterable[float], *, yearly: float) -> bool:
    """Return whether values are whole numbers, of which a year has no more than some hundred.

    >>> is_count([3, 0, 5], yearly=20), is_count([0.4], yearly=1), is_count([37600], yearly=270000)
    (True, False, False)
    """
    return yearly <= MOST and all(value >= 0 and float(value).is_integer() for value in values)


def predict_count(
    aim_: Aim,
    *,
    actual: float,
    months_known: float,
    past: Sequence[tuple[float, float]] = (),
    evenings: Sequence[Evening] = (),
) -> Prediction | None:
    """Return the prediction of a window's count, from the same facts as that of any total.

    None when nothing has ever been counted, and without a past year in the first twelfth of the window.

    >>> from targetwatch.evaluation.forecast.prediction import aim
    >>> found = predict_count(aim("at_least", 12, None, grows=True), actual=6, months_known=6, past=[(5, 5), (6, 4)])
    >>> round(found.probability, 2), found.forecast().low, found.forecast().high
    (0.41, 8.0, 15.0)
    """
    counted = sum(to_date + rest for to_date, rest in past)
    if actual + counted <= 0 or (not past and months_known < 1):
        return None
    even = months_known / MONTHS
    share = (sum(to_date for to_date, _ in past) + EVEN_COUNTS * even) / (counted + EVEN_COUNTS)
    before, firmness = _past_rate([to_date + rest for to_date, rest in past])
    shape, exposure = firmness + actual, firmness / before + share
    mean = (1 - share) * shape / exposure
    unrest = _unrest(evenings, actual)
    uncertain = unrest / shape + (unrest - 1) / mean + RATE_DRIFT**2
    counts = Counted(*(np.array([[value]]) for value in (actual, mean, 1 / uncertain)))
    return Prediction(
        Answers(counts, [aim_.counted()], [actual], ("count",)),
        unit=1.0,
        method="count",
        history_years=len(past),
    )


def _past_rate(totals: Sequence[float]) -> tuple[float, float]:
    """Return a year's rate as past years have it, and for how many counts it stands: a gamma's mean and shape."""
    years = len(totals)
    if not years:
        return np.inf, NOTHING_KNOWN
    rate = (sum(totals) + NOTHING_KNOWN) / years
    beyond_chance = max(float(np.var(totals, ddof=1)) / rate - 1, 0.0) / rate if years > 1 else 0.0
    change = (USUAL_CHANGE_YEARS * USUAL_CHANGE**2 + (years - 1) * beyond_chance) / (USUAL_CHANGE_YEARS + years - 1)
    return rate, 1 / (change * (1 + 1 / years) + 1 / (rate * years))


def _unrest(evenings: Sequence[Evening], actual: float) -> float:
    """Return how many times more the increments so far vary than chance would have it; at least one."""
    last, squares, count, before = evenings[-1] if evenings else None, 0.0, 0, (0.0, 0.0, 0.0)
    if last is None or actual <= 0:
        return 1.0
    for evening in evenings:
        year_ago = evening.last_year if evening.last_year is not None else before[2]
        span, usual = evening.months - before[0], year_ago - before[2]
        expected = actual * (usual + EVEN_COUNTS * span / MONTHS)
        expected /= (last.last_year or 0.0) + EVEN_COUNTS * last.months / MONTHS
        if expected > 0:
            squares += (evening.total - before[1] - expected) ** 2 / expected
            count += 1
        before = (evening.months, evening.total, year_ago)
    return max((CALM_INCREMENTS + squares) / (CALM_INCREMENTS + max(count - 1, 0)), 1.0)
