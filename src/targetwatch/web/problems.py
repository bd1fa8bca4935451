"""What went wrong, for a program (problem JSON) or for a person (a page in their language)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from targetwatch.errors import (
    ConflictError,
    ManagedElsewhereError,
    NotAnnouncedError,
    NotFoundError,
    StoreError,
    TargetwatchError,
)
from targetwatch.web import rendering
from targetwatch.web.access import NotAllowedError, SignInNeededError, SimulatedError
from targetwatch.web.backstage import NotReadyError
from targetwatch.web.forms import ForgedError
from targetwatch.web.headers import dress
from targetwatch.web.moment import BadMomentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

log = logging.getLogger(__name__)
FOR_PROGRAMS = ("/api/", "/-/", "/schema/", "/metrics")
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (NotReadyError, 503),
    (SignInNeededError, 401),
    (NotAllowedError, 403),
    (ForgedError, 403),
    (SimulatedError, 409),
    (ManagedElsewhereError, 409),
    (ConflictError, 409),
    (BadMomentError, 400),
    (NotFoundError, 404),
    (NotAnnouncedError, 404),
    (StoreError, 503),
    (TargetwatchError, 500),
)


OURS = "an error of this program; its log says more"
AWAY = "the database cannot be used at the moment; the log says more"


def install(app: FastAPI) -> None:
    """Answer every error of the handlers, foreseen or not."""

    @app.exception_handler(TargetwatchError)
    def ours(request: Request, error: TargetwatchError) -> Response:
        status = next(code for kind, code in STATUSES if isinstance(error, kind))
        if status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, NotReadyError):
            return problem(request, status, str(error), error=error)
        log.error("%s: could not be answered", request.url.path, exc_info=error)
        return problem(request, status, AWAY if isinstance(error, StoreError) else OURS, error=error)

    @app.exception_handler(HTTPException)
    def theirs(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        said = "; ".join(f"{'.'.join(str(part) for part in e['loc'][1:])}: {e['msg']}" for e in error.errors())
        return problem(request, 422, said)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        log.error("%s: could not be answered", request.url.path, exc_info=error)
        response = problem(request, 500, OURS)
        dress(response.headers, request.url.path)
        return response


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    error: Exception | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer to a request that failed, in the form its reader understands."""
    extra = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["retry-after"] = "2"
    if request.url.path.startswith(FOR_PROGRAMS):
        body = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "instance": request.url.path,
        }
        return JSONResponse(body, status, headers=extra, media_type="application/problem+json")
    response = rendering.error_page(request, status, error=error)
    response.headers.update(extra)
    return response
