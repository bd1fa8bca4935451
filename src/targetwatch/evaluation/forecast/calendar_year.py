"""The forecast of a calendar year from single months: a flow's total, or a level at the year's end.

Many cases are forecast together: those with equally many past years and months known are one array.

Where only yearly values are known a value is forecast by its own steps a year apart: four are enough to say how such a
series moves, and a goal several years off is the sum of so many steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.pools import pool_flow
from targetwatch.evaluation.forecast.prediction import Aim, Answers, Mixture, Prediction, aim
from targetwatch.evaluation.forecast.structural import (
    FLOW_MODELS,
    LEVEL_MODELS,
    MOST_YEARS,
    structural_flow,
    structural_level,
)
from targetwatch.evaluation.forecast.total import Evening, predict_total

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from targetwatch.evaluation.forecast.prediction import Floats, Predictive
    from targetwatch.model import Comparator, Forecast

POOL_YEARS = 3
QUARTERS = 4
MOST_TIMES = 1e100
MOST_EMPTY_MONTHS = 0.1
FLOW_FAMILIES, LEVEL_FAMILIES = (tuple(model.family for model in models) for models in (FLOW_MODELS, LEVEL_MODELS))
POOL_MEMBERS = ("structural models", "exponential smoothing", "share and growth")
FLOW_FITS: dict[str, tuple[Callable[[Floats, Floats], Predictive], tuple[str, ...]]] = {
    "pool": (pool_flow, POOL_MEMBERS),
    "structural": (structural_flow, FLOW_FAMILIES),
}
LEVEL_FITS: dict[str, tuple[Callable[[Floats, Floats], Predictive], tuple[str, ...]]] = {
    "structural": (structural_level, LEVEL_FAMILIES),
}
FEWEST_VALUES, MOST_VALUES = 4, 11
KEPT_DRIFT = 0.7
WIDEN = 1.1
SMALLEST_STEP = 0.002


class ToForecast(NamedTuple):
    """What is known of a series, and what is aimed at: (years, 12) past months, oldest first, and the running ones."""

    history: npt.ArrayLike
    running: npt.ArrayLike
    aim: Aim


class Ready(NamedTuple):
    """A case in its own unit, the distribution that fits it, and what is known of the outcome."""

    past: Floats
    running: Floats
    aim: Aim
    unit: float
    known: float
    method: str
    is_positive: bool


def forecast_flow(
    history: npt.ArrayLike,
    year_to_date: npt.ArrayLike,
    goal: float,
    comparator: Comparator | str = "at_least",
    *,
    upper: float | None = None,
) -> Forecast | None:
    """Return the forecast of a year's total; None when there is too little to say.

    Args:
        history: (years, 12) single months of complete past years, oldest first; no year, one or more.
        year_to_date: (m,) single months of the year running, 1 <= m <= 11. All values are at least 0.
        goal: the total that is promised.
        comparator: at_least, above, at_most, below or between.
        upper: the upper end of the band of "between".

    Returns:
        A forecast whose probability is exactly 1 once the goal is reached and exactly 0 once a cap is passed.

    Raises:
        UsageError: values that are not numbers, negative, or not in that shape.
    """
    return _told(predict_flows([ToForecast(history, year_to_date, aim(comparator, goal, upper, grows=True))])[0])


def forecast_level(
    history: npt.ArrayLike,
    known: npt.ArrayLike,
    goal: float,
    comparator: Comparator | str = "at_least",
    *,
    upper: float | None = None,
) -> Forecast | None:
    """Return the forecast of a level in the year's last month, of arguments like those of `forecast_flow`."""
    return _told(predict_levels([ToForecast(history, known, aim(comparator, goal, upper, grows=False))])[0])


def forecast_flows(
    histories: npt.ArrayLike,
    years_to_date: npt.ArrayLike,
    goals: npt.ArrayLike,
    comparator: Comparator | str = "at_least",
) -> list[Forecast | None]:
    """Return the forecasts of many totals at once; a batch of one gives the numbers of `forecast_flow`.

    Args:
        histories: (cases, years, 12), the years a case does not have NaN as a whole.
        years_to_date: (cases, m), the months of a case that are not known yet NaN at its end.
        goals: (cases,).
        comparator: of all of them, one of those with a single end.

    Raises:
        UsageError: as `forecast_flow` does, for any case.
    """
    pasts, runnings = np.asarray(histories, dtype=float), np.asarray(years_to_date, dtype=float)
    cases = [
        ToForecast(
            past[~np.isnan(past).all(axis=1)],
            running[: int(np.flatnonzero(~np.isnan(running)).max(initial=-1)) + 1],
            aim(comparator, float(goal), None, grows=True),
        )
        for past, running, goal in zip(pasts, runnings, np.asarray(goals, dtype=float), strict=True)
    ]
    return [_told(found) for found in predict_flows(cases)]


