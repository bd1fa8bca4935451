"""Whoever answers for targets, without the targets: who they are and where their mail goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import NotFoundError
from targetwatch.store.catalogue.mapping import owner_of
from targetwatch.store.tables import OwnerRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from targetwatch.model import Owner


def owners(session: Session) -> tuple[Owner, ...]:
    """Return every owner in force, by id."""
    query = select(OwnerRow).where(col(OwnerRow.archived_at).is_(None)).order_by(col(OwnerRow.id))
    return tuple(owner_of(row) for row in session.scalars(query))


def owner(session: Session, name: str) -> Owner:
    """Return one owner; NotFoundError when there is none of that id."""
    found = {one.id: one for one in owners(session)}
    if name not in found:
        raise NotFoundError("owner", name, found)
    return found[name]
