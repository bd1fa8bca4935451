"""Accounts: who may sign in, what a name and a password have to be like, and whether a password is theirs."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from base64 import b64encode
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import ConflictError, NotFoundError, UsageError
from targetwatch.model import Role, User
from targetwatch.model.problem import Problem
from targetwatch.store.keys import LONGEST_TITLE, end_all, is_line
from targetwatch.store.tables import UserRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

HASHER = PasswordHasher()
"""argon2id with the library's parameters, those of RFC 9106's second recommendation: 64 MiB each."""
HASHING = threading.BoundedSemaphore(4)
"""How many may be worked out at once, so that a storm of guesses takes neither the memory nor every thread."""
NO_PASSWORD = "!"  # noqa: S105 - what stands for none
NOBODYS = "$argon2id$v={}$m={},t={},p={}${}${}".format(
    *(ARGON2_VERSION, HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism),
    *(b64encode(bytes(length)).decode().rstrip("=") for length in (HASHER.salt_len, HASHER.hash_len)),
)
"""The hash of no password: an unknown name takes as long to refuse as a known one, and a start works out none."""
LONGEST_NAME = 40
NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
SHORTEST_PASSWORD = 12
"""As NIST SP 800-63B asks of a password that stands alone (rev. 4: 15; rev. 3: 8): length, and no rules of spelling."""
LONGEST_PASSWORD = 256


def add(
    session: Session, name: str, password: str, *, role: Role, title: str = "", one_time: bool = False, now: datetime
) -> User:
    """Open an account; ConflictError when the name is taken, UsageError with every other reason at once.

    A `one_time` password is good for choosing another.
    """
    _refuse(faults(name=name, title=title, password=password))
    return _added(
        session, name, {"password_hash": _hash(password), "one_time": one_time}, role=role, title=title, now=now
    )


def admit(session: Session, name: str, subject: str, *, role: Role, title: str = "", now: datetime) -> User:
    """Open an account for somebody whom an issuer vouches for: it has no password, `subject` is who they are there.

    ConflictError when the name is somebody else's, UsageError when it can be nobody's.
    """
    _refuse(faults(name=name, title=title))
    return _added(session, name, {"password_hash": NO_PASSWORD, "subject": subject}, role=role, title=title, now=now)


def known_there(session: Session, subject: str) -> User | None:
    """Return whose account an issuer's subject is, disabled ones included."""
    row = session.scalars(select(UserRow).where(col(UserRow.subject) == subject)).first()
    return _user_of(row) if row is not None else None


def exist(session: Session) -> bool:
    """Return whether there is any account at all."""
    return session.scalars(select(col(UserRow.name)).limit(1)).first() is not None


def check(session: Session, name: str, password: str) -> User | None:
    """Return whose name and password these are; None for a wrong one, and for an account that is disabled.

    It takes as long for a name that nobody has, so that nobody learns the names by asking.
    """
    row = _found(session, name)
    known = row is not None and row.password_hash != NO_PASSWORD
    right = _matches(row.password_hash if row is not None and known else NOBODYS, password)
    return _user_of(row) if row is not None and right and known and row.disabled_at is None else None


def familiar(session: Session, name: str, mark: str) -> bool:
    """Return whether a browser's mark says that this account has signed in with it, since its password changed."""
    nonce, _, proof = mark.partition(".")
    row = _found(session, name)
    return row is not None and hmac.compare_digest(proof.encode(), _proof(row, nonce).encode())


def familiarise(session: Session, name: str) -> str:
    """Return a mark by which a browser is known again as one that this account has signed in with.

    It opens nothing. Guesses made elsewhere do not slow down whoever has it.
    """
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_proof(_row(session, name), nonce)}"


