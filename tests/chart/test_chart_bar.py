"""The bar of a target: filled to what is done, ticked where the plan is."""

from __future__ import annotations

from datetime import date

import pytest

from builders import day, event, goal, indicator, reading, steps, target, version
from targetwatch.chart import bar_of
from targetwatch.chart.course import WIDTH
from targetwatch.evaluation import evaluate
from targetwatch.model import Basis, Measure, Release


def judged(wanted, measured, readings, as_of):
    return evaluate(wanted, measured, readings, day(as_of))


def test_a_bar_is_filled_to_the_share_done_and_ticked_at_the_plan():
    verdict = judged(target(), indicator(), [reading("2025-01-01..2025-06-30", 135000, "2025-07-17")], "2025-07-18")
    bar = bar_of(verdict, indicator())
    assert bar.fill / bar.goal == pytest.approx(0.5, abs=1e-3)
    assert bar.plan / bar.goal == pytest.approx(verdict.expected_progress_ratio, abs=1e-3)
    assert bar.goal == WIDTH


def test_beyond_the_goal_the_bar_goes_on_and_stays_inside_the_drawing():
    for value in (327700, 900000):
        verdict = judged(target(), indicator(), [reading("2025", value, "2026-01-08")], "2026-01-09")
        bar = bar_of(verdict, indicator())
        assert bar.goal < bar.fill <= WIDTH


def test_without_a_figure_the_bar_is_empty_and_without_a_goal_there_is_none():
    verdict = judged(target(), indicator(), [], "2025-07-18")
    assert bar_of(verdict, indicator()).fill is None
    waiting = target(version(goal(change="-0.6"), baseline=None))
    assert bar_of(judged(waiting, indicator(), [], "2025-07-18"), indicator()) is None


def test_a_level_that_fell_behind_its_start_has_an_empty_bar():
    measured = indicator(measure=Measure.LEVEL)
    falling = [reading("2025-06-30..2025-06-30", 90, "2025-07-01", basis=Basis.POINT)]
    verdict = judged(target(version(goal(at_least=120), baseline=100)), measured, falling, "2025-07-18")
    assert verdict.progress_ratio < 0
    assert bar_of(verdict, measured).fill == 0


def test_milestones_have_steps_instead_of_a_bar():
    measured = indicator(measure=Measure.MILESTONES, release=Release())
    wanted = target(version(goal(), steps=steps("a", "b")))
    verdict = judged(wanted, measured, [event("a", "2025-03-01", "2025-03-02")], "2025-07-18")
    assert [state.done_on for state in bar_of(verdict, measured).steps] == [date(2025, 3, 1), None]
