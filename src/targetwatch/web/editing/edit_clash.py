"""Two people at once: what they changed, what you changed, and how one goes on from there. Nothing typed is lost."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.store import audit
from targetwatch.web.editing import edit_differences, edit_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue
    from targetwatch.store.audit import AuditEntry
    from targetwatch.store.catalogue import Kept
    from targetwatch.web.editing.edit_differences import Difference

CHANGED, ARCHIVED, HANDED = "changed", "archived", "handed_back"
MOST_STARTED = 100_000
"""More bytes than a form can hold: what unpacks to more was not packed here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What happened meanwhile: who saved, archived or handed back the target, when, and what differs."""

    kind: str
    who: str
    at: datetime | None
    differences: tuple[Difference, ...]
    merged: Mapping[str, str]
    started: str
    expected: int
    is_clean: bool


def kind_of(kept: Kept, expected: int) -> str:
    """Return what happened to a target since a form was opened; "" when nothing did."""
    if kept.archived_at is not None:
        return ARCHIVED
    if kept.target.managed_by == "file":
        return HANDED
    return CHANGED if kept.revision != expected else ""


def of(
    session: Session,
    kept: Kept,
    *,
    was: Mapping[str, str],
    yours: Mapping[str, str],
    beside: Catalogue,
    language: str,
    kind: str,
) -> Clash:
    """Return what differs between the form as it was opened, the target as it is kept now, and what was typed."""
    theirs = edit_fields.of_target(kept.target)
    own = {name: text for name, text in yours.items() if name not in edit_fields.OF_VERSION}
    start = {name: text for name, text in was.items() if name not in edit_fields.OF_VERSION} or theirs
    differences = edit_differences.between((start, theirs, own), beside, language)
    last = last_change(session, kept.target.id)
    merged = edit_differences.merged(start, theirs, own)
    return Clash(
        kind=kind,
        who=last.actor if last else "",
        at=last.at if last else None,
        differences=differences,
        merged=merged | {name: yours[name] for name in edit_fields.OF_VERSION if name in yours},
        started=packed(theirs),
        expected=kept.revision,
        is_clean=not any(one.clash for one in differences),
    )


def last_change(session: Session, target_id: str) -> AuditEntry | None:
    """Return what was last done with a target, and by whom."""
    return next(iter(audit.entries(session, object_id=target_id, limit=1)), None)


def packed(values: Mapping[str, str]) -> str:
    """Return what a form said when it was opened, as the one field that remembers it."""
    said = json.dumps({name: text for name, text in values.items() if text}, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(said.encode())).decode()


def unpacked(text: str) -> dict[str, str]:
    """Return what a form said when it was opened; nothing where that has been tampered with."""
    try:
        unpacking = zlib.decompressobj()
        said = json.loads(unpacking.decompress(urlsafe_b64decode(text), MOST_STARTED))
    except (ValueError, RecursionError, zlib.error):
        return {}
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        return {}
    return edit_fields.typed(said)
