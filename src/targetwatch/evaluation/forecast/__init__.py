"""The value at the deadline, its 80 % interval, and the probability of attaining the goal.

`forecast_flow` and `forecast_level` take single months, `forecast_total` sums at irregular dates; `predict_...` tell
the probability first and the rest when it is asked for. Pure: no clock, no
files. numpy is loaded when a name is first asked for, scipy.special when something is first forecast. Formulas,
sources and measurements are in docs/method.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from targetwatch.evaluation.forecast.annual_changes import predict_steps
    from targetwatch.evaluation.forecast.calendar_year import (
        METHODS,
        ToForecast,
        forecast_flow,
        forecast_level,
        predict_flow,
        predict_flows,
        predict_level,
        predict_levels,
    )
    from targetwatch.evaluation.forecast.counts import is_count, predict_count
    from targetwatch.evaluation.forecast.outcome import aim
    from targetwatch.evaluation.forecast.total import Evening, forecast_total, predict_total

__all__ = [
    "METHODS",
    "Evening",
    "ToForecast",
    "aim",
    "forecast_flow",
    "forecast_level",
    "forecast_total",
    "is_count",
    "predict_count",
    "predict_flow",
    "predict_flows",
    "predict_level",
    "predict_levels",
    "predict_steps",
    "predict_total",
]

HOMES = {
    "METHODS": "calendar_year",
    "ToForecast": "calendar_year",
    "Evening": "total",
    "aim": "outcome",
    "forecast_flow": "calendar_year",
    "forecast_level": "calendar_year",
    "forecast_total": "total",
    "is_count": "counts",
    "predict_count": "counts",
    "predict_flow": "calendar_year",
    "predict_flows": "calendar_year",
    "predict_level": "calendar_year",
    "predict_levels": "calendar_year",
    "predict_steps": "annual_changes",
    "predict_total": "total",
}


def __getattr__(name: str) -> object:
    """Return a public name, loading its module on first use; from then on it is here."""
    if name not in HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found = globals()[name] = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    return found
