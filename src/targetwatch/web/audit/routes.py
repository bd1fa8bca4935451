"""The pages of the audit trail, its CSV, and the verification that a person asks for."""

from __future__ import annotations

import csv
import io
import json
import logging
import threading
import time as clock
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from targetwatch.store import audit, db
from targetwatch.store.audit.subjects import safe, subjects_of
from targetwatch.web import access, render
from targetwatch.web.access import READ, Editing, Viewing
from targetwatch.web.audit.sentences import AuditLine, Teller
from targetwatch.web.forms import Posted
from targetwatch.web.headers import Download
from targetwatch.web.running import Service, number_of
from targetwatch.wording.exported import cell
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from sqlalchemy.engine import Engine

    from targetwatch.model import AsOf
    from targetwatch.model.problem import Problem
    from targetwatch.web.running import RunningService

log = logging.getLogger(__name__)
PAGE_ROWS = 50
EXPORTED_AT_ONCE = 500
LONGEST_WORDS = 200
MOST_DIGITS = 15
KINDS = (
    *("account", "acknowledgement", "held", "indicator", "owner", "programme", "publisher"),
    *("reading", "source", "target", "target_version", "token", "unsubscription", "withdrawal"),
)
FIELDS = ("kind", "object", "person", "since", "until", "q")
ONE_DAY = timedelta(days=1)
FIRST_DAY = date(1970, 1, 1)
"""Nothing was recorded before; the first days there are have no moment in every zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed into the filters, what is wrong with it by field, and what to look for."""

    said: Mapping[str, str]
    errors: Mapping[str, str]
    wanted: audit.AuditQuery

    @property
    def filters(self) -> dict[str, str]:
        """Return the filters that were used."""
        return {name: value for name, value in self.said.items() if value}

    def address(self, **more: object) -> str:
        """Return the query that asks the same, with more."""
        return "?" + urlencode({**self.filters, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """The whole page. `newer` and `older` are the numbers to page on from; None where there is nothing further."""

    as_of: AsOf
    asked: Asked
    lines: tuple[AuditLine, ...]
    newer: int | None
    older: int | None
    verified: Verified | None
    is_verifying: bool
    kinds: tuple[str, ...] = KINDS


def parsed(said: Mapping[str, str], zone: ZoneInfo, language: str) -> Asked:
    """Return what is looked for; what means nothing is left out and said, and the rest still holds."""
    _ = translator(language)
    typed = {name: " ".join(said.get(name, "").replace("\x00", "").split())[:LONGEST_WORDS] for name in FIELDS}
    errors: dict[str, str] = {}
    since, until = (_day(name, typed[name], errors, language) for name in ("since", "until"))
    if since is not None and until is not None and since > until:
        errors["since"] = _("The first day comes after the last one.")
    kind = typed["kind"]
    if kind and kind not in KINDS:
        errors["kind"] = _("“{said}” is no kind of object, so all are shown.", said=kind)
        kind = ""
    wanted = audit.AuditQuery(
        kind=kind,
        object_id=typed["object"],
        actor=typed["person"],
        since=_start(since, zone) if since else None,
        until=_start(until + ONE_DAY, zone) - timedelta.resolution if until and until < date.max else None,
        words=typed["q"],
    )
    return Asked(said=typed, errors=errors, wanted=wanted)


def audit_page(
    service: RunningService, verifier: Verifier, asked: Asked, language: str, *, before: str = "", after: str = ""
) -> AuditView:
    """Return a page of what was asked for, the newest first."""
    snapshot = service.current()
    before_id, after_id = (number_of(said, digits=MOST_DIGITS) for said in (before, after))
    with db.reading(service.engine) as session:
        found = audit.entries(session, before_id=before_id, after_id=after_id, limit=PAGE_ROWS + 1, **asked.wanted)
        is_back = after_id is not None
        more = len(found) > PAGE_ROWS
        entries = (found[-PAGE_ROWS:] if is_back else found[:PAGE_ROWS]) if more else found
        teller = Teller(language, snapshot.as_of, snapshot.catalogue, subjects_of(session, entries))
        lines = tuple(teller.line(entry) for entry in entries)
    has_newer = more if is_back else before_id is not None
    has_older = True if is_back else more
    return AuditView(
        as_of=snapshot.as_of,
        asked=asked,
        lines=lines,
        newer=entries[0].id if entries and has_newer else None,
        older=entries[-1].id if entries and has_older else None,
        verified=verifier.last,
        is_verifying=verifier.is_under_way,
    )


def every(service: RunningService, asked: Asked, language: str) -> Iterator[AuditLine]:
    """Give every entry that was asked for, newest first, read in lots: no transaction waits for a slow download."""
    snapshot = service.current()
    before_id: int | None = None
    while True:
        with db.reading(service.engine) as session:
            entries = audit.entries(session, before_id=before_id, limit=EXPORTED_AT_ONCE, **asked.wanted)
            teller = Teller(language, snapshot.as_of, snapshot.catalogue, subjects_of(session, entries))
            lines = [teller.line(entry) for entry in entries]
        yield from lines
        if len(entries) < EXPORTED_AT_ONCE:
            return
        before_id = entries[-1].id


def _day(name: str, said: str, errors: dict[str, str], language: str) -> date | None:
    _ = translator(language)
    if not said:
        return None
    try:
        return max(date.fromisoformat(said), FIRST_DAY)
    except ValueError:
        errors[name] = _("“{said}” is no day, expected one such as 2025-07-01.", said=said)
        return None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification found. `failed` says that it could not be carried out; the log says why."""

    at: datetime
    by: str
    seconds: float
    count: int = 0
    head: str = ""
    problems: tuple[Problem, ...] = ()
    failed: bool = False


class Verifier:
    """The verifications of this process: one at a time, the last one remembered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._over.set()
        self._last: Verified | None = None

    @property
    def last(self) -> Verified | None:
        """Return the last verification since the service started; None when there was none."""
        return self._last

    @property
    def is_under_way(self) -> bool:
        """Return whether the chain is being verified now."""
        return not self._over.is_set()

    def start(self, engine: Engine, *, by: str, now: Callable[[], datetime], patience_seconds: float) -> None:
        """Verify the chain unless that is under way, and wait a little for the end."""
        with self._lock:
            if self._over.is_set():
                self._over.clear()
                threading.Thread(target=self._verify, args=(engine, by, now), name="verify", daemon=True).start()
        self._over.wait(patience_seconds)

    def _verify(self, engine: Engine, by: str, now: Callable[[], datetime]) -> None:
        began = clock.perf_counter()
        try:
            with db.reading(engine) as session:
                problems = audit.verify(session)
                count, head = audit.head(session)
            seconds = clock.perf_counter() - began
            self._last = Verified(at=now(), by=by, seconds=seconds, count=count, head=head, problems=problems)
        except Exception:
            log.exception("audit: could not be verified")
            seconds = clock.perf_counter() - began
            self._last = Verified(at=now(), by=by, seconds=seconds, failed=True)
        finally:
            self._over.set()


def verifier(request: Request) -> Verifier:
    """Return the verifications of the application that is asked."""
    found: Verifier = request.app.state.verifier
    return found


Verifying = Annotated[Verifier, Depends(verifier)]


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
    asked = parsed(said, service.settings.zone, chosen)
    page = audit_page(service, verifier, asked, chosen, before=said.get("before", ""), after=said.get("after", ""))
    return render.form(
        request,
        "audit.html",
        view=page,
        values=dict(asked.said),
        errors=dict(asked.errors),
        who=lambda actor: access.actor_said(actor, chosen),
        told=lambda problem: sentence(problem, translator(chosen)),
    )


@router.get("/audit.csv")
def export(request: Request, _who: Viewing, service: Service) -> Response:
    """Return everything looked for as CSV: in the words and the zone of the page, and as it is kept beside them."""
    chosen = render.language_of(request)
    asked = parsed(request.query_params, service.settings.zone, chosen)
    lines = every(service, asked, chosen)
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
        if number % EXPORTED_AT_ONCE == 0:
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
