"""Who is asking, and whether they may: the dependencies every route names the role it needs by.

A browser proves itself by the secret in its cookie, or is vouched for by a trusted proxy; a program proves itself by
its token (see `bearer`). Everything a person changes is written under `Person.actor`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from targetwatch.errors import StoreError, TargetwatchError
from targetwatch.model import Role, Scope, User
from targetwatch.store import db, people
from targetwatch.store.audit.actors import Way
from targetwatch.web.backstage import Behind
from targetwatch.web.people import cookies, peer

if TYPE_CHECKING:
    from targetwatch.web.backstage import Backstage

log = logging.getLogger(__name__)
NEEDS: dict[Callable[..., Any], str] = {}
"""What each of the dependencies that let somebody pass asks for: a role, or the setting that says who may."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeededError(TargetwatchError):
    """Nobody is signed in, or not any more, where somebody has to be."""


class NotAllowedError(TargetwatchError):
    """Whoever asks is known, and may not do this: `has` is what they may, `needed` what it takes."""

    def __init__(self, who: str, has: Role | Scope, needed: Role | Scope) -> None:
        self.has, self.needed = has, needed
        super().__init__(f"{who}: may {has}, expected {needed}" + (" or more" if isinstance(needed, Role) else ""))


class SimulatedError(TargetwatchError):
    """Something was to be written while the clock is simulated."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks. Nobody (`role` None) is a reader who is not signed in.

    `session` is the handle of the session they came with; a proxy's people have none, nor a password of ours.
    """

    name: str = ""
    title: str = ""
    role: Role | None = None
    session: str = ""

    @property
    def actor(self) -> str:
        """Return the name under which their changes stand in the audit trail."""
        return Way.WEB.by(self.name)

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
LONGEST_NAME = 100


def person(request: Request, behind: Behind) -> Person:
    """Return whoever asks; asked once a request, however many want to know."""
    known: Person | None = getattr(request.state, "person", None)
    if known is None:
        known = request.state.person = _by_proxy(request, behind) or _by_cookie(request, behind)
    return known


def unless_public(setting: str) -> Callable[..., Person]:
    """Return the dependency that lets nobody pass who is not signed in, where the setting of that name says so."""

    def allowed(who: Annotated[Person, Depends(person)], behind: Behind) -> Person:
        if who.role is None and not getattr(behind.settings, setting):
            raise SignInNeededError("this page is not public, expected somebody who is signed in")
        return who

    NEEDS[allowed] = setting
    return allowed


def at_least(needed: Role) -> Callable[..., Person]:
    """Return the dependency that lets nobody pass who may not do what `needed` may."""

    def allowed(request: Request, who: Annotated[Person, Depends(person)], behind: Behind) -> Person:
        if who.role is None:
            raise SignInNeededError(f"expected somebody who is signed in as {needed} or more")
        if not who.may(needed):
            raise NotAllowedError(f"user '{who.name}'", who.role, needed)
        if request.method not in SAFE and behind.simulation is not None:
            raise SimulatedError("the clock is simulated, nothing may be written")
        return who

    NEEDS[allowed] = needed.value
    return allowed


read = unless_public("public_pages")
read_wall = unless_public("public_wall")
Asking = Annotated[Person, Depends(person)]
Reader = Annotated[Person, Depends(read)]
Viewing = Annotated[Person, Depends(at_least(Role.VIEWER))]
Editing = Annotated[Person, Depends(at_least(Role.EDITOR))]
Administering = Annotated[Person, Depends(at_least(Role.ADMIN))]


def _by_proxy(request: Request, behind: Backstage) -> Person | None:
    """Return whom a trusted proxy names; None where none does. A disabled account is nobody, whoever vouches."""
    header = behind.settings.proxy_user_header
    said = request.headers.getlist(header) if header and peer.by_proxy(request) else []
    if not said:
        return None
    name = said[0].strip().lower() if len(said) == 1 else ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        log.warning("the proxy's header %s names nobody, expected one name of at most %d signs", header, LONGEST_NAME)
        return None
    with db.reading(behind.engine) as session:
        user = people.look_up(session, name)
    if user is not None:
        return _known(user) if user.disabled_at is None else NOBODY
    role = behind.settings.proxy_default_role
    return Person(name, name, role) if role is not None else NOBODY


def _by_cookie(request: Request, behind: Backstage) -> Person:
    secret = cookies.read(request, cookies.SESSION)
    if not secret:
        return NOBODY
    now = behind.now()
    with db.reading(behind.engine) as session:
        found = people.find(session, secret, now=now)
    if found is None:
        return NOBODY
    user, to_note = found
    if to_note:
        _note(behind, user, secret)
    return _known(user, people.handle_of(people.hashed(secret)))


def _note(behind: Backstage, user: User, secret: str) -> None:
    """Write down that a browser was heard of; a page does not fail because somebody else is writing just now."""
    now = behind.now()
    try:
        with db.writing(behind.engine, Way.WEB.by(user.name), now=now) as session:
            people.note(session, secret, now=now)
    except StoreError as error:
        log.warning("user '%s': was heard of, which could not be written down: %s", user.name, error)


def _known(user: User, session: str = "") -> Person:
    return Person(user.name, user.title or user.name, user.role, session)
