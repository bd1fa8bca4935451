"""What is subscribed to, the feed of statuses and the calendar; and what is taken away whole, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from targetwatch.model import AsOf, Clock
from targetwatch.store import db, maintenance, statuses
from targetwatch.store import readings as stored
from targetwatch.store.catalogue import load_every
from targetwatch.web import lookup, render
from targetwatch.web.access import READ, program_unless_public, subscriber
from targetwatch.web.headers import Download
from targetwatch.web.running import Service, site_of
from targetwatch.wording import exported, formats, verdict
from targetwatch.wording.translation import Translator, translator

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue, Reading, Snapshot
    from targetwatch.web.running import RunningService

ENTRIES = 100
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
LINE_BYTES = 75
"""The longest line of a calendar (RFC 5545)."""


def routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    subscribed, asked = [Depends(subscriber)], [Depends(program_unless_public("public_api"))]
    router.add_api_route("/feeds/status.atom", atom, methods=READ, dependencies=subscribed)
    router.add_api_route("/feeds/calendar.ics", calendar, methods=READ, dependencies=subscribed)
    router.add_api_route("/export/{what}.{form}", export, methods=READ, dependencies=asked)
    return router


def atom(request: Request, service: Service) -> Response:
    """Return the last changes of status as Atom, the newest first; one that no longer counts says so from then on."""
    _, site, snapshot = _translator(request), site_of(request, service), service.current()
    targets, indicators = snapshot.catalogue.targets_by_id, snapshot.catalogue.indicators_by_id
    with db.reading(service.engine) as session:
        news = [one for one in statuses.newest(session, ENTRIES) if one.change.target in targets]
    entries = []
    for one in news:
        change, target = one.change, targets[one.change.target]
        page, said = f"{site}/targets/{target.id}", verdict.of_change(change, indicators[target.indicator], _)
        state = verdict.performance(change.verdict or change.new, _)
        if one.taken_back:
            why = _(
                "Said of {day}; a figure or a goal taken back, corrected or added since then says otherwise.",
                day=formats.day(change.on, _),
            )
            state, said = _("Taken back: {state}", state=state), f"{why} {said}"
        title = f"{target.title[_.language]}{_(': ')}{state}"
        entries.append(
            f"<entry><id>{escape(page)}#{one.noticed:{MOMENT}}-{one.number}</id><title>{escape(title)}</title>"
            f"<published>{one.at:{MOMENT}}</published><updated>{one.taken_back or one.at:{MOMENT}}</updated>"
            f"<link href={quoteattr(page)}/><summary>{escape(said)}</summary></entry>"
        )
    latest = (news[0].taken_back or news[0].at) if news else snapshot.taken_at
    body = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_.language}">'
        f"<id>{escape(site)}/feeds/status.atom</id><title>{escape(_('Announced targets: what changed'))}</title>"
        f"<updated>{latest:{MOMENT}}</updated><author><name>targetwatch</name></author>"
        f'<link rel="self" href={quoteattr(f"{site}/feeds/status.atom")}/>{"".join(entries)}</feed>\n'
    )
    return Response(body, media_type="application/atom+xml; charset=utf-8")


def calendar(request: Request, service: Service) -> Response:
    """Return when figures are expected and targets end, as iCalendar."""
    _, site, snapshot = _translator(request), site_of(request, service), service.current()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//targetwatch//EN", f"X-WR-CALNAME:{_('Announced targets')}"]
    for name, on, title, page in _days(snapshot, site, _):
        stamp = f"{snapshot.taken_at:%Y%m%dT%H%M%SZ}"
        lines += ["BEGIN:VEVENT", f"UID:{name}@targetwatch", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{on:%Y%m%d}"]
        lines += [f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}", f"SUMMARY:{_text(title)}", f"URL:{page}"]
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return Response("".join(f"{_folded(line)}\r\n" for line in lines), media_type="text/calendar; charset=utf-8")


def export(
    request: Request, what: Literal["readings", "statuses"], form: Literal["csv", "jsonl"], service: Service
) -> Response:
    """Return every reading, or every status there was, as a file; readings in a language are for a person to read."""
    with db.reading(service.engine) as session:
        if (what, form) == ("readings", "csv") and request.query_params.get("lang"):
            _, catalogue = _translator(request), load_every(session)
            found = exported.written(exported.figures(_standing(session, service, catalogue, _), catalogue, _), form)
        else:
            found = maintenance.export(session, what, form)
        return Download(found, name=f"{what}.{form}", media_type=exported.FORMS[form])


def _standing(
    session: Session, service: RunningService, catalogue: Catalogue, _: Translator
) -> Iterator[tuple[str, Reading]]:
    """Give every reading with where it stands: what is in force first, by the names of the indicators."""
    as_of = AsOf.at(service.now(), service.settings.zone, Clock.RECORDED)
    others = list[lookup.KnownReading]()
    for indicator in sorted(catalogue.indicators, key=lambda one: lookup.natural(one.title[_.language])):
        known = stored.load(session, [indicator.id])[indicator.id]
        for one in lookup.states(known, indicator.authority, as_of):
            if one.state == lookup.IN_FORCE:
                yield one.state, one.reading
            else:
                others.append(one)
    yield from ((one.state, one.reading) for one in sorted(others, key=lambda one: one.state))


def _days(snapshot: Snapshot, site: str, _: Translator) -> Iterator[tuple[str, date, str, str]]:
    """Give what is to come: a name of its own, its day, its title, its page."""
    indicators, today, told = snapshot.catalogue.indicators_by_id, snapshot.as_of.day, set[str]()
    for target in snapshot.catalogue.targets:
        said = snapshot.verdicts.get(target.id)
        if said is None:
            continue
        indicator = indicators[target.indicator]
        if said.deadline is not None and said.deadline >= today:
            title = _("Deadline: {title}", title=target.title[_.language])
            yield f"deadline-{target.id}", said.deadline, title, f"{site}/targets/{target.id}"
        if said.next_release_due is not None and indicator.id not in told:
            told.add(indicator.id)
            title = _("Expected: {title}", title=indicator.title[_.language])
            yield f"release-{indicator.id}", said.next_release_due, title, f"{site}/indicators/{indicator.id}"


def _translator(request: Request) -> Translator:
    return translator(render.language_of(request, knowing=False))


def _text(said: str) -> str:
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return said.replace("\n", "\\n")


def _folded(line: str) -> str:
    r"""Return a line of a calendar cut into lines of so many bytes, no sign in two.

    >>> _folded("SUMMARY:" + "€" * 30).count("\r\n "), _folded("short")
    (1, 'short')
    """
    parts, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE_BYTES:
            parts.append("")
            size = 1
        parts[-1] += sign
        size += width
    return "\r\n ".join(parts)
