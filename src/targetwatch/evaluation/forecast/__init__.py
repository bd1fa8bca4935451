"""The value at the deadline, its 80 % interval, and the probability of attaining the goal.

`calendar_year` takes single months and yearly values, `total` sums at irregular dates and what is counted one by one:
`predict_...` tells the probability first and the rest when it is asked for, `forecast_...` all of it, for programs that
have arrays and no readings. Pure: no clock, no files. numpy is loaded when a name is first asked for, scipy.special
when something is first forecast. Formulas, sources and measurements are in docs/method.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from targetwatch.evaluation.forecast.calendar_year import ToForecast as ToForecast
    from targetwatch.evaluation.forecast.calendar_year import forecast_flow as forecast_flow
    from targetwatch.evaluation.forecast.calendar_year import forecast_flows as forecast_flows
    from targetwatch.evaluation.forecast.calendar_year import forecast_level as forecast_level
    from targetwatch.evaluation.forecast.calendar_year import predict_flows as predict_flows
    from targetwatch.evaluation.forecast.calendar_year import predict_levels as predict_levels
    from targetwatch.evaluation.forecast.calendar_year import predict_steps as predict_steps
    from targetwatch.evaluation.forecast.prediction import aim as aim
    from targetwatch.evaluation.forecast.total import Evening as Evening
    from targetwatch.evaluation.forecast.total import is_count as is_count
    from targetwatch.evaluation.forecast.total import predict_count as predict_count
    from targetwatch.evaluation.forecast.total import predict_total as predict_total

HOMES = {
    "calendar_year": (
        "ToForecast",
        "forecast_flow",
        "forecast_flows",
        "forecast_level",
        "predict_flows",
        "predict_levels",
        "predict_steps",
    ),
    "prediction": ("aim",),
    "total": ("Evening", "is_count", "predict_count", "predict_total"),
}


def __getattr__(name: str) -> object:
    """Return a public name, loading its module on first use; from then on it is here."""
    home = next((module for module, names in HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found


def load() -> None:
    """Load what is loaded on first use: half a second that the first figure of a process would wait for."""
    for home in HOMES:
        import_module(f"{__name__}.{home}")
    import_module(f"{__name__}.prediction").special()
