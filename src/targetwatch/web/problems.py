"""What went wrong, for a program (problem JSON) or for a person (a page in their language)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from targetwatch.errors import (
    BusyError,
    ConflictError,
    ManagedElsewhereError,
    NotAnnouncedError,
    NotFoundError,
    StoreError,
    TargetwatchError,
)
from targetwatch.mail.letter import LinkError
from targetwatch.model.problem import Problem
from targetwatch.web import access, render
from targetwatch.web.access import NotAllowedError, RefusedError, SignInNeededError, SimulatedError
from targetwatch.web.forms import ForgedError, of_this_site
from targetwatch.web.headers import dress
from targetwatch.web.people import sign_in
from targetwatch.web.running import BadMomentError, NotReadyError, running_service
from targetwatch.wording.problems import in_english
from targetwatch.wording.problems import of_error as said_of
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI

    from targetwatch.web.people.sign_in import Unsent

log = logging.getLogger(__name__)
FOR_PROGRAMS = ("/api/", "/-/", "/schema/", "/metrics", "/feeds/", "/export/", "/embed/")
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (NotReadyError, 503),
    (RefusedError, 422),
    (BusyError, 409),
    (SignInNeededError, 401),
    (NotAllowedError, 403),
    (ForgedError, 403),
    (SimulatedError, 409),
    (ManagedElsewhereError, 409),
    (ConflictError, 409),
    (BadMomentError, 400),
    (LinkError, 404),
    (NotFoundError, 404),
    (NotAnnouncedError, 404),
    (StoreError, 503),
    (TargetwatchError, 500),
)


OURS, AWAY = Problem("error_of_ours"), Problem("database_away")


def install(app: FastAPI) -> None:
    """Answer every error of the handlers, foreseen or not."""

    @app.exception_handler(TargetwatchError)
    def ours(request: Request, error: TargetwatchError) -> Response:
        status = next(code for kind, code in STATUSES if isinstance(error, kind))
        if status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, NotReadyError):
            return of_error(request, status, error)
        if isinstance(error, StoreError):
            log.warning("%s: could not be answered: %s", request.url.path, in_english(error))
            return problem(request, status, AWAY, error=error)
        log.error("%s: could not be answered", request.url.path, exc_info=error)
        return problem(request, status, OURS, error=error)

    @app.exception_handler(SignInNeededError)
    async def nobody(request: Request, error: SignInNeededError) -> Response:
        kept = await sign_in.collect_unsent(request)
        return await run_in_threadpool(_to_sign_in, request, error, kept)

    @app.exception_handler(ForgedError)
    async def forged(request: Request, error: ForgedError) -> Response:
        kept = await sign_in.collect_unsent(request)
        return await run_in_threadpool(_to_send_again, request, error, kept)

    @app.exception_handler(ClientDisconnect)
    def cut_off(request: Request, _error: ClientDisconnect) -> Response:
        return problem(request, 400, Problem("request_cut_off"))

    @app.exception_handler(HTTPException)
    def theirs(request: Request, error: HTTPException) -> Response:
        _know(request)
        told = {"code": f"http_{error.status_code}", "values": {}, "sentence": str(error.detail)}
        return problem(request, error.status_code, told=[told], error=error, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        told = [
            {"code": one["type"], "values": {}, "where": ".".join(map(str, one["loc"][1:])), "sentence": one["msg"]}
            for one in error.errors()
        ]
        return problem(request, 422, told=told, detail="; ".join(f"{one['where']}: {one['sentence']}" for one in told))

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        log.error("%s: could not be answered", request.url.path, exc_info=error)
        response = problem(request, 500, OURS)
        dress(response.headers, request.url.path)
        return response


def problem(
    request: Request,
    status: int,
    *wrong: Problem,
    told: Sequence[Mapping[str, Any]] = (),
    detail: str = "",
    error: Exception | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer to a request that failed, in the form its reader understands.

    A program is `told` each problem by its code and values, and what is wrong in one sentence (`detail`).
    """
    extra = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["retry-after"] = "2"
    if is_program(request):
        told = told or [render.told_to(request, one) for one in wrong]
        extra["vary"] = "Accept-Language"
        body = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail or "; ".join(one["sentence"] for one in told),
            "instance": request.url.path,
            "code": told[0]["code"],
            "values": told[0]["values"],
            "problems": told,
        }
        return JSONResponse(body, status, headers=extra, media_type="application/problem+json")
    response = render.error_page(request, status, error=error)
    response.headers.update(extra)
    return response


def of_error(
    request: Request, status: int, error: TargetwatchError, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer to a request that an error of ours ended."""
    detail = said_of(error, translator(render.language_of(request, knowing=False)))
    return problem(request, status, *error.problems, detail=detail, error=error, headers=headers)


def _to_sign_in(request: Request, error: SignInNeededError, kept: Unsent) -> Response:
    """Return the way to sign in: for a page the form and then the page, for a form what was typed into it as well."""
    if is_program(request) or request.method == "HEAD":
        return of_error(request, 401, error, {"www-authenticate": "Bearer"})
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET":
        return render.redirect(request, f"/sign-in?{urlencode({'next': here})}")
    return sign_in.page(request, running_service(request), sign_in.local(here), kept=kept, status=401)


def _to_send_again(request: Request, error: ForgedError, kept: Unsent) -> Response:
    """Return what was typed, to be sent with a good token, when it surely came from a page of ours."""
    _ = render.translator_for(request)
    path = sign_in.local(request.url.path)
    signed_in = getattr(request.state, "person", access.NOBODY).role is not None
    if kept and signed_in and path != "/":
        return sign_in.offer_unsent(request, path, kept, status=403)
    if request.url.path == "/sign-in" and of_this_site(request):
        said = _(
            "This page had grown too old, or your browser keeps no cookies, which signing in needs. "
            "Please try once more.",
        )
        return sign_in.page(request, running_service(request), "/", status=403, errors={"": said})
    return of_error(request, 403, error)


def _know(request: Request) -> None:
    """Let the page of a path that asked nobody know who asks; while the database is away nobody is known."""
    try:
        access.person(request, running_service(request))
    except StoreError as error:
        log.warning("%s: who asks could not be looked up: %s", request.url.path, error)


def is_program(request: Request) -> bool:
    """Return whether a program asks: by what it asks for, or because it takes JSON and no page."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(FOR_PROGRAMS) or ("json" in accepted and "html" not in accepted)
