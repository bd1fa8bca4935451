"""What the pages of people show: an account, where it is signed in, its tokens and how to use one, what is wrong."""

from __future__ import annotations

import json
import shlex
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from targetwatch.model import Measure, Role, Scope, Token, User
from targetwatch.store import accounts, keys
from targetwatch.web.running import site_of
from targetwatch.wording.problems import on_page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from targetwatch.model.problem import Problem
    from targetwatch.web.access import Person
    from targetwatch.web.running import RunningService
    from targetwatch.wording.translation import Translator

WAITS = timedelta(minutes=5)
MOST_WAITING = 1000
"""How long a new secret waits to be shown, and how many do."""
PLACE = "$TOKEN"
"""What stands for a token that is not shown: a shell fills it in."""
VALUE = "VALUE"
"""No figure: a made-up one would be entered by whoever tries the command."""


@dataclass(frozen=True, slots=True)
class SignedInView:
    """A browser that is signed in; `here` is the one that asks."""

    handle: str
    since: datetime
    seen: datetime
    until: datetime
    device: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as a row: `state` is "good", "expired" or "revoked"."""

    number: int
    title: str
    scope: Scope
    since: datetime
    until: datetime
    state: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account in full. `user` is None for whoever a proxy vouches for without an account here."""

    name: str
    title: str
    role: Role
    user: User | None
    sessions: tuple[SignedInView, ...] = ()
    tokens: tuple[TokenView, ...] = ()

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Return what a token of this account may be for."""
        return tuple(one for one in Scope if one is not Scope.RECORD or self.role.may(Role.EDITOR))


def own_account(session: Session, who: Person, zone: ZoneInfo, *, now: datetime) -> AccountView:
    """Return the account of whoever asks."""
    assert who.role is not None
    user = accounts.look_up(session, who.name)
    if user is None:
        return AccountView(who.name, who.title, who.role, None)
    return account(session, user, zone, now=now, here=who.session)


def account(session: Session, user: User, zone: ZoneInfo, *, now: datetime, here: str = "") -> AccountView:
    """Return any account; `here` is the handle of the session that asks, if it is its own."""
    sessions = tuple(
        SignedInView(
            one.handle,
            one.created_at.astimezone(zone),
            one.seen_at.astimezone(zone),
            one.expires_at.astimezone(zone),
            one.device,
            one.handle == here,
        )
        for one in keys.signed_in(session, user.name, now=now)
    )
    tokens = tuple(_token(one, zone, now) for one in keys.tokens(session, user.name))
    return AccountView(user.name, user.title, user.role, user, sessions, tokens)


def _token(token: Token, zone: ZoneInfo, now: datetime) -> TokenView:
    state = "revoked" if token.revoked_at is not None else "expired" if token.expires_at <= now else "good"
    return TokenView(
        token.id,
        token.title,
        token.scope,
        token.created_at.astimezone(zone),
        token.expires_at.astimezone(zone),
        state,
    )


@dataclass(slots=True)
class NewSecrets:
    """Passwords and tokens just made, until the page of what they open shows them: once, to whoever had them made.

    They wait in the memory of one process, so that the page is an address of its own and may be loaded again.
    """

    _waiting: OrderedDict[tuple[str, str, str], tuple[str, datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, who: Person, what: str, secret: str, *, now: datetime) -> None:
        """Keep a secret for the page of what it opens, and no other of the same."""
        with self._lock:
            self._waiting.pop((who.name, who.session, what), None)
            self._waiting[who.name, who.session, what] = secret, now + WAITS
            while self._waiting and (len(self._waiting) > MOST_WAITING or next(iter(self._waiting.values()))[1] <= now):
                self._waiting.popitem(last=False)

    def take(self, who: Person, what: str, *, now: datetime) -> str:
        """Return the secret that waits for this person's page, and forget it; "" when none does."""
        with self._lock:
            secret, until = self._waiting.pop((who.name, who.session, what), ("", now))
        return secret if until > now else ""


def new_secrets(request: Request) -> NewSecrets:
    """Return what waits to be shown in this process."""
    found: NewSecrets = request.app.state.new_secrets
    return found


Once = Annotated[NewSecrets, Depends(new_secrets)]


def faults(_: Translator, found: Iterable[Problem]) -> dict[str, str]:
    """Return what is wrong with a name and a title, by field."""
    return {"name" if one.where == "user" else one.where: on_page(one, _) for one in found}


def password_faults(_: Translator, new: str, again: str, *, name: str, field: str) -> dict[str, str]:
    """Return what is wrong with a password that somebody chooses and types twice, by field."""
    weak = [one for one in accounts.faults(name=name, password=new) if one.where == "password"]
    errors = {field: on_page(weak[-1], _)} if weak else {}
    return errors if new == again else errors | {f"{field}_again": _("The two are not the same.")}


def token_examples(
    service: RunningService, request: Request, view: AccountView, made: str
) -> tuple[tuple[str, str], ...]:
    """Return (use, command) of what an account's token is good for, or what the one just `made` is."""
    site = site_of(request, service)
    header = f'"Authorization: Bearer {made or PLACE}"'
    read = ("read", f"curl {shlex.quote(f'{site}/api/v1/targets')} \\\n  -H {header}")
    scopes = (view.tokens[0].scope,) if made and view.tokens else view.scopes
    if scopes == (Scope.FEED,):
        return (("feed", f"curl {shlex.quote(f'{site}/feeds/status.atom?token={made}')}"),)
    if Scope.RECORD not in scopes:
        return (read,)
    entry = shlex.quote(json.dumps(_entry(service), ensure_ascii=False))
    address = shlex.quote(f"{site}/api/v1/readings")
    body = f"  -H 'Content-Type: application/json' \\\n  -d {entry}"
    return (read, ("record", f"curl {address} \\\n  -H {header} \\\n{body}"))


def _entry(service: RunningService) -> dict[str, str]:
    """Return a figure such as is entered here: of the first indicator that adds up."""
    catalogue = service.holder.current.catalogue if service.holder.current else None
    found = (
        [one for one in catalogue.indicators if one.measure is Measure.FLOW and not one.derivation] if catalogue else []
    )
    return {
        "indicator": found[0].id if found else "INDICATOR",
        "value": VALUE,
        "period": "2025-01..2025-06",
        "basis": "year_to_date",
        "published_on": "2025-07-17",
    }
