"""One source run now: fetched outside any transaction, judged, stored in short transactions, and recorded.

Whatever the source does wrong becomes a recorded run with its reason; only a fault of ours or of the database raises.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from targetwatch.connectors import CONNECTORS, Connector, Fetched, RowProblem
from targetwatch.errors import SourceError
from targetwatch.ingest.intake import Judged, judge, store
from targetwatch.ingest.settle import Known, problems, settled
from targetwatch.store import catalogue as stored_catalogue
from targetwatch.store import db, runs
from targetwatch.store.audit.actors import Way
from targetwatch.wording.problems import in_english

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from targetwatch.model import Catalogue, Reading, Source

MOST_PROBLEMS = 100
"""How many rows at fault a run keeps by name."""
BATCH = 50_000
"""How many readings are stored before another writer gets a turn; what was stored of a run that broke off is known to
the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOutcome:
    """What a run brought. `outcome` is "ok", "unchanged" or "failed" (then `reason` says why).

    `judged` are the readings with what became of each, those known already left out unless it was a dry run.
    """

    source: str
    outcome: str
    started_at: datetime
    duration_seconds: float
    reason: str = ""
    request: str = ""
    new: int = 0
    known: int = 0
    revised: int = 0
    held: int = 0
    problems: tuple[RowProblem, ...] = ()
    judged: tuple[Judged, ...] = ()
    dry_run: bool = False

    @property
    def finished_at(self) -> datetime:
        """Return when the run ended."""
        return self.started_at + timedelta(seconds=self.duration_seconds)

    @property
    def failed(self) -> bool:
        """Return whether nothing could be had from the source."""
        return self.outcome == "failed"


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
) -> IngestOutcome:
    """Run `source` once and return what it brought; a dry run writes nothing, not even that it ran.

    `today` is the day of `now` in the configured zone, `catalogue` what is in force (None: what the database holds).
    `prepare` fills in what the source's options leave to the environment.
    """
    stopwatch = _Stopwatch(source.id, now, dry_run=dry_run)
    with db.reading(engine) as session:
        state = runs.fetch_state(session, source.id)
        known = Known.of(catalogue or stored_catalogue.load(session))
    request = ""
    try:
        source = prepare(source)
        connector = _connector(source, connectors, config_dir)
        request = connector.request(source)
        fetched = connector.fetch(source, {} if dry_run else state, now)
    except SourceError as error:
        return _kept(engine, stopwatch.failed(in_english(error), request=request))
    found, faults = _sorted_out(fetched, known, seen_on=today if connector.dated_when_seen else None)
    with db.reading(engine) as session:
        judged = judge(session, found, known.indicators, today=today)
    if dry_run:
        return stopwatch.done(fetched, judged, faults)
    *lots, last = _lots(judged)
    kept: list[Judged] = []
    for lot in lots:
        with db.writing(engine, _actor(source.id), now=now) as session:
            kept += store(session, lot, now=now)
    with db.writing(engine, _actor(source.id), now=now) as session:
        outcome = stopwatch.done(fetched, [*kept, *store(session, last, now=now)], faults)
        runs.record(session, _run_of(outcome))
        remembered = {} if faults else dict(fetched.state)
        if remembered != state:
            runs.save_fetch_state(session, source.id, remembered, now=now)
    return outcome


def _lots(judged: Sequence[Judged]) -> list[Sequence[Judged]]:
    """Return what was judged in lots, in order; at least one."""
    return [judged[start : start + BATCH] for start in range(0, len(judged), BATCH)] or [()]


def _actor(source_id: str) -> str:
    return Way.INGEST.by(source_id)


def _connector(source: Source, connectors: Mapping[str, type[Connector]], config_dir: Path) -> Connector:
    if source.kind not in connectors:
        raise SourceError(f"kind '{source.kind}': is not known, expected one of {', '.join(sorted(connectors))}")
    return connectors[source.kind](config_dir)


def _sorted_out(
    fetched: Fetched, known: Known, *, seen_on: date | None
) -> tuple[list[tuple[Reading, str]], tuple[RowProblem, ...]]:
    """Return the readings that can be entered, in the words of the catalogue, and every row that cannot be used."""
    found, faults = [], list(fetched.problems)
    for reading, place in zip(fetched.readings, fetched.places, strict=True):
        wrong = problems(reading, known)
        faults.extend(RowProblem(where=place, what=what) for what in wrong)
        if not wrong:
            found.append((settled(reading, known.indicator(reading.indicator), seen_on=seen_on), place))
    return found, tuple(faults)


def _kept(engine: Engine, outcome: IngestOutcome) -> IngestOutcome:
    """Record a run that brought nothing, unless it was a dry one."""
    if not outcome.dry_run:
        with db.writing(engine, _actor(outcome.source), now=outcome.started_at) as session:
            runs.record(session, _run_of(outcome))
    return outcome


def _run_of(outcome: IngestOutcome) -> runs.Run:
    shown = [str(problem) for problem in outcome.problems[:MOST_PROBLEMS]]
    if len(outcome.problems) > MOST_PROBLEMS:
        shown.append(f"and {len(outcome.problems) - MOST_PROBLEMS} more")
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
        problems=tuple(shown),
        request=outcome.request,
    )


@dataclass(frozen=True, slots=True)
class _Stopwatch:
    """A run under way: which source, since when."""

    source: str
    now: datetime
    began: float = field(default_factory=time.perf_counter, kw_only=True)
    dry_run: bool = field(kw_only=True)

    def failed(self, reason: str, *, request: str) -> IngestOutcome:
        """Return the outcome of a source that could not be read."""
        return self._outcome("failed", reason=reason, request=request)

    def done(self, fetched: Fetched, judged: Sequence[Judged], faults: tuple[RowProblem, ...]) -> IngestOutcome:
        """Return the outcome of a source that could be read; with nothing but faults in it, it failed all the same."""
        count = Counter(one.outcome for one in judged)
        useless = bool(faults) and not judged
        return self._outcome(
            "failed" if useless else "unchanged" if fetched.unchanged else "ok",
            reason=f"no row can be used, {len(faults)} problems, the first at {faults[0]}" if useless else "",
            request=fetched.request,
            new=count["new"],
            known=count["known"],
            revised=count["revised"],
            held=count["held"],
            problems=faults,
            judged=tuple(one for one in judged if self.dry_run or one.outcome != "known"),
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
