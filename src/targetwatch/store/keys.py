"""What opens an account without its password: a browser's session and a program's token.

Both are secrets of which only the hash is kept. A browser falls silent and is signed out; a token is shown once, with a
scope and an end.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import category

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import NotFoundError, UsageError
from targetwatch.model import Role, Scope, Token, User
from targetwatch.model.problem import Problem
from targetwatch.store.db import next_id
from targetwatch.store.tables import SessionRow, TokenRow, UserRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

SECRET_BYTES = 32
IDLE = timedelta(hours=2)
"""A browser not heard of for so long is signed out."""
NOTED_EVERY = timedelta(minutes=5)
"""How often it is written down that a browser was heard of: a page is not to wait for a writer."""
HANDLE = 16
PREFIX = "twt_"
"""What every token begins with, so that a scanner for leaked secrets knows one when it sees it."""
LONGEST = timedelta(days=366)
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """One browser that is signed in. `handle` names it without opening it: the beginning of its secret's hash.

    `device` is its browser and system; None when neither is known.
    """

    handle: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str | None


def begin(session: Session, name: str, *, now: datetime, lifetime: timedelta, device: str | None = None) -> str:
    """Sign a browser in, and return the secret of its cookie. Sessions that are over are cleared away."""
    over = (col(SessionRow.expires_at) <= now) | (col(SessionRow.seen_at) <= now - IDLE)
    for ended in session.scalars(select(SessionRow).where(over)):
        session.delete(ended)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = {"secret_hash": hashed(secret), "account": name, "created_at": now, "seen_at": now}
    session.add(SessionRow.model_validate({**row, "expires_at": now + lifetime, "device": device}))
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
    return value_from(User, user, role=Role(user.role)), row.seen_at <= now - NOTED_EVERY


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
        value_from(SignedIn, row, handle=row.secret_hash[:HANDLE], expires_at=min(row.expires_at, row.seen_at + IDLE))
        for row in sorted(rows, key=lambda row: row.seen_at, reverse=True)
    )


def handle_of(secret: str) -> str:
    """Return the handle of the session that a secret opens."""
    return hashed(secret)[:HANDLE]


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _of(session: Session, name: str) -> list[SessionRow]:
    return list(session.scalars(select(SessionRow).where(col(SessionRow.account) == name)))


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
        raise UsageError(*wrong)
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


def find_token(session: Session, secret: str, *, now: datetime) -> Token | None:
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
    stays = token.scope is not Scope.RECORD or Role(account.role).may(Role.EDITOR)
    return token if stays else replace(token, scope=Scope.READ)


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


def is_line(text: str) -> bool:
    r"""Return whether a text is one line that can be shown, the wide space of Chinese included, and not too long.

    >>> is_line("Wang\u3000Min, statistics"), is_line("two\nlines"), is_line("a\u202eb"), is_line("x" * 81)
    (True, False, False, False)
    """
    shown = all(category(sign)[0] != "C" and category(sign) not in {"Zl", "Zp"} for sign in text.strip())
    return shown and len(text.strip()) <= LONGEST_TITLE


def _wrong(account: UserRow, title: str, scope: Scope, *, lasting: timedelta) -> list[Problem]:
    wrong = []
    if account.disabled_at is not None:
        wrong.append(Problem("account_disabled", {"said": account.name}, where="user"))
    if not title:
        wrong.append(Problem("token_without_title", where="token"))
    if not is_line(title):
        wrong.append(Problem("token_title", {"most": LONGEST_TITLE}, where="token"))
    if not timedelta(0) < lasting <= LONGEST:
        wrong.append(Problem("token_lasts", {"days": lasting.days, "most": LONGEST.days}, where="token"))
    if scope is Scope.RECORD and not Role(account.role).may(Role.EDITOR):
        wrong.append(Problem("token_may_not_record", {"said": account.name, "role": account.role}, where="user"))
    return wrong


def _token_of(row: TokenRow) -> Token:
    return value_from(Token, row, scope=Scope(row.scope))
