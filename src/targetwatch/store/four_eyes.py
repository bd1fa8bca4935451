"""Whether another person than whoever entered a held figure has to accept it: what was chosen, and who entered it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.errors import HeldError
from targetwatch.model.people import Role, Way, actor_of
from targetwatch.store import audit, readings
from targetwatch.store.tables import FourEyesRow, UserRow

if TYPE_CHECKING:
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


def is_own(session: Session, held_id: int, actor: str) -> bool:
    """Return whether this person entered a held figure, in whatever way; what a source brought is nobody's."""
    entries = audit.entries(session, kind="held", object_id=str(held_id))
    first = next((one.actor for one in entries if one.action == "add"), "")
    entered, asks = actor_of(first), actor_of(actor)
    return entered is not None and asks is not None and entered.way is not Way.INGEST and entered.name == asks.name


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
    elif not alone and is_own(session, held_id, actor):
        code = "accept_own"
    if code:
        raise HeldError(code, where="held reading", said=str(held_id))
    return readings.accept(session, held_id, note=note, now=now)
