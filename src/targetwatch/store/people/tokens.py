"""Tokens: a program's key to the API, shown once, kept as a hash, with a scope and an end."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import NotFoundError, UsageError
from targetwatch.model import Scope, Token
from targetwatch.store.db import next_id
from targetwatch.store.people.sessions import SECRET_BYTES, hashed
from targetwatch.store.tables import TokenRow, UserRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

PREFIX = "twt_"
"""What every token begins with, so that a scanner for leaked secrets knows one when it sees it."""


def issue(
    session: Session, name: str, *, title: str, scope: Scope, expires_at: datetime, now: datetime
) -> tuple[Token, str]:
    """Make a token for an account, and return it with its secret, which nobody can show again."""
    if not title.strip():
        raise UsageError("token: has no title, expected what it is for, such as 'monthly import'")
    if expires_at <= now:
        raise UsageError(f"token '{title.strip()}': would have expired by {expires_at:%Y-%m-%d}, expected a later day")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = TokenRow.model_validate(
        {
            "id": next_id(session, col(TokenRow.id)),
            "account": name,
            "title": title.strip(),
            "scope": scope.value,
            "secret_hash": hashed(secret),
            "created_at": now,
            "expires_at": expires_at,
            "revoked_at": None,
        }
    )
    session.add(row)
    session.flush()
    return _token_of(row), secret


def bearer(session: Session, secret: str, *, now: datetime) -> Token | None:
    """Return the token a secret is; None when it is none, is over, is revoked, or its account is disabled."""
    row = session.scalars(select(TokenRow).where(col(TokenRow.secret_hash) == hashed(secret))).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    account = session.get(UserRow, row.account)
    return _token_of(row) if account is not None and account.disabled_at is None else None


def revoke(session: Session, number: int, *, now: datetime) -> None:
    """End a token at once; NotFoundError when there is none of that number."""
    row = session.get(TokenRow, number)
    if row is None:
        raise NotFoundError("token", str(number))
    if row.revoked_at is None:
        row.revoked_at = now


def tokens(session: Session, name: str | None = None) -> tuple[Token, ...]:
    """Return the tokens of one account or of all, newest first, ended ones included."""
    query = select(TokenRow).order_by(col(TokenRow.id).desc())
    rows = session.scalars(query if name is None else query.where(col(TokenRow.account) == name))
    return tuple(_token_of(row) for row in rows)


def _token_of(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        account=row.account,
        title=row.title,
        scope=Scope(row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
