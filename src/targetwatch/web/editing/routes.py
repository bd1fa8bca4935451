"""Editing a target: the form, what it would change, saving it; and what happens when somebody else was faster."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import ConflictError, ManagedElsewhereError, NotFoundError, StoreError
from targetwatch.store import catalogue, db
from targetwatch.web import actors, render
from targetwatch.web.access import Editing
from targetwatch.web.editing import edit_clash, edit_faults, edit_fields, edit_form, edit_preview, edit_view, saving
from targetwatch.web.editing.desk import READ, AtDesk, find
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.forms import Posted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.web.access import Person
    from targetwatch.web.editing.desk import Desk
    from targetwatch.web.editing.edit_form import Draft

log = logging.getLogger(__name__)


def routes() -> APIRouter:
    """Return the routes of a target's form."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/targets/{target_id}/edit", show, methods=READ)
    router.add_api_route("/targets/{target_id}/edit", act, methods=["POST"])
    return router


def show(_who: Editing, desk: AtDesk) -> Response:
    """Show the form of a target, to be read only where the file manages it."""
    if desk.kept.archived_at is not None:
        return RedirectResponse(desk.path("archive"), status_code=303)
    values = edit_view.start_of(desk.kept.target, desk.today)
    return _form(desk, values, started=edit_clash.packed(values), expected=desk.kept.revision)


def act(who: Editing, posted: Posted, desk: AtDesk) -> Response:
    """Do what was asked for with a form: another row, a look at what it changes, saving it."""
    values = edit_fields.typed(posted.values)
    started, said = posted.text("started"), posted.text("expected")
    expected = int(said) if said.isdecimal() and len(said) < 10 else 0  # noqa: PLR2004 - a count of saves
    doing, _, more = posted.text("do").partition(":")
    went = edit_clash.kind_of(desk.kept, expected) in {edit_clash.ARCHIVED, edit_clash.HANDED}
    if doing in {"edit", "more", "less"} and not went:
        return _form(desk, edited(values, doing, more), started=started, expected=expected)
    if doing in {"restore", "take-over"}:
        try:
            desk, expected = _brought_back(desk, doing, who=who, expected=expected)
        except StoreError:
            log.exception("target '%s': could not be brought back", desk.kept.target.id)
            return _clash(desk, values, started=started, kind=edit_clash.kind_of(desk.kept, expected), status=503)
    kind = edit_clash.kind_of(desk.kept, expected)
    if kind:
        return _clash(desk, values, started=started, kind=kind)
    draft, wrong = edit_form.read(values, desk.around)
    if draft is not None and draft.target == desk.kept.target:
        draft, wrong = None, {"": WrongError("nothing")}
    if draft is None:
        return _form(desk, values, started=started, expected=expected, wrong=wrong)
    if draft.is_new_version:
        values["effective"] = draft.version.effective.isoformat()
    if doing != "save":
        return _preview(desk, draft, values, started=started, expected=expected)
    return _save(desk, draft, values, who=who, started=started, expected=expected)


def edited(values: Mapping[str, str], doing: str, more: str) -> dict[str, str]:
    """Return a form with a row more or less."""
    row, _, number = more.partition(":")
    if row in edit_fields.ROWS and doing == "more":
        return edit_view.with_row(values, row)
    if doing == "less" and number.isdecimal():
        return edit_view.without_row(values, row, int(number[:4]))
    return dict(values)


def _form(
    desk: Desk,
    values: Mapping[str, str],
    *,
    started: str,
    expected: int,
    wrong: Mapping[str, WrongError] | None = None,
) -> Response:
    target = desk.kept.target
    view = edit_view.of(
        desk.configured,
        target,
        values,
        measure=desk.indicator.measure,
        today=desk.today,
        language=desk.language,
    )
    return render.form(
        desk.request,
        "edit.html",
        status=422 if wrong else 200,
        view=view,
        values=values,
        errors=edit_faults.sentences(wrong or {}, desk.language, desk.indicator),
        carried={"started": started, "expected": expected},
    )


def _preview(
    desk: Desk, draft: Draft, values: Mapping[str, str], *, started: str, expected: int, status: int = 200
) -> Response:
    view = edit_preview.of(desk.service, draft, desk.kept.target, desk.configured, language=desk.language)
    return render.form(
        desk.request,
        "edit-preview.html",
        status=status,
        view=view,
        action=f"/targets/{draft.target.id}/edit",
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
        carried={**values, "started": started, "expected": expected},
    )


def _clash(desk: Desk, values: Mapping[str, str], *, started: str, kind: str, status: int = 409) -> Response:
    with db.reading(desk.service.engine) as session:
        clash = edit_clash.of(
            session,
            desk.kept,
            was=edit_clash.unpacked(started),
            yours=values,
            beside=desk.configured,
            language=desk.language,
            kind=kind,
        )
    zone = desk.service.settings.zone
    return render.form(
        desk.request,
        "edit-clash.html",
        status=status,
        is_busy=status == 503,  # noqa: PLR2004 - what a page answers with
        clash=clash,
        target=desk.kept.target,
        who=actors.said(clash.who, desk.language),
        is_own=clash.who == desk.actor,
        at=f"{clash.at.astimezone(zone):%Y-%m-%d %H:%M}" if clash.at else "",
    )


def _save(desk: Desk, draft: Draft, values: Mapping[str, str], *, who: Person, started: str, expected: int) -> Response:
    said = edit_preview.reason_of(draft, desk.kept.target, desk.indicator, language=desk.language)
    reason = said or values.get("reason", "").strip()
    if draft.is_new_version:
        draft = draft.with_reason(reason)
    try:
        saving.store(desk.service, draft, who=who, reason=reason, expected=expected)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        with db.reading(desk.service.engine) as session:
            kept = find(session, desk.kept.target.id)
        kind = edit_clash.kind_of(kept, expected)
        if not kind:
            raise
        log.info("target '%s': %s", kept.target.id, error)
        return _clash(replace(desk, kept=kept), values, started=started, kind=kind)
    except StoreError:
        log.exception("target '%s': could not be saved", draft.target.id)
        return _preview(desk, draft, values, started=started, expected=expected, status=503)
    done = "target_version" if draft.is_new_version else "target_names"
    return RedirectResponse(f"{desk.path()}?done={done}", status_code=303)


def _brought_back(desk: Desk, doing: str, *, who: Person, expected: int) -> tuple[Desk, int]:
    """Bring back, or take over, what was archived or handed back while a form was filled in; unless it moved on."""
    name, now = desk.kept.target.id, desk.service.now()
    if desk.kept.revision != expected:
        return desk, expected
    with db.writing(desk.service.engine, who.actor, now=now) as session:
        if find(session, name).revision != expected:
            return desk, expected
        if doing == "restore":
            catalogue.restore(session, name, now=now, expected=expected)
        else:
            catalogue.take_over(session, name)
        kept = find(session, name)
    desk.service.judge()
    return replace(desk, kept=kept), kept.revision
