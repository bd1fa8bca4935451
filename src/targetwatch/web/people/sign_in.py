"""Signing in and out. Every signing in begins a new session and ends the one the browser came with."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from targetwatch.model.people import Way
from targetwatch.store import accounts, db, keys
from targetwatch.web import cookies, forms, proxy, render
from targetwatch.web.access import READ, Asking, Person
from targetwatch.web.forms import Posted
from targetwatch.web.people import unsent, view
from targetwatch.web.people.throttle import Slowed
from targetwatch.web.people.unsent import NOTHING, Unsent
from targetwatch.web.running import Service
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from targetwatch.model import User
    from targetwatch.settings import Settings
    from targetwatch.web.forms import Filled
    from targetwatch.web.running import RunningService

log = logging.getLogger(__name__)
LONGEST_NEXT = 2000
A_YEAR_SECONDS = 365 * 24 * 3600
NOT_AFTERWARDS = ("/sign-in", "/sign-out")

router = APIRouter(include_in_schema=False)


@router.api_route("/sign-in", methods=READ)
def ask(
    request: Request, who: Asking, service: Service, next_path: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """Show the form to sign in; whoever is signed in goes on."""
    wanted = local(next_path)
    if who.role is not None:
        return render.redirect(request, wanted)
    return page(request, service, wanted)


@router.post("/sign-in")
def sign_in(request: Request, posted: Posted, service: Service, throttle: Slowed) -> Response:
    """Sign in with a name and a password, and go where one was going: with what had been typed there, if anything."""
    name, password = posted.text("name").lower(), posted.values.get("password", "")
    wanted, kept = local(posted.text("next")), unsent.read(posted)
    if not name or not password:
        return _again(request, service, wanted, kept, name=name, error=N_("Both the name and the password are needed."))
    with db.reading(service.engine) as session:
        known = accounts.familiar(session, name, cookies.read(request, cookies.BROWSER))
    keys = _counted(request, name, known=known)
    if seconds := throttle.attempt(keys, now=service.now()):
        response = _again(
            request,
            service,
            wanted,
            kept,
            name=name,
            error=N_("Too many attempts have failed. Please try again in {seconds} s."),
            status=429,
            seconds=seconds,
        )
        response.headers["retry-after"] = str(seconds)
        return response
    with db.reading(service.engine) as session:
        user = accounts.check(session, name, password)
    if user is None:
        log.warning("somebody at %s could not sign in", proxy.client_network(request))
        return _again(request, service, wanted, kept, name=name, error=N_("Name and password do not belong together."))
    throttle.succeeded(keys)
    if user.one_time and (refused := _choose(request, service, posted, user=user, wanted=wanted, kept=kept)):
        return refused
    return welcome(request, service, user, wanted, kept)


@router.post("/sign-out")
def sign_out(request: Request, who: Asking, _posted: Posted, service: Service) -> Response:
    """End the session, and show the form to sign in."""
    secret = cookies.read(request, cookies.SESSION)
    if secret:
        with db.writing(service.engine, who.actor, now=service.now()) as session:
            keys.end(session, secret)
    response = render.redirect(request, "/sign-in?done=signed_out")
    cookies.take(request, response, cookies.SESSION)
    cookies.take(request, response, cookies.VISITOR)
    return response


def page(
    request: Request,
    service: RunningService,
    wanted: str,
    *,
    kept: Unsent = NOTHING,
    status: int = 200,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    choosing: bool = False,
) -> Response:
    """Return the form to sign in, or to choose a password at the same time.

    It takes along what was typed before, and says how the first account is made.
    """
    with db.reading(service.engine) as session:
        nobody_yet = not accounts.exist(session)
    return render.form(
        request,
        "sign-in.html",
        status=status,
        values=values or {},
        errors=errors or {},
        wanted=wanted,
        unsent=kept,
        choosing=choosing,
        nobody_yet=nobody_yet,
        issuer=issuer_title(service.settings),
    )


def welcome(request: Request, service: RunningService, user: User, wanted: str, kept: Unsent) -> Response:
    """Return the answer to whoever has proved who they are: signed in, and on the way to where they were going."""
    secret, mark = begin(request, service, user)
    response = _onwards(request, wanted, kept, user, secret=secret)
    keep(request, response, secret, mark)
    return response


def keep(request: Request, response: Response, secret: str, mark: str) -> None:
    """Give the browser the cookies of a session that has begun."""
    cookies.give(request, response, cookies.SESSION, secret)
    cookies.give(request, response, cookies.BROWSER, mark, seconds=A_YEAR_SECONDS)
    response.headers["cache-control"] = "no-store"


def issuer_title(settings: Settings) -> str:
    """Return what the issuer is called; "" when there is none."""
    return settings.oidc_title or urlsplit(settings.oidc_issuer).hostname or "" if settings.oidc_issuer else ""


def begin(request: Request, service: RunningService, user: User) -> tuple[str, str]:
    """Begin a new session for an account, end the one the browser came with, and return its secret and its mark."""
    lifetime = timedelta(hours=service.settings.session_hours)
    now = service.now()
    with db.writing(service.engine, Way.WEB.by(user.name), now=now) as session:
        if old := cookies.read(request, cookies.SESSION):
            keys.end(session, old)
        secret = keys.begin(session, user.name, now=now, lifetime=lifetime)
        return secret, accounts.familiarise(session, user.name)


def local(said: str) -> str:
    r"""Return a path of this site as it was said, or "/" for whatever might lead elsewhere.

    >>> local("/targets/x?as_of=2025-07-01"), local("//evil.example"), local("/\\evil.example"), local("/%2f/evil")
    ('/targets/x?as_of=2025-07-01', '/', '/', '/')
    """
    plain = unquote(said)
    fit = said.startswith("/") and len(said) <= LONGEST_NEXT and plain.isprintable() and "\\" not in plain
    if not fit or plain.startswith("//") or urlsplit(said).path in NOT_AFTERWARDS:
        return "/"
    return said


def _choose(
    request: Request, service: RunningService, posted: Filled, *, user: User, wanted: str, kept: Unsent
) -> Response | None:
    """Put the password somebody chooses in the place of the one-time one; return the form as long as it is no good."""
    _ = render.translator_for(request)
    new, again = posted.values.get("new_password", ""), posted.values.get("new_password_again", "")
    errors: dict[str, str] = {}
    if posted.asked("new_password"):
        errors = view.password_faults(_, new, again, name=user.name, field="new_password")
        if new == posted.values.get("password"):
            errors["new_password"] = _("Choose another than the one-time password.")
        if not errors:
            reason = N_("first password")
            with db.writing(service.engine, Way.WEB.by(user.name), reason=reason, now=service.now()) as session:
                accounts.change(session, user.name, now=service.now(), password=new)
            return None
    values = {"name": user.name}
    return page(
        request, service, wanted, kept=kept, status=422 if errors else 200, values=values, errors=errors, choosing=True
    )


def _onwards(request: Request, wanted: str, kept: Unsent, user: User, *, secret: str) -> Response:
    if not kept:
        return render.redirect(request, wanted)
    handle = keys.handle_of(secret)
    request.state.person = Person(user.name, user.title or user.name, user.role, handle)
    forms.began(request, secret)
    return unsent.offer(request, wanted, kept)


def _again(
    request: Request,
    service: RunningService,
    wanted: str,
    kept: Unsent,
    *,
    name: str,
    error: str,
    status: int = 422,
    **numbers: int,
) -> Response:
    _ = render.translator_for(request)
    said = _(error, **numbers)
    return page(request, service, wanted, kept=kept, status=status, values={"name": name[:80]}, errors={"": said})


def _counted(request: Request, name: str, *, known: bool) -> tuple[tuple[str, str], ...]:
    """Return what an attempt counts for. A browser its owner has signed in with is not slowed by anybody else."""
    if known:
        return (("browser", f"{name} {cookies.read(request, cookies.BROWSER)}"),)
    return ("name", name[:80]), ("address", proxy.client_network(request))
