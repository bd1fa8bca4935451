from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from refusing import raises
from store.examples import NOW, configure, reading
from targetwatch.errors import ActorMissingError, ConflictError, NotFoundError, StoreError
from targetwatch.store import db, readings, runs
from targetwatch.store.tables import PublisherRow
from targetwatch.wording.problems import in_english


def pragma(engine: Engine, name: str) -> object:
    with db.reading(engine) as session:
        return session.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000), ("synchronous", 2)]
)
def test_an_sqlite_file_is_opened_with_the_settings_that_lose_nothing(sqlite: Engine, name: str, value: object):
    assert pragma(sqlite, name) == value


def test_a_reading_session_cannot_change_the_database_even_behind_the_orm(engine: Engine):
    configure(engine)
    with raises(StoreError, match=r"readonly|read-only"), db.reading(engine) as session:
        session.execute(text("INSERT INTO publisher (id, managed_by, terms) VALUES ('x','web','{}')"))


def test_a_row_changed_in_a_reading_session_is_not_silently_forgotten(engine: Engine):
    configure(engine)

    def change(session: Session) -> None:
        session.get_one(PublisherRow, "port-and-logistics-office").terms = {"title": "x"}

    with raises(StoreError, match="rows were changed in a reading session"), db.reading(engine) as session:
        change(session)


def test_a_reading_session_sees_one_moment_while_others_write(engine: Engine):
    configure(engine)
    with db.reading(engine) as session:
        before = readings.load(session)
        with db.writing(engine, "ingest:test", now=NOW) as other:
            readings.add(other, [reading()])
        assert readings.load(session) == before == {}
    with db.reading(engine) as session:
        assert len(readings.load(session)["ilstc-volume"]) == 1


def test_a_writing_session_commits_at_its_end(engine: Engine):
    configure(engine)
    with db.writing(engine, "ingest:test", now=NOW) as session:
        readings.add(session, [reading()])
    with db.reading(engine) as session:
        assert readings.get(session, 1).value == Decimal(154600)


def test_an_error_undoes_everything_the_writing_session_did(engine: Engine):
    configure(engine)

    def add_and_fail(session: Session) -> None:
        readings.add(session, [reading()])
        readings.get(session, 99)

    with pytest.raises(NotFoundError), db.writing(engine, "ingest:test", now=NOW) as session:
        add_and_fail(session)
    with db.reading(engine) as session:
        assert readings.load(session) == {}


@pytest.mark.parametrize("actor", ["", "  "])
def test_there_is_no_writing_without_an_actor(engine: Engine, actor: str):
    with raises(ActorMissingError, match="a write without an actor"), db.writing(engine, actor, now=NOW):
        pass


def test_a_moment_without_an_offset_is_refused(engine: Engine):
    with (
        raises(StoreError, match="has no offset, expected an aware datetime"),
        db.writing(engine, "cli:li", now=datetime(2025, 1, 1)),  # noqa: DTZ001 - that is the point
    ):
        pass


def test_the_second_writer_waits_for_the_first_and_sees_what_it_wrote(engine: Engine):
    configure(engine)
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(10)
        with db.writing(engine, "cli:second", now=NOW) as session:
            order.append("second")
            assert len(readings.load(session)["ilstc-volume"]) == 1

    waiting = threading.Thread(target=second)
    waiting.start()
    with db.writing(engine, "cli:first", now=NOW) as session:
        readings.add(session, [reading()])
        inside.set()
        waiting.join(0.5)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


def test_a_writer_that_waits_too_long_is_told_to_try_again(engine: Engine):
    with (
        db.writing(engine, "cli:first", now=NOW),
        raises(StoreError, match="someone else has been writing for more than 5 s, expected to try again"),
        db.writing(engine, "cli:second", now=NOW) as session,
    ):
        session.connection()


