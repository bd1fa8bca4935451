"""The schedule: each due time kept once whatever the clock does, and one source never holding up another."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from targetwatch.errors import StoreError
from targetwatch.model import Source
from targetwatch.service.schedule import Schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR, DAY, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def source(name: str, schedule: str = "0 9 * * *", *, enabled: bool = True) -> Source:
    return Source(id=name, kind="csv_file", schedule=schedule, enabled=enabled)


@dataclass
class Lived:
    """A schedule of one source that is lived minute by minute on a clock of the test's own."""

    line: str
    now: datetime
    zone: ZoneInfo = SHANGHAI
    last_run: datetime | None = None
    ran: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.zone, ingest=self._run)
        self.begin()

    def begin(self) -> None:
        """Start the service, or start it again."""
        self.schedule.stop()
        Here.clocks.append(self)
        with mock.patch.object(BackgroundScheduler, "_main_loop"):  # a thread that looks by itself, and may look late
            self.schedule.start([source("one", self.line)], {"one": self.last_run} if self.last_run else {}, self.now)
        self._pass()

    def live(self, time: timedelta) -> list[str]:
        """Let time pass, and return when the source ran, on the zone's clock."""
        before, until = len(self.ran), self.now + time
        while self.now < until:
            self.now += MINUTE
            self._pass()
        return [f"{at.astimezone(self.zone):%m-%d %H:%M}" for at in self.ran[before:]]

    def put(self, time: timedelta) -> None:
        """Put the clock forward, or back; or let the machine sleep."""
        self.schedule._clock.jump(self.now)
        self.now += time
        self.schedule.check_clock(self.now)
        self._pass()

    def _pass(self) -> None:
        self.schedule._scheduler._process_jobs()
        for thread in threading.enumerate():
            if thread.name == "source one":
                thread.join()

    def _run(self, _name: str) -> None:
        self.last_run = self.now
        self.ran.append(self.now)


class Here(datetime):
    """What APScheduler takes for the time: that of whoever lives."""

    clocks: ClassVar[list[Lived]] = []

    @classmethod
    def now(cls, tz=None):
        return cls.clocks[-1].now.astimezone(tz) if cls.clocks else datetime.now(tz)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Here)
    monkeypatch.setattr("targetwatch.service.schedule.CHECK_SECONDS", 3600)
    yield
    for lived in Here.clocks:
        lived.schedule.stop()
    Here.clocks.clear()


def at(said: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=zone)


@pytest.fixture
def daily() -> Lived:
    """Give a source of nine o'clock that ran today; it is half past."""
    return Lived("0 9 * * *", at("2026-11-27 09:30"), last_run=at("2026-11-27 09:00"))


def test_a_source_runs_when_its_line_says_so_and_once(daily):
    assert daily.live(2 * DAY) == ["11-28 09:00", "11-29 09:00"]


def test_a_source_that_never_ran_runs_at_once(daily):
    never = Lived("0 9 * * *", at("2026-11-27 09:30"))
    assert never.ran == [at("2026-11-27 09:30")]
    assert never.live(DAY) == ["11-28 09:00"]
    assert daily.ran == []


def test_what_ran_under_a_clock_set_back_an_hour_does_not_run_again_and_the_next_does(daily, caplog):
    daily.put(-HOUR)
    assert daily.live(DAY + HOUR) == ["11-28 09:00"]
    assert "the clock went -3600 s at once" in caplog.text


def test_a_source_of_every_quarter_goes_on_under_a_clock_set_back_by_an_hour(caplog):
    often = Lived("*/15 * * * *", at("2026-11-27 09:20"), last_run=at("2026-11-27 09:15"))
    often.put(-HOUR)
    assert often.live(HOUR) == ["11-27 08:30", "11-27 08:45", "11-27 09:00", "11-27 09:15"]
    assert "the clock was ahead when sources ran last, they run as it says now: one" in caplog.text


@pytest.mark.parametrize("back", [-DAY, -2 * DAY])
def test_a_clock_set_back_by_days_stops_nothing_for_longer_than_a_period(daily, back):
    daily.put(back)
    ran = daily.live(3 * DAY)
    assert ran == (["11-28 09:00", "11-29 09:00"] if back == -DAY else ["11-26 09:00", "11-27 09:00", "11-28 09:00"])


def test_a_clock_set_forward_makes_up_for_what_it_passed_by_one_run(daily):
    daily.put(HOUR)
    assert daily.live(HOUR) == []
    for times, forward in enumerate((DAY, 3 * DAY, YEAR), start=1):
        daily.put(forward)
        assert daily.live(HOUR) == []
        assert len(daily.ran) == times
    assert len(daily.live(DAY)) == 1


def test_a_machine_that_slept_over_a_due_time_makes_up_for_it_once_however_long_it_slept(daily, caplog):
    daily.put(30 * DAY)
    assert len(daily.ran) == 1
    assert daily.live(DAY) == ["12-28 09:00"]
    assert "it was set, or the machine slept" in caplog.text


