"""The schedule: catch-up after downtime, one source never holding up another."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from targetwatch.model import Source
from targetwatch.service.schedule import CrontabTrigger, Schedule, overdue

SHANGHAI = ZoneInfo("Asia/Shanghai")


def source(name: str, schedule: str = "0 9 * * *", *, enabled: bool = True) -> Source:
    return Source(id=name, kind="csv_file", schedule=schedule, enabled=enabled)


def test_a_trigger_goes_on_from_the_run_before_or_from_now():
    fires = CrontabTrigger("0 9 * * *", SHANGHAI)
    nine, day = datetime(2025, 12, 9, 1, 0, tzinfo=UTC), timedelta(days=1)
    assert fires.get_next_fire_time(None, nine) == nine
    assert fires.get_next_fire_time(None, nine + timedelta(microseconds=1)) == nine + day
    assert fires.get_next_fire_time(nine, nine + 5 * day) == nine + day
    assert fires.get_next_fire_time(nine + day, nine) == nine, "the clock was set back"


def test_a_run_missed_while_the_service_was_down_is_overdue_and_one_made_is_not():
    daily = CrontabTrigger("0 9 * * *", SHANGHAI)
    nine = datetime(2025, 12, 9, 1, 0, tzinfo=UTC)
    assert overdue(daily, None, nine)
    assert overdue(daily, nine - timedelta(days=3), nine)
    assert not overdue(daily, nine, nine + timedelta(hours=23))
    assert overdue(daily, nine, nine + timedelta(hours=24))


@pytest.fixture
def schedule():
    made: list[Schedule] = []

    def make(ingest, turn=lambda: None) -> Schedule:
        made.append(Schedule(SHANGHAI, ingest=ingest, turn=turn))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_a_source_that_hangs_delays_no_other_source(schedule):
    release, ran = threading.Event(), threading.Event()

    def ingest(name: str) -> None:
        if name == "hangs":
            release.wait(20)
        else:
            ran.set()

    one = schedule(ingest)
    one.start([source("hangs"), source("works")], {}, datetime.now(UTC))
    try:
        assert ran.wait(5)
    finally:
        release.set()


def test_what_fell_due_while_down_runs_once_at_the_start_and_what_is_up_to_date_does_not(schedule):
    ran: list[str] = []
    done = threading.Event()

    def ingest(name: str) -> None:
        ran.append(name)
        done.set()

    now = datetime.now(UTC)
    one = schedule(ingest)
    one.start(
        [source("behind"), source("current", "0 0 1 1 *")], {"current": now, "behind": now - timedelta(days=9)}, now
    )
    assert done.wait(5)
    assert ran == ["behind"]


def test_rebuilding_drops_the_jobs_of_sources_that_went_and_disabled_ones(schedule):
    now = datetime.now(UTC)
    recent = {"stays": now, "goes": now, "sleeps": now}
    one = schedule(lambda _name: None)
    one.start([source("stays"), source("goes")], recent, now)
    one.rebuild([source("stays", "5 5 * * *"), source("sleeps", enabled=False)], recent, now)
    assert list(one.next_runs()) == ["stays"]
    assert f"{one.next_runs()['stays'].astimezone(SHANGHAI):%H:%M}" == "05:05"


def test_a_replay_steps_at_its_own_pace(schedule):
    steps = threading.Semaphore(0)
    schedule(lambda _name: None).replay(0.05, steps.release)
    assert all(steps.acquire(timeout=5) for _ in range(3))


def test_mails_are_sent_in_a_thread_that_ends_with_the_process_however_slow_the_server_is(monkeypatch):
    monkeypatch.setattr("targetwatch.service.schedule.LOOK_SECONDS", 0.05)
    found: list[bool] = []
    done = threading.Event()

    def mail() -> None:
        found.append(threading.current_thread().daemon)
        done.set()

    one = Schedule(SHANGHAI, ingest=lambda _name: None, turn=lambda: None, mails=mail)
    one.start([], {}, datetime.now(UTC))
    try:
        assert done.wait(5)
    finally:
        one.stop()
    assert found[0]
