"""One forecast at a time, its goal said in words."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from targetwatch.evaluation.forecast import ToForecast, aim, predict_flows, predict_levels, predict_total
from targetwatch.model import Comparator, Forecast

Said = Comparator | str


def forecast_flow(
    history: npt.ArrayLike, known: npt.ArrayLike, goal: float, comparator: Said = "at_least", *, upper: Any = None
) -> Forecast | None:
    (found,) = predict_flows([ToForecast(history, known, aim(comparator, goal, upper, grows=True))])
    return None if found is None else found.forecast()


def forecast_level(
    history: npt.ArrayLike, known: npt.ArrayLike, goal: float, comparator: Said = "at_least", *, upper: Any = None
) -> Forecast | None:
    (found,) = predict_levels([ToForecast(history, known, aim(comparator, goal, upper, grows=False))])
    return None if found is None else found.forecast()


def forecast_total(
    *, goal: float, comparator: Said = "at_least", upper: float | None = None, **known: Any
) -> Forecast | None:
    found = predict_total(aim(comparator, goal, upper, grows=True), **known)
    return None if found is None else found.forecast()
