"""The pages of the audit trail, its CSV, and the verification that a person asks for."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.store.audit.masked import safe
from targetwatch.web import actors, render
from targetwatch.web.access import READ, Editing, Viewing
from targetwatch.web.audit import view
from targetwatch.web.audit.view import Verifying
from targetwatch.web.forms import Posted
from targetwatch.web.headers import Download
from targetwatch.web.running import Service
from targetwatch.wording.exported import cell
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from targetwatch.web.audit.sentences import AuditLine

PATIENCE_SECONDS = 5.0
COLUMNS = (
    N_("number"),
    N_("time ({zone})"),
    N_("who"),
    N_("action"),
    N_("kind"),
    N_("object"),
    N_("what"),
    N_("reason"),
    N_("before"),
    N_("after"),
    N_("time (UTC)"),
    N_("actor"),
    N_("columns before (JSON)"),
    N_("columns after (JSON)"),
    N_("hash"),
)
"""What a person reads comes first; what a program reads stands at the end."""
ACTIONS = {
    "add": N_("added"),
    "change": N_("changed"),
    "delete": N_("deleted"),
    "pack": N_("kept in another form"),
}
router = APIRouter(include_in_schema=False)


@router.api_route("/audit", methods=READ)
def trail(request: Request, _who: Viewing, service: Service, verifier: Verifying) -> Response:
    """Show the entries looked for, the newest first."""
    chosen = render.language_of(request)
    said = request.query_params
    asked = view.asked(said, service.settings.zone, chosen)
    page = view.audit_page(service, verifier, asked, chosen, before=said.get("before", ""), after=said.get("after", ""))
    return render.form(
        request,
        "audit.html",
        view=page,
        values=dict(asked.said),
        errors=dict(asked.errors),
        who=lambda actor: actors.said(actor, chosen),
        told=lambda problem: sentence(problem, translator(chosen)),
    )


@router.get("/audit.csv")
def export(request: Request, _who: Viewing, service: Service) -> Response:
    """Return everything looked for as CSV: in the words and the zone of the page, and as it is kept beside them."""
    chosen = render.language_of(request)
    asked = view.asked(request.query_params, service.settings.zone, chosen)
    lines = view.every(service, asked, chosen)
    return Download(_csv(lines, service.settings.zone, chosen), name="audit.csv", media_type="text/csv; charset=utf-8")


@router.post("/audit/verify")
def verify(request: Request, who: Editing, service: Service, verifier: Verifying, _posted: Posted) -> Response:
    """Verify the chain, and show what was found once it is known."""
    verifier.start(service.engine, by=who.actor, now=service.now, patience_seconds=PATIENCE_SECONDS)
    return render.redirect(request, "/audit#chain")


def _csv(lines: Iterable[AuditLine], zone: ZoneInfo, language: str) -> Iterator[str]:
    buffer = io.StringIO()
    writer, _ = csv.writer(buffer), translator(language)
    writer.writerow(_(name, zone=zone.key) for name in COLUMNS)
    for number, line in enumerate(lines, start=1):
        writer.writerow([cell(value) for value in _row(line, zone, language)])
        if number % view.EXPORTED_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _row(line: AuditLine, zone: ZoneInfo, language: str) -> tuple[object, ...]:
    _ = translator(language)
    entry, colon = line.entry, _(": ")
    action = ACTIONS.get(entry.action)
    return (
        entry.id,
        f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        line.who,
        _(action) if action else entry.action,
        line.kind,
        entry.object,
        line.sentence,
        line.reason,
        "\n".join(f"{one.label}{colon}{one.before}" for one in line.changes if one.before),
        "\n".join(f"{one.label}{colon}{one.after}" for one in line.changes if one.after),
        entry.at.isoformat(),
        entry.actor,
        _json(safe(entry.old)),
        _json(safe(entry.new)),
        entry.hash,
    )


def _json(columns: object) -> str:
    return "" if columns is None else json.dumps(columns, ensure_ascii=False)
