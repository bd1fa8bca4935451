"""A source run now: fetched outside any transaction, judged, stored in short transactions, and recorded.

Whatever the source does wrong becomes a recorded run with its reason; only a fault of ours or of the database raises.
One run of a source at a time.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from targetwatch.connectors import CONNECTORS, Asked, Connector, Fetched, Shelf
from targetwatch.connectors.document import DocumentSource
from targetwatch.documents.confined import DEADLINE_SECONDS, Deadline
from targetwatch.errors import BusyError, NotFoundError, SourceError
from targetwatch.ingest.intake import Judged, KnownNames, doubled, judge, problems, settled, store
from targetwatch.model.people import Way
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue as stored_catalogue
from targetwatch.store import db, documents, readings, runs
from targetwatch.store.guards import WEB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy import Engine

    from targetwatch.documents.grid import Decoded
    from targetwatch.model import Catalogue, FetchedDocument, Reading, Source

MOST_PROBLEMS = 100
"""How many rows at fault a run keeps by name."""
ANEW = ("described", "digest", "drifted")
"""What of a source's state is forgotten when its documents are read again."""
MOST_TOLD = 1_000
BATCH = 20_000
"""How many readings are judged, and stored before another writer gets a turn; what was stored of a run that broke off
is known to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOutcome:
    """What a run brought. `outcome` is one of `runs.OUTCOMES`; after trouble `reason` says why.

    `judged` are the readings with what became of each. Unless it was a dry run, which also has the documents as they
    were `decoded`, those known already are left out, and of very many all but the first and those held.
    """

    source: str
    outcome: str
    started_at: datetime
    duration_seconds: float
    reason: Problem | None = None
    request: Asked = ""
    new: int = 0
    known: int = 0
    revised: int = 0
    held: int = 0
    problems: tuple[Problem, ...] = ()
    judged: tuple[Judged, ...] = ()
    dry_run: bool = False
    decoded: tuple[Decoded, ...] = ()

    @property
    def finished_at(self) -> datetime:
        """Return when the run ended."""
        return self.started_at + timedelta(seconds=self.duration_seconds)

    @property
    def failed(self) -> bool:
        """Return whether nothing was had from the source."""
        return self.outcome in runs.TROUBLE


def run(
    engine: Engine,
    source: Source,
    *,
    now: datetime,
    today: date,
    catalogue: Catalogue | None = None,
    config_dir: Path = Path(),
    dry_run: bool = False,
    connectors: Mapping[str, type[Connector]] = CONNECTORS,
    prepare: Callable[[Source], Source] = lambda source: source,
    given: Sequence[FetchedDocument] | None = None,
    reread: bool = False,
    folders: Sequence[Path] = (),
    deadline_seconds: float = DEADLINE_SECONDS,
) -> IngestOutcome:
    """Run `source` once and return what it brought; a dry run writes nothing, not even that it ran.

    `today` is the day of `now` in the configured zone, `catalogue` what is in force (None: what the database holds).
    `prepare` fills in what the source's options leave to the environment. `given` documents are read in place of a
    fetch, and with `reread` those that were kept. A source made on the web may read files only below `folders`.
    What takes longer than `deadline_seconds` is stopped; what was stored by then stays.
    """
    deadline = Deadline(deadline_seconds)
    stopwatch = _Stopwatch(source.id, now, dry_run=dry_run)
    kept = _kept_documents(engine, source)
    with db.reading(engine) as session:
        state = runs.fetch_state(session, source.id)
        known = KnownNames.from_catalogue(catalogue or stored_catalogue.load(session))
    request: Asked = ""
    try:
        source = prepare(source)
        if reread and not (given := kept()):
            raise SourceError("nothing_kept", where="source", said=source.id)
        shelf = Shelf(
            last=kept,
            keep=(lambda *_: None) if dry_run or reread else partial(_keep, engine, source, now),
            given=None if given is None else tuple(given),
            deadline=deadline,
            folders=tuple(folders) if source.managed_by == WEB else None,
        )
        connector = _connector(source, connectors, config_dir, shelf)
        request = connector.request(source)
        known_then = ("pictures",) if dry_run else [name for name in state if name not in ANEW or not reread]
        fetched = connector.fetch(source, {name: state[name] for name in known_then if name in state}, now)
    except SourceError as error:
        return _kept(engine, stopwatch.failed(error.problems[0], request=request))
    gave = list(zip(fetched.readings, fetched.places, strict=True))
    fetched = replace(fetched, readings=(), places=(), decoded=fetched.decoded if dry_run else ())
    found, faults = _sorted_out(gave, known, seen_on=today if connector.dated_when_seen else None)
    faults = (*fetched.problems, *faults)
    lots = _lots(found)
    del found
    drift = fetched.drift or _contradictions(engine, fetched, lots)
    brought = _Brought(every=dry_run)
    slices = _judged(engine, lots, known, today=today)
    if dry_run:
        while not deadline.passed and (some := next(slices, ())):
            brought.add(some)
        return stopwatch.done(fetched, brought, faults, drift=drift, late=deadline.passed)
    if drift:
        outcome = stopwatch.done(fetched, brought, faults, drift=drift)
        with db.writing(engine, _actor(source.id), now=now) as session:
            runs.record(session, _run_of(outcome))
            runs.save_fetch_state(session, source.id, {**state, "drifted": dict(fetched.pictures)}, now=now)
        return outcome
    some, late = next(slices, ()), None
    while not late and (following := next(slices, ())):
        with db.writing(engine, _actor(source.id), now=now) as session:
            brought.add(store(session, some, now=now))
        late = deadline.passed
        some = () if late else following
    with db.writing(engine, _actor(source.id), now=now) as session:
        brought.add(store(session, some, now=now))
        outcome = stopwatch.done(fetched, brought, faults, late=late)
        runs.record(session, _run_of(outcome))
        remembered = state if late else dict(fetched.lasting if faults else fetched.state)
        if remembered != state:
            runs.save_fetch_state(session, source.id, remembered, now=now)
    return outcome


@dataclass(slots=True, kw_only=True)
class _Brought:
    """What became of the readings of a run: how many of each outcome, and as many of them as are shown."""

    every: bool
    counted: Counter[str] = field(default_factory=Counter)
    told: list[Judged] = field(default_factory=list)

    def add(self, some: Sequence[Judged]) -> None:
        """Take note of some more; of those that are not known, `every` one or the first and those held are kept."""
        for one in some:
            news = self.counted.total() - self.counted["known"]
            if self.every or one.outcome == "held" or (one.outcome != "known" and news < MOST_TOLD):
                self.told.append(one)
            self.counted[one.outcome] += 1


def _useless(faults: Sequence[Problem]) -> Problem:
    return Problem("no_row_can_be_used", {"count": len(faults), "first": faults[0]})


def _lots(found: Sequence[tuple[Reading, str]]) -> list[list[tuple[Reading, str]]]:
    """Return the readings by whole indicators, so many to a lot that the past of one lot can be held at a time."""
    of, count = dict[str, int](), 0
    for indicator, more in Counter(reading.indicator for reading, _ in found).items():
        of[indicator] = count // BATCH
        count += more
    lots: list[list[tuple[Reading, str]]] = [[] for _ in range(count // BATCH + 1)]
    for one in found:
        lots[of[one[0].indicator]].append(one)
    return [lot for lot in lots if lot]


def _judged(
    engine: Engine, lots: Sequence[list[tuple[Reading, str]]], known: KnownNames, *, today: date
) -> Iterator[Sequence[Judged]]:
    """Give what is to become of the readings, a batch at a time; a lot that was judged is emptied."""
    for lot in lots:
        with db.reading(engine) as session:
            judged = judge(session, lot, known.indicators, today=today)
        lot.clear()
        for start in range(0, len(judged), BATCH):
            yield judged[start : start + BATCH]


def _actor(source_id: str) -> str:
    return Way.INGEST.by(source_id)


def _kept_documents(engine: Engine, source: Source) -> Callable[[], tuple[FetchedDocument, ...]]:
    """Return what finds the documents kept of the last fetch; of a feed, whose items differ, those of the last few."""
    fetch = source.options.get("fetch")
    fetches = documents.FETCHES_KEPT if isinstance(fetch, Mapping) and "feed" in fetch else 1

    def kept() -> tuple[FetchedDocument, ...]:
        with db.reading(engine) as session:
            return tuple(one.document for one in documents.last(session, source.id, fetches=fetches))

    return kept


def _keep(engine: Engine, source: Source, now: datetime, some: Sequence[FetchedDocument], wait: bool) -> None:  # noqa: FBT001 - as a shelf is told
    with db.writing(engine, _actor(source.id), now=now) as session:
        documents.keep(session, source.id, some, now=now, wait=wait)


def _contradictions(
    engine: Engine, fetched: Fetched, lots: Sequence[Sequence[tuple[Reading, str]]]
) -> tuple[Problem, ...]:
    """Return in what the readings of a document contradict what is known."""
    if fetched.contradicted is None:
        return ()

    def with_known() -> Iterator[tuple[Sequence[Reading], Sequence[Reading]]]:
        for lot in lots:
            with db.reading(engine) as session:
                loaded = readings.load(session, {reading.indicator for reading, _ in lot})
            known = [one for some in loaded.values() for one in some if one.withdrawn_at is None]
            yield [reading for reading, _ in lot], known

    return fetched.contradicted(with_known())


def _connector(source: Source, connectors: Mapping[str, type[Connector]], config_dir: Path, shelf: Shelf) -> Connector:
    if source.kind not in connectors:
        raise SourceError("unknown_kind", where="kind", said=source.kind, names=sorted(connectors))
    return connectors[source.kind](config_dir, shelf)


def _sorted_out(
    gave: list[tuple[Reading, str]], known: KnownNames, *, seen_on: date | None
) -> tuple[list[tuple[Reading, str]], tuple[Problem, ...]]:
    """Return the readings that can be entered, in the words of the catalogue, and every row that cannot be used.

    What was given is taken away one by one: of a hundred thousand readings two of each are too many.
    """
    found, faults = [], list[Problem]()
    gave.reverse()
    while gave:
        reading, place = gave.pop()
        if not reading.publisher and (indicator := known.indicators.get(reading.indicator)):
            reading = replace(reading, publisher=indicator.authority)
        wrong = problems(reading.indicator, reading.publisher, reading.step, known)
        faults += [problem.at(file=place) for problem in wrong]
        if not wrong:
            found.append((settled(reading, known.indicators[reading.indicator], seen_on=seen_on), place))
    twice = doubled(found)
    faults += (problem.at(file=place) for place, problem in twice.items())
    return [one for one in found if one[1] not in twice], tuple(faults)


def _kept(engine: Engine, outcome: IngestOutcome) -> IngestOutcome:
    """Record a run that brought nothing, unless it was a dry one."""
    if not outcome.dry_run:
        with db.writing(engine, _actor(outcome.source), now=outcome.started_at) as session:
            runs.record(session, _run_of(outcome))
    return outcome


def _run_of(outcome: IngestOutcome) -> runs.Run:
    kept = list(outcome.problems[:MOST_PROBLEMS])
    if len(outcome.problems) > MOST_PROBLEMS:
        kept.append(Problem("more_problems", {"count": len(outcome.problems) - MOST_PROBLEMS}))
    return runs.Run(
        source=outcome.source,
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        outcome=outcome.outcome,
        reason=outcome.reason,
        new=outcome.new,
        known=outcome.known,
        revised=outcome.revised,
        held=outcome.held,
        problems=tuple(kept),
        request=str(outcome.request),
    )


@dataclass(frozen=True, slots=True)
class _Stopwatch:
    """A run under way: which source, since when."""

    source: str
    now: datetime
    began: float = field(default_factory=time.perf_counter, kw_only=True)
    dry_run: bool = field(kw_only=True)

    def failed(self, reason: Problem, *, request: Asked) -> IngestOutcome:
        """Return the outcome of a source that could not be read."""
        return self._outcome("failed", reason=reason, request=request)

    def done(
        self,
        fetched: Fetched,
        brought: _Brought,
        faults: tuple[Problem, ...],
        *,
        drift: Sequence[Problem] = (),
        late: Problem | None = None,
    ) -> IngestOutcome:
        """Return the outcome of a source that could be read; with nothing but faults in it, it failed all the same."""
        count = brought.counted
        useless = bool(faults) and not count
        fine = "unchanged" if fetched.unchanged else "ok"
        return self._outcome(
            "drifted" if drift else "failed" if late or useless else fine,
            reason=drift[0] if drift else late or (_useless(faults) if useless else None),
            request=fetched.request,
            new=count["new"],
            known=count["known"],
            revised=count["revised"],
            held=count["held"],
            problems=(*drift, *faults),
            judged=tuple(brought.told),
            decoded=fetched.decoded if self.dry_run else (),
        )

    def _outcome(self, outcome: str, **changes: Any) -> IngestOutcome:  # noqa: ANN401 - the fields of IngestOutcome
        return IngestOutcome(
            source=self.source,
            outcome=outcome,
            started_at=self.now,
            duration_seconds=time.perf_counter() - self.began,
            dry_run=self.dry_run,
            **changes,
        )


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs sources as they are configured at that moment, day by the clock of `zone`.

    `prepare` fills in what a source's options leave to the environment; sources made on the web read files only below
    `folders`.
    """

    engine: Engine
    config_dir: Path
    zone: ZoneInfo
    prepare: Callable[[Source], Source]
    folders: Sequence[Path] = ()
    _under_way: dict[str, threading.Lock] = field(default_factory=dict)

    def run(
        self,
        source_id: str,
        *,
        given: Sequence[FetchedDocument] | None = None,
        reread: bool = False,
        patient: bool = False,
    ) -> IngestOutcome:
        """Run one source now and return what it brought: by itself, of documents given, or of those kept.

        Raises:
            BusyError: a run of it is under way in this process, and this one is not `patient`.
            NotFoundError: there is no such source.
        """
        lock = self._under_way.setdefault(source_id, threading.Lock())
        if not lock.acquire(blocking=patient):
            raise BusyError("run_under_way", where="source", said=source_id)
        try:
            return self._run(source_id, given=given, reread=reread)
        finally:
            lock.release()

    def test(self, source: Source | str, *, given: Sequence[FetchedDocument] | None = None) -> IngestOutcome:
        """Ask a source now, or one that is not configured yet, and return what a run would bring, writing nothing.

        Raises:
            NotFoundError: there is no such source.
        """
        return self._run(source, given=given, dry_run=True)

    def gather(self, source: Source) -> tuple[FetchedDocument, ...]:
        """Return the documents that the `fetch` of a source gives now, whatever else is said of it.

        Raises:
            SourceError: they cannot be had.
        """
        folders = tuple(self.folders) if source.managed_by == WEB else None
        return DocumentSource(self.config_dir, Shelf(folders=folders)).gather(self.prepare(source), datetime.now(UTC))

    def _run(self, named: Source | str, **how: Any) -> IngestOutcome:  # noqa: ANN401 - those of `run`
        now = datetime.now(UTC)
        with db.reading(self.engine) as session:
            configured = stored_catalogue.load(session)
        source = next((one for one in configured.sources if one.id == named), named)
        if isinstance(source, str):
            raise NotFoundError("source", source, (one.id for one in configured.sources))
        return run(
            self.engine,
            source,
            prepare=self.prepare,
            now=now,
            today=now.astimezone(self.zone).date(),
            catalogue=configured,
            config_dir=self.config_dir,
            folders=self.folders,
            **how,
        )
