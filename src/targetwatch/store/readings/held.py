"""Held readings: kept out of every verdict until a person accepts or rejects them.

With four eyes another person than whoever entered it has to accept it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.errors import HeldError, NotFoundError
from targetwatch.model.people import Role, Way, actor_of
from targetwatch.model.problem import Problem, Value
from targetwatch.store.db import next_id
from targetwatch.store.readings.rows import columns_of, published_of, texts_of, write
from targetwatch.store.readings.vintages import Past
from targetwatch.store.tables import AuditRow, FourEyesRow, HeldRow, ReadingRow, UserRow, WithdrawalRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import Reading

WAITING, ACCEPTED, REJECTED = "waiting", "accepted", "rejected"
ENOUGH = 2
"""So many people who may edit can decide for each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A reading that was kept out: why, since when (`reading.recorded_at`), and what was decided, by whom."""

    id: int
    reading: Reading
    reason: Problem
    status: str
    decided_at: datetime | None = None
    decided_by: str = ""
    note: str = ""
    stored_as: int | None = None


def hold(session: Session, reading: Reading, reason: Problem, *, now: datetime) -> int | None:
    """Keep a reading out and return the number it waits under; None when it is known, waiting or rejected already."""
    kept = Past(session, [reading]).of(reading)
    if kept.same(reading) is not None:
        return None
    number = next_id(session, HeldRow.id)
    columns = columns_of(replace(reading, recorded_at=now), number, kept.held + 1)
    session.add(HeldRow.model_validate({**columns, "reason": reason.to_text(), "status": WAITING}))
    session.flush()
    return number


def held(
    session: Session, *, status: str | None = WAITING, after_id: int = 0, limit: int | None = None
) -> tuple[Held, ...]:
    """Return the held readings of a status (None: all), oldest first."""
    query = select(HeldRow).where(col(HeldRow.id) > after_id).order_by(col(HeldRow.id)).limit(limit)
    if status is not None:
        query = query.where(col(HeldRow.status) == status)
    return tuple(_held_of(row) for row in session.scalars(query))


def get_held(session: Session, held_id: int) -> Held:
    """Return one held reading, whatever was decided of it; NotFoundError when there is none of that number."""
    return _held_of(_row(session, held_id))


def decided(session: Session, *, limit: int) -> tuple[Held, ...]:
    """Return the readings decided on, the last decision first."""
    query = (
        select(HeldRow)
        .where(col(HeldRow.status) != WAITING)
        .order_by(col(HeldRow.decided_at).desc(), col(HeldRow.id).desc())
        .limit(limit)
    )
    return tuple(_held_of(row) for row in session.scalars(query))


def count_held(session: Session) -> dict[str, int]:
    """Return how many readings wait for a person, by indicator."""
    name = col(HeldRow.indicator)
    query = select(name, func.count()).where(col(HeldRow.status) == WAITING).group_by(name)
    return dict(iter(session.execute(query)))


def accept(session: Session, held_id: int, *, note: str = "", now: datetime) -> int:
    """Let a held reading count from `now` on and return its number as a reading; a rejected one may be accepted yet."""
    row = _row(session, held_id)
    if row.status == ACCEPTED:
        raise _refused("accepted_already", held_id, reading=row.reading)
    reading = replace(published_of(row), id=None, recorded_at=now)
    if reading.unit is not None:
        raise _refused("unit_of_held", held_id, unit=reading.unit or Problem("unit_not_said"))
    kept = Past(session, [reading], held=False).of(reading)
    stored = kept.same(reading)
    if stored is None or _is_withdrawn(session, stored.id):
        number = next_id(session, ReadingRow.id)
        write(session, [texts_of(reading, number, kept.stored + 1)])
    else:
        number = stored.id
    _decide(session, row, ACCEPTED, note=note, now=now)
    row.reading = number
    session.flush()
    return number


def reject(session: Session, held_id: int, *, note: str = "", now: datetime) -> None:
    """Keep a waiting reading out for good: the same reading will not be held again."""
    row = _row(session, held_id)
    if row.status != WAITING:
        raise _refused("accepted_not_waiting" if row.status == ACCEPTED else "rejected_already", held_id)
    _decide(session, row, REJECTED, note=note, now=now)
    session.flush()


def await_again(session: Session, held_id: int) -> Held:
    """Forget what was decided on a reading: it waits again. Return how it was decided before."""
    row = _row(session, held_id)
    before = _held_of(row)
    if row.status == WAITING:
        raise _refused("not_decided", held_id)
    row.status, row.decision_note, row.decided_at, row.decided_by, row.reading = WAITING, "", None, "", None
    session.flush()
    return before


def _decide(session: Session, row: HeldRow, status: str, *, note: str, now: datetime) -> None:
    row.status, row.decision_note, row.decided_at = status, note, now
    row.decided_by = str(session.info.get("actor", ""))


def _is_withdrawn(session: Session, reading_id: int) -> bool:
    moves = select(col(WithdrawalRow.action)).where(col(WithdrawalRow.reading) == reading_id)
    return bool(session.scalar(moves.order_by(col(WithdrawalRow.id).desc()).limit(1)) == "withdraw")


def _refused(code: str, held_id: int, **values: Value) -> HeldError:
    return HeldError(code, where="held reading", said=str(held_id), **values)


def _row(session: Session, held_id: int) -> HeldRow:
    row = session.get(HeldRow, held_id)
    if row is None:
        waiting = session.scalars(select(col(HeldRow.id)).where(col(HeldRow.status) == WAITING))
        raise NotFoundError("held reading", str(held_id), (str(number) for number in waiting))
    return row


def _held_of(row: HeldRow) -> Held:
    return value_from(
        Held,
        row,
        reading=replace(published_of(row), id=None),
        reason=Problem.from_text(row.reason),
        note=row.decision_note,
        stored_as=row.reading,
    )


def four_eyes_on(session: Session, setting: str) -> bool:
    """Return whether another person has to accept: by the setting, else as an admin chose, else by the accounts."""
    if setting:
        return setting == "on"
    chosen = session.get(FourEyesRow, 1)
    if chosen is not None:
        return chosen.is_on
    may_edit = (col(UserRow.role) != Role.VIEWER.value) & col(UserRow.disabled_at).is_(None)
    return (session.scalar(select(func.count()).select_from(UserRow).where(may_edit)) or 0) >= ENOUGH


def choose_four_eyes(session: Session, *, is_on: bool, now: datetime) -> None:
    """Keep what an admin chose."""
    row = session.get(FourEyesRow, 1) or FourEyesRow.model_validate({"id": 1, "is_on": is_on, "chosen_at": now})
    row.is_on, row.chosen_at = is_on, now
    session.add(row)


def own_held(session: Session, numbers: Iterable[int], actor: str) -> set[int]:
    """Return which of these held figures this person entered, in whatever way; what a source brought is nobody's."""
    kind, action, name = col(AuditRow.kind), col(AuditRow.action), col(AuditRow.object)
    query = select(name, col(AuditRow.actor)).where(kind == "held", action == "add", name.in_(map(str, numbers)))
    asks, found = actor_of(actor), [(int(said), actor_of(by)) for said, by in session.execute(query)]
    return {
        one
        for one, by in found
        if by is not None and asks is not None and by.way is not Way.INGEST and by.name == asks.name
    }


def accept_by_person(session: Session, held_id: int, *, note: str, now: datetime, alone: bool) -> int:
    """Let a held reading count and return its number as a reading; `alone`: whoever entered it may say so, too.

    Raises:
        HeldError: there is no note, whoever asks is nobody, or another person has to decide.
    """
    actor = str(session.info.get("actor", ""))
    if not note.strip():
        raise _refused("accept_without_note", held_id)
    if actor_of(actor) is None:
        raise _refused("accept_by_nobody", held_id)
    if not alone and held_id in own_held(session, [held_id], actor):
        raise _refused("accept_own", held_id)
    return accept(session, held_id, note=note, now=now)
