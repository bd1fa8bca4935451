"""A promise as it would be entered, and the target that holds it already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from targetwatch.model import (
    Announcement,
    Goal,
    GoalChange,
    Indicator,
    Measure,
    Owner,
    Target,
    TargetVersion,
    Text,
)
from targetwatch.press import held, promise_fields, read_promises, target_entry

DAY = date(2025, 1, 20)
FINANCING = Indicator(
    id="financing",
    title=Text("Cross-border financing", "跨境融资"),
    measure=Measure.FLOW,
    unit="bn USD",
    authority="bureau",
)
JOBLESS = Indicator(
    id="jobless",
    title=Text("Unemployment rate", "失业率"),
    measure=Measure.LEVEL,
    unit="%",
    authority="bureau",
)
KNOWN = {one.id: one for one in (FINANCING, JOBLESS)}


def target(indicator: str, goal: Goal, *, deadline: date = date(2025, 12, 31), quote: str = "") -> Target:
    version = TargetVersion(
        number=1,
        effective=date(2024, 1, 20),
        goal=goal,
        start=date(2025, 1, 1),
        deadline=deadline,
        announcement=Announcement(by="The mayor", on=date(2024, 1, 20), quote=quote),
    )
    owner = Owner(id="office", name=Text("Office", "办公室"))
    name = Text("A target", "目标")
    return Target(id="a-target", indicator=indicator, title=name, short=name, owner=owner, versions=(version,))


def promise(text: str):
    (found,) = read_promises(text, tuple(KNOWN.values()), published_on=DAY)
    return found


def test_a_promise_of_a_known_indicator_is_entered_in_its_unit():
    kind, cells = target_entry(
        promise("The city plans to facilitate $1.2 billion in cross-border financing in 2025."),
        FINANCING,
        language="en",
    )
    assert kind == "flow"
    assert {name: cells[name] for name in ("indicator", "goal.comparator", "goal.value")} == {
        "indicator": "financing",
        "goal.comparator": "at_least",
        "goal.value": "1.2",
    }
    assert (cells["start"], cells["deadline"], cells["announcement.on"]) == ("2025-01-01", "2025-12-31", "2025-01-20")
    assert cells["announcement.quote"].endswith("cross-border financing in 2025")


def test_a_goal_of_a_place_that_is_none_of_the_indicators_is_left_alone_unless_its_agency_announces_it():
    trade = Indicator(id="trade", title=Text("Chongqing exports", "重庆出口"), measure=Measure.FLOW, unit="bn CNY")
    text = "Fujian plans exports of 900 billion yuan in 2025."
    assert not read_promises(text, (trade,), published_on=DAY)
    assert read_promises(text, (trade,), published_on=DAY, agency="Fujian Department of Commerce")


def test_a_thing_to_be_done_is_of_an_indicator_only_where_half_of_its_title_is_said():
    routes = Indicator(
        id="trial", title=Text("New rail-sea routes tested", "新铁海联运线路试运"), measure=Measure.MILESTONES
    )
    dock, tested = (
        read_promises(text, (routes,), published_on=DAY)[0].indicator
        for text in ("It plans to open a new dock by June 2026.", "It plans to test new rail-sea routes by June 2026.")
    )
    assert (dock, tested) == (None, "trial")


def test_an_amount_that_counts_something_else_than_the_indicator_is_entered_as_printed():
    fields = promise_fields(promise("The city will build 120 kilometres of lanes in 2025."), FINANCING)
    assert fields["goal.value"] == "120 kilometres"


def test_a_promise_of_nothing_known_asks_for_a_new_indicator_with_its_unit():
    kind, cells = target_entry(promise("今年计划新增就业5万人左右。"), None, language="zh")
    assert (kind, cells["indicator"], cells["indicators.unit"]) == ("flow", "+", "人")
    assert cells["title.zh"] == cells["indicators.title.zh"] == "今年计划新增就业5万人左右"
    assert (cells["goal.comparator"], cells["goal.value"], cells["goal.upper"]) == ("between", "47500", "52500")


def test_a_change_is_entered_as_a_relative_goal_and_steps_each_in_a_field():
    assert target_entry(promise("Costs will be reduced by 20% by 2027."), None, language="en")[0] == "relative"
    kind, cells = target_entry(promise("It plans to test new routes and new ships by 2026."), None, language="en")
    assert (kind, cells["steps.1.title.en"], cells["steps.2.title.en"]) == ("milestones", "new routes", "new ships")
    assert cells["start"] == "2026-01-01"


@pytest.mark.parametrize(
    ("text", "of", "changed"),
    [
        ("It plans to facilitate $1 billion in cross-border financing in 2025.", {"at_least": 1}, False),
        ("It plans to facilitate $2 billion in cross-border financing in 2025.", {"at_least": 1}, True),
        ("It plans to facilitate $1 billion in cross-border financing by 2026.", {"at_least": 1}, True),
        ("It plans to facilitate $2 billion in cross-border financing by 2026.", {"at_least": 1}, None),
        ("It will hire 50 pilots in 2025.", {"at_least": 1}, None),
    ],
)
def test_a_promise_is_held_by_the_target_of_its_goal_and_changes_the_one_whose_goal_or_deadline_it_moves(
    text, of, changed
):
    goal = Goal(**{name: Decimal(value) for name, value in of.items()})
    found = held(promise(text), [target("financing", goal)], KNOWN)
    assert (found.changed if found else None) is changed


def test_a_promise_is_held_by_the_target_with_its_words_whatever_was_read_of_its_goal():
    kept = target("jobless", Goal(at_most=Decimal(4)), quote="facilitate $1 billion in cross-border financing")
    found = held(promise("It plans to facilitate $1 billion in cross-border financing in 2025."), [kept], KNOWN)
    assert found is not None
    assert not found.changed


def test_a_range_is_held_by_its_middle_and_a_change_by_its_ratio():
    about = target("jobless", Goal(between=(Decimal("4.75"), Decimal("5.25"))))
    assert held(replace(promise("今年目标是失业率5%左右。"), indicator="jobless"), [about], KNOWN)
    relative = target("jobless", Goal(change=GoalChange(by=Decimal("-0.2"))), deadline=date(2027, 12, 31))
    assert held(replace(promise("Costs will fall by 20% by 2027."), indicator="jobless"), [relative], KNOWN)
    assert held(replace(promise("Costs will fall by 30% by 2027."), indicator=None), [relative], KNOWN) is None
