"""Who is at the other end of the connection, and for whom a trusted proxy there says it speaks.

What a proxy adds to a request is believed only when the connection comes from one of the configured addresses; nobody
else can write themselves another address, or a name, by sending the same headers.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

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
