from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from refusing import raises
from store.examples import NOW, VOLUME_2025, WANTED, configure, reading
from targetwatch.errors import ActorMissingError, NotFoundError
from targetwatch.model import Text
from targetwatch.store import audit, catalogue, db, readings
from targetwatch.store.audit.trail import HIDDEN
from targetwatch.store.tables import PublisherRow


@pytest.fixture
def ready(engine: Engine) -> Engine:
    configure(engine)
    return engine


def web_publisher(engine: Engine) -> None:
    with db.writing(engine, "web:sun", reason="needed", now=NOW) as session:
        columns = {"id": "customs", "managed_by": "web", "terms": {"title": {"en": "Customs", "zh": "海关"}}}
        session.add(PublisherRow.model_validate(columns))


def newest(engine: Engine, **filters: str) -> audit.AuditEntry:
    with db.reading(engine) as session:
        return audit.entries(session, **filters)[0]  # type: ignore[arg-type]


def test_an_added_row_is_told_with_all_its_values(ready: Engine):
    web_publisher(ready)
    entry = newest(ready)
    assert (entry.actor, entry.action, entry.kind, entry.object) == ("web:sun", "add", "publisher", "customs")
    assert (entry.at, entry.reason, entry.old) == (NOW, "needed", None)
    assert entry.new == {
        "id": "customs",
        "managed_by": "web",
        "archived_at": None,
        "title.en": "Customs",
        "title.zh": "海关",
    }


def test_a_changed_row_is_told_with_old_and_new_of_what_changed_alone(ready: Engine):
    web_publisher(ready)
    with db.writing(ready, "web:li", now=NOW) as session:
        session.get_one(PublisherRow, "customs").terms = {"title": {"en": "Customs District", "zh": "海关"}}
    entry = newest(ready)
    assert (entry.actor, entry.action) == ("web:li", "change")
    assert (entry.old, entry.new) == ({"title.en": "Customs"}, {"title.en": "Customs District"})


def test_the_old_value_is_told_even_if_the_program_never_looked_at_it(ready: Engine):
    web_publisher(ready)
    with db.writing(ready, "web:li", now=NOW) as session:
        row = session.get_one(PublisherRow, "customs")
        session.expire(row, ["terms"])
        row.terms = {"title": {"en": "x", "zh": "海关"}}
    assert newest(ready).old == {"title.en": "Customs"}


def test_setting_a_value_to_what_it_is_leaves_no_trace(ready: Engine):
    web_publisher(ready)
    before = newest(ready)
    with db.writing(ready, "web:li", now=NOW) as session:
        session.get_one(PublisherRow, "customs").terms = {"title": {"zh": "海关", "en": "Customs"}}
    assert newest(ready) == before


def test_what_is_undone_is_not_in_the_trail(ready: Engine):
    before = newest(ready)

    def take_over_and_fail(session: Session) -> None:
        catalogue.take_over(session, "routes-2025")
        catalogue.take_over(session, "nothing")

    with pytest.raises(NotFoundError), db.writing(ready, "web:sun", now=NOW) as session:
        take_over_and_fail(session)
    assert newest(ready) == before
    with db.reading(ready) as session:
        assert audit.verify(session) == ()


def test_a_single_reading_is_spelled_out_and_a_large_batch_is_counted_and_sealed(ready: Engine):
    with db.writing(ready, "ingest:test", now=NOW) as session:
        readings.add(session, [reading()])
        readings.add(session, [reading(number, publisher=f"p{number}") for number in range(100)])
    with db.reading(ready) as session:
        many, one = audit.entries(session, kind="reading")
    assert (one.object, many.object) == ("1", "2..101")
    assert one.new is not None
    (spelled,) = one.new["readings"]
    assert (spelled["value"], spelled["indicator"], spelled["period_end"]) == ("154600", "ilstc-volume", "2025-06-30")
    assert many.new is not None
    assert (many.new["first"], many.new["last"], many.new["count"], len(many.new["seal"])) == (2, 101, 100, 64)
    assert "readings" not in many.new


