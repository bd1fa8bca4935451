"""Every reading, or every status there was, as it leaves the program whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from targetwatch.store import catalogue, readings, statuses
from targetwatch.wording import exported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def lines(session: Session, what: Literal["readings", "statuses"], form: str) -> Iterator[str]:
    """Give the lines of one of `exported.FORMS`, read while they are given."""
    known = catalogue.load_every(session)
    if what == "readings":
        rows = exported.readings(readings.every(session), known)
    else:
        rows = exported.statuses(statuses.every(session), known)
    yield from exported.written(rows, form)
