"""One HTTP request to a stranger: within a deadline, within a size, to a public address, with a reason when it fails.

The exchange runs on its own thread, because neither a name server nor a server that sends one byte a second can be
interrupted otherwise; at the deadline its sockets are shut down and the caller goes on.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from targetwatch import __version__
from targetwatch.connectors.base import RequestOptions, shown
from targetwatch.connectors.http_transport import HttpCall, Peers, allowed_peers, reason_of, session_for, status_reason
from targetwatch.errors import SourceError
from targetwatch.model.problem import Problem

CHUNK_BYTES = 65_536
NOT_MODIFIED = 304
OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPING_METHOD = frozenset({307, 308})
SHORTEST_SECONDS = 0.001
_TURNS: dict[str, Lock] = {}
"""One document at a time from each host: nobody likes to be asked by many voices at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to ask, and how much patience to have."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: object = field(default=None, repr=False)
    deadline_seconds: float
    most_bytes: int
    retries: int
    most_redirects: int
    peers: Peers
    ca_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A complete answer; `body` is empty when the source says it has not changed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def unchanged(self) -> bool:
        """Return whether the source says that nothing changed since the last fetch."""
        return self.status == NOT_MODIFIED


def asked(
    options: RequestOptions,
    config_dir: Path,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str],
    body: object = None,
    until: float | None = None,
) -> HttpAnswer:
    """Return the complete answer to what the options ask; `until` is when `time.monotonic` ends several together.

    Raises:
        SourceError: there is none, with the reason; at the latest at the deadline.
    """
    ca_file = config_dir / options.ca_file if options.ca_file else None
    if ca_file and not ca_file.is_file():
        values = {"said": options.ca_file, "folder": str(config_dir.absolute())}
        raise SourceError(Problem("no_such_file", values, where="ca_file"))
    seconds = options.deadline_seconds if until is None else max(until - time.monotonic(), SHORTEST_SECONDS)
    ask = Ask(
        url=options.url,
        method=options.method,
        headers=headers,
        params=params,
        body=body,
        deadline_seconds=seconds,
        most_bytes=options.max_bytes,
        retries=options.retries,
        most_redirects=options.max_redirects,
        peers=allowed_peers(options.allow_private),
        ca_file=str(ca_file) if ca_file else None,
    )
    return exchange(ask)


@contextmanager
def turn_at(url: str, until: float) -> Iterator[None]:
    """Wait for the turn at the host of `url`; SourceError when it has not come by `until`."""
    host = urlsplit(url).netloc
    turn = _TURNS.setdefault(host, Lock())
    if not turn.acquire(timeout=max(until - time.monotonic(), 0)):
        raise SourceError(Problem("host_busy", {"host": host}, file=shown(url)))
    try:
        yield
    finally:
        turn.release()


def exchange(ask: Ask) -> HttpAnswer:
    """Return the complete answer to `ask`, or raise `SourceError` with the reason, at the latest at its deadline."""
    call = HttpCall(deadline=time.monotonic() + ask.deadline_seconds, seconds=ask.deadline_seconds, peers=ask.peers)
    outcome: list[HttpAnswer | BaseException] = []
    finished = Event()

    def work() -> None:
        try:
            outcome.append(_ask(ask, call))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the caller waits
            outcome.append(error)
        finally:
            finished.set()

    Thread(target=work, name=f"fetch {shown(ask.url)}", daemon=True).start()
    if not finished.wait(ask.deadline_seconds):
        call.abort()
        late = Problem("no_answer_in_time", {"seconds": f"{ask.deadline_seconds:g}", "doing": call.doing})
        raise SourceError(late.at(file=shown(ask.url)))
    result = outcome[0]
    if isinstance(result, HttpAnswer):
        return result
    if isinstance(result, SourceError):
        raise SourceError(*(problem.at(file=shown(ask.url)) for problem in result.problems)) from result
    if isinstance(result, (requests.RequestException, HTTPError, OSError)):
        raise SourceError(reason_of(result, call.doing).at(file=shown(ask.url))) from result
    raise result


def _ask(ask: Ask, call: HttpCall) -> HttpAnswer:
    """Follow redirects within the same host until there is an answer."""
    url, params = ask.url, ask.params
    with session_for(call, ask.retries) as session:
        for _ in range(ask.most_redirects + 1):
            _refuse_inside(url, ask.peers)
            response = session.request(
                ask.method,
                url,
                headers={"User-Agent": f"targetwatch/{__version__}", "Accept-Encoding": "gzip", **ask.headers},
                params=params,
                **({"data": ask.body} if isinstance(ask.body, bytes) else {"json": ask.body}),
                allow_redirects=False,
                stream=True,
                timeout=call.remaining_seconds(),
                verify=ask.ca_file or True,
            )
            with response:
                if response.status_code not in REDIRECTS:
                    return _answer(response, ask, call)
                url, params = _redirected(response, url, ask.method), {}
        raise SourceError("redirects_too_often", most=ask.most_redirects)


def _refuse_inside(url: str, peers: Peers) -> None:
    """Refuse an address inside the network that the url spells out, or its name leads to, before connecting to it."""
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        found = []
        with suppress(OSError, UnicodeError):  # said when it is connected to, where the peer is checked once more
            found = [str(address[0]) for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        peers.check_all(found, host)
        return
    peers.check(host, host)


def _redirected(response: requests.Response, url: str, method: str) -> str:
    """Return where a redirect leads."""
    if "Location" not in response.headers:
        raise SourceError("redirects_nowhere")
    target = led_to(response.headers["Location"], url)
    if method != "GET" and response.status_code not in KEEPING_METHOD:
        raise SourceError("redirects_other_method", method=method, address=shown(target))
    return target


def led_to(target: str, url: str) -> str:
    """Return where a source leads on from `url`: only to the same host, so that no secret and no trust moves away.

    Raises:
        SourceError: it leads to another host or port, out of https, or nowhere.
    """
    try:
        target = urljoin(url, target)
        old, new = urlsplit(url), urlsplit(target)
        known = new.scheme in {"http", "https"} and bool(new.hostname)
        _ = new.port  # it, too, may be nonsense
    except ValueError:
        known = False
    if not known:
        raise SourceError("redirects_nowhere")
    if new.hostname != old.hostname:
        raise SourceError("redirects_to_another_host", host=new.hostname)
    if old.scheme == "https" and new.scheme == "http":
        raise SourceError("redirects_to_http")
    if new.port != old.port and not (new.scheme == "https" and new.port in {None, 443}):
        raise SourceError("redirects_to_another_port", address=shown(target))
    return target


def _answer(response: requests.Response, ask: Ask, call: HttpCall) -> HttpAnswer:
    headers = CaseInsensitiveDict(response.headers)
    if response.status_code == NOT_MODIFIED:
        return HttpAnswer(status=NOT_MODIFIED, headers=headers, body=b"")
    if response.status_code != OK:
        raise SourceError(status_reason(response.status_code, response.reason))
    stated = response.headers.get("Content-Length", "")
    if stated.isdecimal() and int(stated) > ask.most_bytes:
        raise SourceError("announces_too_much", count=Decimal(stated), most=Decimal(ask.most_bytes))
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        call.doing = Problem("reading_the_answer", {"count": Decimal(len(body))})
        if len(body) > ask.most_bytes:
            raise SourceError("goes_on_too_long", most=Decimal(ask.most_bytes))
    return HttpAnswer(status=OK, headers=headers, body=bytes(body))
