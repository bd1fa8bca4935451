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
from targetwatch.model import Catalogue
from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.access import READ, Editing, Viewing
from targetwatch.web.forms import Posted
from targetwatch.web.targets import fields, mistakes, request
from targetwatch.web.targets.fields import WrongError
from targetwatch.web.targets.form import Draft
from targetwatch.web.targets.preview import preview_of
from targetwatch.web.targets.request import AboutTarget, find
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from targetwatch.model import Target
    from targetwatch.web.access import Person
    from targetwatch.web.forms import Filled
    from targetwatch.web.targets.request import TargetRequest

MOST_REASON = fields.FIELDS["reason"].most
DONE = {"take-over": "taken_over", "hand-back": "handed_back", "archive": "archived", "restore": "restored"}
MANAGED = {"take-over": "file", "hand-back": "web", "archive": "web", "restore": "web"}


def routes() -> APIRouter:
    """Return the routes of what else can be done with a target."""
    router = APIRouter(include_in_schema=False)
    for act in DONE:
        _add_act(router, act)
    router.add_api_route("/targets/{target_id}/undo", ask_undo, methods=READ)
    router.add_api_route("/targets/{target_id}/undo", undo, methods=["POST"])
    router.add_api_route("/targets/{target_id}/yaml", yaml, methods=READ)
    return router


def _add_act(router: APIRouter, act: str) -> None:
    """Add the page that says what an act means, and the doing of it; what is archived is brought back there."""

    def ask(_who: Editing, about: AboutTarget) -> Response:
        is_archived = act == "archive" and about.kept.archived_at is not None
        return _ask(about, "restore" if is_archived else act)

    def do(who: Editing, posted: Posted, about: AboutTarget) -> Response:
        return _do(about, act, who=who, posted=posted)

    path = f"/targets/{{target_id}}/{act}"
    if act != "restore":
        router.add_api_route(path, ask, methods=READ, name=f"ask_{act}")
    router.add_api_route(path, do, methods=["POST"], name=act)


def yaml(about: AboutTarget, _who: Viewing, download: str = "") -> Response:
    """Show the target as the configuration file would have it, or send it as a file."""
    text = configuration.written(request.alone(about.kept.target, about.configured))[configuration.TARGETS]
    if not download:
        return render.form(about.request, "edit-yaml.html", target=about.kept.target, text=text)
    name = f"{about.kept.target.id}.yaml"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="application/yaml", headers=headers)


