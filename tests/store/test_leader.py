"""Who leads: one at a time, however the one before went, and nobody writes in the name of a term that is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from store.relay import relayed
from targetwatch.errors import StoreError
from targetwatch.store import db, leader
from targetwatch.store.leader import FileLock, ServerLock

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
SOON = 30
"""Far longer than it takes, on a machine with other work."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leader, "LEASE_SECONDS", 0.5)


@contextmanager
def process(address: str, name: str, patch: pytest.MonkeyPatch) -> Iterator[tuple[ServerLock, Engine]]:
    """Stand for the lead as a process of that name."""
    patch.setattr(db, "PROCESS", name)
    engine = db.create_engine(address)
    lock = ServerLock(engine)
    lock.hold()
    yield lock, engine
    lock.drop()
    engine.dispose()


def address_of(server: Engine) -> str:
    return server.url.set(drivername="postgresql").render_as_string(hide_password=False)


def leads_soon(lock: ServerLock) -> int:
    """Stand for the lead until it is there; the number of the term."""
    end = time.monotonic() + SOON
    while lock.term is None and time.monotonic() < end:
        lock.hold()
        time.sleep(0.05)
    assert lock.term is not None
    return lock.term


def test_one_leads_until_it_lets_go_and_each_lead_is_a_term_of_its_own(server: Engine, monkeypatch) -> None:
    with (
        process(address_of(server), "first", monkeypatch) as (first, _),
        process(address_of(server), "second", monkeypatch) as (second, _),
    ):
        assert (first.term, second.term) == (1, None)
        first.hold()
        second.hold()
        assert (first.term, second.term) == (1, None)
        first.drop()
        assert leads_soon(second) == 2


def test_nothing_is_written_in_the_name_of_a_term_that_is_over(server: Engine, monkeypatch) -> None:
    with process(address_of(server), "first", monkeypatch) as (first, _):
        led = server.execution_options(**{db.TERM: first.term})
        with db.writing(led, "service", now=NOW):
            pass
        first.drop()
    with process(address_of(server), "second", monkeypatch) as (second, _):
        assert second.term == 2
        with raises(StoreError, match="another process leads"), db.writing(led, "service", now=NOW):
            pytest.fail("written in the name of a term that is over")
        with db.writing(server, "web:li", now=NOW):
            pass


def test_a_term_whose_number_comes_again_after_a_restore_is_that_of_who_holds_it_now(
    server: Engine, monkeypatch
) -> None:
    with process(address_of(server), "first", monkeypatch) as (first, _):
        led = server.execution_options(**{db.TERM: first.term})
        first.drop()
    with server.begin() as connection:
        connection.exec_driver_sql("UPDATE leader SET term = 0, holder = ''")
    with process(address_of(server), "second", monkeypatch) as (second, _):
        assert second.term == 1
        with db.writing(led, "service", now=NOW):
            pass
        monkeypatch.setattr(db, "PROCESS", "first")
        with raises(StoreError, match="another process leads"), db.writing(led, "service", now=NOW):
            pytest.fail("written in the name of a term that is over")


@pytest.mark.usefixtures("impatient")
def test_the_server_ends_the_lead_of_one_that_says_nothing_any_more(server: Engine, monkeypatch) -> None:
    with (
        process(address_of(server), "frozen", monkeypatch) as (frozen, _),
        process(address_of(server), "second", monkeypatch) as (second, _),
    ):
        assert leads_soon(second) == 2
        with raises(StoreError):
            frozen.hold()
        assert frozen.term is None


@pytest.mark.usefixtures("impatient")
def test_a_frozen_leader_in_the_middle_of_a_write_holds_up_nobody(server: Engine, monkeypatch) -> None:
    address = address_of(server)
    with process(address, "frozen", monkeypatch) as (_, engine), raises(StoreError):  # noqa: SIM117
        with db.writing(engine, "service", now=NOW) as session:
            with process(address, "second", monkeypatch) as (second, _):
                assert leads_soon(second) == 2
            session.connection().exec_driver_sql("SELECT 1")


@pytest.mark.usefixtures("impatient")
def test_one_cut_off_from_the_server_loses_the_lead_to_another(server: Engine, monkeypatch) -> None:
    with relayed(address_of(server)) as (relay, address), process(address, "cut off", monkeypatch) as (away, _):
        assert away.term == 1
        relay.cut()
        with process(address_of(server), "second", monkeypatch) as (second, _):
            assert leads_soon(second) == 2
        monkeypatch.setattr(leader, "BELIEF_SECONDS", 0.4)
        assert away.term is None


def test_what_is_written_is_heard_of_at_once_when_it_is_committed(server: Engine, monkeypatch) -> None:
    with process(address_of(server), "listening", monkeypatch) as (lock, _):
        assert not lock.wait(0.1)
        with db.writing(server, "web:li", now=NOW):
            assert not lock.wait(0.1)
        assert lock.wait(SOON)
        assert not lock.wait(0.1)


def test_a_file_is_served_by_one_process_at_a_time(sqlite: Engine) -> None:
    first, second = FileLock(sqlite), FileLock(sqlite)
    first.hold()
    first.hold()
    with raises(StoreError, match="another 'serve' runs the sources on this file"):
        second.hold()
    first.drop()
    second.hold()
    second.drop()
