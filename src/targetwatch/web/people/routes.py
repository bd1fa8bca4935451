"""Accounts: one's own, and everybody's, which an admin opens, changes and closes without ever knowing a password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.errors import NotFoundError
from targetwatch.model import Role, Scope
from targetwatch.model.problem import Problem
from targetwatch.store import accounts, db, keys
from targetwatch.store.readings.held import choose_four_eyes, four_eyes_on
from targetwatch.web import render
from targetwatch.web.access import READ, Administering, Person, Viewing
from targetwatch.web.forms import Posted
from targetwatch.web.people import sign_in, view
from targetwatch.web.people.sign_in import Slowed
from targetwatch.web.people.view import Once
from targetwatch.web.running import RunningService, Service, number_of
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, Translator

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is taken for something else when it is read aloud or copied from paper."""
GROUPS, GROUP = 5, 4
"""Twenty of 31 signs: 99 bits."""
USUAL_DAYS, MOST_DAYS = 90, 366
MOST_DIGITS = 9
LAST_ADMIN = N_("This is the last admin. Make somebody else an admin first.")
TOKEN = "a token"  # noqa: S105 - what waits to be shown
router = APIRouter(include_in_schema=False)


@router.api_route("/users", methods=READ)
def users(request: Request, _who: Administering, service: Service) -> Response:
    """Show every account, and the form for a new one."""
    return _list(request, service)


@router.post("/users")
def add(request: Request, who: Administering, posted: Posted, service: Service, once: Once) -> Response:
    """Open an account, and go on to its page, which shows the one-time password this once."""
    _ = render.translator_for(request)
    name, title, role = posted.text("name"), posted.text("title"), posted.text("role")
    errors = view.faults(_, accounts.faults(name=name, title=title)) | _role_fault(_, role)
    password = one_time_password()
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        if not errors and accounts.look_up(session, name) is not None:
            errors["name"] = _("Somebody has this name already.")
        if not errors:
            accounts.add(session, name, password, role=Role(role), title=title, one_time=True, now=service.now())
    if errors:
        return _list(request, service, errors=errors, values=posted.values)
    once.keep(who, name, password, now=service.now())
    return _done(request, name, "user_added")


@router.post("/users/four-eyes")
def four_eyes_chosen(request: Request, who: Administering, posted: Posted, service: Service) -> Response:
    """Choose whether a held figure needs a second person, where no setting says it."""
    if not service.settings.four_eyes:
        with db.writing(service.engine, who.actor, now=service.now()) as session:
            choose_four_eyes(session, is_on=posted.text("four_eyes") == "on", now=service.now())
    return render.redirect(request, "/users?done=saved")


@router.api_route("/users/{name}", methods=READ)
def user(request: Request, name: str, who: Administering, service: Service, once: Once) -> Response:
    """Show one account, what can be done with it, and a one-time password that was made for it just now."""
    return _one(request, service, name, made=_just_made(request, who, service, once, name))


@router.post("/users/{name}")
def change(request: Request, name: str, who: Administering, posted: Posted, service: Service) -> Response:
    """Change title and role, unless somebody else has changed them since the page was loaded."""
    _ = render.translator_for(request)
    title, role = posted.text("title"), posted.text("role")
    errors = view.faults(_, accounts.faults(title=title)) | _role_fault(_, role)
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        found = accounts.get(session, name)
        if (found.title, found.role.value) != (posted.text("title_was"), posted.text("role_was")):
            errors[""] = _(
                "Somebody else has changed this account meanwhile: it is {title}, {role}, now. Look at "
                "it and save again.",
                title=found.title or name,
                role=_(terms.ROLES[found.role]),
            )
        elif not errors and role != Role.ADMIN and accounts.is_last_admin(session, name):
            errors["role"] = _(LAST_ADMIN)
        if not errors:
            accounts.change(session, name, now=service.now(), title=title, role=Role(role))
    if errors:
        return _one(request, service, name, errors=errors, values=posted.values, is_outdated="" in errors)
    return _done(request, name, "saved")


