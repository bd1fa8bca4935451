"""What the entries of the audit trail speak of: the readings, the held readings and the versions they name by number.

Read in a few queries for a whole page of entries, so that each can be put into words. What an option of a source may
hide is masked in an entry that leaves the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from targetwatch.model import Catalogue, TargetVersion
from targetwatch.model.people import actor_of
from targetwatch.store import keys
from targetwatch.store.audit.trail import HIDDEN
from targetwatch.store.catalogue.rows import load_rows, value_of
from targetwatch.store.db import slices
from targetwatch.store.readings.rows import published_of
from targetwatch.store.tables import HeldRow, ReadingRow, TargetVersionRow
from targetwatch.store.types import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from targetwatch.model import Reading
    from targetwatch.store.audit import AuditEntry

UNFOLDED = 50
"""How many readings of a batch are named one by one."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a page of entries speaks of."""

    readings: Mapping[int, Reading] = field(default_factory=dict)
    held: Mapping[int, Reading] = field(default_factory=dict)
    versions: Mapping[str, TargetVersion] = field(default_factory=dict)
    """By the object of the entry that added each."""
    before: Mapping[str, TargetVersion] = field(default_factory=dict)
    """The version in force before, by the same."""
    tokens: Mapping[int, str] = field(default_factory=dict)
    """What the tokens are for that something was done by."""
    archived: Catalogue = field(default_factory=Catalogue)
    """What is not in force any more, and has its names and units yet."""


def subjects_of(session: Session, entries: Sequence[AuditEntry]) -> Subjects:
    """Return what these entries speak of."""
    batches = [entry.new or {} for entry in entries if entry.kind == "reading"]
    numbers = {number for new in batches for number in batch_numbers(new)}
    numbers |= {int((entry.new or {})["reading"]) for entry in entries if entry.kind == "withdrawal" and entry.new}
    held = {int(entry.object) for entry in entries if entry.kind == "held"}
    versions, before = _versions(session, [entry.object for entry in entries if entry.kind == "target_version"])
    return Subjects(
        readings={row.id: _reading(row) for row in _rows(session, ReadingRow, numbers)},
        held={row.id: _reading(row) for row in _rows(session, HeldRow, held)},
        versions=versions,
        before=before,
        tokens=_tokens(session, entries),
        archived=load_rows(session, archived=True),
    )


def _tokens(session: Session, entries: Iterable[AuditEntry]) -> dict[int, str]:
    actors = (actor_of(actor) for actor in {entry.actor for entry in entries})
    return keys.titles(session, (actor.token for actor in actors if actor and actor.token is not None))


def batch_numbers(new: Mapping[str, Any]) -> range:
    """Return the numbers of the readings of a batch that are named one by one."""
    first = int(new["first"])
    return range(first, min(int(new["last"]), first + UNFOLDED - 1) + 1)


def _rows(session: Session, table: type[Any], numbers: Iterable[int]) -> Iterable[Any]:
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        yield from session.scalars(select(table).where(col(table.id).in_(wanted[start : start + 500])))


def _reading(row: Any) -> Reading:  # noqa: ANN401 - a row of either table
    return replace(published_of(row), id=row.id)


def _versions(session: Session, objects: Iterable[str]) -> tuple[dict[str, TargetVersion], dict[str, TargetVersion]]:
    """Return the versions added, and what each replaced: its last correction, or the version before it."""
    keys = {name: _key(name) for name in objects}
    rows: dict[str, list[TargetVersionRow]] = {}
    for some in slices({target for target, _, _ in keys.values()}):
        query = select(TargetVersionRow).where(col(TargetVersionRow.target).in_(some))
        for row in session.scalars(query.order_by(col(TargetVersionRow.number), col(TargetVersionRow.correction))):
            rows.setdefault(row.target, []).append(row)
    versions, before = {}, {}
    for name, (target, number, correction) in keys.items():
        places = [(row.number, row.correction) for row in rows.get(target, ())]
        if (number, correction) not in places:
            continue
        versions[name] = value_of(rows[target][places.index((number, correction))], TargetVersion)
        earlier = [place for place in places if place < (number, correction)]
        if earlier:
            before[name] = value_of(rows[target][places.index(max(earlier))], TargetVersion)
    return versions, before


def _key(name: str) -> tuple[str, int, int]:
    target, number, correction = name.rsplit("/", 2)
    return target, int(number), int(correction)


PRIVATE = re.compile(r"options\.(fetch\.)?(\w+\.)?(headers|params|body|query|oauth2)\b")
"""Options of a source that may hold a secret; what is left to the environment is shown as it is written."""
ADDRESS = re.compile(r"\w+://[^?]*\?")
"""An address with a query, in which a key may stand."""


def safe(columns: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the columns of an entry as they may leave the program: what an option of a source may hide is masked."""
    return None if columns is None else {path: masked(path, value) for path, value in by_path(columns).items()}


def by_path(columns: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return columns with the options of a source by path, as they have been told since rows are packed."""
    told = dict(columns or {})
    options = told.pop("options", None)
    return told | (leaves({"options": options}) if options is not None else {})


def masked(path: str, value: object) -> object:
    """Return the value at a path of a row as it may be shown."""
    if PRIVATE.match(path):
        return _hidden(value)
    if path.startswith("options.") and isinstance(value, str) and ADDRESS.match(value):
        return f"{value.partition('?')[0]}?{HIDDEN}"
    return value


def _hidden(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _hidden(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    is_left_out = isinstance(value, str) and value.startswith("${") and value.endswith("}")
    return value if is_left_out or value in (None, "") else HIDDEN
