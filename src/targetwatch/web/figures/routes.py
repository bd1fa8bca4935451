"""Adding a figure with its evidence, putting one right, taking back what was just entered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from targetwatch import ingest
from targetwatch.connectors import FIELDS, RowError
from targetwatch.errors import ConflictError, HeldError, NotFoundError, StoreError
from targetwatch.model.problem import Problem
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import just_entered, render
from targetwatch.web.access import Editing
from targetwatch.web.figures import figure_effect, figure_form, figure_page, reasons
from targetwatch.web.forms import LONGEST_NOTE, Posted
from targetwatch.web.running import Service
from targetwatch.wording import figure_fields
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.ingest import Recorded
    from targetwatch.model import Reading
    from targetwatch.web.access import Person
    from targetwatch.web.figures.figure_effect import Look
    from targetwatch.web.running import RunningService


def routes() -> APIRouter:
    """Return the routes of figures."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/figures/new", new, methods=["GET", "HEAD"])
    router.add_api_route("/figures/new", enter, methods=["POST"])
    router.add_api_route("/figures/undo", undo, methods=["POST"])
    return router


def new(request: Request, who: Editing, service: Service) -> Response:
    """Show the form, filled with what the address says (any of `connectors.FIELDS`), proposals beside it."""
    said = {name: text[: figure_form.LONGEST_SAID] for name, text in request.query_params.items() if name in FIELDS}
    corrects = _corrected(service, request.query_params.get("corrects", ""))
    if corrects is not None:
        said = figure_form.values_of(corrects, render.language_of(request)) | said
    looks = bool(said.get("value"))
    return _form(request, service, said, who=who, corrects=corrects, looks=looks, proposes=True)


