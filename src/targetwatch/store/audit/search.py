"""The audit trail searched: by kind, object, person, time and words, a page at a time from either end.

Every filter but the words has an index. Words are looked for in everything an entry says, which reads every entry that
the other filters leave, until the page is full.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sqlalchemy import Text, UnaryExpression, and_, cast, or_, select
from sqlalchemy.sql.operators import custom_op
from sqlmodel import col

from targetwatch.model import Target
from targetwatch.model.catalogue import read
from targetwatch.model.people import Way
from targetwatch.store.audit.trail import entry_of
from targetwatch.store.catalogue.rows import ROWS, TABLES, load_owners, load_versions
from targetwatch.store.tables import AuditRow
from targetwatch.store.types import grown, spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from targetwatch.store.audit.trail import AuditEntry
    from targetwatch.store.catalogue.diff import Item

MUCH = 5_000
"""Entries of one actor that are found and sorted by the index in milliseconds."""


class AuditQuery(TypedDict, total=False):
    """What is looked for; what is left out, "" and None are everything.

    `object_id` also finds the parts of an object, `actor` whatever somebody of that name did: "sun" finds what Sun did
    on the web, on the command line and by a token. `until` is the last moment that still counts.
    """

    kind: str | None
    object_id: str | None
    actor: str | None
    since: datetime | None
    until: datetime | None
    words: str


def earlier(session: Session, kind: str, name: str, now: Mapping[str, Any]) -> list[tuple[AuditEntry, dict[str, Any]]]:
    """Return what the row of something said before each of its changes, newest first, from the columns it has `now`."""
    state, found = spelled(now), []
    for entry in entries(session, kind=kind, object_id=name):
        if entry.action == "change" and entry.object == name:
            state = {key: said for key, said in {**state, **(entry.old or {})}.items() if said is not None}
            for key in (entry.new or {}).keys() - (entry.old or {}).keys():
                state.pop(key, None)
            found.append((entry, grown(state)))
    return found


def entries(
    session: Session,
    *,
    before_id: int | None = None,
    after_id: int | None = None,
    limit: int | None = None,
    **wanted: Unpack[AuditQuery],
) -> tuple[AuditEntry, ...]:
    """Return the entries found, newest first: the newest, those before an entry, or those that follow one."""
    sqlite = session.connection().dialect.name == "sqlite"
    query = _filtered(select(AuditRow), wanted, sqlite=sqlite).limit(limit)
    number, actor = col(AuditRow.id), wanted.get("actor")
    if sqlite and actor and not _did_much(session, actor):
        number = _unindexed(number)
    if after_id is not None:
        query = query.where(number > after_id).order_by(number.asc())
        return tuple(reversed([entry_of(row) for row in session.scalars(query)]))
    if before_id is not None:
        query = query.where(number < before_id)
    return tuple(entry_of(row) for row in session.scalars(query.order_by(number.desc())))


def _filtered(query: Select[Any], wanted: AuditQuery, *, sqlite: bool) -> Select[Any]:
    if kind := wanted.get("kind"):
        query = query.where(col(AuditRow.kind) == kind)
    if name := wanted.get("object_id"):
        query = query.where(_whole_or_part(col(AuditRow.object), name, sqlite=sqlite))
    if actor := wanted.get("actor"):
        query = query.where(_by(actor, sqlite=sqlite))
    at = _unindexed(col(AuditRow.at)) if sqlite else col(AuditRow.at)
    if (since := wanted.get("since")) is not None:
        query = query.where(at >= since)
    if (until := wanted.get("until")) is not None:
        query = query.where(at <= until)
    for word in wanted.get("words", "").split():
        query = query.where(_says(word))
    return query


def _by(name: str, *, sqlite: bool) -> ColumnElement[bool]:
    names = (name, *(way.by(name) for way in Way))
    return or_(*(_whole_or_part(col(AuditRow.actor), one, sqlite=sqlite) for one in names))


def _did_much(session: Session, name: str) -> bool:
    """Return whether somebody did so much that walking the trail from its end soon fills a page.

    SQLite cannot know: of a million entries it would read all for a person of a hundred (0.5 s), or sort half of them
    for one who did half (1 s).
    """
    further = select(col(AuditRow.id)).where(_by(name, sqlite=True)).offset(MUCH - 1).limit(1)
    return session.scalar(further) is not None


def _whole_or_part(column: Any, name: str, *, sqlite: bool) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy's columns
    """Return whether a column is a name or a part of it ("name/3"), in a form that the database's index answers."""
    if sqlite:  # compares bytes: all that starts with "name/" lies before "name0"
        return or_(column == name, and_(column >= f"{name}/", column < f"{name}0"))
    return or_(column == name, column.startswith(f"{name}/", autoescape=True))


def _unindexed(column: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's columns
    """Return a column so that SQLite finds the entries of a time by walking them from the newest.

    Its index would be read for the whole of a long time, and all of that sorted, to show fifty: 1.7 s for a million.
    """
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _says(word: str) -> ColumnElement[bool]:
    """Return whether an entry says a word anywhere; a value is kept as JSON, where letters beyond ASCII are escaped."""
    plain = (col(AuditRow.object), col(AuditRow.actor), col(AuditRow.reason), col(AuditRow.kind))
    values = (cast(col(AuditRow.old), Text), cast(col(AuditRow.new), Text))
    return or_(
        *(column.icontains(word, autoescape=True) for column in plain),
        *(column.icontains(json.dumps(word)[1:-1], autoescape=True) for column in values),
    )


def last_saved(session: Session, kind: str, name: str, *, by: str = "", number: str = "") -> AuditEntry | None:
    """Return the last entry about something configured; None where it is not of that number, or by somebody else."""
    last = next(iter(entries(session, kind=kind, object_id=name, limit=1)), None)
    return last if last and by in {"", last.actor} and number in {"", str(last.id)} else None


def made_with(session: Session, last: AuditEntry) -> list[tuple[str, str]]:
    """Return the kinds and names of what an entry's stroke made, what stands on others first."""
    found = entries(session, actor=last.actor, since=last.at, until=last.at)
    return [(one.kind, one.object) for one in found if one.action == "add" and one.kind in ROWS]


def before(session: Session, last: AuditEntry) -> Item | None:
    """Return what something was before the stroke of its last entry; None where that made it."""
    row = session.get_one(ROWS[last.kind], last.object)
    columns = {name: getattr(row, name) for name in type(row).model_fields}
    strokes = [said for entry, said in earlier(session, last.kind, last.object, columns) if entry.at == last.at]
    if not strokes or (last.kind, last.object) in made_with(session, last):
        return None
    kind = next(kind for kind, table in TABLES.items() if table is type(row))
    said: dict[str, Any] = {name: one for name, one in strokes[-1].items() if name in kind.__dataclass_fields__}
    if kind is Target:
        said["owner"] = next(one for one in load_owners(session) if one.id == said["owner"])
        versions = load_versions(session, [last.object], by=last.at - last.at.resolution)[last.object]
        said["versions"] = tuple(version for _, version in versions.values())
    found: Item = read(kind, said)
    return found