def test_withdrawing_is_told_with_its_reason(ready: Engine):
    with db.writing(ready, "cli:li", reason="misread", now=NOW) as session:
        readings.add(session, [reading()])
        readings.withdraw(session, 1, reason="misread", now=NOW)
    entry = newest(ready, kind="withdrawal")
    assert (entry.new and entry.new["reading"], entry.reason) == (1, "misread")


def test_a_secret_never_enters_the_trail(ready: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PublisherRow, "secrets", frozenset({"title.en"}))
    web_publisher(ready)
    with db.writing(ready, "cli:li", now=NOW) as session:
        row = session.get_one(PublisherRow, "customs")
        row.terms = {"title": {"en": "Another secret", "zh": "海"}}
    with db.reading(ready) as session:
        changed, added = audit.entries(session, kind="publisher", object_id="customs")
        assert audit.verify(session) == ()
    assert added.new is not None
    assert (added.new["title.en"], added.new["title.zh"]) == (HIDDEN, "海关")
    assert (changed.old, changed.new) == (
        {"title.en": HIDDEN, "title.zh": "海关"},
        {"title.en": HIDDEN, "title.zh": "海"},
    )


def test_entries_are_found_by_kind_object_actor_and_time_and_page_by_page(ready: Engine):
    later = NOW + timedelta(days=1)
    with db.writing(ready, "web:li", now=later) as session:
        catalogue.take_over(session, "routes-2025")
    with db.reading(ready) as session:
        everything = audit.entries(session)
        assert [entry.id for entry in everything] == list(range(len(everything), 0, -1))
        assert [entry.id for entry in audit.entries(session, limit=2)] == [everything[0].id, everything[1].id]
        assert audit.entries(session, before_id=everything[1].id) == everything[2:]
        assert {entry.kind for entry in audit.entries(session, kind="indicator")} == {"indicator"}
        found = audit.entries(session, object_id="routes-2025")
        assert [(entry.kind, entry.object) for entry in found] == [
            ("target", "routes-2025"),
            ("target_version", "routes-2025/1/0"),
            ("target", "routes-2025"),
        ]
        assert [entry.actor for entry in audit.entries(session, actor="web:li")] == ["web:li"]
        assert audit.entries(session, since=later) == everything[:1]
        assert audit.entries(session, until=NOW) == everything[1:]
        assert audit.entries(session, object_id="routes") == audit.entries(
            session, kind="indicator", object_id="routes"
        )


def test_one_transaction_of_two_flushes_is_one_unbroken_chain(ready: Engine):
    with db.writing(ready, "cli:li", now=NOW) as session:
        catalogue.reconcile(session, replace(WANTED, targets=()), now=NOW)
        catalogue.reconcile(session, WANTED, now=NOW)
        readings.add(session, [reading()])
    with db.reading(ready) as session:
        assert audit.verify(session) == ()
        assert audit.head(session)[0] == len(audit.entries(session))


def test_nothing_is_appended_without_an_actor(engine: Engine):
    fact = audit.Fact("add", "reading", "1", None, {})
    with raises(ActorMissingError, match="reading '1': changed without an actor"), db.reading(engine) as session:
        audit.append(session, [fact])


def test_a_savepoint_that_is_undone_takes_its_entries_with_it(ready: Engine):
    before = newest(ready)
    changed = replace(WANTED, targets=(replace(VOLUME_2025, title=Text("x", "y")), WANTED.targets[1]))
    with db.writing(ready, "cli:li", now=NOW) as session:
        nested = session.begin_nested()
        assert len(catalogue.reconcile(session, changed, now=NOW)) == 1
        nested.rollback()
    assert newest(ready) == before
    with db.reading(ready) as session:
        assert audit.verify(session) == ()