def test_moments_of_any_zone_come_back_as_the_same_instant_in_utc(engine: Engine):
    moment = datetime(2025, 3, 1, 7, 59, 59, 999999, tzinfo=timezone(timedelta(hours=8)))
    run = runs.Run(source="customs", started_at=moment, finished_at=moment, outcome="ok")
    with db.writing(engine, "ingest:customs", now=NOW) as session:
        runs.record(session, run)
    with db.reading(engine) as session:
        (kept,) = runs.history(session)
    assert kept.started_at == moment
    assert kept.started_at.tzinfo is UTC
    assert kept.started_at.isoformat() == "2025-02-28T23:59:59.999999+00:00"


@pytest.mark.parametrize(
    "value", ["0.1", "-0.05", "251800", "1.10", "12345678901234567890.123456789012345678", "0", "1E+3"]
)
def test_decimals_are_exact_on_both_databases(engine: Engine, value: str):
    configure(engine)
    with db.writing(engine, "ingest:test", now=NOW) as session:
        readings.add(session, [reading(value)])
    with db.reading(engine) as session:
        assert str(readings.get(session, 1).value) == format(Decimal(value), "f")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+999999", "1E-999999"])
def test_what_is_no_sane_number_is_never_stored(engine: Engine, value: str):
    configure(engine)
    with pytest.raises(ValueError, match=r"finite|digits"), db.writing(engine, "ingest:test", now=NOW) as session:
        readings.add(session, [reading(value)])


def test_what_refers_to_nothing_is_refused_by_the_database(engine: Engine, tamper: Callable[..., None]):
    with raises(ConflictError, match=r"(?i)foreign key"), db.writing(engine, "cli:li", now=NOW) as session:
        session.execute(text("INSERT INTO withdrawal VALUES (1, 99, 'withdraw', '2025-01-01 00:00:00', 'li', 'x')"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite://", "is in memory and gone at once, expected 'sqlite:///file.db'"),
        ("sqlite:///:memory:", "is in memory and gone at once, expected 'sqlite:///file.db'"),
        ("mysql://li:secret@host/x", "'mysql' is not supported, expected sqlite or postgresql"),
        ("what is this", "the address cannot be read, expected 'sqlite:///targetwatch.db' or 'postgresql://"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_is_expected(address: str, said: str):
    with pytest.raises(StoreError) as caught:
        db.create_engine(address)
    assert said in in_english(caught.value)
    assert "secret" not in str(caught.value)


def test_a_password_is_never_shown():
    engine = db.create_engine("postgres://li:secret@localhost/targets")
    assert db.shown(engine.url) == "postgresql+psycopg://li:***@localhost/targets"
    assert "secret" not in repr(engine)


def test_a_driver_error_does_not_show_the_values_of_the_statement(engine: Engine):
    with pytest.raises(StoreError) as caught, db.writing(engine, "cli:li", now=NOW) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:token)"), {"token": "s3cret"})
    assert "nowhere" in in_english(caught.value)
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"


def test_the_file_of_an_engine_is_known_for_sqlite_alone(sqlite: Engine, tmp_path: Path):
    assert db.file_of(sqlite) == tmp_path / "store.db"
    assert db.file_of(db.create_engine("postgresql://localhost/x")) is None


def test_when_every_connection_is_taken_it_says_so(kind, bare, monkeypatch):
    monkeypatch.setattr(db, "POOL", {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1})
    one = db.create_engine(bare.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    with db.reading(one) as session:
        session.execute(text("SELECT 1"))
        with raises(StoreError, "every connection was taken for 0.1 s"), db.reading(one) as other:
            other.execute(text("SELECT 1"))
    one.dispose()


def test_a_statement_of_postgresql_and_the_way_there_have_limits_of_their_own(postgresql):
    one = db.create_engine(postgresql + "&connect_timeout=7")
    with one.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "2min"
        said = connection.connection.driver_connection.info.get_parameters()
    assert (said["connect_timeout"], said["tcp_user_timeout"], said["keepalives_idle"]) == ("7", "30000", "10")
    one.dispose()
