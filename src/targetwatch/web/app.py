"""The web application put together: routes, errors, headers, static files; and what machines ask of it.

Of each kind of request so many are answered at once and so many more may wait for their turn. Others get 503 at once,
with a time to come back. So a rush on one kind holds up no other, and there are never more of them than threads and
connections to the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from targetwatch import __version__
from targetwatch.errors import TargetwatchError
from targetwatch.model.problem import Problem
from targetwatch.web import access, problems, render, running
from targetwatch.web.access import READ, SAFE, GoodTokens, RefusedError, program_unless_public
from targetwatch.web.api import feeds
from targetwatch.web.api import routes as api
from targetwatch.web.audit import routes as audit
from targetwatch.web.audit.routes import Verifier
from targetwatch.web.figures import routes as figures
from targetwatch.web.guide import routes as guide
from targetwatch.web.headers import FROM_MEMORY, Guard, InPieces, Observer, Packed, TooBusyError, TrustedProxies
from targetwatch.web.people import issuer, owners, sign_in
from targetwatch.web.people import routes as people
from targetwatch.web.people.sign_in import Throttle
from targetwatch.web.people.view import NewSecrets
from targetwatch.web.problems import of_error, problem
from targetwatch.web.replies import routes as replies
from targetwatch.web.running import Metrics, RunningService, Service, SimulatedClock, running_service
from targetwatch.web.sources import routes as sources
from targetwatch.web.sources.view import Attempts
from targetwatch.web.targets import routes as targets
from targetwatch.web.targets.listing import LISTS
from targetwatch.web.wall import routes as wall
from targetwatch.web.wall.routes import TEMPLATES, Drawings
from targetwatch.wording.problems import sentence

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Engine
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from targetwatch.ingest import IngestOutcome
    from targetwatch.model import AsOf, FetchedDocument, Snapshot, Source
    from targetwatch.settings import Settings
    from targetwatch.watch import SnapshotHolder

MOST_SHARDS, LONGEST_SHARD = 64, 5
DESCRIPTION = (
    "What announced targets promised, and how they stand, as of any moment. "
    "Every answer is drawn from the snapshot that the pages and the gauges show."
)
BUSY = Problem("service_busy")
SPARE_THREADS = 8
"""Threads for what is not counted: files of `static`, errors."""
HEAVY = (".csv", ".jsonl")
"""How the addresses of tables end that hold everything there is."""


def create_app(
    *,
    settings: Settings,
    engine: Engine,
    holder: SnapshotHolder,
    metrics: Metrics,
    past: Callable[[AsOf, Callable[[], str]], Snapshot],
    refresh: Callable[[], Snapshot],
    run: Callable[..., IngestOutcome],
    reload: Callable[[], object] | None = None,
    simulation: SimulatedClock | None = None,
    test: Callable[..., IngestOutcome] | None = None,
    gather: Callable[[Source], tuple[FetchedDocument, ...]] = lambda _source: (),
    next_runs: Callable[[], Mapping[str, datetime]] = dict,
    failing: Callable[[], tuple[str, ...]] = tuple,
    answered: Callable[[str, str, int], None] = lambda _method, _route, _code: None,
) -> FastAPI:
    """Return the application over a service.

    `refresh` judges anew what was changed, `run` runs a source now,
    `reload` applies the configuration files and exists on the web only where the settings switch it on.
    """
    reloads = settings.reload_enabled and reload is not None
    app = FastAPI(
        title="targetwatch",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        routes=[*_routes(reload=reloads, public=settings.public_api)],
    )
    app.state.service = RunningService(
        settings=settings,
        engine=engine,
        holder=holder,
        metrics=metrics,
        past=past,
        refresh=refresh,
        run=run,
        reload=reload if reloads else None,
        simulation=simulation,
        test=test,
        gather=gather,
        next_runs=next_runs,
        failing=failing,
    )
    app.state.throttle, app.state.good_tokens, app.state.new_secrets = Throttle(), GoodTokens(), NewSecrets()
    app.state.attempts, app.state.verifier = Attempts(), Verifier()
    app.state.drawings = Drawings()
    holder.listen(LISTS.prepare)
    holder.listen(app.state.drawings.prepare)
    app.include_router(issuer.routes(settings))
    app.mount("/static", StaticFiles(directory=_static()), name="static")
    problems.install(app)
    app.add_middleware(Packed, secrets=(running.SESSION.encode(), running.VISITOR.encode()))
    app.add_middleware(Turns, settings=settings)
    if settings.hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)
    app.add_middleware(FromMemory)
    app.add_middleware(Guard, secure=settings.secure)
    app.add_middleware(Observer, count=answered)
    app.add_middleware(TrustedProxies, trusted=settings.proxies)
    return app


class FromMemory:
    """Plain ASGI before the routes: what the event loop answers by itself, waiting for no thread and no database.

    What takes more than memory (a token not seen lately, a past day) goes on to the routes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        answer = None
        if scope["type"] == "http" and scope["method"] in READ and (known := ANSWERS.get(scope["path"])):
            answer = await known(Request(scope))
        if answer is not None:
            scope[FROM_MEMORY] = scope["path"]
        await (answer or self._app)(scope, receive, send)


