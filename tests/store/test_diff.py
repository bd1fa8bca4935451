from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from refusing import say
from store.examples import ANNOUNCED, OFFICE, ROUTES_2025, VERSION, VOLUME_2025, WANTED
from targetwatch.model import Announcement, Catalogue, Goal, Step, Target, TargetVersion, Text
from targetwatch.store.catalogue.diff import Action, Change, FieldChange, diff


def with_target(target: Target, catalogue: Catalogue = WANTED) -> Catalogue:
    return replace(catalogue, targets=(*(kept for kept in catalogue.targets if kept.id != target.id), target))


def with_version(**fields: object) -> Target:
    return replace(VOLUME_2025, versions=(replace(VERSION, **fields),))


def second(**fields: object) -> TargetVersion:
    return replace(VERSION, **{"number": 2, "effective": date(2025, 7, 1), "reason": "announced anew", **fields})


def only(changes: tuple[Change, ...]) -> Change:
    (change,) = changes
    return change


def test_nothing_differs_between_a_catalogue_and_itself_in_another_order():
    turned = replace(WANTED, targets=WANTED.targets[::-1], indicators=WANTED.indicators[::-1])
    assert diff(WANTED, turned) == ()


def test_everything_is_added_to_an_empty_catalogue_with_what_it_stands_on_first():
    changes = diff(Catalogue(), WANTED)
    assert [(change.action, change.kind, change.id) for change in changes] == [
        ("add", "programme", "ilstc"),
        ("add", "publisher", "port-and-logistics-office"),
        ("add", "indicator", "ilstc-volume"),
        ("add", "indicator", "ilstc-volume-annual"),
        ("add", "indicator", "routes"),
        ("add", "target", "ilstc-volume-2025"),
        ("add", "target", "routes-2025"),
        ("add", "source", "customs"),
    ]
    assert FieldChange("version 1 goal.above", None, Decimal(270000)) in changes[5].fields


def test_a_changed_value_is_named_with_what_it_was_and_what_it_becomes():
    change = only(diff(WANTED, with_target(replace(VOLUME_2025, title=Text("Cargo", "2025年运量")))))
    assert (change.action, change.kind, change.id) == (Action.CHANGE, "target", "ilstc-volume-2025")
    assert [str(field) for field in change.fields] == ["title.en: Cargo volume 2025 -> Cargo"]
    assert change.rewrites == ()


def test_a_number_written_with_other_zeros_is_the_same_number():
    goal = Goal(above=Decimal("270000.00"))
    assert diff(WANTED, with_target(with_version(goal=goal))) == ()


def test_what_the_file_lost_is_archived():
    change = only(diff(WANTED, replace(WANTED, targets=(VOLUME_2025,))))
    assert (change.action, change.id) == (Action.ARCHIVE, "routes-2025")


def test_what_comes_back_is_restored_and_not_added():
    current = replace(WANTED, targets=(VOLUME_2025,))
    change = only(diff(current, WANTED, archived=Catalogue(targets=(ROUTES_2025,))))
    assert (change.action, change.id) == (Action.RESTORE, "routes-2025")


def test_a_target_of_the_web_is_left_alone_whether_the_file_changes_it_or_not():
    current = with_target(replace(VOLUME_2025, managed_by="web"))
    assert diff(current, WANTED) == ()
    assert diff(current, replace(WANTED, targets=(ROUTES_2025,))) == ()
    change = only(diff(current, with_target(replace(VOLUME_2025, title=Text("x", "x")))))
    assert change.action is Action.UNTOUCHED
    assert [field.name for field in change.fields] == ["title.en", "title.zh"]


def test_what_a_target_of_the_web_stands_on_stays_though_the_file_lost_it():
    annual = replace(VOLUME_2025, id="annual", indicator="ilstc-volume-annual", managed_by="web")
    current = replace(WANTED, targets=(annual,))
    changes = diff(current, Catalogue())
    assert [(change.action, change.id) for change in changes] == [("archive", "routes"), ("archive", "customs")]


@pytest.mark.parametrize(
    ("version", "rewrites"),
    [
        (
            replace(VERSION, goal=Goal(above=Decimal(200000))),
            "version 1 goal.above: 270000 -> 200000",
        ),
        (replace(VERSION, deadline=date(2026, 6, 30)), "version 1 deadline: 2025-12-31 -> 2026-06-30"),
        (replace(VERSION, baseline=None), "version 1 baseline.value: 251800 -> (none)"),
        (
            replace(VERSION, announcement=replace(ANNOUNCED, on=date(2025, 3, 1))),
            "version 1 announcement.on: 2025-02-07 -> 2025-03-01",
        ),
        (replace(VERSION, number=2), "version 1 (effective 2025-02-07) is missing"),
    ],
)
def test_writing_over_what_was_promised_is_pointed_out(version: TargetVersion, rewrites: str):
    change = only(diff(WANTED, with_target(replace(VOLUME_2025, versions=(version,)))))
    assert rewrites in [say(one) for one in change.rewrites]


@pytest.mark.parametrize(
    "fields",
    [
        {"announcement": Announcement(by="Sun Xiyong, deputy director", on=ANNOUNCED.on, quote="over 270,000")},
        {"reason": "a reason"},
    ],
)
def test_describing_a_promise_better_writes_nothing_over(fields: dict[str, object]):
    change = only(diff(WANTED, with_target(with_version(**fields))))
    assert change.rewrites == ()
    assert change.action is Action.CHANGE


def test_renaming_a_step_writes_nothing_over_but_another_due_date_does():
    (version,) = ROUTES_2025.versions
    jakarta, haiphong = version.steps

    def rewrites(*steps: Step) -> tuple[str, ...]:
        target = replace(ROUTES_2025, versions=(replace(version, steps=steps),))
        return tuple(say(one) for one in only(diff(WANTED, with_target(target))).rewrites)

    assert rewrites(replace(jakarta, title=Text("Jakarta route", "雅加达")), haiphong) == ()
    assert rewrites(replace(jakarta, due=None), haiphong) == ("version 1 steps[jakarta].due: 2025-06-30 -> (none)",)
    assert rewrites(jakarta) == ("version 1 steps[haiphong]: 2 -> (none)",)


def test_a_further_version_writes_nothing_over():
    change = only(diff(WANTED, with_target(replace(VOLUME_2025, versions=(VERSION, second())))))
    assert (change.rewrites, change.lost) == ((), ())
    assert FieldChange("version 2 reason", None, "announced anew") in change.fields


def test_a_version_that_is_gone_is_said_to_be_lost():
    grown = with_target(replace(VOLUME_2025, versions=(VERSION, second())))
    assert only(diff(grown, WANTED)).lost == (2,)


def test_an_owner_whom_the_web_describes_is_no_difference():
    owner = replace(OFFICE, email="other@example.org", managed_by="web")
    current = replace(WANTED, targets=tuple(replace(target, owner=owner) for target in WANTED.targets))
    assert diff(current, WANTED) == ()
