"""A new target: from the template of its kind, or from pasted YAML. Nothing is saved before it was looked at."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from targetwatch import configfile
from targetwatch.errors import ConfigError, ConflictError, ManagedElsewhereError, NotFoundError, StoreError
from targetwatch.model import Measure
from targetwatch.store import catalogue, db
from targetwatch.web import language, rendering
from targetwatch.web.access import Editing
from targetwatch.web.backstage import Behind
from targetwatch.web.editing import edit_faults, edit_fields, edit_form, edit_preview, edit_reading, edit_view
from targetwatch.web.editing import routes as edit
from targetwatch.web.editing.edit_fields import NEW
from targetwatch.web.editing.edit_form import Draft
from targetwatch.web.editing.edit_reading import Around
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.forms import Posted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from targetwatch.errors import Problem
    from targetwatch.model import Catalogue, Indicator
    from targetwatch.web.access import Person
    from targetwatch.web.backstage import Backstage

log = logging.getLogger(__name__)
KINDS = ("flow", "level", "relative", "milestones")
OF_KIND = {
    "flow": {"comparator": "above", "plan": "seasonal"},
    "level": {"comparator": "at_least", "plan": "linear"},
    "relative": {"comparator": edit_fields.CHANGE, "plan": "linear"},
    "milestones": {"comparator": "complete"},
}
READ = ["GET", "HEAD"]
MOST_YAML = 50_000


def routes() -> APIRouter:
    """Return the routes of new targets."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/new-target", choose, methods=READ)
    router.add_api_route("/new-target/yaml", show_yaml, methods=READ)
    router.add_api_route("/new-target/yaml", act_on_yaml, methods=["POST"])
    router.add_api_route("/new-target/{kind}", show, methods=READ)
    router.add_api_route("/new-target/{kind}", act, methods=["POST"])
    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a request about a new target has before it: everything configured, every id there has ever been."""

    request: Request
    behind: Backstage
    configured: Catalogue
    taken: frozenset[str]
    language: str

    @property
    def today(self) -> date:
        """Return the day that everything shown is of."""
        return self.behind.current().as_of.day

    @property
    def root(self) -> str:
        """Return what stands before every path of ours."""
        found: str = self.request.scope.get("root_path", "")
        return found


def table(request: Request, behind: Behind) -> Table:
    """Return what a request about a new target needs."""
    with db.reading(behind.engine) as session:
        taken = frozenset(catalogue.target_ids(session))
    configured = behind.current().catalogue
    return Table(request=request, behind=behind, configured=configured, taken=taken, language=language.choose(request))


AtTable = Annotated[Table, Depends(table)]


def choose(_who: Editing, table: AtTable) -> Response:
    """Show the kinds of targets, with an example of each, and what is archived."""
    with db.reading(table.behind.engine) as session:
        archived = catalogue.load_archived(session).targets
    return rendering.form(table.request, "new-target.html", kinds=KINDS, archived=archived)


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
        return _form(table, kind, edit.edited(values, doing, more))
    if not values.get("id", "").strip():
        values["id"] = edit_reading.proposed_id(values, table.taken)
    draft, wrong = edit_form.read(values, _around(table, kind, values))
    if draft is None:
        return _form(table, kind, values, wrong=wrong)
    if doing != "save":
        return _preview(table, draft, values, action=f"/new-target/{kind}")
    try:
        edit.store(table.behind, draft, who=who, reason=values.get("reason", ""), expected=None)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("target '%s': %s", draft.target.id, error)
        other = edit_reading.unique(draft.target.id, {*table.taken, draft.target.id})
        return _form(table, kind, values, wrong={"id": WrongError("id_taken", other=other)}, status=409)
    except StoreError:
        log.exception("target '%s': could not be saved", draft.target.id)
        return _preview(table, draft, values, action=f"/new-target/{kind}", status=503)
    return _saved(table, [draft])


def show_yaml(_who: Editing, table: AtTable) -> Response:
    """Show where YAML can be pasted."""
    return _yaml_form(table, "", ())


def act_on_yaml(who: Editing, posted: Posted, table: AtTable) -> Response:
    """Show what pasted YAML says, or every reason why it cannot be used; save it when it was looked at."""
    text = posted.values.get("yaml", "")
    if posted.text("do") == "edit":
        return _yaml_form(table, text, ())
    if len(text) > MOST_YAML:
        wrong = WrongError("too_long", most=MOST_YAML, count=len(text))
        return _yaml_form(table, text, (), wrong=wrong)
    if not text.strip():
        return _yaml_form(table, text, (), wrong=WrongError("empty"))
    try:
        made = configfile.check_text(text, table.configured, taken=table.taken)
    except ConfigError as error:
        return _yaml_form(table, text, error.problems)
    drafts = [Draft(target=target, beside=made) for target in made.targets]
    if posted.text("do") != "save":
        return _yaml_preview(table, drafts, text)
    try:
        _store_all(table.behind, drafts, who=who)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("pasted targets: %s", error)
        return _yaml_form(table, text, (), wrong=WrongError("meanwhile"), status=409)
    except StoreError:
        log.exception("pasted targets: could not be saved")
        return _yaml_preview(table, drafts, text, status=503)
    return _saved(table, drafts)


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
    return rendering.form(
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
    return rendering.form(
        table.request,
        "edit-preview.html",
        status=status,
        view=edit_preview.of(table.behind, draft, None, table.configured, language=table.language),
        action=action,
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
        carried=values,
    )


def _yaml_form(
    table: Table,
    text: str,
    problems: tuple[Problem, ...],
    *,
    wrong: WrongError | None = None,
    status: int = 422,
) -> Response:
    return rendering.form(
        table.request,
        "new-target-yaml.html",
        status=status if problems or wrong else 200,
        values={"yaml": text},
        errors={"yaml": edit_faults.sentence(wrong, table.language)} if wrong else {},
        problems=problems,
        lines=text.split("\n") if problems else [],
        views=[],
        is_busy=False,
    )


def _yaml_preview(table: Table, drafts: list[Draft], text: str, *, status: int = 200) -> Response:
    views = [edit_preview.of(table.behind, draft, None, table.configured, language=table.language) for draft in drafts]
    return rendering.form(
        table.request,
        "new-target-yaml.html",
        status=status,
        values={"yaml": text},
        errors={},
        problems=(),
        lines=[],
        views=views,
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
    )


def _store_all(behind: Backstage, drafts: list[Draft], *, who: Person) -> None:
    """Write every pasted target with what is new with them, in one transaction."""
    now = behind.now()
    with db.writing(behind.engine, who.actor, now=now) as session:
        edit.save_new(session, drafts[0].beside)
        for draft in drafts:
            catalogue.save_target(session, draft.target, now=now)
    edit.judge(behind)


def _saved(table: Table, drafts: list[Draft]) -> Response:
    announced = all(draft.target.versions[0].effective <= table.today for draft in drafts)
    where = f"/targets/{drafts[0].target.id}" if announced and len(drafts) == 1 else "/"
    return RedirectResponse(f"{table.root}{where}?done=target_new", status_code=303)
