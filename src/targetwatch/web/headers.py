"""What every answer carries, and how large a request may be: plain ASGI around everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 64 * 1024
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SCRIPT_POLICY = POLICY + "; script-src 'self'; connect-src 'self'"
"""The viewer of the API is a program, and the wall renews itself; the pages need no script."""
SCRIPTED = frozenset({"/api/docs", "/wall"})
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR = "public, max-age=31536000, immutable"


class Guard:
    """Adds the headers and refuses a body larger than any request of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and dress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message), path, versioned=b"v=" in scope["query_string"])
            await send(message)

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, dressed)
        elif not length.isdigit() or int(length) > BODY_BYTES:
            await _too_large(scope, receive, dressed)
        else:
            await self._app(scope, _Counted(receive), dressed)


def dress(headers: MutableHeaders, path: str, *, versioned: bool = False) -> None:
    """Add to the answer for `path` what every answer carries; a `versioned` file may be kept for ever."""
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", SCRIPT_POLICY if path in SCRIPTED else POLICY)
    if path.startswith("/static/"):
        headers["cache-control"] = A_YEAR if versioned else "no-cache"
    else:
        headers.setdefault("cache-control", "no-cache")


class _Counted:
    """A request body that ends where the largest one would."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._seen = receive, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        return message if self._seen <= BODY_BYTES else {"type": "http.disconnect"}


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    body = {
        "type": "about:blank",
        "title": "Too large",
        "status": 413,
        "detail": f"expected at most {BODY_BYTES} bytes",
    }
    await JSONResponse(body, 413, media_type="application/problem+json")(scope, receive, send)
