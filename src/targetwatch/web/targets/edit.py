"""Editing a target or an indicator: the form, what it would change, saving it; and when somebody else was faster.

Of an indicator what people read of it, when its figures come, who looks after them. What its figures are (measure,
unit, how it is computed) stays as it is: another unit would change every figure known.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from targetwatch import configuration
from targetwatch.configuration.written import sections_of
from targetwatch.errors import ConflictError, ManagedElsewhereError, NotFoundError, StoreError, UsageError
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.versions import may_be_undone
from targetwatch.model import Catalogue, Indicator, Measure, Performance, Target
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.web import access, just_entered, lookup, render
from targetwatch.web.access import READ, Editing, Person
from targetwatch.web.forms import Posted
from targetwatch.web.running import number_of
from targetwatch.web.targets import fields, form, preview
from targetwatch.web.targets.form import Draft, PostedForm, beside
from targetwatch.web.targets.preview import BUSY, UNSURE, is_unsure, preview_page, reason_of
from targetwatch.web.targets.request import AboutCatalogue, AboutTarget, CatalogueRequest, TargetRequest, find
from targetwatch.wording import formats, terms
from targetwatch.wording.problems import in_field
from targetwatch.wording.translation import Translator

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)
CHANGED, ARCHIVED = "changed", "archived"
INDICATORS = "indicators"
"""What its fields begin with: the list of the file that it stands in."""


@router.api_route("/targets/{target_id}/edit", methods=READ)
def show(_who: Editing, about: AboutTarget) -> Response:
    """Show a target's form with what the address says filled in."""
    if about.is_archived:
        return render.redirect(about.request, about.path("archive"))
    values = start_of(about.target, about.today)
    said = values | fields.typed(about.request.query_params)
    return _form(about, said, {"started": preview.packed(values), "expected": about.kept.revision})


@router.api_route("/targets/{target_id}/edit", methods=["POST"])
def act(who: Editing, posted: Posted, about: AboutTarget) -> Response:
    """Do what was asked for with a form: another row, a look at what it changes, saving it."""
    values, expected = fields.typed(posted.values), number_of(posted.text("expected")) or 0
    carried: dict[str, Any] = {"started": posted.text("started"), "expected": expected}
    doing, _colon, more = posted.text("do").partition(":")
    if doing in {"edit", "more", "less"} and happened(about, expected) != ARCHIVED:
        return _form(about, fields.edited(values, doing, more), carried)
    if doing == "restore":
        try:
            about, carried["expected"] = _brought_back(about, who=who, expected=expected)
        except StoreError:
            log.exception("target '%s': could not be brought back", about.target.id)
            return _clash(about, values, carried, status=BUSY)
    if happened(about, carried["expected"]):
        return _clash(about, values, carried)
    draft, wrong = form.read(values, about, _indicator(about).measure)
    if draft is not None and draft.target == about.target:
        draft, wrong = None, {"": Problem("unchanged")}
    if draft is None:
        return _form(about, values, carried, wrong)
    if draft.is_new_version:
        values["effective"] = draft.version.effective.isoformat()
    if doing != "save":
        return preview_page(about, draft, {**values, **carried}, about.path("edit"))
    if is_unsure(about, draft, posted):
        return preview_page(about, draft, {**values, **carried}, about.path("edit"), status=UNSURE)
    return _save(about, draft, values, carried, who=who)


def form_page(about: CatalogueRequest, values: Mapping[str, str], measure: Measure) -> dict[str, Any]:
    """Return what the page of a form shows around the fields in which `values` stand."""
    _, language, target = about.translator, about.language, about.target
    indicator = about.indicator(target.indicator if target else values.get("indicator", ""))
    owners = {one.owner.id: one.owner.name[language] for one in about.configured.targets}
    new, last = (fields.NEW, _("A new one ...")), target.versions[-1] if target else None
    unit = (indicator.unit_label[language] or indicator.unit) if indicator else values.get("indicators.unit", "")
    return {
        "target": target,
        "unit": unit,
        "counts_steps": measure is Measure.MILESTONES,
        "comparators": [(one, _(terms.COMPARATORS[one])) for one in fields.COMPARATORS],
        "plans": [(one, _(said)) for one, said in terms.PLANS.items()],
        "programmes": [*((one.id, one.title[language]) for one in about.configured.programmes), new],
        "owners": [*sorted(owners.items(), key=lambda pair: pair[1]), new],
        "languages": [(one, _(said)) for one, said in terms.LANGUAGES.items()],
        "rows": {row: fields.numbers(values, row) or range(1, fields.EMPTY_ROWS + 1) for row in terms.ROWS},
        "goal_read": _goal_read(indicator, values, _),
        "to_come": last if last and last.effective > about.today else None,
        "may_undo": bool(target and may_be_undone(target.versions)),
        "is_over": bool(last and last.deadline and last.deadline < about.today),
    }