def _told(found: Prediction | None) -> Forecast | None:
    return None if found is None else found.forecast()


def predict_flows(cases: Sequence[ToForecast]) -> list[Prediction | None]:
    """Return the prediction of each year's total, made together; the same numbers as each alone.

    `history` are (years, 12) single months of complete past years, oldest first, `running` 1 to 11 of the year running,
    none below 0. The probability is exactly 1 once the goal is reached and exactly 0 once a cap is passed. The
    prediction comes from the sums alone (method "share") where many months are empty outside an empty season, and from
    the rate so far ("run_rate") without a past year. None when nothing has been counted in five years and this one.

    Raises:
        UsageError: values that are not numbers, negative, or not in that shape.
    """
    return _predicted([_ready_flow(case) for case in cases], FLOW_FITS)


def _ready_flow(case: ToForecast) -> Ready | Prediction | None:
    past, known = _months(case.history, case.running)
    (least, most), (lowest, highest) = _extent(past), _extent(known)
    if least < 0 or lowest < 0:
        raise UsageError("flow_below_zero", given=str(min(least, lowest)))
    if least == 0:
        past = _years_that_count(past)
        least, most = _extent(past)
    if highest > MOST_TIMES * most:
        past = past[:0]
    unit = most if past.size else highest
    if unit == 0:
        return None
    past, known, aim_ = past / unit, known / unit, case.aim.scaled(unit)
    sparse = not past.size or (least / unit == 0 and (past[:, past.any(0)] == 0).mean() > MOST_EMPTY_MONTHS)
    if sparse and (known.any() or not past.size):
        return _from_sums(past, known, aim_, unit=unit)
    is_positive = least > 0 and lowest > 0
    method = "pool" if is_positive and len(past) >= POOL_YEARS else "structural"
    return Ready(past[-MOST_YEARS:], known, aim_, unit, float(known.sum()), method, is_positive)


def _predicted(
    asked: Sequence[Ready | Prediction | None],
    fits: dict[str, tuple[Callable[[Floats, Floats], Predictive], tuple[str, ...]]],
) -> list[Prediction | None]:
    """Return a prediction for each, those of one shape fitted together."""
    together: dict[tuple[object, ...], list[int]] = {}
    for number, one in enumerate(asked):
        if isinstance(one, Ready):
            key = (one.method, one.past.shape, one.running.size, one.is_positive)
            together.setdefault(key, []).append(number)
    found = [None if isinstance(one, Ready) else one for one in asked]
    for numbers in together.values():
        ready = [one for one in (asked[number] for number in numbers) if isinstance(one, Ready)]
        fit, families = fits[ready[0].method]
        past, running = np.stack([one.past for one in ready]), np.stack([one.running for one in ready])
        answers = Answers(fit(past, running), [one.aim for one in ready], [one.known for one in ready], families)
        for case, (number, one) in enumerate(zip(numbers, ready, strict=True)):
            found[number] = Prediction(answers, one.unit, one.method, len(one.past), case)
    return found


def predict_levels(cases: Sequence[ToForecast]) -> list[Prediction | None]:
    """Return the prediction of each level in the year's last month, made together; the same numbers as each alone.

    `history` are (years, 12) values at the ends of the months of complete past years, oldest first, or (years, 4) at
    those of the quarters; `running` those of the year running, at least one and not all. Values may be negative; then
    no logarithms are taken. None without a complete past year.

    Raises:
        UsageError: values that are not numbers or not in that shape.
    """
    return _predicted([_ready_level(case) for case in cases], LEVEL_FITS)