@router.post("/users/{name}/password")
def reset(request: Request, name: str, who: Administering, _posted: Posted, service: Service, once: Once) -> Response:
    """Give an account a one-time password, shown this once; its sessions end."""
    password = one_time_password()
    with db.writing(service.engine, who.actor, reason=Problem("password_reset"), now=service.now()) as session:
        accounts.change(session, name, now=service.now(), password=password, one_time=True)
    once.keep(who, name, password, now=service.now())
    return _done(request, name, "user_reset")


@router.post("/users/{name}/disable")
def disable(request: Request, name: str, who: Administering, _posted: Posted, service: Service) -> Response:
    """Close an account: its sessions end and its tokens are good for nothing, at once."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        last = accounts.is_last_admin(session, name)
        if not last:
            accounts.change(session, name, now=service.now(), disabled=True)
    if last:
        return _one(request, service, name, errors={"": render.translator_for(request)(LAST_ADMIN)})
    return _done(request, name, "user_disabled")


@router.post("/users/{name}/enable")
def enable(request: Request, name: str, who: Administering, _posted: Posted, service: Service) -> Response:
    """Let an account be used again."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        accounts.change(session, name, now=service.now(), disabled=False)
    return _done(request, name, "user_enabled")


@router.post("/users/{name}/sessions/end")
def end_sessions(request: Request, name: str, who: Administering, _posted: Posted, service: Service) -> Response:
    """Sign an account out everywhere."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        accounts.get(session, name)
        keys.end_all(session, name)
    return _done(request, name, "sessions_ended")


@router.post("/users/{name}/tokens/{number}/revoke")
def revoke(request: Request, name: str, number: str, who: Administering, _posted: Posted, service: Service) -> Response:
    """End a token of anybody's at once."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        _revoke(session, name, number, service)
    return _done(request, name, "token_revoked")


@router.api_route("/account", methods=READ)
def account(request: Request, who: Viewing, service: Service, once: Once) -> Response:
    """Show one's own account, and a token that was made just now."""
    return _own(request, who, service, made=_just_made(request, who, service, once, TOKEN))


@router.post("/account/password")
def new_password(request: Request, who: Viewing, posted: Posted, service: Service, throttle: Slowed) -> Response:
    """Change one's own password: the old one is asked, every session ends, and a new one begins here."""
    _ = render.translator_for(request)
    with db.reading(service.engine) as session:
        user = accounts.get(session, who.name)
    new, again = posted.values.get("password", ""), posted.values.get("password_again", "")
    errors = view.password_faults(_, new, again, name=user.name, field="password")
    keys = [("name", f"{user.name} itself")]  # a stolen browser does not get to guess it
    if seconds := throttle.attempt(keys, now=service.now()):
        errors["old_password"] = _("Too many attempts have failed. Please try again in {seconds} s.", seconds=seconds)
    else:
        with db.reading(service.engine) as session:
            is_theirs = accounts.check(session, user.name, posted.values.get("old_password", "")) is not None
        if is_theirs:
            throttle.succeeded(keys)
        else:
            errors["old_password"] = _("That is not your password.")
    if errors:
        return _own(request, who, service, errors=errors)
    with db.writing(service.engine, who.actor, reason=Problem("new_password"), now=service.now()) as session:
        accounts.change(session, user.name, now=service.now(), password=new)
    secret, mark = sign_in.begin(request, service, user)
    response = render.redirect(request, "/account?done=password_changed")
    sign_in.keep(request, response, secret, mark)
    return response


