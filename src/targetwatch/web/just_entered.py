"""What somebody has just entered or changed, for as long as one click takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from targetwatch import ingest
from targetwatch.errors import ConflictError, NotFoundError
from targetwatch.model import Target
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.store import readings as stored
from targetwatch.store.audit.search import before, last_saved, made_with
from targetwatch.store.guards import WEB
from targetwatch.store.readings import acts
from targetwatch.web.access import NOBODY, Person
from targetwatch.web.running import RunningService, number_of, running_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from starlette.requests import Request

    from targetwatch.ingest import Entered
    from targetwatch.model import Reading
    from targetwatch.store.catalogue.diff import Item
    from targetwatch.wording.translation import Translator

WITHIN = timedelta(minutes=15)
MOST_DIGITS = 15
MOST_LISTED = 50


FIGURES, DECISIONS = ("figure_saved", "pasted", "article_saved"), ("accepted", "rejected")
"""What is said to be done, and taken back as figures, or as what was decided about one."""


def way_back(request: Request, said: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return where, and with which fields, one click takes back what an address says was done; None where none does."""
    person, service = getattr(request.state, "person", NOBODY), running_service(request)
    done = said.get("done", "")
    if not person.may_edit or service.simulation is not None:
        return None
    try:
        with db.reading(service.engine) as session:
            if done in FIGURES:
                first, last = numbers(said.get("reading") or said.get("saved", ""))
                entered = just_entered(session, first, last, actor=person.actor, now=service.now())
                return ("/figures/undo", {"entered": entered.name}) if entered else None
            if done in DECISIONS:
                return f"/held/{number(said.get('held', ''))}/undo", {"seen": done}
            if said.get("kind") in {"target", "indicator", "source"}:
                by, name = person.actor, said.get("name", "")
                entry = last_saved(session, said["kind"], name, by=by, number=said.get("entry", ""))
                if entry is not None and entry.at >= service.now() - WITHIN:
                    return f"/{entry.kind}s/{entry.object}/undo", {"entry": str(entry.id)}
    except NotFoundError:
        return None
    return None


def take_back(service: RunningService, kind: str, name: str, entry: str, who: Person, _: Translator) -> Item | None:
    """Let something be again what it was before it was last saved and return that; what was made then is archived.

    What was promised is never written over: a further version says again what the one before said.

    Raises:
        ConflictError: that is not the last that was done with it, or somebody else did it.
    """
    now = service.now()
    with db.writing(service.engine, who.actor, reason=Problem("undone_at_once").to_text(), now=now) as session:
        last = last_saved(session, kind, name, by=who.actor, number=entry)
        if last is None:
            raise ConflictError("changed_meanwhile", where=kind, said=name)
        was, kept = before(session, last), catalogue.find(session, name)
        if was is None:
            for of, one in made_with(session, last):
                catalogue.archive(session, one, now=now, kind=of)
        elif isinstance(was, Target) and kept is not None:
            versions = kept.target.versions
            if len(versions) > len(was.versions):
                said = _("undoes version {number}", number=len(versions))
                effective = versions[len(was.versions)].effective
                versions += (replace(was.versions[-1], number=len(versions) + 1, effective=effective, reason=said),)
            catalogue.save_target(session, replace(was, versions=versions), now=now, expected=kept.revision)
        else:
            catalogue.save_item(session, was)
        if was is not None and was.managed_by != WEB:
            catalogue.hand_back(session, name, kind=kind)
    service.judge()
    return was


def done(session: Session, kind: str, name: str, what: str) -> str:
    """Return what an address says after something configured was saved: `way_back` understands it."""
    entry = last_saved(session, kind, name)
    return urlencode({"done": what, "kind": kind, "name": name, "entry": entry.id if entry else ""})


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
    found = number_of(said, digits=MOST_DIGITS)
    if found is None:
        raise NotFoundError("reading", said[:MOST_DIGITS])
    return found
