"""Writing what a form says, with what is new with it, and judging it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.store import catalogue, db

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue, Indicator, Programme, Publisher
    from targetwatch.web.access import Person
    from targetwatch.web.editing.edit_form import Draft
    from targetwatch.web.running import RunningService


def store(service: RunningService, draft: Draft, *, who: Person, reason: str, expected: int | None) -> None:
    """Write a draft with what is new with it, and judge anew.

    Raises:
        StoreError: nothing was written.
    """
    now = service.now()
    with db.writing(service.engine, who.actor, reason=reason, now=now) as session:
        save_new(session, draft.beside)
        catalogue.save_target(session, draft.target, now=now, expected=expected)
    service.judge()


def save_new(session: Session, beside: Catalogue) -> None:
    """Write what is new with a target: its programme, its publisher, its indicator."""
    new: list[Programme | Publisher | Indicator] = [*beside.programmes, *beside.publishers, *beside.indicators]
    for item in new:
        catalogue.save_item(session, item)
