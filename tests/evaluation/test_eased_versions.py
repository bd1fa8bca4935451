"""What makes a promise easier to keep, by every part of it."""

from __future__ import annotations

import pytest

from builders import day, goal, steps, version
from targetwatch.evaluation.versions import eased


@pytest.mark.parametrize(
    ("before", "after", "easier"),
    [
        (goal(above=270000), goal(above=300000), False),
        (goal(above=270000), goal(above=260000), True),
        (goal(above=270000), goal(at_least=270000), True),
        (goal(at_least=270000), goal(above=270000), False),
        (goal(at_most=10), goal(at_most=12), True),
        (goal(at_most=10), goal(below=10), False),
        (goal(below=10), goal(at_most=10), True),
        (goal(at_most=10), goal(at_most=8), False),
        (goal(between=(1, 2)), goal(between=(1, 3)), True),
        (goal(between=(1, 2)), goal(between=(0, 2)), True),
        (goal(between=(1, 3)), goal(between=(1, 2)), False),
        (goal(above=10), goal(at_most=10), True),
        (goal(above=10), goal(between=(10, 20)), True),
        (goal(change="-0.6"), goal(change="-0.5"), True),
        (goal(change="-0.6"), goal(change="-0.7"), False),
        (goal(change="1"), goal(change="0.5"), True),
        (goal(change="0.5"), goal(change="1"), False),
        (goal(change="0.5"), goal(change="-0.5"), True),
        (goal(change="0.5"), goal(above=10), True),
        (goal(above=270000), goal(above=270000), False),
    ],
)
def test_a_goal_that_asks_for_less_is_easier(before, after, easier):
    assert ("goal" in eased(version(before), version(after))) is easier


@pytest.mark.parametrize(("baseline", "easier"), [(300, False), (200, True)])
def test_a_relative_goal_is_compared_by_what_it_amounts_to(baseline, easier):
    before = version(goal(change="0.5"), baseline=250)
    assert ("goal" in eased(before, version(goal(change="0.5"), baseline=baseline))) is easier


@pytest.mark.parametrize(
    ("deadline", "easier"), [("2026-03-31", True), ("2025-09-30", False), ("2025-12-31", False), (None, True)]
)
def test_a_later_deadline_or_none_is_easier(deadline, easier):
    after = version(deadline=day(deadline) if deadline else None)
    assert ("deadline" in eased(version(), after)) is easier


def test_a_step_less_or_later_is_easier_and_one_more_is_not():
    three = version(goal(), steps=steps("a", "b", "c", due="2025-06-30"))
    assert eased(three, version(goal(), steps=steps("a", "b", due="2025-06-30"))) == ("steps",)
    assert eased(three, version(goal(), steps=steps("a", "b", "c", due="2025-07-31"))) == ("steps",)
    assert eased(three, version(goal(), steps=steps("a", "b", "c"))) == ("steps",)
    assert eased(three, version(goal(), steps=steps("a", "b", "c", "d", due="2025-05-31"))) == ()


def test_counting_from_an_earlier_day_is_easier_where_more_is_better():
    earlier = {"start": day("2024-10-01")}
    assert eased(version(), version(**earlier)) == ("start",)
    assert eased(version(goal(at_most=5)), version(goal(at_most=5), **earlier)) == ()
