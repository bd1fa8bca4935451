from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlmodel import col

from refusing import raises
from store.examples import NOW, VERSION, configure, reading
from targetwatch.errors import ActorMissingError, ManagedElsewhereError, StoreError
from targetwatch.model import Performance, StatusChange
from targetwatch.store import audit, db, documents, outbox, readings, runs, statuses
from targetwatch.store.catalogue.rows import columns_of
from targetwatch.store.tables import (
    AcknowledgementRow,
    ArticleAnswerRow,
    AuditRow,
    IngestRunRow,
    PublisherRow,
    ReadingRow,
    Row,
    StatusChangeRow,
    TargetRow,
    TargetVersionRow,
    WithdrawalRow,
)

SOURCE = Path(__file__).parents[2] / "src" / "targetwatch"
LATER = datetime(2025, 8, 1, tzinfo=UTC)


@pytest.fixture
def full(engine: Engine) -> Engine:
    """Give a database with a row in every table that only grows."""
    configure(engine)
    change = StatusChange(
        target="routes-2025",
        version=1,
        on=date(2025, 3, 1),
        old=None,
        new=Performance.PENDING,
        rule="-",
    )
    run = runs.Run(source="customs", started_at=NOW, finished_at=NOW, outcome="ok")
    known = outbox.Acknowledgement(
        target="routes-2025",
        receiver="a@example.org",
        by="Li",
        note="ships are on order",
        until=date(2025, 9, 1),
        at=NOW,
    )
    with db.writing(engine, "cli:test", now=NOW) as session:
        readings.add(session, [reading()])
        readings.withdraw(session, 1, reason="a typing error", now=NOW)
        statuses.append(session, [change])
        runs.record(session, run)
        outbox.acknowledge(session, known)
        documents.answer(session, "a1", "customs", dismissed=(), actor="web:li", now=NOW)
    return engine


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [
        (TargetVersionRow, ("ilstc-volume-2025", 1, 0), "terms"),
        (ReadingRow, 1, "quote"),
        (WithdrawalRow, 1, "reason"),
        (StatusChangeRow, 1, "rule"),
        (IngestRunRow, 1, "reason"),
        (AuditRow, 1, "reason"),
        (AcknowledgementRow, 1, "note"),
        (ArticleAnswerRow, 1, "words"),
    ],
)
def test_what_only_grows_is_neither_changed_nor_deleted(full: Engine, table: type[Row], key: object, column: str):
    with raises(StoreError, match="cannot be changed"), db.writing(full, "cli:li", now=NOW) as session:
        setattr(session.get_one(table, key), column, "something else")
    with raises(StoreError, match="cannot be deleted"), db.writing(full, "cli:li", now=NOW) as session:
        session.delete(session.get_one(table, key))


def test_every_table_that_only_grows_is_tried_above(full: Engine):
    growing = {mapper.class_ for mapper in Row._sa_registry.mappers if mapper.class_.append_only}
    kept = {TargetVersionRow, ReadingRow, WithdrawalRow, StatusChangeRow, IngestRunRow, AuditRow, AcknowledgementRow}
    assert growing == kept | {ArticleAnswerRow}


def test_what_is_configured_is_archived_and_never_deleted(full: Engine):
    said = "publisher 'port-and-logistics-office': cannot be deleted, expected to be archived"
    with raises(StoreError, match=said), db.writing(full, "cli:li", now=NOW) as session:
        session.delete(session.get_one(PublisherRow, "port-and-logistics-office"))


def test_editing_a_row_of_the_file_directly_is_refused_in_the_flush(full: Engine):
    with pytest.raises(ManagedElsewhereError), db.writing(full, "web:sun", now=NOW) as session:
        session.get_one(PublisherRow, "port-and-logistics-office").terms = {"title": "x"}


def test_making_a_row_ones_own_by_hand_does_not_help(full: Engine):
    def seize(session: Session) -> None:
        row = session.get_one(PublisherRow, "port-and-logistics-office")
        session.expire(row)
        row.managed_by = "web"
        row.terms = {"title": "x"}

    with pytest.raises(ManagedElsewhereError), db.writing(full, "web:sun", now=NOW) as session:
        seize(session)


def test_adding_a_version_to_a_target_of_the_file_directly_is_refused(full: Engine):
    columns = {**columns_of(VERSION), "target": "routes-2025", "number": 2, "correction": 0, "recorded_at": NOW}
    with raises(ManagedElsewhereError, match="routes-2025"), db.writing(full, "web:sun", now=NOW) as session:
        session.add(TargetVersionRow.model_validate(columns))


def test_a_row_of_the_file_is_not_made_by_the_web(full: Engine):
    columns = {"id": "x", "managed_by": "file", "terms": {"title": "x"}}
    with pytest.raises(ManagedElsewhereError), db.writing(full, "web:sun", now=NOW) as session:
        session.add(PublisherRow.model_validate(columns))


@pytest.mark.parametrize(
    "statement",
    [
        update(TargetRow).values(terms={}),
        delete(PublisherRow),
        insert(PublisherRow).values(id="x", managed_by="web", terms={}),
        update(ReadingRow).where(col(ReadingRow.id) == 1).values(value="1"),
    ],
)
def test_a_bulk_statement_through_the_session_is_refused(full: Engine, statement: object):
    said = "bulk changes pass by the audit trail, expected rows changed one by one"
    with raises(StoreError, match=said), db.writing(full, "cli:li", now=NOW) as session:
        session.execute(statement)


def test_a_session_that_was_not_opened_by_writing_cannot_change_anything(engine: Engine):
    columns = {"id": "x", "managed_by": "web", "terms": {"title": "x"}}
    with Session(engine) as session:
        session.add(PublisherRow.model_validate(columns))
        with raises(ActorMissingError, match="publisher 'x': changed without an actor, expected writing"):
            session.flush()


BULK = re.compile(
    r"\b(update|delete|insert)\(\s*[A-Z]|bulk_(save|insert|update)|"
    r"\.(execute|exec_driver_sql)\(\s*f?[\"'](?i:insert|update|delete)"
)
ALLOWED = {
    "store/audit/trail.py": 3,  # the trail itself, and its head
    "store/readings/rows.py": 1,  # readings, sealed by one entry for the batch
    "store/lots.py": 6,  # what is to be judged, until it is
    "store/verdicts.py": 5,  # what can be judged again at any time, of the present and of past days
}


def test_nothing_passes_by_the_audit_trail_in_bulk():
    found = {
        str(file.relative_to(SOURCE)): len(BULK.findall(file.read_text()))
        for file in SOURCE.rglob("*.py")
        if "migrations" not in file.parts
    }
    assert {name: count for name, count in found.items() if count} == ALLOWED


OPENING = re.compile(r"\bSession\(|sessionmaker|\.commit\(\)|\.rollback\(\)")


def test_sessions_are_opened_and_committed_in_one_place_alone():
    found = {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if OPENING.search(file.read_text())}
    assert found == {"store/db.py", "store/maintenance.py"}


def test_all_audited_tables_are_watched_by_a_listener_on_every_session():
    assert audit.append is not None
    audited = {str(mapper.class_.__tablename__) for mapper in Row._sa_registry.mappers if mapper.class_.audited}
    assert audited >= {"indicator", "owner", "programme", "publisher", "source", "target", "target_version"}
    assert audited >= {"held", "withdrawal"}
    assert not audited & {"audit", "audit_head", "ingest_run", "fetch_state", "status_change", "reading"}
