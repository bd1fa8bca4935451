"""The only two ways to a session. Nothing else in the program opens, commits or rolls back one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from targetwatch.errors import ActorMissingError, StoreError
from targetwatch.store.db.engine import READ_ONLY, translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy.engine import Engine

NAMES_AT_ONCE = 500
"""How many names go into one IN (...)."""


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one moment of the database and cannot change it; StoreError for rows it changed."""
    with translated(engine), Session(engine.execution_options(**READ_ONLY), autoflush=False) as session:
        yield session
        if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
            raise StoreError("database: rows were changed in a reading session, expected writing(actor)")


@contextmanager
def writing(engine: Engine, actor: str, *, reason: str = "", now: datetime) -> Iterator[Session]:
    """Give the one writing session, committed at the end and undone by any error.

    `actor` answers for every change in the audit trail ("cli:li", "web:sun", "ingest:customs"), `reason` says why,
    `now` is when. Keep it short: everyone else who writes is waiting, and gives up after BUSY_TIMEOUT_SECONDS.
    """
    if not actor.strip():
        raise ActorMissingError("database: a write without an actor, expected the name of whoever answers for it")
    if now.utcoffset() is None:
        raise StoreError(f"database: the moment '{now}' has no offset, expected an aware datetime")
    info = {"actor": actor.strip(), "reason": reason.strip(), "now": now}
    with translated(engine), Session(engine, expire_on_commit=False, info=info) as session, session.begin():
        session.connection()  # waits here for its turn, not at some later statement
        yield session


def next_id(session: Session, column: Any) -> int:  # noqa: ANN401 - a mapped column
    """Return the next free number of an id column. There is one writer at a time, so it is still free when used."""
    last = session.connection().scalar(select(func.max(column)))
    return int(last or 0) + 1


def slices(names: Iterable[str]) -> Iterator[list[str]]:
    """Give `names` without repetition, sorted, in lots that fit one query."""
    ordered = sorted(set(names))
    for start in range(0, len(ordered), NAMES_AT_ONCE):
        yield ordered[start : start + NAMES_AT_ONCE]
