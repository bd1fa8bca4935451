"""One reading in full: its evidence, its vintages, what rests on it; withdrawn, put back in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.errors import ConflictError, NotFoundError, StoreError
from targetwatch.mail.due import leaves_at
from targetwatch.model import AsOf, Clock, Measure, Reading
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings import acts
from targetwatch.web import access, just_entered, lookup, render
from targetwatch.web.access import READ, Asked, Editing, Person, Reader
from targetwatch.web.figures import view
from targetwatch.web.figures.effects import Effect, Trial, mails_of
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.lookup import KnownReading, MailToCome
from targetwatch.web.running import Moment, RunningService, Service
from targetwatch.wording.problems import reason as in_words

EVER = date(9999, 1, 1)
router = APIRouter(include_in_schema=False)


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
