"""Who answers for a change, as the trail writes it: "web:sun", "cli:li", "ingest:customs", "api:li/3", "oidc:li".

A program of ours that nobody asked by name stands there by one word: "reload".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PROGRAMS = frozenset({"service", "serve", "reload", "api", "upgrade"})


class Way(StrEnum):
    """How a change came about: what stands before the name."""

    WEB = "web"
    CLI = "cli"
    INGEST = "ingest"
    API = "api"
    OIDC = "oidc"

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


def parsed(said: str) -> Actor | None:
    """Return an actor taken apart; None for what has no way we know, or no name.

    >>> parsed("api:li/3"), parsed("reload")
    (Actor(way=<Way.API: 'api'>, name='li', token=3), None)
    """
    way, _, name = said.partition(":")
    if way not in set(Way) or not name:
        return None
    account, slash, number = name.rpartition("/")
    if way == Way.API and slash and account and number.isascii() and number.isdigit():
        return Actor(Way.API, account, int(number))
    return Actor(Way(way), name)
