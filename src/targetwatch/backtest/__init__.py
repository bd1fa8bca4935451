"""How good have we been at this? The past judged as it would have been, scored against what came.

Knows readings, not where they come from: the public set and an organisation's own indicators are asked about alike.
Pure: no clock, no files.
"""

from __future__ import annotations

from targetwatch.backtest.past import (
    GOALS,
    Bin,
    PastAnswer,
    Question,
    Score,
    answers,
    calibration,
    calibration_svg,
    day_reached,
    log_losses,
    own_questions,
    scores,
)

__all__ = [
    "GOALS",
    "Bin",
    "PastAnswer",
    "Question",
    "Score",
    "answers",
    "calibration",
    "calibration_svg",
    "day_reached",
    "log_losses",
    "own_questions",
    "scores",
]
