"""One's own account: the password, where one is signed in, tokens for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import NotFoundError
from targetwatch.model import Scope
from targetwatch.store import db, people
from targetwatch.web import language, rendering
from targetwatch.web.access import Viewing
from targetwatch.web.backstage import Behind
from targetwatch.web.forms import Posted
from targetwatch.web.people import sign_in
from targetwatch.web.people import view as people_view
from targetwatch.web.people.shown_once import Once
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import User
    from targetwatch.web.access import Person
    from targetwatch.web.backstage import Backstage
    from targetwatch.web.people.throttle import Throttle

READ = ["GET", "HEAD"]
USUAL_DAYS = 90
MOST_DAYS = 366
MOST_DIGITS = 9
TOKEN = "a token"  # noqa: S105 - what waits to be shown


def routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/account", account, methods=READ)
    router.add_api_route("/account/password", new_password, methods=["POST"])
    router.add_api_route("/account/sessions/{handle}/end", end_session, methods=["POST"])
    router.add_api_route("/account/tokens", issue, methods=["POST"])
    router.add_api_route("/account/tokens/{number}/revoke", revoke, methods=["POST"])
    return router


def account(request: Request, who: Viewing, behind: Behind, once: Once) -> Response:
    """Show one's own account, and a token that was made just now."""
    made = once.take(who, TOKEN, now=behind.now()) if request.method == "GET" else ""
    return _page(request, who, behind, made=made)


def new_password(request: Request, who: Viewing, posted: Posted, behind: Behind, throttle: sign_in.Slowed) -> Response:
    """Change one's own password: the old one is asked, every session ends, and a new one begins here."""
    _ = language.translator_for(request)
    user = _own(behind, who)
    old, new = posted.values.get("old_password", ""), posted.values.get("password", "")
    found = (fault for fault in people.faults(name=user.name, password=new) if fault is not people.Fault.NAME)
    errors = people_view.faults(_, found)
    if new != posted.values.get("password_again", ""):
        errors["password_again"] = _("The two are not the same.")
    if wrong := _not_theirs(request, behind, throttle, user=user, password=old):
        errors["old_password"] = wrong
    if errors:
        return _page(request, who, behind, status=422, errors=errors)
    with db.writing(behind.engine, who.actor, reason=N_("new password"), now=behind.now()) as session:
        people.change(session, user.name, now=behind.now(), password=new)
    secret, mark = sign_in.begin(request, behind, user)
    response = _done(request, "password_changed")
    sign_in.keep(request, response, secret, mark)
    return response


def end_session(request: Request, handle: str, who: Viewing, _posted: Posted, behind: Behind) -> Response:
    """Sign another browser of one's own out."""
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        people.end_one(session, who.name, handle)
    return _done(request, "session_ended")


def issue(request: Request, who: Viewing, posted: Posted, behind: Behind, once: Once) -> Response:
    """Make a token, and go on to the account's page, which shows it this once."""
    _ = language.translator_for(request)
    user = _own(behind, who)
    title, days = posted.text("title"), posted.text("days")
    errors = {}
    if not title or not people.is_line(title):
        errors["title"] = _("Say what it is for, in one line of at most 80 characters.")
    if not (days.isascii() and days.isdigit() and len(days) <= MOST_DIGITS and 1 <= int(days) <= MOST_DAYS):
        errors["days"] = _("Expected a number of days from 1 to {most}.", most=MOST_DAYS)
    if posted.text("scope") not in {scope.value for scope in Scope}:
        errors["scope"] = _("Choose what it may do.")
    elif posted.text("scope") == Scope.RECORD and not who.may_edit:
        errors["scope"] = _("Your account may not record figures, so no token of yours may.")
    if errors:
        return _page(request, who, behind, status=422, errors=errors, values=posted.values)
    now = behind.now()
    with db.writing(behind.engine, who.actor, now=now) as session:
        expires_at, scope = now + timedelta(days=int(days)), Scope(posted.text("scope"))
        secret = people.issue(session, user.name, title=title, scope=scope, expires_at=expires_at, now=now)[1]
    once.keep(who, TOKEN, secret, now=now)
    return _done(request, "token_made")


def revoke(request: Request, number: str, who: Viewing, _posted: Posted, behind: Behind) -> Response:
    """End one of one's own tokens at once."""
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        found = next((one for one in people.tokens(session, who.name) if str(one.id) == number), None)
        if found is None:
            raise NotFoundError("token", number[:MOST_DIGITS])
        people.revoke(session, found.id, now=behind.now())
    return _done(request, "token_revoked")


def _page(
    request: Request,
    who: Person,
    behind: Backstage,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    made: str = "",
) -> Response:
    with db.reading(behind.engine) as session:
        view = people_view.own_account(session, who, behind.settings.zone, now=behind.now())
    return rendering.form(
        request,
        "account.html",
        status=status,
        view=view,
        values=values or {"days": str(USUAL_DAYS), "scope": Scope.READ.value},
        errors=errors or {},
        made=made,
        examples=people_view.token_examples(behind, request, view, made),
        most_days=MOST_DAYS,
    )


def _not_theirs(request: Request, behind: Backstage, throttle: Throttle, *, user: User, password: str) -> str:
    """Return why a password is not accepted as theirs, "" when it is: a stolen browser does not get to guess it."""
    _ = language.translator_for(request)
    keys = [("name", f"{user.name} itself")]
    if seconds := throttle.attempt(keys, now=behind.now()):
        return _("Too many attempts have failed. Please try again in {seconds} s.", seconds=seconds)
    with db.reading(behind.engine) as session:
        right = people.check(session, user.name, password) is not None
    if not right:
        return _("That is not your password.")
    throttle.succeeded(keys)
    return ""


def _own(behind: Backstage, who: Person) -> User:
    with db.reading(behind.engine) as session:
        return people.get(session, who.name)


def _done(request: Request, key: str) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/account?done={key}", 303)
