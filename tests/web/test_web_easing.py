"""What makes a promise easier to keep, by every part of it; and single values as they are typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders import day, goal, steps, version
from targetwatch.web.editing import edit_fields, edit_ids, edit_values
from targetwatch.web.editing.easing import eased
from targetwatch.web.editing.edit_values import WrongError


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


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("300,000", "TEU", "300000"),
        ("30万", "TEU", "300000"),
        ("30万标箱", "TEU", "300000"),
        ("10亿美元", "bn USD", "1"),
        ("$1 billion", "bn USD", "1"),
        ("1.1", "bn USD", "1.1"),
        ("64.7 %", "%", "64.7"),
        ("64.7", "%", "64.7"),
        ("-3", "days", "-3"),
    ],
)
def test_a_number_is_read_as_it_is_printed(text, unit, value):
    assert edit_values.number(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("many", "TEU", "number"),
        ("1.2.3", "TEU", "number"),
        ("3,00", "TEU", "number"),
        ("1e9", "TEU", "number"),
        ("nan", "TEU", "number"),
        ("9" * 40, "TEU", "number"),
        ("over 270,000", "TEU", "number_qualified"),
        ("约27万", "TEU", "number_qualified"),
        ("10亿元", "bn USD", "number_unit"),
        ("5 %", "TEU", "number_unit"),
    ],
)
def test_what_is_no_number_of_the_unit_is_refused(text, unit, code):
    with pytest.raises(WrongError) as refused:
        edit_values.number(text, unit)
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "ratio"), [("-60%", "-0.6"), ("-60", "-0.6"), ("+100 %", "1"), ("−20％", "-0.2")])
def test_a_change_is_read_with_or_without_its_sign(text, ratio):
    assert edit_values.percent(text) == Decimal(ratio)


@pytest.mark.parametrize("text", ["2025-07-01", "2025/7/1", "2025.7.1", "2025年7月1日"])
def test_a_day_is_read_as_people_write_it(text):
    assert edit_values.day(text) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-02-30", "day"),
        ("2025-07", "day"),
        ("2025", "day"),
        ("soon", "day"),
        ("9999-01-01", "day_far"),
        ("1948-12-31", "day_far"),
    ],
)
def test_what_is_no_day_is_refused(text, code):
    with pytest.raises(WrongError) as refused:
        edit_values.day(text)
    assert refused.value.code == code


def test_words_lose_what_cannot_be_seen_and_space_that_says_nothing():
    assert edit_values.line("  a\u200b \u3000 b\n") == "a b"
    assert edit_values.lines("a  b \n\n c\u00a0d ") == "a b\n\nc d"
    with pytest.raises(WrongError):
        edit_values.line("a\u202eb")
    with pytest.raises(WrongError):
        edit_values.line("a\x07b")


def test_a_promise_filled_into_the_form_is_typed_as_people_type_it():
    values = edit_fields.of_version(version(goal(change="-0.6"), baseline="250.50"))
    assert (values["comparator"], values["goal"], values["baseline"]) == ("change", "-60%", "250.5")
    band = edit_fields.of_version(version(goal(between=(1, 20000))))
    assert (band["goal"], band["goal_upper"]) == ("1", "20,000")
    open_end = edit_fields.of_version(replace(version(), deadline=None))
    assert open_end["deadline"] == ""


def test_a_name_that_is_taken_gets_a_number():
    assert edit_ids.unique("cargo", []) == "cargo"
    assert edit_ids.unique("cargo", ["cargo", "cargo-2"]) == "cargo-3"
    assert len(edit_ids.unique("x" * 64, ["x" * 64])) <= 64
    proposed = edit_ids.proposed_id
    assert proposed({"en": "Cargo & More 2026"}, "target-2026", []) == "cargo-more-2026"
    assert proposed({"en": "2026年运量"}, "target-2026", ["target-2026-1"]) == "target-2026-2"
    assert proposed({"en": "", "zh": "TEU 运量"}, "target-2026", ["teu"]) == "teu-2"