def _ready_level(case: ToForecast) -> Ready | None:
    past, running = _months(case.history, case.running, (MONTHS, QUARTERS))
    (least, most), (lowest, highest) = _extent(past), _extent(running)
    unit = max(map(abs, (least, most, lowest, highest)))
    if not past.size or unit == 0:
        return None
    past, running, is_positive = past / unit, running / unit, least > 0 and lowest > 0
    known, aim_ = float(running[-1]), case.aim.scaled(unit)
    return Ready(past[-MOST_YEARS:], running, aim_, unit, known, "structural", is_positive)


def _from_sums(past: Floats, known: Floats, aim_: Aim, *, unit: float) -> Prediction | None:
    """Return the prediction from sums alone: without history, and where single months say little."""
    months = known.size
    totals, last_year = known.cumsum().tolist(), past[-1, :months].cumsum().tolist() if len(past) else [None] * months
    found = predict_total(
        aim_,
        actual=float(known.sum()),
        months_known=float(months),
        past=[(float(year[:months].sum()), float(year[months:].sum())) for year in past[-MOST_YEARS:]],
        evenings=[
            Evening(float(m), total, before)
            for m, (total, before) in enumerate(zip(totals, last_year, strict=True), start=1)
        ],
    )
    return None if found is None else replace(found, larger_unit=unit)


def _years_that_count(past: Floats) -> Floats:
    """Return past years from the first one in which anything was counted; none when the recent ones are all empty."""
    counted = past[np.maximum.accumulate(past.max(1, initial=0.0)) > 0]
    return counted if counted[-MOST_YEARS:].any() else counted[:0]


def _months(
    history: npt.ArrayLike, running: npt.ArrayLike, periods: tuple[int, ...] = (MONTHS,)
) -> tuple[Floats, Floats]:
    past: Any = np.asarray(history, dtype=float)
    known: Any = np.asarray(running, dtype=float)
    if past.size == 0:
        past = np.empty((0, MONTHS))
    if past.ndim != 2 or past.shape[1] not in periods:  # noqa: PLR2004 - years by months
        raise UsageError("history_not_in_years", given=str(past.shape))
    if known.ndim != 1 or not 1 <= known.size < past.shape[1]:
        raise UsageError("not_one_to_eleven_months", given=str(known.shape))
    return past, known


def _extent(months: Floats) -> tuple[float, float]:
    """Return the smallest and the largest of single months; nothing of none."""
    if not months.size:
        return 0.0, 0.0
    least, most = float(np.minimum.reduce(months, None)), float(np.maximum.reduce(months, None))
    if not (isfinite(least) and isfinite(most)):
        raise UsageError("months_not_finite")
    return least, most


def predict_steps(aim_: Aim, values: Sequence[float], ahead: float) -> Prediction | None:
    """Return the prediction of what a value will be `ahead` steps from now; None with fewer than four values.

    Args:
        aim_: what is aimed at.
        values: one a step, oldest first, the last one now. Positive ones move in logarithms.
        ahead: how many steps lie between now and the deadline, not necessarily whole.

    The drift is seven tenths of the mean step; what is not known of it counts with the square of the time ahead.

    >>> from targetwatch.evaluation.forecast.prediction import aim
    >>> wanted = aim("at_least", 130, None, grows=False)
    >>> [round(predict_steps(wanted, [100, 104, 109, 112], ahead).probability, 2) for ahead in (1, 3, 6)]
    [0.01, 0.06, 0.57]
    """
    given = np.array(values[-MOST_VALUES:], dtype=float)
    if not np.isfinite(given).all():
        raise UsageError("months_not_finite")
    unit = float(np.abs(given).max(initial=0.0))
    if given.size < FEWEST_VALUES or unit == 0 or ahead <= 0:
        return None
    given = given / unit
    logarithmic = bool((given > 0).all())
    steps = np.diff(np.log(given) if logarithmic else given)
    now = np.log(given[-1]) if logarithmic else given[-1]
    spread = WIDEN * max(float(steps.std(ddof=1)), SMALLEST_STEP) * np.sqrt(ahead + ahead**2 / steps.size)
    figures = (0.0, now + KEPT_DRIFT * ahead * steps.mean(), spread, steps.size - 1.0, 1.0)
    offset, location, scale, freedom, weight = (np.array([[figure]]) for figure in figures)
    distribution = Mixture(offset, location, scale, freedom, weight, logarithmic=logarithmic)
    return Prediction(
        Answers(distribution, [aim_.scaled(unit)], [float(given[-1])], ("steps",)),
        unit=unit,
        method="steps",
        history_years=int(given.size),
    )
