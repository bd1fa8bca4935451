"""The wall screen: one page read from five metres away, and the part of it that renews itself.

As it was last drawn, plain and compressed, is what the event loop answers with, whoever else is waiting. One thread of
its own draws it, once for everybody: when a snapshot is taken, as long as screens ask, and each minute for its clock.
Until that is done a screen gets what was drawn the minute before.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.metrics.exposition import accepts_gzip
from targetwatch.web import render
from targetwatch.web.access import READ, Asked
from targetwatch.web.running import Moment, number_of, running_service
from targetwatch.web.wall import view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import Snapshot


def routes() -> APIRouter:
    """Return the routes of the wall."""
    router = APIRouter(include_in_schema=False)
    for path in TEMPLATES:
        router.add_api_route(path, wall, methods=READ)
    return router


def wall(request: Request, moment: Asked) -> Response:
    """Show every target by urgency, ten at a time; the page renews its content by itself."""
    return draw(request, moment, datetime.now(UTC))


async def as_drawn(request: Request, drawings: Drawings) -> Response | None:
    """Return the wall of the present where whoever asks may see it; None where more has to be asked than memory."""
    service = running_service(request)
    snapshot = service.holder.current
    is_past = any(request.query_params.get(name, "").strip() for name in ("as_of", "clock"))
    if snapshot is None or is_past or not service.settings.public_wall or render.root(request):
        return None
    found = drawings.lately(request, snapshot)
    if found is None:
        return None
    drawn = await asyncio.wrap_future(found) if isinstance(found, Future) else found
    packed = accepts_gzip(request.headers.get("accept-encoding", ""))
    response = render.again(request, drawn.packed if packed else drawn.plain)
    response.headers.add_vary_header("Accept-Encoding")
    if packed:
        response.headers["content-encoding"] = "gzip"
    return response


log = logging.getLogger(__name__)
TEMPLATES = {"/wall": "wall.html", "/wall/content": "wall_content.html"}
Kind = tuple[str, str, int]
"""The path of a page, its language, and from which page of the wall on."""
MOST_KEPT = 64
MOST_GOING = 16
STAYS = timedelta(minutes=2)
"""A screen whose clock is older than this waits for the next drawing."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page of the wall, when it was drawn, and of what."""

    snapshot: Snapshot
    failing: Sequence[str]
    at: datetime
    plain: bytes
    packed: bytes


def draw(request: Request, moment: Moment, now: datetime) -> Response:
    """Return the wall, or what of it renews itself, of a moment."""
    service, first = running_service(request), first_of(request, moment.snapshot)
    shown = view.wall(moment, render.translator_for(request), now=now, service=service, first=first)
    return render.page(request, TEMPLATES[request.url.path], moment, view=shown)


def first_of(request: Request, snapshot: Snapshot) -> int:
    """Return from which page of the wall on a screen asks, from 0; the first where no screen would ask so."""
    first = number_of(request.query_params.get("first", "")) or 0
    return first if first % view.PAGES_AT_ONCE == 0 and first < len(snapshot.verdicts) else 0


@dataclass(slots=True)
class Drawings:
    """The pages of the wall as last drawn, and who asked for each last, as whom it is drawn again."""

    _drawn: dict[Kind, Drawn] = field(default_factory=dict)
    _asked: dict[Kind, tuple[Request, datetime]] = field(default_factory=dict)
    _going: dict[Kind, tuple[Snapshot, Future[Drawn]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "wall"))

    def lately(self, request: Request, snapshot: Snapshot) -> Drawn | Future[Drawn] | None:
        """Return the page asked for as last drawn, or what will be it where that says something else by now.

        None where too many others wait to be drawn: then it takes its turn with all other requests.
        """
        kind, now = (request.url.path, render.language_of(request), first_of(request, snapshot)), datetime.now(UTC)
        self._asked.pop(kind, None)
        self._asked[kind] = request, now
        for stale in list(self._asked)[:-MOST_KEPT]:
            for known in (self._asked, self._drawn, self._going):
                known.pop(stale, None)
        kept = self._drawn.get(kind)
        still = kept is not None and kept.snapshot is snapshot and now - kept.at < STAYS
        if kept is None or not still or kept.failing != running_service(request).failing():
            if sum(not one.done() for _, one in list(self._going.values())) >= MOST_GOING:
                return None
            return self._draw(kind, request, snapshot)
        if f"{kept.at:%H:%M}" != f"{now:%H:%M}":
            self._draw(kind, request, snapshot)
        return kept

    def prepare(self, snapshot: Snapshot) -> None:
        """Begin to draw what screens have asked for in the last minutes; called before a snapshot is in force."""
        now = datetime.now(UTC)
        for kind, (request, at) in list(self._asked.items()):
            if now - at < STAYS:
                self._draw(kind, request, snapshot)

    def _draw(self, kind: Kind, request: Request, snapshot: Snapshot) -> Future[Drawn]:
        with self._lock:
            going = self._going.get(kind)
            if going is None or going[0] is not snapshot or going[1].done():
                going = self._going[kind] = snapshot, self._thread.submit(self._made, kind, request, snapshot)
            return going[1]

    def _made(self, kind: Kind, request: Request, snapshot: Snapshot) -> Drawn:
        now, failing = datetime.now(UTC), running_service(request).failing()
        body = bytes(draw(request, Moment(snapshot, snapshot), now).body)
        made = Drawn(snapshot, failing, now, body, gzip.compress(body, mtime=0))
        if kind in self._asked:
            self._drawn[kind] = made
        return made
