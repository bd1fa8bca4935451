"""The proof: the chain is whole, the readings are those that were recorded, the rows are what the trail says they are.

Everything is read raw, so that a value which cannot even be understood any more is found rather than stumbled on.
Anyone who can write to the database can also recompute the whole chain. To be safe from that person too, keep the
head (`audit.head`) somewhere else and compare.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean

from targetwatch.model.problem import Problem
from targetwatch.store.audit.trail import HIDDEN, PACK, head, link
from targetwatch.store.readings.rows import seal, sealed
from targetwatch.store.tables import Row
from targetwatch.store.types import TERMS, canonical, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

NAMES = ("id", "at", "actor", "action", "kind", "object", "old", "new", "reason", "hash")


@dataclass(slots=True)
class _Batch:
    """Readings added together, as the trail tells of them, and what of them was found."""

    entry: int
    first: int
    last: int
    seal: str
    listed: dict[int, str]
    found: dict[int, str] = field(default_factory=dict)


def verify(session: Session) -> tuple[Problem, ...]:
    """Return everything that was tampered with, each saying which entry, reading or row; empty when all is well."""
    problems: list[Problem] = []
    batches: list[_Batch] = []
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _chain(session, problems):
        if row["kind"] == "reading" and row["action"] == "add":
            batches.append(_batch(row))
        else:
            problems.extend(_replay(told, row))
    problems.extend(_readings(session, batches))
    problems.extend(_rows(session, told))
    return tuple(problems)


def _chain(session: Session, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """Give every entry whose content can be trusted to be readable, noting what does not follow."""
    previous, expected = "", 1
    query = f"SELECT {', '.join(_quoted(session, NAMES))} FROM audit ORDER BY id"  # noqa: S608 - our own names
    for values in session.connection().exec_driver_sql(query):
        row = dict(zip(NAMES, values, strict=True))
        gap = row["id"] != expected
        if gap:
            missing = str(expected) if row["id"] == expected + 1 else f"{expected}..{row['id'] - 1}"
            problems.append(Problem("entry_removed", {"entry": missing}))
        readable = _read(row, "old") and _read(row, "new")
        if not readable or (not gap and link(previous, row) != row["hash"]):
            problems.append(Problem("entry_changed", {"entry": str(row["id"])}))
        previous, expected = row["hash"], row["id"] + 1
        if readable:
            yield row
    count, last = head(session)
    if count >= expected:
        missing = str(expected) if count == expected else f"{expected}..{count}"
        problems.append(Problem("entry_removed", {"entry": missing}))
    elif count < expected - 1:
        problems.append(Problem("entry_added", {"entry": str(expected - 1), "count": str(count)}))
    elif last != previous:
        problems.append(Problem("entry_not_head", {"entry": str(expected - 1)}))


def _read(row: dict[str, Any], name: str) -> bool:
    """Read a JSON column that the driver left as text; False when it is none."""
    if isinstance(row[name], str):
        try:
            row[name] = json.loads(row[name])
        except ValueError:
            return False
    return True


def _batch(row: dict[str, Any]) -> _Batch:
    new = row["new"]
    listed = {reading["id"]: reading["digest"] for reading in new.get("readings", ())}
    return _Batch(entry=row["id"], first=new["first"], last=new["last"], seal=new["seal"], listed=listed)


def _replay(told: dict[tuple[str, str], dict[str, Any]], row: dict[str, Any]) -> Iterator[Problem]:
    """Follow what the trail tells of a row; an entry that found another value than the last one left is pointed out.

    Where the rows were packed anew ("pack"), the entry tells all that they say from then on.
    """
    place = (row["kind"], row["object"])
    known, old = told.get(place, {}), row["old"] or {}
    told_of = {"kind": row["kind"], "object": row["object"], "entry": str(row["id"])}
    for name, value in old.items():
        if name in known and canonical(known[name]) != canonical(value):
            sides = {"name": name, "value": canonical(value), "known": canonical(known[name])}
            yield Problem("told_otherwise", told_of | sides)
    if row["action"] == "delete":
        told.pop(place, None)
    else:
        told[place] = {**({} if row["action"] == PACK else known), **(row["new"] or {})}


def _readings(session: Session, batches: list[_Batch]) -> Iterator[Problem]:
    waiting = sorted(batches, key=lambda batch: batch.first)
    place = 0
    for number, stored, now in sealed(session):
        while place < len(waiting) and waiting[place].last < number:
            place += 1
        batch = waiting[place] if place < len(waiting) and waiting[place].first <= number else None
        if batch is None:
            yield Problem("reading_slipped_in", {"reading": str(number)})
            continue
        batch.found[number] = stored
        if stored != now or batch.listed.get(number, stored) != stored:
            yield Problem("reading_changed", {"reading": str(number), "entry": str(batch.entry)})
            batch.seal = ""
    for batch in waiting:
        yield from _whole(batch)


def _whole(batch: _Batch) -> Iterator[Problem]:
    missing = [number for number in range(batch.first, batch.last + 1) if number not in batch.found]
    for number in missing:
        yield Problem("reading_removed", {"reading": str(number), "entry": str(batch.entry)})
    if batch.seal and not missing and seal(batch.found.values()) != batch.seal:
        values = {"first": str(batch.first), "last": str(batch.last), "entry": str(batch.entry)}
        yield Problem("readings_resealed", values)


def _rows(session: Session, told: dict[tuple[str, str], dict[str, Any]]) -> Iterator[Problem]:
    """Compare every audited row with what the trail tells of it."""
    for table in _audited():
        names = table.columns.keys()
        query = f"SELECT {', '.join(_quoted(session, names))} FROM {_quoted(session, [table.name])[0]}"  # noqa: S608 - our own names
        for values in session.connection().exec_driver_sql(query):
            row = {name: _plain(table, name, value) for name, value in zip(names, values, strict=True)}
            name = "/".join(str(row[column.name]) for column in table.primary_key)
            expected = told.pop((table.name, name), None)
            if expected is None:
                yield Problem("row_slipped_in", {"kind": table.name, "object": name})
                continue
            found = spelled(row)
            checked = found.keys() | (expected.keys() if TERMS in row else expected.keys() & found.keys())
            for path in sorted(checked):
                value, known = canonical(found.get(path)), canonical(expected.get(path))
                if expected.get(path) != HIDDEN and value != known:
                    sides = {"name": path, "value": value, "known": known}
                    yield Problem("row_differs", {"kind": table.name, "object": name, **sides})
    yield from (Problem("row_removed", {"kind": kind, "object": name}) for kind, name in told)


def _audited() -> list[Table]:
    classes = (mapper.class_ for mapper in Row._sa_registry.mappers)  # noqa: SLF001 - SQLModel keeps it there
    return sorted((row.__table__ for row in classes if row.audited), key=lambda table: str(table.name))


def _plain(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - whatever the driver gives
    """Return a raw value as the trail holds it."""
    kind = table.columns[name].type
    if isinstance(kind, Boolean) and value in {0, 1}:
        return bool(value)
    if isinstance(kind, JSON) and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return json.loads(canonical(value))


def _quoted(session: Session, names: Any) -> list[str]:  # noqa: ANN401 - any iterable of names
    quote = session.connection().dialect.identifier_preparer.quote
    return [quote(name) for name in names]
