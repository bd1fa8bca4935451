"""The entries of the audit trail, written by the flush itself, in the transaction of the change they tell of.

So there is no change without its entry. Every entry's hash covers the entry and the hash before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from targetwatch.errors import ActorMissingError
from targetwatch.store.guards import key, rows_of, stored
from targetwatch.store.tables import AuditHeadRow, AuditRow, Row
from targetwatch.store.types import canonical, digest, spelled, value_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

HIDDEN = "(hidden)"
"""What stands in the trail for a secret."""
PACK = "pack"
"""The action of a migration that keeps a row in another form: its entry tells the whole row, before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change. `old` and `new` hold the columns that changed, terms by path; `object` is the row's key."""

    id: int
    at: datetime
    actor: str
    action: str
    kind: str
    object: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What an entry is going to say, before it has its place in the chain."""

    action: str
    kind: str
    object: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


def append(session: Session, facts: Sequence[Fact]) -> None:
    """Add entries to the chain, for what the flush does not see by itself; ActorMissingError without an actor."""
    actor, now = session.info.get("actor"), session.info.get("now")
    if not actor or now is None:
        raise ActorMissingError("changed_without_actor", where=facts[0].kind, said=facts[0].object)
    record(session.connection(), facts, actor=actor, now=now, reason=session.info.get("reason", ""))


def record(connection: Connection, facts: Iterable[Fact], *, actor: str, now: datetime, reason: str) -> None:
    """Add entries to the chain on a bare connection: for a migration, which has no session."""
    count, previous = _head(connection)
    rows = []
    for number, fact in enumerate(facts, count + 1):
        row = {
            "id": number,
            "at": now,
            "actor": actor,
            "action": fact.action,
            "kind": fact.kind,
            "object": fact.object,
            "old": _plain(fact.old),
            "new": _plain(fact.new),
            "reason": reason,
        }
        previous = row["hash"] = link(previous, row)
        rows.append(row)
    if not rows:
        return
    connection.execute(insert(AuditRow), rows)
    values = {"entries": count + len(rows), "hash": previous}
    if count:
        connection.execute(update(AuditHeadRow).values(values))
    else:
        connection.execute(insert(AuditHeadRow), {"id": 1, **values})


def head(session: Session) -> tuple[int, str]:
    """Return how many entries there are and the hash of the last one ("" before the first)."""
    return _head(session.connection())


def holds(session: Session, number: int, sealed: str) -> bool:
    """Return whether there is an entry of that number and hash: not in a database put back to before it was made."""
    return not number or session.scalar(select(col(AuditRow.hash)).where(col(AuditRow.id) == number)) == sealed


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(select(col(AuditHeadRow.entries), col(AuditHeadRow.hash))).one_or_none()
    return (row[0], row[1]) if row else (0, "")


def link(previous: str, row: dict[str, Any]) -> str:
    """Return the hash of an entry that follows `previous`."""
    names = ("id", "at", "actor", "action", "kind", "object", "old", "new", "reason")
    return digest([previous, *(row[name] for name in names)])


def entry_of(row: AuditRow) -> AuditEntry:
    """Return the entry of a row."""
    return value_from(AuditEntry, row)


def _columns(row: Row) -> dict[str, Any]:
    return spelled({attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs})


@event.listens_for(Session, "before_flush")
def _record_flush(session: Session, _context: object, _instances: object) -> None:
    facts = [*_added(session.new), *_changed(session), *_deleted(session)]
    if facts:
        append(session, facts)


def _added(objects: Any) -> Iterable[Fact]:  # noqa: ANN401 - SQLAlchemy's identity set
    for row in rows_of(objects):
        if type(row).audited:
            yield Fact("add", _kind(row), key(row), None, _hide(row, _columns(row)))


def _changed(session: Session) -> Iterable[Fact]:
    for row in rows_of(session.dirty):
        if type(row).audited and session.is_modified(row):
            old, new = spelled(stored(session, row)), _columns(row)
            names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
            if names:
                before, after = ({name: side.get(name) for name in names} for side in (old, new))
                yield Fact("change", _kind(row), key(row), _hide(row, before), _hide(row, after))


def _deleted(session: Session) -> Iterable[Fact]:
    for row in rows_of(session.deleted):
        if type(row).audited:
            yield Fact("delete", _kind(row), key(row), _hide(row, spelled(stored(session, row))), None)


def _kind(row: Row) -> str:
    return str(type(row).__tablename__)


def _hide(row: Row, columns: dict[str, Any]) -> dict[str, Any]:
    return {name: HIDDEN if name in type(row).secrets else value for name, value in columns.items()}


def _plain(columns: dict[str, Any] | None) -> dict[str, Any] | None:
    plain: dict[str, Any] | None = json.loads(canonical(columns))
    return plain
