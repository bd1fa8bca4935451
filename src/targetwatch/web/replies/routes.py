"""Answers to mails: "I know" by its signed link or by an editor at the target's page, and fewer mails.

GET shows a link's page and changes nothing: programs that scan mails open every link. Whoever holds a link may answer
by it as often as they like, the last word counts; so a form that brings it needs no token of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from targetwatch.mail import letter
from targetwatch.mail.letter import KNOW, UNSUBSCRIBE, LinkError
from targetwatch.model import Acknowledgement, Target
from targetwatch.model.people import Way
from targetwatch.store import db, outbox
from targetwatch.web import lookup, render
from targetwatch.web.access import READ, Administering, Editing, SimulatedError
from targetwatch.web.forms import Posted
from targetwatch.web.running import RunningService, Service

LONGEST_DAYS = 90
PROPOSED_DAYS = 30
LONGEST_WORDS = 500
BAD = 422
router = APIRouter(include_in_schema=False)
Said = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers about a target: `actor` for the audit trail, `name` for readers; `action` is where the form goes."""

    target: Target
    receiver: str
    actor: str
    name: str
    action: str


def holder(request: Request, token: str, service: Service) -> Answering:
    """Return who answers by a link.

    Raises:
        LinkError: the link is not ours or too old, or its target is not there any more or has another owner.
    """
    said = letter.read(token, KNOW, keys=_keys(service), today=service.today())
    targets = service.current().catalogue.targets_by_id
    if said.target not in targets:
        raise LinkError("link_without_target")
    target = targets[said.target]
    if target.owner.email.lower() != said.receiver:
        raise LinkError("link_of_earlier_owner")
    name = target.owner.name[render.language_of(request)]
    return Answering(target, said.receiver, Way.MAIL.by(said.receiver), name, f"/{KNOW}/{token}")


def editor(target_id: str, who: Editing, service: Service) -> Answering:
    """Return the editor who answers at a target's page."""
    target = lookup.target(service.current(), target_id)
    return Answering(target, "", who.actor, who.title, f"/targets/{target.id}/know")


ByLink = Annotated[Answering, Depends(holder)]
ByEditor = Annotated[Answering, Depends(editor)]


@router.api_route("/know/{token}", methods=READ)
def ask_by_link(request: Request, one: ByLink, service: Service) -> Response:
    """Show of which target the reader of a mail may say that they know."""
    return _page(request, service, one)


@router.api_route("/know/{token}", methods=["POST"])
def know_by_link(request: Request, one: ByLink, service: Service, until: Said = "", note: Said = "") -> Response:
    """Keep that the reader of a mail knows."""
    return _know(request, service, one, until=until, note=note)


@router.api_route("/targets/{target_id}/know", methods=READ)
def ask_editor(request: Request, one: ByEditor, service: Service) -> Response:
    """Show an editor the same."""
    return _page(request, service, one)


@router.api_route("/targets/{target_id}/know", methods=["POST"])
def know_by_editor(request: Request, one: ByEditor, posted: Posted, service: Service) -> Response:
    """Keep that an editor knows."""
    return _know(request, service, one, until=posted.text("until"), note=posted.text("note"))


@router.api_route("/unsubscribe/{token}", methods=READ)
def ask_unsubscribe(request: Request, token: str, service: Service) -> Response:
    """Show whom no reminders and summaries would reach any more."""
    receiver = letter.read(token, UNSUBSCRIBE, keys=_keys(service), today=service.today()).receiver
    with db.reading(service.engine) as session:
        since = outbox.unsubscribed(session).get(receiver)
    return render.form(request, "unsubscribe.html", receiver=receiver, token=token, since=since)


@router.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: str, service: Service) -> Response:
    """Send no reminders and summaries any more; one click of a mail client's is enough (RFC 8058)."""
    _refuse_simulated(service)
    receiver = letter.read(token, UNSUBSCRIBE, keys=_keys(service), today=service.today()).receiver
    now = service.now()
    with db.writing(service.engine, Way.MAIL.by(receiver), now=now) as session:
        outbox.unsubscribe(session, receiver)
    return render.form(request, "unsubscribe.html", receiver=receiver, token=token, since=now)


@router.post("/unsubscribed")
def resubscribe(request: Request, who: Administering, posted: Posted, service: Service) -> Response:
    """Send somebody reminders and summaries again."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        outbox.resubscribe(session, posted.text("receiver"))
    return render.redirect(request, "/owners?done=resubscribed")


def _keys(service: RunningService) -> tuple[str, ...]:
    """Return the keys that links may be signed with: those of the settings, and one made before there were any."""
    with db.reading(service.engine) as session:
        return (*outbox.secret_keys(session), *service.settings.secret_keys)


def _know(request: Request, service: RunningService, one: Answering, *, until: str, note: str) -> Response:
    _refuse_simulated(service)
    _ = render.translator_for(request)
    day, today, note = _day(until), service.today(), " ".join(note.split())
    errors = {}
    if day is None or not today <= day <= today + timedelta(days=LONGEST_DAYS):
        said = _("Choose a day from today on, at most {days} days ahead.", days=LONGEST_DAYS)
        errors["until"] = said
    if len(note) > LONGEST_WORDS:
        errors["note"] = _("At most {most} characters fit, there are {count}.", most=LONGEST_WORDS, count=len(note))
    if errors or day is None:
        return _page(request, service, one, errors=errors, values={"until": until, "note": note})
    now = service.now()
    given = Acknowledgement(target=one.target.id, receiver=one.receiver, by=one.name, note=note, until=day, at=now)
    with db.writing(service.engine, one.actor, now=now) as session:
        outbox.acknowledge(session, given)
    service.judge()
    return render.redirect(request, f"{one.action}?done=known")


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None


def _page(
    request: Request,
    service: RunningService,
    one: Answering,
    *,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> Response:
    snapshot, today = service.current(), service.today()
    known = snapshot.acknowledged.get(one.target.id)
    proposed = known.until if known else today + timedelta(days=PROPOSED_DAYS)
    return render.form(
        request,
        "know.html",
        status=BAD if errors else 200,
        answering=one,
        verdict=snapshot.verdicts.get(one.target.id),
        indicator=lookup.indicator(snapshot, one.target.indicator),
        known=known,
        first=today,
        last=today + timedelta(days=LONGEST_DAYS),
        errors=errors or {},
        values=values or {"until": proposed.isoformat(), "note": known.note if known else ""},
    )


def _refuse_simulated(service: RunningService) -> None:
    if service.simulation is not None:
        raise SimulatedError("clock_simulated")
