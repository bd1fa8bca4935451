"""The wall screen: one page read from five metres away, and the part of it that renews itself."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.metrics.exposition import accepts_gzip
from targetwatch.web import render
from targetwatch.web.access import READ, Asked
from targetwatch.web.running import running_service
from targetwatch.web.wall.drawn import TEMPLATES, Drawings, draw


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