def test_a_clock_wrong_by_a_year_at_the_start_keeps_nothing_from_running_then_or_when_it_is_put_right(caplog):
    behind = Lived("0 9 * * *", at("2025-11-27 09:30"), last_run=at("2026-11-27 09:00"))
    assert "the clock was ahead when sources ran last" in caplog.text
    assert behind.live(DAY) == ["11-28 09:00"]
    behind.put(YEAR)
    assert len(behind.ran) == 2
    assert behind.live(DAY) == ["11-29 09:00"]

    ahead = Lived("0 9 * * *", at("2027-11-27 09:30"), last_run=at("2026-11-27 09:00"))
    assert len(ahead.ran) == 1
    ahead.put(-YEAR)
    assert ahead.live(DAY) == ["11-28 09:00"]


def test_a_service_started_again_on_a_clock_put_right_goes_on(caplog):
    ahead = Lived("0 9 * * *", at("2027-11-27 09:30"), last_run=at("2027-11-27 09:00"))
    ahead.put(-YEAR)
    ahead.begin()
    assert "the clock was ahead" in caplog.text
    assert ahead.ran == []
    assert ahead.live(DAY) == ["11-28 09:00"]


@pytest.mark.parametrize(
    ("zone", "line", "begins", "ran"),
    [
        ("Europe/Berlin", "30 2 * * *", "2026-03-28 12:00", ["03-29 03:00", "03-30 02:30"]),  # 2:00 to 3:00 is skipped
        ("Europe/Berlin", "30 2 * * *", "2026-10-24 12:00", ["10-25 02:30", "10-26 02:30"]),  # it is 2:30 twice
        ("Australia/Lord_Howe", "15 2 * * *", "2026-10-03 12:00", ["10-04 02:30", "10-05 02:15"]),  # half an hour
        ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04 12:00", ["04-05 01:45", "04-06 01:45"]),
        ("America/St_Johns", "0 0 * * *", "2026-03-07 12:00", ["03-08 00:00", "03-09 00:00"]),
        ("Asia/Shanghai", "0 9 29 2 *", "2028-02-28 12:00", ["02-29 09:00"]),
    ],
)
def test_changes_of_the_clock_by_law_and_leap_days_keep_each_due_time_once(zone, line, begins, ran):
    here = ZoneInfo(zone)
    lived = Lived(line, at(begins, here).astimezone(UTC), here, last_run=at(begins, here).astimezone(UTC))
    assert lived.live(2 * DAY) == ran


def test_a_source_of_leap_days_is_due_in_four_years():
    lived = Lived("0 9 29 2 *", at("2028-03-01 00:00"), last_run=at("2028-02-29 09:00"))
    assert f"{lived.schedule.next_runs()['one']:%Y-%m-%d}" == "2032-02-29"


@pytest.fixture
def schedule():
    made: list[Schedule] = []

    def make(ingest, **others) -> Schedule:
        made.append(Schedule(SHANGHAI, ingest=ingest, **others))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_a_source_that_hangs_delays_no_other_source(schedule):
    release, ran = threading.Event(), threading.Event()

    def ingest(name: str) -> None:
        if name == "hangs":
            release.wait(120)
        else:
            ran.set()

    one = schedule(ingest)
    one.start([source("hangs"), source("works")], {}, datetime.now(UTC))
    try:
        assert ran.wait(60)
    finally:
        release.set()


def test_a_source_due_again_and_again_while_it_runs_runs_once_more(schedule):
    release, begun = threading.Event(), threading.Semaphore(0)

    def ingest(_name: str) -> None:
        begun.release()
        release.wait(120)

    one = schedule(ingest)
    one.start([source("slow", "0 0 1 1 *")], {}, datetime.now(UTC))
    try:
        assert begun.acquire(timeout=60)
        for is_run in (True, False, False):
            (job,) = one._sources()
            job.modify(next_run_time=datetime.now(UTC))
            assert begun.acquire(timeout=60 if is_run else 0.3) is is_run
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
    assert done.wait(60)
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
    assert all(steps.acquire(timeout=60) for _ in range(3))


def test_what_is_looked_after_goes_on_after_a_failure_and_one_of_the_database_is_one_line(
    schedule, monkeypatch, caplog
):
    monkeypatch.setattr("targetwatch.service.schedule.LOOK_SECONDS", 0.02)
    failures = iter([StoreError("being_written", where="database", said="x", seconds=5), ValueError("a fault")])
    done = threading.Event()

    def look() -> None:
        for error in failures:
            raise error
        done.set()

    schedule(lambda _name: None, look=look).start([], {}, datetime.now(UTC))
    assert done.wait(60)
    told = [one for one in caplog.records if not one.name.startswith("apscheduler")]  # of a look that is slow
    assert [(one.levelname, bool(one.exc_info)) for one in told] == [("WARNING", False), ("ERROR", True)]


def test_mails_are_sent_in_a_thread_that_ends_with_the_process_however_slow_the_server_is(schedule, monkeypatch):
    monkeypatch.setattr("targetwatch.service.schedule.LOOK_SECONDS", 0.05)
    found: list[bool] = []
    done = threading.Event()

    def mail() -> None:
        found.append(threading.current_thread().daemon)
        done.set()

    schedule(lambda _name: None, mails=mail).start([], {}, datetime.now(UTC))
    assert done.wait(60)
    assert found[0]
