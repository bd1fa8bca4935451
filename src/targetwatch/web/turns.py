"""Plain ASGI before the routes: how many requests of a kind are answered at once, and how many may wait for their turn.

More of them get 503 at once, with a time to come back. So a rush on one kind holds up no other, and there are
never more of them than threads and connections to the database.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from targetwatch.model.problem import Problem
from targetwatch.web import problems, render
from targetwatch.web.access import SAFE
from targetwatch.web.headers import TooBusyError
from targetwatch.wording.problems import sentence

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from targetwatch.settings import Settings

BUSY = Problem("service_busy")
SPARE_THREADS = 8
"""Threads for what is not counted: files of `static`, errors."""
HEAVY = (".csv", ".jsonl")
"""How the addresses of tables end that hold everything there is."""


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
