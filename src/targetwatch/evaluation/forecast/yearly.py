"""The forecast of a calendar year from single months: a flow's total, or a level at the year's end.

The default is the structural forecast; `method` chooses one of the pools it was measured against.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.design import FLOW_MODELS, LEVEL_MODELS
from targetwatch.evaluation.forecast.outcome import Aim, Prediction, aim
from targetwatch.evaluation.forecast.pools import pool2_flow, pool2_level
from targetwatch.evaluation.forecast.structural import MOST_YEARS, structural_flow, structural_level
from targetwatch.evaluation.forecast.theta import pool3_flow
from targetwatch.evaluation.forecast.total import predict_total

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from targetwatch.evaluation.forecast.mixture import Floats, Predictive
    from targetwatch.model import Comparator, Forecast

METHODS = ("structural", "pool2", "pool3")
POOL_YEARS = 3
MOST_TIMES = 1e100
MOST_EMPTY_MONTHS = 0.1
POOL_MEMBERS = ("share of past years", "recent growth")
FLOW_FAMILIES, LEVEL_FAMILIES = (tuple(model.family for model in models) for models in (FLOW_MODELS, LEVEL_MODELS))
LEVEL_MEMBERS = ("usual step to December", "last year plus growth")


def forecast_flow(
    history: npt.ArrayLike,
    year_to_date: npt.ArrayLike,
    goal: float,
    comparator: Comparator | str = "at_least",
    *,
    upper: float | None = None,
    method: str = "structural",
) -> Forecast | None:
    """Return the forecast of a year's total; None when there is too little to say.

    Args:
        history: (years, 12) single months of complete past years, oldest first; no year, one or more.
        year_to_date: (m,) single months of the year running, 1 <= m <= 11. All values are at least 0.
        goal: the total that is promised.
        comparator: at_least, above, at_most, below or between.
        upper: the upper end of the band of "between".
        method: "structural", or "pool2" or "pool3" (the extra `targetwatch[forecast]`).

    Returns:
        A forecast whose probability is exactly 1 once the goal is reached and exactly 0 once a cap is passed. It
        comes from the sums alone (method "share") where many months are empty outside an empty season, and from the
        rate so far ("run_rate") without a past year. None when nothing has been counted in five years and this one.

    Raises:
        UsageError: values that are not numbers, negative, or not in that shape.
    """
    found = predict_flow(history, year_to_date, aim(comparator, goal, upper, grows=True), method=method)
    return None if found is None else found.forecast()


def predict_flow(
    history: npt.ArrayLike, year_to_date: npt.ArrayLike, aim_: Aim, *, method: str = "structural"
) -> Prediction | None:
    """Return the prediction that `forecast_flow` tells of."""
    _check_method(method)
    past, known = _months(history, year_to_date)
    (least, most), (lowest, highest) = _extent(past), _extent(known)
    if least < 0 or lowest < 0:
        raise UsageError("flow_below_zero", given=str(min(least, lowest)))
    if least == 0:
        past = _years_that_count(past)
        _, most = _extent(past)
    if highest > MOST_TIMES * most:
        past = past[:0]
    unit = most if past.size else highest
    if unit == 0:
        return None
    past, known, aim_ = past / unit, known / unit, aim_.scaled(unit)
    sparse = not past.size or (least / unit == 0 and (past[:, past.any(0)] == 0).mean() > MOST_EMPTY_MONTHS)
    if (sparse and (known.any() or not past.size)) or (method != "structural" and not _fit_for_pools(past, known)):
        return _from_sums(past, known, aim_, unit=unit)
    fit: dict[str, Callable[[Floats, Floats], Predictive]] = {
        "structural": structural_flow,
        "pool2": pool2_flow,
        "pool3": pool3_flow,
    }
    return Prediction(
        fit[method](past[None], known[None]),
        aim_,
        unit=unit,
        known=float(known.sum()),
        method=method,
        history_years=min(len(past), MOST_YEARS),
        families=FLOW_FAMILIES if method == "structural" else POOL_MEMBERS,
    )


def forecast_level(
    history: npt.ArrayLike,
    known: npt.ArrayLike,
    goal: float,
    comparator: Comparator | str = "at_least",
    *,
    upper: float | None = None,
    method: str = "structural",
) -> Forecast | None:
    """Return the forecast of a level's value in the year's last month; None without a complete past year.

    Args:
        history: (years, 12) values at the ends of the months of complete past years, oldest first.
        known: (m,) values of the year running, 1 <= m <= 11. Values may be negative; the forecast is then made
            without logarithms.
        goal: the value that is promised.
        comparator: at_least, above, at_most, below or between.
        upper: the upper end of the band of "between".
        method: "structural" or "pool2".

    Raises:
        UsageError: values that are not numbers or not in that shape.
    """
    found = predict_level(history, known, aim(comparator, goal, upper, grows=False), method=method)
    return None if found is None else found.forecast()


def predict_level(
    history: npt.ArrayLike, known: npt.ArrayLike, aim_: Aim, *, method: str = "structural"
) -> Prediction | None:
    """Return the prediction that `forecast_level` tells of."""
    _check_method(method)
    past, running = _months(history, known)
    unit = max(map(abs, (*_extent(past), *_extent(running))))
    if not past.size or unit == 0:
        return None
    past, running = past / unit, running / unit
    pooled = method != "structural" and _fit_for_pools(past, running)
    return Prediction(
        (pool2_level if pooled else structural_level)(past[None], running[None]),
        aim_.scaled(unit),
        unit=unit,
        known=float(running[-1]),
        method="pool2" if pooled else "structural",
        history_years=min(len(past), MOST_YEARS),
        families=LEVEL_MEMBERS if pooled else LEVEL_FAMILIES,
    )


def _from_sums(past: Floats, known: Floats, aim_: Aim, *, unit: float) -> Prediction | None:
    """Return the prediction from sums alone: without history, and where single months say little."""
    months = known.size
    found = predict_total(
        aim_,
        actual=float(known.sum()),
        months_known=float(months),
        past=[(float(year[:months].sum()), float(year[months:].sum())) for year in past[-MOST_YEARS:]],
    )
    if found is not None:
        found.larger_unit = unit
    return found


def _years_that_count(past: Floats) -> Floats:
    """Return past years from the first one in which anything was counted; none when the recent ones are all empty."""
    counted = past[np.maximum.accumulate(past.max(1, initial=0.0)) > 0]
    return counted if counted[-MOST_YEARS:].any() else counted[:0]


def _fit_for_pools(past: Floats, known: Floats) -> bool:
    """Return whether the pools can be computed: three years, and nothing that has no logarithm."""
    return len(past) >= POOL_YEARS and bool((past > 0).all() and (known > 0).all())


def _months(history: npt.ArrayLike, running: npt.ArrayLike) -> tuple[Floats, Floats]:
    past: Any = np.asarray(history, dtype=float)
    known: Any = np.asarray(running, dtype=float)
    if past.size == 0:
        past = np.empty((0, MONTHS))
    if past.ndim != 2 or past.shape[1] != MONTHS:  # noqa: PLR2004 - years by months
        raise UsageError("history_not_in_years", given=str(past.shape))
    if known.ndim != 1 or not 1 <= known.size < MONTHS:
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


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise UsageError("forecast_method_unknown", given=method, methods=METHODS)
