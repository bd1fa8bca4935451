"""Adding a figure with its evidence, putting one right, taking back what was just entered; and the other ways in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch import ingest
from targetwatch.connectors import FIELDS, RowError
from targetwatch.errors import ConflictError, HeldError, NotFoundError, StoreError
from targetwatch.ingest import Recorded
from targetwatch.model import Reading
from targetwatch.model.problem import Problem
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import just_entered, render
from targetwatch.web.access import READ, Editing, Person
from targetwatch.web.figures import effects, paste, press_page, readings, view
from targetwatch.web.forms import Posted
from targetwatch.web.running import RunningService, Service
from targetwatch.wording.problems import on_page

router = APIRouter(include_in_schema=False)
for way in (readings, press_page, paste):
    router.include_router(way.router)


@router.api_route("/figures/new", methods=READ)
def new(request: Request, who: Editing, service: Service) -> Response:
    """Show the form, filled with what the address says (any of `connectors.FIELDS`), proposals beside it."""
    said = {name: text[: view.LONGEST_SAID] for name, text in request.query_params.items() if name in FIELDS}
    corrects = _corrected(service, request.query_params.get("corrects", ""))
    if corrects is not None:
        said = view.values_of(corrects, render.language_of(request)) | said
    proposes = not request.query_params.get("held")
    if not proposes:
        with db.reading(service.engine) as session:
            held = stored.get_held(session, just_entered.number(request.query_params["held"]))
        said = view.values_of(held.reading, render.language_of(request)) | {"held": str(held.id)}
    return _form(request, service, said, who=who, corrects=corrects, looks=bool(said.get("value")), proposes=proposes)


@router.post("/figures/new")
def enter(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Save a figure; or, as `do` says, only show how it would be read, or propose what fits another indicator."""
    values = dict(posted.values)
    corrects = _corrected(service, posted.text("corrects"))
    rejects = just_entered.number(posted.text("held")) if posted.text("held") else None
    again = partial(_form, request, service, values, who=who, corrects=corrects)
    if posted.text("do") == "look":
        return again(looks=True)
    if posted.text("do") == "choose":
        shown = again(looks=True, proposes=True)
        shown.headers["hx-trigger-after-settle"] = "chosen"  # what fits the indicator is to be looked at, too
        return shown
    _ = render.translator_for(request)
    notes = {name: view.wrong_reason(values.get(name, ""), _, is_needed=False) for name in ("anyway", "why")}
    if corrects is not None:
        notes["why"] = view.wrong_reason(values.get("why", ""), _)
    if errors := {name: text for name, text in notes.items() if text}:
        return again(errors=errors, status=422)
    with db.reading(service.engine) as session:
        alone = view.alone(session, service, who)
    try:
        done = ingest.record(
            service.engine,
            view.entry_of(values),
            actor=who.actor,
            now=service.now(),
            today=service.today(),
            force_note=posted.text("anyway"),
            corrects=corrects.id if corrects else None,
            rejects=rejects,
            reason=posted.text("why"),
            alone=alone,
        )
    except (RowError, NotFoundError) as error:
        return again(errors=view.by_field(error.problems, _), status=422)
    except (ConflictError, HeldError) as error:
        if any(problem.code == "accept_own" for problem in error.problems):
            return again(errors={"anyway": _(view.OWN)}, looks=True, status=422)
        before = _corrected_just_now(service, values, who, corrects) if corrects is not None else None
        if before is None:
            return again(errors={"": _(view.CHANGED)}, status=409)
        done = before
    except StoreError:
        return again(errors={"": _(view.BUSY)}, status=503)
    if done.outcome == "held" or (done.outcome == "known" and rejects is not None):
        service.judge()
        said = f"figure_held#held-{done.id}" if done.outcome == "held" else f"rejected&held={rejects}"
        return render.redirect(request, f"/held?done={said}")
    if done.withdrawn is None and not _is_kept(service, done, who):
        catalogue = service.current().catalogue
        why = on_page(done.reason, _, catalogue=catalogue) if done.reason else ""
        errors = {"": why or _("Nothing was saved: this figure is on record already.")}
        return again(looks=True, errors=errors, status=409)
    service.judge()
    put_back = done.outcome == "known" and done.withdrawn is not None
    query = urlencode({"done": "figure_put_back" if put_back else "figure_saved", "reading": done.id})
    return render.redirect(request, f"{effects.home_of(service, done.reading)}?{query}")


@router.post("/figures/undo")
def undo(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Take back what this person has entered in one stroke: a figure, a correction, a table."""
    first, last = just_entered.numbers(posted.text("entered"))
    _ = render.translator_for(request)
    try:
        done = ingest.undo(
            service.engine,
            first,
            last,
            actor=who.actor,
            reason=Problem("undone_at_once").to_text(),
            now=service.now(),
        )
    except ConflictError:
        return readings.page(request, service, first, errors={"": _(view.DONE_ALREADY)}, status=409)
    except StoreError:
        return readings.page(request, service, first, errors={"": _(view.BUSY)}, status=503)
    service.judge()
    place = f"/readings/{(*done.corrected, done.first)[0]}" if first == last else "/figures/paste"
    return render.redirect(request, f"{place}?done=undone")


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
    _ = render.translator_for(request)
    form = view.entry_form(
        service.current(), values, language=_.language, today=service.today(), corrects=corrects, proposes=proposes
    )
    look: effects.Look | None = None
    missing: dict[str, str] = {}
    if looks or errors:
        try:
            entry = view.entry_of(form.values)
            look = effects.look(service, entry, actor=who.actor, corrects=corrects.id if corrects else None)
        except (RowError, NotFoundError) as error:
            missing = view.by_field(error.problems, _)
        except ConflictError:
            missing = {"": _(view.CHANGED)}
    with db.reading(service.engine) as session:
        alone = view.alone(session, service, who)
    return view.draw(
        request,
        service,
        "figure.html",
        alone=alone,
        status=status,
        view=form,
        values=form.values,
        errors=errors,
        look=look,
        missing=missing,
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
    entry, now = view.entry_of(values), service.now()
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
