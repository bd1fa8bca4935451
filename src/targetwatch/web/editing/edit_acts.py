"""What else can be done with a target: take it over or hand it back, archive it or bring it back, undo, see its YAML.

Each has a page that says what it means before it is done. What the page was shown of is sent along: when somebody has
changed the target since, the page is shown again instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from targetwatch import configuration
from targetwatch.errors import ConflictError
from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.access import Editing, Viewing
from targetwatch.web.editing import edit_faults, edit_fields, standing, undoing
from targetwatch.web.editing.desk import READ, AtDesk, find
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.forms import Posted

if TYPE_CHECKING:
    from targetwatch.web.access import Person
    from targetwatch.web.editing.desk import Desk
    from targetwatch.web.forms import Filled

MOST_REASON = edit_fields.LIMITS["reason"]
DONE = {"take-over": "taken_over", "hand-back": "handed_back", "archive": "archived", "restore": "restored"}
MANAGED = {"take-over": "file", "hand-back": "web", "archive": "web", "restore": "web"}


def routes() -> APIRouter:
    """Return the routes of what else can be done with a target."""
    router = APIRouter(include_in_schema=False)
    for name, ask, do in (
        ("take-over", ask_take_over, take_over),
        ("hand-back", ask_hand_back, hand_back),
        ("archive", ask_archive, archive),
        ("undo", undoing.ask, undoing.undo),
    ):
        router.add_api_route(f"/targets/{{target_id}}/{name}", ask, methods=READ)
        router.add_api_route(f"/targets/{{target_id}}/{name}", do, methods=["POST"])
    router.add_api_route("/targets/{target_id}/restore", restore, methods=["POST"])
    router.add_api_route("/targets/{target_id}/yaml", yaml, methods=READ)
    return router


def ask_take_over(_who: Editing, desk: AtDesk) -> Response:
    """Say what taking a target over means."""
    return _ask(desk, "take-over")


def take_over(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Give the target to the web."""
    return _do(desk, "take-over", who=who, posted=posted)


def ask_hand_back(_who: Editing, desk: AtDesk) -> Response:
    """Say what handing a target back means."""
    return _ask(desk, "hand-back")


def hand_back(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Give the target back to the file."""
    return _do(desk, "hand-back", who=who, posted=posted)


def ask_archive(_who: Editing, desk: AtDesk) -> Response:
    """Say what archiving a target means, or that it is archived and how to bring it back."""
    return _ask(desk, "restore" if desk.kept.archived_at is not None else "archive")


def archive(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Take the target out of force; everything said of it stays."""
    return _do(desk, "archive", who=who, posted=posted)


def restore(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Put the target in force again, as it was."""
    return _do(desk, "restore", who=who, posted=posted)


def yaml(desk: AtDesk, _who: Viewing, download: str = "") -> Response:
    """Show the target as the configuration file would have it, or send it as a file."""
    text = configuration.written(standing.alone(desk.kept.target, desk.configured))[configuration.TARGETS]
    if not download:
        return render.form(desk.request, "edit-yaml.html", target=desk.kept.target, text=text)
    name = f"{desk.kept.target.id}.yaml"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="application/yaml", headers=headers)


def _ask(desk: Desk, act: str, *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401 - a template's values
    values = {"values": {}, "errors": {}, "changed": ""} | more
    target = desk.kept.target
    fits = target.managed_by == MANAGED[act] and (act == "restore") is (desk.kept.archived_at is not None)
    return render.form(
        desk.request,
        "edit-act.html",
        status=status,
        target=target,
        act=act,
        fits=fits,
        archived_at=desk.kept.archived_at,
        returning=standing.missing(target, desk.service.current().catalogue, desk.configured),
        expected=desk.kept.revision,
        **values,
    )


def _do(desk: Desk, act: str, *, who: Person, posted: Filled) -> Response:
    reason = posted.text("reason")
    if desk.moved(posted):
        return _ask(desk, act, status=409, changed=desk.last_changed(), values={"reason": reason})
    wrong = {}
    if len(reason) > MOST_REASON:
        wrong["reason"] = WrongError("too_long", most=MOST_REASON, count=len(reason))
    elif act == "archive" and not reason:
        wrong["reason"] = WrongError("empty")
    if wrong:
        errors = edit_faults.sentences(wrong, desk.language)
        return _ask(desk, act, status=422, errors=errors, values={"reason": reason})
    name, now = desk.kept.target.id, desk.service.now()
    try:
        with db.writing(desk.service.engine, who.actor, reason=reason, now=now) as session:
            if find(session, name).revision != desk.kept.revision:
                raise ConflictError(f"target '{name}': was changed in the meantime")
            if act == "take-over":
                catalogue.take_over(session, name)
            elif act == "hand-back":
                catalogue.hand_back(session, name)
            elif act == "archive":
                catalogue.archive(session, name, now=now)
            else:
                catalogue.restore(session, name, now=now, expected=desk.kept.revision)
    except ConflictError:
        with db.reading(desk.service.engine) as session:
            kept = find(session, name)
        return _ask(replace(desk, kept=kept), act, status=409, changed=desk.last_changed(), values={"reason": reason})
    desk.service.judge()
    page = {"archive": "archive", "take-over": "edit"}.get(act, "")
    return RedirectResponse(f"{desk.path(page)}?done=target_{DONE[act]}", status_code=303)
