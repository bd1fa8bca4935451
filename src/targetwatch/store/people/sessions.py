"""Browsers that are signed in: a secret in their cookie, its hash here, an end when they fall silent."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from targetwatch.model import Role, User
from targetwatch.store.tables import SessionRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SECRET_BYTES = 32
IDLE = timedelta(hours=2)
"""A browser not heard of for so long is signed out."""
NOTED_EVERY = timedelta(minutes=5)
"""How often it is written down that a browser was heard of: a page is not to wait for a writer."""


HANDLE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """One browser that is signed in. `handle` names it without opening it: the beginning of its secret's hash."""

    handle: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def begin(session: Session, name: str, *, now: datetime, lifetime: timedelta) -> str:
    """Sign a browser in, and return the secret of its cookie. Sessions that are over are cleared away."""
    over = (col(SessionRow.expires_at) <= now) | (col(SessionRow.seen_at) <= now - IDLE)
    for ended in session.scalars(select(SessionRow).where(over)):
        session.delete(ended)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = {"secret_hash": hashed(secret), "account": name, "created_at": now, "seen_at": now}
    session.add(SessionRow.model_validate({**row, "expires_at": now + lifetime}))
    session.flush()
    return secret


def find(session: Session, secret: str, *, now: datetime) -> tuple[User, bool] | None:
    """Return whose browser a secret is, and whether it is time to note it was seen; None when it is signed out."""
    row = session.get(SessionRow, hashed(secret))
    if row is None or row.expires_at <= now or row.seen_at <= now - IDLE:
        return None
    user = session.get(UserRow, row.account)
    if user is None or user.disabled_at is not None:
        return None
    found = User(
        name=user.name, title=user.title, role=Role(user.role), created_at=user.created_at, subject=user.subject
    )
    return found, row.seen_at <= now - NOTED_EVERY


def note(session: Session, secret: str, *, now: datetime) -> None:
    """Write down that a browser was heard of."""
    row = session.get(SessionRow, hashed(secret))
    if row is not None:
        row.seen_at = now


def end(session: Session, secret: str) -> None:
    """Sign a browser out."""
    row = session.get(SessionRow, hashed(secret))
    if row is not None:
        session.delete(row)


def end_all(session: Session, name: str) -> None:
    """Sign every browser of an account out."""
    for row in _of(session, name):
        session.delete(row)


def end_one(session: Session, name: str, handle: str) -> bool:
    """Sign one browser of an account out by its handle; False when there is none of that handle (any more)."""
    found = [row for row in _of(session, name) if row.secret_hash[:HANDLE] == handle]
    for row in found:
        session.delete(row)
    return bool(found)


def signed_in(session: Session, name: str, *, now: datetime) -> tuple[SignedIn, ...]:
    """Return where an account is signed in, the last heard of first."""
    rows = [row for row in _of(session, name) if row.expires_at > now and row.seen_at > now - IDLE]
    return tuple(
        SignedIn(
            handle=handle_of(row.secret_hash),
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=min(row.expires_at, row.seen_at + IDLE),
        )
        for row in sorted(rows, key=lambda row: row.seen_at, reverse=True)
    )


def handle_of(secret_hash: str) -> str:
    """Return the handle of a session by the hash of its secret."""
    return secret_hash[:HANDLE]


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _of(session: Session, name: str) -> list[SessionRow]:
    return list(session.scalars(select(SessionRow).where(col(SessionRow.account) == name)))
