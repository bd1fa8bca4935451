"""The pages of targets and indicators: each asks its questions of one moment and hands the answers to a template."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from targetwatch.web import lookup, render
from targetwatch.web.access import READ
from targetwatch.web.running import Asked, Service
from targetwatch.web.targets.listing import ListQuery
from targetwatch.web.targets.view import indicator_view, overview_of, target_view

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=READ)
def overview(request: Request, moment: Asked, wanted: Annotated[ListQuery, Query()]) -> Response:
    """Show the targets asked for, by programme, and the indicators watched beside them."""
    view = overview_of(moment, wanted, render.translator_for(request))
    response = render.page(request, "overview.html", moment, view=view)
    if "hx-request" in request.headers:
        found = view["found"]
        response.headers["hx-push-url"] = f"{render.root(request)}/{found.address(page=found.wanted.page)}"
    return response


@router.api_route("/targets/{target_id}", methods=READ)
def target(request: Request, target_id: str, moment: Asked, service: Service) -> Response:
    """Show one target: the promise, the verdict, its figures, its history."""
    found = lookup.target(moment.snapshot, target_id)
    view = target_view(service, moment, found, render.translator_for(request))
    return render.page(request, "target.html", moment, view=view)


@router.api_route("/indicators/{indicator_id}", methods=READ)
def indicator(request: Request, indicator_id: str, moment: Asked, service: Service) -> Response:
    """Show one indicator: what it measures, and the figures of every publisher."""
    found = lookup.indicator(moment.snapshot, indicator_id)
    return render.page(request, "indicator.html", moment, view=indicator_view(service, moment, found))
