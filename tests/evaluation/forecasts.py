"""One forecast at a time, its goal said in words."""

from __future__ import annotations

from typing import Any

from targetwatch.evaluation.forecast import aim, predict_total
from targetwatch.model import Comparator, Forecast

Said = Comparator | str


def forecast_total(
    *, goal: float, comparator: Said = "at_least", upper: float | None = None, **known: Any
) -> Forecast | None:
    found = predict_total(aim(comparator, goal, upper, grows=True), **known)
    return None if found is None else found.forecast()