@router.post("/account/sessions/{handle}/end")
def end_session(request: Request, handle: str, who: Viewing, _posted: Posted, service: Service) -> Response:
    """Sign another browser of one's own out."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        keys.end_one(session, who.name, handle)
    return render.redirect(request, "/account?done=session_ended")


@router.post("/account/tokens")
def issue(request: Request, who: Viewing, posted: Posted, service: Service, once: Once) -> Response:
    """Make a token, and go on to the account's page, which shows it this once."""
    _ = render.translator_for(request)
    title, days = posted.text("title"), posted.text("days")
    with db.reading(service.engine) as session:
        accounts.get(session, who.name)
    errors = {}
    if not title or not keys.is_line(title):
        errors["title"] = _("Say what it is for, in one line of at most 80 characters.")
    if not 1 <= (number_of(days) or 0) <= MOST_DAYS:
        errors["days"] = _("Expected a number of days from 1 to {most}.", most=MOST_DAYS)
    if posted.text("scope") not in set(Scope):
        errors["scope"] = _("Choose what it may do.")
    elif posted.text("scope") == Scope.RECORD and not who.may_edit:
        errors["scope"] = _("Your account may not record figures, so no token of yours may.")
    if errors:
        return _own(request, who, service, errors=errors, values=posted.values)
    now = service.now()
    with db.writing(service.engine, who.actor, now=now) as session:
        expires_at, scope = now + timedelta(days=int(days)), Scope(posted.text("scope"))
        _token, secret = keys.issue(session, who.name, title=title, scope=scope, expires_at=expires_at, now=now)
    once.keep(who, TOKEN, secret, now=now)
    return render.redirect(request, "/account?done=token_made")


@router.post("/account/tokens/{number}/revoke")
def revoke_own(request: Request, number: str, who: Viewing, _posted: Posted, service: Service) -> Response:
    """End one of one's own tokens at once."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        _revoke(session, who.name, number, service)
    return render.redirect(request, "/account?done=token_revoked")


def one_time_password() -> str:
    """Return a password that can be read aloud."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def _just_made(request: Request, who: Person, service: RunningService, once: view.NewSecrets, what: str) -> str:
    """Return the secret that waits for this page; a HEAD, which shows nothing, leaves it waiting."""
    return once.take(who, what, now=service.now()) if request.method == "GET" else ""


def _role_fault(_: Translator, role: str) -> dict[str, str]:
    return {} if role in set(Role) else {"role": _("Choose one of the roles.")}


def _revoke(session: Session, name: str, number: str, service: RunningService) -> None:
    found = next((one for one in keys.tokens(session, name) if str(one.id) == number), None)
    if found is None:
        raise NotFoundError("token", number[:MOST_DIGITS])
    keys.revoke(session, found.id, now=service.now())


def _list(
    request: Request,
    service: RunningService,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response:
    with db.reading(service.engine) as session:
        found = accounts.load(session)
        needs_second = four_eyes_on(session, service.settings.four_eyes)
    return render.form(
        request,
        "users.html",
        needs_second=needs_second,
        is_set=bool(service.settings.four_eyes),
        status=422 if errors else 200,
        users=found,
        zone=service.settings.zone,
        roles=tuple(Role),
        errors=errors or {},
        values=values or {"role": Role.EDITOR.value},
    )


def _one(
    request: Request,
    service: RunningService,
    name: str,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    made: str = "",
    is_outdated: bool = False,
) -> Response:
    with db.reading(service.engine) as session:
        found = accounts.get(session, name)
        shown = view.account(session, found, service.settings.zone, now=service.now())
    return render.form(
        request,
        "user.html",
        status=409 if is_outdated else 422 if errors else 200,
        view=shown,
        user=found,
        roles=tuple(Role),
        errors=errors or {},
        values=values or {"title": found.title, "role": found.role.value},
        made=made,
    )


def _own(
    request: Request,
    who: Person,
    service: RunningService,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    made: str = "",
) -> Response:
    with db.reading(service.engine) as session:
        shown = view.own_account(session, who, service.settings.zone, now=service.now())
    return render.form(
        request,
        "account.html",
        status=422 if errors else 200,
        view=shown,
        values=values or {"days": str(USUAL_DAYS), "scope": Scope.READ.value},
        errors=errors or {},
        made=made,
        examples=view.token_examples(service, request, shown, made),
        most_days=MOST_DAYS,
    )


def _done(request: Request, name: str, done: str) -> Response:
    return render.redirect(request, f"/users/{name}?done={done}")
