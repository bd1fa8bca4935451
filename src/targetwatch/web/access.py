"""Who is asking, and whether they may: the dependencies every route names the role it needs by.

A browser proves itself by the secret in its cookie, a program by its token (see `api`). Everything a person changes is
written under `Person.actor`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from targetwatch.errors import TargetwatchError
from targetwatch.model import Role
from targetwatch.store import db, people
from targetwatch.web.backstage import Behind

if TYPE_CHECKING:
    from targetwatch.web.backstage import Backstage

COOKIE = "targetwatch_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeededError(TargetwatchError):
    """Nobody is signed in, or not any more, where somebody has to be."""


class NotAllowedError(TargetwatchError):
    """Whoever is signed in may not do this."""

    def __init__(self, person: Person, needed: Role) -> None:
        self.person, self.needed = person, needed
        super().__init__(f"user '{person.name}': is {person.role}, expected {needed} or more")


class SimulatedError(TargetwatchError):
    """Something was to be written while the clock is simulated."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks. Nobody (`role` None) is a reader who is not signed in."""

    name: str = ""
    title: str = ""
    role: Role | None = None

    @property
    def actor(self) -> str:
        """Return the name under which their changes stand in the audit trail."""
        return f"web:{self.name}"

    def may(self, needed: Role) -> bool:
        """Return whether they may do what a role may."""
        return self.role is not None and self.role.may(needed)

    @property
    def may_edit(self) -> bool:
        """Return whether they may change targets and figures."""
        return self.may(Role.EDITOR)

    @property
    def may_administer(self) -> bool:
        """Return whether they may open accounts for others."""
        return self.may(Role.ADMIN)


NOBODY = Person()


def person(request: Request, behind: Behind) -> Person:
    """Return whoever asks; asked once a request, however many want to know."""
    known: Person | None = getattr(request.state, "person", None)
    if known is None:
        known = request.state.person = _by_cookie(request, behind)
    return known


def read(who: Annotated[Person, Depends(person)], behind: Behind) -> Person:
    """Return whoever reads a page that may be public; SignInNeededError where the setting says it is not."""
    if who.role is None and not behind.settings.public_pages:
        raise SignInNeededError("this page is not public, expected somebody who is signed in")
    return who


def at_least(needed: Role) -> Callable[..., Person]:
    """Return the dependency that lets nobody pass who may not do what `needed` may."""

    def allowed(request: Request, who: Annotated[Person, Depends(person)], behind: Behind) -> Person:
        if who.role is None:
            raise SignInNeededError(f"expected somebody who is signed in as {needed} or more")
        if not who.may(needed):
            raise NotAllowedError(who, needed)
        if request.method not in SAFE and behind.simulation is not None:
            raise SimulatedError("the clock is simulated, nothing may be written")
        return who

    return allowed


Asking = Annotated[Person, Depends(person)]
Reader = Annotated[Person, Depends(read)]
Viewing = Annotated[Person, Depends(at_least(Role.VIEWER))]
Editing = Annotated[Person, Depends(at_least(Role.EDITOR))]
Administering = Annotated[Person, Depends(at_least(Role.ADMIN))]


def _by_cookie(request: Request, behind: Backstage) -> Person:
    secret = request.cookies.get(COOKIE, "")
    if not secret:
        return NOBODY
    now = behind.now()
    with db.reading(behind.engine) as session:
        found = people.find(session, secret, now=now)
    if found is None:
        return NOBODY
    user, to_note = found
    if to_note:
        with db.writing(behind.engine, f"web:{user.name}", now=now) as session:
            people.note(session, secret, now=now)
    return Person(user.name, user.title or user.name, user.role)
