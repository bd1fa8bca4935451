"""One HTTP request to a stranger: within a deadline, within a size, to a public address, with a reason when it fails.

The exchange runs on its own thread, because neither a name server nor a server that sends one byte a second can be
interrupted otherwise; at the deadline its sockets are shut down and the caller goes on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from targetwatch import __version__
from targetwatch.connectors.base import shown
from targetwatch.connectors.http_reasons import reason_of, status_reason
from targetwatch.connectors.http_transport import HttpCall, session_for
from targetwatch.errors import SourceError
from targetwatch.wording.problems import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.connectors.http_transport import Peers

CHUNK_BYTES = 65_536
NOT_MODIFIED = 304
OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPING_METHOD = frozenset({307, 308})


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
        raise SourceError(f"{shown(ask.url)}: no complete answer within {ask.deadline_seconds:g} s, while {call.doing}")
    result = outcome[0]
    if isinstance(result, HttpAnswer):
        return result
    if isinstance(result, SourceError):
        raise SourceError(f"{shown(ask.url)}: {printable(str(result))}") from result
    if isinstance(result, (requests.RequestException, HTTPError, OSError)):
        raise SourceError(f"{shown(ask.url)}: {reason_of(result, call.doing)}") from result
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
                json=ask.body,
                allow_redirects=False,
                stream=True,
                timeout=call.remaining_seconds(),
                verify=ask.ca_file or True,
            )
            with response:
                if response.status_code not in REDIRECTS:
                    return _answer(response, ask, call)
                url, params = _redirected(response, url, ask.method), {}
        raise SourceError(f"redirects more than {ask.most_redirects} times")


def _refuse_inside(url: str, peers: Peers) -> None:
    """Refuse an address inside the network that the url spells out, before anything is asked of it."""
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return  # a name: checked when it is connected to
    peers.check(host, host)


def _redirected(response: requests.Response, url: str, method: str) -> str:
    """Return where a redirect leads: only to the same host, so that no secret and no trust moves to another."""
    try:
        target = urljoin(url, response.headers.get("Location", ""))
        old, new = urlsplit(url), urlsplit(target)
        known = "Location" in response.headers and new.scheme in {"http", "https"} and bool(new.hostname)
        _ = new.port  # it, too, may be nonsense
    except ValueError:
        known = False
    if not known:
        raise SourceError("redirects to no web address")
    if new.hostname != old.hostname:
        raise SourceError(f"redirects to another host, {new.hostname}; if that is meant, put its address into url")
    if old.scheme == "https" and new.scheme == "http":
        raise SourceError("redirects from https to http, which is not followed")
    if new.port != old.port and not (new.scheme == "https" and new.port in {None, 443}):
        raise SourceError(f"redirects to another port, {shown(target)}; if that is meant, put it into url")
    if method != "GET" and response.status_code not in KEEPING_METHOD:
        raise SourceError(f"answers {method} with a redirect to {shown(target)}, expected that address in url")
    return target


def _answer(response: requests.Response, ask: Ask, call: HttpCall) -> HttpAnswer:
    headers = CaseInsensitiveDict(response.headers)
    if response.status_code == NOT_MODIFIED:
        return HttpAnswer(status=NOT_MODIFIED, headers=headers, body=b"")
    if response.status_code != OK:
        raise SourceError(status_reason(response.status_code, response.reason))
    stated = response.headers.get("Content-Length", "")
    if stated.isdecimal() and int(stated) > ask.most_bytes:
        raise SourceError(f"announces {int(stated):,} bytes, expected at most {ask.most_bytes:,} (max_bytes)")
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        call.doing = f"reading the answer ({len(body):,} bytes so far)"
        if len(body) > ask.most_bytes:
            raise SourceError(f"goes on after {ask.most_bytes:,} bytes, expected at most that (max_bytes)")
    return HttpAnswer(status=OK, headers=headers, body=bytes(body))
