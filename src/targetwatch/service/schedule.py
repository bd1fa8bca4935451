"""The schedule: one job per source, what is looked after every half minute, and an eye on the clock.

APScheduler sleeps until a moment of the wall's clock, which may be set under it; so a thread compares that clock every
second with one that only goes forward, and where they part has every job's time thought over. A source that is slow
holds up only itself: it has a thread of its own and runs once at a time. Runs missed while the service was down or its
machine slept are made up for by one.
"""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from targetwatch.errors import StoreError
from targetwatch.quantity.crontab import Crontab, read_crontab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from targetwatch.model import Source

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
LOOK_SECONDS = 30
MOST_NAMED = 12
JUMP = timedelta(seconds=60)
"""A clock that is kept right is never put forward or back by more at once."""
SOURCE = "source "
OTHERS = "look", "mails"
ONE_WAITS = 2
"""A source due while it runs waits for that and runs once more, however often it was due."""


@dataclass(frozen=True, slots=True)
class CrontabTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires when a crontab line says so on the clocks of a zone."""

    crontab: Crontab
    zone: ZoneInfo

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:  # noqa: ARG002 - APScheduler's
        """Return the first time after `now`: however many were missed, they are made up for by one run."""
        return self.crontab.after(now, self.zone)

    def is_beyond(self, due: datetime | None, now: datetime) -> bool:
        """Return whether the last run lies in the future by more than a period, `due` being the next.

        That is so where the second due time from now was kept to. The first alone was if the clock was set back by less
        than a period: that one is not to be run twice.
        """
        first = self.crontab.after(now, self.zone)
        second = first and self.crontab.after(first, self.zone)
        return due is not None and second is not None and due > second


class ThreadEach(BaseExecutor):  # type: ignore[misc]  # APScheduler has no types
    """A thread for each run, which ends with the process: one that hangs holds up neither another nor the end."""

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:  # noqa: ANN401 - APScheduler has no types
        Thread(target=self._run, args=(job, run_times), name=job.id, daemon=True).start()

    def _run(self, job: Any, run_times: list[datetime]) -> None:  # noqa: ANN401 - APScheduler has no types
        try:
            events = run_job(job, job._jobstore_alias, run_times, self._logger.name)  # noqa: SLF001 - as its own executors do
        except BaseException as error:  # noqa: BLE001 - told to the scheduler, as its own executors do
            self._run_job_error(job.id, error, sys.exc_info()[2])
        else:
            self._run_job_success(job.id, events)


class Schedule:
    """The jobs of this process: `ingest` runs a source by its id, `look` and `mails` are called every half minute."""

    def __init__(
        self,
        zone: ZoneInfo,
        *,
        ingest: Callable[[str], object],
        look: Callable[[], object] = lambda: None,
        mails: Callable[[], object] = lambda: None,
    ) -> None:
        self._zone, self._ingest, self._look, self._mails = zone, ingest, look, mails
        self._scheduler: BackgroundScheduler | None = None
        self._clock = _Clock()
        self._stopped = Event()

    def start(self, sources: Iterable[Source], last_runs: Mapping[str, datetime], now: datetime) -> None:
        """Start the jobs of `sources`; what fell due since their last runs is run at once."""
        scheduler = self._begin()
        every = IntervalTrigger(seconds=LOOK_SECONDS)
        look, mails = OTHERS
        scheduler.add_job(_told, every, args=[look, self._look], id=look)
        # what waits since another led is sent at once
        scheduler.add_job(_told, every, args=[mails, self._mails], id=mails, next_run_time=now)
        self.rebuild(sources, last_runs, now)
        self._clock, self._stopped = _Clock(), Event()
        Thread(target=self._watch_clock, args=(self._stopped,), name="clock", daemon=True).start()

    def rebuild(self, sources: Iterable[Source], last_runs: Mapping[str, datetime], now: datetime) -> None:
        """Make the sources' jobs those of `sources`; one whose schedule is unchanged keeps its place."""
        scheduler = self._scheduler
        assert scheduler is not None
        before = {job.id: job.trigger for job in scheduler.get_jobs()}
        wanted = {SOURCE + source.id: source for source in sources if source.enabled and source.schedule}
        for name in before.keys() - wanted.keys():
            if name.startswith(SOURCE):
                scheduler.remove_job(name)
        for name, source in wanted.items():
            fires = CrontabTrigger(read_crontab(source.schedule), self._zone)
            if before.get(name) == fires:
                continue
            last = last_runs.get(source.id)
            due = fires.crontab.after(last, self._zone) if last else now
            late = due is not None and due <= now
            log.info("source '%s': scheduled '%s'%s", source.id, source.schedule, ", running now" if late else "")
            scheduler.add_job(
                self._ingest,
                fires,
                args=[source.id],
                id=name,
                replace_existing=True,
                next_run_time=due,
                max_instances=ONE_WAITS,
            )
        self._mend(now)

    def check_clock(self, now: datetime) -> None:
        """Compare the clock with time that has passed, and where it was set have each job's next time thought over."""
        jump, scheduler = self._clock.jump(now), self._scheduler
        if jump and scheduler is not None:
            log.warning("the clock went %+d s at once: it was set, or the machine slept", jump.total_seconds())
            self._mend(now)
            for name in OTHERS:
                scheduler.modify_job(name, next_run_time=now)

    def replay(self, seconds: float, step: Callable[[], None]) -> None:
        """Start with one job only: `step`, once every `seconds`; for a simulated clock."""
        self._begin().add_job(_told, IntervalTrigger(seconds=seconds), args=["replay", step], id="replay")

    def next_runs(self) -> dict[str, datetime]:
        """Return when each scheduled source runs next."""
        due = {job.id.removeprefix(SOURCE): job.next_run_time for job in self._sources()}
        return {name: at.astimezone(self._zone) for name, at in due.items() if at}

    def stop(self) -> None:
        """Start nothing more; a fetch under way is not waited for, its reading is stored whole or not at all."""
        self._stopped.set()
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=False)

    def _begin(self) -> BackgroundScheduler:
        self._scheduler = BackgroundScheduler(
            timezone=self._zone,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadEach()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.start()
        return self._scheduler

    def _sources(self) -> list[Any]:
        jobs = self._scheduler.get_jobs() if self._scheduler else []
        return [job for job in jobs if job.id.startswith(SOURCE)]

    def _watch_clock(self, stopped: Event) -> None:
        while not stopped.wait(CHECK_SECONDS):
            self.check_clock(datetime.now(UTC))

    def _mend(self, now: datetime) -> None:
        """Let sources whose last run lies in the future run as the clock says now."""
        ahead = [job for job in self._sources() if job.trigger.is_beyond(job.next_run_time, now)]
        for job in ahead:
            job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))
        if ahead:
            names = [job.id.removeprefix(SOURCE) for job in ahead]
            log.warning(
                "the clock was ahead when sources ran last, they run as it says now: %s%s",
                ", ".join(names[:MOST_NAMED]),
                f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "",
            )


def _told(name: str, job: Callable[[], object]) -> None:
    """Do what is done every half minute; a database that is away is one line, what else breaks it off is told whole."""
    try:
        job()
    except StoreError as error:
        log.warning("%s: %s", name, error)
    except Exception:
        log.exception("%s: broke off, and is tried again", name)


@dataclass(slots=True)
class _Clock:
    """The wall's clock as last looked at, beside one that only goes forward."""

    seen: datetime | None = None
    at: float = field(default_factory=time.monotonic)

    def jump(self, now: datetime) -> timedelta | None:
        """Return by how much the clock went otherwise than time did since the last look; None when it kept time."""
        at = time.monotonic()
        jump = now - self.seen - timedelta(seconds=at - self.at) if self.seen else timedelta()
        self.seen, self.at = now, at
        return jump if abs(jump) > JUMP else None
