"""Undoing the last version of a promise: a further version says again what the one before it said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from targetwatch.errors import ConflictError
from targetwatch.model import Catalogue
from targetwatch.store import db
from targetwatch.web import render
from targetwatch.web.access import Editing
from targetwatch.web.editing import edit_faults, edit_fields, edit_preview, edit_values, saving
from targetwatch.web.editing.desk import AtDesk, find
from targetwatch.web.editing.edit_form import Draft
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.forms import Posted
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from targetwatch.model import Target
    from targetwatch.web.editing.desk import Desk


def ask(_who: Editing, desk: AtDesk) -> Response:
    """Show what undoing the last version would mean."""
    target = desk.kept.target
    if len(target.versions) == 1 or target.managed_by == "file" or desk.kept.archived_at is not None:
        return RedirectResponse(desk.path("edit"), status_code=303)
    return _page(desk, {"effective": undone_from(target, desk.today).isoformat()})


def undo(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Let a further version say what the one before the last said."""
    values = edit_fields.typed(posted.values)
    target = desk.kept.target
    if desk.kept.archived_at is not None:
        return RedirectResponse(desk.path("archive"), status_code=303)
    if desk.moved(posted) or len(target.versions) == 1:
        return _page(desk, values, status=409)
    draft, wrong = _made(desk, values)
    if draft is None or posted.text("do") != "save":
        return _page(desk, values, wrong=wrong, status=422 if wrong else 200)
    reason = draft.version.reason
    try:
        saving.store(desk.service, draft, who=who, reason=reason, expected=desk.kept.revision)
    except ConflictError:
        with db.reading(desk.service.engine) as session:
            kept = find(session, target.id)
        return _page(replace(desk, kept=kept), values, status=409)
    return RedirectResponse(f"{desk.path()}?done=target_undone", status_code=303)


def undone_from(target: Target, today: date) -> date:
    """Return the day from which the last version is best undone: today, while that still means something."""
    last, before = target.versions[-1], target.versions[-2]
    over = before.deadline is not None and before.deadline < today
    return last.effective if over else max(last.effective, today)


def _made(desk: Desk, values: Mapping[str, str]) -> tuple[Draft | None, dict[str, WrongError]]:
    _ = translator(desk.language)
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
    reason = _("undoes version {number}", number=last.number)
    again = replace(before, number=last.number + 1, effective=day, reason=reason)
    return Draft(target=replace(target, versions=(*target.versions, again)), beside=Catalogue()), {}


def _page(
    desk: Desk, values: Mapping[str, str], *, wrong: Mapping[str, WrongError] | None = None, status: int = 200
) -> Response:
    target = desk.kept.target
    draft = None
    if len(target.versions) > 1:
        draft, found = _made(desk, values)
        wrong = wrong or found
    view = None
    if draft is not None:
        view = edit_preview.of(desk.service, draft, target, desk.configured, language=desk.language)
    return render.form(
        desk.request,
        "edit-undo.html",
        status=status,
        target=target,
        view=view,
        values=values,
        errors=edit_faults.sentences(wrong or {}, desk.language),
        expected=desk.kept.revision,
        changed=desk.last_changed() if status == 409 else "",  # noqa: PLR2004 - what a page answers with
    )