def change(
    session: Session,
    name: str,
    *,
    now: datetime,
    title: str | None = None,
    role: Role | None = None,
    password: str | None = None,
    one_time: bool = False,
    disabled: bool | None = None,
) -> User:
    """Change what is given of an account. A new password, a lesser role and disabling end its sessions.

    ConflictError when nobody would be left who may administer.
    """
    row = _row(session, name)
    _refuse(one for one in faults(name=name, title=title, password=password) if one.where != "user")
    lesser = role is not None and not role.may(Role(row.role))
    if (lesser or disabled) and is_last_admin(session, name):
        raise ConflictError("last_admin", where="user", said=name)
    if password is not None:
        row.password_hash, row.one_time = _hash(password), one_time
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


def look_up(session: Session, name: str) -> User | None:
    """Return one account; None when there is none."""
    row = _found(session, name)
    return _user_of(row) if row is not None else None


def load(session: Session) -> tuple[User, ...]:
    """Return every account by name, disabled ones included."""
    return tuple(_user_of(row) for row in session.scalars(select(UserRow).order_by(col(UserRow.name))))


def is_last_admin(session: Session, name: str) -> bool:
    """Return whether nobody but this account may administer."""
    row = _row(session, name)
    if Role(row.role) is not Role.ADMIN or row.disabled_at is not None:
        return False
    others = select(UserRow).where(
        col(UserRow.role) == Role.ADMIN.value, col(UserRow.disabled_at).is_(None), col(UserRow.name) != name
    )
    return session.scalars(others).first() is None


def faults(*, name: str | None = None, title: str | None = None, password: str | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with those of the three that are given; a password is judged beside the name.

    Each problem is where it was found: "user", "title" or "password". A password is never quoted, nor its length told.
    """
    found = []
    if name is not None and not NAME.fullmatch(name):
        shown = name if len(name) <= LONGEST_TITLE else f"{name[:LONGEST_TITLE]}..."
        found.append(Problem("user_name", {"said": shown, "most": LONGEST_NAME}, where="user"))
    if title is not None and not is_line(title):
        found.append(Problem("not_one_line", {"most": LONGEST_TITLE}, where="title"))
    if password is not None and (weak := _weakness(password, name or "")):
        found.append(weak.at("password"))
    return tuple(found)


def _refuse(found: Iterable[Problem]) -> None:
    if problems := tuple(found):
        raise UsageError(*problems)


def _found(session: Session, name: str) -> UserRow | None:
    """Return a row; nothing that could not be a name is asked of the database, where it might not even be text."""
    return session.get(UserRow, name) if NAME.fullmatch(name) else None


def _row(session: Session, name: str) -> UserRow:
    row = _found(session, name)
    if row is None:
        raise NotFoundError("user", name[:LONGEST_TITLE], [user.name for user in load(session)])
    return row


def _added(session: Session, name: str, proof: Mapping[str, object], *, role: Role, title: str, now: datetime) -> User:
    if session.get(UserRow, name) is not None:
        raise ConflictError("name_taken", where="user", said=name)
    row = {"name": name, "title": title.strip(), "role": role.value, "created_at": now, "disabled_at": None}
    made = UserRow.model_validate({**row, **proof})
    session.add(made)
    session.flush()
    return _user_of(made)


def _hash(password: str) -> str:
    with HASHING:
        return HASHER.hash(password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        with HASHING:
            return HASHER.verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


def _proof(row: UserRow, nonce: str) -> str:
    key = hashlib.sha256(f"browser {row.name} {row.password_hash}".encode()).digest()
    return hmac.new(key, nonce.encode(), hashlib.sha256).hexdigest()


def _user_of(row: UserRow) -> User:
    return value_from(User, row, role=Role(row.role))


def _weakness(password: str, name: str) -> Problem | None:
    if len(password) < SHORTEST_PASSWORD:
        return Problem("password_short", {"least": SHORTEST_PASSWORD})
    if len(password) > LONGEST_PASSWORD:
        return Problem("password_long", {"most": LONGEST_PASSWORD})
    easy = len(set(password)) < SHORTEST_PASSWORD // 2 or (len(name) > 2 and password.lower().startswith(name))  # noqa: PLR2004
    return Problem("password_easy") if easy else None
