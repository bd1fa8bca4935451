from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW, configure, reading
from targetwatch.errors import HeldError, NotFoundError
from targetwatch.model import AsOf
from targetwatch.model.problem import Problem
from targetwatch.store import audit, db, readings
from targetwatch.store.readings import Added

LATER = NOW + timedelta(days=3)
SUSPICIOUS = reading(1546000)
REASON = Problem("ten times the last value")


@pytest.fixture
def ready(engine: Engine) -> Engine:
    configure(engine)
    return engine


@pytest.fixture
def waiting(ready: Engine) -> Engine:
    """Give a database where one reading waits, as number 1."""
    with db.writing(ready, "ingest:test", now=NOW) as session:
        assert readings.hold(session, SUSPICIOUS, REASON, now=NOW) == 1
    return ready


def accept(engine: Engine, note: str = "seen on paper") -> int:
    with db.writing(engine, "web:sun", now=LATER) as session:
        return readings.accept(session, 1, note=note, now=LATER)


def reject(engine: Engine, note: str = "a misprint") -> None:
    with db.writing(engine, "web:sun", now=LATER) as session:
        readings.reject(session, 1, note=note, now=LATER)


def hold(engine: Engine, item: readings.Reading = SUSPICIOUS) -> int | None:
    with db.writing(engine, "ingest:test", now=LATER) as session:
        return readings.hold(session, item, REASON, now=LATER)


def test_a_held_reading_is_in_no_verdict_and_waits_with_its_reason(waiting: Engine):
    with db.reading(waiting) as session:
        (held,) = readings.held(session)
        assert readings.load(session) == {}
        assert readings.count_held(session) == {"ilstc-volume": 1}
    assert (held.id, held.status, held.reason, held.reading) == (1, "waiting", REASON, SUSPICIOUS)
    assert (held.decided_at, held.decided_by, held.stored_as) == (None, "", None)


@pytest.mark.parametrize("again", [SUSPICIOUS, replace(SUSPICIOUS, published_on=date(2025, 7, 20), recorded_at=LATER)])
def test_the_same_reading_is_not_held_twice(waiting: Engine, again: readings.Reading):
    assert hold(waiting, again) is None
    with db.reading(waiting) as session:
        assert len(readings.held(session, status=None)) == 1
        assert readings.unseen(session, [again]) == ()


def test_a_stored_reading_is_not_held(ready: Engine):
    with db.writing(ready, "ingest:test", now=NOW) as session:
        readings.add(session, [SUSPICIOUS])
    assert hold(ready) is None


def test_an_accepted_reading_counts_from_then_on_with_the_date_of_its_publication(waiting: Engine):
    assert accept(waiting) == 1
    with db.reading(waiting) as session:
        (stored,) = readings.load(session)["ilstc-volume"]
        (held,) = readings.held(session, status="accepted")
        assert readings.held(session) == ()
        assert readings.count_held(session) == {}
        assert audit.verify(session) == ()
    assert stored == replace(SUSPICIOUS, id=1, recorded_at=LATER)
    assert stored.known_on(AsOf.end_of(date(2025, 7, 17))) == date(2025, 7, 17)
    assert (held.decided_at, held.decided_by, held.note, held.stored_as) == (LATER, "web:sun", "seen on paper", 1)


def test_an_accepted_reading_that_comes_again_is_known(waiting: Engine):
    accept(waiting)
    assert hold(waiting) is None
    with db.writing(waiting, "ingest:test", now=LATER) as session:
        assert readings.add(session, [SUSPICIOUS]) == (Added("known", 1),)


def test_a_rejected_reading_stays_out_however_it_comes_back(waiting: Engine):
    reject(waiting)
    again = replace(SUSPICIOUS, published_on=date(2025, 8, 1), recorded_at=LATER)
    assert hold(waiting, again) is None
    with db.writing(waiting, "ingest:test", now=LATER) as session:
        assert readings.add(session, [SUSPICIOUS, again]) == (
            Added("known", None, held=1),
            Added("known", None, held=1),
        )
        assert readings.load(session) == {}
        (held,) = readings.held(session, status="rejected")
    assert (held.note, held.decided_by) == ("a misprint", "web:sun")


def test_another_suspicious_value_of_the_same_fact_is_held_beside_the_first(waiting: Engine):
    assert hold(waiting, reading(1546001, "2025-07-18")) == 2
    with db.reading(waiting) as session:
        assert [held.id for held in readings.held(session)] == [1, 2]
        assert readings.count_held(session) == {"ilstc-volume": 2}


def test_the_source_correcting_itself_is_news_and_the_first_value_after_it_is_again(waiting: Engine):
    right = replace(reading(154600, "2025-07-19"), recorded_at=LATER)
    with db.writing(waiting, "ingest:test", now=LATER) as session:
        assert readings.add(session, [right])[0].outcome == "new"
        assert readings.unseen(session, [replace(SUSPICIOUS, published_on=date(2025, 7, 20))]) != ()


def test_a_rejected_reading_may_be_accepted_after_all(waiting: Engine):
    reject(waiting)
    assert accept(waiting, note="it was no misprint") == 1
    with db.reading(waiting) as session:
        (held,) = readings.held(session, status="accepted")
        assert audit.verify(session) == ()
    assert held.note == "it was no misprint"


def test_accepting_what_was_entered_by_hand_meanwhile_stores_nothing_twice(waiting: Engine):
    with db.writing(waiting, "cli:li", now=NOW) as session:
        assert readings.add(session, [SUSPICIOUS, reading(1546000, "2025-07-16")])[1] == Added("new", 1)
    accept(waiting)
    with db.reading(waiting) as session:
        assert len(readings.load(session)["ilstc-volume"]) == 1


def test_what_is_decided_is_decided(waiting: Engine):
    accept(waiting)
    with raises(HeldError, match="was accepted already, as reading 1"):
        accept(waiting)
    with raises(HeldError, match="was accepted already, expected one that waits; withdraw the reading"):
        reject(waiting)


def test_rejecting_twice_is_an_error(waiting: Engine):
    reject(waiting)
    with raises(HeldError, match=r"was rejected already, expected one that waits$"):
        reject(waiting)


def test_a_held_reading_that_is_not_there_names_those_that_wait(waiting: Engine):
    said = "held reading '9': not found; there are: 1"
    with raises(NotFoundError, match=said), db.writing(waiting, "cli:li", now=NOW) as session:
        readings.reject(session, 9, now=NOW)


def test_holding_and_deciding_are_in_the_audit(waiting: Engine):
    accept(waiting)
    with db.reading(waiting) as session:
        decided, held = audit.entries(session, kind="held")
        (stored, *_) = audit.entries(session, kind="reading")
    assert (held.action, held.actor, held.new and held.new["reason"]) == ("add", "ingest:test", REASON.to_text())
    assert (decided.actor, decided.old and decided.old["status"], decided.new and decided.new["status"]) == (
        "web:sun",
        "waiting",
        "accepted",
    )
    assert (stored.actor, stored.object) == ("web:sun", "1")


def test_a_reading_in_another_unit_cannot_be_accepted_as_if_it_were_the_indicators(ready: Engine):
    dollars = replace(SUSPICIOUS, unit="USD")
    with db.writing(ready, "ingest:test", now=NOW) as session:
        assert readings.hold(session, dollars, REASON, now=NOW) == 1
    with raises(HeldError, match="held reading '1': counts USD, not what its indicator counts"):
        accept(ready)
    with db.reading(ready) as session:
        assert readings.load(session) == {}
        assert readings.count_held(session) == {"ilstc-volume": 1}
