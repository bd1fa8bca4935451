"""What every answer carries, and how large a request may be: plain ASGI around everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 64 * 1024
CARRYING_BYTES = 2 * 1024 * 1024
LARGEST = {
    "/figures/paste": 8 * 1024 * 1024,
    "/new-target/yaml": 512 * 1024,
    "/sign-in": CARRYING_BYTES,
    "/sign-in/issuer": CARRYING_BYTES,
}
"""Where a file may be dropped, and where what was typed before signing in is carried along."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts are files of this service: none stands inside a page, and none is made from text at run time."""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer a browser says "Origin: null" even to ourselves
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_ONLY = "max-age=31536000"
A_YEAR = "public, max-age=31536000, immutable"


class Guard:
    """Adds the headers and refuses a body larger than any request of ours."""

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and dress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                dress(headers, path, versioned=b"v=" in scope["query_string"])
                if self._secure or scope["scheme"] == "https":
                    headers["strict-transport-security"] = HTTPS_ONLY
            await send(message)

        most = LARGEST.get(path, BODY_BYTES)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, dressed)
        elif not length.isdigit() or int(length) > most:
            await _too_large(scope, receive, dressed, most)
        else:
            await self._app(scope, _Counted(receive, most), dressed)


def dress(headers: MutableHeaders, path: str, *, versioned: bool = False) -> None:
    """Add to the answer for `path` what every answer carries; a `versioned` file may be kept for ever."""
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", POLICY)
    if path.startswith("/static/"):
        headers["cache-control"] = A_YEAR if versioned else "no-cache"
    else:
        headers.setdefault("cache-control", "no-cache")


class _Counted:
    """A request body that ends where the largest one would."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._seen = receive, most, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        return message if self._seen <= self._most else {"type": "http.disconnect"}


async def _too_large(scope: Scope, receive: Receive, send: Send, most: int) -> None:
    body = {
        "type": "about:blank",
        "title": "Too large",
        "status": 413,
        "detail": f"expected at most {most} bytes",
    }
    await JSONResponse(body, 413, media_type="application/problem+json")(scope, receive, send)
