"""Who may sign in: accounts opened, changed and closed by an admin, who never learns a password that lasts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import NotFoundError
from targetwatch.model import Role
from targetwatch.store import db, people
from targetwatch.web import language, rendering
from targetwatch.web.access import Administering
from targetwatch.web.backstage import Behind
from targetwatch.web.forms import Posted
from targetwatch.web.people import view as people_view
from targetwatch.web.people.shown_once import Once
from targetwatch.wording import terms
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.web.backstage import Backstage

READ = ["GET", "HEAD"]
MOST_DIGITS = 9
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is taken for something else when it is read aloud or copied from paper."""
GROUPS, GROUP = 5, 4
"""Twenty of 31 signs: 99 bits."""


def routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/users", users, methods=READ)
    router.add_api_route("/users", add, methods=["POST"])
    router.add_api_route("/users/{name}", user, methods=READ)
    router.add_api_route("/users/{name}", change, methods=["POST"])
    router.add_api_route("/users/{name}/password", reset, methods=["POST"])
    router.add_api_route("/users/{name}/disable", disable, methods=["POST"])
    router.add_api_route("/users/{name}/enable", enable, methods=["POST"])
    router.add_api_route("/users/{name}/sessions/end", end_sessions, methods=["POST"])
    router.add_api_route("/users/{name}/tokens/{number}/revoke", revoke, methods=["POST"])
    return router


def users(request: Request, _who: Administering, behind: Behind) -> Response:
    """Show every account, and the form for a new one."""
    return _list(request, behind)


def add(request: Request, who: Administering, posted: Posted, behind: Behind, once: Once) -> Response:
    """Open an account, and go on to its page, which shows the one-time password this once."""
    _ = language.translator_for(request)
    name, title, role = posted.text("name"), posted.text("title"), posted.text("role")
    errors = people_view.faults(_, people.faults(name=name, title=title))
    if role not in set(Role):
        errors["role"] = _("Choose one of the roles.")
    password = one_time_password()
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        if not errors and people.look_up(session, name) is not None:
            errors["name"] = _("Somebody has this name already.")
        if not errors:
            people.add(session, name, password, role=Role(role), title=title, one_time=True, now=behind.now())
    if errors:
        return _list(request, behind, status=422, errors=errors, values=posted.values)
    once.keep(who, name, password, now=behind.now())
    return _done(request, name, "user_added")


def user(request: Request, name: str, who: Administering, behind: Behind, once: Once) -> Response:
    """Show one account, what can be done with it, and a one-time password that was made for it just now."""
    made = once.take(who, name, now=behind.now()) if request.method == "GET" else ""
    return _one(request, behind, name, made=made)


def change(request: Request, name: str, who: Administering, posted: Posted, behind: Behind) -> Response:
    """Change title and role, unless somebody else has changed them since the page was loaded."""
    _ = language.translator_for(request)
    title, role = posted.text("title"), posted.text("role")
    errors = people_view.faults(_, people.faults(title=title))
    if role not in set(Role):
        errors["role"] = _("Choose one of the roles.")
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        found = people.get(session, name)
        if (found.title, found.role.value) != (posted.text("title_was"), posted.text("role_was")):
            errors[""] = _(
                "Somebody else has changed this account meanwhile: it is {title}, {role}, now. Look at "
                "it and save again.",
                title=found.title or name,
                role=_(terms.ROLES[found.role]),
            )
        elif not errors and role != Role.ADMIN and people.is_last_admin(session, name):
            errors["role"] = _("This is the last admin. Make somebody else an admin first.")
        if not errors:
            people.change(session, name, now=behind.now(), title=title, role=Role(role))
    if errors:
        return _one(request, behind, name, status=409 if "" in errors else 422, errors=errors, values=posted.values)
    return _done(request, name, "user_changed")


def reset(request: Request, name: str, who: Administering, _posted: Posted, behind: Behind, once: Once) -> Response:
    """Give an account a one-time password, shown this once; its sessions end."""
    password = one_time_password()
    with db.writing(behind.engine, who.actor, reason=N_("password reset"), now=behind.now()) as session:
        people.change(session, name, now=behind.now(), password=password, one_time=True)
    once.keep(who, name, password, now=behind.now())
    return _done(request, name, "user_reset")


def disable(request: Request, name: str, who: Administering, _posted: Posted, behind: Behind) -> Response:
    """Close an account: its sessions end and its tokens are good for nothing, at once."""
    _ = language.translator_for(request)
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        last = people.is_last_admin(session, name)
        if not last:
            people.change(session, name, now=behind.now(), disabled=True)
    if last:
        return _one(
            request,
            behind,
            name,
            status=422,
            errors={"": _("This is the last admin. Make somebody else an admin first.")},
        )
    return _done(request, name, "user_disabled")


def enable(request: Request, name: str, who: Administering, _posted: Posted, behind: Behind) -> Response:
    """Let an account be used again."""
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        people.change(session, name, now=behind.now(), disabled=False)
    return _done(request, name, "user_enabled")


def end_sessions(request: Request, name: str, who: Administering, _posted: Posted, behind: Behind) -> Response:
    """Sign an account out everywhere."""
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        people.get(session, name)
        people.end_all(session, name)
    return _done(request, name, "sessions_ended")


def revoke(request: Request, name: str, number: str, who: Administering, _posted: Posted, behind: Behind) -> Response:
    """End a token of anybody's at once."""
    with db.writing(behind.engine, who.actor, now=behind.now()) as session:
        found = next((one for one in people.tokens(session, name) if str(one.id) == number), None)
        if found is None:
            raise NotFoundError("token", number[:MOST_DIGITS])
        people.revoke(session, found.id, now=behind.now())
    return _done(request, name, "token_revoked")


def one_time_password() -> str:
    """Return a password that can be read aloud."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def _list(
    request: Request,
    behind: Backstage,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response:
    with db.reading(behind.engine) as session:
        found = people.load(session)
    return rendering.form(
        request,
        "users.html",
        status=status,
        users=found,
        zone=behind.settings.zone,
        roles=tuple(Role),
        errors=errors or {},
        values=values or {"role": Role.EDITOR.value},
    )


def _one(
    request: Request,
    behind: Backstage,
    name: str,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    made: str = "",
) -> Response:
    with db.reading(behind.engine) as session:
        found = people.get(session, name)
        view = people_view.account(session, found, behind.settings.zone, now=behind.now())
    return rendering.form(
        request,
        "user.html",
        status=status,
        view=view,
        user=found,
        roles=tuple(Role),
        errors=errors or {},
        values=values or {"title": found.title, "role": found.role.value},
        made=made,
    )


def _done(request: Request, name: str, key: str) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/users/{name}?done={key}", 303)
