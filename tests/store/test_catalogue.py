from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW, OFFICE, ROUTES_2025, VERSION, VOLUME, VOLUME_2025, WANTED, configure
from targetwatch.errors import ConflictError, ManagedElsewhereError, NotFoundError
from targetwatch.model import Catalogue, Goal, Owner, Plan, PlanShape, Target, TargetVersion, Text, Waypoint
from targetwatch.store import audit, catalogue, db
from targetwatch.store.catalogue import Action, Change
from targetwatch.wording.problems import in_english

KINDS = ("programmes", "publishers", "indicators", "targets", "sources")
HARDER = Goal(above=Decimal(300000))


def loaded(engine: Engine) -> Catalogue:
    with db.reading(engine) as session:
        return catalogue.load(session)


def target(engine: Engine, name: str = "ilstc-volume-2025") -> Target:
    return next(kept for kept in loaded(engine).targets if kept.id == name)


def apply(engine: Engine, wanted: Catalogue, *, correct: bool = False, reason: str = "") -> tuple[Change, ...]:
    with db.writing(engine, "cli:li", reason=reason, now=NOW) as session:
        return catalogue.reconcile(session, wanted, now=NOW, correct=correct)


def with_target(changed: Target) -> Catalogue:
    return replace(WANTED, targets=(*(kept for kept in WANTED.targets if kept.id != changed.id), changed))


def second(**fields: object) -> TargetVersion:
    standard = {"number": 2, "effective": date(2025, 7, 1), "goal": HARDER, "reason": "announced anew"}
    return replace(VERSION, **{**standard, **fields})


def verified(engine: Engine) -> bool:
    with db.reading(engine) as session:
        return audit.verify(session) == ()


def test_what_was_configured_is_loaded_without_loss(engine: Engine):
    waypoints = Plan(shape=PlanShape.WAYPOINTS, waypoints=(Waypoint(on=date(2025, 6, 30), value=Decimal("120000.50")),))
    band = Goal(between=(Decimal("0.1"), Decimal("0.30")))
    wanted = with_target(
        replace(VOLUME_2025, versions=(replace(VERSION, plan=waypoints, goal=band), second(deadline=None)))
    )
    configure(engine, wanted)
    kept = loaded(engine)
    for kind in KINDS:
        assert getattr(kept, kind) == tuple(sorted(getattr(wanted, kind), key=lambda item: item.id))
    assert str(kept.targets[0].versions[0].goal.upper) == "0.30"


def test_reconciling_the_same_catalogue_again_changes_nothing(engine: Engine):
    configure(engine)
    with db.reading(engine) as session:
        before = audit.head(session)
    assert apply(engine, WANTED) == ()
    with db.reading(engine) as session:
        assert audit.head(session) == before


def test_planning_says_what_reconciling_does_and_changes_nothing(engine: Engine):
    configure(engine)
    wanted = replace(WANTED, targets=(replace(VOLUME_2025, title=Text("x", "y")),))
    with db.reading(engine) as session:
        planned = catalogue.plan(session, wanted)
    assert loaded(engine).targets == WANTED.targets
    assert apply(engine, wanted) == planned


def test_what_is_missing_from_the_file_is_archived_and_restored_when_it_comes_back(engine: Engine):
    configure(engine)
    apply(engine, replace(WANTED, targets=(VOLUME_2025,), sources=()))
    assert [kept.id for kept in loaded(engine).targets] == ["ilstc-volume-2025"]
    assert loaded(engine).sources == ()
    with db.reading(engine) as session:
        assert catalogue.load_archived(session).targets == (ROUTES_2025,)
    assert {change.action for change in apply(engine, WANTED)} == {Action.RESTORE}
    assert loaded(engine).targets == WANTED.targets
    assert verified(engine)


def test_a_further_version_is_kept_beside_the_first(engine: Engine):
    configure(engine)
    apply(engine, with_target(replace(VOLUME_2025, versions=(VERSION, second()))))
    kept = target(engine)
    assert kept.versions == (VERSION, second())
    assert kept.version_on(date(2025, 6, 30)) == VERSION
    assert kept.version_on(date(2025, 7, 1)) == second()


