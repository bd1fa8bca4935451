"""The schedule: one job per source, one at each day's turn, and nothing but wiring.

A source that is slow holds up only itself: it has a thread of its own, runs once at a time, and a run missed by a
sleeping machine is made up for once. What is due because the service was down is run at the start.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from targetwatch.quantity.crontab import read_crontab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from targetwatch.model import Source

log = logging.getLogger(__name__)

MISFIRE_GRACE_SECONDS = 6 * 3600
OTHER_THREADS = 4
LOOK_SECONDS = 30
MIDNIGHT = "0 0 * * *"
SOURCE = "source:"


class CrontabTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires when a crontab line says so on the clocks of a zone."""

    def __init__(self, line: str, zone: ZoneInfo) -> None:
        self._crontab, self._zone = read_crontab(line), zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the time after the previous one, or without one the first that is not before `now`."""
        if previous_fire_time is not None and previous_fire_time <= now:
            return self._crontab.after(previous_fire_time, self._zone)
        return self._crontab.after(now - timedelta(microseconds=1), self._zone)


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
    """The jobs of this process: `ingest` runs a source by its id, `turn` judges anew, the others are frequent."""

    def __init__(
        self,
        zone: ZoneInfo,
        *,
        ingest: Callable[[str], object],
        turn: Callable[[], object],
        look: Callable[[], object] = lambda: None,
        mails: Callable[[], object] = lambda: None,
    ) -> None:
        self._zone, self._ingest, self._turn, self._look, self._mails = zone, ingest, turn, look, mails
        self._scheduler: BackgroundScheduler | None = None

    def start(self, sources: Iterable[Source], last_runs: Mapping[str, datetime], now: datetime) -> None:
        """Start the jobs of `sources` and the day's turn; run at once what fell due since the last runs."""
        self._scheduler = BackgroundScheduler(
            timezone=self._zone,
            jobstores={"default": MemoryJobStore()},
            executors={
                "default": ThreadPoolExecutor(OTHER_THREADS),
                "sources": ThreadEach(),
            },
            job_defaults={"misfire_grace_time": MISFIRE_GRACE_SECONDS, "coalesce": True, "max_instances": 1},
        )
        turn = CrontabTrigger(MIDNIGHT, self._zone)
        self._scheduler.add_job(self._turn, turn, id="day", misfire_grace_time=None)
        self._scheduler.add_job(self._look, IntervalTrigger(seconds=LOOK_SECONDS), id="look")
        every = IntervalTrigger(seconds=LOOK_SECONDS)
        # a slow server holds up no end; what waits since another led is sent at once
        self._scheduler.add_job(self._mails, every, id="mails", executor="sources", next_run_time=now)
        self.rebuild(sources, last_runs, now)
        self._scheduler.start()

    def rebuild(self, sources: Iterable[Source], last_runs: Mapping[str, datetime], now: datetime) -> None:
        """Make the sources' jobs those of `sources`; an unchanged one keeps its place."""
        scheduler = self._scheduler
        assert scheduler is not None
        wanted = {SOURCE + source.id: source for source in sources if source.enabled and source.schedule}
        for job in scheduler.get_jobs():
            if job.id.startswith(SOURCE) and job.id not in wanted:
                scheduler.remove_job(job.id)
        for name, source in wanted.items():
            fires = CrontabTrigger(source.schedule, self._zone)
            late = overdue(fires, last_runs.get(source.id), now)
            extra = {"next_run_time": now} if late else {}
            scheduler.add_job(
                self._ingest, fires, args=[source.id], id=name, executor="sources", replace_existing=True, **extra
            )
            log.info("source '%s': scheduled '%s'%s", source.id, source.schedule, ", running now" if late else "")

    def replay(self, seconds: float, step: Callable[[], None]) -> None:
        """Start with one job only: `step`, once every `seconds`; for a simulated clock."""
        self._scheduler = BackgroundScheduler(timezone=UTC)
        every = IntervalTrigger(seconds=seconds)
        grace = max(int(seconds), 1)
        self._scheduler.add_job(step, every, id="replay", coalesce=True, max_instances=1, misfire_grace_time=grace)
        self._scheduler.start()

    def next_runs(self) -> dict[str, datetime]:
        """Return when each scheduled source runs next."""
        if self._scheduler is None:
            return {}
        jobs = [job for job in self._scheduler.get_jobs() if job.id.startswith(SOURCE) and job.next_run_time]
        return {job.id.removeprefix(SOURCE): job.next_run_time for job in jobs}

    def stop(self) -> None:
        """Start nothing more; a fetch under way is not waited for, its reading is stored whole or not at all."""
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def overdue(fires: BaseTrigger, last_run: datetime | None, now: datetime) -> bool:
    """Return whether a run fell due between the last one and `now`; a source that never ran is overdue."""
    if last_run is None:
        return True
    due = fires.get_next_fire_time(None, last_run + timedelta(seconds=1))
    return due is not None and due <= now
