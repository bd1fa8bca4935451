"""The sockets of one call: checked as soon as they are connected, shut down when it is given up, and why it failed.

Retries and their pauses are urllib3's; this adds the deadline they have to keep. Whether an address may answer is asked
of the peer that was connected to, so a name that resolves differently the second time gains nothing. The libraries' own
texts are not used: they repeat the whole address, key and all.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Retry
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HeaderParsingError,
    InvalidHeader,
    NameResolutionError,
    ReadTimeoutError,
)

from targetwatch.errors import SourceError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from urllib3.response import BaseHTTPResponse

RETRIED = (429, 500, 502, 503, 504)
BACKOFF_SECONDS = 0.5
OVERTIME_SECONDS = 1.0
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 addresses behind NAT64 carry the IPv4 address in their last four bytes."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The addresses, networks and host names that may be private."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    def check(self, address: str, host: str) -> None:
        """Refuse a peer inside the network that nobody allowed."""
        peer = _real(ip_address(address.partition("%")[0]))
        if not peer.is_global and not self.name(peer, host):
            raise SourceError("inside_network", host=host, peer=str(peer))

    def check_all(self, addresses: Iterable[str], host: str) -> None:
        """Refuse a name of which any address is inside the network, unless one of them is named here."""
        if not any(self.name(_real(ip_address(one.partition("%")[0])), host) for one in addresses):
            for one in addresses:
                self.check(one, host)

    def name(self, peer: IPv4Address | IPv6Address, host: str) -> bool:
        """Return whether somebody has allowed it."""
        return host.casefold() in self.hosts or any(peer in network for network in self.networks)


def allowed_peers(allowed: Iterable[str]) -> Peers:
    """Return the peers that a list such as ("10.1.2.0/24", "statistics.internal") allows."""
    networks, hosts = [], set()
    for entry in allowed:
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            hosts.add(entry.casefold())
    return Peers(tuple(networks), frozenset(hosts))


def _real(peer: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside an IPv6 one that only wraps it."""
    if isinstance(peer, IPv4Address):
        return peer
    if peer in _TRANSLATED:
        return IPv4Address(peer.packed[-4:])
    return peer.ipv4_mapped or peer.sixtofour or peer


class HttpCall:
    """One call: its deadline, what it is doing, the trouble it last had, and the sockets it has open."""

    def __init__(self, *, deadline: float, seconds: float, peers: Peers) -> None:
        self.deadline, self.seconds, self.peers = deadline, seconds, peers
        self.doing = Problem("trying_to_connect")
        self.trouble: Problem | None = None
        self._given_up = Event()
        self._lock = Lock()
        self._sockets: list[socket.socket] = []

    def remaining_seconds(self) -> float:
        """Return how long one operation may take: a little longer than the call, whose own end has the better words."""
        return max(0.0, self.deadline - time.monotonic()) + OVERTIME_SECONDS

    def connected(self, sock: socket.socket, host: str) -> None:
        """Take note of a new connection; refuse it when it leads inside the network, or comes too late."""
        self.doing = Problem("waiting_for_answer", {"host": host})
        self.peers.check(sock.getpeername()[0], host)
        with self._lock:
            if self._given_up.is_set():
                raise SourceError("given_up")
            self._sockets.append(sock.dup())  # TLS takes the socket over; its duplicate still reaches the connection

    def pause(self, seconds: float, why: Problem) -> None:
        """Wait before another attempt, or refuse when the deadline would pass."""
        if seconds >= self.deadline - time.monotonic():
            raise SourceError("next_attempt_too_late", why=why, seconds=f"{self.seconds:g}")
        self.doing = Problem("waiting_to_ask_again", {"why": why})
        if self._given_up.wait(seconds):
            raise SourceError("given_up")

    def abort(self) -> None:
        """Give the call up, so that whoever reads from one of its connections returns at once."""
        self._given_up.set()
        self.close()

    def close(self) -> None:
        """Shut down every connection; urllib3 would do so when it is garbage-collected, which may be late."""
        with self._lock:
            while self._sockets:
                with self._sockets.pop() as sock, suppress(OSError):  # it may be closed already
                    sock.shutdown(socket.SHUT_RDWR)


class _Session(requests.Session):
    """A session that reads no environment (proxies, netrc), follows nothing, and ends its call when it is closed."""

    def __init__(self, call: HttpCall) -> None:
        super().__init__()
        self.trust_env = False
        self._call = call

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests' own signature
        return None  # requests would read it even when told not to follow, and fail on nonsense

    def close(self) -> None:
        super().close()
        self._call.close()


