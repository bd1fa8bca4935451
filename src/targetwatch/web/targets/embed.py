"""The card of a target that pages of other sites show in a frame: it knows nobody, and nothing can be done in it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from targetwatch.web import headers, lookup, render
from targetwatch.web.access import READ, by_address
from targetwatch.web.running import Service
from targetwatch.web.targets.listing import LISTS
from targetwatch.wording import published


def routes() -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(by_address)])
    router.add_api_route("/embed/{target_id}", card, methods=READ)
    return router


def card(request: Request, target_id: str, service: Service) -> Response:
    """Show how a target stands: title, status, value and goal, one sentence, the age of its figures."""
    snapshot = service.current()
    lookup.verdict(snapshot, lookup.target(snapshot, target_id).id)
    (row,) = (row for row in LISTS.list_of(snapshot).rows if row.target.id == target_id)
    words = published.words(row.verdict, row.indicator)
    response = render.unknowing(request, "embed.html", row=row, words=words, day=snapshot.as_of.day)
    if origins := service.settings.may_embed:
        response.headers["content-security-policy"] = headers.framed_by(origins)
    return response
