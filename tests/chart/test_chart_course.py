"""The course of a target: the values the verdict rests on, and what they replaced."""

from __future__ import annotations

import pytest
from sketch import known_as_of, picture

from builders import day, goal, indicator, reading, target, version
from targetwatch.chart import Spot, course_of
from targetwatch.evaluation import evaluate
from targetwatch.model import Basis, Measure

LEVEL = indicator(measure=Measure.LEVEL)


def judged(one, measured, readings, as_of):
    found = course_of(measured, one, readings, known_as_of(as_of))
    return found, evaluate(target(one), measured, readings, day(as_of))


def test_the_course_ends_where_the_verdict_judges():
    readings = [
        reading("2024", 251800, "2025-01-20"),
        reading("2024-01-01..2024-06-30", 120000, "2024-07-20"),
        reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
        reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
    ]
    found, verdict = judged(version(), indicator(), readings, "2025-07-18")
    assert found.spots[-1] == Spot(verdict.data_through, float(verdict.actual_value))
    assert found.plan.at(verdict.data_through) == pytest.approx(verdict.expected_value)


def test_a_level_starts_at_its_baseline_and_ends_where_the_verdict_judges():
    known = [reading("2025-06-30..2025-06-30", 96.5, "2025-07-01", basis=Basis.POINT)]
    found, verdict = judged(version(goal(at_most=80), baseline=100), LEVEL, known, "2025-07-18")
    assert found.start == 100
    assert found.plan.at(verdict.data_through) == pytest.approx(verdict.expected_value)


def test_a_band_come_to_from_above_is_planned_to_its_nearer_edge_as_the_verdict_judges():
    known = [reading("2025-06-30..2025-06-30", 88, "2025-07-01", basis=Basis.POINT)]
    found, verdict = judged(version(goal(between=(70, 80)), baseline=100), LEVEL, known, "2025-07-18")
    assert found.plan.values[-1] == 80
    assert found.plan.at(verdict.data_through) == pytest.approx(verdict.expected_value)


def test_what_lies_outside_the_window_is_not_in_the_course():
    readings = (reading("2024", 251800, "2025-01-20"), reading("2025", 327700, "2026-01-08"))
    assert [spot.day for spot in picture(readings=readings, today="2026-06-01").course.spots] == [day("2025-12-31")]


def test_a_value_knows_the_one_it_replaced_once_that_is_known():
    readings = (
        reading("2025-01-01..2025-03-31", 63000, "2025-04-10"),
        reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
        reading("2025-01-01..2025-03-31", 64500, "2025-05-15"),
    )
    assert [spot.before for spot in picture(readings=readings, today="2025-04-12").course.spots] == [None]
    assert [spot.before for spot in picture(readings=readings, today="2025-04-20").course.spots] == [63000]
    assert [spot.before for spot in picture(readings=readings, today="2025-06-20").course.spots] == [64000]


def test_the_month_that_was_revised_says_nothing_of_the_sum_before():
    readings = (
        reading("2025-01-01..2025-01-31", 10, "2025-02-10", basis=Basis.PERIOD),
        reading("2025-02-01..2025-02-28", 20, "2025-03-10", basis=Basis.PERIOD),
        reading("2025-02-01..2025-02-28", 25, "2025-03-20", basis=Basis.PERIOD),
    )
    last = picture(readings=readings).course.spots[-1]
    assert (last.value, last.replaced.value, last.before) == (35, 20, None)
