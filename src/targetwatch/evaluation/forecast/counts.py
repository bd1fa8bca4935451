"""The forecast of a count: a gamma-Poisson on the rate, where whole numbers are too few for logarithms.

The rate of past years is the prior, as firm as they agree; what was counted so far makes it the window's own. The rest
is a negative binomial: the chance of counting, what is not known of the rate, and what may still change in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.mixture import MOST_STEPS, Floats, Predictive, special
from targetwatch.evaluation.forecast.outcome import Aim, Answers, Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from targetwatch.evaluation.forecast.total import Evening

MOST = 300
"""A year of more is forecast by its logarithm: what is counted then varies less than the rate."""
NOTHING_KNOWN = 0.5
USUAL_CHANGE, USUAL_CHANGE_YEARS = 0.12, 2.0
"""By how much the rate changes from year to year, and for how many years that counts."""
RATE_DRIFT = 0.12
EVEN_COUNTS = 60.0
"""So many counts spread evenly over the year are added to the past ones before its season is read from them."""
CALM_INCREMENTS = 4.0


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

    >>> from targetwatch.evaluation.forecast.outcome import aim
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
