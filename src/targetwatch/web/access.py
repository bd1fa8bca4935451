"""Who is asking, whether they may, and about which moment: the dependencies every route names the role it needs by.

A browser proves itself by the secret in its cookie, or is vouched for by a trusted proxy; a program proves itself by
its token (`Authorization: Bearer`), which opens the API and the metrics and no page. Everything a person or a program
changes is written under its `actor`, which readers are told in words: "web:sun" is Sun, "api:sun/3" what one of Sun's
tokens did.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from targetwatch.errors import StoreError, TargetwatchError
from targetwatch.model import AsOf, Clock, Role, Scope, User
from targetwatch.model.people import PROGRAMS, Way, actor_of
from targetwatch.store import accounts, db, keys
from targetwatch.web import headers, running
from targetwatch.web.running import Moment, RunningService, Service, day_of, running_service
from targetwatch.wording.translation import N_, translator

log = logging.getLogger(__name__)
NEEDS: dict[Callable[..., Any], str] = {}
"""What each of the dependencies that let somebody pass asks for: a role, or the setting that says who may."""
READ = ["GET", "HEAD"]
"""The methods of an address that shows something."""
SAFE = frozenset({*READ, "OPTIONS"})
LONGEST_NAME = 100
MOST_REMEMBERED = 1000
SEEN_LATELY = timedelta(minutes=1)
SETTING = "api"
"""Who the one token of the settings is, in the audit trail."""


class SignInNeededError(TargetwatchError):
    """Nobody is signed in, or not any more, where somebody has to be."""


class NotAllowedError(TargetwatchError):
    """Whoever asks is known, and may not do this: `has` is what they may, `needed` what it takes."""

    def __init__(self, has: Role | Scope, needed: Role | Scope, *, who: str = "") -> None:
        self.has, self.needed = has, needed
        values = {"has": has.value, "needed": needed.value}
        if isinstance(needed, Role):
            super().__init__("role_too_low", where="user", said=who, **values)
        else:
            super().__init__("scope_too_narrow", where="token", **values)


class RefusedError(TargetwatchError):
    """What was sent cannot be taken: every reason at once."""


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


@dataclass(frozen=True, slots=True)
class Program:
    """Whoever brings a token: the name its changes stand under, and what it may do until when."""

    actor: str
    scope: Scope
    until: datetime | None = None


@dataclass(slots=True)
class GoodTokens:
    """Tokens seen to be good, so that the metrics are still told while the database that knows them is away.

    For `SEEN_LATELY` they are believed without asking it: a scrape waits for nobody.
    """

    _good: OrderedDict[str, tuple[Program, datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, secret: str, found: Program | None, *, now: datetime) -> None:
        """Keep what a token was found to be; None forgets it."""
        key = hashlib.sha256(secret.encode()).hexdigest()
        with self._lock:
            self._good.pop(key, None)
            if found is not None:
                self._good[key] = found, now
            while len(self._good) > MOST_REMEMBERED:
                self._good.popitem(last=False)

    def last(self, secret: str, *, now: datetime, within: timedelta = timedelta.max) -> Program | None:
        """Return what a token was last found to be, when it has not expired since, and was seen so lately."""
        with self._lock:
            found, seen = self._good.get(hashlib.sha256(secret.encode()).hexdigest(), (None, now))
        return found if found and (found.until is None or found.until > now) and now - seen < within else None


def person(request: Request, service: Service) -> Person:
    """Return whoever asks; asked once a request, however many want to know."""
    known: Person | None = getattr(request.state, "person", None)
    if known is None:
        known = request.state.person = _by_proxy(request, service) or _by_cookie(request, service)
    return known


def unless_public(setting: str) -> Callable[..., Person]:
    """Return the dependency that lets nobody pass who is not signed in, where the setting of that name says so.

    While the database is away, whoever asks for what is public is nobody in particular.
    """

    def allowed(request: Request, service: Service) -> Person:
        is_public = getattr(service.settings, setting)
        try:
            who = person(request, service)
        except StoreError:
            if not is_public:
                raise
            who = request.state.person = NOBODY
        if who.role is None and not is_public:
            raise SignInNeededError("page_not_public")
        return who

    NEEDS[allowed] = setting
    return allowed


def at_least(needed: Role) -> Callable[..., Person]:
    """Return the dependency that lets nobody pass who may not do what `needed` may."""

    def allowed(request: Request, who: Annotated[Person, Depends(person)], service: Service) -> Person:
        if who.role is None:
            raise SignInNeededError("role_expected", needed=needed.value)
        if not who.may(needed):
            raise NotAllowedError(who.role, needed, who=who.name)
        if request.method not in SAFE and service.simulation is not None:
            raise SimulatedError("clock_simulated")
        return who

    NEEDS[allowed] = needed.value
    return allowed


def program_unless_public(setting: str) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency of what programs read: a token or somebody signed in, where the setting asks for one."""

    async def allowed(request: Request) -> None:
        if not getattr(running_service(request).settings, setting):
            await run_in_threadpool(known_reader, request)

    NEEDS[allowed] = setting
    return allowed


