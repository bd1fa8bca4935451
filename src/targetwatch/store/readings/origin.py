"""What was done to one reading: who brought it in, who took it out of force and put it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from targetwatch.store.tables import AuditRow, WithdrawalRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

ADD = "add"


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a reading: `add`, `withdraw` or `restore`."""

    action: str
    at: datetime
    actor: str
    reason: str


def acts(session: Session, reading_id: int) -> tuple[Act, ...]:
    """Return everything done to a reading, the first first."""
    moves = select(WithdrawalRow).where(col(WithdrawalRow.reading) == reading_id).order_by(col(WithdrawalRow.id))
    done = [Act(row.action, row.at, row.actor, row.reason) for row in session.scalars(moves)]
    return (*_added(session, reading_id), *done)


def _added(session: Session, reading_id: int) -> tuple[Act, ...]:
    """Return who brought the reading in: alone, or in a batch whose audit entry names its first and last number."""
    columns = [getattr(AuditRow, name) for name in ("object", "at", "actor", "reason")]
    query = select(*columns).where(col(AuditRow.kind) == "reading", col(AuditRow.action) == ADD)
    alone = session.execute(query.where(col(AuditRow.object) == str(reading_id))).first()
    batches = () if alone else session.execute(query.where(col(AuditRow.object).contains("..")))
    for name, at, actor, reason in (alone,) if alone else batches:
        first, _, last = name.partition("..")
        if int(first) <= reading_id <= int(last or first):
            return (Act(ADD, at, actor, reason),)
    return ()
