"""Accounts: who may sign in, and whether a password is theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import ConflictError, NotFoundError, UsageError
from targetwatch.model import Role, User
from targetwatch.store.people.sessions import end_all
from targetwatch.store.tables import UserRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
SHORTEST_PASSWORD = 12
"""As NIST SP 800-63B asks of a password that stands alone (rev. 4: 15; rev. 3: 8): length, and no rules of spelling."""
LONGEST_PASSWORD = 256
HASHER = PasswordHasher()
"""argon2id with the library's parameters, those of RFC 9106's second recommendation."""
NOBODYS = HASHER.hash("nobody's password, so that an unknown name takes as long to refuse as a known one")


def add(session: Session, name: str, password: str, *, role: Role, title: str = "", now: datetime) -> User:
    """Open an account; ConflictError when the name is taken, UsageError with every other reason at once."""
    wrong = [] if NAME.fullmatch(name) else [_bad_name(name)]
    wrong += _weak(password, name)
    if wrong:
        raise UsageError("\n".join(wrong))
    if session.get(UserRow, name) is not None:
        raise ConflictError(f"user '{name}': exists already, expected another name")
    row = {"name": name, "title": title.strip(), "role": role.value, "created_at": now, "disabled_at": None}
    made = UserRow.model_validate({**row, "password_hash": HASHER.hash(password)})
    session.add(made)
    session.flush()
    return _user_of(made)


def check(session: Session, name: str, password: str) -> User | None:
    """Return whose name and password these are; None for a wrong one, and for an account that is disabled.

    It takes as long for a name that nobody has, so that nobody learns the names by asking.
    """
    row = session.get(UserRow, name)
    try:
        HASHER.verify(row.password_hash if row else NOBODYS, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return None
    return _user_of(row) if row is not None and row.disabled_at is None else None


def change(
    session: Session,
    name: str,
    *,
    now: datetime,
    title: str | None = None,
    role: Role | None = None,
    password: str | None = None,
    disabled: bool | None = None,
) -> User:
    """Change what is given of an account. A new password, a lesser role and disabling end its sessions.

    ConflictError when nobody would be left who may administer.
    """
    row = _row(session, name)
    if password is not None:
        if wrong := _weak(password, name):
            raise UsageError("\n".join(wrong))
        row.password_hash = HASHER.hash(password)
    lesser = role is not None and not role.may(Role(row.role))
    if (lesser or disabled) and Role(row.role) is Role.ADMIN and row.disabled_at is None:
        _refuse_to_lose_the_last_admin(session, name)
    if title is not None:
        row.title = title.strip()
    if role is not None:
        row.role = role.value
    if disabled is not None and disabled != (row.disabled_at is not None):
        row.disabled_at = now if disabled else None
    session.flush()
    if password is not None or lesser or disabled:
        end_all(session, name)
    return _user_of(row)


def get(session: Session, name: str) -> User:
    """Return one account; NotFoundError when there is none."""
    return _user_of(_row(session, name))


def load(session: Session) -> tuple[User, ...]:
    """Return every account by name, disabled ones included."""
    return tuple(_user_of(row) for row in session.scalars(select(UserRow).order_by(col(UserRow.name))))


def _row(session: Session, name: str) -> UserRow:
    row = session.get(UserRow, name)
    if row is None:
        raise NotFoundError("user", name, [user.name for user in load(session)])
    return row


def _bad_name(name: str) -> str:
    return f"user '{name}': cannot be a name, expected 1 to 40 small letters, digits, '.', '_' or '-', such as li.wei"


def _weak(password: str, name: str) -> list[str]:
    if len(password) < SHORTEST_PASSWORD:
        return [f"password: has {len(password)} characters, expected at least {SHORTEST_PASSWORD}"]
    if len(password) > LONGEST_PASSWORD:
        return [f"password: has {len(password)} characters, expected at most {LONGEST_PASSWORD}"]
    if len(set(password)) < SHORTEST_PASSWORD // 2 or (len(name) > 2 and password.lower().startswith(name)):  # noqa: PLR2004
        return ["password: is too easy to guess, expected one that neither repeats itself nor begins with the name"]
    return []


def _refuse_to_lose_the_last_admin(session: Session, name: str) -> None:
    query = select(UserRow).where(
        col(UserRow.role) == Role.ADMIN.value, col(UserRow.disabled_at).is_(None), col(UserRow.name) != name
    )
    if session.scalars(query).first() is None:
        raise ConflictError(f"user '{name}': is the last admin, expected another admin first")


def _user_of(row: UserRow) -> User:
    return User(
        name=row.name,
        title=row.title,
        role=Role(row.role),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
