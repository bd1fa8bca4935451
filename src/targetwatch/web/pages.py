"""The pages: each asks its questions of one moment and hands the answers to a template."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import indicator_view, overview_view, questions, rendering, target_view
from targetwatch.web.backstage import Behind
from targetwatch.web.moment import Asked

READ = ["GET", "HEAD"]


def routes() -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", overview, methods=READ)
    router.add_api_route("/targets/{target_id}", target, methods=READ)
    router.add_api_route("/indicators/{indicator_id}", indicator, methods=READ)
    return router


def overview(request: Request, moment: Asked) -> Response:
    """Show every target by programme, and the indicators watched beside them."""
    return rendering.page(request, "overview.html", moment, view=overview_view.of(moment))


def target(request: Request, target_id: str, moment: Asked, behind: Behind) -> Response:
    """Show one target: the promise, the verdict, its figures, its history."""
    found = questions.target(moment.snapshot, target_id)
    return rendering.page(request, "target.html", moment, view=target_view.of(behind, moment, found))


def indicator(request: Request, indicator_id: str, moment: Asked, behind: Behind) -> Response:
    """Show one indicator: what it measures, and the figures of every publisher."""
    found = questions.indicator(moment.snapshot, indicator_id)
    return rendering.page(request, "indicator.html", moment, view=indicator_view.of(behind, moment, found))
