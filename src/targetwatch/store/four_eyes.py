"""Whether another person than whoever entered a held figure has to accept it: what was chosen, and who entered it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.errors import HeldError
from targetwatch.model.people import Role, Way, actor_of
from targetwatch.store import readings
from targetwatch.store.tables import AuditRow, FourEyesRow, UserRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

ENOUGH = 2
"""So many people who may edit can decide for each other."""


def is_on(session: Session, setting: str) -> bool:
    """Return whether another person has to accept: by the setting, else as an admin chose, else by the accounts."""
    if setting:
        return setting == "on"
    chosen = session.get(FourEyesRow, 1)
    if chosen is not None:
        return chosen.is_on
    may_edit = (col(UserRow.role) != Role.VIEWER.value) & col(UserRow.disabled_at).is_(None)
    return (session.scalar(select(func.count()).select_from(UserRow).where(may_edit)) or 0) >= ENOUGH


def choose(session: Session, *, is_on: bool, now: datetime) -> None:
    """Keep what an admin chose."""
    row = session.get(FourEyesRow, 1) or FourEyesRow.model_validate({"id": 1, "is_on": is_on, "chosen_at": now})
    row.is_on, row.chosen_at = is_on, now
    session.add(row)


def own(session: Session, numbers: Iterable[int], actor: str) -> set[int]:
    """Return which of these held figures this person entered, in whatever way; what a source brought is nobody's."""
    kind, action, name = col(AuditRow.kind), col(AuditRow.action), col(AuditRow.object)
    query = select(name, col(AuditRow.actor)).where(kind == "held", action == "add", name.in_(map(str, numbers)))
    asks, found = actor_of(actor), [(int(said), actor_of(by)) for said, by in session.execute(query)]
    return {
        one
        for one, by in found
        if by is not None and asks is not None and by.way is not Way.INGEST and by.name == asks.name
    }


def accept(session: Session, held_id: int, *, note: str, now: datetime, alone: bool) -> int:
    """Let a held reading count and return its number as a reading; `alone`: whoever entered it may say so, too.

    Raises:
        HeldError: there is no note, whoever asks is nobody, or another person has to decide.
    """
    actor = str(session.info.get("actor", ""))
    code = ""
    if not note.strip():
        code = "accept_without_note"
    elif actor_of(actor) is None:
        code = "accept_by_nobody"
    elif not alone and held_id in own(session, [held_id], actor):
        code = "accept_own"
    if code:
        raise HeldError(code, where="held reading", said=str(held_id))
    return readings.accept(session, held_id, note=note, now=now)