def start_of(target: Target, today: date) -> dict[str, str]:
    """Return what stands in a target's form when it is opened: the day a change counts from is today, if it can be."""
    last = target.versions[-1]
    over = last.deadline is not None and last.deadline < today
    effective = "" if over else max(today, last.effective).isoformat()
    return fields.of_target(target) | {"effective": effective, "reason": ""}


def happened(about: TargetRequest, expected: int) -> str:
    """Return what happened to a target since a form was opened; "" when nothing did."""
    if about.is_archived:
        return ARCHIVED
    return CHANGED if about.kept.revision != expected else ""


def _indicator(about: TargetRequest) -> Indicator:
    return about.configured.indicators_by_id[about.target.indicator]


def _goal_read(indicator: Indicator | None, values: Mapping[str, str], _: Translator) -> str:
    """Return how what was typed as the goal is read; where a reader counts in another unit than the form, also 1.

    A change is said as what it makes of where it stood before.
    """
    if indicator is None:
        return ""
    typed, said = values.get("goal.value", "").strip(), dict[str, str]()
    with suppress(UsageError):  # which is said beside the field when the form is sent
        if values.get(preview.GOAL) == fields.CHANGE:
            before = fields.number(values.get("baseline.value", ""), indicator.unit)
            return f"{typed} = {formats.amount(before * (1 + fields.percent(typed)), indicator, _)}"
        if formats.scale(indicator, _) != 1:
            said["1"] = formats.amount(Decimal(1), indicator, _)
        said[typed] = formats.amount(fields.number(typed, indicator.unit), indicator, _)
    return _("; ").join(f"{number} = {amount}" for number, amount in said.items())


def _form(
    about: TargetRequest,
    values: Mapping[str, str],
    carried: Mapping[str, Any],
    wrong: Mapping[str, Problem] | None = None,
) -> Response:
    indicator = _indicator(about)
    errors = {name: in_field(one, about.translator, indicator=indicator) for name, one in (wrong or {}).items()}
    return render.form(
        about.request,
        "edit.html",
        status=422 if wrong else 200,
        view=form_page(about, values, indicator.measure),
        values=values,
        errors=errors,
        carried=carried,
    )


def _clash(
    about: TargetRequest, values: Mapping[str, str], carried: Mapping[str, Any], *, status: int = 409
) -> Response:
    """Show what differs between the form as it was opened, the target as it is kept now, and what was typed."""
    theirs = fields.of_target(about.target)
    of_version = {name: values[name] for name in fields.OF_VERSION if name in values}
    own, was = (
        {name: text for name, text in said.items() if name not in fields.OF_VERSION}
        for said in (values, preview.unpacked(carried["started"]))
    )
    was, last = was or theirs, about.last_change()
    return render.form(
        about.request,
        "edit-clash.html",
        status=status,
        is_busy=status == BUSY,
        kind=happened(about, carried["expected"]),
        differences=preview.between((was, theirs, own), about.configured, about.translator),
        merged=preview.merged(was, theirs, own) | of_version,
        carried={"started": preview.packed(theirs), "expected": about.kept.revision},
        target=about.target,
        who=access.actor_said(last.actor, about.language) if last else "",
        is_own=last is not None and last.actor == about.actor,
        at=f"{last.at.astimezone(about.service.settings.zone):%Y-%m-%d %H:%M}" if last else "",
    )


