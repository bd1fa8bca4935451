"""What else can be done with a target: take it over or hand it back, archive it or bring it back, undo, see its YAML.

Each has a page that says what it means before it is done. What the page was shown of is sent along: when somebody has
changed the target since, the page is shown again instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from targetwatch import configfile
from targetwatch.errors import ConflictError
from targetwatch.model import Catalogue
from targetwatch.store import catalogue, db
from targetwatch.web import rendering
from targetwatch.web.access import Editing, Viewing
from targetwatch.web.editing import edit_faults, edit_fields, edit_preview, edit_values
from targetwatch.web.editing import routes as edit
from targetwatch.web.editing.edit_form import Draft
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.editing.routes import READ, AtDesk
from targetwatch.web.forms import Posted
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from targetwatch.model import Target
    from targetwatch.web.access import Person
    from targetwatch.web.editing.routes import Desk
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
        ("undo", ask_undo, undo),
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


def ask_undo(_who: Editing, desk: AtDesk) -> Response:
    """Show what undoing the last version would mean."""
    target = desk.kept.target
    if len(target.versions) == 1 or target.managed_by == "file" or desk.kept.archived_at is not None:
        return RedirectResponse(_path(desk, "edit"), status_code=303)
    return _undo_page(desk, {"effective": undone_from(target, desk.today).isoformat()})


def undo(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Let a further version say what the one before the last said."""
    values = edit_fields.typed(posted.values)
    target = desk.kept.target
    if _moved(desk, posted) or len(target.versions) == 1:
        return _undo_page(desk, values, status=409)
    draft, wrong = _undone(desk, values)
    if draft is None or posted.text("do") != "save":
        return _undo_page(desk, values, wrong=wrong, status=422 if wrong else 200)
    reason = draft.version.reason
    try:
        edit.store(desk.behind, draft, who=who, reason=reason, expected=desk.kept.revision)
    except ConflictError:
        with db.reading(desk.behind.engine) as session:
            kept = edit.find(session, target.id)
        return _undo_page(replace(desk, kept=kept), values, status=409)
    return RedirectResponse(f"{_path(desk)}?done=target_undone", status_code=303)


def yaml(desk: AtDesk, _who: Viewing, download: str = "") -> Response:
    """Show the target as the configuration file would have it, or send it as a file."""
    with db.reading(desk.behind.engine) as session:
        archived = catalogue.load_archived(session)
    text = configfile.written(alone(desk.kept.target, desk.configured, archived))[configfile.TARGETS]
    if not download:
        return rendering.form(desk.request, "edit-yaml.html", target=desk.kept.target, text=text)
    name = f"{desk.kept.target.id}.yaml"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="application/yaml", headers=headers)


def alone(target: Target, configured: Catalogue, archived: Catalogue) -> Catalogue:
    """Return what a file needs to hold one target: itself, its programme, its indicator and what that stands on.

    What was archived with a target stands for what is configured no more.
    """
    known = {one.id: one for one in (*archived.indicators, *configured.indicators)}
    programmes = {one.id: one for one in (*archived.programmes, *configured.programmes)}
    publishers = {one.id: one for one in (*archived.publishers, *configured.publishers)}
    waiting, needed = [target.indicator], set[str]()
    while waiting:
        one = known[waiting.pop()]
        if one.id not in needed:
            needed.add(one.id)
            waiting.extend(one.derivation.of if one.derivation else ())
    authorities = {known[name].authority for name in needed}
    return Catalogue(
        programmes=tuple(one for one in programmes.values() if one.id == target.programme),
        publishers=tuple(publishers[name] for name in sorted(authorities) if name in publishers),
        indicators=tuple(known[name] for name in sorted(needed)),
        targets=(target,),
    )


def undone_from(target: Target, today: date) -> date:
    """Return the day from which the last version is best undone: today, while that still means something."""
    last, before = target.versions[-1], target.versions[-2]
    over = before.deadline is not None and before.deadline < today
    return last.effective if over else max(last.effective, today)