def test_a_past_promise_is_not_written_over_and_every_reason_is_given(engine: Engine):
    configure(engine)
    easier = replace(VERSION, goal=Goal(above=Decimal(200000)), deadline=date(2026, 1, 31))
    with pytest.raises(ConflictError) as caught:
        apply(engine, with_target(replace(VOLUME_2025, versions=(easier,))))
    refused = (
        "target 'ilstc-volume-2025': version 1 {}: a past promise cannot be changed, "
        "expected a further entry under 'versions', or a correction with its reason"
    )
    assert in_english(caught.value).splitlines() == [
        refused.format("goal.above: 270000 -> 200000"),
        refused.format("deadline: 2025-12-31 -> 2026-01-31"),
    ]
    assert target(engine) == VOLUME_2025


def test_a_correction_needs_a_reason_and_keeps_what_it_corrects(engine: Engine):
    configure(engine)
    corrected = with_target(replace(VOLUME_2025, versions=(replace(VERSION, goal=Goal(above=Decimal(27))),)))
    with raises(ConflictError, match="a correction without a reason, expected one"):
        apply(engine, corrected, correct=True)
    apply(engine, corrected, correct=True, reason="the announcement says 27")
    assert target(engine).versions[0].goal.value == 27
    with db.reading(engine) as session:
        told = audit.entries(session, kind="target_version", object_id="ilstc-volume-2025")
    assert [(entry.object, entry.new and entry.new["goal.above"], entry.reason) for entry in told] == [
        ("ilstc-volume-2025/1/1", "27", "the announcement says 27"),
        ("ilstc-volume-2025/1/0", "270000", "first configuration"),
    ]
    assert verified(engine)


def test_not_even_a_correction_makes_a_version_disappear(engine: Engine):
    configure(engine, with_target(replace(VOLUME_2025, versions=(VERSION, second()))))
    with raises(ConflictError, match=r"version 2 \(effective 2025-07-01\) is missing"):
        apply(engine, WANTED, correct=True, reason="never mind")


def test_a_better_description_of_a_version_needs_no_correction(engine: Engine):
    configure(engine)
    quoted = replace(VERSION, announcement=replace(VERSION.announcement, quote="over 270,000"))
    apply(engine, with_target(replace(VOLUME_2025, versions=(quoted,))))
    assert target(engine).versions == (quoted,)


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ((VERSION, second(number=3)), r"its versions are numbered \[1, 3\], expected 1, 2, 3"),
        ((), r"its versions are numbered \[\]"),
        (
            (VERSION, second(effective=date(2025, 1, 1))),
            r"version 2 is effective from 2025-01-01, expected 2025-02-07 \(version 1\) or later",
        ),
    ],
)
def test_versions_follow_each_other(engine: Engine, versions: tuple[TargetVersion, ...], said: str):
    with raises(ConflictError, match=said):
        apply(engine, with_target(replace(VOLUME_2025, versions=versions)))


def test_one_owner_is_described_in_one_way(engine: Engine):
    other = replace(ROUTES_2025, owner=replace(OFFICE, email="other@example.org"))
    with raises(ConflictError, match="owner 'port-office' is described differently by another target"):
        apply(engine, with_target(other))


def test_a_changed_owner_answers_at_once_for_every_target(engine: Engine):
    configure(engine)
    owner = replace(OFFICE, email="new@example.org")
    apply(engine, replace(WANTED, targets=tuple(replace(kept, owner=owner) for kept in WANTED.targets)))
    assert {kept.owner for kept in loaded(engine).targets} == {owner}


