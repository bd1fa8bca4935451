"""Sources: what each reads and when, how it went, run now, and tried without saving anything."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import NotFoundError
from targetwatch.web import language, questions, rendering
from targetwatch.web.access import Editing, Viewing
from targetwatch.web.backroom import actors, schedule_words, source_asked, source_words, sources_view
from targetwatch.web.backroom.attempts import Attempt
from targetwatch.web.backstage import Behind
from targetwatch.web.forms import Posted
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from targetwatch.ingest import IngestOutcome
    from targetwatch.web.access import Person
    from targetwatch.web.backstage import Backstage

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 2.0
"""How long a browser is kept waiting before it is told that the run goes on."""


def routes() -> APIRouter:
    """Return the routes of the sources."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sources", every, methods=["GET", "HEAD"])
    router.add_api_route("/sources/{source_id}", one, methods=["GET", "HEAD"])
    router.add_api_route("/sources/{source_id}/run", run, methods=["POST"])
    router.add_api_route("/sources/{source_id}/test", test, methods=["POST"])
    router.add_api_route("/sources/{source_id}/outcome", outcome, methods=["GET", "HEAD"])
    return router


def every(request: Request, _who: Viewing, behind: Behind) -> Response:
    """Show all the sources."""
    return _page(request, "sources.html", view=sources_view.of(behind))


def one(request: Request, source_id: str, _who: Viewing, behind: Behind) -> Response:
    """Show one source with its last runs."""
    return _page(request, "source.html", view=sources_view.one(behind, source_id))


def run(request: Request, source_id: str, who: Editing, behind: Behind, _posted: Posted) -> Response:
    """Run a source now."""
    return _start(request, source_id, who, behind=behind, work=behind.run, is_test=False)


def test(request: Request, source_id: str, who: Editing, behind: Behind, _posted: Posted) -> Response:
    """Ask a source now and save nothing."""
    if behind.test is None:
        raise NotFoundError("test of source", source_id)
    return _start(request, source_id, who, behind=behind, work=behind.test, is_test=True)


def outcome(request: Request, source_id: str, _who: Editing, behind: Behind) -> Response:
    """Show the last run or test that was asked for, or that it is still under way."""
    view = sources_view.attempted(behind, source_id)
    if view is None:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/sources/{source_id}", 303)
    asked = request.query_params.get("asked", "")
    return _page(request, "source_test.html", view=view, refused=asked == "again")


def _start(
    request: Request,
    source_id: str,
    who: Person,
    *,
    behind: Backstage,
    work: Callable[[str], IngestOutcome],
    is_test: bool,
) -> Response:
    """Start what was asked for and lead to its page; somebody else's that is under way is not disturbed."""
    questions.source(behind.current(), source_id)
    attempt = Attempt(source=source_id, is_test=is_test, by=who.actor, at=behind.now())
    started = behind.attempts.start(attempt, work)
    if started:
        log.info("source '%s': %s asked for by %s", source_id, "a test" if is_test else "a run", who.actor)
        attempt.wait(PATIENCE_SECONDS)
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/sources/{source_id}/outcome{'' if started else '?asked=again'}", 303)


def _page(request: Request, template: str, **context: Any) -> Response:  # noqa: ANN401 - a template's
    chosen = language.choose(request)
    return rendering.form(
        request,
        template,
        who=lambda actor: actors.said(actor, chosen),
        asked=lambda request: source_asked.said(request, chosen),
        reason=lambda reason: source_words.said(reason, chosen),
        scheduled=lambda line: schedule_words.said(line, translator(chosen)),
        is_said=lambda reason: source_words.is_said(reason, chosen),
        **context,
    )
