"""What no flush may do, whoever asks: change what is append-only, delete what is configured, or edit the other side's.

And what no transaction may leave behind: something in force that stands on what is archived. The rules stand here,
under every caller, and not in a page or a command that could forget them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, event, inspect, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from targetwatch.errors import ConflictError, ManagedElsewhereError, StoreError
from targetwatch.model import Derived
from targetwatch.model.problem import Problem
from targetwatch.store.db import slices
from targetwatch.store.tables import (
    IndicatorRow,
    Managed,
    ProgrammeRow,
    PublisherRow,
    Row,
    TargetRow,
    TargetVersionRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.orm import ORMExecuteState

FILE, WEB, HANDOVER = "file", "web", "handover"
"""Who is managing in this session: the file, the web (or a command), or a change of hands."""


@contextmanager
def managing(session: Session, who: str) -> Iterator[None]:
    """Let the session change what `who` manages; whatever was changed is flushed before it ends."""
    session.flush()
    before = session.info.get("managing", WEB)
    session.info["managing"] = who
    try:
        yield
        session.flush()
    finally:
        session.info["managing"] = before


def rows_of(objects: Any) -> list[Row]:  # noqa: ANN401 - SQLAlchemy's identity set
    """Return the rows of ours among `objects`, in a stable order of their tables and keys."""
    return sorted((row for row in objects if isinstance(row, Row)), key=lambda row: (type(row).__tablename__, key(row)))


def key(row: Row) -> str:
    """Return the primary key of a row as text ("ilstc-volume-2025/1/0")."""
    mapper = inspect(type(row))
    return "/".join(str(getattr(row, mapper.get_property_by_column(column).key)) for column in mapper.primary_key)


def stored(session: Session, row: Row) -> dict[str, Any]:
    """Return what the database holds of a row: the object may never have loaded the value that is being replaced."""
    mapper = inspect(type(row))
    query = select(mapper.local_table)
    for column, value in zip(mapper.primary_key, inspect(row).identity or (), strict=True):
        query = query.where(column == value)
    found = session.connection().execute(query).mappings().one()
    return {attribute.key: found[attribute.columns[0]] for attribute in mapper.column_attrs}


@event.listens_for(Session, "before_flush")
def _guard_flush(session: Session, _context: object, _instances: object) -> None:
    for row in rows_of(session.deleted):
        if type(row).append_only or isinstance(row, Managed):
            raise StoreError("cannot_be_deleted", where=str(type(row).__tablename__), said=key(row))
    for row in rows_of(session.dirty):
        if type(row).append_only and session.is_modified(row):
            raise StoreError("cannot_be_changed", where=str(type(row).__tablename__), said=key(row))
    who = session.info.get("managing", WEB)
    for row in rows_of((*session.new, *session.dirty)):
        if isinstance(row, Managed) and (row in session.new or session.is_modified(row)):
            _guard_provenance(session, row, who)
            session.info["configured"] = True
    _guard_versions(session, who)


@event.listens_for(Session, "before_commit")
def _guard_commit(session: Session) -> None:
    session.flush()
    if session.info.pop("configured", False):
        _guard_standing(session)


@event.listens_for(Session, "do_orm_execute")
def _guard_bulk(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, Row):
            raise StoreError("bulk_change", where=str(mapper.local_table))


def _guard_versions(session: Session, who: str) -> None:
    """Refuse a version of a target that the other side manages."""
    for some in slices(row.target for row in session.new if isinstance(row, TargetVersionRow)):
        others = select(col(TargetRow.id), col(TargetRow.managed_by)).where(
            col(TargetRow.id).in_(some), col(TargetRow.managed_by) != who
        )
        for name, owner in session.connection().execute(others):
            raise _elsewhere("target", name, owner)


def _guard_standing(session: Session) -> None:
    """Refuse what is in force on something that is not; with every reason."""
    connection = session.connection()
    found: list[Problem] = []
    for table, column, on in (
        (TargetRow, TargetRow.indicator, IndicatorRow),
        (TargetRow, TargetRow.programme, ProgrammeRow),
        (IndicatorRow, IndicatorRow.authority, PublisherRow),
    ):
        query = select(col(table.id), col(on.id)).join_from(table, on, col(column) == col(on.id))
        broken = query.where(col(table.archived_at).is_(None), col(on.archived_at).is_not(None))
        kinds = str(table.__tablename__), str(on.__tablename__)
        found += [_unsupported(kinds[0], name, kinds[1], missing) for name, missing in connection.execute(broken)]
    found += _parts_archived(connection)
    if found:
        raise ConflictError(*found)


def _unsupported(kind: str, name: str, other: str, missing: str) -> Problem:
    return Problem("stands_on_archived", {"said": name, "kind": other, "missing": missing}, where=kind)


def _parts_archived(connection: Connection) -> list[Problem]:
    """Return the derived indicators in force that are made of an archived one."""
    archived = set(connection.scalars(select(col(IndicatorRow.id)).where(col(IndicatorRow.archived_at).is_not(None))))
    if not archived:
        return []
    derived = or_(*(cast(col(IndicatorRow.terms), Text).contains(f'"{rule}"') for rule in Derived))
    query = select(col(IndicatorRow.id), col(IndicatorRow.terms)).where(
        derived, col(IndicatorRow.archived_at).is_(None)
    )
    found = []
    for name, terms in connection.execute(query.where(derived, col(IndicatorRow.archived_at).is_(None))):
        of = [terms[rule] for rule in Derived if rule in terms]
        parts = {part for one in of for part in ([one] if isinstance(one, str) else one)}
        found += [_unsupported("indicator", name, "indicator", part) for part in sorted(parts & archived)]
    return found


def _guard_provenance(session: Session, row: Managed, who: str) -> None:
    state = inspect(row)
    changed = state.persistent and state.attrs.managed_by.history.has_changes()
    owner = stored(session, row)["managed_by"] if changed else row.managed_by
    if who in {HANDOVER, owner}:
        return
    raise _elsewhere(str(type(row).__tablename__), row.id, owner)


def _elsewhere(kind: str, name: str, owner: str) -> ManagedElsewhereError:
    return ManagedElsewhereError("managed_on_web" if owner == WEB else "managed_by_file", where=kind, said=name)
