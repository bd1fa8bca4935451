"""The values of the catalogue as YAML and JSON: written and read back as they were, refused with codes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from builders import goal, indicator, target, version
from configuration.catalogue_strategies import catalogues
from targetwatch.configuration.shapes import WRITTEN
from targetwatch.model import (
    Announcement,
    Comparator,
    Derivation,
    Derived,
    Goal,
    GoalChange,
    Indicator,
    Plan,
    PlanShape,
    Source,
    TargetVersion,
    Text,
    Waypoint,
    as_json,
    as_yaml,
    read,
)
from targetwatch.model.scalars import named_period
from targetwatch.model.words import format_period


def refusals(kind: type, raw: object) -> set[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        read(kind, raw, WRITTEN)
    return {(".".join(map(str, one["loc"])), one["type"]) for one in caught.value.errors()}


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(catalogues())
def test_every_value_is_read_back_from_its_json_and_from_its_yaml(catalogue):
    standing = (*catalogue.programmes, *catalogue.publishers, *catalogue.indicators, *catalogue.sources)
    versions = [one for promised in catalogue.targets for one in promised.versions]
    for value in (*standing, *versions, *(promised.owner for promised in catalogue.targets)):
        assert read(type(value), json.loads(json.dumps(as_json(value)))) == value
        assert read(type(value), as_yaml(value)) == value


def test_a_version_is_stored_as_a_file_says_it_with_exact_digits():
    said = version(
        goal(change="-0.6"),
        baseline="251800.50",
        plan=Plan(shape=PlanShape.WAYPOINTS, waypoints=(Waypoint(on=date(2025, 6, 30), value=Decimal("1.0")),)),
    )
    assert as_json(said) == {
        "number": 1,
        "effective": "2025-02-07",
        "goal": {"change": {"by": "-60%"}},
        "baseline": {"value": "251800.50", "period": 2024},
        "start": "2025-01-01",
        "deadline": "2025-12-31",
        "plan": {"waypoints": [{"on": "2025-06-30", "value": "1.0"}]},
        "announcement": {"by": {"en": "Somebody"}, "on": "2025-02-07"},
    }


def test_an_announcer_and_a_paper_kept_in_one_language_are_read_as_before():
    kept = {"by": "Somebody", "on": "2025-02-07", "source": "the paper"}
    said = read(Announcement, kept)
    assert (said.by, said.source) == (Text("Somebody"), Text("the paper"))
    assert as_yaml(said) == {"by": "Somebody", "on": "2025-02-07", "source": "the paper"}
    assert read(Announcement, as_json(said)) == said


def test_who_manages_a_value_is_no_part_of_what_is_written():
    assert as_json(replace(indicator(), managed_by="web")) == as_json(indicator())


def test_a_target_is_written_with_the_id_of_its_owner():
    assert as_json(target())["owner"] == "port-office"


@pytest.mark.parametrize(
    ("said", "comparator", "value", "upper", "relative"),
    [
        (Goal(above=Decimal(0)), Comparator.ABOVE, 0, None, None),
        (Goal(between=(Decimal(1), Decimal(2))), Comparator.BETWEEN, 1, 2, None),
        (Goal(change=GoalChange(by=Decimal("-0.6"))), Comparator.AT_MOST, None, None, Decimal("-0.6")),
        (Goal(change=GoalChange(by=Decimal(1))), Comparator.AT_LEAST, None, None, 1),
        (Goal(complete=True), Comparator.COMPLETE, None, None, None),
    ],
)
def test_a_goal_says_what_counts_as_attained(said, comparator, value, upper, relative):
    assert (said.comparator, said.value, said.upper, said.relative) == (comparator, value, upper, relative)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({}, {("", "goal_none")}),
        (None, {("", "goal_empty")}),
        (270000, {("", "goal_bare")}),
        ({"above": 1, "below": 2}, {("", "goal_many")}),
        ({"above": "many", "below": "1,000"}, {("above", "number_words"), ("below", "number_separators")}),
        ({"between": [1]}, {("between", "between_two")}),
        ({"between": [1, 1]}, {("between", "between_nothing")}),
        ({"between": [2, 1]}, {("between", "between_order")}),
        ({"change": {"by": "0%"}}, {("change.by", "change_none")}),
        ({"change": {"by": "-101%"}}, {("change.by", "change_none")}),
        ({"over": 1}, {("over", "unexpected_keyword_argument")}),
    ],
)
def test_a_goal_that_is_none_is_refused_where_it_is_wrong(raw, told):
    assert refusals(Goal, raw) == told


def test_a_change_down_to_nothing_is_still_a_goal():
    assert read(Goal, {"change": {"by": "-100%"}}, WRITTEN).relative == -1


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("seasonnal", {("", "unknown_word")}),
        ({"shape": "linear"}, {("", "unknown_key")}),
        ({"waypoints": []}, {("", "empty_list")}),
        ({"waypoints": [{"on": "2025-06-31", "value": 1}]}, {("waypoints.0.on", "day_not_in_month")}),
    ],
)
def test_a_plan_that_is_none_is_refused_where_it_is_wrong(raw, told):
    assert refusals(Plan, raw) == told


def test_the_rule_of_an_indicator_is_said_by_its_name():
    said = read(Indicator, {"id": "x", "title": {"en": "X", "zh": "X"}, "measure": "level", "ratio": ["a", "b"]})
    assert said.derivation == Derivation(kind=Derived.RATIO, of=("a", "b"))
    assert indicator().derivation is None


def test_words_alone_are_english_and_one_language_is_enough():
    assert read(Indicator, {**as_json(indicator()), "note": " said "}, WRITTEN).note == Text("said")
    assert read(Indicator, {**as_json(indicator()), "note": {"zh": "说"}}, WRITTEN).note == Text(zh="说")


def test_options_are_kept_as_json_can_hold_them():
    options: dict[str, Any] = {"a": Decimal("1.5"), "b": [Decimal(2)]}
    assert read(Source, {"id": "s", "kind": "csv_file", "options": options}).options == {"a": 1.5, "b": [2]}


def test_what_a_person_wrote_is_judged_and_what_the_program_gives_is_not():
    assert refusals(TargetVersion, {**as_yaml(version()), "start": "0001-01-01"}) == {("start", "day_far")}
    assert version(start=date(1, 1, 1)).start == date(1, 1, 1)


@pytest.mark.parametrize(
    "text", ["2025", "2025-02", "2025-Q1", "2025-H2", "2025-11-10", "2024-12..2025-02", "2024-12-31..2025-01-05"]
)
def test_a_period_is_named_by_its_shortest_text(text):
    assert format_period(named_period(text)) == text
