"""Where the sources are looked at, run now, and tried without saving anything."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.errors import NotFoundError
from targetwatch.ingest import IngestOutcome
from targetwatch.web import access, lookup, render
from targetwatch.web.access import READ, Editing, Person, Viewing
from targetwatch.web.forms import Posted
from targetwatch.web.running import RunningService, Service
from targetwatch.web.sources import drop, edit, view
from targetwatch.web.sources.view import AskedFor, Attempt, Attempts
from targetwatch.wording.problems import is_ours, placed_on_page
from targetwatch.wording.schedule import schedule_in_words
from targetwatch.wording.translation import translator

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 2.0
"""How long a browser is kept waiting before it is told that the run goes on."""
router = APIRouter(include_in_schema=False)
router.include_router(edit.router)
router.include_router(drop.router)


@router.api_route("/sources", methods=READ)
def every(request: Request, _who: Viewing, service: Service, attempts: AskedFor) -> Response:
    """Show all the sources."""
    return _page(request, "sources.html", view=view.every_source(service, attempts))


@router.api_route("/sources/{source_id}", methods=READ)
def one(request: Request, source_id: str, _who: Viewing, service: Service, attempts: AskedFor) -> Response:
    """Show one source with its last runs."""
    return _page(request, "source.html", view=view.one_source(service, attempts, source_id))


@router.post("/sources/{source_id}/run")
def run(
    request: Request, source_id: str, who: Editing, service: Service, attempts: AskedFor, _posted: Posted
) -> Response:
    """Run a source now."""
    return _start(request, source_id, who, service, attempts, work=service.run)


@router.post("/sources/{source_id}/test")
def test(
    request: Request, source_id: str, who: Editing, service: Service, attempts: AskedFor, _posted: Posted
) -> Response:
    """Ask a source now and save nothing."""
    if service.test is None:
        raise NotFoundError("test of source", source_id)
    return _start(request, source_id, who, service, attempts, work=service.test, is_test=True)


@router.api_route("/sources/{source_id}/outcome", methods=READ)
def outcome(request: Request, source_id: str, _who: Editing, service: Service, attempts: AskedFor) -> Response:
    """Show the last run or test that was asked for, or that it is still under way."""
    shown = view.attempted(service, attempts, source_id)
    if shown is None:
        return render.redirect(request, f"/sources/{source_id}")
    return _page(request, "source_test.html", view=shown, refused=request.query_params.get("asked", "") == "again")


def _start(
    request: Request,
    source_id: str,
    who: Person,
    service: RunningService,
    attempts: Attempts,
    *,
    work: Callable[[str], IngestOutcome],
    is_test: bool = False,
) -> Response:
    """Start what was asked for and lead to its page; somebody else's that is under way is not disturbed."""
    lookup.source(service.current(), source_id)
    attempt = Attempt(source=source_id, is_test=is_test, by=who.actor, at=service.now())
    started = attempts.start(attempt, work)
    if started:
        log.info("source '%s': %s asked for by %s", source_id, "a test" if is_test else "a run", who.actor)
        attempt.wait(PATIENCE_SECONDS)
    return render.redirect(request, f"/sources/{source_id}/outcome{'' if started else '?asked=again'}")


def _page(request: Request, template: str, **context: Any) -> Response:  # noqa: ANN401 - a template's
    chosen = render.language_of(request)
    _ = translator(chosen)
    return render.form(
        request,
        template,
        who=lambda actor: access.actor_said(actor, chosen),
        asked=lambda request: view.asked_in_words(request, _),
        reason=lambda problem: placed_on_page(problem, _),
        scheduled=lambda line: schedule_in_words(line, _),
        is_said=lambda problem: chosen == "en" or is_ours(problem),
        **context,
    )
