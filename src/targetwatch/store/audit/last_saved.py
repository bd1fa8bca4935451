"""What something configured was before it was last saved, and what was made in the same stroke: to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from targetwatch.model import Target
from targetwatch.model.catalogue import read
from targetwatch.store.audit.search import earlier, entries
from targetwatch.store.catalogue.rows import ROWS, TABLES, load_owners, load_versions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from targetwatch.store.audit.trail import AuditEntry
    from targetwatch.store.catalogue.diff import Item


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
