"""What the handlers may ask of the service, and nothing they may not; and which moment a request asks about."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Protocol
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from targetwatch.errors import TargetwatchError
from targetwatch.model import AsOf, Clock, FetchedDocument, Indicator, Reading, Snapshot, Source, StatusChange
from targetwatch.store import db, statuses
from targetwatch.watch import SnapshotHolder, readings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Engine

    from targetwatch.ingest import IngestOutcome
    from targetwatch.settings import Settings

PASTS_KEPT = 16
VERDICTS_KEPT = 60_000
"""Of all past days together; two of them are kept anyway."""
PASTS_WAITING = 8
PAST_WITHIN_SECONDS = 2
"""Whoever asks for a past day waits so long, and is told to come back."""

log = logging.getLogger(__name__)


class NotReadyError(TargetwatchError):
    """Asked for a verdict before the first snapshot."""


class PastNotJudgedError(NotReadyError):
    """A past day is still being judged, or waits for that."""


class PastTooLargeError(NotReadyError):
    """A past day could not be judged within the limits of time and memory."""


class Metrics(Protocol):
    """The exposition, rendered once per snapshot."""

    def pieces(self, accept: str, accept_encoding: str, /) -> tuple[Sequence[bytes], Mapping[str, str]]:
        """Return the body, in pieces, and its headers in the form the scraper asked for."""

    def part(self, part: int, parts: int, /) -> Metrics:
        """Return one of several parts of the targets, made when it is first asked for."""

    def has_part(self, part: int, parts: int, /) -> bool:
        """Return whether a part is made already."""


class SimulatedClock(Protocol):
    """A clock that is not the wall's; `frozen` when it stands still."""

    @property
    def first(self) -> date:
        """Return the first day."""

    @property
    def last(self) -> date:
        """Return the last day."""

    @property
    def day_seconds(self) -> float:
        """Return how long a day takes."""

    @property
    def frozen(self) -> bool:
        """Return whether it stands still."""


