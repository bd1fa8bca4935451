"""Plain ASGI around everything: what every answer carries, how large a request may be, and who it comes from.

What a proxy adds to a request is believed only when the connection comes from one of the configured addresses; nobody
else can write themselves another address, or a name, by sending the same headers.
"""

from __future__ import annotations

import re
from asyncio import timeout
from contextlib import ExitStack, suppress
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from secrets import token_hex
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 680 * 1024
"""The largest form with every field full of Chinese, where a browser writes each sign as nine."""
CARRYING_BYTES = 2 * 1024 * 1024
DOCUMENT_BYTES = 60_000_000
"""The largest document that is read (`documents.decode`)."""
DROPPED_BYTES = 8 * 1024 * 1024
LARGEST = {
    "/api/v1/documents": DOCUMENT_BYTES,
    "/figures/paste": DROPPED_BYTES,
    "/figures/press": DROPPED_BYTES,
    "/figures/drop": DROPPED_BYTES,
    "/new-source": DROPPED_BYTES,
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
EMBEDDED = "/embed/"
"""Below here stands what other sites may show in a frame, where the settings name them."""
HTTPS_ONLY = "max-age=31536000"
PACKED_BYTES, PACKED_LEVEL = 1024, 5
PIECE_BYTES = 65_536
TAKEN_SECONDS = 900
"""So long whoever downloads a table may take over it."""
A_YEAR = "public, max-age=31536000, immutable"


REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""What a request is called in its answer and in the lines logged for it."""
ID = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
FROM_MEMORY = "from_memory"
"""Where a request's scope names its path when no route had to be asked."""
METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}


class TooLargeError(HTTPException):
    """A request brings more than `most` bytes, the largest its address takes."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(413, f"the request is too large, expected at most {most:,} bytes")


class TooBusyError(HTTPException):
    """Too many requests of a kind are under way, and as many as may wait do."""

    def __init__(self) -> None:
        super().__init__(503, "the service is busy; come back in a moment")


class InPieces(Response):
    """An answer sent piece by piece, as its reader takes it, so that a slow one has no copy of all of it waiting."""

    def __init__(self, pieces: Sequence[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "content-length": str(sum(map(len, pieces)))})
        self._pieces = pieces

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


BYTE_ORDER_MARK = "\ufeff".encode()
"""By which a spreadsheet knows that a table is UTF-8."""


class Download(Response):
    """A table as a file, all of it written aside before the first of it is sent.

    So whoever takes it slowly keeps no transaction and no turn, only a file without a name, for TAKEN_SECONDS.
    """

    def __init__(self, lines: Iterable[str], *, name: str, media_type: str) -> None:
        with ExitStack() as broken:
            self._file = broken.enter_context(TemporaryFile())
            if media_type.startswith("text/csv"):
                self._file.write(BYTE_ORDER_MARK)
            self._file.writelines(line.encode() for line in lines)
            broken.pop_all()
        said = {"content-length": str(self._file.tell()), "content-disposition": f'attachment; filename="{name}"'}
        super().__init__(media_type=media_type, headers={**said, "cache-control": "no-store"})

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        with self._file, suppress(TimeoutError):
            self._file.seek(0)
            async with timeout(TAKEN_SECONDS):
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                while piece := self._file.read(PIECE_BYTES):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})


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
                own = f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}/"
                if headers.get("location", "").startswith(own):
                    headers["location"] = f"/{headers['location'].removeprefix(own)}"  # whoever asks names the host
                if self._secure or scope["scheme"] == "https":
                    headers["strict-transport-security"] = HTTPS_ONLY
            await send(message)

        if scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, dressed)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        announced = int(length) if length.isdigit() else 0
        await self._app(scope, _Counted(receive, _largest(path), announced), dressed)


def _largest(path: str) -> int:
    return DROPPED_BYTES if path.startswith("/sources/") and path.endswith("/edit") else LARGEST.get(path, BODY_BYTES)


def dress(headers: MutableHeaders, path: str, *, versioned: bool = False) -> None:
    """Add to the answer for `path` what every answer carries; a `versioned` file may be kept for ever."""
    is_framed = path.startswith(EMBEDDED) and "content-security-policy" in headers
    for name, value in ALWAYS.items():
        if not (is_framed and name == "x-frame-options"):  # it knows no list of sites
            headers.setdefault(name, value)
    if REQUEST_ID.get():
        headers["x-request-id"] = REQUEST_ID.get()
    headers.setdefault("content-security-policy", POLICY)
    if path.startswith("/static/"):
        headers["cache-control"] = A_YEAR if versioned else "no-cache"
    else:
        headers.setdefault("cache-control", "no-cache")


class Packed(GZipMiddleware):
    """Packs what is sent to whoever takes it, but for pages that hold `secrets`: those of a browser with such a cookie.

    Beside words of a stranger's choice the length of what is packed tells of a form's token. `/metrics` is packed when
    it is made, files are sent as they are.
    """

    def __init__(self, app: ASGIApp, *, secrets: tuple[bytes, ...]) -> None:
        super().__init__(app, minimum_size=PACKED_BYTES, compresslevel=PACKED_LEVEL)
        self._secrets = secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and pack its answer."""
        apart = scope["type"] != "http" or scope["path"].startswith(("/metrics", "/static/"))
        said = b" ".join(value for name, value in scope["headers"] if name == b"cookie")
        if apart or any(name in said for name in self._secrets):
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def framed_by(origins: Iterable[str]) -> str:
    """Return the policy of a page that pages of these origins may show in a frame."""
    return POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(origins)}")


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


