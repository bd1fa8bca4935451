"""Held readings: what waits for a person, with what it is compared with and would change; accepted or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from targetwatch.checks import History
from targetwatch.errors import NotFoundError
from targetwatch.model import Basis, Indicator, Measure, Reading, Text
from targetwatch.model.problem import Problem
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings import Held
from targetwatch.store.readings.held import accept_by_person, own_held
from targetwatch.web import access, lookup, render
from targetwatch.web.access import READ, Editing, Person, Viewing
from targetwatch.web.figures import view
from targetwatch.web.figures.effects import Trial
from targetwatch.web.figures.view import alone
from targetwatch.web.forms import LONGEST_NOTE, Filled, Posted
from targetwatch.web.running import RunningService, Service, number_of
from targetwatch.wording.problems import is_ours
from targetwatch.wording.problems import reason as in_words
from targetwatch.wording.translation import Translator

MOST_DIGITS = 9
PAGE_ROWS = 20
DECIDED_ROWS = 50
TABS = ("waiting", "decided")
router = APIRouter(include_in_schema=False)


@router.api_route("/held", methods=READ)
def waiting(
    request: Request,
    _who: Viewing,
    service: Service,
    tab: Annotated[str, Query()] = "",
    page: Annotated[str, Query()] = "",
) -> Response:
    """Show what waits, or what was decided."""
    return _page(request, service, tab=tab, page=page)


@router.post("/held/{held_id}/accept")
def accept(request: Request, held_id: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Let a held reading count from now on."""
    return _decide(request, held_id, who, service=service, posted=posted, accepting=True)