@dataclass(slots=True)
class RunningService:
    """The service as the handlers see it. `reload` is None where it is switched off.

    `run` and `test` are those of `ingest.Runner`.

    `refresh` judges anew what was changed and puts the result in force, `run` runs a source now, `test` does so without
    writing anything (None: there is no testing), `gather` gives the documents of one, `next_runs` says when each
    scheduled source runs next, `failing` which sources' last run failed.
    """

    settings: Settings
    engine: Engine
    holder: SnapshotHolder
    metrics: Metrics
    past: Callable[[AsOf], Snapshot]
    refresh: Callable[[], Snapshot]
    run: Callable[..., IngestOutcome]
    reload: Callable[[], object] | None = None
    simulation: SimulatedClock | None = None
    test: Callable[..., IngestOutcome] | None = None
    gather: Callable[[Source], tuple[FetchedDocument, ...]] = lambda _source: ()
    next_runs: Callable[[], Mapping[str, datetime]] = dict
    failing: Callable[[], tuple[str, ...]] = tuple
    read: Callable[[], object] | None = None
    """How far the database was read: a past day judged is kept until that is something else."""
    _pasts: OrderedDict[tuple[object, ...], Future[Snapshot]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _judging: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Return the moment it is: what is written now is recorded then."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the day it is here."""
        return self.now().astimezone(self.settings.zone).date()

    def judge(self) -> None:
        """Judge anew what was written; where that fails now, what was written stays and the next turn tries again."""
        try:
            self.refresh()
        except Exception:
            log.exception("what was written could not be judged yet")

    def current(self) -> Snapshot:
        """Return the snapshot in force.

        Raises:
            NotReadyError: there is none yet.
        """
        snapshot = self.holder.current
        if snapshot is None:
            raise NotReadyError("snapshot_not_ready")
        return snapshot

    def as_of(self, moment: AsOf) -> Snapshot:
        """Return the snapshot as of another moment: judged once, one after the other, and kept until more is read.

        Raises:
            PastNotJudgedError: it is not judged yet; it will be, unless too many others wait for that.
        """
        present = self.current()
        key = (self.read() if self.read is not None else present.taken_at, moment.day, moment.clock)
        with self._lock:
            found = self._pasts.get(key)
            if found is None and sum(not one.done() for one in self._pasts.values()) < PASTS_WAITING:
                found = self._pasts[key] = Future()
                threading.Thread(target=self._judge_past, args=(found, moment, key[0]), daemon=True).start()
            if found is not None:
                self._pasts.move_to_end(key)
                self._forget_pasts(key[0], len(present.catalogue.targets))
        try:
            if found is not None:
                return found.result(PAST_WITHIN_SECONDS)
        except TimeoutError:
            pass
        except Exception as error:
            if not isinstance(error, PastTooLargeError):  # which it would be again
                with self._lock:
                    if self._pasts.get(key) is found:
                        del self._pasts[key]
            raise
        raise PastNotJudgedError("past_not_judged", where="as_of", said=moment.day)

    def _judge_past(self, found: Future[Snapshot], moment: AsOf, read: object) -> None:
        with self._judging:
            try:
                if self.read is not None and self.read() != read:  # nobody can ask for it any more
                    raise PastNotJudgedError("past_not_judged", where="as_of", said=moment.day)
                found.set_result(self.past(moment))
            except Exception as error:  # noqa: BLE001 - raised where it is asked for
                found.set_exception(error)

    def _forget_pasts(self, read: object, targets: int) -> None:
        most = min(PASTS_KEPT, max(VERDICTS_KEPT // max(targets, 1), 2))
        done = [key for key, one in self._pasts.items() if one.done()]
        stale = [key for key in done if key[0] != read]
        for key in stale + [key for key in done if key[0] == read][: max(len(done) - len(stale) - most, 0)]:
            del self._pasts[key]

    def readings_of(self, indicator: Indicator, indicators: Mapping[str, Indicator]) -> tuple[Reading, ...]:
        """Return every vintage of an indicator's readings, a derived one's computed."""
        with db.reading(self.engine) as session:
            return readings_of(session, indicator, indicators)

    def history_of(self, target: str) -> tuple[StatusChange, ...]:
        """Return the status changes kept of a target, as they were said."""
        with db.reading(self.engine) as session:
            return statuses.load(session, target)


def running_service(request: Request) -> RunningService:
    """Return the service behind a request."""
    found: RunningService = request.app.state.service
    return found


Service = Annotated[RunningService, Depends(running_service)]


EARLIEST = date(1949, 10, 1)


class BadMomentError(TargetwatchError):
    """A date that is none, or one that is yet to come."""

    def __init__(self, said: str, problem: str, last: date) -> None:
        self.said, self.problem, self.last = said, problem, last
        super().__init__(f"as_of_{problem}", where="as_of", said=said, last=last)


@dataclass(frozen=True, slots=True)
class Moment:
    """The snapshot asked about, and what of the address has to be kept to stay there."""

    snapshot: Snapshot
    present: Snapshot
    said: str = ""
    clock_said: str = ""

    @property
    def as_of(self) -> AsOf:
        """Return the moment of knowledge."""
        return self.snapshot.as_of

    @property
    def is_past(self) -> bool:
        """Return whether another moment than the present one was asked about."""
        return self.snapshot is not self.present

    @property
    def kept(self) -> str:
        """Return the query that stays at this moment, with its question mark; empty when it is the present."""
        query = urlencode(self.parameters)
        return f"?{query}" if query else ""

    @property
    def parameters(self) -> dict[str, str]:
        """Return what of the address stays at this moment, by name; nothing when it is the present."""
        said = {"as_of": self.said, "clock": self.clock_said}
        return {name: value for name, value in said.items() if value}


def asked(
    service: Service,
    as_of: Annotated[str, Query(description="As known at the end of that day, YYYY-MM-DD; empty: now")] = "",
    clock: Annotated[
        str, Query(description="published: what was public by then; recorded: what this installation had")
    ] = "",
) -> Moment:
    """Return the moment a request asks about.

    Raises:
        BadMomentError: it names no day, or one that is yet to come.
        NotReadyError: there is no snapshot yet.
    """
    present = service.current()
    today = present.as_of.day
    said = as_of.strip()
    wanted = Clock.RECORDED if clock.strip() == Clock.RECORDED.value else Clock.PUBLISHED
    clock_said = wanted.value if wanted is Clock.RECORDED else ""
    day = _day(said, today) if said else today
    if day == today and wanted is present.as_of.clock:
        return Moment(present, present)
    moment = AsOf.end_of(day, service.settings.zone, wanted)
    return Moment(service.as_of(moment), present, day.isoformat(), clock_said)


def _day(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise BadMomentError(said[:40], "none", today) from None
    if day > today:
        raise BadMomentError(said, "future", today)
    if day < EARLIEST:
        raise BadMomentError(said, "early", today)
    return day


Asked = Annotated[Moment, Depends(asked)]