@cache
def _routes(*, reload: bool, public: bool) -> tuple[BaseRoute, ...]:
    """Return the routes that know nothing of one service, which take longer to make than the rest of it."""
    router = APIRouter()
    router.include_router(_machine_routes(reload=reload))
    router.include_router(api.routes(public=public))
    router.include_router(feeds.routes())
    router.include_router(targets.router)
    router.include_router(wall.routes(), dependencies=[Depends(access.read_wall)])
    router.include_router(sign_in.router)
    router.include_router(people.router)
    router.include_router(owners.router)
    router.include_router(replies.router)
    router.include_router(figures.router)
    router.include_router(sources.router)
    router.include_router(audit.router)
    router.include_router(guide.router)
    return tuple(router.routes)


def _static() -> Any:  # noqa: ANN401 - a path of the installed package
    return files("targetwatch.web").joinpath("static")


def _machine_routes(*, reload: bool) -> APIRouter:
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
    """Return the exposition, or a part of it: bytes made when the snapshot was, so that a scrape waits for nobody."""
    return _exposed(request, await run_in_threadpool(running_service(request).metrics.part, *_shard(request)))


def _exposed(request: Request, part: Metrics) -> Response:
    accept, encoding = request.headers.get("accept", ""), request.headers.get("accept-encoding", "")
    return InPieces(*part.pieces(accept, encoding))


def _shard(request: Request) -> tuple[int, int]:
    """Return which part is asked for of how many ("2/8"), the only one where nothing is said."""
    said = request.query_params.get("shard", "1/1")
    part, slash, parts = said.partition("/")
    if not (slash and all(one.isascii() and one.isdigit() for one in (part, parts)) and len(said) <= LONGEST_SHARD):
        raise RefusedError("shard_unreadable", where="shard", said=said[:40], most=MOST_SHARDS)
    if not 1 <= int(part) <= int(parts) <= MOST_SHARDS:
        raise RefusedError("shard_unreadable", where="shard", said=said, most=MOST_SHARDS)
    return int(part), int(parts)


