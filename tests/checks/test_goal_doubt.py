"""A goal that is ten times the one before, or far beyond what was published, is asked about once more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import day, goal, indicator, reading, target, version
from targetwatch.checks.itself import doubt
from targetwatch.model import Measure
from targetwatch.quantity import in_words

PUBLISHED = [reading("2024", 250000, "2025-01-20")]


def asked(*goals, readings=(), **changes):
    versions = [
        version(one, number=number, effective=day(f"2025-0{number + 1}-07"), **changes)
        for number, one in enumerate(goals, 1)
    ]
    found = doubt(target(*versions), indicator(), readings)
    return found.code if found else None


@pytest.mark.parametrize(
    ("goals", "code"),
    [
        ([goal(above=270000), goal(above=2699999)], None),
        ([goal(above=270000), goal(above=2700000)], "goal_far_from_last"),
        ([goal(above=270000), goal(above=27001)], None),
        ([goal(above=270000), goal(above=27000)], "goal_far_from_last"),
        ([goal(above=270000), goal(above=0)], "goal_far_from_last"),
        ([goal(above=0), goal(above=270000)], None),
        ([goal(above=270000), goal(above=2700000), goal(above=270000)], None),
        ([goal(above=270000), goal(above=2700000), goal(above=270000), goal(above=2700000)], "goal_far_from_last"),
        ([goal(above=270000), goal(above=2700000), goal(above=2700000)], None),
        ([goal(change=10)], "goal_far_change"),
        ([goal(change="9.99")], None),
    ],
)
def test_a_goal_ten_times_off_the_last_is_doubted_and_one_that_was_promised_before_is_not(goals, code):
    assert asked(*goals) == code


def test_a_percentage_is_doubted_by_what_it_comes_to():
    typed = [goal(change="0.2"), goal(change=4000)]
    assert asked(*typed, baseline=148000) == "goal_far_from_last"


@pytest.mark.parametrize(("value", "code"), [(500000, None), (500001, "goal_beyond_published")])
def test_a_goal_is_doubted_that_is_twice_what_the_fastest_period_would_come_to(value, code):
    assert asked(goal(above=value), readings=PUBLISHED) == code


def test_a_level_is_compared_with_the_highest_there_was():
    share = indicator(measure=Measure.LEVEL)
    for value, is_doubted in ((120, False), (121, True)):
        found = doubt(target(version(goal(at_least=value))), share, [reading("2024", 60, "2025-01-20")])
        assert bool(found) is is_doubted


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "zero", "零"),
        (17, "seventeen", "十七"),
        (105, "one hundred five", "一百零五"),
        (20000001, "twenty million one", "二千万零一"),
        (592000000, "five hundred ninety-two million", "五亿九千二百万"),
        ("-28.33", "minus twenty-eight point three three", "负二十八点三三"),
        (10**20, "", ""),
    ],
)
def test_numbers_are_written_out_in_both_languages(value, english, chinese):
    assert (in_words(Decimal(value), "en"), in_words(Decimal(value), "zh")) == (english, chinese)
