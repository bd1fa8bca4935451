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
from targetwatch.web.access import READ, Editing
from targetwatch.web.forms import Posted
from targetwatch.web.targets import differences, fields, form, mistakes, request
from targetwatch.web.targets.fields import WrongError
from targetwatch.web.targets.form_page import form_page, start_of, with_row, without_row
from targetwatch.web.targets.preview import preview_of, reason_of
from targetwatch.web.targets.request import AboutTarget, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.web.access import Person
    from targetwatch.web.targets.form import Draft
    from targetwatch.web.targets.request import TargetRequest

log = logging.getLogger(__name__)


def routes() -> APIRouter:
    """Return the routes of a target's form."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/targets/{target_id}/edit", show, methods=READ)
    router.add_api_route("/targets/{target_id}/edit", act, methods=["POST"])
    return router


def show(_who: Editing, about: AboutTarget) -> Response:
    """Show the form of a target, to be read only where the file manages it."""
    if about.kept.archived_at is not None:
        return RedirectResponse(about.path("archive"), status_code=303)
    values = start_of(about.kept.target, about.today)
    return _form(about, values, started=differences.packed(values), expected=about.kept.revision)


def act(who: Editing, posted: Posted, about: AboutTarget) -> Response:
    """Do what was asked for with a form: another row, a look at what it changes, saving it."""
    values = fields.typed(posted.values)
    started, said = posted.text("started"), posted.text("expected")
    expected = int(said) if said.isdecimal() and len(said) < 10 else 0  # noqa: PLR2004 - a count of saves
    doing, _, more = posted.text("do").partition(":")
    went = differences.happened(about.kept, expected) in {differences.ARCHIVED, differences.HANDED}
    if doing in {"edit", "more", "less"} and not went:
        return _form(about, edited(values, doing, more), started=started, expected=expected)
    if doing in {"restore", "take-over"}:
        try:
            about, expected = _brought_back(about, doing, who=who, expected=expected)
        except StoreError:
            log.exception("target '%s': could not be brought back", about.kept.target.id)
            return _clash(about, values, started=started, kind=differences.happened(about.kept, expected), status=503)
    kind = differences.happened(about.kept, expected)
    if kind:
        return _clash(about, values, started=started, kind=kind)
    draft, wrong = form.read(values, about.form_context)
    if draft is not None and draft.target == about.kept.target:
        draft, wrong = None, {"": WrongError("unchanged")}
    if draft is None:
        return _form(about, values, started=started, expected=expected, wrong=wrong)
    if draft.is_new_version:
        values["effective"] = draft.version.effective.isoformat()
    if doing != "save":
        return _preview(about, draft, values, started=started, expected=expected)
    return _save(about, draft, values, who=who, started=started, expected=expected)


def edited(values: Mapping[str, str], doing: str, more: str) -> dict[str, str]:
    """Return a form with a row more or less."""
    row, _, number = more.partition(":")
    if row in fields.ROWS and doing == "more":
        return with_row(values, row)
    if doing == "less" and number.isdecimal():
        return without_row(values, row, int(number[:4]))
    return dict(values)


def _form(
    about: TargetRequest,
    values: Mapping[str, str],
    *,
    started: str,
    expected: int,
    wrong: Mapping[str, WrongError] | None = None,
) -> Response:
    target = about.kept.target
    view = form_page(
        about.configured,
        target,
        values,
        measure=about.indicator.measure,
        today=about.today,
        language=about.language,
    )
    return render.form(
        about.request,
        "edit.html",
        status=422 if wrong else 200,
        view=view,
        values=values,
        errors=mistakes.sentences(wrong or {}, about.language, about.indicator),
        carried={"started": started, "expected": expected},
    )


def _preview(
    about: TargetRequest, draft: Draft, values: Mapping[str, str], *, started: str, expected: int, status: int = 200
) -> Response:
    view = preview_of(about.service, draft, about.kept.target, about.configured, language=about.language)
    return render.form(
        about.request,
        "edit-preview.html",
        status=status,
        view=view,
        action=f"/targets/{draft.target.id}/edit",
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
        carried={**values, "started": started, "expected": expected},
    )


def _clash(about: TargetRequest, values: Mapping[str, str], *, started: str, kind: str, status: int = 409) -> Response:
    with db.reading(about.service.engine) as session:
        clash = differences.clash(
            session,
            about.kept,
            was=differences.unpacked(started),
            yours=values,
            beside=about.configured,
            language=about.language,
            kind=kind,
        )
    zone = about.service.settings.zone
    return render.form(
        about.request,
        "edit-clash.html",
        status=status,
        is_busy=status == 503,  # noqa: PLR2004 - what a page answers with
        clash=clash,
        target=about.kept.target,
        who=actors.said(clash.who, about.language),
        is_own=clash.who == about.actor,
        at=f"{clash.at.astimezone(zone):%Y-%m-%d %H:%M}" if clash.at else "",
    )


def _save(
    about: TargetRequest, draft: Draft, values: Mapping[str, str], *, who: Person, started: str, expected: int
) -> Response:
    said = reason_of(draft, about.kept.target, about.indicator, language=about.language)
    reason = said or values.get("reason", "").strip()
    if draft.is_new_version:
        draft = draft.with_reason(reason)
    try:
        request.save(about.service, draft, who=who, reason=reason, expected=expected)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        with db.reading(about.service.engine) as session:
            kept = find(session, about.kept.target.id)
        kind = differences.happened(kept, expected)
        if not kind:
            raise
        log.info("target '%s': %s", kept.target.id, error)
        return _clash(replace(about, kept=kept), values, started=started, kind=kind)
    except StoreError:
        log.exception("target '%s': could not be saved", draft.target.id)
        return _preview(about, draft, values, started=started, expected=expected, status=503)
    done = "target_version" if draft.is_new_version else "target_names"
    return RedirectResponse(f"{about.path()}?done={done}", status_code=303)


def _brought_back(about: TargetRequest, doing: str, *, who: Person, expected: int) -> tuple[TargetRequest, int]:
    """Bring back, or take over, what was archived or handed back while a form was filled in; unless it moved on."""
    name, now = about.kept.target.id, about.service.now()
    if about.kept.revision != expected:
        return about, expected
    with db.writing(about.service.engine, who.actor, now=now) as session:
        if find(session, name).revision != expected:
            return about, expected
        if doing == "restore":
            catalogue.restore(session, name, now=now, expected=expected)
        else:
            catalogue.take_over(session, name)
        kept = find(session, name)
    about.service.judge()
    return replace(about, kept=kept), kept.revision
