"""What the pages of people show: an account, where it is signed in, its tokens; times as they are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.model import Role, Scope
from targetwatch.store import people

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from targetwatch.model import Token, User
    from targetwatch.web.access import Person


@dataclass(frozen=True, slots=True)
class SignedInView:
    """A browser that is signed in; `here` is the one that asks."""

    handle: str
    since: datetime
    seen: datetime
    until: datetime
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
        return tuple(Scope) if self.role.may(Role.EDITOR) else (Scope.READ,)


def of(session: Session, who: Person, zone: ZoneInfo, *, now: datetime) -> AccountView:
    """Return the account of whoever asks."""
    assert who.role is not None
    user = people.look_up(session, who.name)
    if user is None:
        return AccountView(who.name, who.title, who.role, None)
    return of_user(session, user, zone, now=now, here=who.session)


def of_user(session: Session, user: User, zone: ZoneInfo, *, now: datetime, here: str = "") -> AccountView:
    """Return any account; `here` is the handle of the session that asks, if it is its own."""
    sessions = tuple(
        SignedInView(
            one.handle,
            one.created_at.astimezone(zone),
            one.seen_at.astimezone(zone),
            one.expires_at.astimezone(zone),
            one.handle == here,
        )
        for one in people.signed_in(session, user.name, now=now)
    )
    tokens = tuple(_token(one, zone, now) for one in people.tokens(session, user.name))
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
