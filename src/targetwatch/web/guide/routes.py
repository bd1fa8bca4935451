"""Where a runbook, the guide and its pictures are asked for."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import render
from targetwatch.web.access import READ, Reader
from targetwatch.web.guide import documents

A_DAY = "private, max-age=86400"
router = APIRouter(include_in_schema=False)


@router.api_route("/guide", methods=READ)
def guide(request: Request, _who: Reader) -> Response:
    """Show the guide, and all runbooks below it."""
    chosen = render.language_of(request)
    document = documents.guide(chosen, root=render.root(request))
    return render.form(request, "document.html", document=document, runbooks=documents.titles(chosen), name="")


@router.api_route("/guide/{name}", methods=READ)
def picture(name: str, _who: Reader) -> Response:
    """Show a picture of the guide."""
    return Response(documents.picture(name), media_type="image/png", headers={"cache-control": A_DAY})


@router.api_route("/runbooks/{name}", methods=READ)
def runbook(request: Request, name: str, _who: Reader) -> Response:
    """Show what to do about one alert."""
    document = documents.runbook(name, render.language_of(request), root=render.root(request))
    return render.form(request, "document.html", document=document, runbooks={}, name=name)
