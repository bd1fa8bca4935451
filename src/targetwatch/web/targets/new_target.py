"""A new target from the template of its kind. Nothing is saved before it was looked at."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from targetwatch.errors import ConflictError, ManagedElsewhereError, NotFoundError, StoreError
from targetwatch.model import Measure
from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.access import READ, Editing
from targetwatch.web.forms import Posted
from targetwatch.web.targets import (
    fields,
    form,
    mistakes,
    pasted,
    request,
)
from targetwatch.web.targets.edit import edited
from targetwatch.web.targets.fields import NEW, WrongError
from targetwatch.web.targets.form import FormContext
from targetwatch.web.targets.form_page import form_page
from targetwatch.web.targets.preview import preview_of
from targetwatch.web.targets.request import AboutCatalogue, saved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Indicator
    from targetwatch.web.targets.form import Draft
    from targetwatch.web.targets.request import CatalogueRequest

log = logging.getLogger(__name__)
KINDS = ("flow", "level", "relative", "milestones")
OF_KIND = {
    "flow": {"goal.comparator": "above", "plan": "seasonal"},
    "level": {"goal.comparator": "at_least", "plan": "linear"},
    "relative": {"goal.comparator": fields.CHANGE, "plan": "linear"},
    "milestones": {"goal.comparator": "complete"},
}


def routes() -> APIRouter:
    """Return the routes of new targets."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/new-target", choose, methods=READ)
    router.add_api_route("/new-target/yaml", pasted.show, methods=READ)
    router.add_api_route("/new-target/yaml", pasted.act, methods=["POST"])
    router.add_api_route("/new-target/{kind}", show, methods=READ)
    router.add_api_route("/new-target/{kind}", act, methods=["POST"])
    return router


def choose(_who: Editing, about: AboutCatalogue) -> Response:
    """Show the kinds of targets, with an example of each, and what is archived."""
    with db.reading(about.service.engine) as session:
        archived = catalogue.load_archived(session).targets
    return render.form(about.request, "new-target.html", kinds=KINDS, archived=archived)


def show(_who: Editing, kind: str, about: AboutCatalogue) -> Response:
    """Show the form of a new target of one kind."""
    _check_kind(kind)
    year = about.today.year
    values = {"start": f"{year}-01-01", "deadline": f"{year}-12-31", "owner.language": "zh", **OF_KIND[kind]}
    return _form(about, kind, values)


def act(who: Editing, posted: Posted, kind: str, about: AboutCatalogue) -> Response:
    """Do what was asked for with the form of a new target."""
    _check_kind(kind)
    values = fields.typed(posted.values)
    doing, _, more = posted.text("do").partition(":")
    if doing in {"edit", "more", "less"}:
        return _form(about, kind, edited(values, doing, more))
    if not values.get("id", "").strip():
        title = {"en": values.get("title.en", ""), "zh": values.get("title.zh", "")}
        values["id"] = form.proposed_id(title, f"target-{about.today.year}", about.taken["target"])
    draft, wrong = form.read(values, _around(about, kind, values))
    if draft is None:
        return _form(about, kind, values, wrong=wrong)
    if doing != "save":
        return _preview(about, draft, values, action=f"/new-target/{kind}")
    try:
        request.save(about.service, draft, who=who, reason=values.get("reason", ""), expected=None)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("target '%s': %s", draft.target.id, error)
        other = form.unique_id(draft.target.id, {*about.taken["target"], draft.target.id})
        return _form(about, kind, values, wrong={"id": WrongError("id_taken", other=other)}, status=409)
    except StoreError:
        log.exception("target '%s': could not be saved", draft.target.id)
        return _preview(about, draft, values, action=f"/new-target/{kind}", status=503)
    return saved(about, [draft])


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError("kind of target", kind, KINDS)


def _measure(about: CatalogueRequest, kind: str, values: Mapping[str, str]) -> Measure:
    """Return how the figures of a target's indicator combine; a relative goal may stand on either measure."""
    if kind != "relative":
        return Measure(kind)
    found = _indicator(about, values)
    return found.measure if found is not None and found.measure is not Measure.MILESTONES else Measure.LEVEL


def _indicator(about: CatalogueRequest, values: Mapping[str, str]) -> Indicator | None:
    return next((one for one in about.configured.indicators if one.id == values.get("indicator")), None)


def _around(about: CatalogueRequest, kind: str, values: Mapping[str, str]) -> FormContext:
    return FormContext(
        catalogue=about.configured,
        target=None,
        measure=_measure(about, kind, values),
        today=about.today,
        taken=about.taken,
        language=about.language,
    )


def _form(
    about: CatalogueRequest,
    kind: str,
    values: Mapping[str, str],
    *,
    wrong: Mapping[str, WrongError] | None = None,
    status: int = 422,
) -> Response:
    said, measure = about.language, _measure(about, kind, values)
    fits = {Measure.FLOW, Measure.LEVEL} if kind == "relative" else {measure}
    listed = [(one.id, one.title[said]) for one in about.configured.indicators if one.measure in fits]
    publishers = [(one.id, one.title[said]) for one in about.configured.publishers]
    return render.form(
        about.request,
        "new-target-form.html",
        status=status if wrong else 200,
        kind=kind,
        view=form_page(about.configured, None, values, measure=measure, today=about.today, language=said),
        indicators=sorted(listed, key=lambda pair: pair[1]),
        publishers=publishers,
        new=NEW,
        values=values,
        errors=mistakes.sentences(wrong or {}, said, _indicator(about, values)),
    )


def _preview(
    about: CatalogueRequest, draft: Draft, values: Mapping[str, str], *, action: str, status: int = 200
) -> Response:
    return render.form(
        about.request,
        "edit-preview.html",
        status=status,
        view=preview_of(about.service, draft, None, about.configured, language=about.language),
        action=action,
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
        carried=values,
    )
