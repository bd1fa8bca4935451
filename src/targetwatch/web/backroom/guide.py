"""The runbooks that mails lead to and the guide for admins, as pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import language, rendering
from targetwatch.web.access import Reader
from targetwatch.web.backroom import manual

READ = ["GET", "HEAD"]
A_DAY = "private, max-age=86400"


def routes() -> APIRouter:
    """Return the routes of the documents."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/guide", guide, methods=READ)
    router.add_api_route("/guide/{name}", picture, methods=READ)
    router.add_api_route("/runbooks/{name}", runbook, methods=READ)
    return router


def guide(request: Request, _who: Reader) -> Response:
    """Show the guide, and all runbooks below it."""
    chosen = language.choose(request)
    document = manual.guide(chosen, root=_root(request))
    return rendering.form(request, "document.html", document=document, runbooks=manual.titles(chosen), name="")


def runbook(request: Request, name: str, _who: Reader) -> Response:
    """Show what to do about one alert."""
    document = manual.runbook(name, language.choose(request), root=_root(request))
    return rendering.form(request, "document.html", document=document, runbooks={}, name=name)


def picture(name: str, _who: Reader) -> Response:
    """Show a picture of the guide."""
    return Response(manual.picture(name), media_type="image/png", headers={"cache-control": A_DAY})


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
