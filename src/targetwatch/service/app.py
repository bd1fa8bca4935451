"""The composition root: settings made into a running service, and the few things a running service does."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from targetwatch import configuration, watch
from targetwatch import ingest as intake
from targetwatch.errors import BusyError, StoreError, TargetwatchError, UsageError
from targetwatch.evaluation.days import is_working_day
from targetwatch.metrics import Exposition, Service
from targetwatch.metrics.service import RESULTS
from targetwatch.model import AsOf
from targetwatch.service.schedule import Schedule
from targetwatch.settings import environment
from targetwatch.store import catalogue, db, runs, statuses
from targetwatch.watch import SnapshotHolder, Watch
from targetwatch.web import create_app
from targetwatch.wording.problems import in_english

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from sqlalchemy.engine import Engine

    from targetwatch.model import Snapshot, StatusChange
    from targetwatch.settings import Settings
    from targetwatch.store.runs import Run
    from targetwatch.store.statuses import Horizon

log = logging.getLogger(__name__)
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Simulation:
    """A clock that is not the wall's: it stands still on one day, or lives `first` to `last` again."""

    first: date
    last: date
    day_seconds: float = 0.0

    @property
    def frozen(self) -> bool:
        """Return whether the clock stands still."""
        return self.first == self.last


def build(settings: Settings, *, simulation: Simulation | None = None) -> App:
    """Return the service on a database whose schema is this program's; nothing runs yet.

    Raises:
        SchemaError: the database cannot be reached, or is older or newer than the program.
    """
    try:
        is_working_day(date(2025, 1, 1), settings.holiday_calendar)
    except NotImplementedError:
        raise UsageError(
            "no_calendar_of_holidays", where="TARGETWATCH_HOLIDAY_CALENDAR", given=settings.holiday_calendar
        ) from None
    engine = db.create_engine(settings.database_url)
    db.check_schema(engine)
    service = Service()
    return App(
        settings=settings,
        engine=engine,
        holder=SnapshotHolder(),
        exposition=Exposition(settings.zone, service=service),
        service=service,
        simulation=simulation,
    )


