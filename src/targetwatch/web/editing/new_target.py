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
from targetwatch.web.access import Editing
from targetwatch.web.editing import (
    edit_faults,
    edit_fields,
    edit_form,
    edit_ids,
    edit_preview,
    edit_view,
    pasted,
    saving,
)
from targetwatch.web.editing.desk import READ
from targetwatch.web.editing.edit_fields import NEW
from targetwatch.web.editing.edit_reading import Around
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.editing.routes import edited
from targetwatch.web.editing.table import AtTable, saved
from targetwatch.web.forms import Posted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Indicator
    from targetwatch.web.editing.edit_form import Draft
    from targetwatch.web.editing.table import Table

log = logging.getLogger(__name__)
KINDS = ("flow", "level", "relative", "milestones")
OF_KIND = {
    "flow": {"comparator": "above", "plan": "seasonal"},
    "level": {"comparator": "at_least", "plan": "linear"},
    "relative": {"comparator": edit_fields.CHANGE, "plan": "linear"},
    "milestones": {"comparator": "complete"},
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


def choose(_who: Editing, table: AtTable) -> Response:
    """Show the kinds of targets, with an example of each, and what is archived."""
    with db.reading(table.service.engine) as session:
        archived = catalogue.load_archived(session).targets
    return render.form(table.request, "new-target.html", kinds=KINDS, archived=archived)


def show(_who: Editing, kind: str, table: AtTable) -> Response:
    """Show the form of a new target of one kind."""
    _check_kind(kind)
    year = table.today.year
    values = {"start": f"{year}-01-01", "deadline": f"{year}-12-31", "owner_language": "zh", **OF_KIND[kind]}
    return _form(table, kind, values)


def act(who: Editing, posted: Posted, kind: str, table: AtTable) -> Response:
    """Do what was asked for with the form of a new target."""
    _check_kind(kind)
    values = edit_fields.typed(posted.values)
    doing, _, more = posted.text("do").partition(":")
    if doing in {"edit", "more", "less"}:
        return _form(table, kind, edited(values, doing, more))
    if not values.get("id", "").strip():
        title = {"en": values.get("title_en", ""), "zh": values.get("title_zh", "")}
        values["id"] = edit_ids.proposed_id(title, f"target-{table.today.year}", table.taken["target"])
    draft, wrong = edit_form.read(values, _around(table, kind, values))
    if draft is None:
        return _form(table, kind, values, wrong=wrong)
    if doing != "save":
        return _preview(table, draft, values, action=f"/new-target/{kind}")
    try:
        saving.store(table.service, draft, who=who, reason=values.get("reason", ""), expected=None)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("target '%s': %s", draft.target.id, error)
        other = edit_ids.unique(draft.target.id, {*table.taken["target"], draft.target.id})
        return _form(table, kind, values, wrong={"id": WrongError("id_taken", other=other)}, status=409)
    except StoreError:
        log.exception("target '%s': could not be saved", draft.target.id)
        return _preview(table, draft, values, action=f"/new-target/{kind}", status=503)
    return saved(table, [draft])


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError("kind of target", kind, KINDS)


def _measure(table: Table, kind: str, values: Mapping[str, str]) -> Measure:
    """Return how the figures of a target's indicator combine; a relative goal may stand on either measure."""
    if kind != "relative":
        return Measure(kind)
    found = _indicator(table, values)
    return found.measure if found is not None and found.measure is not Measure.MILESTONES else Measure.LEVEL


def _indicator(table: Table, values: Mapping[str, str]) -> Indicator | None:
    return next((one for one in table.configured.indicators if one.id == values.get("indicator")), None)


def _around(table: Table, kind: str, values: Mapping[str, str]) -> Around:
    return Around(
        catalogue=table.configured,
        target=None,
        measure=_measure(table, kind, values),
        today=table.today,
        taken=table.taken,
        language=table.language,
    )


def _form(
    table: Table,
    kind: str,
    values: Mapping[str, str],
    *,
    wrong: Mapping[str, WrongError] | None = None,
    status: int = 422,
) -> Response:
    said, measure = table.language, _measure(table, kind, values)
    fits = {Measure.FLOW, Measure.LEVEL} if kind == "relative" else {measure}
    listed = [(one.id, one.title[said]) for one in table.configured.indicators if one.measure in fits]
    publishers = [(one.id, one.title[said]) for one in table.configured.publishers]
    return render.form(
        table.request,
        "new-target-form.html",
        status=status if wrong else 200,
        kind=kind,
        view=edit_view.of(table.configured, None, values, measure=measure, today=table.today, language=said),
        indicators=sorted(listed, key=lambda pair: pair[1]),
        publishers=publishers,
        new=NEW,
        values=values,
        errors=edit_faults.sentences(wrong or {}, said, _indicator(table, values)),
    )


def _preview(table: Table, draft: Draft, values: Mapping[str, str], *, action: str, status: int = 200) -> Response:
    return render.form(
        table.request,
        "edit-preview.html",
        status=status,
        view=edit_preview.of(table.service, draft, None, table.configured, language=table.language),
        action=action,
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
        carried=values,
    )