class Observer:
    """Gives each request an id, its sender's own if it has one, and counts it by the pattern of its path."""

    def __init__(self, app: ASGIApp, count: Callable[[str, str, int], None]) -> None:
        self._app, self._count = app, count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("x-request-id", "")
        REQUEST_ID.set(said if ID.fullmatch(said) else token_hex(8))

        status = 500  # where nothing is answered before an error, the answer is made outside of this

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._count(method, _pattern(scope), status)


def _pattern(scope: Scope) -> str:
    """Return what all addresses of one page have in common, so that there are no more of them than pages."""
    if scope["path"].startswith("/static/"):
        return "/static/{path}"
    return str(getattr(scope.get("route"), "path", scope.get(FROM_MEMORY, "none")))


V6_PREFIX = 64
"""One household or office has at least so much of IPv6 to itself."""


class TrustedProxies:
    """Plain ASGI around everything: notes whether a trusted proxy connects, and believes its address and scheme."""

    def __init__(self, app: ASGIApp, trusted: Iterable[IPv4Network | IPv6Network]) -> None:
        self._app, self._trusted = app, tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with what is known of where it comes from."""
        if scope["type"] == "http":
            address = (scope.get("client") or ("", 0))[0]
            by_proxy = self._trusts(address)
            state = {**scope.get("state", {}), "by_proxy": by_proxy}
            scope = {**scope, "state": state}
            if by_proxy:
                self._believe(scope, Headers(scope=scope))
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope, headers: Headers) -> None:
        scheme = headers.get("x-forwarded-proto", "").strip().lower()
        if scheme in {"http", "https"}:
            scope["scheme"] = scheme
        named = [one.strip() for line in headers.getlist("x-forwarded-for") for one in line.split(",")]
        for address in reversed(named):
            if _address(address) is None:
                return
            scope["client"] = (address, 0)
            if not self._trusts(address):
                return

    def _trusts(self, said: str) -> bool:
        address = _address(said)
        return address is not None and any(address in network for network in self._trusted)


def by_proxy(request: Request) -> bool:
    """Return whether the connection itself comes from a trusted proxy."""
    return bool(getattr(request.state, "by_proxy", False))


def client_network(request: Request) -> str:
    """Return where a request comes from: an address, of IPv6 the network that one subscriber has."""
    said = request.client.host if request.client else ""
    address = _address(said)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, V6_PREFIX), strict=False))
    return str(address) if address is not None else said


def _address(said: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(said)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
