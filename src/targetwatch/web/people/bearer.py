"""Programs and their tokens: `Authorization: Bearer`, for reading the API and the metrics, or for recording too.

A token opens nothing else: no page, no account, no form knows it.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from targetwatch.errors import StoreError
from targetwatch.model import Scope
from targetwatch.store import db, people
from targetwatch.store.audit.actors import Way
from targetwatch.web import access
from targetwatch.web.access import NEEDS, NotAllowedError, SignInNeededError
from targetwatch.web.backstage import behind

if TYPE_CHECKING:
    from targetwatch.web.backstage import Backstage

MOST_REMEMBERED = 1000
EXPECTED = "expected the header 'Authorization: Bearer TOKEN' with a token"
SETTING = "api"
"""Who the one token of the settings is, in the audit trail."""


@dataclass(frozen=True, slots=True)
class Program:
    """Whoever brings a token: the name its changes stand under, and what it may do until when."""

    actor: str
    scope: Scope
    until: datetime | None = None


@dataclass(slots=True)
class Remembered:
    """Tokens seen to be good, so that the metrics are still told while the database that knows them is away."""

    _good: OrderedDict[str, Program] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, secret: str, found: Program | None) -> None:
        """Keep what a token was found to be; None forgets it."""
        key = hashlib.sha256(secret.encode()).hexdigest()
        with self._lock:
            self._good.pop(key, None)
            if found is not None:
                self._good[key] = found
            while len(self._good) > MOST_REMEMBERED:
                self._good.popitem(last=False)

    def last(self, secret: str, *, now: datetime) -> Program | None:
        """Return what a token was last found to be, when it has not expired since."""
        with self._lock:
            found = self._good.get(hashlib.sha256(secret.encode()).hexdigest())
        return found if found is not None and (found.until is None or found.until > now) else None


def unless_public(setting: str) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency of what programs read: a token or somebody signed in, where the setting asks for one."""

    async def allowed(request: Request) -> None:
        if not getattr(behind(request).settings, setting):
            await run_in_threadpool(_may_read, request)

    NEEDS[allowed] = setting
    return allowed


def recorder(request: Request) -> Program:
    """Return the program that may enter readings.

    Raises:
        SignInNeededError: it brings no token, or none that is good.
        NotAllowedError: its token may only read.
    """
    found = program(request)
    if found is None:
        raise SignInNeededError(f"{EXPECTED} that may record")
    if found.scope is not Scope.RECORD:
        raise NotAllowedError("token", found.scope, Scope.RECORD)
    return found


def program(request: Request) -> Program | None:
    """Return the program a request comes from; None when it brings no token that is good."""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    secret = said.strip()
    if scheme.lower() != "bearer" or not secret:
        return None
    service = behind(request)
    token = service.settings.api_token
    wanted = token.get_secret_value() if token is not None else ""
    if wanted and hmac.compare_digest(secret.encode(), wanted.encode()):
        return Program(SETTING, Scope.RECORD)
    return _stored(request, service, secret)


def _stored(request: Request, service: Backstage, secret: str) -> Program | None:
    remembered: Remembered = request.app.state.remembered
    now = service.now()
    try:
        with db.reading(service.engine) as session:
            token = people.bearer(session, secret, now=now)
    except StoreError:
        if (last := remembered.last(secret, now=now)) is None:
            raise
        return last
    found = (
        Program(Way.API.by(f"{token.account}/{token.id}"), token.scope, token.expires_at) if token is not None else None
    )
    remembered.keep(secret, found)
    return found


def _may_read(request: Request) -> None:
    if program(request) is None and access.person(request, behind(request)).role is None:
        raise SignInNeededError(f"{EXPECTED} that may read")
