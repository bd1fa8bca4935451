"""What a configured thing stands on, and how that comes back into force with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from targetwatch.model import Indicator, Target
from targetwatch.store.catalogue import mapping
from targetwatch.store.catalogue.keep import ROWS
from targetwatch.store.guards import managing
from targetwatch.store.tables import IndicatorRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Named: TypeAlias = tuple[str, str]
"""A kind and an id."""


def stands_on(value: Target | Indicator) -> list[Named]:
    """Return what a target or an indicator names: its indicator and programme; its publisher and what it is made of."""
    if isinstance(value, Target):
        return [("indicator", value.indicator), *_named("programme", value.programme)]
    parts = value.derivation.of if value.derivation else ()
    return [*_named("publisher", value.authority), *(("indicator", part) for part in parts)]


def bring_back(session: Session, value: Target | Indicator) -> None:
    """Put in force again whatever `value` stands on and was archived since, each as managed as it was."""
    waiting, seen = stands_on(value), set[Named]()
    while waiting:
        named = waiting.pop()
        if named in seen:
            continue
        seen.add(named)
        kind, name = named
        row = session.get(ROWS[kind], name)
        if row is None:
            continue
        if isinstance(row, IndicatorRow):
            waiting += stands_on(mapping.indicator_of(row))
        if row.archived_at is not None:
            with managing(session, row.managed_by):
                row.archived_at = None


def _named(kind: str, name: str) -> list[Named]:
    return [(kind, name)] if name else []
