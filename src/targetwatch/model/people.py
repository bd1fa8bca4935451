"""Who may do what, and who did: a person with an account, their role, a program's token, whoever answers for a change.

An actor is written "web:sun", "cli:li", "ingest:customs", "api:li/3", "oidc:li"; a program of ours that nobody asked by
name stands there by one word: "reload".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PROGRAMS = frozenset({"service", "serve", "reload", "api", "upgrade"})


class Role(StrEnum):
    """What a person may do; each may do all that the one before may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        """Return whether this role may do what `needed` may.

        >>> Role.EDITOR.may(Role.VIEWER), Role.EDITOR.may(Role.ADMIN)
        (True, False)
        """
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Scope(StrEnum):
    """What a token's bearer may do: read the API, enter readings too, or nothing but what stands in an address."""

    READ = "read"
    RECORD = "record"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with an account. `name` is what they sign in with and what the audit trail calls them ("web:sun").

    `subject` is who they are to the issuer that vouches for them; None: they sign in with a password. A `one_time`
    password is good for choosing another.
    """

    name: str
    title: str = ""
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None
    subject: str | None = None
    one_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's key to the API: whose it is, what it may do, until when. The secret itself is kept by nobody."""

    id: int
    account: str
    title: str
    scope: Scope
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class Way(StrEnum):
    """How a change came about: what stands before the name."""

    WEB = "web"
    CLI = "cli"
    INGEST = "ingest"
    API = "api"
    OIDC = "oidc"
    MAIL = "mail"

    def by(self, name: str) -> str:
        """Return the actor of that name.

        >>> Way.WEB.by("sun")
        'web:sun'
        """
        return f"{self}:{name}"


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor taken apart; `token` is the number of the token it came by, None for none."""

    way: Way
    name: str
    token: int | None = None


def actor_of(said: str) -> Actor | None:
    """Return an actor taken apart; None for what has no way we know, or no name.

    >>> actor_of("api:li/3"), actor_of("reload")
    (Actor(way=<Way.API: 'api'>, name='li', token=3), None)
    """
    way, _, name = said.partition(":")
    if way not in set(Way) or not name:
        return None
    account, slash, number = name.rpartition("/")
    if way == Way.API and slash and account and number.isascii() and number.isdigit():
        return Actor(Way.API, account, int(number))
    return Actor(Way(way), name)
