"""What every answer carries, and how large a request may be: plain ASGI around everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 640 * 1024
"""The largest form with every field full of Chinese, where a browser writes each sign as nine."""
CARRYING_BYTES = 2 * 1024 * 1024
LARGEST = {
    "/figures/paste": 8 * 1024 * 1024,
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


class TooLargeError(HTTPException):
    """A request brings more than `most` bytes, the largest its address takes."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(413, f"the request is too large, expected at most {most:,} bytes")


class Guard:
    """Adds the headers and breaks off a body larger than any request of ours, where somebody reads it."""

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

        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, dressed)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        announced = int(length) if length.isdigit() else 0
        await self._app(scope, _Counted(receive, LARGEST.get(path, BODY_BYTES), announced), dressed)


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
    """A request body that is not read beyond the largest there may be, nor at all when it is announced as larger."""

    def __init__(self, receive: Receive, most: int, announced: int) -> None:
        self._receive, self._most, self._announced, self._seen = receive, most, announced, 0

    async def __call__(self) -> Message:
        if self._announced > self._most:
            raise TooLargeError(self._most)
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._most:
            raise TooLargeError(self._most)
        return message
