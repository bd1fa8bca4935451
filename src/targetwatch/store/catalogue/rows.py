"""Between the values of the catalogue and their rows, both ways without loss. The flush guards decide who may write.

A value is kept as its JSON in `terms`, but for the fields that have a column of their own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import StoreError
from targetwatch.model import Catalogue, Indicator, Owner, Programme, Publisher, Source, Target, TargetVersion
from targetwatch.model.catalogue import as_json, read
from targetwatch.store.tables import (
    IndicatorRow,
    Managed,
    OwnerRow,
    ProgrammeRow,
    PublisherRow,
    Row,
    SourceRow,
    TargetRow,
    TargetVersionRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from targetwatch.store.catalogue.diff import Item

TABLES: dict[type[Any], type[Managed]] = {
    Programme: ProgrammeRow,
    Publisher: PublisherRow,
    Owner: OwnerRow,
    Indicator: IndicatorRow,
    Target: TargetRow,
    Source: SourceRow,
}
ROWS: Mapping[str, type[Managed]] = {str(table.__tablename__): table for table in TABLES.values()}
KEPT: dict[type[Any], type[Any]] = {**TABLES, TargetVersion: TargetVersionRow}
BESIDE: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(name for name in kind.__dataclass_fields__ if name in table.model_fields and name != "managed_by")
    for kind, table in KEPT.items()
}
"""The fields of a kind that have a column of their own."""
T = TypeVar("T")


def columns_of(value: Item | TargetVersion) -> dict[str, Any]:
    """Return the columns that a value fills: its terms, and what has a column beside them."""
    terms = as_json(value)
    terms.pop("versions", None)
    beside = {name: terms.pop(name, None) for name in BESIDE[type(value)]}
    return {**beside, "terms": terms}


def load_rows(session: Session, *, archived: bool, by: datetime | None = None) -> Catalogue:
    """Return what is in force, or what is archived, each kind in the order of its ids; versions as recorded by then."""

    def values(kind: type[T]) -> tuple[T, ...]:
        return tuple(_values(session, kind, _archived(TABLES[kind], archived=archived)))

    return Catalogue(
        programmes=values(Programme),
        publishers=values(Publisher),
        indicators=values(Indicator),
        targets=tuple(load_targets(session, _archived(TargetRow, archived=archived), by=by)),
        sources=values(Source),
    )


def load_targets(
    session: Session, *wanted: ColumnElement[bool], only: Collection[str] | None = None, by: datetime | None = None
) -> Iterator[Target]:
    """Give the targets of these rows by id, each with its owner and its versions in force, oldest first.

    `only`: those of these ids, at most as many as fit one query.
    """
    rows = list(_said(session, TargetRow, Target, *wanted, *_named(TargetRow.id, only)))
    if not rows:
        return
    answering = _named(OwnerRow.id, None if only is None else {row["owner"] for row in rows})
    owners = {owner.id: owner for owner in _values(session, Owner, *answering)}
    versions = load_versions(session, only, by=by)
    for said in rows:
        whole = tuple(version for _, version in versions[said["id"]].values())
        yield _read(Target, {**said, "owner": owners[said["owner"]], "versions": whole})


def load_indicators(session: Session, names: Collection[str]) -> Iterator[Indicator]:
    """Give the indicators in force of these ids, at most as many as fit one query, and those they derive from."""
    met: set[str] = set()
    while names:
        met |= set(names)
        found = list(
            _values(session, Indicator, _archived(IndicatorRow, archived=False), *_named(IndicatorRow.id, names))
        )
        yield from found
        names = {part for one in found if one.derivation for part in one.derivation.of} - met


def load_versions(
    session: Session, targets: Collection[str] | None = None, *, by: datetime | None = None
) -> dict[str, dict[int, tuple[int, TargetVersion]]]:
    """Return the versions in force by target and number, each with how often it was corrected: the last one counts.

    `by`: those recorded by then, and the first, without which there is no target.
    """
    latest: dict[tuple[str, int], dict[str, Any]] = {}
    wanted = _named(TargetVersionRow.target, targets)
    if by is not None:
        first = (col(TargetVersionRow.number) == 1) & (col(TargetVersionRow.correction) == 0)
        wanted.append(first | (col(TargetVersionRow.recorded_at) <= by))
    for said in _said(session, TargetVersionRow, TargetVersion, *wanted, more=("target", "correction")):
        latest[said.pop("target"), said["number"]] = said
    versions: dict[str, dict[int, tuple[int, TargetVersion]]] = defaultdict(dict)
    for (name, number), said in latest.items():
        versions[name][number] = (said.pop("correction"), _read(TargetVersion, said))
    return versions


def value_of(row: Managed | TargetVersionRow, kind: type[T]) -> T:
    """Return the value of one row that came through the ORM; not for a target, which has its versions elsewhere."""
    said = {name: getattr(row, name) for name in (*BESIDE[kind], *_managed(type(row)))}
    return _read(kind, {**row.terms, **{name: value for name, value in said.items() if value is not None}})


def load_owners(session: Session) -> tuple[Owner, ...]:
    """Return every owner in force, by id."""
    return tuple(_values(session, Owner, _archived(OwnerRow, archived=False)))


def keep(session: Session, values: Sequence[Item], *, managed_by: str) -> None:
    """Write values of one kind, new or changed; what was archived is in force again. Versions are not looked at."""
    if not values:
        return
    table = TABLES[type(values[0])]
    only = _named(table.id, [values[0].id] if len(values) == 1 else None)
    rows = {row.id: row for row in session.scalars(select(table).where(*only))}
    for value in values:
        columns, row = columns_of(value), rows.get(value.id)
        if isinstance(value, Target):
            columns["revision"] = row.revision + 1 if isinstance(row, TargetRow) else 1
        if row is None:
            session.add(table.model_validate({**columns, "managed_by": managed_by}))
        else:
            _assign(row, {**columns, "archived_at": None})
    session.flush()


def keep_targets(session: Session, targets: Sequence[Target], *, managed_by: str, now: datetime) -> None:
    """Write targets and the versions they have gained. What they stand on is there already."""
    keep(session, targets, managed_by=managed_by)
    versions = load_versions(session, [targets[0].id] if len(targets) == 1 else None)
    for target in targets:
        for version in target.versions:
            correction, kept = versions[target.id].get(version.number, (-1, None))
            if kept != version:
                columns = {"target": target.id, "correction": correction + 1, "recorded_at": now}
                session.add(TargetVersionRow.model_validate({**columns, **columns_of(version)}))
    session.flush()


def _named(column: str, names: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if names is None else [col(column).in_(names)]


def _values(session: Session, kind: type[T], *wanted: ColumnElement[bool]) -> Iterator[T]:
    return (_read(kind, said) for said in _said(session, TABLES[kind], kind, *wanted))


def _said(
    session: Session, table: type[Any], kind: type[Any], *wanted: ColumnElement[bool], more: Iterable[str] = ()
) -> Iterator[dict[str, Any]]:
    """Give what the rows of a table say, in the order of their keys: plain tuples, objects cost five times as much."""
    names = (*BESIDE[kind], *_managed(table), *more)
    columns = [getattr(table, name) for name in names]
    query = select(table.terms, *columns).where(*wanted).order_by(*table.__table__.primary_key)
    for terms, *values in session.execute(query):
        yield {**terms, **{name: value for name, value in zip(names, values, strict=True) if value is not None}}


def _read(kind: type[T], said: dict[str, Any]) -> T:
    try:
        return read(kind, said)
    except (ValidationError, TypeError) as error:
        name = str(said.get("id") or f"version {said.get('number')}")
        raise StoreError("stored_unreadable", where=kind.__name__.lower(), said=name) from error


def _managed(table: type[Row]) -> tuple[str, ...]:
    return ("managed_by",) if issubclass(table, Managed) else ()


def _archived(table: type[Managed], *, archived: bool) -> ColumnElement[bool]:
    gone = col(table.archived_at)
    return gone.is_not(None) if archived else gone.is_(None)


def _assign(row: Managed, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