def _undone(desk: Desk, values: Mapping[str, str]) -> tuple[Draft | None, dict[str, WrongError]]:
    target, wrong = desk.kept.target, dict[str, WrongError]()
    last, before = target.versions[-1], target.versions[-2]
    try:
        day = edit_values.day(values.get("effective", "").strip())
    except WrongError as error:
        return None, {"effective": error}
    if day < last.effective:
        wrong["effective"] = WrongError("effective_before_last", day=last.effective)
    elif before.deadline is not None and day > before.deadline:
        wrong["effective"] = WrongError("effective_after_deadline", day=before.deadline)
    if wrong:
        return None, wrong
    reason = PHRASES["undoes_version"][desk.language].format(number=last.number)
    again = replace(before, number=last.number + 1, effective=day, reason=reason)
    return Draft(target=replace(target, versions=(*target.versions, again)), beside=Catalogue()), {}


def _undo_page(
    desk: Desk, values: Mapping[str, str], *, wrong: Mapping[str, WrongError] | None = None, status: int = 200
) -> Response:
    target = desk.kept.target
    draft = None
    if len(target.versions) > 1:
        draft, found = _undone(desk, values)
        wrong = wrong or found
    view = None
    if draft is not None:
        view = edit_preview.of(desk.behind, draft, target, desk.configured, language=desk.language)
    return rendering.form(
        desk.request,
        "edit-undo.html",
        status=status,
        target=target,
        view=view,
        values=values,
        errors=edit_faults.sentences(wrong or {}, desk.language),
        expected=desk.kept.revision,
        is_changed=status == 409,  # noqa: PLR2004 - what a page answers with
    )


def _ask(desk: Desk, act: str, *, status: int = 200, **more: Any) -> Response:  # noqa: ANN401 - a template's values
    values = {"values": {}, "errors": {}, "is_changed": False} | more
    target = desk.kept.target
    fits = target.managed_by == MANAGED[act] and (act == "restore") is (desk.kept.archived_at is not None)
    return rendering.form(
        desk.request,
        "edit-act.html",
        status=status,
        target=target,
        act=act,
        fits=fits,
        archived_at=desk.kept.archived_at,
        expected=desk.kept.revision,
        **values,
    )


def _do(desk: Desk, act: str, *, who: Person, posted: Filled) -> Response:
    reason = posted.text("reason")
    if _moved(desk, posted):
        return _ask(desk, act, status=409, is_changed=True, values={"reason": reason})
    wrong = {}
    if len(reason) > MOST_REASON:
        wrong["reason"] = WrongError("too_long", most=MOST_REASON, count=len(reason))
    elif act == "archive" and not reason:
        wrong["reason"] = WrongError("empty")
    if wrong:
        errors = edit_faults.sentences(wrong, desk.language)
        return _ask(desk, act, status=422, errors=errors, values={"reason": reason})
    name, now = desk.kept.target.id, desk.behind.now()
    try:
        with db.writing(desk.behind.engine, who.actor, reason=reason, now=now) as session:
            if edit.find(session, name).revision != desk.kept.revision:
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
        with db.reading(desk.behind.engine) as session:
            kept = edit.find(session, name)
        return _ask(replace(desk, kept=kept), act, status=409, is_changed=True, values={"reason": reason})
    edit.judge(desk.behind)
    page = {"archive": "archive", "take-over": "edit"}.get(act, "")
    return RedirectResponse(f"{_path(desk, page)}?done=target_{DONE[act]}", status_code=303)


def _moved(desk: Desk, posted: Filled) -> bool:
    return posted.text("expected") != str(desk.kept.revision)


def _path(desk: Desk, page: str = "") -> str:
    root = desk.request.scope.get("root_path", "")
    return f"{root}/targets/{desk.kept.target.id}" + (f"/{page}" if page else "")
