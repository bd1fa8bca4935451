"""One reading in full: looked at, withdrawn, put back in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import ConflictError, StoreError
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import actors, just_entered, render
from targetwatch.web.access import Editing, Reader
from targetwatch.web.figures import figure_view
from targetwatch.web.forms import LONGEST_NOTE, Posted
from targetwatch.web.running import Asked, Moment, Service
from targetwatch.wording.problems import reason as in_words
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.web.access import Person
    from targetwatch.web.forms import Filled
    from targetwatch.web.running import RunningService


def routes() -> APIRouter:
    """Return the routes of one reading."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/readings/{number}", reading, methods=["GET", "HEAD"])
    router.add_api_route("/readings/{number}/withdraw", withdraw, methods=["POST"])
    router.add_api_route("/readings/{number}/restore", restore, methods=["POST"])
    return router


def page(
    request: Request,
    service: RunningService,
    number: int,
    *,
    moment: Moment | None = None,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return the page of one reading, with what is wrong where something is."""
    present = service.current()
    chosen = render.language_of(request)
    return render.form(
        request,
        "reading.html",
        status=status,
        moment=moment,
        view=figure_view.figure_page(service, number, moment or Moment(present, present)),
        values=values or {},
        errors=errors or {},
        who=actors.teller(service, chosen),
        why=lambda kept: in_words(kept, translator(chosen)),
    )


def reading(request: Request, number: str, _: Reader, service: Service, moment: Asked) -> Response:
    """Show one reading in full as known at a moment: its evidence, its vintages, what rests on it."""
    return page(request, service, just_entered.number(number), moment=moment)


def withdraw(request: Request, number: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Take a wrong reading out of force, saying why."""
    return _move(request, service, just_entered.number(number), who=who, posted=posted, back=False)


def restore(request: Request, number: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Put a withdrawn reading back in force, saying why."""
    return _move(request, service, just_entered.number(number), who=who, posted=posted, back=True)


def _move(
    request: Request, service: RunningService, number: int, *, who: Person, posted: Filled, back: bool
) -> Response:
    _ = render.translator_for(request)
    reason = posted.text("why")
    if not reason or len(reason) > LONGEST_NOTE:
        said = (
            _("That is too long, expected at most {most} characters.", most=LONGEST_NOTE)
            if reason
            else _("A reason is needed: it is kept in the audit trail.")
        )
        errors = {"why": said}
        return page(request, service, number, values=dict(posted.values), errors=errors, status=422)
    change = stored.restore if back else stored.withdraw
    try:
        with db.writing(service.engine, who.actor, reason=reason, now=service.now()) as session:
            change(session, number, reason=reason, now=service.now())
    except ConflictError:
        errors = {"": _("Somebody else has done this already; this is how it stands now.")}
        return page(request, service, number, values=dict(posted.values), errors=errors, status=409)
    except StoreError:
        errors = {
            "": _("The database is busy; nothing was saved. What you typed is still here: try again in a moment.")
        }
        return page(request, service, number, values=dict(posted.values), errors=errors, status=503)
    service.judge()
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/readings/{number}?done={'restored' if back else 'withdrawn'}", 303)