def _ask(about: TargetRequest, act: str, *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401 - a template's values
    values = {"values": {}, "errors": {}, "changed": ""} | more
    target = about.kept.target
    fits = target.managed_by == MANAGED[act] and (act == "restore") is (about.kept.archived_at is not None)
    return render.form(
        about.request,
        "edit-act.html",
        status=status,
        target=target,
        act=act,
        fits=fits,
        archived_at=about.kept.archived_at,
        returning=request.returning(target, about.service.current().catalogue, about.configured),
        expected=about.kept.revision,
        **values,
    )


def _do(about: TargetRequest, act: str, *, who: Person, posted: Filled) -> Response:
    reason = posted.text("reason")
    if about.moved(posted):
        return _ask(about, act, status=409, changed=about.last_changed(), values={"reason": reason})
    wrong = {}
    if len(reason) > MOST_REASON:
        wrong["reason"] = WrongError("too_long", most=MOST_REASON, count=len(reason))
    elif act == "archive" and not reason:
        wrong["reason"] = WrongError("empty")
    if wrong:
        errors = mistakes.sentences(wrong, about.language)
        return _ask(about, act, status=422, errors=errors, values={"reason": reason})
    name, now = about.kept.target.id, about.service.now()
    try:
        with db.writing(about.service.engine, who.actor, reason=reason, now=now) as session:
            if find(session, name).revision != about.kept.revision:
                raise ConflictError(f"target '{name}': was changed in the meantime")
            if act == "take-over":
                catalogue.take_over(session, name)
            elif act == "hand-back":
                catalogue.hand_back(session, name)
            elif act == "archive":
                catalogue.archive(session, name, now=now)
            else:
                catalogue.restore(session, name, now=now, expected=about.kept.revision)
    except ConflictError:
        with db.reading(about.service.engine) as session:
            kept = find(session, name)
        return _ask(replace(about, kept=kept), act, status=409, changed=about.last_changed(), values={"reason": reason})
    about.service.judge()
    page = {"archive": "archive", "take-over": "edit"}.get(act, "")
    return RedirectResponse(f"{about.path(page)}?done=target_{DONE[act]}", status_code=303)


def ask_undo(_who: Editing, about: AboutTarget) -> Response:
    """Show what undoing the last version would mean."""
    target = about.kept.target
    if len(target.versions) == 1 or target.managed_by == "file" or about.kept.archived_at is not None:
        return RedirectResponse(about.path("edit"), status_code=303)
    return _undo_page(about, {"effective": undone_from(target, about.today).isoformat()})


def undo(who: Editing, posted: Posted, about: AboutTarget) -> Response:
    """Let a further version say what the one before the last said."""
    values = fields.typed(posted.values)
    target = about.kept.target
    if about.kept.archived_at is not None:
        return RedirectResponse(about.path("archive"), status_code=303)
    if about.moved(posted) or len(target.versions) == 1:
        return _undo_page(about, values, status=409)
    draft, wrong = _undone(about, values)
    if draft is None or posted.text("do") != "save":
        return _undo_page(about, values, wrong=wrong, status=422 if wrong else 200)
    reason = draft.version.reason
    try:
        request.save(about.service, draft, who=who, reason=reason, expected=about.kept.revision)
    except ConflictError:
        with db.reading(about.service.engine) as session:
            kept = find(session, target.id)
        return _undo_page(replace(about, kept=kept), values, status=409)
    return RedirectResponse(f"{about.path()}?done=target_undone", status_code=303)


def undone_from(target: Target, today: date) -> date:
    """Return the day from which the last version is best undone: today, while that still means something."""
    last, before = target.versions[-1], target.versions[-2]
    over = before.deadline is not None and before.deadline < today
    return last.effective if over else max(last.effective, today)


def _undone(about: TargetRequest, values: Mapping[str, str]) -> tuple[Draft | None, dict[str, WrongError]]:
    _ = translator(about.language)
    target, wrong = about.kept.target, dict[str, WrongError]()
    last, before = target.versions[-1], target.versions[-2]
    try:
        day = fields.day(values.get("effective", "").strip())
    except WrongError as error:
        return None, {"effective": error}
    if day < last.effective:
        wrong["effective"] = WrongError("effective_before_last", day=last.effective)
    elif before.deadline is not None and day > before.deadline:
        wrong["effective"] = WrongError("effective_after_deadline", day=before.deadline)
    if wrong:
        return None, wrong
    reason = _("undoes version {number}", number=last.number)
    again = replace(before, number=last.number + 1, effective=day, reason=reason)
    return Draft(target=replace(target, versions=(*target.versions, again)), beside=Catalogue()), {}


def _undo_page(
    about: TargetRequest, values: Mapping[str, str], *, wrong: Mapping[str, WrongError] | None = None, status: int = 200
) -> Response:
    target = about.kept.target
    draft = None
    if len(target.versions) > 1:
        draft, found = _undone(about, values)
        wrong = wrong or found
    view = None
    if draft is not None:
        view = preview_of(about.service, draft, target, about.configured, language=about.language)
    return render.form(
        about.request,
        "edit-undo.html",
        status=status,
        target=target,
        view=view,
        values=values,
        errors=mistakes.sentences(wrong or {}, about.language),
        expected=about.kept.revision,
        changed=about.last_changed() if status == 409 else "",  # noqa: PLR2004 - what a page answers with
    )
