"""Reading a pasted press sentence: what it seems to say, each field marked in its words. Nothing is saved here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch.web import render
from targetwatch.web.access import Editing
from targetwatch.web.figures import press_view, reasons
from targetwatch.web.forms import Posted
from targetwatch.web.running import Service
from targetwatch.wording import figure_fields
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.web.figures.press_view import PressView
    from targetwatch.web.running import RunningService

LONGEST_TEXT = 5000
"""A press release is shorter; what is longer is a page, of which a person should choose the sentence."""
LONGEST_LINK = 2000
FIELDS = ("text", "published_on", "publisher", "evidence_url")


def routes() -> APIRouter:
    """Return the routes of the press page."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/figures/press", paste, methods=["GET", "HEAD"])
    router.add_api_route("/figures/press", read, methods=["POST"])
    return router


def paste(request: Request, who: Editing, service: Service) -> Response:  # noqa: ARG001 - who may is asked for
    """Show where to paste."""
    return _page(request, service, {})


def read(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Show what the text seems to say, and what would become of each figure if it were entered."""
    values = {name: posted.text(name) for name in FIELDS}
    errors = _errors(service, values, render.language_of(request))
    if errors:
        return _page(request, service, values, errors=errors, status=422)
    view = press_view.press_page(service, values, actor=who.actor)
    return _page(request, service, values, view=view)


def _errors(service: RunningService, values: Mapping[str, str], chosen: str) -> dict[str, str]:
    """Return what is wrong with what was typed, by field."""
    _ = translator(chosen)
    wrong: dict[str, str] = {}
    if not values["text"]:
        wrong["text"] = _("Paste a sentence first.")
    elif len(values["text"]) > LONGEST_TEXT:
        count = len(values["text"])
        wrong["text"] = _(
            "{count} characters are too many, expected at most {most}: paste the sentences with the figures.",
            count=count,
            most=LONGEST_TEXT,
        )
    if values["published_on"] and _day(values["published_on"]) is None:
        wrong["published_on"] = _("“{said}” is no day, expected one such as 2025-12-09.", said=values["published_on"])
    known = {one.id for one in service.current().catalogue.publishers}
    if values["publisher"] and values["publisher"] not in known:
        wrong["publisher"] = _(
            "“{said}” is no publisher known here, expected one of the list.", said=values["publisher"]
        )
    link = values["evidence_url"]
    if link and (not link.casefold().startswith(("http://", "https://")) or len(link) > LONGEST_LINK):
        wrong["evidence_url"] = _(
            "“{said}” is no link, expected one starting with https:// or http://, of at most {most} characters.",
            said=link[:100],
            most=LONGEST_LINK,
        )
    return wrong


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _page(
    request: Request,
    service: RunningService,
    values: Mapping[str, str],
    *,
    view: PressView | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    chosen = render.language_of(request)
    publishers = [(one.id, one.title[chosen]) for one in service.current().catalogue.publishers]
    return render.form(
        request,
        "press.html",
        status=status,
        values=values,
        errors=errors or {},
        view=view,
        labels=figure_fields.labels(translator(chosen)),
        publishers=publishers,
        reasons=reasons,
        longest=LONGEST_TEXT,
    )