def test_a_target_taken_over_by_the_web_is_not_touched_by_the_file(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2025")
        catalogue.save_version(session, "ilstc-volume-2025", second(), expected=2, now=NOW)
    mine = target(engine)
    assert (mine.managed_by, len(mine.versions)) == ("web", 2)
    (change,) = apply(engine, WANTED)
    assert change.action is Action.UNTOUCHED
    assert apply(engine, replace(WANTED, targets=(ROUTES_2025,))) == ()
    assert target(engine) == mine
    assert verified(engine)


def test_a_target_handed_back_belongs_to_the_file_again(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2025")
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.hand_back(session, "ilstc-volume-2025")
    apply(engine, with_target(replace(VOLUME_2025, title=Text("x", "y"))))
    assert target(engine).title == Text("x", "y")


def test_handing_to_whoever_manages_it_already_changes_nothing(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        before = catalogue.revision(session, "ilstc-volume-2025"), catalogue.stamp(session)
        assert not catalogue.hand_back(session, "ilstc-volume-2025")
    with db.writing(engine, "web:sun", now=NOW) as session:
        assert (catalogue.revision(session, "ilstc-volume-2025"), catalogue.stamp(session)) == before
        assert catalogue.take_over(session, "ilstc-volume-2025")
        assert not catalogue.take_over(session, "ilstc-volume-2025")
        assert catalogue.revision(session, "ilstc-volume-2025") == before[0] + 1


def test_the_web_cannot_save_what_the_file_manages(engine: Engine):
    configure(engine)
    said = "target 'ilstc-volume-2025': is managed by the configuration file, expected to be taken over first"
    with raises(ManagedElsewhereError, match=said), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_target(session, replace(VOLUME_2025, title=Text("x", "y")), now=NOW, expected=1)
    with pytest.raises(ManagedElsewhereError), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_version(session, "ilstc-volume-2025", second(), expected=1, now=NOW)
    with pytest.raises(ManagedElsewhereError), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.archive(session, "ilstc-volume-2025", now=NOW)
    said = "indicator 'ilstc-volume': is managed by the configuration file"
    with raises(ManagedElsewhereError, match=said), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_item(session, replace(VOLUME, unit="box"))
    assert target(engine) == VOLUME_2025


def test_the_web_makes_changes_and_archives_a_target_of_its_own(engine: Engine):
    configure(engine)
    owner = Owner(id="sun", name=Text("Sun", "孙"))
    mine = replace(VOLUME_2025, id="mine", owner=owner, managed_by="web")
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_item(session, replace(VOLUME, id="boxes"))
        catalogue.save_target(session, replace(mine, indicator="boxes"), now=NOW)
    kept = target(engine, "mine")
    assert kept == replace(mine, indicator="boxes", owner=replace(owner, managed_by="web"))
    with db.writing(engine, "web:sun", now=NOW) as session:
        assert catalogue.revision(session, "mine") == 1
        assert catalogue.save_version(session, "mine", replace(second(), number=99), expected=1, now=NOW) == 2
    assert [version.number for version in target(engine, "mine").versions] == [1, 2]
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.archive(session, "mine", now=NOW)
    assert "mine" not in {kept.id for kept in loaded(engine).targets}
    assert apply(engine, WANTED) == ()
    assert verified(engine)


def test_of_two_who_edit_the_same_target_the_second_is_told(engine: Engine):
    configure(engine)
    mine = replace(VOLUME_2025, id="mine")
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_target(session, mine, now=NOW)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_target(session, replace(mine, title=Text("first", "")), now=NOW, expected=1)
    said = "target 'mine': someone saved revision 2 in the meantime, expected revision 1"
    with raises(ConflictError, match=said), db.writing(engine, "web:li", now=NOW) as session:
        catalogue.save_target(session, replace(mine, title=Text("second", "")), now=NOW, expected=1)
    assert target(engine, "mine").title.en == "first"


def test_a_new_target_does_not_overwrite_one_of_the_same_name(engine: Engine):
    configure(engine)
    with (
        raises(ConflictError, match="target 'routes-2025': exists already, expected another id"),
        db.writing(engine, "web:sun", now=NOW) as session,
    ):
        catalogue.save_target(session, ROUTES_2025, now=NOW)


def test_the_web_cannot_write_over_a_past_promise_either(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2025")
    easier = replace(VOLUME_2025, versions=(replace(VERSION, goal=HARDER),))
    with (
        raises(ConflictError, match="a past promise cannot be changed, expected a new version"),
        db.writing(engine, "web:sun", now=NOW) as session,
    ):
        catalogue.save_target(session, easier, now=NOW, expected=2)


def test_a_target_that_is_not_there_is_answered_with_the_nearest_names(engine: Engine):
    configure(engine)
    said = "target 'ilstc-volume-2024': not found; did you mean ilstc-volume-2025"
    with raises(NotFoundError, match=said), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2024")
    with pytest.raises(NotFoundError), db.reading(engine) as session:
        catalogue.revision(session, "ilstc-volume-2024")


def test_an_indicator_that_a_target_of_the_web_needs_survives_the_file(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2025")
    apply(engine, Catalogue())
    kept = loaded(engine)
    assert [item.id for item in kept.indicators] == ["ilstc-volume"]
    assert [item.id for item in kept.programmes] == ["ilstc"]
    assert [item.id for item in kept.publishers] == ["port-and-logistics-office"]
    assert [item.id for item in kept.targets] == ["ilstc-volume-2025"]


def test_an_owner_of_the_web_is_not_changed_by_the_file(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_item(session, Owner(id="sun", name=Text("Sun", "孙"), email="sun@example.org"))
    theirs = replace(ROUTES_2025, owner=Owner(id="sun", name=Text("Someone", "谁")))
    apply(engine, with_target(theirs))
    assert target(engine, "routes-2025").owner.email == "sun@example.org"
    assert apply(engine, with_target(theirs)) == ()


def test_every_change_of_a_catalogue_is_in_the_audit_with_old_and_new(engine: Engine):
    configure(engine)
    later = NOW + timedelta(hours=1)
    with db.writing(engine, "cli:li", reason="shorter", now=later) as session:
        catalogue.reconcile(session, with_target(replace(VOLUME_2025, title=Text("Cargo", "2025年运量"))), now=later)
    with db.reading(engine) as session:
        (entry,) = audit.entries(session, since=later)
    assert (entry.actor, entry.action, entry.kind, entry.object) == ("cli:li", "change", "target", "ilstc-volume-2025")
    assert (entry.old, entry.new) == (
        {"revision": 1, "title.en": "Cargo volume 2025"},
        {"revision": 2, "title.en": "Cargo"},
    )
    assert (entry.reason, entry.at) == ("shorter", later)


def taken_over_archived_and_lost_by_the_file(engine: Engine) -> None:
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2025")
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.archive(session, "ilstc-volume-2025", now=NOW)
    apply(engine, Catalogue())
    assert loaded(engine) == Catalogue()


@pytest.mark.parametrize("act", ["restore", "save_target"])
def test_a_target_brought_back_brings_back_what_it_stands_on(engine: Engine, act: str):
    taken_over_archived_and_lost_by_the_file(engine)
    with db.writing(engine, "web:sun", reason="promised after all", now=NOW) as session:
        kept = catalogue.find(session, "ilstc-volume-2025")
        assert kept is not None
        if act == "restore":
            catalogue.restore(session, "ilstc-volume-2025", now=NOW, expected=kept.revision)
        else:
            catalogue.save_target(session, kept.target, now=NOW, expected=kept.revision)
    back = loaded(engine)
    assert [item.id for item in back.targets] == ["ilstc-volume-2025"]
    assert [(item.id, item.managed_by) for item in back.indicators] == [("ilstc-volume", "file")]
    assert [item.id for item in back.programmes] == ["ilstc"]
    assert [item.id for item in back.publishers] == ["port-and-logistics-office"]
    assert apply(engine, Catalogue()) == ()
    with db.reading(engine) as session:
        (told, *_) = audit.entries(session, kind="indicator", object_id="ilstc-volume")
    assert (told.actor, told.reason) == ("web:sun", "promised after all")
    assert verified(engine)


def test_a_target_on_a_derived_indicator_brings_back_what_that_is_computed_from(engine: Engine):
    configure(engine, with_target(replace(VOLUME_2025, indicator="ilstc-volume-annual")))
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "ilstc-volume-2025")
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.archive(session, "ilstc-volume-2025", now=NOW)
    apply(engine, Catalogue())
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.restore(session, "ilstc-volume-2025", now=NOW, expected=3)
    assert [item.id for item in loaded(engine).indicators] == ["ilstc-volume", "ilstc-volume-annual"]


def test_an_indicator_saved_on_the_web_brings_back_its_publisher(engine: Engine):
    configure(engine)
    apply(engine, Catalogue())
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_item(session, replace(VOLUME, id="boxes"))
    assert [item.id for item in loaded(engine).publishers] == ["port-and-logistics-office"]


@pytest.mark.parametrize(
    ("kind", "name", "needed_by"),
    [
        ("indicator", "ilstc-volume", "target 'ilstc-volume-2025'"),
        ("programme", "ilstc", "target 'ilstc-volume-2025'"),
        ("publisher", "port-and-logistics-office", "indicator 'ilstc-volume'"),
        ("indicator", "routes", "target 'routes-2025'"),
    ],
)
def test_what_something_in_force_stands_on_is_not_archived(engine: Engine, kind: str, name: str, needed_by: str):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, name, kind=kind)
    said = f"{needed_by}: stands on {kind} '{name}', which would be archived"
    with raises(ConflictError, match=said), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.archive(session, name, now=NOW, kind=kind)
    assert loaded(engine).targets == WANTED.targets


def test_the_ids_of_what_there_has_ever_been_are_known_by_kind(engine: Engine):
    configure(engine)
    apply(engine, Catalogue())
    with db.reading(engine) as session:
        taken = catalogue.taken(session)
    assert taken["indicator"] == {"ilstc-volume", "ilstc-volume-annual", "routes"}
    assert taken["owner"] == {"port-office"}
    assert (taken["programme"], taken["publisher"]) == ({"ilstc"}, {"port-and-logistics-office"})
    assert taken["target"] == {"ilstc-volume-2025", "routes-2025"}
