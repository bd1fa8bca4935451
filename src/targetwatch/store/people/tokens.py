"""Tokens: a program's key to the API, shown once, kept as a hash, with a scope and an end."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import NotFoundError, UsageError
from targetwatch.model import Role, Scope, Token
from targetwatch.store.db import next_id
from targetwatch.store.people.faults import LONGEST_TITLE, is_line
from targetwatch.store.people.sessions import SECRET_BYTES, hashed
from targetwatch.store.tables import TokenRow, UserRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

PREFIX = "twt_"
"""What every token begins with, so that a scanner for leaked secrets knows one when it sees it."""


LONGEST = timedelta(days=366)


def issue(
    session: Session, name: str, *, title: str, scope: Scope, expires_at: datetime, now: datetime
) -> tuple[Token, str]:
    """Make a token for an account, and return it with its secret, which nobody can show again.

    UsageError with every reason at once; NotFoundError when there is no such account.
    """
    account = session.get(UserRow, name)
    if account is None:
        raise NotFoundError("user", name)
    if wrong := _wrong(account, title.strip(), scope, lasting=expires_at - now):
        raise UsageError("\n".join(wrong))
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
    """Return the token a secret is; None when it is none, is over, is revoked, or its account is disabled.

    A token may never do more than its account: one that records only reads once the account may no longer edit.
    """
    row = session.scalars(select(TokenRow).where(col(TokenRow.secret_hash) == hashed(secret))).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    account = session.get(UserRow, row.account)
    if account is None or account.disabled_at is not None:
        return None
    token = _token_of(row)
    return token if Role(account.role).may(Role.EDITOR) else replace(token, scope=Scope.READ)


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


def titles(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """Return what some tokens are for, by their number; those that there are not are left out."""
    found = (session.get(TokenRow, number) for number in set(numbers))
    return {row.id: row.title for row in found if row is not None}


def _wrong(account: UserRow, title: str, scope: Scope, *, lasting: timedelta) -> list[str]:
    wrong = []
    if account.disabled_at is not None:
        wrong.append(f"user '{account.name}': is disabled, expected an account that is not")
    if not title:
        wrong.append("token: has no title, expected what it is for, such as 'monthly import'")
    if not is_line(title):
        wrong.append(f"token: the title cannot be used, expected one line of at most {LONGEST_TITLE} characters")
    if not timedelta(0) < lasting <= LONGEST:
        wrong.append(f"token: would last {lasting.days} days, expected 1 to {LONGEST.days}")
    if scope is Scope.RECORD and not Role(account.role).may(Role.EDITOR):
        wrong.append(f"user '{account.name}': is {account.role}, expected editor or more for a token that records")
    return wrong


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
