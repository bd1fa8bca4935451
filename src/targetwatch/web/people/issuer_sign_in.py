"""Signing in with the issuer: sent there, back from there, and which account and role that makes here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from targetwatch.errors import ConflictError, UsageError
from targetwatch.model import Role
from targetwatch.model.people import Way
from targetwatch.store import accounts, db, keys
from targetwatch.web import forms, render
from targetwatch.web.access import READ
from targetwatch.web.forms import Posted
from targetwatch.web.people import issuer, sign_in, unsent
from targetwatch.web.people.issuer import Issuer, IssuerError, Waiting, Waitings
from targetwatch.web.running import Service
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import User
    from targetwatch.settings import Settings
    from targetwatch.web.people.issuer import Vouched
    from targetwatch.web.running import RunningService

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """The issuer vouches for somebody who may not come in; `message` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def routes(settings: Settings) -> APIRouter:
    """Return the routes; none where no issuer is configured."""
    router = APIRouter(include_in_schema=False)
    if not settings.oidc_issuer:
        return router
    there, waitings = Issuer(settings), Waitings()

    def go(request: Request, posted: Posted, service: Service) -> Response:
        wanted, kept = sign_in.local(posted.text("next")), unsent.read(posted)
        waiting = waitings.begin(forms.visitor(request), wanted, kept, now=service.now())
        try:
            address = there.address(waiting)
        except IssuerError as error:
            log.warning("%s", error)
            return _refused(
                request, service, N_("The other site does not answer. Try again later, or sign in here."), waiting
            )
        return render.form(request, "to-issuer.html", address=address, issuer=sign_in.issuer_title(service.settings))

    def back(
        request: Request,
        service: Service,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
        iss: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response:
        waiting = waitings.end(state, forms.visitor(request), now=service.now())
        if waiting is None or iss not in {"", service.settings.oidc_issuer}:
            return _refused(
                request,
                service,
                N_("That took too long, or did not begin in this browser. Please begin again."),
                waiting,
            )
        if not code:
            return _refused(request, service, N_("The other site did not sign you in."), waiting)
        return _come_in(request, service, there, waiting, code=code)

    router.add_api_route("/sign-in/issuer", go, methods=["POST"])
    router.add_api_route(issuer.BACK, back, methods=READ)
    return router


def _come_in(request: Request, service: RunningService, there: Issuer, waiting: Waiting, *, code: str) -> Response:
    try:
        vouched = there.vouched(waiting, code)
        user = _account(service, vouched)
    except IssuerError as error:
        log.warning("%s", error)
        return _refused(
            request,
            service,
            N_("What the other site said could not be proven, so you were not signed in. The log says more."),
            waiting,
        )
    except RefusedError as error:
        return _refused(request, service, error.message, waiting)
    return sign_in.welcome(request, service, user, waiting.wanted, waiting.unsent)


def _account(service: RunningService, vouched: Vouched) -> User:
    """Return the account of whoever is vouched for, opened when they first come, with the role the issuer gives."""
    settings, now = service.settings, service.now()
    role = _role(settings, vouched.claims)
    name = _text(vouched.claims, settings.oidc_name_claim).lower().partition("@")[0]
    with db.writing(service.engine, Way.OIDC.by(name or "somebody"), now=now) as session:
        user = accounts.known_there(session, vouched.subject)
        if user is None:
            return _opened(session, vouched, name, role=role, now=now)
        if user.disabled_at is not None:
            raise RefusedError(N_("Your account here is disabled. Ask an admin."))
        if not settings.oidc_role_claim or role is user.role:
            return user
        if role is None:
            raise RefusedError(N_("The other site knows you, but nothing there gives you a role here. Ask an admin."))
        if not role.may(user.role) and accounts.is_last_admin(session, user.name):
            log.warning("user '%s': is the last admin and stays it, whatever the issuer says", user.name)
            return user
        return accounts.change(session, user.name, now=now, role=role)


def _opened(session: Session, vouched: Vouched, name: str, *, role: Role | None, now: datetime) -> User:
    if role is None:
        raise RefusedError(N_("The other site knows you, but nothing there gives you a role here. Ask an admin."))
    shown = _text(vouched.claims, "name")
    title = shown if keys.is_line(shown) else ""
    try:
        return accounts.admit(session, name, vouched.subject, role=role, title=title, now=now)
    except UsageError as error:
        raise RefusedError(N_("Your name on the other site cannot be an account here. Ask an admin.")) from error
    except ConflictError as error:
        raise RefusedError(N_("Somebody else has an account of your name here. Ask an admin.")) from error


def _text(claims: Mapping[str, Any], name: str) -> str:
    """Return what a claim says; "" when it is none or no text."""
    said = claims.get(name)
    return said.strip() if isinstance(said, str) else ""


def _role(settings: Settings, claims: Mapping[str, Any]) -> Role | None:
    """Return the highest role that the claim's values give, the default where none gives one."""
    said = claims.get(settings.oidc_role_claim) if settings.oidc_role_claim else None
    values = said if isinstance(said, list) else str(said).split() if said is not None else []
    by_claim = settings.roles_by_claim
    given = {by_claim[value] for value in map(str, values) if value in by_claim}
    return next((role for role in reversed(Role) if role in given), settings.oidc_default_role)


def _refused(request: Request, service: RunningService, message: str, waiting: Waiting | None) -> Response:
    _ = render.translator_for(request)
    wanted, kept = (waiting.wanted, waiting.unsent) if waiting is not None else ("/", unsent.NOTHING)
    return sign_in.page(request, service, wanted, kept=kept, status=403, errors={"": _(message)})
