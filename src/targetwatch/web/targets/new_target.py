"""New targets: from the form of a kind, or from pasted YAML, taken whole or not at all. Nothing is saved unseen."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from targetwatch import configuration
from targetwatch.errors import ConfigError, ConflictError, ManagedElsewhereError, NotFoundError, StoreError
from targetwatch.model import Measure
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.access import READ, Editing
from targetwatch.web.forms import Posted
from targetwatch.web.targets import fields, form
from targetwatch.web.targets.edit import form_page
from targetwatch.web.targets.form import Draft
from targetwatch.web.targets.preview import BUSY, UNSURE, is_unsure, preview_of, preview_page
from targetwatch.web.targets.request import AboutCatalogue, CatalogueRequest
from targetwatch.wording.problems import in_field, placed

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)
MOST_YAML = 50_000
OF_KIND = {
    "flow": {"goal.comparator": "above", "plan": "seasonal"},
    "level": {"goal.comparator": "at_least", "plan": "linear"},
    "relative": {"goal.comparator": fields.CHANGE, "plan": "linear"},
    "milestones": {"goal.comparator": "complete"},
}


@router.api_route("/new-target", methods=READ)
def choose(_who: Editing, about: AboutCatalogue) -> Response:
    """Show the kinds of targets, with an example of each, and what is archived."""
    with db.reading(about.service.engine) as session:
        archived = catalogue.load_archived(session).targets
    return render.form(about.request, "new-target.html", kinds=tuple(OF_KIND), archived=archived)


@router.api_route("/new-target/yaml", methods=READ)
def show_paste(_who: Editing, about: AboutCatalogue) -> Response:
    """Show where YAML can be pasted."""
    return _paste_form(about, "")


@router.post("/new-target/yaml")
def paste(who: Editing, posted: Posted, about: AboutCatalogue) -> Response:
    """Show what pasted YAML says, or every reason why it cannot be used; save it when it was looked at."""
    text = posted.values.get("yaml", "")
    if posted.text("do") == "edit":
        return _paste_form(about, text)
    if len(text) > MOST_YAML:
        return _paste_form(about, text, wrong=Problem("too_long", {"most": MOST_YAML, "count": len(text)}))
    if not text.strip():
        return _paste_form(about, text, wrong=Problem("missing"))
    try:
        made = configuration.check_text(text, about.configured, taken=about.taken)
    except ConfigError as error:
        return _paste_form(about, text, problems=error.problems)
    views = [preview_of(about, Draft(target=target, beside=made)) for target in made.targets]
    if posted.text("do") != "save" or (not posted.text("sure") and any(view["doubt"] for view in views)):
        return _paste_form(about, text, views=views)
    try:
        about.save(made.targets, made, who)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("pasted targets: %s", error)
        return _paste_form(about, text, wrong=Problem("meanwhile"), status=409)
    except StoreError:
        log.exception("pasted targets: could not be saved")
        return _paste_form(about, text, views=views, status=BUSY)
    return _saved(about, [view["draft"] for view in views])


@router.api_route("/new-target/{kind}", methods=READ)
def show(_who: Editing, kind: str, about: AboutCatalogue) -> Response:
    """Show the form of a new target of one kind, with what the address says filled in."""
    _check_kind(kind)
    year = about.today.year
    values = {
        "start": f"{year}-01-01",
        "deadline": f"{year}-12-31",
        "owner.language": "zh",
        "indicators.steward.language": "zh",
        **OF_KIND[kind],
        **fields.typed(about.request.query_params),
    }
    return _form(about, kind, values)


@router.post("/new-target/{kind}")
def act(who: Editing, posted: Posted, kind: str, about: AboutCatalogue) -> Response:
    """Do what was asked for with the form of a new target."""
    _check_kind(kind)
    values, action = fields.typed(posted.values), f"/new-target/{kind}"
    doing, _colon, more = posted.text("do").partition(":")
    if doing in {"edit", "more", "less"}:
        return _form(about, kind, fields.edited(values, doing, more))
    if not values.get("id", "").strip():
        title = {"en": values.get("title.en", ""), "zh": values.get("title.zh", "")}
        values["id"] = form.proposed_id(title, f"target-{about.today.year}", about.taken["target"])
    draft, wrong = form.read(values, about, _measure(about, kind, values))
    if draft is None:
        return _form(about, kind, values, wrong)
    if doing != "save":
        return preview_page(about, draft, values, action)
    if is_unsure(about, draft, posted):
        return preview_page(about, draft, values, action, status=UNSURE)
    name = draft.target.id
    try:
        about.save([draft.target], draft.beside, who, reason=values.get("reason", ""))
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("target '%s': %s", name, error)
        other = form.unique_id(name, {*about.taken["target"], name})
        return _form(about, kind, values, {"id": Problem("id_taken", {"other": other})}, status=409)
    except StoreError:
        log.exception("target '%s': could not be saved", name)
        return preview_page(about, draft, values, action, status=BUSY)
    return _saved(about, [draft])


def _check_kind(kind: str) -> None:
    if kind not in OF_KIND:
        raise NotFoundError("kind of target", kind, OF_KIND)


def _measure(about: CatalogueRequest, kind: str, values: Mapping[str, str]) -> Measure:
    """Return how the figures of a target's indicator combine; a relative goal may stand on either measure."""
    if kind != "relative":
        return Measure(kind)
    found = about.indicator(values.get("indicator", ""))
    return found.measure if found is not None and found.measure is not Measure.MILESTONES else Measure.LEVEL


def _form(
    about: CatalogueRequest,
    kind: str,
    values: Mapping[str, str],
    wrong: Mapping[str, Problem] | None = None,
    *,
    status: int = 422,
) -> Response:
    language, measure = about.language, _measure(about, kind, values)
    fits = {Measure.FLOW, Measure.LEVEL} if kind == "relative" else {measure}
    listed = [(one.id, one.title[language]) for one in about.configured.indicators if one.measure in fits]
    indicator = about.indicator(values.get("indicator", ""))
    return render.form(
        about.request,
        "new-target-form.html",
        status=status if wrong else 200,
        kind=kind,
        view=form_page(about, values, measure),
        indicators=sorted(listed, key=lambda pair: pair[1]),
        publishers=[(one.id, one.title[language]) for one in about.configured.publishers],
        new=fields.NEW,
        values=values,
        errors={name: in_field(one, about.translator, indicator=indicator) for name, one in (wrong or {}).items()},
    )


def _paste_form(
    about: CatalogueRequest,
    text: str,
    *,
    problems: Sequence[Problem] = (),
    wrong: Problem | None = None,
    views: Sequence[Mapping[str, Any]] = (),
    status: int = 422,
) -> Response:
    is_wrong = bool(problems or wrong)
    return render.form(
        about.request,
        "new-target-yaml.html",
        status=status if is_wrong or status == BUSY else 200,
        values={"yaml": text},
        errors={"yaml": in_field(wrong, about.translator)} if wrong else {},
        problems=[(one.line, placed(replace(one, file=""), about.translator)) for one in problems],
        lines=text.split("\n") if problems else [],
        views=views,
        is_busy=status == BUSY,
    )


def _saved(about: CatalogueRequest, drafts: Sequence[Draft]) -> Response:
    """Lead on from new targets that were saved: to the one there is to see, or to all."""
    announced = all(draft.target.announced_on <= about.today for draft in drafts)
    name = drafts[0].target.id
    return about.saved(f"/targets/{name}" if announced and len(drafts) == 1 else "/", "target_new", name=name)
