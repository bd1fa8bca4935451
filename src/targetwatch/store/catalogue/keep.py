"""Loading the catalogue from its rows, and writing single values into them. The flush guards decide who may."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import ConflictError
from targetwatch.model import Catalogue, Indicator, Owner, Programme, Publisher, Source, Target
from targetwatch.store.catalogue import mapping, promises
from targetwatch.store.tables import (
    IndicatorRow,
    Managed,
    OwnerRow,
    ProgrammeRow,
    PublisherRow,
    SourceRow,
    TargetRow,
    TargetVersionRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from targetwatch.model import TargetVersion

ROWS: Mapping[str, type[Managed]] = {
    "programme": ProgrammeRow,
    "publisher": PublisherRow,
    "indicator": IndicatorRow,
    "target": TargetRow,
    "source": SourceRow,
    "owner": OwnerRow,
}
Standing: TypeAlias = Programme | Publisher | Indicator | Owner | Source
"""What stands by itself; a target stands on these."""
M = TypeVar("M", bound=Managed)
R = TypeVar("R")


def load_rows(session: Session, *, archived: bool) -> Catalogue:
    """Return what is in force, or what is archived, each kind in the order of its ids."""

    def rows(table: type[M]) -> list[M]:
        gone = col(table.archived_at)
        query = select(table).where(gone.is_not(None) if archived else gone.is_(None)).order_by(col(table.id))
        return list(session.scalars(query))

    targets = rows(TargetRow)
    owners = {owner.id: owner for owner in session.scalars(select(OwnerRow))} if targets else {}
    versions = _versions(session) if targets else {}
    return Catalogue(
        programmes=tuple(mapping.programme_of(row) for row in rows(ProgrammeRow)),
        publishers=tuple(mapping.publisher_of(row) for row in rows(PublisherRow)),
        indicators=tuple(mapping.indicator_of(row) for row in rows(IndicatorRow)),
        targets=tuple(promises.target_of(row, owners[row.owner], versions[row.id]) for row in targets),
        sources=tuple(mapping.source_of(row) for row in rows(SourceRow)),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """One target as it is kept: how often it was saved, and since when it is archived, if it is."""

    target: Target
    revision: int
    archived_at: datetime | None


def find(session: Session, target_id: str) -> Kept | None:
    """Return one target, in force or archived; None when there has never been one of that name."""
    row = session.get(TargetRow, target_id)
    if row is None:
        return None
    owner = session.get_one(OwnerRow, row.owner)
    versions = _versions(session, target_id)[target_id]
    return Kept(promises.target_of(row, owner, versions), row.revision, row.archived_at)


def target_ids(session: Session) -> set[str]:
    """Return the id of every target there has ever been."""
    return set(session.scalars(select(col(TargetRow.id))))


def taken(session: Session) -> Mapping[str, frozenset[str]]:
    """Return the ids there have ever been, by kind ("programme", "publisher", "owner", "indicator", "target")."""
    tables = (ProgrammeRow, PublisherRow, OwnerRow, IndicatorRow, TargetRow)
    return {str(table.__tablename__): frozenset(session.scalars(select(col(table.id)))) for table in tables}


def keep(session: Session, values: Sequence[Standing], *, managed_by: str) -> None:
    """Write values of one kind that stand by themselves, new or changed; what was archived is in force again."""
    if not values:
        return
    table = _row_of(values[0])[0]
    only = values[0].id if len(values) == 1 else None
    rows = {row.id: row for row in session.scalars(_of(select(table), table.id, only))}
    for value in values:
        columns = _row_of(value)[1]
        row = rows.get(value.id)
        if row is None:
            session.add(table.model_validate({**columns, "managed_by": managed_by}))
        else:
            _assign(row, {**columns, "archived_at": None})
    session.flush()


def keep_targets(session: Session, targets: Sequence[Target], *, managed_by: str, now: datetime) -> None:
    """Write targets and the versions they have gained. Their owners, indicators and programmes are there already."""
    only = targets[0].id if len(targets) == 1 else None
    rows = {row.id: row for row in session.scalars(_of(select(TargetRow), TargetRow.id, only))}
    for target in targets:
        columns = promises.target_columns(target)
        row = rows.get(target.id)
        if row is None:
            session.add(TargetRow.model_validate({**columns, "managed_by": managed_by, "revision": 1}))
        else:
            _assign(row, {**columns, "archived_at": None, "revision": row.revision + 1})
    session.flush()
    versions = _versions(session, only)
    for target in targets:
        kept = {version.number: version for version in versions.get(target.id, ())}
        for version in target.versions:
            _keep_version(session, target.id, version, kept=kept.get(version.number), now=now)
    session.flush()


def owners_of(catalogue: Catalogue) -> tuple[Owner, ...]:
    """Return everyone who answers for a target; ConflictError when two targets describe one owner differently."""
    owners: dict[str, Owner] = {}
    for target in catalogue.targets:
        first = owners.setdefault(target.owner.id, target.owner)
        if mapping.owner_columns(first) != mapping.owner_columns(target.owner):
            raise ConflictError(f"target '{target.id}': owner '{first.id}' is described differently by another target")
    return tuple(owners[name] for name in sorted(owners))


def _versions(session: Session, target: str | None = None) -> dict[str, list[TargetVersionRow]]:
    """Return the versions in force by target, oldest first: of each number, the last correction."""
    query = _of(select(TargetVersionRow), TargetVersionRow.target, target).order_by(
        col(TargetVersionRow.target), col(TargetVersionRow.number), col(TargetVersionRow.correction)
    )
    latest: dict[tuple[str, int], TargetVersionRow] = {}
    for row in session.scalars(query):
        latest[row.target, row.number] = row
    versions: dict[str, list[TargetVersionRow]] = defaultdict(list)
    for row in latest.values():
        versions[row.target].append(row)
    return versions


def _of(query: Select[R], column: str, value: str | None) -> Select[R]:
    return query if value is None else query.where(col(column) == value)


def _keep_version(
    session: Session, target: str, version: TargetVersion, *, kept: TargetVersionRow | None, now: datetime
) -> None:
    if kept is not None and promises.version_of(kept) == version:
        return
    session.add(
        TargetVersionRow.model_validate(
            {
                **promises.version_columns(version),
                "target": target,
                "correction": kept.correction + 1 if kept else 0,
                "recorded_at": now,
            }
        )
    )


def _row_of(value: Standing) -> tuple[type[Managed], dict[str, Any]]:
    match value:
        case Programme():
            return ProgrammeRow, mapping.titled_columns(value)
        case Publisher():
            return PublisherRow, mapping.titled_columns(value)
        case Indicator():
            return IndicatorRow, mapping.indicator_columns(value)
        case Owner():
            return OwnerRow, mapping.owner_columns(value)
        case Source():
            return SourceRow, mapping.source_columns(value)


def _assign(row: Managed, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
