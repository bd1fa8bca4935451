"""The progress of a target as a bar: how far it has come, how far it should have by then, where the goal is.

Geometry only, in the units of the drawing; the templates draw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.model import Measure

if TYPE_CHECKING:
    from targetwatch.model import Indicator, StepState, Verdict

WIDTH = 100.0
LARGEST_RATIO = 2.0
"""A goal passed many times over must not squeeze the plan's tick into the first pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bullet bar, positions 0..100; `steps` instead where progress is counted in milestones."""

    fill: float | None = None
    plan: float | None = None
    goal: float = WIDTH
    progress_ratio: float | None = None
    expected_ratio: float | None = None
    beyond: bool = False
    steps: tuple[StepState, ...] = ()


def bar_of(verdict: Verdict, indicator: Indicator) -> Bar | None:
    """Return the bar of a verdict; None where there is no goal to measure against."""
    if indicator.measure is Measure.MILESTONES:
        return Bar(steps=verdict.steps)
    if verdict.goal_value is None:
        return None
    progress, expected = verdict.progress_ratio, verdict.expected_progress_ratio
    longest = max(1.0, min(progress or 0.0, LARGEST_RATIO), min(expected or 0.0, LARGEST_RATIO))
    scale = WIDTH / longest
    return Bar(
        fill=None if progress is None else _inside(progress * scale),
        plan=None if expected is None else _inside(expected * scale),
        goal=scale,
        progress_ratio=progress,
        expected_ratio=expected,
        beyond=progress is not None and progress > LARGEST_RATIO,
    )


def _inside(position: float) -> float:
    return round(min(max(position, 0.0), WIDTH), 2)