def enter(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Save a figure; or, as `do` says, only show how it would be read, or propose what fits another indicator."""
    corrects = _corrected(service, posted.text("corrects"))
    values = dict(posted.values)
    if posted.text("do") in {"look", "choose"}:
        proposes = posted.text("do") == "choose"
        shown = _form(request, service, values, who=who, corrects=corrects, looks=True, proposes=proposes)
        if proposes:
            shown.headers["hx-trigger-after-settle"] = "chosen"  # what fits the indicator is to be looked at, too
        return shown
    chosen = render.language_of(request)
    _ = translator(chosen)
    errors = _wrong_notes(values, chosen, corrects)
    done = None
    if not errors:
        try:
            done = ingest.record(
                service.engine,
                figure_form.entry_of(values),
                actor=who.actor,
                now=service.now(),
                today=service.today(),
                force_note=posted.text("anyway"),
                corrects=corrects.id if corrects else None,
                reason=posted.text("why"),
            )
        except (RowError, NotFoundError) as error:
            errors = reasons.by_field(error.problems, chosen)
        except (HeldError, StoreError) as error:
            changed = isinstance(error, (ConflictError, HeldError))
            done = _corrected_just_now(service, values, who, corrects) if changed and corrects is not None else None
            if done is None:
                errors = {
                    "": _("This figure was changed in the meantime; nothing was saved. Look at it as it stands now.")
                    if changed
                    else _(
                        "The database is busy; nothing was saved. What you typed is still here: try again in a moment."
                    )
                }
                status = 409 if changed else 503
                return _form(request, service, values, who=who, corrects=corrects, errors=errors, status=status)
    if done is None:
        return _form(request, service, values, who=who, corrects=corrects, errors=errors, status=422)
    root = request.scope.get("root_path", "")
    if done.outcome == "held":
        service.judge()
        return RedirectResponse(f"{root}/held?done=figure_held#held-{done.id}", 303)
    if done.withdrawn is None and not _is_kept(service, done, who):
        told = reasons.held(done.reason, service.current().catalogue, chosen) if done.reason else ""
        errors = {"": told or _("Nothing was saved: this figure is on record already.")}
        return _form(request, service, values, who=who, corrects=corrects, looks=True, errors=errors, status=409)
    service.judge()
    put_back = done.outcome == "known" and done.withdrawn is not None
    query = urlencode({"done": "figure_put_back" if put_back else "figure_saved", "reading": done.id})
    return RedirectResponse(f"{root}{figure_effect.home_of(service, done.reading)}?{query}", 303)


def undo(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Take back what this person has entered in one stroke: a figure, a correction, a table."""
    first, last = just_entered.numbers(posted.text("entered"))
    chosen, now = render.language_of(request), service.now()
    _ = translator(chosen)
    try:
        done = ingest.undo(
            service.engine, first, last, actor=who.actor, reason=Problem("undone_at_once").to_text(), now=now
        )
    except (ConflictError, StoreError) as error:
        changed = isinstance(error, ConflictError)
        errors = {
            "": _("Somebody else has done this already; this is how it stands now.")
            if changed
            else _("The database is busy; nothing was saved. What you typed is still here: try again in a moment.")
        }
        return figure_page.page(request, service, first, errors=errors, status=409 if changed else 503)
    service.judge()
    root = request.scope.get("root_path", "")
    place = f"/readings/{(*done.corrected, done.first)[0]}" if first == last else "/figures/paste"
    return RedirectResponse(f"{root}{place}?done=undone", 303)


def _form(
    request: Request,
    service: RunningService,
    values: Mapping[str, str],
    *,
    who: Person,
    corrects: Reading | None,
    looks: bool = False,
    proposes: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return the form; when it `looks`, with what would become of the entry, or what is missing for that."""
    chosen = render.language_of(request)
    _ = translator(chosen)
    view = figure_form.entry_form(
        service.current(), values, language=chosen, today=service.today(), corrects=corrects, proposes=proposes
    )
    look: Look | None = None
    missing: dict[str, str] = {}
    if looks or errors:
        try:
            entry = figure_form.entry_of(view.values)
            look = figure_effect.look(service, entry, actor=who.actor, corrects=corrects.id if corrects else None)
        except (RowError, NotFoundError) as error:
            missing = reasons.by_field(error.problems, chosen)
        except ConflictError:
            missing = {
                "": _("This figure was changed in the meantime; nothing was saved. Look at it as it stands now.")
            }
    return render.form(
        request,
        "figure.html",
        status=status,
        view=view,
        labels=figure_fields.labels(_),
        values=view.values,
        errors=errors or {},
        look=look,
        missing=missing,
        reasons=reasons,
    )


def _is_kept(service: RunningService, done: Recorded, who: Person) -> bool:
    """Return whether all that was typed is stored: now, or by the same person pressing the same button twice."""
    if done.outcome in {"new", "revised"}:
        return True
    if done.outcome != "known" or done.reason or done.id is None:
        return False
    with db.reading(service.engine) as session:
        kept = stored.get(session, done.id)
        just = just_entered.just_entered(session, done.id, done.id, actor=who.actor, now=service.now())
    said = done.reading
    same = (kept.evidence_url, kept.quote) == (said.evidence_url, said.quote) and kept.note.startswith(said.note)
    return just is not None and same


def _corrected_just_now(
    service: RunningService, values: Mapping[str, str], who: Person, corrects: Reading
) -> Recorded | None:
    """Return what the same person did by pressing the same button before; None when it was somebody else, or else."""
    entry, now = figure_form.entry_of(values), service.now()
    told = ingest.record(service.engine, entry, actor=who.actor, now=now, today=service.today(), dry_run=True)
    with db.reading(service.engine) as session:
        done = just_entered.just_withdrawn(session, corrects.id or 0, actor=who.actor, now=now)
    if not done or told.outcome != "known" or told.reason or told.id is None:
        return None
    if told.id < (corrects.id or 0):
        return replace(told, withdrawn=corrects.id)
    return told if _is_kept(service, told, who) else None


def _corrected(service: RunningService, said: str) -> Reading | None:
    """Return the reading that is to be put right; None when the address names none."""
    if not said:
        return None
    with db.reading(service.engine) as session:
        return stored.get(session, just_entered.number(said))


def _wrong_notes(values: Mapping[str, str], chosen: str, corrects: Reading | None) -> dict[str, str]:
    """Return what is wrong with the words that are no part of the figure."""
    _ = translator(chosen)
    errors = {}
    for name in ("anyway", "why"):
        if len(values.get(name, "")) > LONGEST_NOTE:
            errors[name] = _("That is too long, expected at most {most} characters.", most=LONGEST_NOTE)
    if corrects is not None and not values.get("why", "").strip():
        errors["why"] = _("A reason is needed: it is kept in the audit trail.")
    return errors
