"""What machines ask of the service itself: metrics, health, readiness, reload."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from targetwatch.errors import TargetwatchError
from targetwatch.web.access import READ, program_unless_public
from targetwatch.web.problems import problem
from targetwatch.web.running import Service, running_service
from targetwatch.wording.problems import in_english


def routes(*, reload: bool) -> APIRouter:
    """Return the routes; `/-/reload` only where it is switched on."""
    router = APIRouter(include_in_schema=False)
    allowed = Depends(program_unless_public("public_metrics"))
    router.add_api_route("/metrics", metrics, methods=READ, dependencies=[allowed])
    router.add_api_route("/-/healthy", healthy, methods=READ)
    router.add_api_route("/-/ready", ready, methods=READ)
    if reload:
        router.add_api_route("/-/reload", reload_files, methods=["POST"])
    return router


async def metrics(request: Request) -> Response:
    """Return the exposition: bytes made when the snapshot was, so that a scrape waits for nobody."""
    accept, encoding = request.headers.get("accept", ""), request.headers.get("accept-encoding", "")
    body, headers = running_service(request).metrics.answer(accept, encoding)
    return Response(body, headers=dict(headers))


async def healthy() -> Response:
    """Say that the process answers."""
    return PlainTextResponse("healthy\n")


async def ready(request: Request) -> Response:
    """Say whether there is a snapshot to answer from, and which."""
    snapshot = running_service(request).holder.current
    if snapshot is None:
        return PlainTextResponse("not ready: the first snapshot is still being taken\n", 503)
    return PlainTextResponse(f"ready: as of {snapshot.as_of.day}\n")


def reload_files(request: Request, service: Service) -> Response:
    """Apply the configuration files and put the result in force; refused files change nothing."""
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return problem(request, 403, "a page of another site may not ask for this")
    assert service.reload is not None
    try:
        service.reload()
    except TargetwatchError as error:
        return problem(request, 400, in_english(error))
    return JSONResponse({"reloaded": True})
