"""The wall screen: one page read from five metres away, and the part of it that renews itself."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import render
from targetwatch.web.access import READ
from targetwatch.web.running import Asked, Service
from targetwatch.web.wall import view


def routes() -> APIRouter:
    """Return the routes of the wall."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/wall", wall, methods=READ)
    router.add_api_route("/wall/content", content, methods=READ)
    return router


def wall(request: Request, moment: Asked, service: Service) -> Response:
    """Show every target by urgency, ten at a time; the page renews its content by itself."""
    return _drawn(request, "wall.html", moment, service=service)


def content(request: Request, moment: Asked, service: Service) -> Response:
    """Return what is on the wall now, for the page that hangs there."""
    return _drawn(request, "wall_content.html", moment, service=service)


def _drawn(request: Request, template: str, moment: Asked, *, service: Service) -> Response:
    translator = render.translator_for(request)
    shown = view.wall(moment, translator, now=datetime.now(UTC), service=service)
    return render.page(request, template, moment, view=shown)
