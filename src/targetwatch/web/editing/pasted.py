"""New targets from pasted YAML: taken whole or not at all."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.responses import Response

from targetwatch import configuration
from targetwatch.errors import ConfigError, ConflictError, ManagedElsewhereError, NotFoundError, StoreError
from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.access import Editing
from targetwatch.web.editing import edit_faults, edit_preview, pasted_problems, saving
from targetwatch.web.editing.edit_form import Draft
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.editing.table import AtTable, saved
from targetwatch.web.forms import Posted

if TYPE_CHECKING:
    from targetwatch.model.problem import Problem
    from targetwatch.web.access import Person
    from targetwatch.web.editing.table import Table
    from targetwatch.web.running import RunningService

log = logging.getLogger(__name__)
MOST_YAML = 50_000


def show(_who: Editing, table: AtTable) -> Response:
    """Show where YAML can be pasted."""
    return _form(table, "", ())


def act(who: Editing, posted: Posted, table: AtTable) -> Response:
    """Show what pasted YAML says, or every reason why it cannot be used; save it when it was looked at."""
    text = posted.values.get("yaml", "")
    if posted.text("do") == "edit":
        return _form(table, text, ())
    if len(text) > MOST_YAML:
        wrong = WrongError("too_long", most=MOST_YAML, count=len(text))
        return _form(table, text, (), wrong=wrong)
    if not text.strip():
        return _form(table, text, (), wrong=WrongError("empty"))
    try:
        made = configuration.check_text(text, table.configured, taken=table.taken)
    except ConfigError as error:
        return _form(table, text, error.problems)
    drafts = [Draft(target=target, beside=made) for target in made.targets]
    if posted.text("do") != "save":
        return _preview(table, drafts, text)
    try:
        _store(table.service, drafts, who=who)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("pasted targets: %s", error)
        return _form(table, text, (), wrong=WrongError("meanwhile"), status=409)
    except StoreError:
        log.exception("pasted targets: could not be saved")
        return _preview(table, drafts, text, status=503)
    return saved(table, drafts)


def _form(
    table: Table,
    text: str,
    problems: tuple[Problem, ...],
    *,
    wrong: WrongError | None = None,
    status: int = 422,
) -> Response:
    return render.form(
        table.request,
        "new-target-yaml.html",
        status=status if problems or wrong else 200,
        values={"yaml": text},
        errors={"yaml": edit_faults.sentence(wrong, table.language)} if wrong else {},
        problems=pasted_problems.told(problems, table.language),
        lines=text.split("\n") if problems else [],
        views=[],
        is_busy=False,
    )


def _preview(table: Table, drafts: list[Draft], text: str, *, status: int = 200) -> Response:
    views = [edit_preview.of(table.service, draft, None, table.configured, language=table.language) for draft in drafts]
    return render.form(
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


def _store(service: RunningService, drafts: list[Draft], *, who: Person) -> None:
    """Write every pasted target with what is new with them, in one transaction."""
    now = service.now()
    with db.writing(service.engine, who.actor, now=now) as session:
        saving.save_new(session, drafts[0].beside)
        for draft in drafts:
            catalogue.save_target(session, draft.target, now=now)
    service.judge()