@dataclass(slots=True)
class App:
    """A service: everything it consists of, and what its jobs and pages may ask of it."""

    settings: Settings
    engine: Engine
    holder: SnapshotHolder
    exposition: Exposition
    service: Service
    simulation: Simulation | None = None
    runner: intake.Runner = field(init=False)
    schedule: Schedule = field(init=False)
    web: FastAPI = field(init=False)
    _watch: Watch = field(default_factory=Watch)
    _refreshing: threading.Lock = field(default_factory=threading.Lock)
    _simulated_day: date | None = None
    _pending: list[StatusChange] = field(default_factory=list)
    _reached: Horizon | None = None

    def __post_init__(self) -> None:
        self.runner = intake.Runner(
            engine=self.engine,
            config_dir=self.settings.config_dir,
            zone=self.settings.zone,
            prepare=lambda source: configuration.expand(source, environment()),
        )
        self.schedule = Schedule(self.settings.zone, ingest=self.ingest, turn=self.refresh, look=self.look)
        self.web = create_app(
            settings=self.settings,
            engine=self.engine,
            holder=self.holder,
            metrics=self.exposition,
            past=self.past,
            refresh=self.refresh,
            run=self.run_now,
            reload=self.reload,
            simulation=self.simulation,
            test=self.runner.test,
            next_runs=self.schedule.next_runs,
            failing=self.service.failing,
        )
        if self.simulation is not None:
            self._simulated_day = self.simulation.first

    def as_of(self) -> AsOf:
        """Return the moment of knowledge now, on the wall's clock or the simulated one."""
        if self._simulated_day is not None:
            return AsOf.end_of(self._simulated_day, self.settings.zone)
        return AsOf.at(datetime.now(UTC), self.settings.zone)

    def refresh(self) -> Snapshot:
        """Judge what can have changed, put the snapshot in force, and keep the status changes that are news.

        A change that cannot be written now (somebody else is writing) is kept for the next time; the snapshot does not
        wait for it. After any other failure everything is read and judged anew next time.
        """
        with self._refreshing:
            as_of, now = self.as_of(), datetime.now(UTC)
            try:
                with db.reading(self.engine) as session:
                    taken = self._watch.refresh(session, as_of, taken_at=now, simulated=self.simulation is not None)
                    if self.holder.current is None:
                        self.exposition.count(statuses.counts(session))
            except Exception as error:
                self._watch = Watch()
                self._pending.clear()  # judged anew with everything else
                self.service.database(up=not isinstance(error, StoreError))
                raise
            if self.simulation is None:
                self._pending += taken.changes
            self.service.took(taken.snapshot, working_day=is_working_day(as_of.day, self.settings.holiday_calendar))
            self.exposition.show(taken.snapshot)
            self.holder.swap(taken.snapshot)
            self._keep_pending(now)
            return taken.snapshot

    def _keep_pending(self, now: datetime) -> None:
        reached = self._watch.horizon()
        if not self._pending and reached == self._reached:
            return
        try:
            with db.writing(self.engine, SERVICE, now=now) as session:
                kept = watch.keep(session, self._pending, reached=reached)
                counts = statuses.counts(session, {change.target for change in self._pending})
        except StoreError as error:
            log.warning("%d status changes wait to be written: %s", len(self._pending), error)
            return
        self._pending.clear()
        self._reached = reached
        self.exposition.count(counts)
        for change in kept:
            log.info("target '%s': %s since %s", change.target, change.new.value, change.on)

    def look(self) -> None:
        """See whether the database answers, and judge anew when something was written past this process."""
        try:
            with db.reading(self.engine) as session:
                news = self._watch.has_news(session)
        except StoreError as error:
            log.warning("the database does not answer: %s", error)
            self.service.database(up=False)
            return
        self.service.database(up=True)
        if news or self._pending:
            self.refresh()

    def past(self, as_of: AsOf) -> Snapshot:
        """Return the snapshot as of another moment, writing nothing."""
        with db.reading(self.engine) as session:
            return watch.take(session, as_of, taken_at=datetime.now(UTC), simulated=self.simulation is not None)

    def ingest(self, source_id: str) -> None:
        """Run one source and judge anew what it brought; a failure is recorded, never raised."""
        try:
            self.run_now(source_id)
        except BusyError as error:
            log.info("%s", in_english(error))
        except Exception:
            log.exception("source '%s': the run broke off", source_id)
            self.service.broke(source_id)

    def run_now(self, source_id: str) -> intake.IngestOutcome:
        """Run one source because a person asked, judge anew, and return what it brought."""
        done = self.runner.run(source_id)
        readings = {result: getattr(done, result) for result in RESULTS}
        self.service.ingested(
            done.source,
            done.outcome,
            finished_at=done.finished_at,
            duration_seconds=done.duration_seconds,
            readings=readings,
        )
        self.refresh()
        return done

    def reload(self) -> None:
        """Apply the configuration files and put the result in force; an invalid file changes nothing.

        Raises:
            TargetwatchError: the files cannot be applied; what was running goes on.
        """
        now = datetime.now(UTC)
        try:
            configuration.apply(
                self.engine, self.settings.config_dir, actor="reload", now=now, environment=environment()
            )
        except TargetwatchError as error:
            self.service.reloaded(ok=False, at=now)
            log.error("reload: refused, what was running goes on:\n%s", in_english(error))  # noqa: TRY400 - the sentence is enough
            raise
        self.refresh()
        if self.simulation is None:
            with db.reading(self.engine) as session:
                sources, last = catalogue.load(session).sources, runs.last(session)
            self.schedule.rebuild(sources, _begun(last), now)
        self.service.reloaded(ok=True, at=now)
        log.info("reload: done")

    def start(self) -> None:
        """Take the first snapshot, then start the schedule (or the replay)."""
        now = datetime.now(UTC)
        self.refresh()
        if self.simulation is None:
            self.service.reloaded(ok=True, at=now)
            with db.reading(self.engine) as session:
                sources, last, succeeded = (
                    catalogue.load(session).sources,
                    runs.last(session),
                    runs.last_success(session),
                )
            self.service.remember(succeeded, {name: run.outcome != "failed" for name, run in last.items()})
            self.service.leads(leader=True)
            self.schedule.start(sources, _begun(last), now)
        elif not self.simulation.frozen:
            self.schedule.replay(self.simulation.day_seconds, self._next_day)

    def stop(self) -> None:
        """Start nothing more and let go of the database."""
        self.schedule.stop()
        self.engine.dispose()

    def _next_day(self) -> None:
        assert self.simulation is not None
        assert self._simulated_day is not None
        if self._simulated_day < self.simulation.last:
            self._simulated_day += timedelta(days=1)
            self.refresh()


def _begun(last: Mapping[str, Run]) -> dict[str, datetime]:
    return {name: run.started_at for name, run in last.items()}