def known_reader(request: Request) -> None:
    """Let pass whoever brings a token or is signed in; SignInNeededError for anybody else."""
    if program(request) is None and person(request, running_service(request)).role is None:
        raise SignInNeededError("token_to_read_expected")


NEEDS[known_reader] = Role.VIEWER.value


def recorder(request: Request) -> Program:
    """Return the program that may enter readings.

    Raises:
        SignInNeededError: it brings no token, or none that is good.
        NotAllowedError: its token may only read.
    """
    found = program(request)
    if found is None:
        raise SignInNeededError("token_to_record_expected")
    if found.scope is not Scope.RECORD:
        raise NotAllowedError(found.scope, Scope.RECORD)
    return found


def program(request: Request) -> Program | None:
    """Return the program a request comes from; None when it brings no token that is good."""
    secret = _bearer(request)
    return _by_setting(request, secret) or _by_token(request, running_service(request), secret) if secret else None


def by_address(request: Request) -> None:
    """Let pass whom the address lets pass, no cookie asked: anybody where pages are public, else a token for feeds."""
    service, secret = running_service(request), request.query_params.get("token", "")
    if service.settings.public_pages:
        return
    with db.reading(service.engine) as session:
        token = keys.find_token(session, secret, now=service.now()) if secret else None
    if token is None or token.scope is not Scope.FEED:
        raise SignInNeededError("token_in_address_expected")


def subscriber(request: Request) -> None:
    """Let pass whom the address lets pass, or who is signed in."""
    if not running_service(request).settings.public_pages and person(request, running_service(request)).role is None:
        by_address(request)


NEEDS[by_address], NEEDS[subscriber] = Scope.FEED.value, "public_pages"


def seen_lately(request: Request) -> bool:
    """Return whether a program brings a token known to be good without asking the database."""
    secret, good = _bearer(request), request.app.state.good_tokens
    now = running_service(request).now()
    return bool(secret) and bool(_by_setting(request, secret) or good.last(secret, now=now, within=SEEN_LATELY))


read = unless_public("public_pages")
read_wall = unless_public("public_wall")
Asking = Annotated[Person, Depends(person)]
Reader = Annotated[Person, Depends(read)]
Viewing = Annotated[Person, Depends(at_least(Role.VIEWER))]
Editing = Annotated[Person, Depends(at_least(Role.EDITOR))]
Administering = Annotated[Person, Depends(at_least(Role.ADMIN))]


def asked(
    request: Request,
    service: Service,
    as_of: Annotated[str, Query(description="As known at the end of that day, YYYY-MM-DD; empty: now")] = "",
    clock: Annotated[
        str, Query(description="published: what was public by then; recorded: what this installation had")
    ] = "",
) -> Moment:
    """Return the moment a request asks about.

    Raises:
        BadMomentError: it names no day, or one that is yet to come.
        NotReadyError: there is no snapshot yet.
    """
    present = service.current()
    today = present.as_of.day
    said = as_of.strip()
    wanted = Clock.RECORDED if clock.strip() == Clock.RECORDED.value else Clock.PUBLISHED
    clock_said = wanted.value if wanted is Clock.RECORDED else ""
    day = day_of(said, today) if said else today
    if day == today and wanted is present.as_of.clock:
        return Moment(present, present)
    moment = AsOf.end_of(day, service.settings.zone, wanted)
    return Moment(service.past(moment, lambda: _address(request)), present, day.isoformat(), clock_said)


Asked = Annotated[Moment, Depends(asked)]


def _address(request: Request) -> str:
    """Return where a request comes from; "" from whoever brings a token or is signed in."""
    try:
        known_reader(request)
    except (SignInNeededError, StoreError):
        return request.client.host if request.client else "unknown"
    return ""


