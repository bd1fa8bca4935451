"""The API described for people: Swagger UI from our own files."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import rendering


def routes() -> APIRouter:
    """Return the one route."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/api/docs", viewer, methods=["GET", "HEAD"])
    return router


def viewer(request: Request) -> Response:
    """Show the API's description, and let it be tried."""
    return rendering.bare(request, "viewer.html")
