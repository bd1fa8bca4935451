"""Has the catalogue changed? Told from the audit trail, which nothing that is configured can pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.store.tables import AuditRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KINDS = ("programme", "publisher", "owner", "indicator", "source", "target", "target_version")


def stamp(session: Session) -> int:
    """Return the number of the last audit entry about anything configured; 0 before the first."""
    return int(session.scalar(select(func.max(col(AuditRow.id))).where(col(AuditRow.kind).in_(KINDS))) or 0)
