"""Requests answered by an application in this process: nothing is served, nothing goes over a socket."""

from __future__ import annotations

import asyncio
import atexit
import io
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from starlette.types import ASGIApp
from urllib3 import HTTPHeaderDict, HTTPResponse

HERE = "http://127.0.0.1"
"""Where the application says it is: the peer that asks is of this machine too."""
PEER = ("127.0.0.1", 50_000)

log = logging.getLogger(__name__)


@dataclass
class Answer:
    """What an application sent."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)


def ask(
    app: ASGIApp, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"", host: str = ""
) -> Answer:
    """Return what an application answers to a request, its target and headers sent as they stand."""
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": PEER,
        "server": (host or urlsplit(HERE).hostname, 80),
        "state": {},
    }
    answer, sent = Answer(), [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Mapping[str, Any]:
        return sent.pop() if sent else {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        elif method != "HEAD":
            answer.body += message.get("body", b"")

    async def exchange() -> None:
        await app(scope, receive, send)  # type: ignore[arg-type]

    try:
        asyncio.run_coroutine_threadsafe(exchange(), _loop()).result()
    except Exception:
        if not answer.status:
            raise
        log.exception("raised after the answer had begun, as a server would log it")
    return answer


class InProcess(BaseAdapter):
    """Carries the requests of a session to an application."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self.app = app

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        body = request.body or b""
        headers = [(name, _text(value)) for name, value in request.headers.items()]
        answer = ask(
            self.app,
            request.method or "GET",
            f"{url.path or '/'}?{url.query}" if url.query else url.path or "/",
            [("Host", url.netloc), *headers],
            body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b"".join(body),
        )
        original = Message()
        for name, value in answer.headers:
            original[name] = value
        raw = HTTPResponse(
            body=io.BytesIO(bytes(answer.body)),
            headers=HTTPHeaderDict(answer.headers),
            status=answer.status,
            preload_content=False,
            request_method=request.method,
            original_response=SimpleNamespace(msg=original, isclosed=lambda: True, close=lambda: None),  # type: ignore[arg-type]
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Do nothing: nothing is open."""


def session(app: ASGIApp) -> requests.Session:
    """Return a session that asks an application, whatever host it names."""
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", InProcess(app))
    return made


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return a loop beside the tests, in whose own thread that of a browser's driver may be running."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()

    def end() -> None:
        made.call_soon_threadsafe(made.stop)
        thread.join()
        made.close()

    atexit.register(end)
    return made


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
