"""The schedule: crontab as cron understands it, catch-up after downtime, one source never holding up another."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from targetwatch.model import Source
from targetwatch.scheduler import Schedule, overdue, trigger, weekdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2025, 12, 9, 1, 0, tzinfo=UTC)


def source(name: str, schedule: str = "0 9 * * *", *, enabled: bool = True) -> Source:
    return Source(id=name, kind="csv_file", schedule=schedule, enabled=enabled)


def next_fires(crontab: str, count: int, start: datetime = TUESDAY) -> list[datetime]:
    fires, moment, found = trigger(crontab, SHANGHAI), start, []
    for _ in range(count):
        moment = fires.get_next_fire_time(None, moment + timedelta(seconds=1))
        found.append(moment)
    return found


@pytest.mark.parametrize(
    ("crontab", "expected"),
    [
        ("0 9 * * 1", ["2025-12-15 09:00"]),
        ("0 9 * * 0", ["2025-12-14 09:00"]),
        ("0 9 * * 7", ["2025-12-14 09:00"]),
        ("30 8 * * mon-fri", ["2025-12-10 08:30", "2025-12-11 08:30"]),
        ("0 9 20 * *", ["2025-12-20 09:00", "2026-01-20 09:00"]),
        ("0 9 20 * 5", ["2025-12-12 09:00", "2025-12-19 09:00", "2025-12-20 09:00"]),
        ("*/30 9-10 * * *", ["2025-12-09 09:30", "2025-12-09 10:00", "2025-12-09 10:30"]),
    ],
)
def test_a_crontab_line_fires_when_cron_would_in_the_configured_zone(crontab, expected):
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in next_fires(crontab, len(expected))] == expected


@pytest.mark.parametrize(
    ("field", "names"),
    [("1", "mon"), ("6-7", "sun,sat"), ("0-2", "sun,mon,tue"), ("1,3,5", "mon,wed,fri"), ("1-5/2", "mon,wed,fri")],
)
def test_weekdays_count_from_sunday(field, names):
    assert weekdays(field) == names


def test_a_run_missed_while_the_service_was_down_is_overdue_and_one_made_is_not():
    daily = trigger("0 9 * * *", SHANGHAI)
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
