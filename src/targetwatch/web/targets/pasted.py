"""New targets from pasted YAML: taken whole or not at all.

The sentences of `configuration` are English by contract; a page in Chinese leads in with the place and the kind.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from targetwatch import configuration
from targetwatch.errors import ConfigError, ConflictError, ManagedElsewhereError, NotFoundError, StoreError
from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.access import Editing
from targetwatch.web.forms import Posted
from targetwatch.web.targets import mistakes, request
from targetwatch.web.targets.fields import WrongError
from targetwatch.web.targets.form import Draft
from targetwatch.web.targets.preview import preview_of
from targetwatch.web.targets.request import AboutCatalogue, saved
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model.problem import Problem
    from targetwatch.web.access import Person
    from targetwatch.web.running import RunningService
    from targetwatch.web.targets.request import CatalogueRequest

log = logging.getLogger(__name__)
MOST_YAML = 50_000
KINDS = {
    "unknown_key": ("unknown_key", "unknown_key_near"),
    "missing": ("missing", "nothing", "nothing_or_removed", "deadline_missing", "steps_missing", "base_missing"),
    "none": ("unknown_name", "unknown_name_near", "unknown_name_none"),
    "taken": ("id_twice", "id_there_already", "id_archived", "step_twice"),
    "day": ("day", "day_spelling", "day_with_time", "day_not_in_month", "day_not_in_calendar", "day_far"),
    "separators": ("number_separators",),
    "number": ("number", "number_words", "number_percent", "number_quoted", "number_digits"),
    "percent": ("percent", "percent_spelling", "percent_of_what", "days_of_what"),
    "there": ("there_otherwise", "owner_there_otherwise"),
    "syntax": ("yaml_syntax", "yaml_syntax_since", "yaml_syntax_since_line", "yaml_tab"),
}
"""The codes of a kind."""
KIND_OF = {code: kind for kind, codes in KINDS.items() for code in codes}

WRONG = {
    "unknown_key": N_("unknown key"),
    "missing": N_("missing"),
    "none": N_("no such name"),
    "taken": N_("id taken"),
    "day": N_("not a day"),
    "separators": N_("thousands separators"),
    "number": N_("not a number"),
    "percent": N_("not a percentage"),
    "there": N_("described otherwise"),
    "syntax": N_("not valid YAML"),
    "other": N_("wrong"),
}
"""What is wrong, by the kind it is known as."""
SECTIONS = {
    "target": N_("target "),
    "indicator": N_("indicator "),
    "programme": N_("programme "),
    "publisher": N_("publisher "),
    "owner": N_("owner "),
}


@dataclass(frozen=True, slots=True)
class PastedProblem:
    """A problem as the page says it: `lead` in the reader's language ("" where `text` is), `text` as it was found."""

    line: int
    lead: str
    text: str


def show(_who: Editing, about: AboutCatalogue) -> Response:
    """Show where YAML can be pasted."""
    return _form(about, "", ())


def act(who: Editing, posted: Posted, about: AboutCatalogue) -> Response:
    """Show what pasted YAML says, or every reason why it cannot be used; save it when it was looked at."""
    text = posted.values.get("yaml", "")
    if posted.text("do") == "edit":
        return _form(about, text, ())
    if len(text) > MOST_YAML:
        wrong = WrongError("too_long", most=MOST_YAML, count=len(text))
        return _form(about, text, (), wrong=wrong)
    if not text.strip():
        return _form(about, text, (), wrong=WrongError("empty"))
    try:
        made = configuration.check_text(text, about.configured, taken=about.taken)
    except ConfigError as error:
        return _form(about, text, error.problems)
    drafts = [Draft(target=target, beside=made) for target in made.targets]
    if posted.text("do") != "save":
        return _preview(about, drafts, text)
    try:
        _store(about.service, drafts, who=who)
    except (ConflictError, ManagedElsewhereError, NotFoundError) as error:
        log.info("pasted targets: %s", error)
        return _form(about, text, (), wrong=WrongError("meanwhile"), status=409)
    except StoreError:
        log.exception("pasted targets: could not be saved")
        return _preview(about, drafts, text, status=503)
    return saved(about, drafts)


def _form(
    about: CatalogueRequest,
    text: str,
    problems: tuple[Problem, ...],
    *,
    wrong: WrongError | None = None,
    status: int = 422,
) -> Response:
    return render.form(
        about.request,
        "new-target-yaml.html",
        status=status if problems or wrong else 200,
        values={"yaml": text},
        errors={"yaml": mistakes.sentence(wrong, about.language)} if wrong else {},
        problems=pasted_problems(problems, about.language),
        lines=text.split("\n") if problems else [],
        views=[],
        is_busy=False,
    )


def _preview(about: CatalogueRequest, drafts: list[Draft], text: str, *, status: int = 200) -> Response:
    views = [preview_of(about.service, draft, None, about.configured, language=about.language) for draft in drafts]
    return render.form(
        about.request,
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
        request.save_new(session, drafts[0].beside)
        for draft in drafts:
            catalogue.save_target(session, draft.target, now=now)
    service.judge()


def pasted_problems(problems: Iterable[Problem], language: str) -> tuple[PastedProblem, ...]:
    """Return problems as a page says them."""
    return tuple(
        PastedProblem(one.line, _lead(one, language) if language != "en" else "", _text(one)) for one in problems
    )


def _text(problem: Problem) -> str:
    return f"{problem.where}: {_what(problem)}" if problem.where else _what(problem)


def _lead(problem: Problem, language: str) -> str:
    _ = translator(language)
    said = _(WRONG[KIND_OF.get(problem.code, "other")])
    where = _where(problem.where, language)
    return f"{where}{_(': ')}{said}" if where else said


def _what(problem: Problem) -> str:
    return sentence(problem, translator("en"))


def _where(where: str, language: str) -> str:
    _ = translator(language)
    section, _quote, rest = where.partition(" '")
    name, _quote, key = rest.partition("'")
    if section not in SECTIONS:
        return where
    place = _(SECTIONS[section]) + f"“{name}”"
    return f"{place}{_.context('key of', ', ')}{key.removeprefix(', ')}" if key else place