def _by_proxy(request: Request, service: RunningService) -> Person | None:
    """Return whom a trusted proxy names; None where none does. A disabled account is nobody, whoever vouches."""
    header = service.settings.proxy_user_header
    said = request.headers.getlist(header) if header and headers.by_proxy(request) else []
    if not said:
        return None
    name = said[0].strip().lower() if len(said) == 1 else ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        log.warning("the proxy's header %s names nobody, expected one name of at most %d signs", header, LONGEST_NAME)
        return None
    with db.reading(service.engine) as session:
        user = accounts.look_up(session, name)
    if user is not None:
        return _known(user) if user.disabled_at is None else NOBODY
    role = service.settings.proxy_default_role
    return Person(name, name, role) if role is not None else NOBODY


def _by_cookie(request: Request, service: RunningService) -> Person:
    secret = running.read_cookie(request, running.SESSION)
    if not secret:
        return NOBODY
    now = service.now()
    with db.reading(service.engine) as session:
        found = keys.find(session, secret, now=now)
    if found is None:
        return NOBODY
    user, to_note = found
    if to_note:
        _note(service, user, secret)
    return _known(user, keys.handle_of(secret))


def _note(service: RunningService, user: User, secret: str) -> None:
    """Write down that a browser was heard of; a page does not fail because somebody else is writing just now."""
    now = service.now()
    try:
        with db.writing(service.engine, Way.WEB.by(user.name), now=now) as session:
            keys.note(session, secret, now=now)
    except StoreError as error:
        log.warning("user '%s': was heard of, which could not be written down: %s", user.name, error)


def _known(user: User, session: str = "") -> Person:
    return Person(user.name, user.title or user.name, user.role, session)


def _bearer(request: Request) -> str:
    """Return the token a request brings; "" when it brings none."""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    return said.strip() if scheme.lower() == "bearer" else ""


def _by_setting(request: Request, secret: str) -> Program | None:
    token = running_service(request).settings.api_token
    wanted = token.get_secret_value() if token is not None else ""
    is_it = bool(wanted) and hmac.compare_digest(secret.encode(), wanted.encode())
    return Program(SETTING, Scope.RECORD) if is_it else None


def _by_token(request: Request, service: RunningService, secret: str) -> Program | None:
    good: GoodTokens = request.app.state.good_tokens
    now = service.now()
    try:
        with db.reading(service.engine) as session:
            token = keys.find_token(session, secret, now=now)
    except StoreError:
        if (last := good.last(secret, now=now)) is None:
            raise
        return last
    actor = Way.API.by(f"{token.account}/{token.id}") if token is not None else ""
    is_program = token is not None and token.scope is not Scope.FEED
    found = Program(actor, token.scope, token.expires_at) if token is not None and is_program else None
    good.keep(secret, found, now=now)
    return found


SAID = {
    "service": N_("the service itself"),
    "serve": N_("the service at its start"),
    "reload": N_("the configuration files"),
    "api": N_("the API"),
    "upgrade": N_("a new version of the program"),
}
"""What the programs are called that act by themselves."""
BY_WAY = {
    "cli": N_("{name} (command line)"),
    "ingest": N_("source {name}"),
    "api": N_("{name} (API)"),
    "mail": N_("{name} (by a mail)"),
    "oidc": N_("{name} (signing in elsewhere)"),
}


def actor_said(actor: str, language: str, titles: Mapping[int, str] | None = None) -> str:
    """Return the name of an actor in words; one of no way we know as it stands.

    `titles` are those of tokens by their number; a token that is not among them is called by its number alone.
    """
    _ = translator(language)
    if actor in PROGRAMS:
        return _(SAID[actor])
    who = actor_of(actor)
    if who is None:
        return actor
    if who.way is Way.WEB:
        return who.name
    if who.token is None:
        return _(BY_WAY[who.way], name=who.name)
    title = (titles or {}).get(who.token, "")
    told = N_("{name}, by token {number} “{title}”") if title else N_("{name}, by token {number}")
    return _(told, name=who.name, number=who.token, title=title)


def actor_begins(actor: str, language: str, titles: Mapping[int, str] | None = None) -> str:
    """Return the name of an actor as a sentence begins with it; a person's stays as they write it."""
    words, who = actor_said(actor, language, titles), actor_of(actor)
    is_name = words == actor or (who is not None and who.way is not Way.INGEST)
    return words if is_name else f"{words[:1].upper()}{words[1:]}"


def teller(service: RunningService, language: str) -> Callable[[str], str]:
    """Return what says an actor with the title of the token it came by."""

    def told(actor: str) -> str:
        who = actor_of(actor)
        if who is None or who.token is None:
            return actor_said(actor, language)
        with db.reading(service.engine) as session:
            return actor_said(actor, language, keys.titles(session, [who.token]))

    return told