@router.post("/held/{held_id}/reject")
def reject(request: Request, held_id: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Keep a held reading out for good."""
    return _decide(request, held_id, who, service=service, posted=posted, accepting=False)


def _decide(
    request: Request, said_id: str, who: Person, *, service: RunningService, posted: Filled, accepting: bool
) -> Response:
    """Decide on a reading in the state the person saw it in; a note is needed, and perhaps another person."""
    held_id = number_of(said_id)
    if not held_id:
        raise NotFoundError("held reading", said_id[:MOST_DIGITS])
    _, now = render.translator_for(request), service.now()
    note, seen = posted.text(f"note-{held_id}"), posted.text("seen") or "waiting"
    error = _wrong(note, _, accepting=accepting)
    with db.writing(service.engine, who.actor, reason=note, now=now) as session:
        found = stored.get_held(session, held_id)
        may_become = found.status == "waiting" or (accepting and found.status == "rejected")
        is_decided = found.status != seen or not may_become
        if accepting and found.reading.unit is not None:
            error = error or _(
                "It counts another unit than its indicator, so it cannot be accepted: reject it and "
                "enter it again in the indicator's unit."
            )
        may = not accepting or alone(session, service, who)
        if not may and held_id in own_held(session, [held_id], who.actor):
            error = error or _(view.OWN)
        if not is_decided and not error and accepting:
            accept_by_person(session, held_id, note=note, now=now, alone=may)
        elif not is_decided and not error:
            stored.reject(session, held_id, note=note, now=now)
    if not is_decided and not error:
        service.judge()
        return render.redirect(request, f"/held?done={'accepted' if accepting else 'rejected'}&held={held_id}")
    return _page(
        request,
        service,
        status=409 if is_decided else 422,
        tab=posted.text("tab"),
        page=posted.text("page"),
        values=posted.values,
        errors={} if is_decided else {f"note-{held_id}": error},
        decided=found if is_decided else None,
    )


@router.post("/held/{held_id}/undo")
def undo(request: Request, held_id: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Take back what was decided, in the state the person saw it in: the reading waits again."""
    number, now = number_of(held_id) or 0, service.now()
    reason = Problem("decision_undone").to_text()
    with db.writing(service.engine, who.actor, reason=reason, now=now) as session:
        found = stored.get_held(session, number)
        is_moved = found.status != posted.text("seen") or found.status == "waiting"
        withdrawn = found.stored_as is not None and stored.get(session, found.stored_as).withdrawn_at is not None
        if not is_moved and not withdrawn:
            stored.reopen(session, number, reason=reason, now=now)
    if is_moved or withdrawn:
        return _page(request, service, status=409, tab="decided", page="", decided=found)
    service.judge()
    return render.redirect(request, f"/held?done=reopened#held-{number}")


def _page(
    request: Request,
    service: RunningService,
    *,
    tab: str,
    page: str,
    status: int = 200,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    decided: Held | None = None,
) -> Response:
    """Return what waits, the oldest first, or what was decided, the last first; a page beyond the last is the last."""
    snapshot, _ = service.current(), render.translator_for(request)
    tab = tab if tab in TABS else TABS[0]
    with db.reading(service.engine) as session:
        count = sum(stored.count_held(session).values())
        pages = max(1, -(-count // PAGE_ROWS)) if tab == "waiting" else 1
        number = min(max(1, number_of(page) or 0), pages)
        if tab == "waiting":
            found = stored.held(session)[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
        else:
            found = stored.decided(session, limit=DECIDED_ROWS)
        trial = Trial(session, snapshot)
        items = [_item(trial, one, weigh=tab == "waiting") for one in found]
        who: Person = request.state.person
        may = alone(session, service, who)
        own = () if may else own_held(session, (one.id for one in found), who.actor)
    return view.draw(
        request,
        service,
        "held.html",
        status=status,
        tab=tab,
        as_of=snapshot.as_of,
        items=items,
        waiting=count,
        page=number,
        pages=pages,
        first=(number - 1) * PAGE_ROWS + 1,
        values=values,
        errors=errors,
        decided=decided,
        own=own,
        who=lambda actor: access.actor_said(actor, _.language),
        is_ours=is_ours,
        why=lambda kept: in_words(kept, _),
        times=times,
    )


def times(ratio: Decimal) -> str:
    """Return a ratio as it is spoken of, to three digits.

    >>> from decimal import Decimal
    >>> times(Decimal("9.98761")), times(Decimal("123.4")), times(Decimal("0.00102"))
    ('9.99', '123', '0.00102')
    """
    return f"{float(f'{ratio:.3g}'):,.15g}"


def _item(trial: Trial, held: Held, *, weigh: bool) -> dict[str, object]:
    """Return one held reading; `other_unit` keeps it from being accepted as it is."""
    snapshot, reading = trial.snapshot, held.reading
    known = snapshot.catalogue.indicators_by_id.get(reading.indicator)
    indicator = known or _stand_in(reading)
    publishers = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    other_unit = reading.unit is not None
    weigh = weigh and known is not None
    published = reading.published_on
    return {
        "held": held,
        "indicator": indicator,
        "publisher": publishers.get(reading.publisher),
        "is_authority": reading.publisher == indicator.authority,
        "step": lookup.step_titles(snapshot).get((reading.indicator, reading.step or "")),
        "compared": _compared(reading, trial.past(reading.indicator)) if weigh else (),
        "effects": trial.effects(replace(reading, withdrawn_at=None)) if weigh and not other_unit else (),
        "counts_amounts": indicator.measure is not Measure.MILESTONES,
        "other_unit": other_unit,
        "counts_later": published is None or published > snapshot.as_of.day,
    }


def _compared(reading: Reading, past: tuple[Reading, ...]) -> list[tuple[str, Reading, Decimal | None]]:
    """Return what the reading is measured against, and the ratio to it.

    It is what it revises (`fact`), the years beside it (`year_before`, `year_after`), the last good figure (`near`).
    """
    history = History(past)
    found = {
        "fact": history.fact(reading),
        "year_before": history.fact(reading, years=-1),
        "year_after": history.fact(reading, years=1),
        "near": next(history.nearest(reading), None),
    }
    seen: set[int | None] = set()
    compared = []
    for kind, other in found.items():
        if other is not None and other.id not in seen:
            seen.add(other.id)
            compared.append((kind, other, reading.value / other.value if other.value else None))
    return compared


def _stand_in(reading: Reading) -> Indicator:
    """Return what can be said of an indicator that is not configured any more."""
    measure = Measure.MILESTONES if reading.basis is Basis.EVENT else Measure.FLOW
    title = Text(reading.indicator, reading.indicator)
    return Indicator(id=reading.indicator, title=title, measure=measure, authority=reading.publisher)


def _wrong(note: str, _: Translator, *, accepting: bool) -> str:
    """Return what is wrong with a note, "" when nothing is."""
    if not note and accepting:
        return _("To accept it, say why the figure is right.")
    if not note:
        return _("A rejection needs a reason: say why the figure is wrong.")
    if len(note) > LONGEST_NOTE:
        return _("The note has {count} characters, expected at most {most}.", count=len(note), most=LONGEST_NOTE)
    return ""
