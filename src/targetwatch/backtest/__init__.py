"""How good have we been at this? Forecasts of past years, made as they would have been, scored against what came.

Knows arrays of monthly values, not where they come from: the public set and an organisation's own indicators are fed
alike. Pure: no clock but the stopwatch, no files.
"""

from __future__ import annotations

from targetwatch.backtest.picture import calibration_svg
from targetwatch.backtest.questions import (
    FLOW_GOALS,
    LEVEL_GOALS,
    MonthlySeries,
    Questions,
    flow_questions,
    level_questions,
)
from targetwatch.backtest.run import (
    FLOW_METHODS,
    LEVEL_METHODS,
    Bin,
    Comparison,
    MonthScore,
    Result,
    Score,
    backtest,
    compare,
)

__all__ = [
    "FLOW_GOALS",
    "FLOW_METHODS",
    "LEVEL_GOALS",
    "LEVEL_METHODS",
    "Bin",
    "Comparison",
    "MonthScore",
    "MonthlySeries",
    "Questions",
    "Result",
    "Score",
    "backtest",
    "calibration_svg",
    "compare",
    "flow_questions",
    "level_questions",
]