async def healthy(_request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("healthy\n")


async def ready(request: Request) -> Response:
    """Say whether there is a snapshot to answer from, and which."""
    snapshot = running_service(request).holder.current
    if snapshot is None:
        return PlainTextResponse("not ready: the first snapshot is still being taken\n", 503)
    return PlainTextResponse(f"ready: as of {snapshot.as_of.day}\n")


async def _metrics(request: Request) -> Response | None:
    service = running_service(request)
    try:
        shard = _shard(request)
    except RefusedError:
        return None
    may = service.settings.public_metrics or access.seen_lately(request)
    in_memory = may and service.metrics.has_part(*shard)
    return _exposed(request, service.metrics.part(*shard)) if in_memory else None


async def _wall(request: Request) -> Response | None:
    hosts = running_service(request).settings.hosts
    may = not hosts or request.url.hostname in hosts  # or a pattern among them, which the routes know
    return await wall.as_drawn(request, request.app.state.drawings) if may else None


ANSWERS: Mapping[str, Callable[[Request], Awaitable[Response | None]]] = {
    "/metrics": _metrics,
    "/-/healthy": healthy,
    "/-/ready": ready,
    **dict.fromkeys(TEMPLATES, _wall),
}


def reload_files(request: Request, service: Service) -> Response:
    """Apply the configuration files and put the result in force; refused files change nothing."""
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return problem(request, 403, Problem("asked_by_another_site"))
    assert service.reload is not None
    try:
        service.reload()
    except TargetwatchError as error:
        return of_error(request, 400, error)
    return JSONResponse({"reloaded": True})


class RequestKind:
    """The requests of one kind: so many at once, so many more waiting, for so long."""

    def __init__(self, at_once: int, *, waiting: int, seconds: float) -> None:
        self._free, self._places, self._seconds = asyncio.Semaphore(at_once), waiting, seconds

    async def enter(self) -> None:
        """Wait for a turn; TooBusyError where too many do already, or it takes too long."""
        if not self._free.locked():
            await self._free.acquire()
            return
        if not self._places:
            raise TooBusyError
        self._places -= 1
        try:
            await asyncio.wait_for(self._free.acquire(), self._seconds)
        except TimeoutError:
            raise TooBusyError from None
        finally:
            self._places += 1

    def leave(self) -> None:
        """Let the next one have its turn."""
        self._free.release()


class Turns:
    """Lets each request wait for its turn; one with a body first when all of it is here, so that none drips into it."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._reads = RequestKind(settings.reads_at_once, waiting=200, seconds=5)
        self._writes = RequestKind(settings.writes_at_once, waiting=50, seconds=10)
        self._heavy = RequestKind(settings.heavy_at_once, waiting=16, seconds=5)
        self._threads = settings.reads_at_once + settings.writes_at_once + settings.heavy_at_once + SPARE_THREADS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        anyio.to_thread.current_default_thread_limiter().total_tokens = self._threads
        turn = _Turn(self._kind(scope), receive, send)
        try:
            if scope["method"] in SAFE or not _has_body(scope):
                await turn.take()
            await self._app(scope, turn.receive, turn.send)
        except TooBusyError:
            await _say_so(scope, receive, send)
        finally:
            turn.end()

    def _kind(self, scope: Scope) -> RequestKind:
        if scope["method"] not in SAFE:
            return self._writes
        asks = QueryParams(scope["query_string"])
        is_heavy = scope["path"].endswith(HEAVY) or any(name in asks for name in ("as_of", "clock", "shard"))
        return self._heavy if is_heavy else self._reads


class _Turn:
    """The turn of one request: from where its body is here, if it has one, to where its answer is made.

    Every answer is made before the first of it is sent, so whoever takes it slowly holds up nobody.
    """

    def __init__(self, kind: RequestKind, receive: Receive, send: Send) -> None:
        self._kind, self._receive, self._send, self._taken = kind, receive, send, False

    async def take(self) -> None:
        if not self._taken:
            await self._kind.enter()
            self._taken = True

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            await self.take()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.end()
        await self._send(message)

    def end(self) -> None:
        if self._taken:
            self._taken = False
            self._kind.leave()


def _has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def _say_so(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer by itself, since no thread may be free: in a line, which a browser replaces by asking again."""
    request = Request(scope)
    if problems.is_program(request):
        response = problems.problem(request, HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
    else:
        said, headers = sentence(BUSY, render.translator_for(request)), dict.fromkeys(("retry-after", "refresh"), "2")
        response = PlainTextResponse(said, 503, headers)
    await response(scope, receive, send)
