"""What somebody has just entered, for as long as one click takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from targetwatch import ingest
from targetwatch.errors import NotFoundError
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings import acts
from targetwatch.web.access import NOBODY
from targetwatch.web.running import RunningService, running_service

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from targetwatch.ingest import Entered
    from targetwatch.model import Reading

WITHIN = timedelta(minutes=15)
MOST_DIGITS = 15
MOST_LISTED = 50


def offered(request: Request, said: str) -> Entered | None:
    """Return what an address names, "91" or "91..93", when whoever asks has just entered it and may take it back."""
    person = getattr(request.state, "person", NOBODY)
    service = running_service(request)
    if not said or not person.may_edit or service.simulation is not None:
        return None
    try:
        first, last = numbers(said)
        with db.reading(service.engine) as session:
            return just_entered(session, first, last, actor=person.actor, now=service.now())
    except NotFoundError:
        return None


def saved(service: RunningService, said: str) -> tuple[Reading, ...]:
    """Return the figures just saved, as an address names them: the first of them when there are many."""
    try:
        first, last = numbers(said) if said else (1, 0)
        with db.reading(service.engine) as session:
            return tuple(stored.get(session, number) for number in range(first, min(last, first + MOST_LISTED - 1) + 1))
    except NotFoundError:
        return ()


def just_entered(session: Session, first: int, last: int, *, actor: str, now: datetime) -> Entered | None:
    """Return what somebody has entered in one stroke within the last minutes, all of it still in force; else None."""
    return ingest.entered(session, first, last, actor=actor, since=now - WITHIN)


def just_withdrawn(session: Session, reading_id: int, *, actor: str, now: datetime) -> bool:
    """Return whether the last that was done to a reading is that somebody withdrew it, within the last minutes."""
    last = acts(session, reading_id)[-1]
    return (last.action, last.actor) == ("withdraw", actor) and last.at >= now - WITHIN


def numbers(said: str) -> tuple[int, int]:
    """Return the first and the last number of readings entered in one stroke.

    >>> numbers("91"), numbers("91..93")
    ((91, 91), (91, 93))

    Raises:
        NotFoundError: they are none.
    """
    first, _, last = said.partition("..")
    return number(first), number(last or first)


def number(said: str) -> int:
    """Return the number of a reading as it stands in an address.

    Raises:
        NotFoundError: it is none.
    """
    if not (said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS):
        raise NotFoundError("reading", said[:MOST_DIGITS])
    return int(said)
