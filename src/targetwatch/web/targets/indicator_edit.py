"""Editing an indicator: what people read of it, when its figures come, who looks after them; never what they count.

What its figures are (measure, unit, how it is computed) stays as it is: another unit would change every figure known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from targetwatch import configuration
from targetwatch.configuration.written import sections_of
from targetwatch.evaluation import evaluate
from targetwatch.model import Catalogue, Indicator, Measure, Performance, Target
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.web import just_entered, lookup, render
from targetwatch.web.access import READ, Editing, Person
from targetwatch.web.forms import Posted
from targetwatch.web.targets import fields, preview
from targetwatch.web.targets.form import PostedForm, beside
from targetwatch.web.targets.request import AboutCatalogue, CatalogueRequest
from targetwatch.wording import terms
from targetwatch.wording.problems import in_field

router = APIRouter(include_in_schema=False)
PLACE = "indicators"
"""What its fields begin with: the list of the file that it stands in."""


@router.api_route("/indicators/{indicator_id}/edit", methods=READ)
def show(_who: Editing, indicator_id: str, about: AboutCatalogue) -> Response:
    """Show the form of an indicator."""
    indicator = _kept(about, indicator_id)
    return _page(about, indicator, fields.of_indicator(indicator))


@router.post("/indicators/{indicator_id}/edit")
def act(who: Editing, posted: Posted, indicator_id: str, about: AboutCatalogue) -> Response:
    """Show what a change would mean, or save it when it was looked at; or hand the indicator back to the file."""
    indicator, doing = _kept(about, indicator_id), posted.text("do")
    if doing == "hand-back":
        return _handed_back(about, indicator, who=who)
    values = {name: text for name, text in posted.values.items() if name in (*fields.OF_INDICATOR, "reason")}
    was, theirs = preview.unpacked(posted.text("started")), fields.of_indicator(indicator)
    if was != preview.unpacked(preview.packed(theirs)):
        return _page(about, indicator, preview.merged(was, theirs, values), {"": Problem("meanwhile")}, 409)
    made, wrong = _read(about, indicator, values)
    if made == indicator:
        made, wrong = None, {"": Problem("unchanged")}
    if made is None:
        return _page(about, indicator, values, wrong, 422)
    if doing != "save":
        return _page(about, indicator, values, made=None if doing == "edit" else made)
    with db.writing(about.service.engine, who.actor, reason=posted.text("reason"), now=about.service.now()) as session:
        catalogue.take_over(session, indicator_id, kind="indicator")
        catalogue.save_item(session, made)
    about.service.judge()
    return about.saved(f"/indicators/{indicator_id}", "saved", kind="indicator", name=indicator_id)


@router.post("/indicators/{indicator_id}/undo")
def undo(who: Editing, posted: Posted, indicator_id: str, about: AboutCatalogue) -> Response:
    """Let an indicator be again what it was before it was last saved, the file's again where it was the file's."""
    just_entered.take_back(about.service, "indicator", indicator_id, posted.text("entry"), who, about.translator)
    return render.redirect(about.request, f"/indicators/{indicator_id}?done=undone")


def _kept(about: CatalogueRequest, name: str) -> Indicator:
    """Return the indicator as it is kept now, which every other process may have changed."""
    with db.reading(about.service.engine) as session:
        known = {one.id: one for one in catalogue.load(session).indicators}
    return known.get(name) or lookup.indicator(about.service.current(), name)


def _handed_back(about: CatalogueRequest, indicator: Indicator, *, who: Person) -> Response:
    """Give the indicator back to the file; done by somebody else already, it is as wanted."""
    with db.writing(about.service.engine, who.actor, now=about.service.now()) as session:
        catalogue.hand_back(session, indicator.id, kind="indicator")
    about.service.judge()
    return render.redirect(about.request, f"/indicators/{indicator.id}?done=target_handed_back")


def _read(
    about: CatalogueRequest, indicator: Indicator, values: Mapping[str, str]
) -> tuple[Indicator | None, dict[str, Problem]]:
    """Return the indicator as a form says it, or None and what is wrong, by field."""
    form = PostedForm({**values, "indicator": indicator.id}, about, indicator.measure)
    sections = sections_of(Catalogue(indicators=(indicator,)))
    form.said("reason")
    section = "indicators" if indicator.derivation is None else "derived"
    stays = {name: said for name, said in sections[section][0].items() if name not in fields.EDITABLE}
    raw = {name: said for name, said in form.indicator().items() if name in fields.EDITABLE}
    around = beside(about, indicator.id)
    others = tuple(one for one in around.indicators if one.id != indicator.id)
    made, found = configuration.check_values({section: [stays | raw]}, replace(around, indicators=others))
    for finding in found:
        form.find((PLACE, *finding.path[1:]), finding.problem)
    if made is None or form.wrong:
        return None, {name: form.wrong[name] for name in fields.ordered(form.wrong)}
    return replace(made.indicators[0], managed_by=indicator.managed_by), {}


def _turned(about: CatalogueRequest, made: Indicator) -> list[tuple[Target, Performance, Performance]]:
    """Return the targets on it that would be called otherwise, as they are called now and as they would be."""
    snapshot, service = about.service.current(), about.service
    known = {**snapshot.catalogue.indicators_by_id, made.id: made}
    found = []
    for target in snapshot.catalogue.targets:
        now = snapshot.verdicts.get(target.id)
        if target.indicator == made.id and now is not None:
            then = evaluate(target, made, service.readings_of(made, known), snapshot.as_of)
            if then.performance is not now.performance:
                found.append((target, now.performance, then.performance))
    return found


def _page(
    about: CatalogueRequest,
    indicator: Indicator,
    values: Mapping[str, str],
    wrong: Mapping[str, Problem] | None = None,
    status: int = 200,
    *,
    made: Indicator | None = None,
) -> Response:
    _, theirs = about.translator, fields.of_indicator(indicator)
    view: dict[str, Any] = {
        "indicator": indicator,
        "counts_steps": indicator.measure is Measure.MILESTONES,
        "languages": [(one, _(said)) for one, said in terms.LANGUAGES.items()],
        "publishers": [(one.id, one.title[about.language]) for one in about.configured.publishers],
        "differences": preview.between((theirs, fields.of_indicator(made)), about.configured, _) if made else (),
        "turned": _turned(about, made) if made else (),
    }
    return render.form(
        about.request,
        "indicator-edit.html",
        status=status,
        view=view,
        values=values,
        errors={name: in_field(one, _, indicator=indicator) for name, one in (wrong or {}).items()},
        started=preview.packed(theirs),
    )
