"""How the pages about figures are drawn, and what they say where something is in the way."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from targetwatch.store import four_eyes
from targetwatch.web import render
from targetwatch.web.forms import LONGEST_NOTE
from targetwatch.wording import figure_fields
from targetwatch.wording.problems import on_page, sentence
from targetwatch.wording.translation import N_, Translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session
    from starlette.requests import Request
    from starlette.responses import Response

    from targetwatch.model import Catalogue, Indicator
    from targetwatch.model.problem import Problem
    from targetwatch.web.access import Person
    from targetwatch.web.running import RunningService

BUSY = N_("The database is busy; nothing was saved. What you typed is still here: try again in a moment.")
CHANGED = N_("This figure was changed in the meantime; nothing was saved. Look at it as it stands now.")
OWN = N_("You entered it: another editor has to accept it, or an admin.")
DONE_ALREADY = N_("Somebody else has done this already; this is how it stands now.")


def draw(
    request: Request,
    service: RunningService,
    template: str,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    **context: Any,  # noqa: ANN401 - a template's
) -> Response:
    """Return a page with what stands in its form and what is wrong by field.

    Its template may ask what speaks `against` a figure, what is `remarked` of one that was inferred, and what the
    `labels` of the fields are.
    """
    _ = render.translator_for(request)
    catalogue = service.current().catalogue

    def against(problem: Problem, indicator: Indicator | None = None) -> str:
        return on_page(problem, _, catalogue=catalogue, indicator=indicator)

    def remarked(remarks: Iterable[Problem]) -> str:
        return _together([sentence(one, _) for one in remarks], _)

    context = {"labels": figure_fields.labels(_), "against": against, "remarked": remarked, **context}
    return render.form(request, template, values=values or {}, errors=errors or {}, **context)


def alone(session: Session, service: RunningService, who: Person) -> bool:
    """Return whether somebody may accept what they entered themselves."""
    return who.may_administer or not four_eyes.is_on(session, service.settings.four_eyes)


def by_field(problems: Iterable[Problem], _: Translator, catalogue: Catalogue | None = None) -> dict[str, str]:
    """Return what is wrong by the field it stands beside; several of one field together.

    With a catalogue, indicators and publishers to choose from are named by their titles, where those may be typed.
    """
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.where, []).append(on_page(problem, _, catalogue=catalogue))
    return {name: _together(said, _) for name, said in found.items()}


def wrong_reason(said: str, _: Translator, *, is_needed: bool = True) -> str:
    """Return what is wrong with a reason; "" when nothing is."""
    if len(said) > LONGEST_NOTE:
        return _("That is too long, expected at most {most} characters.", most=LONGEST_NOTE)
    return _("A reason is needed: it is kept in the audit trail.") if is_needed and not said.strip() else ""


def _together(said: list[str], _: Translator) -> str:
    return reduce(lambda one, other: _.context("sentences", "{one} {other}", one=one, other=other), said)
