"""The composition root: settings made into a running service, and the few things a running service does."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from targetwatch import configuration, watch
from targetwatch import ingest as intake
from targetwatch.errors import StoreError, TargetwatchError, UsageError
from targetwatch.evaluation import forecast
from targetwatch.evaluation.days import is_working_day
from targetwatch.mail.due import leaves_at
from targetwatch.mail.outbox import Outbox, deliver
from targetwatch.metrics import Exposition, Service
from targetwatch.metrics.service import RESULTS
from targetwatch.model import AsOf
from targetwatch.service.leadership import Leadership
from targetwatch.service.past_days import PastDays
from targetwatch.service.schedule import Schedule
from targetwatch.service.work import WorkerPool
from targetwatch.settings import environment
from targetwatch.store import catalogue, db, maintenance, outbox, runs, statuses
from targetwatch.watch import SnapshotHolder, Watch
from targetwatch.web import create_app
from targetwatch.wording.problems import in_english

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fastapi import FastAPI
    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import Reading, Snapshot, Source, StatusChange
    from targetwatch.settings import Settings
    from targetwatch.store.outbox import Mail
    from targetwatch.store.runs import Run
    from targetwatch.store.statuses import Horizon

log = logging.getLogger(__name__)
SERVICE = "service"
FEW_CHANGES = 10
"""So many status changes at once are each said in the log, or one for each hundred targets; of more their number."""
LOTS_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Simulation:
    """A clock that is not the wall's: it stands still on one day, or lives `first` to `last` again.

    With `mails` it keeps status changes and mails in a database there that nothing else reads, and hands the mails to
    the one server of the settings or to `deliver`; otherwise it keeps and mails nothing.
    """

    first: date
    last: date
    day_seconds: float = 0.0
    mails: Path | None = None
    deliver: Callable[[Mail, Settings], None] = deliver

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
    if settings.workers and db.file_of(engine) is not None:
        raise StoreError("work_needs_server", where="TARGETWATCH_WORKERS", said=settings.workers)
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
    past: PastDays = field(init=False)
    web: FastAPI = field(init=False)
    kept: Engine = field(init=False)
    """Where status changes and mails are kept: the database in use, or one of a simulated clock's own."""
    _watch: Watch = field(default_factory=Watch)
    _refreshing: threading.Lock = field(default_factory=threading.Lock)
    _simulated_day: date | None = None
    _pending: list[StatusChange] = field(default_factory=list)
    _judged: set[str] = field(default_factory=set)
    _noted_on: date | None = None
    _tidied_on: date | None = None
    _outbox: Outbox | None = None
    _reached: Horizon | None = None
    _leadership: Leadership | None = None
    _workers: WorkerPool = field(init=False)
    _scheduled: tuple[Source, ...] | None = None
    _remembered: int = -1

    def __post_init__(self) -> None:
        self.runner = intake.Runner(
            engine=self.engine,
            config_dir=self.settings.config_dir,
            zone=self.settings.zone,
            prepare=lambda source: configuration.expand(source, environment(), on_web=self.settings.variables_on_web),
            folders=self.settings.folders_on_web,
        )
        self.kept = self.engine
        if self.simulation is not None:
            self._simulated_day = self.simulation.first
            if self.simulation.mails is not None:
                self.kept = _apart(self.engine, self.simulation.mails)
        self._outbox = self._mails()
        url = self.engine.url.render_as_string(hide_password=False)
        self._workers = WorkerPool(url, self.settings.workers, json_logs=self.settings.log_format == "json")
        self.schedule = Schedule(self.settings.zone, ingest=self.ingest, look=self.look, mails=self.mail)
        self.past = PastDays(
            engine=self.engine,
            settings=self.settings,
            inputs=lambda: self._watch.inputs,
            refreshing=self._refreshing,
            simulated=self.simulation is not None,
        )
        self.web = create_app(
            settings=self.settings,
            engine=self.engine,
            holder=self.holder,
            metrics=self.exposition,
            past=self.past.snapshot,
            refresh=self.refresh,
            run=self.run_now,
            reload=self.reload,
            simulation=self.simulation,
            test=self.runner.test,
            gather=self.runner.gather,
            next_runs=self.schedule.next_runs,
            failing=self.service.failing,
            answered=self.service.answered,
        )

    @property
    def leads(self) -> bool:
        """Return whether this process keeps statuses, runs sources and sends mails: it does until it is started."""
        return self._leadership is None or self._leadership.is_begun

    def as_of(self) -> AsOf:
        """Return the moment of knowledge now, on the wall's clock or the simulated one."""
        if self._simulated_day is not None:
            return AsOf.end_of(self._simulated_day, self.settings.zone)
        return AsOf.at(datetime.now(UTC), self.settings.zone)

    def refresh(self, *, keep: bool = True) -> Snapshot:
        """Judge what can have changed, put the snapshot in force, and, if this process leads, keep what is news.

        A change that cannot be written now (somebody else is writing) is kept for the next time; the snapshot does not
        wait for it. After any other failure everything is read and judged anew next time.
        """
        with self._refreshing:
            return self._refresh(keep=keep)

    def _refresh(self, *, keep: bool = True) -> Snapshot:
        """Do what `refresh` does, for whoever has its lock."""
        as_of, now, began = self.as_of(), datetime.now(UTC), monotonic()
        before, read = self.holder.current, self._watch.horizon()
        try:
            led = None if self._leadership is None else self._leadership.led
            with db.reading(self.engine) as session:
                if self._watch.inputs.is_undone(session):
                    log.warning("the database was put back to an earlier moment: all of it is read anew")
                    self._forget()
                simulated = self.simulation is not None
                taken = self._watch.refresh(session, as_of, taken_at=now, simulated=simulated, led=led)
                loaded = None if self.holder.current is None else taken.loaded or ()
                self.exposition.count(statuses.counts(session, loaded))
        except Exception as error:
            self._forget()
            self.service.database(up=not isinstance(error, StoreError))
            raise
        if taken.loaded is not None:  # another process has kept all that was waiting here
            self._pending.clear()
            self._judged.clear()
        if self.simulation is None or self.simulation.mails is not None:
            self._pending += taken.changes
            self._judged |= taken.judged
        working_day = is_working_day(as_of.day, self.settings.holiday_calendar)
        self.service.took(taken.snapshot, working_day=working_day, seconds=monotonic() - began)
        self.exposition.show(taken.snapshot)
        self.holder.swap(taken.snapshot)
        if keep:
            self._keep_pending()
        if before is not None and read is not None and read.through < as_of.day and self.leads:
            self.past.keep(before, read)
        self._reschedule(taken.snapshot.catalogue.sources)
        return taken.snapshot

    def _forget(self) -> None:
        """Let everything be read and judged anew, and what waits to be kept with it."""
        self._watch, self._reached = Watch(), None
        self.past.forget()
        self._pending.clear()
        self._judged.clear()

    def _keep_pending(self) -> None:
        reached = self._watch.horizon()
        is_shown_only = self.simulation is not None and self.simulation.mails is None
        if is_shown_only or not self.leads or not (self._pending or self._judged or reached != self._reached):
            return
        snapshot = self.holder.current
        assert snapshot is not None
        try:
            with db.writing(self.kept, SERVICE, now=self._now()) as session:
                if self.simulation is None and self._watch.is_overtaken(session):
                    return  # by the last leader: loaded at the next look
                found = self._watch.found(self._judged)
                kept, number = watch.keep(session, self._pending, reached=reached, found=found)
                counts = statuses.counts(session, {change.target for change in self._pending})
                if self._outbox is not None:
                    is_next_day = self._noted_on != snapshot.as_of.day
                    self._outbox.note(session, snapshot, None if is_next_day else self._judged)
        except StoreError as error:
            log.warning("%d status changes wait to be written: %s", len(self._pending), error)
            self.service.could_not_write()
            return
        self._pending.clear()
        self._judged.clear()
        self._watch.number = number
        self._noted_on = snapshot.as_of.day
        self._reached = reached
        self.exposition.count(counts)
        if len(kept) > max(FEW_CHANGES, len(snapshot.catalogue.targets) // 100):
            log.info("%d status changes of %d targets", len(kept), len({change.target for change in kept}))
            return
        for change in kept:
            log.info("target '%s': %s since %s", change.target, change.new.value, change.on)

    def mail(self) -> None:
        """Bind and send the mails that are due; what cannot be kept now is found by the next pass."""
        if self._outbox is None or not self.leads:
            return
        try:
            now = self._now()
            if self.simulation is not None:
                now = leaves_at(now, self.settings)
                if now.date() != self._simulated_day:
                    return
            self._outbox.run(now)
            with db.reading(self.kept) as session:
                self.service.mails_wait(outbox.counted(session)[outbox.State.WAITING])
        except StoreError as error:
            log.warning("mails wait for the database: %s", error)
            self.service.could_not_write()

    def look(self) -> None:
        """See whether the database and workers are there; judge anew on another day, and what was written elsewhere."""
        if self._leadership is not None and self.leads:
            self._workers.start()
        self._hear(False)

    def _hear(self, heard: bool) -> None:  # noqa: FBT001 - said by the thread that listens
        """Do what `look` does; a follower that has `heard` of something leaves it to the leader to judge it first."""
        try:
            if self._is_stale(heard=heard):
                with self._refreshing:  # whoever wrote it may be judging it
                    if self._is_stale(heard=heard):
                        self._refresh()
        except StoreError as error:
            log.warning("the database does not answer: %s", error)
            self.service.database(up=False)
            return
        if self.leads and self.simulation is None and self._tidied_on != self.as_of().day:
            self._let_go()

    def _is_stale(self, *, heard: bool) -> bool:
        """Return whether something is to be judged, loaded or kept here."""
        shown, as_of = self.holder.current, self.as_of()
        with db.reading(self.engine) as session:
            others_judge = heard and not self.leads
            waits_for_them = others_judge and self._watch.inputs.is_behind(session)
            news = self._watch.is_overtaken(session) if waits_for_them else self._watch.has_news(session)
            if shown is not None:
                told = outbox.acknowledgements(session, as_of.day, by=as_of.moment)
                news = news or told != shown.acknowledged
            self._remember_runs(session)
        self.service.database(up=True)
        waits = self.leads and bool(self._pending or self._judged)
        is_of_now = shown and shown.as_of.day == as_of.day and shown.taken_at <= datetime.now(UTC)
        return news or waits or not (is_of_now or (shown and others_judge))

    def _let_go(self) -> None:
        """Delete what has been kept for long enough, once a day: in small transactions, the rest at the next looks."""
        try:
            for kind, days in self.settings.kept_days.items():
                before, gone, count = datetime.now(UTC) - timedelta(days=days), 0, 0
                for _ in range(LOTS_AT_ONCE):
                    with db.writing(self.kept, SERVICE, now=self._now()) as session:
                        count = maintenance.let_go(session, kind, before)
                    gone += count
                    if count < maintenance.AT_ONCE:
                        break
                if gone:
                    log.info("%d %s of more than %d days ago deleted", gone, kind, days)
                if count == maintenance.AT_ONCE:
                    return
        except StoreError as error:
            log.warning("what has been kept for long enough is deleted later: %s", error)
            self.service.could_not_write()
            return
        self._tidied_on = self.as_of().day

    def _remember_runs(self, session: Session) -> None:
        """Say of every source how its last run ended, in whichever process that was."""
        newest = runs.newest(session)
        if self._leadership is not None and newest != self._remembered:
            last, succeeded = runs.last(session), runs.last_success(session)
            self.service.remember(succeeded, {name: run.outcome for name, run in last.items()})
            self._remembered = newest

    def ingest(self, source_id: str) -> None:
        """Run one source and judge anew what it brought; a failure is recorded, never raised."""
        if not self.leads:
            return
        try:
            self._run(replace(self.runner, engine=self.kept), source_id, patient=True)
        except Exception as error:
            if not self.leads and isinstance(error, StoreError):
                log.info("source '%s': the run is left to the process that leads now", source_id)
                return
            log.exception("source '%s': the run broke off", source_id)
            self.service.broke(source_id)

    def run_now(self, source_id: str, **how: Any) -> intake.IngestOutcome:  # noqa: ANN401 - those of `run`
        """Run one source because a person asked, judge anew, and return what it brought."""
        return self._run(self.runner, source_id, **how)

    def _run(self, runner: intake.Runner, source_id: str, **how: Any) -> intake.IngestOutcome:  # noqa: ANN401 - as above
        was_failing = source_id in self.service.failing()
        done = runner.run(source_id, **how)
        readings = {result: getattr(done, result) for result in RESULTS}
        self.service.ingested(
            done.source,
            done.outcome,
            finished_at=done.finished_at,
            duration_seconds=done.duration_seconds,
            readings=readings,
        )
        self.refresh()
        if done.failed or was_failing:
            self._note_sources()
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
        self.service.reloaded(ok=True, at=now)
        log.info("reload: done")

    def start(self) -> None:
        """Take the first snapshot, then do what a leader does or a follower (or replay).

        Raises:
            StoreError: another process serves the SQLite file, or a pooler stands before PostgreSQL.
        """
        now = datetime.now(UTC)
        if (outage := db.outage_of(self.engine)) is not None:
            outage.watch(self.engine, lambda up: self.service.database(up=up))
        if self.simulation is None:
            leadership = Leadership(engine=self.engine, lead=self._lead, follow=self._follow, look=self._hear)
            self._leadership = leadership
            leadership.stand()
            if leadership.is_leading:
                self._workers.start()
        self.refresh()
        if self._outbox is None:
            log.info("no mail is sent: %s", "the clock is simulated" if self.simulation else "no TARGETWATCH_SMTP_URL")
        else:
            self._outbox.keys = self._secret_keys(now)
            if self.simulation is not None:
                self.mail()
        if self._leadership is not None:
            self.service.reloaded(ok=True, at=now)
            with db.reading(self.engine) as session:
                self._remember_runs(session)
            self.service.leads(lambda: leadership.is_leading)
            leadership.live()
            threading.Thread(target=forecast.load, name="forecasts", daemon=True).start()
        elif self.simulation is not None and not self.simulation.frozen:
            self.schedule.replay(self.simulation.day_seconds, self.next_day)

    def _lead(self) -> None:
        """Begin what only the leader does: keep what waits to be kept, run the sources, send the mails."""
        assert self._leadership is not None
        with self._refreshing:
            self.kept = self._leadership.writing_engine()
            self._workers.start()
            if self._outbox is not None:
                self._outbox.engine = self.kept
            self._keep_pending()
            with db.reading(self.engine) as session:
                sources, last = catalogue.load(session).sources, runs.last(session)
            self.schedule.start(sources, _begun(last), datetime.now(UTC))
            self._scheduled = sources

    def _follow(self) -> None:
        """End it: another process does."""
        with self._refreshing:
            self._scheduled = None
            self._workers.stop()
            self.schedule.stop()

    def _reschedule(self, sources: tuple[Source, ...]) -> None:
        """Let the leader's jobs be those of the sources configured now, wherever that was done."""
        if self._scheduled is None or self._scheduled == sources:
            return
        with db.reading(self.engine) as session:
            last = runs.last(session)
        self.schedule.rebuild(sources, _begun(last), datetime.now(UTC))
        self._scheduled = sources

    def stop(self) -> None:
        """Start nothing more and let go of the database."""
        self._workers.stop()
        self.schedule.stop()
        if self._leadership is not None:
            self._leadership.stop()
        if (outage := db.outage_of(self.engine)) is not None:
            outage.stop()
        self.engine.dispose()

    def _now(self) -> datetime:
        """Return this moment, or the beginning of the simulated day."""
        if self._simulated_day is not None:
            return datetime.combine(self._simulated_day, time.min, self.settings.zone)
        return datetime.now(UTC)

    def _mails(self) -> Outbox | None:
        """Return what mails leave by; None when none is to leave: no server is set, or the clock is simulated."""
        by = self.settings.smtp_url if self.simulation is None else self.simulation.mails
        if by is None:
            return None
        return Outbox(
            engine=self.kept,
            settings=self.settings,
            current=lambda: self.holder.current,
            readings=self._readings,
            deliver=deliver if self.simulation is None else self.simulation.deliver,
            count=self.service.mailed,
        )

    def _readings(self, indicator: str) -> tuple[Reading, ...]:
        """Return an indicator's readings, which may not have been loaded: nothing had to be judged by them."""
        inputs = self._watch.inputs
        if not inputs.lacking([indicator]):
            return inputs.readings.get(indicator, ())
        with db.reading(self.engine) as session:
            return watch.readings_of(session, inputs.indicators[indicator], inputs.indicators)

    def _secret_keys(self, now: datetime) -> tuple[str, ...]:
        """Return what links are signed with: the keys of the settings, else one made here and kept."""
        if self.settings.secret_keys:
            return self.settings.secret_keys
        with db.writing(self.kept, SERVICE, now=now) as session:
            return outbox.secret_keys(session) or (outbox.make_secret_key(session),)

    def _note_sources(self) -> None:
        """Let it be told when a source is in trouble, or out of it."""
        snapshot = self.holder.current
        if self._outbox is None or snapshot is None or not self.leads:
            return
        try:
            with db.writing(self.kept, SERVICE, now=self._now()) as session:
                self._outbox.note(session, snapshot, ())
        except StoreError as error:
            log.warning("what a source came to is told later: %s", error)  # with whatever is noted next
            self.service.could_not_write()

    def next_day(self) -> None:
        """Let the simulated clock go on by a day."""
        assert self.simulation is not None
        assert self._simulated_day is not None
        if self._simulated_day < self.simulation.last:
            self._simulated_day += timedelta(days=1)
            self.refresh()
            self.mail()


def _apart(engine: Engine, file: Path) -> Engine:
    """Return an empty database beside the one in use, with what is configured there."""
    apart = db.create_engine(f"sqlite:///{file}")
    db.upgrade(apart)
    with db.reading(engine) as session:
        configured = catalogue.load(session)
    now = datetime.now(UTC)
    with db.writing(apart, SERVICE, now=now) as session:
        catalogue.reconcile(session, configured, now=now)
    return apart


def _begun(last: Mapping[str, Run]) -> dict[str, datetime]:
    return {name: run.started_at for name, run in last.items()}
