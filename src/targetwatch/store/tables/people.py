"""The tables of people: accounts, what is signed in, and tokens for programs.

A password is kept as its argon2 hash, the secret of a session or a token as its SHA-256 (it is 256 random bits, so
nothing has to slow a guess down). None of them enters the audit trail.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from targetwatch.store.tables.base import Row
from targetwatch.store.tables.records import Record


class UserRow(Row, table=True):
    """A person who may sign in. Nobody is deleted: the audit trail names them."""

    __tablename__ = "account"
    secrets: ClassVar[frozenset[str]] = frozenset({"password_hash"})

    name: str = Field(primary_key=True)
    title: str
    role: str
    password_hash: str
    one_time: bool = False
    subject: str | None = Field(default=None, unique=True)
    created_at: datetime
    disabled_at: datetime | None = None


class TokenRow(Row, table=True):
    """A program's key to the API."""

    __tablename__ = "token"
    secrets: ClassVar[frozenset[str]] = frozenset({"secret_hash"})

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account: str = Field(foreign_key="account.name", index=True)
    title: str
    scope: str
    secret_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class SessionRow(Record, table=True):
    """A browser that is signed in; the row goes when it signs out or is not heard of any more."""

    __tablename__ = "web_session"

    secret_hash: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.name", index=True)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
