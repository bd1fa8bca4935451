"""What the handlers may ask of the service, and nothing they may not; and which moment a request asks about.

With it the cookies that prove something: what they are called, and that no script and no other site gets at them. Where
the pages are reached by https a cookie has the `__Host-` prefix: a browser then takes it from this very host only, over
https only, so that no neighbouring host can plant one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Protocol
from urllib.parse import urlencode

from fastapi import Depends, Request

from targetwatch.errors import TargetwatchError
from targetwatch.model import AsOf, FetchedDocument, Indicator, Reading, Snapshot, Source, StatusChange
from targetwatch.store import db, statuses
from targetwatch.watch import SnapshotHolder, readings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Engine
    from starlette.responses import Response

    from targetwatch.ingest import IngestOutcome
    from targetwatch.settings import Settings

log = logging.getLogger(__name__)
SESSION = "targetwatch_session"
"""Who is signed in."""
VISITOR = "targetwatch_visitor"
"""Whose forms are believed before anybody is signed in."""
BROWSER = "targetwatch_browser"
"""A browser that somebody has signed in with before (see `store.accounts.familiar`)."""


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

    `run` and `test` are those of `ingest.Runner`. `past` gives the snapshot as of another moment to whoever asks: where
    it matters it asks for their address, "" for somebody known.

    `refresh` judges anew what was changed and puts the result in force, `run` runs a source now, `test` does so without
    writing anything (None: there is no testing), `gather` gives the documents of one, `next_runs` says when each
    scheduled source runs next, `failing` which sources' last run failed.
    """

    settings: Settings
    engine: Engine
    holder: SnapshotHolder
    metrics: Metrics
    past: Callable[[AsOf, Callable[[], str]], Snapshot]
    refresh: Callable[[], Snapshot]
    run: Callable[..., IngestOutcome]
    reload: Callable[[], object] | None = None
    simulation: SimulatedClock | None = None
    test: Callable[..., IngestOutcome] | None = None
    gather: Callable[[Source], tuple[FetchedDocument, ...]] = lambda _source: ()
    next_runs: Callable[[], Mapping[str, datetime]] = dict
    failing: Callable[[], tuple[str, ...]] = tuple

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


def site_of(request: Request, service: RunningService) -> str:
    """Return the address of the pages as others reach them: that of the settings, else the one asked at."""
    return service.settings.external_url.rstrip("/") or str(request.base_url).rstrip("/")


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


def number_of(said: str, *, digits: int = 9) -> int | None:
    """Return a whole number as it stands in an address or a form; None where none does, or one of more digits."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= digits else None


def day_of(said: str, today: date) -> date:
    """Return the day an address names; BadMomentError for none, and one that is not to be looked at."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise BadMomentError(said[:40], "none", today) from None
    if day > today:
        raise BadMomentError(said, "future", today)
    if day < EARLIEST:
        raise BadMomentError(said, "early", today)
    return day


def is_secure(request: Request) -> bool:
    """Return whether this browser reaches us by https."""
    return request.url.scheme == "https" or running_service(request).settings.secure


def read_cookie(request: Request, cookie: str) -> str:
    """Return what a cookie holds; "" when there is none."""
    return request.cookies.get(_name(request, cookie), "")


def give_cookie(request: Request, response: Response, cookie: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser a cookie, until it is closed or for so many seconds."""
    response.set_cookie(
        _name(request, cookie),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def take_cookie(request: Request, response: Response, cookie: str) -> None:
    """Take a cookie from the browser."""
    response.delete_cookie(_name(request, cookie), path="/", httponly=True, samesite="lax", secure=is_secure(request))


def _name(request: Request, cookie: str) -> str:
    return f"__Host-{cookie}" if is_secure(request) else cookie