def session_for(call: HttpCall, retries: int) -> requests.Session:
    """Return a session whose connections are those of `call`."""
    session = _Session(call)
    adapter = _Adapter(call, retries)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _Retry(Retry):
    """urllib3's retries, pausing only as long as the deadline allows."""

    call: HttpCall

    def new(self, **changes: Any) -> Self:  # noqa: ANN401 - urllib3's own signature
        retry = super().new(**changes)
        retry.call = self.call
        return retry

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        *rest: Any,  # noqa: ANN401 - urllib3's own signature
        **more: Any,  # noqa: ANN401 - likewise
    ) -> Self:
        self.call.trouble = reason_of(error, self.call.doing) if error else None
        return super().increment(method, url, response, error, *rest, **more)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        if response is None:
            self.call.pause(self.get_backoff_time(), self.call.trouble or Problem("connection_broken"))
            return
        status = f"{response.status} {response.reason or ''}".strip()
        try:
            asked = self.get_retry_after(response)
        except InvalidHeader:
            asked = None
        why = Problem("answers_and_asks_to_wait", {"status": status, "seconds": f"{asked:,.0f}"}) if asked else None
        self.call.pause(asked or self.get_backoff_time(), why or Problem("answers", {"status": status}))


class _Adapter(HTTPAdapter):
    def __init__(self, call: HttpCall, retries: int) -> None:
        self._call = call
        retry = _Retry(
            total=retries,
            status_forcelist=RETRIED,
            allowed_methods=None,
            backoff_factor=BACKOFF_SECONDS,
            raise_on_status=False,
        )
        retry.call = call
        super().__init__(max_retries=retry)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:  # noqa: ANN401, FBT001, FBT002 - requests' own signature
        call = self._call

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                sock = super()._new_conn()
                return _noted(sock, self.host, call)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                sock = super()._new_conn()
                return _noted(sock, self.host, call)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _noted(sock: socket.socket, host: str, call: HttpCall) -> socket.socket:
    try:
        call.connected(sock, host)
    except BaseException:
        sock.close()
        raise
    return sock


def _broken_off(cause: IncompleteRead) -> Problem:
    read = Decimal(cause.partial if isinstance(cause.partial, int) else len(cause.partial))
    if cause.expected:
        return Problem("broken_off_before_the_end", {"count": read, "more": Decimal(cause.expected)})
    return Problem("broken_off_after", {"count": read})


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str | Callable[[Any], Problem]], ...] = (
    ((NameResolutionError,), "name_not_found"),
    ((ssl.SSLCertVerificationError,), lambda cause: Problem("certificate_refused", {"why": cause.verify_message})),
    ((ssl.SSLError,), lambda cause: Problem("no_secure_connection", {"why": cause.reason or "TLS failed"})),
    ((IncompleteRead,), _broken_off),
    ((requests.exceptions.ChunkedEncodingError,), "broken_off_within"),
    ((DecodeError,), "compressed_data_damaged"),
    ((ConnectionRefusedError,), "connection_refused"),
    ((ConnectionResetError, BrokenPipeError), "connection_broken"),
    ((ConnectTimeoutError, ReadTimeoutError, TimeoutError), "answers_too_late"),
    ((HTTPException, HeaderParsingError, InvalidHeader), "answers_not_in_http"),
    ((requests.exceptions.InvalidHeader,), "header_impossible"),
)
"""The first that matches anywhere in the chain of causes decides."""

_MEANT = frozenset({401, 403, 404, 410, 429})
"""Statuses that have a sentence of their own."""
SERVER_ERROR = 500


def status_reason(status: int, phrase: str | None) -> Problem:
    """Return what a status other than 200 means."""
    known = HTTPStatus(status).phrase if status in set(HTTPStatus) else (phrase or "")
    code = f"answers_{status}" if status in _MEANT else "answers_other"
    return Problem("answers_server_error" if status >= SERVER_ERROR else code, {"status": f"{status} {known}"})


def reason_of(error: BaseException, doing: Problem) -> Problem:
    """Return why the exchange broke while it was `doing` something, from whatever lies at the bottom of `error`."""
    causes = list(_causes(error))
    for kinds, reason in _REASONS:
        for cause in causes:
            if isinstance(cause, kinds):
                return Problem(reason) if isinstance(reason, str) else reason(cause)
    return Problem("failed_while", {"doing": doing, "kind": type(causes[-1]).__name__})


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give `error` and what caused it, outermost last, however the libraries have wrapped it."""
    chain: list[BaseException] = []
    pending: list[BaseException] = [error]
    while pending:
        one = pending.pop()
        if one in chain:
            continue
        chain.append(one)
        nested = [one.__cause__, one.__context__, getattr(one, "reason", None), *getattr(one, "args", ())]
        pending.extend(inner for inner in nested if isinstance(inner, BaseException))
    yield from reversed(chain)
