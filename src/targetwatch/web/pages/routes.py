"""The pages: each asks its questions of one moment and hands the answers to a template."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import language, questions, rendering
from targetwatch.web.backstage import Behind
from targetwatch.web.formats import Formats
from targetwatch.web.moment import Asked
from targetwatch.web.pages import chart_words, indicator_view, overview_view, target_view
from targetwatch.web.pages.listing import Asking

READ = ["GET", "HEAD"]


def routes() -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", overview, methods=READ)
    router.add_api_route("/targets/{target_id}", target, methods=READ)
    router.add_api_route("/indicators/{indicator_id}", indicator, methods=READ)
    return router


def overview(request: Request, moment: Asked, wanted: Asking) -> Response:
    """Show the targets asked for, by programme, and the indicators watched beside them."""
    view = overview_view.of(moment, wanted, language.choose(request))
    response = rendering.page(request, "overview.html", moment, view=view)
    if "hx-request" in request.headers:
        root = request.scope.get("root_path", "")
        response.headers["hx-push-url"] = f"{root}/{view.found.address(page=view.found.wanted.page)}"
    return response


def target(request: Request, target_id: str, moment: Asked, behind: Behind) -> Response:
    """Show one target: the promise, the verdict, its figures, its history."""
    found = questions.target(moment.snapshot, target_id)
    view = target_view.of(behind, moment, found)
    drawn = chart_words.drawn(view, Formats(language.choose(request)))
    return rendering.page(request, "target.html", moment, view=view, chart=drawn)


def indicator(request: Request, indicator_id: str, moment: Asked, behind: Behind) -> Response:
    """Show one indicator: what it measures, and the figures of every publisher."""
    found = questions.indicator(moment.snapshot, indicator_id)
    return rendering.page(request, "indicator.html", moment, view=indicator_view.of(behind, moment, found))
