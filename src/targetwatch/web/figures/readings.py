"""Readings as pages: one in full with its evidence, its vintages, what rests on it; and those held, which wait.

One is withdrawn or put back in force. Held ones stand beside what they are compared with and would change, and are
accepted or rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from targetwatch.checks import History
from targetwatch.errors import ConflictError, NotFoundError, StoreError
from targetwatch.mail.due import leaves_at
from targetwatch.model import AsOf, Basis, Clock, Indicator, Measure, Reading, Text
from targetwatch.model.problem import Problem
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings import Held, acts
from targetwatch.store.readings.held import accept_by_person, own_held
from targetwatch.web import access, just_entered, lookup, render
from targetwatch.web.access import READ, Asked, Editing, Person, Reader, Viewing
from targetwatch.web.figures import view
from targetwatch.web.figures.effects import Effect, Trial, mails_of
from targetwatch.web.figures.view import alone
from targetwatch.web.forms import LONGEST_NOTE, Filled, Posted
from targetwatch.web.lookup import KnownReading, MailToCome
from targetwatch.web.running import Moment, RunningService, Service, number_of
from targetwatch.wording.problems import is_ours
from targetwatch.wording.problems import reason as in_words
from targetwatch.wording.translation import Translator

MOST_DIGITS = 9
PAGE_ROWS = 20
DECIDED_ROWS = 50
TABS = ("waiting", "decided")
router = APIRouter(include_in_schema=False)
EVER = date(9999, 1, 1)


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


@router.api_route("/readings/{number}", methods=READ)
def reading(request: Request, number: str, _: Reader, service: Service, moment: Asked) -> Response:
    """Show one reading in full as known at a moment: its evidence, its vintages, what rests on it."""
    return page(request, service, just_entered.number(number), moment=moment)


@router.post("/readings/{number}/withdraw")
def withdraw(request: Request, number: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Take a wrong reading out of force, saying why."""
    return _move(request, service, just_entered.number(number), who=who, posted=posted, back=False)


@router.post("/readings/{number}/restore")
def restore(request: Request, number: str, who: Editing, service: Service, posted: Posted) -> Response:
    """Put a withdrawn reading back in force, saying why."""
    return _move(request, service, just_entered.number(number), who=who, posted=posted, back=True)


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
    present, _ = service.current(), render.translator_for(request)
    return view.draw(
        request,
        service,
        "reading.html",
        status=status,
        moment=moment,
        view=_shown(service, number, moment or Moment(present, present)),
        values=values,
        errors=errors,
        who=access.teller(service, _.language),
        why=lambda kept: in_words(kept, _),
    )


def _move(
    request: Request, service: RunningService, number: int, *, who: Person, posted: Filled, back: bool
) -> Response:
    _ = render.translator_for(request)
    reason = posted.text("why")
    change = stored.restore if back else stored.withdraw
    errors, status = {"why": view.wrong_reason(reason, _)}, 422
    if not errors["why"]:
        try:
            with db.writing(service.engine, who.actor, reason=reason, now=service.now()) as session:
                change(session, number, reason=reason, now=service.now())
        except ConflictError:
            errors, status = {"": _(view.DONE_ALREADY)}, 409
        except StoreError:
            errors, status = {"": _(view.BUSY)}, 503
        else:
            service.judge()
            return render.redirect(request, f"/readings/{number}?done={'restored' if back else 'withdrawn'}")
    return page(request, service, number, values=posted.values, errors=errors, status=status)


def _shown(service: RunningService, number: int, moment: Moment) -> dict[str, object]:
    """Return what the page shows of a reading as known at a moment.

    `row` is the reading itself; `vintages` are the others of its fact, the latest first. `rests` tells for each target
    how it stands, and how it would without the reading (`then`); nothing rested on what was not known by then.

    Raises:
        NotFoundError: there is none of that number.
    """
    snapshot = moment.snapshot
    with db.reading(service.engine) as session:
        reading = stored.get(session, number)
        indicator = snapshot.catalogue.indicators_by_id.get(reading.indicator)
        if indicator is None:
            raise NotFoundError("indicator", reading.indicator)
        past = stored.load(session, [reading.indicator])[reading.indicator]
        known = _as_of(past, snapshot.as_of)
        reading = next(one for one in known if one.id == number)
        same = [one for one in _states(known, reading, indicator.authority, moment) if one.reading.key == reading.key]
        rows = lookup.named(moment, same)
        row = next(row for row in rows if row.known.reading.id == number)
        is_known = row.known.state != lookup.NOT_YET
        rest = tuple(one for one in past if one.id != number)
        never = replace(reading, withdrawn_at=reading.recorded_at)
        rests = Trial(session, snapshot, {reading.indicator: rest}).effects(never) if is_known else ()
        done = acts(session, number)
    return {
        "reading": reading,
        "row": row,
        "indicator": indicator,
        "vintages": [one for one in rows if one is not row],
        "acts": done,
        "rests": rests,
        "mails": () if moment.is_past else _mails(service, reading, rests),
        "as_of": snapshot.as_of,
        "counts_amounts": indicator.measure is not Measure.MILESTONES,
        "is_withdrawn": row.known.state == lookup.WITHDRAWN,
        "is_known": is_known,
    }


def _as_of(past: Iterable[Reading], as_of: AsOf) -> list[Reading]:
    """Return each reading as it stood at a moment: one that was withdrawn and restored is there for each time."""

    def standing(one: Reading) -> tuple[bool, bool, datetime]:
        return one.known_on(as_of) is not None, one.recorded_at <= as_of.moment, one.recorded_at

    return list({one.id: one for one in sorted(past, key=standing)}.values())


def _mails(service: RunningService, reading: Reading, rests: tuple[Effect, ...]) -> tuple[MailToCome, ...]:
    """Return the mails that the reading causes and that have yet to leave."""
    if reading.withdrawn_at is not None or leaves_at(reading.recorded_at, service.settings) <= service.now():
        return ()
    return mails_of(service, ((one.target, one.then, one.now) for one in rests), known_at=reading.recorded_at)


def _states(readings: list[Reading], shown: Reading, authority: str, moment: Moment) -> list[KnownReading]:
    """Return every reading with its state; of the past those known then, and the one that is shown.

    At present one that is not public yet, or undated, has the state that it has on our own clock.
    """
    as_of = moment.as_of
    public = lookup.states(readings, authority, as_of)
    seen = {one.reading.id for one in public}
    if moment.is_past:
        later = KnownReading(shown, lookup.NOT_YET, None, shown.publisher == authority, first_seen=False)
        return public if shown.id in seen else [later, *public]
    ever = AsOf.end_of(EVER, as_of.moment.tzinfo or UTC, Clock.RECORDED)
    recorded = lookup.states(readings, authority, ever)
    return [*(one for one in recorded if one.reading.id not in seen), *public]
