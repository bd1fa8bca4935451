"""Held readings: what waits for a person, accepted or rejected with a note, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import NotFoundError
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import actors, render
from targetwatch.web.access import Editing, Viewing
from targetwatch.web.figures import held_view
from targetwatch.web.forms import LONGEST_NOTE, Posted
from targetwatch.web.running import Service
from targetwatch.wording.problems import is_ours
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from targetwatch.store.readings import Held
    from targetwatch.web.access import Person
    from targetwatch.web.forms import Filled
    from targetwatch.web.running import RunningService

MOST_DIGITS = 9


def routes() -> APIRouter:
    """Return the routes of the held readings."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/held", waiting, methods=["GET", "HEAD"])
    router.add_api_route("/held/{held_id}/accept", accept, methods=["POST"])
    router.add_api_route("/held/{held_id}/reject", reject, methods=["POST"])
    return router


def waiting(
    request: Request,
    _who: Viewing,
    service: Service,
    tab: Annotated[str, Query()] = "",
    page: Annotated[str, Query()] = "",
) -> Response:
    """Show what waits, or what was decided."""
    return _page(request, service, tab=tab if tab in held_view.TABS else held_view.TABS[0], page=_number(page))


def accept(request: Request, held_id: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Let a held reading count from now on."""
    return _decide(request, held_id, who, service=service, posted=posted, accepting=True)


def reject(request: Request, held_id: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Keep a held reading out for good."""
    return _decide(request, held_id, who, service=service, posted=posted, accepting=False)


def _decide(
    request: Request, said_id: str, who: Person, *, service: RunningService, posted: Filled, accepting: bool
) -> Response:
    """Decide on a reading in the state the person saw it in; a note is needed to reject."""
    held_id = _number(said_id)
    if not held_id:
        raise NotFoundError("held reading", said_id[:MOST_DIGITS])
    field, tab = f"note-{held_id}", posted.text("tab") or held_view.TABS[0]
    note, seen = posted.text(field), posted.text("seen") or "waiting"
    chosen, now = render.language_of(request), service.now()
    _ = translator(chosen)
    error = _wrong(note, needed=not accepting, chosen=chosen)
    with db.writing(service.engine, who.actor, reason=note, now=now) as session:
        found = stored.get_held(session, held_id)
        decided = found.status != seen or not _may_become(found, accepting=accepting)
        if accepting and found.reading.unit is not None:
            error = error or _(
                "It counts another unit than its indicator, so it cannot be accepted: reject it and "
                "enter it again in the indicator's unit."
            )
        if not decided and not error:
            change = stored.accept if accepting else stored.reject
            change(session, held_id, note=note, now=now)
    if decided or error:
        return _page(
            request,
            service,
            status=409 if decided else 422,
            tab=tab if tab in held_view.TABS else held_view.TABS[0],
            page=_number(posted.text("page")),
            values=dict(posted.values),
            errors={} if decided else {field: error},
            decided=found if decided else None,
        )
    service.judge()
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/held?done={'accepted' if accepting else 'rejected'}", 303)


def _page(
    request: Request,
    service: RunningService,
    *,
    tab: str,
    page: int,
    status: int = 200,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    decided: Held | None = None,
) -> Response:
    view = held_view.held_page(service, tab=tab, page=page)
    chosen = render.language_of(request)
    return render.form(
        request,
        "held.html",
        status=status,
        view=view,
        values=values or {},
        errors=errors or {},
        decided=decided,
        who=lambda actor: actors.said(actor, chosen),
        reason=lambda item: held_view.reason(item, service.current().catalogue, chosen),
        is_ours=is_ours,
        times=held_view.times,
    )


def _may_become(found: Held, *, accepting: bool) -> bool:
    """Return whether the decision can still be taken; a rejected reading may be accepted yet."""
    return found.status == "waiting" or (accepting and found.status == "rejected")


def _wrong(note: str, *, needed: bool, chosen: str) -> str:
    """Return what is wrong with a note, "" when nothing is."""
    _ = translator(chosen)
    if needed and not note:
        return _("A rejection needs a reason: say why the figure is wrong.")
    if len(note) > LONGEST_NOTE:
        return _("The note has {count} characters, expected at most {most}.", count=len(note), most=LONGEST_NOTE)
    return ""


def _number(said: str) -> int:
    """Return a number as it stands in an address; 0 when it is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else 0
