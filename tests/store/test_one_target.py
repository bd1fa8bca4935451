"""One target by itself: found, saved and brought back without the rest of the catalogue, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW, VERSION, VOLUME_2025, WANTED, configure
from targetwatch.errors import ConflictError, ManagedElsewhereError, NotFoundError
from targetwatch.model import Goal, Target
from targetwatch.store import catalogue, db
from targetwatch.store.catalogue import Kept

NAME = VOLUME_2025.id
HARDER = replace(
    VERSION,
    number=2,
    effective=date(2025, 7, 1),
    goal=Goal(above=Decimal(300000)),
    reason="announced anew",
)


def found(engine: Engine, name: str = NAME) -> Kept:
    with db.reading(engine) as session:
        kept = catalogue.find(session, name)
    assert kept is not None
    return kept


def taken_over(engine: Engine) -> Target:
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, NAME)
    return found(engine).target


def archive(engine: Engine) -> None:
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.archive(session, NAME, now=NOW)


def test_a_target_is_found_as_the_whole_catalogue_has_it(engine: Engine):
    configure(engine)
    with db.reading(engine) as session:
        everything = catalogue.load(session)
        for target in everything.targets:
            kept = catalogue.find(session, target.id)
            assert kept is not None
            assert (kept.target, kept.revision, kept.archived_at) == (target, 1, None)
        assert catalogue.find(session, "never") is None
        assert catalogue.target_ids(session) == {target.id for target in everything.targets}


def test_an_archived_target_is_found_with_the_moment_and_keeps_its_id(engine: Engine):
    taken_over(engine)
    archive(engine)
    assert found(engine).archived_at == NOW
    with db.reading(engine) as session:
        assert NAME in catalogue.target_ids(session)


def test_an_archived_target_is_brought_back_as_it_was(engine: Engine):
    before = taken_over(engine)
    archive(engine)
    revision = found(engine).revision
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.restore(session, NAME, now=NOW, expected=revision)
    kept = found(engine)
    assert (kept.target, kept.archived_at, kept.revision) == (before, None, revision + 1)


def test_what_is_in_force_or_was_changed_since_or_never_was_is_not_brought_back(engine: Engine):
    taken_over(engine)
    with raises(ConflictError, match="is in force already"), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.restore(session, NAME, now=NOW, expected=2)
    archive(engine)
    with raises(ConflictError, match="expected revision 2"), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.restore(session, NAME, now=NOW, expected=2)
    with pytest.raises(NotFoundError), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.restore(session, "never", now=NOW, expected=1)
    assert found(engine).archived_at == NOW


def test_what_the_file_archived_is_not_brought_back_by_the_web(engine: Engine):
    configure(engine)
    without = replace(WANTED, targets=tuple(one for one in WANTED.targets if one.id != NAME))
    configure(engine, without)
    kept = found(engine)
    assert kept.archived_at is not None
    with pytest.raises(ManagedElsewhereError), db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.restore(session, NAME, now=NOW, expected=kept.revision)


def test_two_versions_may_count_from_the_same_day_and_the_later_one_is_in_force(engine: Engine):
    target = taken_over(engine)
    again = replace(HARDER, number=3, goal=replace(HARDER.goal, above=Decimal(290_000)), reason="not as hard")
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.save_target(session, replace(target, versions=(VERSION, HARDER, again)), now=NOW, expected=2)
    version = found(engine).target.version_on(HARDER.effective)
    assert version is not None
    assert version.number == 3


def test_of_two_writers_who_began_with_the_same_revision_one_is_refused(engine: Engine):
    target = taken_over(engine)
    gate, told = threading.Barrier(2), []

    def save(value: int) -> None:
        version = replace(HARDER, goal=Goal(above=Decimal(value)))
        gate.wait()
        try:
            with db.writing(engine, f"web:{value}", now=NOW) as session:
                catalogue.save_target(session, replace(target, versions=(VERSION, version)), now=NOW, expected=2)
            told.append("saved")
        except ConflictError:
            told.append("refused")

    threads = [threading.Thread(target=save, args=(value,)) for value in (300000, 310000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "saved"]
    assert len(found(engine).target.versions) == 2
