"""The forecast of a total from sums alone: irregular dates, year-to-date figures, one growth rate and little else.

Speaks of a window of any length by the fraction of it that is known. What is past years' is given as pairs of sums
up to the same date and after it; without any, the total so far is carried on at its own rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.mixture import Mixture
from targetwatch.evaluation.forecast.outcome import Prediction, aim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.evaluation.forecast.mixture import Floats
    from targetwatch.evaluation.forecast.outcome import Aim
    from targetwatch.model import Comparator, Forecast

FREEDOM = 3.0
KEPT_GROWTH = 0.8
LAST_YEAR_WEIGHT = 0.7
# Scale of log(rest / forecast) by months known 1..11: without a past year, with one, with more (docs/method.md).
RUN_RATE_SCALE = np.array([0.254, 0.208, 0.178, 0.170, 0.153, 0.146, 0.153, 0.170, 0.208, 0.241, 0.281])
ONE_YEAR_SCALE = 0.7 * np.array([0.197, 0.161, 0.153, 0.139, 0.139, 0.132, 0.132, 0.132, 0.139, 0.146, 0.170])
MORE_YEARS_SCALE = 0.6 * np.array([0.170, 0.139, 0.132, 0.125, 0.125, 0.119, 0.119, 0.125, 0.132, 0.132, 0.153])
LEAST_MONTHS_ALONE = 1.0
# Three points that stand for a value anywhere within its rounding (Gauss-Legendre).
ROUNDING_POINTS = np.array([-np.sqrt(0.6), 0.0, np.sqrt(0.6)])
ROUNDING_WEIGHTS = np.array([5.0, 8.0, 5.0]) / 18


def forecast_total(
    *,
    actual: float,
    months_known: float,
    goal: float,
    comparator: Comparator | str = "at_least",
    upper: float | None = None,
    actual_half_width: float = 0.0,
    past: Sequence[tuple[float, float]] = (),
    remaining_ratios: Sequence[float] = (),
) -> Forecast | None:
    """Return the forecast of a window's total, of which `actual` is known; None when there is too little to say.

    Args:
        actual: the total so far, not negative.
        months_known: how much of the window that covers, in twelfths of the window: 0 < months_known < 12. A window
            of three years of which one is known counts as 4.
        goal: what is promised.
        comparator: at_least, above, at_most, below or between.
        upper: the upper end of the band of "between".
        actual_half_width: the rounding `actual` was published with; it widens the interval.
        past: of past years (or windows), oldest first: (sum up to the same date, sum after it). The last is last
            year's: its growth so far is carried on, by four fifths.
        remaining_ratios: where only their quotient is known, sum after the date / sum up to it, oldest first.

    Returns:
        None without a past year when less than a twelfth of the window is known, or when nothing has been counted.

    Raises:
        UsageError: a value that is not a number or out of range.
    """
    found = predict_total(
        aim(comparator, goal, upper, grows=True),
        actual=actual,
        months_known=months_known,
        actual_half_width=actual_half_width,
        past=past,
        remaining_ratios=remaining_ratios,
    )
    return None if found is None else found.forecast()


def predict_total(
    aim_: Aim,
    *,
    actual: float,
    months_known: float,
    actual_half_width: float = 0.0,
    past: Sequence[tuple[float, float]] = (),
    remaining_ratios: Sequence[float] = (),
) -> Prediction | None:
    """Return the prediction that `forecast_total` tells of."""
    _check(actual, actual_half_width, months_known)
    pairs = [(to_date, rest) for to_date, rest in past if to_date > 0 and rest > 0]
    ratios = [ratio for ratio in remaining_ratios if ratio > 0] + [rest / to_date for to_date, rest in pairs]
    if actual <= 0 or (not ratios and months_known < LEAST_MONTHS_ALONE):
        return None
    last = pairs[-1] if pairs and past[-1] == pairs[-1] else None
    known = np.maximum(actual + actual_half_width * ROUNDING_POINTS, 0.0) if actual_half_width else np.array([actual])
    known = np.maximum(known, actual * np.finfo(float).eps)
    location, scale = _rest(known, months_known, np.array(ratios), last)
    weight = ROUNDING_WEIGHTS if actual_half_width else np.ones(1)
    unit = float(actual)
    return Prediction(
        Mixture(
            offset=known[None] / unit,
            location=location[None] - np.log(unit),
            scale=np.full((1, known.size), scale),
            freedom=np.full((1, known.size), FREEDOM),
            weight=weight[None],
        ),
        aim_.scaled(unit),
        unit=unit,
        known=max(actual - actual_half_width, 0.0) / unit,
        method="share" if ratios else "run_rate",
        history_years=len(ratios),
        families=["share of past years" if ratios else "run rate"] * known.size,
    )


def _rest(known: Floats, months: float, ratios: Floats, last: tuple[float, float] | None) -> tuple[Floats, float]:
    """Return the location of log R for each value of what is known, and its scale."""
    so_far = np.log(known)
    if not ratios.size:
        return so_far + np.log((MONTHS - months) / months), _at(RUN_RATE_SCALE, months)
    logs = np.log(ratios)
    if last is None:
        usual = so_far + logs.mean()
    else:
        carried = np.log(last[0]) + KEPT_GROWTH * (so_far - np.log(last[0]))
        usual = carried + LAST_YEAR_WEIGHT * logs[-1] + (1 - LAST_YEAR_WEIGHT) * logs.mean()
    years = ratios.size
    if years == 1:
        return usual, _at(ONE_YEAR_SCALE, months)
    own = (years - 1) * logs.var(ddof=1) * (1 + 1 / years)
    return usual, float(np.sqrt((_at(MORE_YEARS_SCALE, months) ** 2 + own) / years))


def _at(scales: Floats, months: float) -> float:
    return float(np.interp(months, np.arange(1, scales.size + 1), scales))


def _check(actual: float, half_width: float, months_known: float) -> None:
    for name, value in (("actual", actual), ("actual_half_width", half_width)):
        if not np.isfinite(value) or value < 0:
            raise UsageError("number_below_zero", name=name, given=str(value))
    if not 0 < months_known < MONTHS:
        raise UsageError("months_known_out_of_range", given=str(months_known))
