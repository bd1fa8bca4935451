"""Lots of targets as a queue: each is taken by one at a time, and only the last that took it may answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from targetwatch.errors import StoreError
from targetwatch.evaluation import Resume
from targetwatch.model import AsOf, Performance
from targetwatch.store import db, lots
from targetwatch.store.lots import Lot, LotQuestion, TargetResult
from targetwatch.store.statuses import Horizon
from targetwatch.store.verdicts import FoundVerdict

AS_OF = AsOf.at(datetime(2026, 11, 25, 20, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
HORIZON = Horizon(through=AS_OF.day, reading=7, withdrawal=2, configured=5, program="this one")
RESUME = Resume(date(2026, 11, 20), Performance.AT_RISK, date(2026, 3, 1), 2)
TARGETS: list[dict[str, Resume | None]] = [{"a": RESUME, "b": None}, {"c": None}, {"d": None}]
ASKED = [LotQuestion(AS_OF.moment, "Asia/Shanghai", HORIZON, some) for some in TARGETS]
FOUND = (
    TargetResult(FoundVerdict(target="a", failed="broken")),
    TargetResult(FoundVerdict(target="b", turn=date(2026, 12, 1))),
)


def asked(engine: Engine, question: Callable[..., Any], *said: Any, **more: Any) -> Any:
    with db.queueing(engine) as connection:
        return question(connection, *said, **more)


def take(engine: Engine, program: str = "this one") -> Lot | None:
    found: Lot | None = asked(engine, lots.take, program=program)
    return found


def lead(server: Engine, term: int) -> Engine:
    with server.begin() as connection:
        connection.exec_driver_sql("UPDATE leader SET term = %s, holder = %s", (term, db.PROCESS))
    return server.execution_options(**{db.TERM: term})


@pytest.fixture
def led(server: Engine) -> Engine:
    """Give the engine of a leader in its third term that has put three lots there."""
    engine = lead(server, 3)
    asked(engine, lots.post, ASKED)
    return engine


def test_each_lot_is_taken_once_and_is_what_was_put_there(led: Engine, server: Engine) -> None:
    first, second, third, none = (take(server) for _ in range(4))
    assert first is not None
    assert (first.asked, first.asked.as_of) == (ASKED[0], AS_OF)
    assert [one and one.number for one in (first, second, third, none)] == [0, 1, 2, None]
    assert asked(server, lots.finish, first, FOUND)
    assert asked(led, lots.collect) == {0: (db.PROCESS, FOUND)}
    assert asked(led, lots.collect) == {}


@pytest.mark.usefixtures("led")
def test_a_lot_that_is_being_taken_holds_up_nobody(server: Engine) -> None:
    with db.queueing(server) as connection:
        being_taken = lots.take(connection, program="this one")
        other = take(server)
    assert being_taken is not None
    assert other is not None
    assert (being_taken.number, other.number) == (0, 1)


@pytest.mark.usefixtures("led")
def test_a_lot_is_anybodys_after_its_time_and_its_first_taker_says_nothing_of_it_any_more(server: Engine) -> None:
    slow = take(server)
    assert slow is not None
    with server.begin() as connection:
        connection.exec_driver_sql("UPDATE lot SET until = now() - interval '1 ms' WHERE id = 0")
    other = take(server)
    assert other is not None
    assert (other.number, other.asked) == (slow.number, slow.asked)
    assert not asked(server, lots.finish, slow, FOUND)
    assert asked(server, lots.finish, other, FOUND)
    assert take(server, "this one") != slow


def test_nothing_of_a_term_that_is_over_is_taken_answered_or_put_there(led: Engine, server: Engine) -> None:
    taken = take(server)
    newer = lead(server, 4)
    assert taken is not None
    assert not asked(server, lots.finish, taken, FOUND)
    assert take(server) is None
    with raises(StoreError, match="another process leads"):
        asked(led, lots.post, ASKED)
    asked(newer, lots.post, ASKED[1:])
    assert not asked(server, lots.finish, taken, FOUND)
    found = take(server)
    assert found is not None
    assert found.asked == ASKED[1]


@pytest.mark.usefixtures("led")
def test_a_process_of_another_program_takes_nothing(server: Engine) -> None:
    assert take(server, "another") is None
    assert asked(server, lots.other_program, "another") == "this one"
    assert asked(server, lots.other_program, "this one") is None


def test_whoever_stands_still_in_the_queue_is_put_out_of_it(led: Engine, server: Engine, monkeypatch) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_SECONDS", 0.2)
    with raises(StoreError), db.queueing(server) as frozen:
        lots.take(frozen, program="this one")
        monkeypatch.setattr(db, "BUSY_TIMEOUT_SECONDS", 30)
        asked(led, lots.post, ASKED)
        frozen.exec_driver_sql("SELECT 1")


def test_the_leader_takes_out_what_nobody_has_and_leaves_to_others_what_they_have(led: Engine, server: Engine) -> None:
    first, second = take(server), take(server)
    assert first is not None
    assert second is not None
    assert [asked(led, lots.take_out) for _ in range(2)] == [2, None]
    assert asked(led, lots.count) == 2
    with server.begin() as connection:
        connection.exec_driver_sql("UPDATE lot SET until = now() - interval '1 ms' WHERE id = 0")
    assert asked(led, lots.take_out) == 0
    assert not asked(server, lots.finish, first, FOUND)
    assert asked(server, lots.finish, second, FOUND)
    assert asked(led, lots.take_out) is None
