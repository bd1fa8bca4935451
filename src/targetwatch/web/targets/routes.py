"""The pages of targets and indicators: each asks its questions of one moment and hands the answers to a template."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import lookup, render
from targetwatch.web.access import READ
from targetwatch.web.running import Asked, Service
from targetwatch.web.targets.chart_words import drawn
from targetwatch.web.targets.listing import AskedList
from targetwatch.web.targets.overview import overview_of
from targetwatch.web.targets.view import indicator_view, target_view

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=READ)
def overview(request: Request, moment: Asked, wanted: AskedList) -> Response:
    """Show the targets asked for, by programme, and the indicators watched beside them."""
    view = overview_of(moment, wanted, render.language_of(request))
    response = render.page(request, "overview.html", moment, view=view)
    if "hx-request" in request.headers:
        root = request.scope.get("root_path", "")
        response.headers["hx-push-url"] = f"{root}/{view.found.address(page=view.found.wanted.page)}"
    return response


@router.api_route("/targets/{target_id}", methods=READ)
def target(request: Request, target_id: str, moment: Asked, service: Service) -> Response:
    """Show one target: the promise, the verdict, its figures, its history."""
    found = lookup.target(moment.snapshot, target_id)
    view = target_view(service, moment, found)
    chart = None
    if view.picture is not None and view.verdict is not None:
        _ = render.translator_for(request)
        chart = drawn(view.picture, found, view.verdict, _, indicator=view.indicator, changes=view.changes)
    return render.page(request, "target.html", moment, view=view, chart=chart)


@router.api_route("/indicators/{indicator_id}", methods=READ)
def indicator(request: Request, indicator_id: str, moment: Asked, service: Service) -> Response:
    """Show one indicator: what it measures, and the figures of every publisher."""
    found = lookup.indicator(moment.snapshot, indicator_id)
    return render.page(request, "indicator.html", moment, view=indicator_view(service, moment, found))