def _save(
    about: TargetRequest, draft: Draft, values: Mapping[str, str], carried: Mapping[str, Any], *, who: Person
) -> Response:
    reason = reason_of(about, draft, _indicator(about)) or values.get("reason", "").strip()
    if draft.is_new_version:
        draft = draft.with_reason(reason)
    try:
        about.save([draft.target], draft.beside, who, reason=reason, expected=carried["expected"])
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        about = about.again()
        if not happened(about, carried["expected"]):
            raise
        log.info("target '%s': %s", about.target.id, error)
        return _clash(about, values, carried)
    except StoreError:
        log.exception("target '%s': could not be saved", draft.target.id)
        return preview_page(about, draft, {**values, **carried}, about.path("edit"), status=BUSY)
    return about.saved(about.path(), "target_version" if draft.is_new_version else "target_names")


def _brought_back(about: TargetRequest, *, who: Person, expected: int) -> tuple[TargetRequest, int]:
    """Bring back what was archived while a form was filled in; unless it moved on."""
    name, now = about.target.id, about.service.now()
    if about.kept.revision != expected:
        return about, expected
    with db.writing(about.service.engine, who.actor, now=now) as session:
        if find(session, name).revision != expected:
            return about, expected
        catalogue.restore(session, name, now=now, expected=expected)
        kept = find(session, name)
    about.service.judge()
    return replace(about, kept=kept), kept.revision


@router.api_route("/indicators/{indicator_id}/edit", methods=READ)
def show_indicator(_who: Editing, indicator_id: str, about: AboutCatalogue) -> Response:
    """Show the form of an indicator."""
    indicator = _kept_indicator(about, indicator_id)
    return _indicator_page(about, indicator, fields.of_indicator(indicator))


@router.post("/indicators/{indicator_id}/edit")
def act_on_indicator(who: Editing, posted: Posted, indicator_id: str, about: AboutCatalogue) -> Response:
    """Show what a change would mean, or save it when it was looked at; or hand the indicator back to the file."""
    indicator, doing = _kept_indicator(about, indicator_id), posted.text("do")
    if doing == "hand-back":
        return _indicator_handed_back(about, indicator, who=who)
    values = {name: text for name, text in posted.values.items() if name in (*fields.OF_INDICATOR, "reason")}
    was, theirs = preview.unpacked(posted.text("started")), fields.of_indicator(indicator)
    if was != preview.unpacked(preview.packed(theirs)):
        return _indicator_page(about, indicator, preview.merged(was, theirs, values), {"": Problem("meanwhile")}, 409)
    made, wrong = _read_indicator(about, indicator, values)
    if made == indicator:
        made, wrong = None, {"": Problem("unchanged")}
    if made is None:
        return _indicator_page(about, indicator, values, wrong, 422)
    if doing != "save":
        return _indicator_page(about, indicator, values, made=None if doing == "edit" else made)
    with db.writing(about.service.engine, who.actor, reason=posted.text("reason"), now=about.service.now()) as session:
        catalogue.take_over(session, indicator_id, kind="indicator")
        catalogue.save_item(session, made)
    about.service.judge()
    return about.saved(f"/indicators/{indicator_id}", "saved", kind="indicator", name=indicator_id)


@router.post("/indicators/{indicator_id}/undo")
def undo_indicator(who: Editing, posted: Posted, indicator_id: str, about: AboutCatalogue) -> Response:
    """Let an indicator be again what it was before it was last saved, the file's again where it was the file's."""
    just_entered.take_back(about.service, "indicator", indicator_id, posted.text("entry"), who, about.translator)
    return render.redirect(about.request, f"/indicators/{indicator_id}?done=undone")


def _kept_indicator(about: CatalogueRequest, name: str) -> Indicator:
    """Return the indicator as it is kept now, which every other process may have changed."""
    with db.reading(about.service.engine) as session:
        kept = catalogue.load(session).indicators_by_id.get(name)
    return kept or lookup.indicator(about.service.current(), name)


def _indicator_handed_back(about: CatalogueRequest, indicator: Indicator, *, who: Person) -> Response:
    """Give the indicator back to the file; done by somebody else already, it is as wanted."""
    with db.writing(about.service.engine, who.actor, now=about.service.now()) as session:
        catalogue.hand_back(session, indicator.id, kind="indicator")
    about.service.judge()
    return render.redirect(about.request, f"/indicators/{indicator.id}?done=target_handed_back")


def _read_indicator(
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
        form.find((INDICATORS, *finding.path[1:]), finding.problem)
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


def _indicator_page(
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
