"""An organisation's own indicators as monthly series, to ask how good its forecasts have been."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from targetwatch.backtest.questions import MONTHS, MonthlySeries
from targetwatch.evaluation.days import month_ends_after
from targetwatch.evaluation.outlook import single_months
from targetwatch.evaluation.series import Flow, in_force, level
from targetwatch.model import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import AsOf, Indicator, Reading


def monthly_series(indicator: Indicator, readings: Sequence[Reading], as_of: AsOf) -> MonthlySeries | None:
    """Return the single months of an indicator as known by `as_of`; None when no calendar year is complete."""
    known = in_force(readings, indicator.authority, as_of)
    if not known or indicator.measure is Measure.MILESTONES:
        return None
    first, last = known[0].period.end.year, known[-1].period.end.year
    months = (
        _flow_months(known, first, last) if indicator.measure is Measure.FLOW else _level_months(known, first, last)
    )
    complete = ~np.isnan(months).any(axis=1)
    if not complete.any():
        return None
    used = slice(int(complete.argmax()), len(complete) - int(complete[::-1].argmax()))
    return MonthlySeries(indicator.id, first + used.start, months[used])


def _flow_months(known: list[Reading], first: int, last: int) -> np.ndarray:
    flow, months = Flow.of(known), np.full((last - first + 1, MONTHS), np.nan)
    for row, year in enumerate(range(first, last + 1)):
        origin = date(year - 1, 12, 31)
        values = single_months(flow, month_ends_after(origin), origin)
        if values is not None:
            months[row] = values
    return months


def _level_months(known: list[Reading], first: int, last: int) -> np.ndarray:
    points, months = level(known), np.full((last - first + 1, MONTHS), np.nan)
    for row, year in enumerate(range(first, last + 1)):
        for month, end in enumerate(month_ends_after(date(year - 1, 12, 31))):
            if end in points:
                months[row, month] = float(points[end].value)
    return months
