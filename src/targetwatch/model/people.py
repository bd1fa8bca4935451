"""Who may do what: a person with an account, their role, and a program's token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    """What a token's bearer may do: read the API, or enter readings too."""

    READ = "read"
    RECORD = "record"


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
